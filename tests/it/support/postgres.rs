//! How do tests get a PostgreSQL server of their own?
//!
//! `initdb` makes a cluster in a temporary directory, `pg_ctl` starts it on a free port of 127.0.0.1, never as root. One server
//! serves the whole test process, each test gets a database. A watchdog shell holds a pipe to this process: when the process
//! ends, however it ends, the pipe closes, and the watchdog stops the server and removes its directory.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use fourfold::warehouse::{Postgres, Warehouse};

/// The password of the server's owner: tests look for it where it must not be.
pub const PASSWORD: &str = "correct-horse-battery";

/// A database of a test's own. It goes with the server.
pub struct TestDatabase {
    /// How to connect to it as its owner.
    pub url: String,
}

/// A running server.
pub struct Server {
    programs: PathBuf,
    directory: PathBuf,
    account: Option<(u32, u32)>,
    port: u16,
    /// Stops the server when its standard input closes, which happens at the latest with this process.
    watchdog: Child,
}

/// A fresh database on the server that all tests share.
pub fn database() -> TestDatabase {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| Server::start(&[])).database()
}

impl Server {
    /// Starts a server with settings such as `max_connections=10` besides the usual ones.
    pub fn start(settings: &[&str]) -> Self {
        Self::launch(settings, None)
    }

    /// Starts a server none of whose files may grow beyond so many blocks of 512 bytes, at least those of its log of 16 MB:
    /// for it the disk is full then.
    pub fn start_limited(blocks: u32) -> Self {
        Self::launch(&[], Some(blocks))
    }

    fn launch(settings: &[&str], blocks: Option<u32>) -> Self {
        let programs = programs();
        let directory = tempfile::Builder::new().prefix("fourfold-pg-").tempdir().unwrap().keep();
        let account = unprivileged(&directory);
        let run = |name: &str, arguments: &[&str]| {
            let limit = blocks.map_or(String::new(), |blocks| format!("trap '' XFSZ; ulimit -f {blocks}; "));
            let mut command = as_account(Command::new("sh"), account);
            command.args(["-c", &format!("{limit}exec \"$0\" \"$@\"")]).arg(programs.join(name)).args(arguments);
            command.current_dir(&directory).env("LC_ALL", "C").stdin(Stdio::null());
            command.stdout(log(&directory)).stderr(log(&directory)).process_group(0);
            command.status().unwrap_or_else(|cause| panic!("cannot start {name}: {cause}")).success()
        };
        std::fs::write(directory.join("password"), PASSWORD).unwrap();
        log(&directory);
        let data = directory.join("data");
        let data = data.to_str().expect("the temporary directory is UTF-8");
        let password = format!("--pwfile={}", directory.join("password").display());
        let common =
            ["-D", data, "-U", "fourfold", "-E", "UTF8", "-N", "--auth=scram-sha-256", &password, "--locale=C"];
        // A natural language sorts text otherwise than DuckDB does, which is what tests should meet.
        let icu = [&common[..], &["--locale-provider=icu", "--icu-locale=en-US"]].concat();
        if !run("initdb", &icu) {
            let _ = std::fs::remove_dir_all(data);
            assert!(run("initdb", &common), "initdb failed:\n{}", read_log(&directory));
        }
        let sockets = directory.to_str().unwrap();
        for _ in 0..5 {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            let mut options = format!(
                "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={sockets} -c fsync=off \
                 -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB -c max_connections=100"
            );
            for setting in settings {
                options.push_str(" -c ");
                options.push_str(setting);
            }
            if run(
                "pg_ctl",
                &["-D", data, "-w", "-t", "60", "-o", &options, "-l", &format!("{sockets}/server.log"), "start"],
            ) {
                let watchdog = watch(&programs, &directory, account);
                return Self { programs, directory, account, port, watchdog };
            }
        }
        panic!("PostgreSQL did not start:\n{}", read_log(&directory));
    }

    /// A fresh database.
    pub fn database(&self) -> TestDatabase {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::SeqCst));
        let admin = Postgres::connect(&self.url("fourfold", PASSWORD, "postgres")).expect("the test server answers");
        admin.execute(&format!("CREATE DATABASE {name} TEMPLATE template0"), &[]).expect("a database can be made");
        TestDatabase { url: self.url("fourfold", PASSWORD, &name) }
    }

    /// How to connect as someone.
    pub fn url(&self, user: &str, password: &str, database: &str) -> String {
        format!("postgres://{user}:{password}@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// Stops the server at once, as a crash would.
    pub fn crash(&self) {
        let data = self.directory.join("data");
        let mut command = as_account(Command::new(self.programs.join("pg_ctl")), self.account);
        command.arg("-D").arg(data).args(["-m", "immediate", "-w", "stop"]).current_dir(&self.directory);
        assert!(
            command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap().success(),
            "the server does not stop"
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.watchdog.stdin.take());
        let _ = self.watchdog.wait();
    }
}

/// Where `initdb` and `pg_ctl` are.
fn programs() -> PathBuf {
    let mut places: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    for parent in ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt", "/usr/pgsql"] {
        let Ok(entries) = std::fs::read_dir(parent) else { continue };
        let mut versions: Vec<PathBuf> = entries.flatten().map(|entry| entry.path().join("bin")).collect();
        versions.sort();
        places.extend(versions.into_iter().rev());
    }
    places.into_iter().find(|place| place.join("initdb").is_file() && place.join("pg_ctl").is_file()).expect(
        "these tests start a PostgreSQL server, but initdb and pg_ctl are neither in PATH nor where apt and brew put them; \
         `tests/run` installs them",
    )
}

/// The account that runs the server when this process is root: PostgreSQL refuses root. The directory becomes its own.
fn unprivileged(directory: &Path) -> Option<(u32, u32)> {
    if directory.metadata().unwrap().uid() != 0 {
        return None;
    }
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap();
    let account = |wanted: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(wanted))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let (user, group) = account("postgres").or_else(|| account("nobody")).expect("an account that is not root");
    chown(directory, Some(user), Some(group)).unwrap();
    Some((user, group))
}

fn as_account(mut command: Command, account: Option<(u32, u32)>) -> Command {
    if let Some((user, group)) = account {
        command.uid(user).gid(group);
    }
    command
}

/// A shell that waits until this process is gone.
fn watch(programs: &Path, directory: &Path, account: Option<(u32, u32)>) -> Child {
    let script = r#"read -r _; "$1/pg_ctl" -D "$2/data" -m immediate -w stop; rm -rf "$2""#;
    let mut command = as_account(Command::new("sh"), account);
    command.args(["-c", script, "watchdog"]).arg(programs).arg(directory).current_dir("/").process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("sh starts")
}

fn log(directory: &Path) -> Stdio {
    let path = directory.join("programs.log");
    std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap().into()
}

fn read_log(directory: &Path) -> String {
    ["programs.log", "server.log"]
        .iter()
        .map(|name| std::fs::read_to_string(directory.join(name)).unwrap_or_default())
        .collect()
}
