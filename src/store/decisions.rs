//! What reviewers decided: only ever added to, and kept when documents are scanned again.

use rusqlite::params;

use super::{Store, failed, rows, touch};
use crate::decision::Decision;
use crate::error::Result;

impl Store {
    /// Adds a decision; it is on the disk when this returns.
    ///
    /// # Errors
    /// When the disk is full or fails, or another program is changing the store for long.
    pub fn decide(&mut self, decision: &Decision) -> Result<()> {
        self.connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(failed)?;
        let done = self.atomically(|connection| {
            let d = decision;
            let verdict = serde_json::to_value(d.verdict).unwrap_or_default();
            connection
                .execute(
                    "INSERT INTO decisions (document, dossier, text_hash, reviewer, at, verdict, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![d.document, d.dossier, d.text_hash, d.reviewer, d.at, verdict.as_str(), rows::json(d)?],
                )
                .map_err(failed)?;
            touch(connection)
        });
        self.connection
            .pragma_update(None, "synchronous", "NORMAL")
            .map_err(failed)?;
        done
    }

    /// Hands over all decisions, the earliest first.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_decision(&self, each: &mut dyn FnMut(Decision) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT record FROM decisions ORDER BY id")
            .map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            each(rows::parse_one(rows::text(row, 0)?)?)?;
        }
        Ok(())
    }
}
