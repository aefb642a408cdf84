//! Do the same findings give the same questions, and do answers close them?

use fourfold::chart::conflict::{Conflict, Severity, Side};
use fourfold::chart::interview::{Effect, open, questions};
use fourfold::chart::source_map::SourceMap;
use fourfold::config::Answer;
use fourfold::ident::RecordKey;

fn side(source: &str, table: &str, pk: &str, value: &str) -> Side {
    Side { record: RecordKey::new(source, table, pk), column: "status".to_owned(), value: value.to_owned() }
}

fn disagreement(pk: &str, money: f64) -> Conflict {
    Conflict {
        id: format!("c{pk}"),
        kind: "status_disagreement".to_owned(),
        severity: Severity::High,
        entity: None,
        field: "accounts.status".to_owned(),
        side_a: Some(side("salesforce", "account", pk, "Customer")),
        side_b: Some(side("stripe", "subscription", pk, "canceled")),
        detail: String::new(),
        money_at_stake: Some(money),
        currency: Some("EUR".to_owned()),
        status: "open".to_owned(),
    }
}

#[test]
fn one_question_stands_for_all_conflicts_of_its_kind() {
    let asked = questions(&SourceMap::default(), &[disagreement("1", 100.0), disagreement("2", 50.0)]);
    assert_eq!(asked.len(), 1);
    let question = &asked[0];
    assert_eq!((question.weight, question.effect), (2, Effect::Survivorship));
    assert_eq!(question.money, [("EUR".to_owned(), 150.0)]);
    assert!(question.text.starts_with("2 accounts"), "{}", question.text);
    assert!(question.options.contains(&"salesforce".to_owned()) && question.options.contains(&"stripe".to_owned()));
}

#[test]
fn a_question_keeps_its_id_when_conflicts_come_and_go() {
    let before = questions(&SourceMap::default(), &[disagreement("1", 100.0), disagreement("2", 50.0)]);
    let after = questions(&SourceMap::default(), &[disagreement("7", 1.0)]);
    assert_eq!(before[0].id, after[0].id);
}

#[test]
fn accepted_conflicts_and_answered_questions_are_not_asked() {
    let mut accepted = disagreement("1", 1.0);
    accepted.status = "accepted".to_owned();
    assert!(questions(&SourceMap::default(), &[accepted]).is_empty());
    let asked = questions(&SourceMap::default(), &[disagreement("1", 1.0)]);
    let answer = Answer {
        question: asked[0].id.clone(),
        answer: "stripe".to_owned(),
        who: "ada".to_owned(),
        when: "2026-01-05T12:00:00Z".to_owned(),
        why: "billing knows".to_owned(),
        ..Answer::default()
    };
    assert!(open(&asked, &[answer]).is_empty());
    assert_eq!(open(&asked, &[]).len(), 1);
}
