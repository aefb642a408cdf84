//! Is bad input a clear error or a named finding, and never a crash or a loss?

use std::path::Path;

use tempfile::TempDir;

use crate::support::workspace::{fail, rows, run, succeed, table};

/// A small but complete pair of sources, well formed.
fn honest(directory: &Path) {
    table(
        directory,
        "salesforce",
        "account",
        "id,name,website,billing_country,owner_id,is_deleted,master_record_id,type,_fivetran_synced\n\
         0015g00000AAAAAAA0,Alder Freight Inc.,alderfreight.com,US,,false,,Customer,2026-01-04 03:00:00\n\
         0015g00000BBBBBBB0,Basalt Optics GmbH,basaltoptics.de,DE,,false,,Customer,2026-01-04 03:00:00\n\
         0015g00000CCCCCCC0,Cobalt Dental Ltd,cobaltdental.co.uk,GB,,false,,Prospect,2026-01-04 03:00:00\n",
    );
    table(
        directory,
        "stripe",
        "customer",
        "id,name,email,currency,metadata,is_deleted,livemode,_fivetran_synced\n\
         cus_AAAA,Alder Freight,ap@alderfreight.com,usd,{},false,true,2026-01-04 03:00:00\n\
         cus_BBBB,BASALT OPTICS,rechnung@basaltoptics.de,eur,{},false,true,2026-01-04 03:00:00\n",
    );
}

fn workspace(fill: impl FnOnce(&Path)) -> TempDir {
    let root = TempDir::new().unwrap();
    let data = root.path().join("data");
    std::fs::create_dir(&data).unwrap();
    honest(&data);
    fill(&data);
    root
}

/// Makes the workspace and runs it; both must succeed. Returns what they said.
fn survives(root: &TempDir) -> String {
    let mut said = String::new();
    for arguments in [&["init", "--csv", "data"][..], &["run"][..]] {
        let output = run(root.path(), arguments);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "fourfold {}: {errors}", arguments.join(" "));
        assert!(!errors.contains("panicked"), "{errors}");
        said.push_str(&errors);
    }
    said
}

fn kinds(root: &TempDir) -> Vec<String> {
    rows(&succeed(root.path(), &["export", "conflicts"])).into_iter().skip(1).map(|row| row[1].clone()).collect()
}

fn links(root: &TempDir) -> Vec<Vec<String>> {
    rows(&succeed(root.path(), &["export", "links"])).into_iter().skip(1).collect()
}

#[test]
fn honest_records_are_joined() {
    let root = workspace(|_| {});
    survives(&root);
    let links = links(&root);
    let entity = |pk: &str| links.iter().find(|row| row[4] == pk).map(|row| row[0].clone()).unwrap();
    assert_eq!(entity("0015g00000AAAAAAA0"), entity("cus_AAAA"));
    assert_eq!(entity("0015g00000BBBBBBB0"), entity("cus_BBBB"));
    assert_ne!(entity("0015g00000AAAAAAA0"), entity("0015g00000CCCCCCC0"));
}

#[test]
fn empty_tables_are_named_and_harmless() {
    let root = workspace(|data| {
        table(data, "zendesk", "organization", "id,name,external_id,created_at,_fivetran_synced\n");
        table(data, "zendesk", "ticket", "");
    });
    survives(&root);
    assert_eq!(links(&root).len(), 5);
}

