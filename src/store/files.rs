//! Files: which are new, changed, moved, as before, or gone.

use std::collections::BTreeMap;
use std::fs::Metadata;

use rusqlite::{OptionalExtension, params};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::window::Reading;
use super::{Scan, Store, clock, failed};
use crate::error::Result;

/// What the file system says of a file: while it stays the same, so does its content.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stat {
    /// Bytes.
    pub size: u64,
    /// When its content changed, in nanoseconds since 1970.
    pub modified: i64,
    /// When its content, name or rights changed, in nanoseconds since 1970; on systems without it 0.
    pub changed: i64,
}

impl Stat {
    /// Of a file's metadata.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().ok();
        let modified = modified.and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        #[cfg(unix)]
        let changed = {
            use std::os::unix::fs::MetadataExt;
            (metadata.ctime().saturating_mul(1_000_000_000)).saturating_add(metadata.ctime_nsec())
        };
        #[cfg(not(unix))]
        let changed = 0;
        Self {
            size: metadata.len(),
            modified: modified.map_or(0, |t| i64::try_from(t.as_nanos()).unwrap_or(i64::MAX)),
            changed,
        }
    }

    /// Whether it can be relied on later: a change in the same tick of the clock would not show in the times of a file.
    pub(super) fn is_settled(&self) -> bool {
        const TICK: i64 = 2_000_000_000;
        self.modified.max(self.changed) < clock::nanoseconds() - TICK
    }
}

/// A file as the inputs have it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Where it lies.
    pub location: String,
    /// Its path as recorded.
    pub path: String,
    /// Its dossier.
    pub dossier: String,
    /// Its size and times.
    pub stat: Stat,
    /// Whether it is a folder or link that could not be opened: nothing is known of what lies below it.
    pub is_barred: bool,
}

/// How files are compared with those in the store.
#[derive(Clone, Copy)]
pub struct Comparison<'a> {
    /// Compares the content of all files, not only of those whose size or times have changed.
    pub verify: bool,
    /// Passwords are there: encrypted files are tried again.
    pub passwords: bool,
    /// Whether a file at a location would have been found.
    pub covers: &'a dyn Fn(&str) -> bool,
}

impl std::fmt::Debug for Comparison<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Comparison")
            .field("verify", &self.verify)
            .finish_non_exhaustive()
    }
}

/// What is to be read.
#[derive(Debug, Default)]
pub struct Plan {
    /// Number of the input, and the hash that it has if it was not changed; empty when it is to be read in any case.
    pub reads: Vec<(usize, String)>,
    /// Documents whose analysis is in the store.
    pub known: Known,
}

/// Rows of documents by the content that their analysis follows from.
#[derive(Clone, Debug, Default)]
pub struct Known(FxHashMap<i64, i64>);

impl Known {
    /// The row of a document with this [`content_key`](super::content_key).
    #[must_use]
    pub fn row(&self, content: i64) -> Option<i64> {
        self.0.get(&content).copied()
    }
}

/// What a scan found of the files, beside those that were as before. Numbers of files, but for `scanned` and `known`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// Not there before.
    pub new: usize,
    /// With another content.
    pub changed: usize,
    /// With the same content under another path.
    pub moved: usize,
    /// As before, but read again: with another lexicon, other settings, by another version, or because it could not be read.
    pub again: usize,
    /// As before.
    pub unchanged: usize,
    /// There before, not any more.
    pub vanished: usize,
    /// In the store from other inputs, and not looked for now.
    pub elsewhere: usize,
    /// In folders that cannot be opened now.
    pub barred: usize,
    /// Documents that were analysed.
    pub scanned: usize,
    /// Documents of files that were read whose analysis was known.
    pub known: usize,
}

impl Changes {
    /// Whether all is as it was.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.new + self.changed + self.moved + self.again + self.vanished == 0
    }

    /// By the names of the manifest.
    #[must_use]
    pub fn named(&self) -> BTreeMap<String, usize> {
        BTreeMap::from([
            ("files_new".to_owned(), self.new),
            ("files_changed".to_owned(), self.changed),
            ("files_moved".to_owned(), self.moved),
            ("files_read_again".to_owned(), self.again),
            ("files_unchanged".to_owned(), self.unchanged),
            ("files_vanished".to_owned(), self.vanished),
            ("files_elsewhere".to_owned(), self.elsewhere),
            ("files_barred".to_owned(), self.barred),
            ("documents_scanned".to_owned(), self.scanned),
            ("documents_known".to_owned(), self.known),
        ])
    }
}

/// A file that is not where it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gone {
    pub(super) id: i64,
    /// Known to be gone.
    pub(super) vanished: bool,
    /// Read with the same program version, lexicon and settings.
    pub(super) same_engine: bool,
}

