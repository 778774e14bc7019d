//! What is in a store, for whoever looks after it.

use serde::Serialize;

use super::{Counts, FILE, Order, RunRow, Store, failed};
use crate::document::Status;
use crate::error::Result;

/// What is in a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StoreStatus {
    /// Bytes of the store and its log.
    pub bytes: u64,
    /// All runs, the last one first.
    pub runs: Vec<RunRow>,
    /// Documents and dossiers.
    pub counts: Counts,
    /// Documents that were read with another lexicon, other settings or another version than the last run's.
    pub read_otherwise: usize,
    /// Decisions.
    pub decisions: usize,
    /// Dossiers and documents that were forgotten.
    pub forgotten: usize,
    /// Whether a forgetting was cut short: what was made of it may still be there.
    pub unfinished: bool,
    /// Documents that were not read, or not in full: path, status and why.
    pub unread: Vec<(String, Status, String)>,
}

impl Store {
    /// What is in the store; of what was not read the first `most`.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn status(&self, most: usize) -> Result<StoreStatus> {
        let number = |query: &str| -> Result<usize> {
            self.connection
                .query_row(query, [], |row| row.get(0))
                .map_err(failed)
        };
        let mut unread = Vec::new();
        self.each(Order::Unread, &mut |analysis| {
            let d = analysis.document;
            if unread.len() < most {
                unread.push((d.path, d.status, d.status_detail));
            }
            Ok(())
        })?;
        let bytes = self.directory.as_ref().map_or(0, |directory| {
            [FILE.to_owned(), format!("{FILE}-wal")]
                .iter()
                .filter_map(|name| directory.join(name).metadata().ok())
                .map(|m| m.len())
                .sum()
        });
        Ok(StoreStatus {
            bytes,
            runs: self.runs()?,
            counts: self.counts()?,
            read_otherwise: number(
                "SELECT count(*) FROM documents JOIN files ON files.id = file WHERE files.state IN ('present', 'vanished') AND files.engine <> (SELECT engine FROM runs ORDER BY id DESC LIMIT 1)",
            )?,
            decisions: number("SELECT count(*) FROM decisions")?,
            forgotten: number("SELECT count(*) FROM audit WHERE action = 'forget'")?,
            unfinished: self.unfinished()?.is_some(),
            unread,
        })
    }
}