#[test]
fn a_table_that_went_missing_is_named() {
    let root = workspace(|data| table(data, "zendesk", "organization", "id,name,external_id,url\n1,Alder,,\n"));
    survives(&root);
    let config = root.path().join("fourfold.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}\n[sources.gone]\nsurface = \"support\"\n")).unwrap();
    let output = run(root.path(), &["run"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    let kinds = if output.status.success() { kinds(&root).join(" ") } else { String::new() };
    assert!(said.contains("gone") || kinds.contains("missing"), "{said} {kinds}");
}

#[test]
fn duplicate_and_missing_keys_are_named_and_lose_no_record() {
    let root = workspace(|data| {
        table(
            data,
            "zendesk",
            "organization",
            "id,name,external_id,shared_tickets,url,created_at,_fivetran_synced\n\
             7,Alder Freight,,false,,2025-01-01 00:00:00,2026-01-04 03:00:00\n\
             7,Alder Freight again,,false,,2025-01-01 00:00:00,2026-01-04 03:00:00\n\
             ,Nobody,,false,,2025-01-01 00:00:00,2026-01-04 03:00:00\n",
        );
    });
    let said = survives(&root);
    let kinds = kinds(&root).join(" ");
    assert!(kinds.contains("duplicate_key") || said.contains("duplicate"), "{kinds}\n{said}");
    assert!(kinds.contains("null_key") || said.contains("key"), "{kinds}\n{said}");
}

#[test]
fn hostile_names_and_cells_are_only_names_and_cells() {
    let nasty = "Robert'; DROP TABLE account; --";
    let escape = "\u{1b}[31mRed\u{1b}]0;title\u{7} \u{202e}evil";
    let root = workspace(|data| {
        table(
            data,
            "odd'; drop schema salesforce; --",
            "tab\"le; drop",
            &format!("id,\"na\"\"me'; drop\",website\n1,\"{nasty}\",alderfreight.com\n2,\"{escape}\",x.example\n"),
        );
        table(
            data,
            "zendesk",
            "organization",
            &format!("id,name,external_id,shared_tickets,url\n1,\"{nasty}\",,false,\n2,\"{escape}\",,false,\n"),
        );
    });
    survives(&root);
    assert!(links(&root).len() >= 7);
    let told = succeed(root.path(), &["chart"]);
    assert!(!told.contains('\u{1b}'), "an escape sequence reached the terminal");
    let told = String::from_utf8(run(root.path(), &["trace", "Alder Freight Inc.", "name"]).stdout).unwrap();
    assert!(!told.contains('\u{1b}') && !told.contains('\u{202e}'));
}

#[test]
fn malformed_rows_are_kept_aside_with_their_place() {
    let root = workspace(|data| {
        let folder = data.join("zendesk");
        std::fs::create_dir(&folder).unwrap();
        let mut bytes =
            b"id,name,external_id,shared_tickets,url\n1,Fine,,false,\n2,too,many,fields,here,and,more\n".to_vec();
        bytes.extend_from_slice(b"3,\"a quoted\nnewline\",,false,\n");
        std::fs::write(folder.join("organization.csv"), bytes).unwrap();
    });
    let said = survives(&root);
    assert!(said.contains("organization.csv") && said.contains("_rejects"), "{said}");
    assert!(links(&root).iter().any(|row| row[2] == "zendesk" && row[4] == "3"), "the quoted newline is one row");
}

#[test]
fn a_huge_cell_and_other_encodings_land() {
    let root = workspace(|data| {
        let folder = data.join("zendesk");
        std::fs::create_dir(&folder).unwrap();
        let huge = "x".repeat(10 * 1024 * 1024);
        std::fs::write(
            folder.join("organization.csv"),
            format!("id,name,external_id,shared_tickets,details\n1,Alder Freight,,false,{huge}\n"),
        )
        .unwrap();
        // Latin-1: 0xFC is ü.
        std::fs::write(
            folder.join("user.csv"),
            b"id,name,email,organization_id,role\n9,J\xfcrgen M\xfcller,j@alderfreight.com,1,end-user\n",
        )
        .unwrap();
    });
    survives(&root);
    let people = succeed(root.path(), &["export", "people"]);
    assert!(people.contains("Jürgen Müller"), "{people}");
}

#[test]
fn a_mistake_in_the_configuration_is_named_with_its_line() {
    let root = workspace(|_| {});
    survives(&root);
    std::fs::write(root.path().join("fourfold.toml"), "[warehouse]\nengine = \"duckdb\"\npth = \"x\"\n").unwrap();
    let errors = fail(root.path(), 2, &["run"]);
    assert!(errors.contains("fourfold.toml:") && errors.contains("pth"), "{errors}");
}

#[test]
fn a_locked_warehouse_names_its_holder() {
    let root = workspace(|_| {});
    survives(&root);
    let path = root.path().join(".fourfold/warehouse.duckdb");
    std::fs::write(&path, b"this is not a database").unwrap();
    let errors = fail(root.path(), 1, &["run"]);
    assert!(errors.contains("warehouse.duckdb"), "{errors}");
}
