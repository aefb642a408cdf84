//! Is what people decided, again and again, proposed as a rule, and only then?

use fourfold::config::Config;
use fourfold::drift::baseline::ColumnBaseline;
use fourfold::drift::deepen::{
    Change, ConflictCase, DecidedPair, OpenPair, PairSigns, SegmentCount, Stands, UnmappedColumn, apart, crossing,
    held, mine, settling, write,
};
use fourfold::warehouse::ColumnType;

use super::fixture::{baseline, cells, column, rate, table};

fn signs(same: &[&str], differ: &[&str]) -> PairSigns {
    let bars: Vec<(&str, &str)> =
        same.iter().map(|field| (*field, "same")).chain(differ.iter().map(|field| (*field, "different"))).collect();
    PairSigns::of(bars.into_iter())
}

fn decided(number: usize, same: bool, signs: PairSigns) -> DecidedPair {
    DecidedPair {
        kind: "account".into(),
        records: (format!("crm.account:{number}"), format!("desk.organization:{number}")),
        same,
        signs,
    }
}

#[test]
fn consistent_decisions_become_a_rule_with_what_it_would_decide_and_its_errors() {
    let mut pairs: Vec<DecidedPair> = (0..12).map(|n| decided(n, true, signs(&["phone"], &["name"]))).collect();
    pairs.push(decided(99, false, signs(&["phone"], &["name"])));
    let open: Vec<OpenPair> = (0..7).map(|_| open(Stands::Waits, signs(&["phone"], &["name"]))).collect();
    let proposals = mine(&pairs, &open);
    assert_eq!(proposals.len(), 1, "{proposals:#?}");
    let proposal = &proposals[0];
    assert!(proposal.seen[0].contains("12") && proposal.seen[0].contains('1'), "{:?}", proposal.seen);
    assert!(proposal.seen[1].contains("crm.account:99"), "the error is named: {:?}", proposal.seen);
    assert!(proposal.would[0].starts_with('7'), "{:?}", proposal.would);
    let Change::Rule(rule) = &proposal.change else { panic!("no rule") };
    assert_eq!((rule.same.as_slice(), rule.verdict.as_str()), (["phone".to_owned()].as_slice(), "same"));
    assert!(!rule.examples.is_empty());
    let now = baseline(7, vec![table(10, vec![])]);
    assert!(held(proposal, &now, &pairs).held);
    let against: Vec<DecidedPair> = (0..9).map(|n| decided(n, false, signs(&["phone"], &[]))).collect();
    assert!(!held(proposal, &now, &against).held, "people now decide otherwise");
}

fn open(stands: Stands, signs: PairSigns) -> OpenPair {
    OpenPair { kind: "account".into(), signs, stands, weight: 1.0 }
}

#[test]
fn what_is_true_of_hard_pairs_alone_is_no_rule() {
    // Who is asked about uncertain pairs only says of most of them that they are two, though they share a domain.
    let pairs: Vec<DecidedPair> = (0..12)
        .map(|n| {
            decided(
                n,
                false,
                if n < 6 { signs(&["domain"], &["name"]) } else { signs(&["domain"], &["street", "name"]) },
            )
        })
        .collect();
    let mut others: Vec<OpenPair> = (0..20).map(|_| open(Stands::Waits, signs(&["domain"], &["name"]))).collect();
    let names = |others: &[OpenPair]| mine(&pairs, others).into_iter().map(|found| found.title).collect::<Vec<_>>();
    assert_eq!(names(&others), ["accounts: same domain: two"]);
    // Hundreds that share it are one without anybody being asked: only what tells these apart from those is a rule.
    others.extend((0..300).map(|_| open(Stands::Same, signs(&["domain", "name"], &[]))));
    assert_eq!(names(&others), ["accounts: same domain but another name: two"]);
    // One of them more than a tenth of what it would decide, and it says so below that.
    others.extend((0..2).map(|_| open(Stands::Same, signs(&["domain"], &["name"]))));
    let found = mine(&pairs, &others);
    assert!(found[0].would[1].starts_with("2 that stand as one"), "{:?}", found[0].would);
    others.push(open(Stands::Same, signs(&["domain"], &["name"])));
    assert!(!names(&others).contains(&"accounts: same domain but another name: two".to_owned()));
}

