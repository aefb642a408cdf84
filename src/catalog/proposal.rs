//! What does a schema look like before anybody has said anything about it?

use super::dictionary::dictionary;
use super::names::table_forms;
use super::recognise::{Hints, Look, recognise};
use super::{Role, shipped};
use crate::ident::Surface;
use crate::warehouse::TableShape;

/// What a schema was recognised as.
#[derive(Debug, Clone, PartialEq)]
pub struct Recognised {
    /// The known system; None when none fits.
    pub system: Option<String>,
    /// The surface.
    pub surface: Surface,
    /// How sure we are, 0 to 1.
    pub confidence: f64,
    /// Whether the surface is only a guess from what the tables seem to hold.
    pub guessed: bool,
}

/// Recognises a schema by its name and its tables. The catalog is compiled in and tested, so nothing can fail here: were it
/// damaged, nothing would be recognised.
#[must_use]
pub fn source(schema: &str, tables: &[TableShape]) -> Recognised {
    let looks: Vec<Look> = tables
        .iter()
        .map(|shape| Look {
            name: shape.name.table.clone(),
            columns: shape.columns.iter().map(|column| column.name.clone()).collect(),
        })
        .collect();
    let hints = Hints { names: vec![schema], surface: None, system: None };
    let known = shipped().and_then(|catalog| recognise(catalog, &hints, &looks));
    if let Ok(recognition) = known
        && let Some(system) = recognition.system
    {
        let confidence = recognition.confidence;
        return Recognised { system: Some(system.system.clone()), surface: system.surface, confidence, guessed: false };
    }
    let (surface, confidence) = guess(schema, &looks);
    Recognised { system: None, surface, confidence, guessed: true }
}

/// The surface that the names of the tables speak of most.
fn guess(schema: &str, tables: &[Look]) -> (Surface, f64) {
    let mut votes = [0.0_f64; 4];
    let words = super::names::words(schema);
    let spoken: [&[&str]; 4] = [
        &["product", "app", "events", "usage", "analytics", "tracking", "backend", "platform"],
        &["crm", "sales", "vertrieb", "ventas"],
        &["billing", "finance", "erp", "invoicing", "payments", "accounting", "buchhaltung", "fakturierung"],
        &["support", "helpdesk", "service", "desk", "tickets", "care"],
    ];
    for (at, spoken) in spoken.iter().enumerate() {
        if words.iter().any(|word| spoken.contains(&word.as_str())) {
            votes[at] += 3.0;
        }
    }
    let Ok(dictionary) = dictionary() else { return (Surface::Crm, 0.0) };
    for table in tables {
        let forms = table_forms(&table.name, &[]);
        let role = dictionary.roles.iter().find(|role| forms.iter().any(|form| role.tables.contains(form)));
        match role.map(|role| role.role) {
            Some(Role::Event) => votes[0] += 2.0,
            Some(Role::Opportunity) => votes[1] += 3.0,
            Some(Role::Subscription | Role::Invoice | Role::InvoiceLine | Role::Price | Role::SubscriptionItem) => {
                votes[2] += 2.0;
            }
            Some(Role::Ticket) => votes[3] += 3.0,
            Some(Role::Account | Role::Person) => votes[1] += 0.5,
            _ => {}
        }
        // People who use the product are called users, and their companies workspaces or tenants.
        if forms.iter().any(|form| ["user", "workspace", "tenant", "session", "visitor"].contains(&form.as_str())) {
            votes[0] += 1.0;
        }
    }
    let all: f64 = votes.iter().sum();
    let mut best = 1;
    for at in [0, 2, 3] {
        if votes[at] > votes[best] {
            best = at;
        }
    }
    let surface = [Surface::Product, Surface::Crm, Surface::Billing, Surface::Support][best];
    (surface, if all > 0.0 { (votes[best] / all * 0.7).min(0.6) } else { 0.1 })
}
