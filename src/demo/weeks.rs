//! What happens in the weeks after the second?
//!
//! Each further week is the whole extract of the week before with a few edits of ordinary business: accounts are renamed,
//! merged in the CRM, purged and won; customers change their mailbox; a help desk learns an id. Tables that nobody edits
//! are the same file. `truth/weekN/` says whose each record is, and `changes.csv` in it what was done.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::dice::Dice;
use super::keys::Keys;
use super::onward::onward;
use super::table_file::Csv;
use crate::error::{Context, Error, ErrorKind, Result};
use crate::progress::{CancelToken, Progress};

/// Of a thousand living accounts, how many are renamed, purged and merged each week; at least one of each.
const RENAMED: usize = 8;
const PURGED: usize = 6;
/// How many are won, per thousand.
const WON: usize = 10;
/// Of a thousand billing customers, how many change their mailbox.
const MOVED: usize = 10;

/// Endings of a company that grew.
const GROWN: &[&str] = &["Group", "International", "Holding", "Partners"];
/// Words of new companies.
const FIRST: &[&str] =
    &["Amberfield", "Bluecrest", "Calderwood", "Dunmore", "Eastvale", "Fernhill", "Glenrock", "Hazelmere"];
const SECOND: &[&str] =
    &["Analytics", "Bakeries", "Ceramics", "Dynamics", "Engineering", "Foods", "Glassworks", "Hydraulics"];

/// Writes `week3` to `week<last>` beside the two weeks that [`super::generate`] made. The same demo and seed give the same
/// bytes.
///
/// # Errors
/// `NotFound` without a demo in `directory`, `Config` where a week is there already, `Io`, `Cancelled`.
pub fn further(directory: &Path, last: usize, seed: u64, progress: &dyn Progress, cancel: &CancelToken) -> Result<()> {
    if !directory.join("week2").is_dir() {
        return Err(Error::not_found(format!("there is no demo in {}", directory.display()))
            .hint("`fourfold demo DIR` makes one"));
    }
    progress.step("demo: write further weeks");
    for week in 3..=last {
        cancel.check()?;
        progress.advance(week as u64, last as u64);
        let target = directory.join(format!("week{week}"));
        if target.exists() {
            return Err(Error::config(format!("{} is already there", target.display())).hint("remove it first"));
        }
        // The week appears whole or not at all.
        let partial = directory.join(format!(".week{week}-partial"));
        if partial.exists() {
            fs::remove_dir_all(&partial).context(ErrorKind::Io, || format!("cannot remove {}", partial.display()))?;
        }
        write(directory, week, seed, &partial)?;
        let truth = directory.join(format!("truth/week{week}"));
        if truth.exists() {
            fs::remove_dir_all(&truth).context(ErrorKind::Io, || format!("cannot remove {}", truth.display()))?;
        }
        rename(&partial.join("truth"), &truth)?;
        rename(&partial.join("week"), &target)?;
        fs::remove_dir_all(&partial).context(ErrorKind::Io, || format!("cannot remove {}", partial.display()))?;
    }
    Ok(())
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).context(ErrorKind::Io, || format!("cannot make {}", to.display()))
}

fn write(directory: &Path, week: usize, seed: u64, partial: &Path) -> Result<()> {
    let before = directory.join(format!("week{}", week - 1));
    let after = partial.join("week");
    copy(&before, &after)?;
    copy(&directory.join(format!("truth/week{}", week - 1)), &partial.join("truth"))?;
    let mut dice = Dice::new(seed, "further week", week as u64);
    let mut truth = Csv::read(&partial.join("truth/accounts.csv"))?;
    let mut changes = Csv {
        header: ["change", "source", "table", "pk", "detail"].map(str::to_owned).into(),
        rows: Vec::new(),
        file: partial.join("truth/changes.csv"),
    };
    crm(&after, (week, seed), &mut dice, &mut truth, &mut changes)?;
    for source in ["stripe_us", "stripe_eu"] {
        billing(&after, source, &mut dice, &mut changes)?;
    }
    truth.write()?;
    changes.write()?;
    onward(directory, week, partial)
}

/// Copies a tree; files that are not edited share their bytes where the disk can.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let fail = || format!("cannot copy {}", from.display());
    fs::create_dir_all(to).context(ErrorKind::Io, fail)?;
    for entry in fs::read_dir(from).context(ErrorKind::Io, fail)? {
        let entry = entry.context(ErrorKind::Io, fail)?;
        let target = to.join(entry.file_name());
        if entry.file_type().context(ErrorKind::Io, fail)?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if entry.file_name() != "changes.csv" && fs::hard_link(entry.path(), &target).is_err() {
            fs::copy(entry.path(), &target).context(ErrorKind::Io, fail)?;
        }
    }
    Ok(())
}