#[test]
fn few_or_split_decisions_teach_nothing() {
    let few: Vec<DecidedPair> = (0..4).map(|n| decided(n, true, signs(&["domain"], &[]))).collect();
    assert!(mine(&few, &[]).is_empty());
    let split: Vec<DecidedPair> = (0..20).map(|n| decided(n, n % 2 == 0, signs(&["domain"], &[]))).collect();
    assert!(mine(&split, &[]).is_empty());
    let unknown: Vec<DecidedPair> = (0..20).map(|n| decided(n, true, signs(&["favourite colour"], &[]))).collect();
    assert!(mine(&unknown, &[]).is_empty(), "rules can only speak of fields that they know");
}

#[test]
fn a_segment_that_is_matched_less_is_proposed_to_be_watched() {
    let segment = |value: &str, matched, total| SegmentCount {
        source: "crm".into(),
        table: "account".into(),
        column: "country".into(),
        value: value.into(),
        total,
        matched,
    };
    let proposals = apart(&[segment("US", 190, 200), segment("DE", 95, 100), segment("JP", 20, 80)]);
    assert_eq!(proposals.len(), 1);
    assert!(proposals[0].title.contains("country = JP"), "{}", proposals[0].title);
    assert!(apart(&[segment("US", 190, 200), segment("JP", 2, 8)]).is_empty(), "eight records say nothing");
    let text = write("[warehouse]\nengine = \"duckdb\"\n", &proposals[0].change).unwrap();
    let config = Config::parse(&text, "fourfold.toml").unwrap();
    assert_eq!(config.drift.segments[0].only.as_ref().unwrap().value, "JP");
    let mut now = baseline(7, vec![]);
    now.joins = vec![rate("country=JP", "segment", 1, 80)];
    assert!(!held(&proposals[0], &now, &[]).held);
    now.joins = vec![rate("country=JP", "segment", 20, 80)];
    assert!(held(&proposals[0], &now, &[]).held);
}

#[test]
fn a_column_that_always_agrees_with_one_side_would_settle_it() {
    let unmapped =
        UnmappedColumn { source: "crm".into(), table: "account".into(), column: "tier".into(), role: "account".into() };
    let case = |says: Option<&str>| ConflictCase {
        kind: "plan_mismatch".into(),
        field: "accounts.plan".into(),
        one: ("crm".into(), "Team".into()),
        other: ("stripe".into(), "Scale".into()),
        says: says.map(str::to_owned),
    };
    let cases: Vec<ConflictCase> = (0..8).map(|n| case(if n < 6 { Some("scale") } else { None })).collect();
    let proposals = settling(&unmapped, &cases);
    assert_eq!(proposals.len(), 1);
    assert!(proposals[0].title.contains("6 of 8"), "{}", proposals[0].title);
    let Change::Concept { concept, .. } = &proposals[0].change else { panic!("no concept") };
    assert_eq!(concept, "account.plan");
    let undecided: Vec<ConflictCase> = (0..8).map(|n| case(Some(if n % 2 == 0 { "Scale" } else { "Team" }))).collect();
    assert!(settling(&unmapped, &undecided).is_empty());
}

#[test]
fn a_column_of_another_systems_keys_is_proposed_as_evidence() {
    let ids: Vec<Option<String>> = cells(200, |row| Some(format!("cus_{row:014}")));
    let customer = {
        let mut made = table(200, vec![]);
        (made.source, made.table) = ("stripe".to_owned(), "customer".to_owned());
        made.keys = fourfold::chart::profile::sketch(ids.iter().flatten().map(String::as_str));
        made
    };
    let holding: ColumnBaseline = column("billing_ref", ColumnType::Text, None, &ids);
    let now = baseline(0, vec![table(200, vec![holding]), customer]);
    let proposals = crossing(&now);
    assert_eq!(proposals.len(), 1, "{proposals:#?}");
    assert!(proposals[0].title.contains("billing_ref holds keys of stripe.customer"));
    let text = write("[sources.crm]\nsurface = \"crm\" # ours\n", &proposals[0].change).unwrap();
    assert!(text.contains("# ours"));
    assert_eq!(
        Config::parse(&text, "fourfold.toml").unwrap().sources["crm"].tables["account"].concepts["billing_ref"],
        "account.external_id"
    );
}

#[test]
fn a_schema_is_written_as_a_source_once() {
    let change = Change::Source {
        name: "new crm".into(),
        schema: Some("s".into()),
        surface: "crm".into(),
        system: Some("hubspot".into()),
    };
    let text = write("[warehouse]\nengine = \"duckdb\"\n", &change).unwrap();
    let config = Config::parse(&text, "fourfold.toml").unwrap();
    assert_eq!(config.sources["new crm"].system.as_deref(), Some("hubspot"));
    assert!(write(&text, &change).is_err());
}
