//! How is a repository read and written without touching the working tree of the person who works in it?
//!
//! Everything goes through git's own objects: files are read from a commit, a new commit is built in an index of its own, and
//! only at the end a branch is moved or a patch is written. A kill in the middle leaves nothing but unreachable objects, which
//! git tidies up itself. Arguments never pass a shell.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::{Context, Error, ErrorKind, Result};

/// A git repository.
#[derive(Debug, Clone)]
pub struct Repository {
    /// The top of the working tree.
    pub root: PathBuf,
    /// The path that was named, below the top; empty for the top itself.
    pub inside: String,
}

impl Repository {
    /// Opens the repository that holds `path`.
    ///
    /// # Errors
    /// `NotFound` when git is missing, `path` lies in no repository, or the repository has no commit.
    pub fn open(path: &Path) -> Result<Self> {
        if !path.is_dir() {
            return Err(Error::not_found(format!("there is no directory {}", path.display())));
        }
        let probe = Self { root: path.to_owned(), inside: String::new() };
        let root = probe.run(&["rev-parse", "--show-toplevel"]).map_err(|error| {
            if error.kind == ErrorKind::NotFound {
                return error;
            }
            Error::not_found(format!("{} lies in no git repository", path.display()))
                .hint("`git init` makes one; a patch is a commit on top of a first commit")
        })?;
        let inside = probe.run(&["rev-parse", "--show-prefix"])?;
        let repository = Self {
            root: PathBuf::from(root.trim_end_matches('\n')),
            inside: inside.trim().trim_end_matches('/').to_owned(),
        };
        repository.commit_of("HEAD").map_err(|_| {
            Error::not_found(format!("{} has no commit yet", repository.root.display()))
                .hint("commit what is there first: a patch is made on top of it")
        })?;
        Ok(repository)
    }

    /// Refuses a tree with changes that are not committed.
    ///
    /// # Errors
    /// `Config`, naming the first of them.
    pub fn must_be_clean(&self) -> Result<()> {
        let status = self.run(&["status", "--porcelain", "-z"])?;
        let changed: Vec<&str> =
            status.split('\0').filter_map(|line| line.get(3..)).filter(|name| !name.is_empty()).collect();
        if changed.is_empty() {
            return Ok(());
        }
        let more = if changed.len() > 5 { format!(" and {} more", changed.len() - 5) } else { String::new() };
        let first: Vec<&str> = changed.iter().take(5).copied().collect();
        Err(Error::config(format!(
            "{} has changes that are not committed: {}{more}",
            self.root.display(),
            first.join(", ")
        ))
        .hint("commit them, or put them aside with `git stash -u`"))
    }

    /// Refuses to go on without a name for the author.
    ///
    /// # Errors
    /// `Config` when git knows none. Returns name and address.
    pub fn author(&self) -> Result<(String, String)> {
        let read = |key: &str| self.run(&["config", key]).map(|text| text.trim().to_owned()).unwrap_or_default();
        let ident = self.run(&["var", "GIT_AUTHOR_IDENT"]).map_err(|_| {
            Error::config("git does not know who you are")
                .hint("git config --global user.name \"Your Name\"")
                .hint("git config --global user.email you@example.com")
        })?;
        let name = ident.split('<').next().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        let email = ident.split('<').nth(1).and_then(|rest| rest.split('>').next()).map(str::to_owned);
        Ok((name.unwrap_or_else(|| read("user.name")), email.unwrap_or_else(|| read("user.email"))))
    }

    /// The commit that a name stands for.
    ///
    /// # Errors
    /// `Config` when there is none.
    pub fn commit_of(&self, name: &str) -> Result<String> {
        self.run(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")])
            .map(|text| text.trim().to_owned())
            .map_err(|_| Error::config(format!("{} has no commit {name:?}", self.root.display())))
    }

    /// The commit of a branch; None when there is no such branch.
    ///
    /// # Errors
    /// `Config` when the name can be no branch, or the branch is checked out somewhere.
    pub fn branch(&self, name: &str) -> Result<Option<String>> {
        if self.run(&["check-ref-format", "--branch", name]).is_err() {
            return Err(Error::config(format!("{name:?} is no name for a branch")));
        }
        let worktrees = self.run(&["worktree", "list", "--porcelain"])?;
        if worktrees.lines().any(|line| line == format!("branch refs/heads/{name}")) {
            return Err(Error::config(format!("the branch {name} is checked out"))
                .hint("check out another branch, or name another one with --branch"));
        }
        Ok(self.commit_of(&format!("refs/heads/{name}")).ok())
    }

    /// The files of a commit, sorted; links and submodules are left out.
    ///
    /// # Errors
    /// `Io` when git fails.
    pub fn files(&self, commit: &str) -> Result<Vec<String>> {
        let listed = self.run(&["ls-tree", "-r", "-z", "--full-tree", commit])?;
        Ok(listed
            .split('\0')
            .filter_map(|line| line.split_once('\t'))
            .filter(|(about, _)| about.starts_with("100"))
            .map(|(_, path)| path.to_owned())
            .collect())
    }

    /// The texts of some files of a commit; those that are not UTF-8 are left out.
    ///
    /// # Errors
    /// `Io` when git fails.
    pub fn read(&self, commit: &str, paths: &[String]) -> Result<BTreeMap<String, String>> {
        let asked: String = paths.iter().map(|path| [commit, ":", path, "\n"].concat()).collect();
        let output = self.feed(&["cat-file", "--batch"], asked.as_bytes(), &[])?;
        let mut found = BTreeMap::new();
        let mut rest = output.as_slice();
        for path in paths {
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { break };
            let head = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            let Some(size) = head.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok()) else { continue };
            let size = size.min(rest.len());
            if let Ok(text) = std::str::from_utf8(&rest[..size]) {
                found.insert(path.clone(), text.to_owned());
            }
            rest = rest.get(size + 1..).unwrap_or_default();
        }
        Ok(found)
    }

