//! Runs: when what was scanned with which lexicon and settings.

use std::collections::BTreeMap;

use rusqlite::params;

use super::window::{Scan, drop_unopened, set_vanished};
use super::{Changes, Store, clock, failed, rows};
use crate::document::content_id;
use crate::error::Result;
use crate::lexicon::Lexicon;

/// What a run is begun with.
#[derive(Clone, Debug)]
pub struct RunInfo {
    /// Version of the program.
    pub version: String,
    /// Id, version and hash of the lexicon.
    pub lexicon: [String; 3],
    /// Settings that the results depend on.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// Versions of what reads the formats.
    pub readers: String,
}

impl RunInfo {
    /// With the running program and a lexicon.
    #[must_use]
    pub fn new(lexicon: &Lexicon, settings: BTreeMap<String, serde_json::Value>) -> Self {
        let readers: Vec<String> = crate::extract::EXTRACTORS
            .iter()
            .map(|e| format!("{} {}", e.name(), e.version()))
            .collect();
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            lexicon: [
                lexicon.manifest.id.clone(),
                lexicon.manifest.version.clone(),
                lexicon.hash.clone(),
            ],
            settings,
            readers: readers.join(", "),
        }
    }

    /// Hash of all that results depend on beside the documents: what was read with another one is read again.
    #[must_use]
    pub fn engine(&self) -> String {
        let Self {
            version,
            lexicon,
            settings,
            readers,
        } = self;
        let settings: Vec<String> = settings.iter().map(|(k, v)| format!("{k}={v}")).collect();
        content_id(format!("{version}\0{}\0{settings:?}\0{readers}", lexicon[2]).as_bytes())
    }
}

/// A run as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RunRow {
    /// Number.
    pub id: i64,
    /// When it began (ISO, UTC).
    pub started: String,
    /// When it ended; empty while it runs, or when it was interrupted.
    pub finished: String,
    /// `running`, `done` or `interrupted`.
    pub state: String,
    /// Version of the program.
    pub version: String,
    /// Id and version of the lexicon.
    pub lexicon: String,
    /// Its hash.
    pub lexicon_hash: String,
    /// What it found, by name.
    pub counts: BTreeMap<String, usize>,
}

impl Store {
    /// Begins a run. Those before it that did not end were interrupted: what they left is used and then removed.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn begin(&mut self, info: &RunInfo) -> Result<Scan> {
        let engine = info.engine();
        let [lexicon, version, hash] = &info.lexicon;
        let run = self.atomically(|connection| {
            connection
                .execute_batch(
                    "UPDATE runs SET state = 'interrupted' WHERE state = 'running';
                     UPDATE files SET state = 'old' WHERE state = 'reading';
                     -- Of what several interrupted runs have read the last is enough.
                     DELETE FROM documents WHERE file IN (SELECT id FROM files WHERE state = 'old') AND seq NOT IN
                        (SELECT max(seq) FROM documents WHERE file IN (SELECT id FROM files WHERE state = 'old') GROUP BY content);",
                )
                .map_err(failed)?;
            connection
                .execute(
                    "INSERT INTO runs (started, state, version, lexicon, lexicon_version, lexicon_hash, engine, settings) VALUES (?1, 'running', ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![clock::now(), info.version, lexicon, version, hash, engine, rows::json(&info.settings)?],
                )
                .map_err(failed)?;
            Ok(connection.last_insert_rowid())
        })?;
        Ok(Scan::new(run, engine))
    }

    /// Ends the reading of a run: marks what has vanished, and removes what was replaced.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn settle(&mut self, scan: &mut Scan) -> Result<()> {
        let now = clock::now();
        self.atomically(|connection| {
            for gone in scan.gone.values().flatten().filter(|g| !g.vanished) {
                // Of what could never be opened there is nothing to keep.
                if !drop_unopened(connection, gone.id)? {
                    set_vanished(connection, gone.id, &now)?;
                    scan.changes.vanished += 1;
                }
            }
            connection
                .execute_batch(
                    "DELETE FROM documents WHERE file IN (SELECT id FROM files WHERE state = 'old');
                     DELETE FROM files WHERE state = 'old';",
                )
                .map_err(failed)?;
            scan.gone.clear();
            Ok(())
        })
    }

    /// Ends a run.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn finish(&mut self, scan: &Scan) -> Result<Changes> {
        let counts = rows::json(&scan.changes.named())?;
        let run = scan.run;
        self.atomically(|connection| {
            connection
                .execute(
                    "UPDATE runs SET state = 'done', finished = ?2, counts = ?3 WHERE id = ?1",
                    params![run, clock::now(), counts],
                )
                .map(drop)
                .map_err(failed)
        })?;
        self.keep_counts()?;
        Ok(scan.changes.clone())
    }

    /// All runs, the last one first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn runs(&self) -> Result<Vec<RunRow>> {
        let mut statement = self
            .connection
            .prepare(
                "SELECT id, started, coalesce(finished, ''), state, version, lexicon || ' ' || lexicon_version, lexicon_hash, counts FROM runs ORDER BY id DESC",
            )
            .map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        let mut runs = Vec::new();
        while let Some(row) = found.next().map_err(failed)? {
            let text = |column| rows::text(row, column).map(str::to_owned);
            runs.push(RunRow {
                id: row.get(0).map_err(failed)?,
                started: text(1)?,
                finished: text(2)?,
                state: text(3)?,
                version: text(4)?,
                lexicon: text(5)?,
                lexicon_hash: text(6)?,
                counts: rows::parse(rows::text(row, 7)?)?,
            });
        }
        Ok(runs)
    }
}
