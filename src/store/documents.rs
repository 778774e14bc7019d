//! Documents as they are handed over.

use super::{Store, failed, rows};
use crate::analyze::Analysis;
use crate::dossier::DossierRecord;
use crate::error::{Error, Result};

/// Which documents, in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// All, by the path of their file and their place in it.
    Input,
    /// What was not read, or not in full, in reading order.
    Unread,
    /// All by dossier, by date and path; undated ones last.
    Dossier,
    /// Those with a sign of suicide risk, by dossier, date and path.
    Urgent,
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

/// Documents with their files.
pub(super) const FROM: &str = "FROM files JOIN documents ON documents.file = files.id";
/// The same, file by file: `CROSS` keeps SQLite from sorting what comes in order by itself.
const BY_FILE: &str = "FROM files CROSS JOIN documents ON documents.file = files.id";
/// Documents of files that were read to their end.
pub(super) const WHOLE: &str = "files.state IN ('present', 'vanished')";

/// Where a document was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// Id of the document.
    pub id: String,
    /// Its path as recorded.
    pub path: String,
    /// Its dossier.
    pub dossier: String,
    /// Path of its file as recorded.
    pub file: String,
    /// Where that lies.
    pub location: String,
    /// Hash of its bytes.
    pub hash: String,
}

const IN_ORDER: &str = "ORDER BY files.path, files.location, position";

impl Store {
    /// Hands over documents one by one.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each(&self, order: Order, each: &mut dyn FnMut(Analysis) -> Result<()>) -> Result<()> {
        // A `+` keeps from fetching the documents one by one by an index: sorting them is quicker.
        let clause = match order {
            Order::Input => return self.each_of(BY_FILE, &format!("{WHOLE} {IN_ORDER}"), each),
            Order::Unread => {
                "AND unread AND files.state = 'present' ORDER BY rank, documents.path, files.location, position"
            }
            Order::Urgent => {
                "AND urgent ORDER BY documents.dossier, day, documents.path, files.location, position"
            }
            Order::Dossier => {
                "ORDER BY +documents.dossier, day, documents.path, files.location, position"
            }
        };
        self.each_of(FROM, &format!("{WHOLE} {clause}"), each)
    }

    /// Hands over the documents that a condition, with its order, chooses from joined tables.
    pub(super) fn each_of(
        &self,
        from: &str,
        condition: &str,
        each: &mut dyn FnMut(Analysis) -> Result<()>,
    ) -> Result<()> {
        let query = format!("SELECT {} {from} WHERE {condition}", rows::ANALYSIS);
        let mut statement = self.connection.prepare_cached(&query).map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
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
            Within::Day => ("", "day, documents.path"),
            Within::Rank => ("AND NOT unread", "documents.rank, documents.path"),
        };
        let query = format!(
            "SELECT {} {FROM} JOIN dossiers ON name = +documents.dossier WHERE {WHOLE} {filter} ORDER BY dossiers.rank, name, {order}, files.location, position",
            rows::ANALYSIS
        );
        let mut statement = self.connection.prepare_cached(&query).map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        let next = |found: &mut rusqlite::Rows<'_>| -> Result<Option<Analysis>> {
            found
                .next()
                .map_err(failed)?
                .map(rows::analysis)
                .transpose()
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

    /// Hands over the records of documents, and of their findings, as the lines of JSON that they are kept as, in the order of
    /// [`Order::Input`].
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_line(&self, each: &mut dyn FnMut(&str, &str) -> Result<()>) -> Result<()> {
        self.each_pair("record, findings", each)
    }

    /// Hands over path and id of the documents, in the order of [`Order::Input`].
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_path(&self, each: &mut dyn FnMut(&str, &str) -> Result<()>) -> Result<()> {
        self.each_pair("documents.path, documents.id", each)
    }

    /// Where a document was read from, by its id or its path as recorded: copies have the same id.
    ///
    /// # Errors
    /// When there is none, or the store cannot be read.
    pub fn origins(&self, document: &str) -> Result<Vec<Origin>> {
        let mut statement = self.connection
            .prepare_cached(&format!(
                "SELECT documents.id, documents.path, documents.dossier, files.path, files.location, files.hash {FROM} WHERE {WHOLE} AND (documents.id = ?1 OR documents.path = ?1) ORDER BY files.state, files.path"
            ))
            .map_err(failed)?;
        let found = statement.query_map([document], |row| {
            Ok(Origin {
                id: row.get(0)?,
                path: row.get(1)?,
                dossier: row.get(2)?,
                file: row.get(3)?,
                location: row.get(4)?,
                hash: row.get(5)?,
            })
        });
        let origins: std::result::Result<Vec<Origin>, _> = found.map_err(failed)?.collect();
        let origins = origins.map_err(failed)?;
        if origins.is_empty() {
            return Err(Error::Usage(format!(
                "no document {document} in the store; give its id or its path as recorded"
            )));
        }
        Ok(origins)
    }

    fn each_pair(
        &self,
        columns: &str,
        each: &mut dyn FnMut(&str, &str) -> Result<()>,
    ) -> Result<()> {
        let query = format!("SELECT {columns} {BY_FILE} WHERE {WHOLE} {IN_ORDER}");
        let mut statement = self.connection.prepare_cached(&query).map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            each(rows::text(row, 0)?, rows::text(row, 1)?)?;
        }
        Ok(())
    }
}