/// A file as it was read before.
#[derive(Debug)]
pub(super) struct Before {
    pub(super) id: i64,
    path: String,
    dossier: String,
    stat: Stat,
    pub(super) hash: String,
    retry: String,
    pub(super) engine: String,
    pub(super) vanished: bool,
}

impl Store {
    /// Compares files with those of earlier scans: which are to be read, and which are gone.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn plan(
        &mut self,
        scan: &mut Scan,
        files: impl Iterator<Item = Seen>,
        comparison: &Comparison<'_>,
    ) -> Result<Plan> {
        let mut plan = Plan::default();
        // Files that may be sources of known documents.
        let mut sources = Vec::new();
        let mut found: FxHashSet<i64> = FxHashSet::default();
        let mut barred = Vec::new();
        for (number, seen) in files.enumerate() {
            if seen.is_barred {
                barred.push(format!("{}/", seen.location));
            }
            let before = self.before(&seen.location)?;
            let Some(before) = before else {
                plan.reads.push((number, String::new()));
                scan.readings.push(Reading { seen, before: None });
                continue;
            };
            found.insert(before.id);
            let same_engine = before.engine == scan.engine;
            let is_same = same_engine
                && before.path == seen.path
                && before.dossier == seen.dossier
                && match before.retry.as_str() {
                    "" => true,
                    "encrypted" => !comparison.passwords,
                    _ => false,
                };
            let is_untouched = before.stat == seen.stat && seen.stat != Stat::default();
            if is_same && !before.vanished && is_untouched && !comparison.verify {
                scan.changes.unchanged += 1;
                continue;
            }
            let hash = if is_same {
                before.hash.clone()
            } else {
                String::new()
            };
            if same_engine {
                sources.push(before.id);
            }
            plan.reads.push((number, hash));
            let before = Some(before);
            scan.readings.push(Reading { seen, before });
        }
        let mut statement = self
            .connection
            .prepare("SELECT id, location, hash, engine, state = 'vanished' FROM files WHERE state IN ('present', 'vanished') ORDER BY id")
            .map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let id: i64 = row.get(0).map_err(failed)?;
            let location = super::rows::text(row, 1)?;
            let vanished: bool = row.get(4).map_err(failed)?;
            let is_barred = || barred.iter().any(|b| location.starts_with(b));
            if found.contains(&id) {
                continue;
            }
            if !vanished && !(comparison.covers)(location) {
                scan.changes.elsewhere += 1;
                continue;
            }
            if !vanished && is_barred() {
                scan.changes.barred += 1;
                continue;
            }
            let hash = super::rows::text(row, 2)?.to_owned();
            let same_engine = super::rows::text(row, 3)? == scan.engine;
            if !hash.is_empty() && same_engine {
                sources.push(id);
            }
            let gone = Gone {
                id,
                vanished,
                same_engine,
            };
            scan.gone.entry(hash).or_default().push(gone);
        }
        if plan.reads.is_empty() {
            return Ok(plan);
        }
        plan.known = self.known(&sources, &scan.engine)?;
        Ok(plan)
    }

    /// A file at a location, as it was read before.
    fn before(&self, location: &str) -> Result<Option<Before>> {
        self.connection
            .prepare_cached(
                "SELECT id, path, dossier, size, modified, changed, hash, retry, engine, state FROM files WHERE location = ?1 AND state IN ('present', 'vanished')",
            )
            .and_then(|mut statement| {
                statement
                    .query_row([location], |row| {
                        Ok(Before {
                            id: row.get(0)?,
                            path: row.get(1)?,
                            dossier: row.get(2)?,
                            stat: Stat {
                                size: u64::try_from(row.get::<_, i64>(3)?).unwrap_or(0),
                                modified: row.get(4)?,
                                changed: row.get(5)?,
                            },
                            hash: row.get(6)?,
                            retry: row.get(7)?,
                            engine: row.get(8)?,
                            vanished: row.get::<_, String>(9)? == "vanished",
                        })
                    })
                    .optional()
            })
            .map_err(failed)
    }

    /// The documents of files, and of what interrupted scans left.
    fn known(&self, files: &[i64], engine: &str) -> Result<Known> {
        let mut known = FxHashMap::default();
        let mut add = |content: i64, seq: i64| {
            known.insert(content, seq);
        };
        let mut of = self
            .connection
            .prepare("SELECT content, seq FROM documents WHERE file = ?1")
            .map_err(failed)?;
        let mut left = self
            .connection
            .prepare("SELECT id FROM files WHERE state = 'old' AND engine = ?1")
            .map_err(failed)?;
        let left: std::result::Result<Vec<i64>, _> = left
            .query_map([engine], |row| row.get(0))
            .map_err(failed)?
            .collect();
        for file in files.iter().copied().chain(left.map_err(failed)?) {
            let mut rows = of.query(params![file]).map_err(failed)?;
            while let Some(row) = rows.next().map_err(failed)? {
                add(row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
            }
        }
        Ok(Known(known))
    }
}
