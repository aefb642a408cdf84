//! How is a source's text read as a value?
//!
//! Reading happens in process from text, so that every engine gives the same result. What cannot be read is reported
//! with its row and never guessed.

mod money;
mod number;
mod status;
mod time;

pub use money::{Period, money};
pub use number::{boolean, integer};
pub use status::{
    InvoiceState, Lifecycle, SubscriptionState, TicketState, invoice_state, lifecycle, subscription_state, ticket_state,
};
pub use time::{day, moment};
