//! Which connection does the user's own dbt `profiles.yml` describe?
//!
//! dbt looks in `DBT_PROFILES_DIR`, then in the project, then in `~/.dbt`; values may be written as
//! `{{ env_var('NAME', 'default') }}`. Secrets stay in the environment and in memory.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use minijinja::{Environment, ErrorKind as TemplateErrorKind};
use serde_norway::Value;

use crate::error::{Context, Error, ErrorKind, Result};

/// One target of a profile, as far as fourfold can use it.
#[derive(Clone, PartialEq, Eq)]
pub enum Target {
    /// A DuckDB file.
    Duckdb {
        /// The file as written.
        path: PathBuf,
    },
    /// A PostgreSQL server.
    Postgres {
        /// The connection URL, password included: never print it.
        url: String,
    },
}

impl std::fmt::Debug for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Duckdb { path } => formatter.debug_struct("Duckdb").field("path", path).finish(),
            Self::Postgres { .. } => formatter.write_str("Postgres { url: <hidden> }"),
        }
    }
}

/// Where dbt would find `profiles.yml` for a project in `root`.
fn find(root: &Path) -> Result<PathBuf> {
    let from_environment = std::env::var_os("DBT_PROFILES_DIR").map(PathBuf::from);
    let home = directories::BaseDirs::new().map(|base| base.home_dir().join(".dbt"));
    let candidates: Vec<PathBuf> = from_environment
        .into_iter()
        .chain([root.to_owned()])
        .chain(home)
        .map(|directory| directory.join("profiles.yml"))
        .collect();
    candidates.iter().find(|path| path.is_file()).cloned().ok_or_else(|| {
        let places = candidates.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        Error::not_found(format!("no dbt profiles.yml; looked for {places}"))
            .hint("set DBT_PROFILES_DIR, or name the connection with `fourfold init --url-env VAR`")
    })
}

/// Reads one target of a profile. Without a profile name the file must hold just one; without a target the profile's
/// own default is used.
///
/// # Errors
/// `NotFound` when the file, profile or target is missing; `Config` when it cannot be read, an environment variable is
/// not set, or the adapter is not one that fourfold speaks.
pub fn read(root: &Path, profile: Option<&str>, target: Option<&str>) -> Result<(String, Target)> {
    let path = find(root)?;
    let text = std::fs::read_to_string(&path).context(ErrorKind::Io, || format!("cannot read {}", path.display()))?;
    parse(&text, &path.display().to_string(), profile, target)
}

/// As [`read`], from the file's text; `name` is for messages.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, name: &str, profile: Option<&str>, target: Option<&str>) -> Result<(String, Target)> {
    let document: Value =
        serde_norway::from_str(text).context(ErrorKind::Config, || format!("{name} is not valid YAML"))?;
    let profiles: Vec<(&str, &Value)> = document
        .as_mapping()
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| key.as_str().filter(|key| *key != "config").map(|key| (key, value)))
        .collect();
    let names = || profiles.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
    let (profile, body) = match profile {
        Some(wanted) => profiles.iter().find(|(key, _)| *key == wanted).copied().ok_or_else(|| {
            Error::not_found(format!("{name} has no profile {wanted:?}")).hint(format!("it has: {}", names()))
        })?,
        None => match profiles.as_slice() {
            [only] => *only,
            _ => {
                return Err(Error::config(format!("{name} has several profiles; name one"))
                    .hint(format!("`fourfold init --dbt PROFILE` with one of: {}", names())));
            }
        },
    };
    let default = body.get("target").and_then(Value::as_str).map(render).transpose()?;
    let target = target.map(str::to_owned).or(default).unwrap_or_else(|| "default".to_owned());
    let output = body
        .get("outputs")
        .and_then(|outputs| outputs.get(target.as_str()))
        .ok_or_else(|| Error::not_found(format!("profile {profile:?} in {name} has no target {target:?}")))?;
    let field = |key: &str| -> Result<Option<String>> {
        output.get(key).map(|value| scalar(value).and_then(|text| render(&text))).transpose()
    };
    let adapter = field("type")?.unwrap_or_default();
    let connection = match adapter.as_str() {
        "duckdb" => Target::Duckdb { path: field("path")?.unwrap_or_else(|| ":memory:".to_owned()).into() },
        "postgres" | "redshift" => Target::Postgres { url: postgres_url(&field)? },
        other => {
            return Err(Error::config(format!(
                "profile {profile:?} uses the adapter {other:?}, which fourfold does not speak yet"
            ))
            .hint("it speaks duckdb and postgres"));
        }
    };
    Ok((profile.to_owned(), connection))
}

fn scalar(value: &Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(truth) => Ok(truth.to_string()),
        _ => Err(Error::config("a connection value in profiles.yml is not a plain value")),
    }
}

/// Renders `{{ env_var(...) }}`; the error names the variable and never its value.
fn render(text: &str) -> Result<String> {
    if !text.contains("{{") {
        return Ok(text.to_owned());
    }
    let mut environment = Environment::new();
    environment.add_function("env_var", |name: String, default: Option<String>| {
        std::env::var(&name).ok().or(default).ok_or_else(|| {
            minijinja::Error::new(
                TemplateErrorKind::UndefinedError,
                format!("the environment variable {name} is not set"),
            )
        })
    });
    environment
        .render_str(text, ())
        .map_err(|cause| Error::config("a value in profiles.yml cannot be filled in").because(cause.to_string()))
}

fn postgres_url(field: &impl Fn(&str) -> Result<Option<String>>) -> Result<String> {
    let need = |key: &str| -> Result<String> {
        field(key)?.ok_or_else(|| Error::config(format!("the postgres target in profiles.yml has no {key:?}")))
    };
    let host = need("host")?;
    let user = need("user")?;
    let database = match field("dbname")? {
        Some(database) => database,
        None => need("database")?,
    };
    let port = field("port")?.unwrap_or_else(|| "5432".to_owned());
    let password = match field("password")? {
        Some(password) => Some(password),
        None => field("pass")?,
    };
    let mut url = format!("postgres://{}", encode(&user));
    if let Some(password) = password {
        url.push(':');
        url.push_str(&encode(&password));
    }
    // Writing to a string cannot fail.
    let _ = write!(url, "@{}:{port}/{}", encode(&host), encode(&database));
    if let Some(mode) = field("sslmode")? {
        let _ = write!(url, "?sslmode={}", encode(&mode));
    }
    Ok(url)
}

/// Percent-encodes everything but the unreserved characters of RFC 3986.
fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
