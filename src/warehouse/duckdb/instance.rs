//! Which database files does this process hold, and how is one opened exactly once?
//!
//! DuckDB guards a file by a lock that belongs to the process: a second instance in the same process would be let in and
//! could damage the file, and closing it would drop the lock of the first. So every open in this process goes through one
//! register, and opens of the same file share one instance, closed with its last user while the register is held.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use duckdb::{Config, Connection, InterruptHandle};

use super::{DuckDbOptions, failure};
use crate::error::{Context, Error, ErrorKind, Result};
use crate::warehouse::Dialect;

/// What a file is called inside DuckDB when it cannot be called after its stem.
const SUBSTITUTE: &str = "fourfold_file";

static HELD: LazyLock<Mutex<BTreeMap<PathBuf, Held>>> = LazyLock::new(|| Mutex::new(BTreeMap::new()));

struct Held {
    instance: Arc<Instance>,
    users: usize,
}

/// One open database with its connections.
pub(super) struct Instance {
    /// What the file is called inside DuckDB.
    catalog: String,
    read_only: bool,
    first: Mutex<Connection>,
    idle: Mutex<Vec<Connection>>,
    interrupts: Interrupts,
}

/// The handles that stop what runs on an instance. They do not keep it open.
pub(super) type Interrupts = Arc<Mutex<Vec<Arc<InterruptHandle>>>>;

impl Instance {
    /// Opens `path`, or memory when there is none.
    fn open(path: Option<&Path>, options: &DuckDbOptions) -> Result<Self> {
        let shown = path.unwrap_or(Path::new(":memory:"));
        let fail = |cause| failure::opening(shown, options.read_only, cause);
        let target = match path {
            None => ":memory:".to_owned(),
            Some(path) => path
                .to_str()
                .ok_or_else(|| Error::config(format!("the path {} is not UTF-8", path.display())))?
                .to_owned(),
        };
        let mut config = Config::default().enable_autoload_extension(false).map_err(fail)?;
        if let Some(threads) = options.threads {
            config = config.threads(i64::try_from(threads.max(1)).unwrap_or(1)).map_err(fail)?;
        }
        if let Some(memory) = &options.memory {
            config = config.max_memory(memory).map_err(fail)?;
        }
        if path.is_some() {
            config = config.with("temp_directory", format!("{target}.tmp")).map_err(fail)?;
        }
        let connection = Connection::open_in_memory_with_flags(config).map_err(fail)?;
        let target = format!("'{}'", target.replace('\'', "''"));
        let mode = if options.read_only && path.is_some() { " (READ_ONLY)" } else { "" };
        let catalog = attach(&connection, &target, mode, &wanted_catalog(path)).map_err(fail)?;
        let interrupt = connection.interrupt_handle();
        Ok(Self {
            catalog,
            read_only: options.read_only,
            first: Mutex::new(connection),
            idle: Mutex::new(Vec::new()),
            interrupts: Arc::new(Mutex::new(vec![interrupt])),
        })
    }

    /// A connection of its own for one statement: statements may run inside the sink of another.
    pub(super) fn lease(self: &Arc<Self>) -> Result<Lease> {
        let idle = held(&self.idle).pop();
        let connection = if let Some(connection) = idle {
            connection
        } else {
            let connection = held(&self.first)
                .try_clone()
                .and_then(|connection| connection.execute_batch(&in_use(&self.catalog)).map(|()| connection))
                .context(ErrorKind::Warehouse, || "DuckDB gave no further connection".to_owned())?;
            held(&self.interrupts).push(connection.interrupt_handle());
            connection
        };
        Ok(Lease { connection: Some(connection), instance: Arc::clone(self) })
    }

    /// What the file is called inside DuckDB.
    pub(super) fn catalog(&self) -> &str {
        &self.catalog
    }

    /// The handles of all connections, also of those still to come.
    pub(super) fn interrupts(&self) -> Interrupts {
        Arc::clone(&self.interrupts)
    }
}

