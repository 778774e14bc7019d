//! What a run has found, in one SQLite file instead of in memory: documents go in in windows, and every report is made from it.
//!
//! Of the text only the passages around findings are kept. The file lies in the output folder, is readable by the owner only, and is
//! removed when the run ends.

mod counts;
mod rows;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, params};

pub use counts::Counts;

use crate::analyze::{Analysis, Analyzer};
use crate::dossier::{DossierRecord, Gathered};
use crate::error::{Error, Result};

/// The tables. `rank` orders for reading: what was not read first, then by label and score. `day` is the date, `~` where there is none.
///
/// There is no index: documents come in any order and go out in several, and sorting them all is quicker than fetching each by itself.
const TABLES: &str = "
PRAGMA page_size = 16384;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA locking_mode = EXCLUSIVE;
PRAGMA cache_size = -16384;
CREATE TABLE document (
    seq INTEGER PRIMARY KEY, dossier TEXT NOT NULL, day TEXT NOT NULL, path TEXT NOT NULL, id TEXT NOT NULL, rank INTEGER NOT NULL, unread INTEGER NOT NULL,
    record TEXT NOT NULL, findings TEXT NOT NULL, copy_keys TEXT NOT NULL, contributions TEXT NOT NULL, passages TEXT NOT NULL
);
CREATE TABLE dossier (name TEXT PRIMARY KEY, rank INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
";

/// Documents and dossiers of one run.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    /// The file to remove at the end.
    file: Option<PathBuf>,
    counts: Counts,
}

/// Which documents, in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// All, in the order of the inputs.
    Input,
    /// What was not read, or not in full, in reading order.
    Unread,
    /// All by dossier, by date and path; undated ones last.
    Dossier,
}

/// In which order the documents of a dossier come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// By date and path; undated ones last.
    Day,
    /// In reading order, without those that were not read, or not in full.
    Rank,
}

/// What dossiers with their documents are handed over as.
#[derive(Debug)]
pub enum Part {
    /// The next dossier.
    Dossier(Box<DossierRecord>),
    /// The next document of it.
    Document(Box<Analysis>),
}

/// The columns of an analysis, as [`rows::analysis`] takes them.
const ANALYSIS: &str = "document.record, findings, copy_keys, contributions, passages";

