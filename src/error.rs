//! Typed errors and diagnostics. Messages are lower case, say what to do, and never hold case text.

use std::fmt;
use std::path::PathBuf;

/// What went wrong, with its place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The lexicon has problems; all of them are listed.
    #[error("the lexicon has {} problem(s):\n{}", .0.len(), list(.0))]
    Lexicon(Vec<Diagnostic>),
    /// A file could not be read or written.
    #[error("{action} {}: {source}{}", path.display(), advice(source))]
    Io {
        /// What was tried: `read`, `write`, ...
        action: &'static str,
        /// Which file.
        path: PathBuf,
        /// The system's answer.
        source: std::io::Error,
    },
    /// A setting or argument does not hold.
    #[error("{0}")]
    Usage(String),
    /// Gold data has problems; all of them are listed.
    #[error("the gold data has {} problem(s):\n{}", .0.len(), list(.0))]
    Gold(Vec<Diagnostic>),
    /// The store cannot be opened, read or written.
    #[error("store: {0}")]
    Store(String),
    /// Asked to stop.
    #[error("interrupted; what is done is kept, the same command goes on from here")]
    Interrupted,
    /// Output could not be made.
    #[error("output: {0}")]
    Output(String),
}

/// Short form of results of this library.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// Wraps an I/O error with what was tried and where.
    pub fn io(
        action: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

/// What to do about an answer of the system.
fn advice(source: &std::io::Error) -> &'static str {
    use std::io::ErrorKind as Kind;
    match source.kind() {
        Kind::PermissionDenied => {
            "; this account has no right to: take another folder, or ask who owns it"
        }
        Kind::StorageFull => "; the disk is full: make room and run the same command again",
        Kind::ReadOnlyFilesystem => "; nothing can be written there: take another folder",
        _ => "",
    }
}

fn list(diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|d| format!("  {d}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// One problem in a data file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// File, relative to the lexicon or as given.
    pub file: String,
    /// Line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// Column in code points, from 1; 0 when the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column.max(1))?;
        }
        write!(f, ": {}", self.message)?;
        if !self.help.is_empty() {
            write!(f, "\n      hint: {}", self.help)?;
        }
        Ok(())
    }
}
