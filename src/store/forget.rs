//! Forgetting: every trace of a dossier or document leaves the store, its free pages and its log.

use std::path::PathBuf;

use rusqlite::{Connection, OptionalExtension};
use serde::{Deserialize, Serialize};

use super::outputs::Kind;
use super::{Store, failed, rows, touch};
use crate::error::{Error, Result};

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// All documents of a dossier, by its name.
    Dossier(String),
    /// A document, by its id or its path as recorded.
    Document(String),
}

/// What was forgotten, and what is left to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forgotten {
    /// Number of documents.
    pub documents: usize,
    /// Number of their findings.
    pub findings: usize,
    /// Number of decisions on them.
    pub decisions: usize,
    /// Paths of them, as recorded.
    pub paths: Vec<String>,
    /// The dossiers they were in.
    pub dossiers: Vec<String>,
    /// Files that still lie where they were read: the next scan of them would read them again.
    pub sources: Vec<String>,
    /// Paths of documents with the same text that stay, in other dossiers or places.
    pub copies: Vec<String>,
}

/// What is still to be done after rows were forgotten, also when that was cut short: what was made of them is to be removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unfinished {
    /// Names of what was recognised in images, in the cache of recognition.
    pub ocr: Vec<String>,
    /// Exports that may hold what was forgotten.
    pub exports: Vec<PathBuf>,
}

impl Forgotten {
    /// Whether a text names what was forgotten.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let mut names = self.paths.iter().chain(&self.dossiers);
        names.any(|name| !name.is_empty() && text.contains(name.as_str()))
    }
}

impl Store {
    /// Forgets the rows of documents, and the decisions on them. What is left to do then is [`unfinished`](Self::unfinished): to remove what
    /// was made of them, to [`shrink`](Self::shrink) the file, and to score the dossiers that keep other documents.
    ///
    /// # Errors
    /// When there is nothing of that name, or the disk is full or fails.
    pub fn forget(&mut self, what: &What) -> Result<Forgotten> {
        let exports = self.outputs(Kind::Export)?;
        let before = self.unfinished()?.unwrap_or_default();
        self.atomically(|connection| forget(connection, what, before, exports))
    }

    /// What is left to do after something was forgotten; none when all is done.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn unfinished(&self) -> Result<Option<Unfinished>> {
        let text = self
            .connection
            .query_row(
                "SELECT value FROM state WHERE key = 'unfinished'",
                [],
                |row| row.get::<_, String>(0),
            )
            .optional()
            .map_err(failed)?;
        text.map(|text| rows::parse_one(&text)).transpose()
    }

    /// Notes that what was made of forgotten documents is gone.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn forgotten(&mut self) -> Result<()> {
        self.atomically(|connection| {
            connection
                .execute_batch(
                    "DELETE FROM outputs WHERE kind = 'export'; DELETE FROM state WHERE key = 'unfinished'",
                )
                .map_err(failed)
        })
    }

    /// Writes the file anew without free pages, and empties the log.
    ///
    /// # Errors
    /// When a program is reading the store, or the disk is full or fails.
    pub fn shrink(&mut self) -> Result<()> {
        self.empty_log()?;
        self.connection.execute_batch("VACUUM").map_err(failed)?;
        self.empty_log()
    }

    fn empty_log(&self) -> Result<()> {
        let busy: bool = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))
            .map_err(failed)?;
        if busy {
            return Err(Error::Store(
                "another program is reading it, so its log still holds what is to be forgotten; close the review screen and whatever else has it open, and run the same command again"
                    .to_owned(),
            ));
        }
        Ok(())
    }
}

