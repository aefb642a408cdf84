//! How does a directory become a workspace?
//!
//! The tables are looked at first, and what was recognised is written into a commented `fourfold.toml`, marked as
//! inferred, for a person to correct. The file is written last, so that an interrupted `init` can simply be repeated.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use super::colleagues;
use super::connect::{self, Access};
use super::profiles::{self, Target};
use crate::catalog::proposal::{self, Recognised};
use crate::config::workspace::CONFIG_FILE;
use crate::config::{Config, SourceSettings, WarehouseSettings, Workspace};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::ident::Surface;
use crate::progress::{CancelToken, Progress};
use crate::warehouse::Warehouse;
use crate::warehouse::files::LoadReport;

/// A source as the tables suggest it.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Proposal {
    /// The source's name: its schema.
    pub name: String,
    /// The surface.
    pub surface: Surface,
    /// The known system.
    pub system: Option<String>,
    /// How sure we are, 0 to 1.
    pub confidence: f64,
    /// Tables in the schema.
    pub tables: usize,
    /// Whether the surface is only a guess from what the tables seem to hold.
    pub guessed: bool,
}

/// Looks at every schema but our own and proposes the sources.
///
/// # Errors
/// `Warehouse` when the schemas cannot be read; `NotFound` when there is no table at all.
pub fn propose(warehouse: &dyn Warehouse, own_schema: &str) -> Result<Vec<Proposal>> {
    let mut proposals = Vec::new();
    for schema in warehouse.schemas()? {
        if schema == own_schema {
            continue;
        }
        let tables: Vec<_> =
            warehouse.tables(&schema)?.into_iter().filter(|table| !table.name.table.starts_with("_rejects")).collect();
        if tables.is_empty() {
            continue;
        }
        let Recognised { system, surface, confidence, guessed } = proposal::source(&schema, &tables);
        proposals.push(Proposal { name: schema, surface, system, confidence, tables: tables.len(), guessed });
    }
    if proposals.is_empty() {
        return Err(Error::not_found(format!("no tables to join in {}", warehouse.describe()))
            .hint("each source is a schema with its tables; with --csv it is a directory of files")
            .hint("`fourfold doctor` shows what the role may read"));
    }
    Ok(proposals)
}

/// A new workspace.
#[derive(Debug)]
pub struct Made {
    /// The sources, as written.
    pub proposals: Vec<Proposal>,
    /// The team's own domains, as inferred.
    pub own_domains: Vec<String>,
}

