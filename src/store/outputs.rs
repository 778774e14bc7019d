//! Files that were made of the store: which are up to date, and which may hold what is to be forgotten.

use std::path::{Path, PathBuf};

use rusqlite::params;

use super::{Store, failed};
use crate::error::Result;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A report of a scan: made again when the store changes.
    Report,
    /// An export, made when asked for.
    Export,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Export => "export",
        }
    }
}

impl Store {
    /// Whether a file was made with the same settings of the store as it is now, and is still there.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_current(&self, file: &Path, settings: &str) -> Result<bool> {
        let known: bool = self
            .connection
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM outputs WHERE file = ?1 AND settings = ?2 AND changes = (SELECT CAST(value AS INTEGER) FROM state WHERE key = 'changes'))",
            )
            .and_then(|mut s| s.query_row(params![name(file), settings], |row| row.get(0)))
            .map_err(failed)?;
        Ok(known && file.is_file())
    }

    /// Notes that a file was made of the store as it was after so many [`changes`](Self::changes).
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn made(&mut self, file: &Path, kind: Kind, settings: &str, changes: i64) -> Result<()> {
        self.atomically(|connection| {
            connection
                .execute(
                    "INSERT OR REPLACE INTO outputs VALUES (?1, ?2, ?3, ?4)",
                    params![name(file), kind.as_str(), changes, settings],
                )
                .map(drop)
                .map_err(failed)
        })
    }

    /// The files of a kind that were made.
    pub(super) fn outputs(&self, kind: Kind) -> Result<Vec<PathBuf>> {
        let mut statement = self
            .connection
            .prepare("SELECT file FROM outputs WHERE kind = ?1 ORDER BY file")
            .map_err(failed)?;
        let found = statement
            .query_map([kind.as_str()], |row| row.get::<_, String>(0))
            .map_err(failed)?;
        found
            .map(|f| f.map(PathBuf::from).map_err(failed))
            .collect()
    }
}

/// How a file is noted: wherever the program is started.
fn name(file: &Path) -> String {
    std::path::absolute(file)
        .unwrap_or_else(|_| file.to_owned())
        .to_string_lossy()
        .into_owned()
}