/// Renames, merges, purges and wins accounts.
fn crm(after: &Path, (week, seed): (usize, u64), dice: &mut Dice, truth: &mut Csv, changes: &mut Csv) -> Result<()> {
    let mut accounts = Csv::read(&after.join("salesforce/account.csv"))?;
    let at = |name: &str| accounts.place(name);
    let (id, name, website) = (at("id")?, at("name")?, at("website")?);
    let (deleted, master) = (at("is_deleted")?, at("master_record_id")?);
    let owner: BTreeMap<String, String> = truth
        .rows
        .iter()
        .filter(|row| row[0] == "salesforce" && row[1] == "account")
        .map(|row| (row[2].clone(), row[3].clone()))
        .collect();
    let living: Vec<usize> = (0..accounts.rows.len()).filter(|row| accounts.rows[*row][deleted] != "true").collect();
    let mut touched: BTreeSet<usize> = BTreeSet::new();
    let note = |changes: &mut Csv, change: &str, pk: &str, detail: String| {
        changes.rows.push([change, "salesforce", "account", pk, &detail].map(str::to_owned).into());
    };
    for _ in 0..share(living.len(), RENAMED) {
        let row = dice.pick(&living);
        if touched.insert(row) {
            let new = format!("{} {}", accounts.rows[row][name], dice.pick(GROWN));
            note(
                changes,
                "renamed",
                &accounts.rows[row][id].clone(),
                format!("{} is called {new}", accounts.rows[row][name]),
            );
            accounts.rows[row][name] = new;
        }
    }
    // Two living records of one company become one.
    let mut twins: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in living.iter().filter(|row| !touched.contains(row)) {
        if let Some(company) = owner.get(&accounts.rows[*row][id]).filter(|company| *company != super::truth::INTERNAL)
        {
            twins.entry(company).or_default().push(*row);
        }
    }
    let merged: Option<(usize, usize)> = twins.values().find(|rows| rows.len() > 1).map(|rows| (rows[1], rows[0]));
    if let Some((loser, survivor)) = merged {
        let survivor_id = accounts.rows[survivor][id].clone();
        note(changes, "merged", &accounts.rows[loser][id].clone(), format!("into {survivor_id}"));
        "true".clone_into(&mut accounts.rows[loser][deleted]);
        accounts.rows[loser][master] = survivor_id;
        touched.extend([loser, survivor]);
    }
    let mut gone: BTreeSet<usize> = BTreeSet::new();
    for _ in 0..share(living.len(), PURGED) {
        let row = dice.pick(&living);
        if touched.insert(row) {
            note(changes, "purged", &accounts.rows[row][id].clone(), "the row is gone without a trace".to_owned());
            gone.insert(row);
        }
    }
    let mut keys = Keys::new(seed ^ (week as u64) << 32);
    let columns = accounts.header.len();
    for number in 0..share(living.len(), WON) {
        let company = format!("{} {} {week}{number}", dice.pick(FIRST), dice.pick(SECOND));
        let mut row = vec![String::new(); columns];
        row[id] = keys.salesforce("001");
        row[website] = format!("https://www.{}.example-{week}.com", company.to_lowercase().replace(' ', "-"));
        row[name].clone_from(&company);
        "false".clone_into(&mut row[deleted]);
        if let Ok(synced) = accounts.place("_fivetran_synced") {
            row[synced] = accounts.rows.iter().map(|row| row[synced].clone()).max().unwrap_or_default();
        }
        note(changes, "won", &row[id], company);
        let record = ["salesforce", "account", row[id].as_str()].map(str::to_owned);
        truth.rows.push(record.into_iter().chain([format!("W{week}{number:04}")]).collect());
        accounts.rows.push(row);
    }
    let purged: BTreeSet<String> = gone.iter().map(|row| accounts.rows[*row][id].clone()).collect();
    accounts.rows.retain(|row| !purged.contains(&row[id]));
    truth.rows.retain(|row| row[0] != "salesforce" || row[1] != "account" || !purged.contains(&row[2]));
    accounts.write()
}

/// Moves the mailboxes of some customers.
fn billing(after: &Path, source: &str, dice: &mut Dice, changes: &mut Csv) -> Result<()> {
    let mut customers = Csv::read(&after.join(source).join("customer.csv"))?;
    let (id, email) = (customers.place("id")?, customers.place("email")?);
    let with_mail: Vec<usize> =
        (0..customers.rows.len()).filter(|row| customers.rows[*row][email].contains('@')).collect();
    for _ in 0..share(with_mail.len(), MOVED) {
        if with_mail.is_empty() {
            break;
        }
        let row = dice.pick(&with_mail);
        let domain = customers.rows[row][email].rsplit('@').next().unwrap_or_default().to_owned();
        let new = format!("{}@{domain}", dice.pick(&["billing", "accounts", "finance", "payables"]));
        if customers.rows[row][email] != new {
            changes.rows.push(
                ["moved", source, "customer", &customers.rows[row][id], &format!("writes from {new}")]
                    .map(str::to_owned)
                    .into(),
            );
            customers.rows[row][email] = new;
        }
    }
    customers.write()
}

/// So many of a thousand, at least one of any.
fn share(of: usize, permille: usize) -> usize {
    if of == 0 { 0 } else { (of * permille / 1000).max(1) }
}
