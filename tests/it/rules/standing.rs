//! What has become of a conflict, by the rules of today.

use fourfold::chart::conflict::Side;
use fourfold::chart::standing::Standing;
use fourfold::config::Config;
use fourfold::ident::RecordKey;

use super::answers::conflict;

const SOURCES: &str = "[sources.crm]\nsurface = \"crm\"\n[sources.bills]\nsurface = \"billing\"\n[sources.bills_eu]\nsurface = \"billing\"\n";

fn standing(rules: &str) -> Standing {
    let config = Config::parse(&format!("{SOURCES}{rules}"), "fourfold.toml").unwrap();
    Standing::of(&config, "2026-03-01".parse().unwrap())
}

fn side(source: &str, value: &str) -> Side {
    Side { record: RecordKey::new(source, "t", "1"), column: "c".to_owned(), value: value.to_owned() }
}

fn status(rules: &str) -> String {
    let conflict = conflict("status_disagreement", "accounts.status", Some(side("crm", "a")), Some(side("bills", "b")));
    let ledger = standing(rules).ledger(&conflict);
    format!("{} {}", ledger.status, ledger.quote.map(|quote| quote.who).unwrap_or_default())
}

#[test]
fn a_rule_that_tells_the_sides_apart_settles_it() {
    assert_eq!(status(""), "open ");
    let rule = "[survivorship]\n\"accounts.status\" = { rule = \"priority\", sources = [SOURCES], who = \"ada\" }\n";
    assert_eq!(status(&rule.replace("SOURCES", "\"billing\", \"crm\"")), "closed ada");
    assert_eq!(status(&rule.replace("SOURCES", "\"bills\"")), "closed ada");
    assert_eq!(status(&rule.replace("SOURCES", "\"bills_eu\"")), "open ", "it says nothing of these two");
    assert_eq!(status("[survivorship]\n\"accounts.status\" = { rule = \"recency\" }\n"), "closed fourfold.toml");
}

#[test]
fn an_acceptance_covers_one_or_a_group_and_runs_out() {
    let one =
        |until: &str| format!("[[accepted]]\nconflict = \"cstatus_disagreement\"\nuntil = \"{until}\"\nwho = \"mo\"\n");
    assert_eq!(status(&one("2026-03-01")), "accepted mo", "the last day counts");
    assert_eq!(status(&one("2026-02-28")), "open ");
    let group = |between: &str| {
        format!("[[accepted]]\nkind = \"status_disagreement\"\nfield = \"accounts.status\"\nbetween = [{between}]\n")
    };
    assert_eq!(status(&group("\"crm\", \"bills.t\"")), "accepted fourfold.toml");
    assert_eq!(status(&group("\"crm\", \"bills_eu\"")), "open ");
    assert_eq!(status("[[accepted]]\nkind = \"timing\"\n"), "open ");
    let conflict = conflict("status_disagreement", "accounts.status", Some(side("crm", "a")), Some(side("bills", "b")));
    assert!(standing(&one("2026-02-28")).ledger(&conflict).expired, "and it says so");
}

#[test]
fn a_choice_settles_it_for_one_entity() {
    let choice = |entity: &str| {
        format!(
            "[[choices]]\nentity = \"{entity}\"\nfield = \"accounts.status\"\nsource = \"crm\"\nwho = \"mo\"\nwhen = \"2026-01-01T00:00:00Z\"\n"
        )
    };
    assert_eq!(status(&choice("acc_1")), "closed mo");
    assert_eq!(status(&choice("acc_2")), "open ");
}

#[test]
fn the_last_owner_counts_and_notes_stay_in_order() {
    let remark = |owner: &str, note: &str| {
        format!(
            "[[remarks]]\nconflict = \"cstatus_disagreement\"\nowner = \"{owner}\"\nnote = \"{note}\"\nwho = \"mo\"\nwhen = \"2026-01-01T00:00:00Z\"\n"
        )
    };
    let conflict = conflict("status_disagreement", "accounts.status", Some(side("crm", "a")), Some(side("bills", "b")));
    let ledger = standing(&(remark("ada", "first") + &remark("bo", "second"))).ledger(&conflict);
    assert_eq!(ledger.owner.as_deref(), Some("bo"));
    assert_eq!(ledger.notes.iter().map(|note| note.note.as_str()).collect::<Vec<_>>(), ["first", "second"]);
    assert_eq!(standing(&(remark("ada", "") + &remark("", ""))).ledger(&conflict).owner, None);
}

#[test]
fn keys_that_are_ignored_are_no_conflict() {
    let shared = conflict(
        "shared_domain",
        "account.domain",
        Some(side("crm", "http://agency.com")),
        Some(side("crm", "agency.com/x")),
    );
    let rule = |value: &str| format!("[[ignore]]\nfield = \"account.domain\"\nvalues = [\"{value}\"]\n");
    assert_eq!(standing(&rule("agency.com")).ledger(&shared).status, "closed");
    assert_eq!(standing(&rule("other.com")).ledger(&shared).status, "open");
    let many = conflict("one_to_many_billing", "account.id", Some(side("bills", "001")), Some(side("bills", "001")));
    assert_eq!(standing("[[grain]]\nsource = \"bills\"\nrule = \"apart\"\n").ledger(&many).status, "closed");
}