    /// A commit on top of `base` with some files changed; None when nothing differs. No branch moves.
    ///
    /// # Errors
    /// `Io` when git fails.
    pub fn commit(&self, base: &str, files: &BTreeMap<String, String>, message: &str) -> Result<Option<String>> {
        let directory = self.run(&["rev-parse", "--absolute-git-dir"])?;
        let index = Path::new(directory.trim_end_matches('\n')).join(format!("fourfold-index-{}", std::process::id()));
        let made = self.commit_in(&index, base, files, message);
        let _ = std::fs::remove_file(&index);
        made
    }

    fn commit_in(
        &self,
        index: &Path,
        base: &str,
        files: &BTreeMap<String, String>,
        message: &str,
    ) -> Result<Option<String>> {
        let own_index = [("GIT_INDEX_FILE", index.as_os_str())];
        self.feed(&["read-tree", base], &[], &own_index)?;
        for (path, text) in files {
            let blob = self.feed(&["hash-object", "-w", "--stdin"], text.as_bytes(), &own_index)?;
            let blob = String::from_utf8_lossy(&blob).trim().to_owned();
            self.feed(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")], &[], &own_index)?;
        }
        let tree = self.feed(&["write-tree"], &[], &own_index)?;
        let tree = String::from_utf8_lossy(&tree).trim().to_owned();
        if tree == self.run(&["rev-parse", &format!("{base}^{{tree}}")])?.trim() {
            return Ok(None);
        }
        let commit = self.feed(&["commit-tree", &tree, "-p", base, "-F", "-"], message.as_bytes(), &[])?;
        Ok(Some(String::from_utf8_lossy(&commit).trim().to_owned()))
    }

    /// What a commit changes, to read.
    ///
    /// # Errors
    /// `Io` when git fails.
    pub fn diff(&self, commit: &str) -> Result<String> {
        self.run(&["diff", "--no-color", "--no-ext-diff", &format!("{commit}^"), commit])
    }

    /// Moves a branch to a commit, from where it stood.
    ///
    /// # Errors
    /// `Config` when it was moved by somebody else meanwhile.
    pub fn move_branch(&self, name: &str, commit: &str, before: Option<&str>) -> Result<()> {
        let zero = "0".repeat(commit.len());
        self.run(&["update-ref", "-m", "fourfold ship", &format!("refs/heads/{name}"), commit, before.unwrap_or(&zero)])
            .map(|_| ())
    }

    /// A commit as a mail that `git am` takes.
    ///
    /// # Errors
    /// `Io` when git fails.
    pub fn patch(&self, commit: &str) -> Result<String> {
        self.run(&[
            "format-patch",
            "-1",
            "--stdout",
            "--no-signature",
            "--no-color",
            "--no-ext-diff",
            "--full-index",
            "--binary",
            commit,
        ])
    }

    fn run(&self, arguments: &[&str]) -> Result<String> {
        let output = self.feed(arguments, &[], &[])?;
        String::from_utf8(output)
            .context(ErrorKind::Io, || format!("`git {}` answered what is not UTF-8", arguments.first().unwrap_or(&"")))
    }

    fn feed(&self, arguments: &[&str], input: &[u8], environment: &[(&str, &std::ffi::OsStr)]) -> Result<Vec<u8>> {
        let named = || format!("git {}", arguments.first().unwrap_or(&""));
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .args(["-c", "core.quotepath=off", "-c", "core.fsmonitor=false"])
            .args(arguments);
        command.env("LC_ALL", "C").env("GIT_TERMINAL_PROMPT", "0").env_remove("GIT_INDEX_FILE");
        command.envs(environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|cause| {
            if cause.kind() == std::io::ErrorKind::NotFound {
                return Error::not_found("the program git is not here")
                    .hint("install git; `fourfold ship` writes its patches with it");
            }
            Error::io(format!("cannot start `{}`", named())).because(cause)
        })?;
        let pipes = (child.stdin.take(), child.stderr.take());
        let (Some(mut stdin), Some(mut stderr)) = pipes else {
            return Err(Error::internal("git was started without pipes"));
        };
        let mut answer = Vec::new();
        let mut complaint = String::new();
        std::thread::scope(|scope| -> Result<()> {
            let writer = scope.spawn(move || stdin.write_all(input));
            let listener = scope.spawn(|| stderr.read_to_string(&mut complaint));
            if let Some(mut stdout) = child.stdout.take() {
                stdout.read_to_end(&mut answer).context(ErrorKind::Io, || format!("cannot read from `{}`", named()))?;
            }
            // A program that has heard enough closes its input early; what it answers decides.
            let _ = writer.join();
            let _ = listener.join();
            Ok(())
        })?;
        let status = child.wait().context(ErrorKind::Io, || format!("cannot wait for `{}`", named()))?;
        if status.success() {
            return Ok(answer);
        }
        let first =
            complaint.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason").trim().to_owned();
        Err(Error::io(format!("`{}` failed: {first}", named())))
    }
}
