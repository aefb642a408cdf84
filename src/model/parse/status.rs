//! What do the many words for a state of a customer, subscription, invoice or ticket mean?

/// Where a customer stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lifecycle {
    /// Pays, or is under contract.
    Customer,
    /// Tries before paying.
    Trial,
    /// Has been a customer.
    Churned,
    /// May become a customer.
    Prospect,
    /// Sells or works with us.
    Partner,
}

impl Lifecycle {
    /// The word in the joined model.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Trial => "trial",
            Self::Churned => "churned",
            Self::Prospect => "prospect",
            Self::Partner => "partner",
        }
    }
}

fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.trim().chars() {
        if character.is_alphanumeric() {
            out.extend(character.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// Reads a status or type of an account; None for a word that says nothing about where a customer stands.
#[must_use]
pub fn lifecycle(text: &str) -> Option<Lifecycle> {
    let text = plain(text);
    let has = |words: &[&str]| words.iter().any(|word| text.split(' ').any(|part| part == *word));
    if has(&[
        "churned",
        "churn",
        "former",
        "lost",
        "cancelled",
        "canceled",
        "expired",
        "ended",
        "past",
        "inactive",
        "ex",
        "terminated",
        "closed",
    ]) {
        return Some(Lifecycle::Churned);
    }
    if has(&["partner", "reseller", "vendor", "supplier", "competitor", "integrator"]) {
        return Some(Lifecycle::Partner);
    }
    if has(&["trial", "trialing", "trialling", "pilot", "poc", "freemium", "free", "evaluation"]) {
        return Some(Lifecycle::Trial);
    }
    if has(&[
        "prospect",
        "prospects",
        "lead",
        "opportunity",
        "target",
        "suspect",
        "marketingqualifiedlead",
        "salesqualifiedlead",
        "subscriber",
        "evaluating",
        "marketing",
        "sales",
    ]) {
        return Some(Lifecycle::Prospect);
    }
    if has(&[
        "customer",
        "customers",
        "client",
        "active",
        "paying",
        "paid",
        "live",
        "subscribed",
        "won",
        "installed",
        "evangelist",
    ]) {
        return Some(Lifecycle::Customer);
    }
    None
}

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SubscriptionState {
    /// Counts as recurring revenue.
    Live,
    /// Not paid for yet.
    Trial,
    /// Not begun, or waiting for its first payment.
    Pending,
    /// Over.
    Ended,
}

impl SubscriptionState {
    /// The word in the joined model.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Live => "active",
            Self::Trial => "trial",
            Self::Pending => "pending",
            Self::Ended => "ended",
        }
    }
}

/// Reads the status of a subscription; None for an unknown word.
#[must_use]
pub fn subscription_state(text: &str) -> Option<SubscriptionState> {
    Some(match plain(text).as_str() {
        "active" | "live" | "past due" | "non renewing" | "renewed" | "current" | "in good standing" | "overdue" => {
            SubscriptionState::Live
        }
        "trialing" | "trialling" | "trial" | "in trial" => SubscriptionState::Trial,
        "incomplete" | "draft" | "pending" | "future" | "pending activation" | "pending acceptance" | "paused"
        | "suspended" | "on hold" => SubscriptionState::Pending,
        "canceled" | "cancelled" | "ended" | "expired" | "unpaid" | "incomplete expired" | "failed" | "inactive"
        | "terminated" | "churned" => SubscriptionState::Ended,
        _ => return None,
    })
}

/// Where an invoice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvoiceState {
    /// Paid in full.
    Paid,
    /// Waits for payment.
    Open,
    /// Not sent yet.
    Draft,
    /// Withdrawn.
    Void,
    /// Given up.
    Uncollectible,
}

impl InvoiceState {
    /// The word in the joined model.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Open => "open",
            Self::Draft => "draft",
            Self::Void => "void",
            Self::Uncollectible => "uncollectible",
        }
    }
}

/// Reads the status of an invoice; None for an unknown word.
#[must_use]
pub fn invoice_state(text: &str) -> Option<InvoiceState> {
    Some(match plain(text).as_str() {
        "paid" | "closed" | "settled" | "succeeded" | "complete" | "completed" => InvoiceState::Paid,
        "open" | "posted" | "past due" | "overdue" | "unpaid" | "sent" | "pending" | "processing"
        | "partially paid" | "not paid" | "issued" => InvoiceState::Open,
        "draft" | "planned" => InvoiceState::Draft,
        "void" | "voided" | "deleted" | "canceled" | "cancelled" | "reversed" | "error" => InvoiceState::Void,
        "uncollectible" | "failed" | "written off" | "bad debt" => InvoiceState::Uncollectible,
        _ => return None,
    })
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TicketState {
    /// Somebody still works on it or waits.
    Open,
    /// Done.
    Closed,
    /// Thrown away: spam, deleted, merged.
    Gone,
}

impl TicketState {
    /// The word in the joined model.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Gone => "gone",
        }
    }
}

/// Reads the status of a ticket; None for an unknown word.
#[must_use]
pub fn ticket_state(text: &str) -> Option<TicketState> {
    Some(match plain(text).as_str() {
        "new" | "open" | "pending" | "hold" | "on hold" | "snoozed" | "waiting" | "in progress"
        | "waiting on contact" | "waiting on us" | "reopened" | "escalated" | "active" => TicketState::Open,
        "solved" | "closed" | "resolved" | "done" | "complete" | "completed" => TicketState::Closed,
        "deleted" | "spam" | "merged" | "suspended" => TicketState::Gone,
        _ => return None,
    })
}
