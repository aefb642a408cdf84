//! What went wrong, where, and what should the reader do next?

use std::fmt;

/// The result of everything that can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What sort of failure it is; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The command line or `fourfold.toml` is wrong (exit 2).
    Config,
    /// Something asked for does not exist (exit 2).
    NotFound,
    /// The warehouse refused or went away (exit 1).
    Warehouse,
    /// Another process holds a file (exit 1).
    Locked,
    /// The data cannot be used as it is (exit 1).
    Data,
    /// The review log is damaged or cannot be written (exit 1).
    Log,
    /// A file could not be read or written (exit 1).
    Io,
    /// The user stopped it (exit 130).
    Cancelled,
    /// A fault in fourfold itself (exit 1).
    Internal,
}

/// An error that says what happened, where, why, and what to do next.
#[derive(Debug)]
pub struct Error {
    /// What sort of failure it is.
    pub kind: ErrorKind,
    /// What happened and where, as one sentence without a full stop.
    pub message: String,
    /// The cause underneath, if another library reported one.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
    /// What to do next, one sentence each.
    pub hints: Vec<String>,
}

impl Error {
    /// A new error without cause or hints.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None, hints: Vec::new() }
    }

    /// A mistake in the configuration or on the command line.
    pub fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    /// A failure of the warehouse.
    pub fn warehouse(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Warehouse, message)
    }

    /// Data that cannot be used.
    pub fn data(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Data, message)
    }

    /// A file that could not be read or written.
    pub fn io(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Io, message)
    }

    /// Something that was asked for and is not there.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// A fault in fourfold itself.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// The user stopped it.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "interrupted; nothing was published")
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(cause.into());
        self
    }

    /// The exit code of the command line contract.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self.kind {
            ErrorKind::Config | ErrorKind::NotFound => 2,
            ErrorKind::Cancelled => 130,
            _ => 1,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|cause| cause as &(dyn std::error::Error + 'static))
    }
}

/// Turns a library's error into ours, saying what was being done.
pub trait Context<T> {
    /// Names the kind and what was being done when it failed.
    ///
    /// # Errors
    /// Always the error it was given, wrapped.
    fn context(self, kind: ErrorKind, message: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: Into<Box<dyn std::error::Error + Send + Sync>>> Context<T> for std::result::Result<T, E> {
    fn context(self, kind: ErrorKind, message: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|cause| Error::new(kind, message()).because(cause))
    }
}
