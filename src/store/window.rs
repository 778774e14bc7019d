//! What is made of inputs, written window by window.

use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;

use super::files::{Before, Gone};
use super::made::{Made, Named, What};
use super::{Changes, Seen, Stat, Store, clock, failed, rows, touch};
use crate::analyze::Analysis;
use crate::document::Status;
use crate::error::Result;
use crate::passage::Snippets;

/// A scan on its way.
#[derive(Debug)]
pub struct Scan {
    /// Its row in `runs`.
    pub(super) run: i64,
    /// Hash of program version, lexicon and settings.
    pub(super) engine: String,
    /// The inputs that are read, as in [`Plan::reads`](super::Plan).
    pub(super) readings: Vec<Reading>,
    /// Files that are not where they were, by hash.
    pub(super) gone: FxHashMap<String, Vec<Gone>>,
    /// The file whose documents are being written.
    open: Option<Open>,
    pub(super) changes: Changes,
}

/// An input that is read.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) seen: Seen,
    pub(super) before: Option<Before>,
}

#[derive(Debug)]
struct Open {
    input: usize,
    file: i64,
    position: i64,
    retry: &'static str,
}

impl Scan {
    pub(super) fn new(run: i64, engine: String) -> Self {
        Self {
            run,
            engine,
            readings: Vec::new(),
            gone: FxHashMap::default(),
            open: None,
            changes: Changes::default(),
        }
    }

    /// What was found so far.
    #[must_use]
    pub const fn changes(&self) -> &Changes {
        &self.changes
    }
}

/// The columns of a row of `documents` but for `seq`.
const COLUMNS: &str = "file, position, id, path, dossier, day, status, label, score, rank, unread, urgent, all_findings, active_findings, content, added, ocr, record, findings, copy_keys, contributions, passages, format, stages, categories";

impl Store {
    /// Writes what was made, in the order in which it was made; all of it or nothing.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn write(&mut self, scan: &mut Scan, window: Vec<Made>) -> Result<()> {
        self.atomically(|connection| {
            for made in window {
                match made {
                    Made::Document { input, key, what } => {
                        scan.document(connection, input, key, what)?;
                    }
                    Made::End {
                        input,
                        hash,
                        stat,
                        same,
                    } => {
                        let stat = stat.filter(Stat::is_settled).unwrap_or_default();
                        if same {
                            scan.same(connection, input, stat)?;
                        } else {
                            scan.end(connection, input, &hash, stat)?;
                        }
                    }
                }
            }
            Ok(())
        })
    }

    /// Adds documents that come from no file; for stores in memory.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub fn add(&mut self, analyses: Vec<Analysis>) -> Result<()> {
        self.atomically(|connection| {
            connection
                .execute(
                    "INSERT INTO files (location, path, dossier, state, engine, run) SELECT 'memory ' || count(*), '', '', 'present', '', NULL FROM files",
                    [],
                )
                .map_err(failed)?;
            let file = connection.last_insert_rowid();
            for (position, mut analysis) in (0..).zip(analyses) {
                if let Snippets::Around(bytes) = Snippets::default()
                    && !analysis.text.is_empty()
                {
                    analysis.keep_around(bytes);
                }
                insert(connection, (file, position), 0, 0, &analysis)?;
            }
            stale_all(connection, file)?;
            touch(connection)
        })
    }
}

impl Scan {
    fn open(&mut self, connection: &Connection, input: usize) -> Result<&mut Open> {
        if self.open.as_ref().is_none_or(|open| open.input != input) {
            let Some(Reading { seen, .. }) = self.readings.get(input) else {
                return Err(crate::error::Error::Store(
                    "an input that was not planned".to_owned(),
                ));
            };
            connection
                .prepare_cached(
                    "INSERT INTO files (location, path, dossier, state, engine, run) VALUES (?1, ?2, ?3, 'reading', ?4, ?5)",
                )
                .and_then(|mut s| {
                    s.execute(params![seen.location, seen.path, seen.dossier, self.engine, self.run])
                })
                .map_err(failed)?;
            self.open = Some(Open {
                input,
                file: connection.last_insert_rowid(),
                position: 0,
                retry: "",
            });
        }
        self.open
            .as_mut()
            .ok_or_else(|| crate::error::Error::Store("no file is open".to_owned()))
    }

    fn document(
        &mut self,
        connection: &Connection,
        input: usize,
        key: i64,
        what: What,
    ) -> Result<()> {
        let earlier =
            !self.gone.is_empty() || self.readings.get(input).is_some_and(|r| r.before.is_some());
        let open = self.open(connection, input)?;
        let place = (open.file, open.position);
        open.position += 1;
        let status = match what {
            What::Analysis(analysis) => {
                let added = if earlier {
                    added(connection, &analysis)?
                } else {
                    None
                };
                let added = added.unwrap_or_else(clock::milliseconds);
                insert(connection, place, key, added, &analysis)?;
                self.changes.scanned += 1;
                analysis.document.status
            }
            What::Known(row, named) => {
                self.changes.known += 1;
                copy(connection, place, row, *named)?
            }
        };
        let open = self.open(connection, input)?;
        open.retry = retry(status, open.retry);
        Ok(())
    }