/// Makes `root` a workspace over exports: loads them, recognises the sources, writes `fourfold.toml`.
///
/// # Errors
/// `Config` when `root` is a workspace already; whatever loading or recognising says; the file is not written then.
pub fn from_files(
    root: &Path,
    directory: &Path,
    schema: &str,
    own_domains: &[String],
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<(Made, LoadReport)> {
    must_be_new(root)?;
    let settings = WarehouseSettings::Duckdb { path: ".fourfold/warehouse.duckdb".into(), schema: schema.to_owned() };
    let provisional =
        Workspace { root: root.to_owned(), config: Config { warehouse: settings.clone(), ..Config::default() } };
    let report = super::load::load(&provisional, directory, connect::PATIENCE, progress, cancel)?;
    if report.tables.is_empty() {
        return Err(Error::not_found(format!("no exports in {}", directory.display()))
            .hint("it should hold <source>/<table>.csv, such as salesforce/account.csv"));
    }
    Ok((finish(root, &settings, own_domains, progress, cancel)?, report))
}

/// Makes `root` a workspace over a warehouse that is filled already.
///
/// # Errors
/// As [`from_files`].
pub fn from_warehouse(
    root: &Path,
    settings: &WarehouseSettings,
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Made> {
    must_be_new(root)?;
    finish(root, settings, &[], progress, cancel)
}

/// The settings that a dbt profile of the user describes.
///
/// # Errors
/// As [`profiles::read`].
pub fn settings_of_dbt(root: &Path, profile: Option<&str>, schema: &str) -> Result<WarehouseSettings> {
    let (name, target) = profiles::read(root, profile, None)?;
    Ok(match target {
        Target::Duckdb { path } => WarehouseSettings::Duckdb { path, schema: schema.to_owned() },
        Target::Postgres { .. } => WarehouseSettings::Postgres {
            url_env: None,
            dbt_profile: Some(name),
            dbt_target: None,
            schema: schema.to_owned(),
        },
    })
}

fn finish(
    root: &Path,
    settings: &WarehouseSettings,
    own_domains: &[String],
    progress: &dyn Progress,
    cancel: &CancelToken,
) -> Result<Made> {
    let warehouse = connect::open_settings(root, settings, Access::read(connect::PATIENCE), progress, cancel)?;
    let proposals = propose(warehouse.as_ref(), settings.schema())?;
    let own_domains = if own_domains.is_empty() {
        let mut config = Config { warehouse: settings.clone(), ..Config::default() };
        for proposal in &proposals {
            config.sources.insert(
                proposal.name.clone(),
                SourceSettings {
                    surface: proposal.surface,
                    schema: None,
                    system: proposal.system.clone(),
                    tables: BTreeMap::new(),
                },
            );
        }
        let chart = crate::chart::chart(warehouse.as_ref(), &config, progress, cancel)?;
        colleagues::domains(warehouse.as_ref(), &chart.map)?
    } else {
        own_domains.to_vec()
    };
    write_config(root, &render(settings, &proposals, &own_domains))?;
    Ok(Made { proposals, own_domains })
}

/// Refuses a directory that is a workspace already.
///
/// # Errors
/// `Config` when there is a `fourfold.toml`.
pub fn must_be_new(root: &Path) -> Result<()> {
    let file = root.join(CONFIG_FILE);
    if file.exists() {
        return Err(Error::config(format!("{} exists: this directory is a workspace already", file.display()))
            .hint("`fourfold load DIR` loads newer exports into it, `fourfold run` brings it up to date")
            .hint("to start afresh, remove fourfold.toml and .fourfold/ first; .fourfold/review.sqlite holds the decisions"));
    }
    Ok(())
}

/// Writes `fourfold.toml` whole or not at all.
///
/// # Errors
/// `Io` when it cannot be written.
pub fn write_config(root: &Path, text: &str) -> Result<()> {
    let file = root.join(CONFIG_FILE);
    Config::parse(text, CONFIG_FILE)?;
    let staged = root.join(format!(".{CONFIG_FILE}.new"));
    std::fs::write(&staged, text).context(ErrorKind::Io, || format!("cannot write {}", staged.display()))?;
    std::fs::rename(&staged, &file).context(ErrorKind::Io, || format!("cannot write {}", file.display()))
}

/// The commented file for a warehouse and its proposed sources.
#[must_use]
pub fn render(warehouse: &WarehouseSettings, proposals: &[Proposal], own_domains: &[String]) -> String {
    let mut text = String::from(
        "# What this team decided about its accounts. This file belongs in git; secrets do not belong in it.\n\n\
         [warehouse]\n",
    );
    // Writing to a string cannot fail.
    let _ = match warehouse {
        WarehouseSettings::Duckdb { path, schema } => write!(
            text,
            "engine = \"duckdb\"\npath = {}\nschema = {} # the only schema that fourfold writes\n",
            quoted(&path.to_string_lossy()),
            quoted(schema)
        ),
        WarehouseSettings::Postgres { url_env, dbt_profile, dbt_target, schema } => {
            let mut keys = BTreeMap::new();
            keys.extend(url_env.as_ref().map(|name| ("url_env", name)));
            keys.extend(dbt_profile.as_ref().map(|name| ("dbt_profile", name)));
            keys.extend(dbt_target.as_ref().map(|name| ("dbt_target", name)));
            let lines =
                keys.iter().fold(String::new(), |lines, (key, value)| lines + key + " = " + &quoted(value) + "\n");
            write!(
                text,
                "engine = \"postgres\"\n{lines}schema = {} # the only schema that fourfold writes\n",
                quoted(schema)
            )
        }
    };
    text.push_str(
        "\n# The sources below were inferred from their tables. Correct what is wrong; `fourfold chart` shows the effect.\n",
    );
    for proposal in proposals {
        let how = match (&proposal.system, proposal.guessed) {
            (Some(system), _) => format!("recognised: {system}, {:.0} % sure", proposal.confidence * 100.0),
            (None, true) => "a guess from what the tables seem to hold: please check".to_owned(),
            (None, false) => "inferred from the tables".to_owned(),
        };
        let _ = write!(text, "\n[sources.{}]\nsurface = \"{}\" # {how}\n", key(&proposal.name), proposal.surface);
        if let Some(system) = &proposal.system {
            let _ = writeln!(text, "system = {}", quoted(system));
        }
    }
    text.insert_str(text.find("\n[warehouse]").map_or(0, |position| position + 1), &domains(own_domains));
    text.push_str(EXAMPLES);
    text
}

fn domains(own_domains: &[String]) -> String {
    if own_domains.is_empty() {
        return "# own_domains = [\"example.com\"] # our own domains: records on them are internal, not customers\n\n"
            .to_owned();
    }
    let list = own_domains.iter().map(|domain| quoted(domain)).collect::<Vec<_>>().join(", ");
    format!(
        "# Our own domains: records on them are internal, not customers (inferred from the CRM's and support's own users).\nown_domains = [{list}]\n\n"
    )
}

const EXAMPLES: &str = r#"
# What a person can state, besides:
#
# [sources.NAME.tables.TABLE]              # a table that was taken for something else, or not recognised
# role = "account"                         # or person, subscription, invoice, ticket, event, other ...
# primary_key = ["id"]
# concepts = { company_nm = "account.name", www = "account.website", junk = "" }
#
# [[exclude]]                              # records that take no part
# source = "salesforce"
# field = "account.name"
# value = "*test*"
# reason = "test tenants"
#
# [resolve]
# account_threshold = 0.95                 # chosen by the model unless stated
# review_floor = 0.05                      # from here up to the threshold, a person is asked
#
# [[resolve.rules]]                        # a bar for pairs; `fourfold test` runs its examples
# name = "one name in two countries"
# kind = "account"                         # or person
# same = ["name"]                          # domain, email, phone, street, postal_code, city, country, id, title, industry
# differ = ["country"]
# verdict = "different"
# examples = [{ left = "salesforce.account:001", right = "stripe.customer:cus_1", verdict = "different" }]
#
# [survivorship]
# "accounts.name" = { rule = "priority", sources = ["crm", "billing"] }
# "accounts.owner" = { rule = "source", sources = ["salesforce"] }
#
# [links.NAME]                             # where a source shows its records: `o` on the review screen opens them
# host = "acme.lightning.force.com"        # of Salesforce, Zendesk, Zuora
# account = "1234567"                      # the HubSpot portal, the Intercom workspace, the Recurly site
# tables = { customers = "https://crm.example.com/customers/{pk}" }
#
# [review]
# sample = 12                              # pairs drawn from each stratum, for precision and recall
"#;

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A key of a table header, quoted where TOML asks for it.
fn key(name: &str) -> String {
    let bare = !name.is_empty()
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_' || character == '-');
    if bare { name.to_owned() } else { quoted(name) }
}