fn forget(
    connection: &Connection,
    what: &What,
    mut unfinished: Unfinished,
    exports: Vec<PathBuf>,
) -> Result<Forgotten> {
    let (condition, value) = match what {
        What::Dossier(name) => ("dossier = ?1", name),
        What::Document(id) => ("id = ?1 OR path = ?1", id),
    };
    let run = |sql: &str| connection.execute_batch(sql).map_err(failed);
    run("DROP TABLE IF EXISTS temp.gone;
         CREATE TEMP TABLE gone (seq INTEGER PRIMARY KEY, id, path, dossier, file);")?;
    connection
        .execute(
            &format!("INSERT INTO temp.gone SELECT seq, id, path, dossier, file FROM documents WHERE {condition}"),
            [value],
        )
        .map_err(failed)?;
    let list = |sql: &str| -> Result<Vec<String>> {
        let mut statement = connection.prepare(sql).map_err(failed)?;
        let found = statement.query_map([], |row| row.get(0)).map_err(failed)?;
        found.map(|text| text.map_err(failed)).collect()
    };
    let mut forgotten = Forgotten {
        paths: list("SELECT DISTINCT path FROM temp.gone ORDER BY 1")?,
        dossiers: list("SELECT DISTINCT dossier FROM temp.gone ORDER BY 1")?,
        copies: list(
            "SELECT DISTINCT path FROM documents WHERE id IN (SELECT id FROM temp.gone) AND seq NOT IN (SELECT seq FROM temp.gone) ORDER BY 1",
        )?,
        ..Forgotten::default()
    };
    let ocr =
        list("SELECT DISTINCT ocr FROM documents JOIN temp.gone USING (seq) WHERE ocr <> ''")?;
    let keys = ocr.iter().flat_map(|keys| keys.split(' '));
    unfinished.ocr.extend(keys.map(str::to_owned));
    unfinished.exports.extend(exports);
    // Decisions outlive documents that a changed file replaced; the same text may lie in another dossier, too.
    let named = match what {
        What::Dossier(_) => "dossier = ?1",
        What::Document(_) => "document = ?1 OR path = ?1",
    };
    let only_there = "document IN (SELECT id FROM temp.gone) AND document NOT IN (SELECT id FROM documents WHERE seq NOT IN (SELECT seq FROM temp.gone))";
    run("INSERT OR REPLACE INTO state VALUES ('forgetting', '1')")?;
    forgotten.decisions = connection
        .execute(
            &format!("DELETE FROM decisions WHERE {named} OR {only_there}"),
            [value],
        )
        .map_err(failed)?;
    run("DELETE FROM state WHERE key = 'forgetting'")?;
    let known = !forgotten.paths.is_empty() || forgotten.decisions > 0;
    if !known {
        return Err(Error::Usage(match what {
            What::Dossier(name) => format!(
                "no dossier {name} in the store; {}`status --dossiers` lists them",
                match alike(connection, name)? {
                    names if names.is_empty() => String::new(),
                    names => format!("is it {}? ", names.join(" or ")),
                }
            ),
            What::Document(id) => {
                format!("no document {id} in the store; give its id or its path as recorded")
            }
        }));
    }
    (forgotten.documents, forgotten.findings) = connection
        .query_row(
            "SELECT count(*), coalesce(sum(all_findings), 0) FROM documents JOIN temp.gone USING (seq)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .map_err(failed)?;
    forgotten.sources = list(
        "SELECT location FROM files WHERE state = 'present' AND id IN (SELECT file FROM temp.gone) ORDER BY 1",
    )?;
    forgotten
        .sources
        .retain(|s| std::path::Path::new(s).is_file());
    run("UPDATE dossiers SET stale = 1 WHERE name IN (SELECT dossier FROM temp.gone);
         DELETE FROM documents WHERE seq IN (SELECT seq FROM temp.gone);
         DELETE FROM documents WHERE file IN (SELECT id FROM files WHERE state IN ('old', 'reading'));
         DELETE FROM files WHERE id NOT IN (SELECT file FROM documents);
         -- Of what keeps other documents all are read again.
         UPDATE files SET hash = '', size = 0, modified = 0, changed = 0 WHERE id IN (SELECT file FROM temp.gone);
         DELETE FROM dossiers WHERE stale AND name NOT IN (SELECT dossier FROM documents);
         DELETE FROM sample WHERE document NOT IN (SELECT id FROM documents);
         DROP TABLE temp.gone;")?;
    let detail = serde_json::json!({
        "what": match what { What::Dossier(_) => "dossier", What::Document(_) => "document" },
        "documents": forgotten.documents,
        "findings": forgotten.findings,
        "decisions": forgotten.decisions,
    });
    super::audit(connection, "forget", &detail)?;
    connection
        .execute(
            "INSERT OR REPLACE INTO state VALUES ('unfinished', ?1)",
            [rows::json(&unfinished)?],
        )
        .map_err(failed)?;
    touch(connection)?;
    Ok(forgotten)
}

/// The first few dossiers whose names hold this one, or are held by it, whatever case and accents.
fn alike(connection: &Connection, name: &str) -> Result<Vec<String>> {
    connection
        .prepare(
            "SELECT name FROM dossiers WHERE name <> '' AND (instr(lower(fold(name)), lower(fold(?1))) OR instr(lower(fold(?1)), lower(fold(name)))) ORDER BY 1 LIMIT 3",
        )
        .and_then(|mut s| s.query_map([name], |row| row.get(0))?.collect())
        .map_err(failed)
}