/// DuckDB calls a file after its stem, and views in it that dbt built say that name. But a file `salesforce.duckdb` with a
/// schema `salesforce` makes every `salesforce.account` ambiguous; such a file gets another name, as does one called like
/// something of DuckDB's or ours.
fn wanted_catalog(path: Option<&Path>) -> String {
    let stem = path.and_then(Path::file_stem).and_then(|stem| stem.to_str()).unwrap_or(SUBSTITUTE);
    let taken = ["memory", "system", "temp", "main", "fourfold", "information_schema", "pg_catalog"];
    if stem.is_empty() || taken.iter().any(|name| stem.eq_ignore_ascii_case(name)) {
        return SUBSTITUTE.to_owned();
    }
    stem.to_owned()
}

/// Attaches a file and returns what it is called.
fn attach(connection: &Connection, target: &str, mode: &str, wanted: &str) -> duckdb::Result<String> {
    let attach = |name: &str| {
        let quoted = Dialect::DuckDb.quote(name);
        connection.execute_batch(&format!("ATTACH {target} AS {quoted}{mode}; {}", in_use(name)))
    };
    attach(wanted)?;
    let sql = "SELECT count(*) FROM duckdb_schemas() WHERE database_name = $1 AND lower(schema_name) = lower($1)";
    let ambiguous: i64 = connection.query_row(sql, [wanted], |row| row.get(0))?;
    if ambiguous == 0 {
        return Ok(wanted.to_owned());
    }
    connection.execute_batch(&format!("USE memory; DETACH {}", Dialect::DuckDb.quote(wanted)))?;
    attach(SUBSTITUTE).map(|()| SUBSTITUTE.to_owned())
}

fn in_use(catalog: &str) -> String {
    format!("USE {}", Dialect::DuckDb.quote(catalog))
}

/// A connection that goes back when it is dropped. The last one returned is the first one lent, so that one thread always
/// gets the same connection.
pub(super) struct Lease {
    connection: Option<Connection>,
    instance: Arc<Instance>,
}

impl Lease {
    /// The connection.
    pub(super) fn connection(&self) -> Result<&Connection> {
        self.connection.as_ref().ok_or_else(|| Error::internal("a DuckDB connection was used after its return"))
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            held(&self.instance.idle).push(connection);
        }
    }
}

/// One user's hold on an instance.
pub(super) struct Hold {
    key: Option<PathBuf>,
    instance: Option<Arc<Instance>>,
}

impl Hold {
    /// Opens a file or joins those who have it open in this process.
    pub(super) fn file(path: &Path, options: &DuckDbOptions) -> Result<Self> {
        let key = canonical(path)?;
        let mut register = held(&HELD);
        if let Some(entry) = register.get_mut(&key) {
            if entry.instance.read_only && !options.read_only {
                return Err(Error::new(
                    ErrorKind::Locked,
                    format!("{} is open for reading in this process", path.display()),
                )
                .hint("Close the reader first."));
            }
            entry.users += 1;
            return Ok(Self { key: Some(key), instance: Some(Arc::clone(&entry.instance)) });
        }
        let instance = Arc::new(Instance::open(Some(&key), options)?);
        register.insert(key.clone(), Held { instance: Arc::clone(&instance), users: 1 });
        Ok(Self { key: Some(key), instance: Some(instance) })
    }

    /// A database in memory, shared with nobody.
    pub(super) fn memory(options: &DuckDbOptions) -> Result<Self> {
        Ok(Self { key: None, instance: Some(Arc::new(Instance::open(None, options)?)) })
    }

    /// The instance.
    pub(super) fn instance(&self) -> Result<&Arc<Instance>> {
        self.instance.as_ref().ok_or_else(|| Error::internal("a DuckDB instance was used after its end"))
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let Some(key) = &self.key else { return };
        let mut register = held(&HELD);
        drop(self.instance.take());
        if let Some(entry) = register.get_mut(key) {
            entry.users -= 1;
            if entry.users == 0 {
                // The last reference goes here, under the register's lock: nobody opens the file while it closes.
                register.remove(key);
            }
        }
    }
}

fn canonical(path: &Path) -> Result<PathBuf> {
    if let Ok(whole) = path.canonicalize() {
        return Ok(whole);
    }
    let (parent, name) = (path.parent().unwrap_or(Path::new("")), path.file_name());
    let name = name.ok_or_else(|| Error::config(format!("{} names no file", path.display())))?;
    let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
    let parent =
        parent.canonicalize().context(ErrorKind::NotFound, || format!("there is no directory {}", parent.display()))?;
    Ok(parent.join(name))
}

/// Takes a lock; a panic elsewhere does not spoil these values.
pub(super) fn held<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