    /// The input has the content that it had.
    fn same(&mut self, connection: &Connection, input: usize, stat: Stat) -> Result<()> {
        let Some(before) = self.readings.get(input).and_then(|r| r.before.as_ref()) else {
            return Ok(());
        };
        set_stat(connection, before.id, stat)?;
        if before.vanished {
            set_vanished(connection, before.id, "")?;
        }
        self.changes.unchanged += 1;
        Ok(())
    }

    /// All documents of the input are written: they take the place of those that were there before.
    fn end(&mut self, connection: &Connection, input: usize, hash: &str, stat: Stat) -> Result<()> {
        let &mut Open { file, retry, .. } = self.open(connection, input)?;
        self.open = None;
        let before = self.readings.get(input).and_then(|r| r.before.as_ref());
        let changes = &mut self.changes;
        let mut took_over = None;
        let mut as_before = false;
        match before {
            Some(before) => {
                let same_bytes = !hash.is_empty() && before.hash == hash;
                // What cannot be hashed was not read, now or then.
                if same_bytes || before.hash.is_empty() && hash.is_empty() {
                    changes.again += 1;
                } else {
                    changes.changed += 1;
                }
                took_over = Some(before.id);
                as_before = before.engine == self.engine && !before.vanished;
            }
            None => {
                let gone = self.gone.get_mut(hash).filter(|_| !hash.is_empty());
                match gone.and_then(Vec::pop) {
                    Some(gone) => {
                        changes.moved += 1;
                        took_over = Some(gone.id);
                        as_before = gone.same_engine && !gone.vanished;
                    }
                    None => changes.new += 1,
                }
            }
        }
        let differs = match took_over {
            Some(old) if as_before => stale_where_different(connection, old, file)?,
            _ => {
                took_over.map_or(Ok(false), |old| stale_all(connection, old))?;
                stale_all(connection, file)?
            }
        };
        if let Some(old) = took_over {
            set_state(connection, old, "old")?;
        }
        connection
            .prepare_cached(
                "UPDATE files SET state = 'present', hash = ?2, retry = ?3 WHERE id = ?1",
            )
            .and_then(|mut s| s.execute(params![file, hash, retry]))
            .map_err(failed)?;
        set_stat(connection, file, stat)?;
        if differs {
            touch(connection)?;
        }
        Ok(())
    }
}

