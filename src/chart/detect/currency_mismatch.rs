//! Which customers are invoiced in another currency than their own?

use super::Scene;
use super::orphan::{money_columns, money_of, select_money};
use crate::catalog::Role;
use crate::chart::conflict::Conflict;
use crate::chart::finding::{LISTED, conflict, side, with_money};
use crate::chart::foreign_key::{pointers, salesforce, value_of};
use crate::chart::rows;
use crate::error::Result;

/// Finds them within each source: one finding for each customer and foreign currency, with what was invoiced in it.
pub fn find(scene: &Scene<'_>) -> Result<Vec<Conflict>> {
    let dialect = scene.warehouse.dialect();
    let mut found = Vec::new();
    for source in &scene.map.sources {
        for pointer in pointers(source)
            .iter()
            .filter(|pointer| pointer.role == Role::Account && pointer.table.role == Role::Invoice)
        {
            let invoices = pointer.table;
            let Some(currency) = invoices.column_of("invoice.currency") else { continue };
            for accounts in &pointer.targets {
                let Some(own) = accounts.column_of("account.currency") else { continue };
                let money = money_columns(invoices);
                let sql = format!(
                    "SELECT account.pk, max(account.own), min(invoice.pk), max(invoice.currency), sum(invoice.amount), max(upper(invoice.currency)), count(*) \
                     FROM (SELECT {pk} AS pk, {value} AS value, {money} FROM {invoices} AS t WHERE NOT {dead}) AS invoice \
                     JOIN (SELECT {account} AS pk, {id} AS id, {own} AS own FROM {accounts} AS p) AS account ON invoice.value = account.id \
                     WHERE lower(invoice.currency) <> lower(account.own) AND invoice.pk IS NOT NULL \
                     GROUP BY account.pk, lower(invoice.currency) ORDER BY 5 DESC NULLS LAST, {order} LIMIT {LISTED}",
                    pk = rows::key(dialect, invoices, "t"),
                    value = value_of(scene.warehouse, pointer),
                    money = select_money(dialect, &money),
                    invoices = rows::newest(dialect, invoices),
                    dead = rows::dead(dialect, invoices, "t"),
                    account = rows::key(dialect, accounts, "p"),
                    id = rows::comparable(&rows::key(dialect, accounts, "p"), salesforce(pointer)),
                    own = rows::text(dialect, own, "p"),
                    accounts = rows::newest(dialect, accounts),
                    order = dialect.ordered("account.pk"),
                );
                let answer = scene.warehouse.query(&sql, &[])?;
                for row in 0..answer.len() {
                    let cell = |column: usize| answer.text(row, column).unwrap_or("");
                    let (account, mine, invoice, theirs) = (cell(0), cell(1), cell(2), cell(3));
                    let count = answer.integer(row, 6).unwrap_or(0);
                    let detail = format!(
                        "{account} of {} counts in {}, and {count} of its invoices in {}",
                        source.id,
                        mine.to_uppercase(),
                        theirs.to_uppercase()
                    );
                    let side_a = side(source, accounts, account, &own.name, mine);
                    let side_b = side(source, invoices, invoice, &currency.name, theirs);
                    let made = conflict("currency_mismatch", "account.currency", Some(side_a), Some(side_b), detail);
                    found.push(with_money(made, money_of(&answer, row, 4, &money)));
                }
            }
        }
    }
    Ok(found)
}