impl Store {
    /// An empty store in `directory`, which must be there.
    ///
    /// # Errors
    /// When the file cannot be made.
    pub fn create(directory: &Path) -> Result<Self> {
        let file = directory.join(".scan.sqlite");
        for leftover in [file.clone(), directory.join(".scan.sqlite-journal")] {
            match std::fs::remove_file(&leftover) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(Error::io("remove", &leftover)(e));
                }
                _ => {}
            }
        }
        // SQLite would make it readable by all.
        crate::private::create(&file).map_err(Error::io("write", &file))?;
        let connection = Connection::open(&file).map_err(store)?;
        // What is sorted holds case text, too: it stays in the folder.
        connection
            .pragma_update(None, "temp_store_directory", directory.to_string_lossy())
            .map_err(store)?;
        Self::with(connection, Some(file))
    }

    /// An empty store in memory.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn in_memory() -> Result<Self> {
        Self::with(Connection::open_in_memory().map_err(store)?, None)
    }

    fn with(connection: Connection, file: Option<PathBuf>) -> Result<Self> {
        connection.execute_batch(TABLES).map_err(store)?;
        Ok(Self {
            connection,
            file,
            counts: Counts::default(),
        })
    }

    /// Adds documents, in the order of the inputs.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn add(&mut self, analyses: Vec<Analysis>) -> Result<()> {
        let transaction = self.connection.transaction().map_err(store)?;
        {
            let mut insert = transaction
                .prepare_cached("INSERT INTO document (dossier, day, path, id, rank, unread, record, findings, copy_keys, contributions, passages) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
                .map_err(store)?;
            for mut analysis in analyses {
                if !analysis.text.is_empty() {
                    analysis.cut();
                }
                self.counts.add(&analysis);
                let d = &analysis.document;
                insert
                    .execute(params![
                        d.dossier,
                        if d.date.is_empty() { "~" } else { &d.date },
                        d.path,
                        d.id,
                        rows::rank(d.label, d.score),
                        rows::is_unread(d),
                        rows::json(d)?,
                        rows::lines(&analysis.findings)?,
                        rows::some_json(&analysis.copy_keys)?,
                        rows::some_json(&analysis.contributions)?,
                        rows::some_json(&analysis.passages)?,
                    ])
                    .map_err(store)?;
            }
        }
        transaction.commit().map_err(store)
    }

    /// Scores all dossiers; before it there are none.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn score_dossiers(&mut self, analyzer: &Analyzer) -> Result<()> {
        self.connection
            .execute_batch("BEGIN; DELETE FROM dossier")
            .map_err(store)?;
        let mut gathered: Option<Gathered> = None;
        let mut counts = std::mem::take(&mut self.counts);
        let mut finish = |gathered: Gathered| {
            let record = gathered.score(analyzer).record;
            counts.add_dossier(&record);
            let rank = rows::rank(record.label, record.score);
            let values = params![record.dossier, rank, rows::json(&record)?];
            self.connection
                .prepare_cached("INSERT INTO dossier VALUES (?1, ?2, ?3)")
                .and_then(|mut s| s.execute(values))
                .map_err(store)
        };
        self.each(Order::Dossier, &mut |analysis| {
            let name = &analysis.document.dossier;
            if let Some(before) = gathered.take_if(|g| g.name() != name) {
                finish(before)?;
            }
            gathered
                .get_or_insert_with(|| Gathered::new(name))
                .add(analysis);
            Ok(())
        })?;
        gathered.map(finish).transpose()?;
        self.counts = counts;
        self.connection.execute_batch("COMMIT").map_err(store)
    }

    /// How many documents and dossiers of each kind there are.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Hands over documents one by one.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each(&self, order: Order, each: &mut dyn FnMut(Analysis) -> Result<()>) -> Result<()> {
        let clause = match order {
            Order::Input => "ORDER BY seq",
            Order::Unread => "WHERE unread ORDER BY rank, path, seq",
            Order::Dossier => "ORDER BY dossier, day, path, seq",
        };
        let query = format!("SELECT {ANALYSIS} FROM document {clause}");
        let mut statement = self.connection.prepare_cached(&query).map_err(store)?;
        let mut found = statement.query([]).map_err(store)?;
        while let Some(row) = found.next().map_err(store)? {
            each(rows::analysis(row)?)?;
        }
        Ok(())
    }

    /// Hands over all dossiers in reading order, each followed by its documents.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_part(
        &self,
        within: Within,
        each: &mut dyn FnMut(Part) -> Result<()>,
    ) -> Result<()> {
        let (filter, order) = match within {
            Within::Day => ("", "day, path"),
            Within::Rank => ("AND NOT unread", "document.rank, path"),
        };
        let query = format!(
            "SELECT {ANALYSIS} FROM document, dossier WHERE name = dossier {filter} ORDER BY dossier.rank, name, {order}, seq"
        );
        let mut statement = self.connection.prepare_cached(&query).map_err(store)?;
        let mut found = statement.query([]).map_err(store)?;
        let next = |found: &mut rusqlite::Rows<'_>| -> Result<Option<Analysis>> {
            found.next().map_err(store)?.map(rows::analysis).transpose()
        };
        let mut document = next(&mut found)?;
        self.each_dossier(&mut |record| {
            let name = record.dossier.clone();
            each(Part::Dossier(Box::new(record)))?;
            while let Some(analysis) = document.take_if(|a| a.document.dossier == name) {
                each(Part::Document(Box::new(analysis)))?;
                document = next(&mut found)?;
            }
            Ok(())
        })
    }

    /// Hands over the records of documents, and of their findings, as the lines of JSON that they are kept as, in the order of the inputs.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_line(&self, each: &mut dyn FnMut(&str, &str) -> Result<()>) -> Result<()> {
        self.each_pair("SELECT record, findings FROM document ORDER BY seq", each)
    }

    /// Hands over path and id of the documents, in the order of the inputs.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_path(&self, each: &mut dyn FnMut(&str, &str) -> Result<()>) -> Result<()> {
        self.each_pair("SELECT path, id FROM document ORDER BY seq", each)
    }

    fn each_pair(&self, query: &str, each: &mut dyn FnMut(&str, &str) -> Result<()>) -> Result<()> {
        let mut statement = self.connection.prepare_cached(query).map_err(store)?;
        let mut found = statement.query([]).map_err(store)?;
        while let Some(row) = found.next().map_err(store)? {
            each(rows::text(row, 0)?, rows::text(row, 1)?)?;
        }
        Ok(())
    }

    /// Hands over the records of the dossiers in reading order.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_dossier(&self, each: &mut dyn FnMut(DossierRecord) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT record FROM dossier ORDER BY rank, name")
            .map_err(store)?;
        let mut found = statement.query([]).map_err(store)?;
        while let Some(row) = found.next().map_err(store)? {
            each(rows::parse(rows::text(row, 0)?)?)?;
        }
        Ok(())
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        // The open file goes with its name.
        if let Some(file) = &self.file {
            let _ = std::fs::remove_file(file);
        }
    }
}

/// An error of the store, without anything that is in it.
fn store(error: rusqlite::Error) -> Error {
    let why = match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => "the disk is full".to_owned(),
        Some(code) => format!("{code:?}"),
        None => "a row cannot be read".to_owned(),
    };
    Error::Output(format!("the working file of the scan: {why}"))
}

#[cfg(test)]
mod tests;
