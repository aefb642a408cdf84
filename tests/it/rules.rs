//! Do operators' answers become rules, without touching what people wrote, and do they come out again?

#[path = "rules/answers.rs"]
mod answers;
#[path = "rules/edit.rs"]
mod edit;
#[path = "rules/standing.rs"]
mod standing;