/// Why a file is to be tried again: the gravest reason of its documents.
fn retry(status: Status, before: &'static str) -> &'static str {
    match status {
        Status::Unreadable | Status::Timeout | Status::Panic => "failed",
        Status::Encrypted if before.is_empty() => "encrypted",
        _ => before,
    }
}

/// When a document with the same text came into the dossier.
fn added(connection: &Connection, analysis: &Analysis) -> Result<Option<i64>> {
    connection
        .prepare_cached("SELECT min(added) FROM documents WHERE id = ?1 AND dossier = ?2")
        .and_then(|mut s| {
            let document = &analysis.document;
            s.query_row([&document.id, &document.dossier], |row| row.get(0))
        })
        .map_err(failed)
}

fn insert(
    connection: &Connection,
    (file, position): (i64, i64),
    content: i64,
    added: i64,
    analysis: &Analysis,
) -> Result<()> {
    let d = &analysis.document;
    let active = || analysis.findings.iter().filter(|f| f.active);
    let mut statement = connection
        .prepare_cached(&format!(
            "INSERT INTO documents ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)"
        ))
        .map_err(failed)?;
    statement
        .execute(params![
            file,
            position,
            d.id,
            d.path,
            d.dossier,
            if d.date.is_empty() { "~" } else { &d.date },
            d.status.as_str(),
            d.label.map(crate::score::Label::as_str),
            d.score,
            rows::rank(d.label, d.score),
            rows::is_unread(d),
            d.urgent,
            analysis.findings.len(),
            active().count(),
            content,
            added,
            analysis.ocr_keys.join(" "),
            rows::json(d)?,
            rows::lines(&analysis.findings)?,
            rows::some_json(&analysis.copy_keys)?,
            rows::some_json(&analysis.contributions)?,
            rows::some_json(&analysis.passages)?,
            d.format,
            rows::tally(active().map(|f| f.stage.as_str()))?,
            rows::tally(active().map(|f| f.category.as_str()))?,
        ])
        .map(drop)
        .map_err(failed)
}

/// Copies a document to another place, under its names there; answers its status.
fn copy(
    connection: &Connection,
    (file, position): (i64, i64),
    seq: i64,
    named: Named,
) -> Result<Status> {
    let as_it_is = format!(
        "INSERT INTO documents ({COLUMNS}) SELECT ?1, ?2, {} FROM documents WHERE seq = ?3 AND path = ?4 AND dossier = ?5 AND record ->> 'vanished' = '' RETURNING status",
        COLUMNS.trim_start_matches("file, position, ")
    );
    let status: Option<String> = connection
        .prepare_cached(&as_it_is)
        .and_then(|mut s| {
            s.query_row(
                params![file, position, seq, named.path, named.dossier],
                |row| row.get(0),
            )
            .optional()
        })
        .map_err(failed)?;
    if let Some(status) = status {
        return rows::parse_one(&format!("\"{status}\""));
    }
    let query = format!(
        "SELECT {}, content, added FROM documents WHERE seq = ?1",
        rows::ANALYSIS
    );
    let (mut analysis, content, added) = connection
        .prepare_cached(&query)
        .map_err(failed)?
        .query_row([seq], |row| {
            Ok((
                rows::analysis(row),
                row.get::<_, i64>(6)?,
                row.get::<_, i64>(7)?,
            ))
        })
        .map_err(failed)
        .and_then(|(analysis, content, added)| Ok((analysis?, content, added)))?;
    for finding in &mut analysis.findings {
        finding.dossier.clone_from(&named.dossier);
    }
    let document = &mut analysis.document;
    // For a reviewer it is new where it was not before.
    let added = if document.dossier == named.dossier {
        added
    } else {
        clock::milliseconds()
    };
    document.path = named.path;
    document.dossier = named.dossier;
    document.vanished.clear();
    insert(connection, (file, position), content, added, &analysis)?;
    Ok(analysis.document.status)
}

fn set_state(connection: &Connection, file: i64, state: &str) -> Result<()> {
    connection
        .prepare_cached("UPDATE files SET state = ?2 WHERE id = ?1")
        .and_then(|mut s| s.execute(params![file, state]))
        .map(drop)
        .map_err(failed)
}

fn set_stat(connection: &Connection, file: i64, stat: Stat) -> Result<()> {
    let size = i64::try_from(stat.size).unwrap_or(i64::MAX);
    connection
        .prepare_cached("UPDATE files SET size = ?2, modified = ?3, changed = ?4 WHERE id = ?1")
        .and_then(|mut s| s.execute(params![file, size, stat.modified, stat.changed]))
        .map(drop)
        .map_err(failed)
}

/// Lets go of a file or folder of which nothing but that it could not be opened is known; answers whether it is one.
pub(super) fn drop_unopened(connection: &Connection, file: i64) -> Result<bool> {
    let unopened: bool = connection
        .prepare_cached(
            "SELECT NOT EXISTS (SELECT 1 FROM documents WHERE file = ?1 AND status <> 'unreadable')",
        )
        .and_then(|mut s| s.query_row([file], |row| row.get(0)))
        .map_err(failed)?;
    if unopened {
        stale_all(connection, file)?;
        set_state(connection, file, "old")?;
        touch(connection)?;
    }
    Ok(unopened)
}

/// Marks a file and its documents as gone since a moment, or as there again.
pub(super) fn set_vanished(connection: &Connection, file: i64, at: &str) -> Result<()> {
    let state = if at.is_empty() { "present" } else { "vanished" };
    connection
        .prepare_cached("UPDATE files SET state = ?2, vanished = ?3 WHERE id = ?1")
        .and_then(|mut s| s.execute(params![file, state, at]))
        .map_err(failed)?;
    connection
        .prepare_cached(
            "UPDATE documents SET record = json_set(record, '$.vanished', ?2) WHERE file = ?1",
        )
        .and_then(|mut s| s.execute(params![file, at]))
        .map_err(failed)?;
    stale_all(connection, file)?;
    touch(connection)
}

/// The dossiers of all documents of a file are to be scored; answers whether there are any.
pub(super) fn stale_all(connection: &Connection, file: i64) -> Result<bool> {
    stale(
        connection,
        "SELECT DISTINCT dossier FROM documents WHERE file = ?1",
        &[file],
    )
}

/// The dossiers whose documents differ between two files are to be scored; answers whether there are any.
fn stale_where_different(connection: &Connection, old: i64, new: i64) -> Result<bool> {
    const OF: &str = "SELECT content, path, dossier FROM documents WHERE file =";
    stale(
        connection,
        &format!(
            "SELECT DISTINCT dossier FROM (SELECT * FROM ({OF} ?1 EXCEPT {OF} ?2) UNION ALL SELECT * FROM ({OF} ?2 EXCEPT {OF} ?1))"
        ),
        &[old, new],
    )
}

fn stale(connection: &Connection, names: &str, files: &[i64]) -> Result<bool> {
    connection
        .prepare_cached(&format!(
            "INSERT INTO dossiers (name, stale) SELECT dossier, 1 FROM ({names}) WHERE true ON CONFLICT (name) DO UPDATE SET stale = 1"
        ))
        .and_then(|mut s| s.execute(rusqlite::params_from_iter(files)))
        .map(|rows| rows > 0)
        .map_err(failed)
}
