//! How much is in a store.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::documents::{FROM, WHOLE};
use super::{Store, failed, rows};
use crate::document::Status;
use crate::error::Result;
use crate::score::Label;

/// How many of what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Documents.
    pub documents: usize,
    /// Documents by status.
    pub by_status: BTreeMap<Status, usize>,
    /// Documents by label.
    pub by_label: BTreeMap<Label, usize>,
    /// Documents that were not read, or not in full, and are still there.
    pub unread: usize,
    /// Documents of files that are not where they were any more.
    pub vanished: usize,
    /// Findings, suppressed ones too.
    pub findings: usize,
    /// Findings that count.
    pub active: usize,
    /// Dossiers.
    pub dossiers: usize,
    /// Dossiers by label.
    pub dossiers_by_label: BTreeMap<Label, usize>,
}

impl Counts {
    /// Documents of a status.
    #[must_use]
    pub fn status(&self, status: Status) -> usize {
        self.by_status.get(&status).copied().unwrap_or(0)
    }

    /// Dossiers of a label.
    #[must_use]
    pub fn dossiers(&self, label: Label) -> usize {
        self.dossiers_by_label.get(&label).copied().unwrap_or(0)
    }

    /// By the names of the manifest.
    #[must_use]
    pub fn named(&self) -> BTreeMap<String, usize> {
        let mut named = BTreeMap::from([
            ("documents".to_owned(), self.documents),
            ("findings".to_owned(), self.findings),
            ("active".to_owned(), self.active),
            ("vanished".to_owned(), self.vanished),
        ]);
        for (status, n) in &self.by_status {
            named.insert(format!("status_{}", status.as_str()), *n);
        }
        for (label, n) in &self.by_label {
            named.insert(format!("label_{}", label.as_str()), *n);
        }
        named
    }
}

impl Store {
    /// How many documents and dossiers of each kind there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn counts(&self) -> Result<Counts> {
        let changes = self.changes()?;
        let kept = self
            .connection
            .query_row("SELECT value FROM state WHERE key = 'counts'", [], |row| {
                row.get::<_, String>(0)
            })
            .optional()
            .map_err(failed)?;
        if let Some(kept) = kept
            && let Ok((at, counts)) = serde_json::from_str::<(i64, Counts)>(&kept)
            && at == changes
        {
            return Ok(counts);
        }
        self.count()
    }

    /// Keeps the counts, so that they need not be made from all documents again.
    pub(super) fn keep_counts(&mut self) -> Result<()> {
        let value = rows::json(&(self.changes()?, self.counts()?))?;
        self.atomically(|connection| {
            connection
                .execute(
                    "INSERT OR REPLACE INTO state VALUES ('counts', ?1)",
                    params![value],
                )
                .map(drop)
                .map_err(failed)
        })
    }

    /// How many documents have a note on quality that begins so.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn noted(&self, note: &str) -> Result<usize> {
        let query = format!(
            "SELECT count(*) {FROM} WHERE {WHOLE} AND EXISTS (SELECT 1 FROM json_each(record, '$.quality') WHERE value LIKE ?1 || '%')"
        );
        self.connection
            .query_row(&query, [note], |row| row.get(0))
            .map_err(failed)
    }

    /// The first dossiers, in reading order, that hold a sign of suicide risk.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn urgent(&self, most: usize) -> Result<Vec<String>> {
        self.connection
            .prepare("SELECT name FROM dossiers WHERE record <> '' AND record ->> 'urgent' ORDER BY rank, name LIMIT ?1")
            .and_then(|mut s| s.query_map([most], |row| row.get(0))?.collect())
            .map_err(failed)
    }

    /// How many dossiers hold a sign of suicide risk.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn urgents(&self) -> Result<usize> {
        self.connection
            .query_row(
                "SELECT count(*) FROM dossiers WHERE record <> '' AND record ->> 'urgent'",
                [],
                |row| row.get(0),
            )
            .map_err(failed)
    }

    fn count(&self) -> Result<Counts> {
        let mut counts = Counts::default();
        let query = format!(
            "SELECT status, label, files.state = 'vanished', count(*), sum(all_findings), sum(active_findings), sum(unread AND files.state = 'present') {FROM} WHERE {WHOLE} GROUP BY 1, 2, 3"
        );
        let mut statement = self.connection.prepare(&query).map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            let n: usize = row.get(3).map_err(failed)?;
            *counts
                .by_status
                .entry(named(rows::text(row, 0)?)?)
                .or_default() += n;
            if let Some(label) = row.get::<_, Option<String>>(1).map_err(failed)? {
                *counts.by_label.entry(named(&label)?).or_default() += n;
            }
            counts.documents += n;
            counts.vanished += if row.get(2).map_err(failed)? { n } else { 0 };
            counts.findings += row.get::<_, usize>(4).map_err(failed)?;
            counts.unread += row.get::<_, usize>(6).map_err(failed)?;
            counts.active += row.get::<_, usize>(5).map_err(failed)?;
        }
        let mut statement = self
            .connection
            .prepare("SELECT label, count(*) FROM dossiers WHERE record <> '' GROUP BY label")
            .map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            let n: usize = row.get(1).map_err(failed)?;
            counts.dossiers += n;
            if let Some(label) = row.get::<_, Option<String>>(0).map_err(failed)? {
                *counts.dossiers_by_label.entry(named(&label)?).or_default() += n;
            }
        }
        Ok(counts)
    }
}

/// A status or label by its name.
fn named<T: DeserializeOwned>(name: &str) -> Result<T> {
    rows::parse_one(&format!("\"{name}\""))
}
