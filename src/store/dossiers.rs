//! Dossiers: scored from their documents when these have changed.

use std::collections::BTreeMap;

use rusqlite::params;

use super::documents::{FROM, WHOLE};
use super::{Store, clock, failed, rows, touch};
use crate::analyze::{Analysis, Analyzer};
use crate::dossier::{DossierRecord, Gathered};
use crate::error::Result;

impl Store {
    /// Whether there are dossiers to score.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn has_stale_dossiers(&self) -> Result<bool> {
        self.connection
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM dossiers WHERE stale)",
                [],
                |row| row.get(0),
            )
            .map_err(failed)
    }

    /// Scores the dossiers whose documents have changed; those without documents go.
    ///
    /// # Errors
    /// When the disk is full or fails.
    pub fn score_dossiers(&mut self, analyzer: &Analyzer) -> Result<()> {
        let (stale, all): (i64, i64) = self
            .connection
            .query_row(
                "SELECT count(*) FILTER (WHERE stale), count(*) FROM dossiers",
                [],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .map_err(failed)?;
        if stale == 0 {
            return Ok(());
        }
        self.connection
            .execute_batch(
                "DROP TABLE IF EXISTS temp.due;
                 CREATE TEMP TABLE due (name TEXT PRIMARY KEY) WITHOUT ROWID;
                 INSERT INTO due SELECT name FROM dossiers WHERE stale;",
            )
            .map_err(failed)?;
        // Of many dossiers the documents are sorted; of few they are fetched by themselves.
        let plus = if stale * 4 > all { "+" } else { "" };
        let condition = format!(
            "{WHOLE} AND {plus}documents.dossier IN (SELECT name FROM temp.due) ORDER BY documents.dossier, day, documents.path, files.location, position"
        );
        self.begin_whole()?;
        let done = self.score_due(analyzer, &condition);
        self.end_whole(done)
    }

    fn begin_whole(&self) -> Result<()> {
        if self.transactions {
            self.connection
                .execute_batch("BEGIN IMMEDIATE")
                .map_err(failed)?;
        }
        Ok(())
    }

    fn end_whole(&self, done: Result<()>) -> Result<()> {
        let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = if self.transactions {
            self.connection.execute_batch(end).map_err(failed)
        } else {
            Ok(())
        };
        done.and(ended)
    }

    fn score_due(&self, analyzer: &Analyzer, condition: &str) -> Result<()> {
        let run = |sql: &str| {
            let statement = self.connection.prepare_cached(sql);
            statement.and_then(|mut s| s.execute([])).map_err(failed)
        };
        let finish = |gathered: Gathered| {
            let dossier = gathered.score(analyzer);
            let record = dossier.record;
            let counted =
                || (dossier.findings.iter()).filter(|f| f.active && f.cleared_by.is_empty());
            let values = params![
                record.dossier,
                rows::rank(record.label, record.score),
                record.label.map(crate::score::Label::as_str),
                record.score,
                rows::json(&record)?,
                rows::tally(counted().map(|f| f.stage.as_str()))?,
                rows::tally(counted().map(|f| f.category.as_str()))?,
            ];
            self.connection
                .prepare_cached("UPDATE dossiers SET stale = 0, rank = ?2, label = ?3, score = ?4, record = ?5, stages = ?6, categories = ?7 WHERE name = ?1")
                .and_then(|mut s| s.execute(values))
                .map_err(failed)
        };
        let mut gathered: Option<Gathered> = None;
        self.each_of(FROM, condition, &mut |analysis| {
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
        run("DELETE FROM dossiers WHERE stale")?;
        run("DELETE FROM temp.due")?;
        touch(&self.connection)
    }

    /// Hands over the records of the dossiers in reading order.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_dossier(&self, each: &mut dyn FnMut(DossierRecord) -> Result<()>) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT record, (SELECT max(at) FROM decisions WHERE dossier = name) FROM dossiers WHERE record <> '' ORDER BY rank, name",
            )
            .map_err(failed)?;
        let mut found = statement.query([]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            each(self.reviewed(row)?)?;
        }
        Ok(())
    }

    /// The record of a dossier; none when there is none of that name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn dossier(&self, name: &str) -> Result<Option<DossierRecord>> {
        let mut statement = self
            .connection
            .prepare_cached(
                "SELECT record, (SELECT max(at) FROM decisions WHERE dossier = name) FROM dossiers WHERE name = ?1 AND record <> ''",
            )
            .map_err(failed)?;
        let mut found = statement.query([name]).map_err(failed)?;
        let Some(row) = found.next().map_err(failed)? else {
            return Ok(None);
        };
        self.reviewed(row).map(Some)
    }

    /// A record with when it was last decided on.
    fn reviewed(&self, row: &rusqlite::Row<'_>) -> Result<DossierRecord> {
        let mut record: DossierRecord = rows::parse(rows::text(row, 0)?)?;
        if let Some(reviewed) = row.get::<_, Option<String>>(1).map_err(failed)? {
            record.new_documents = self.added_after(&record.dossier, &reviewed)?;
            record.reviewed = reviewed;
        }
        Ok(record)
    }

    /// Hands over the documents of a dossier by date and path, undated ones last.
    ///
    /// # Errors
    /// What `each` answers, or when the store cannot be read.
    pub fn each_of_dossier(
        &self,
        name: &str,
        each: &mut dyn FnMut(Analysis) -> Result<()>,
    ) -> Result<()> {
        let query = format!(
            "SELECT {} {FROM} WHERE {WHOLE} AND documents.dossier = ?1 ORDER BY day, documents.path, files.location, position",
            rows::ANALYSIS
        );
        let mut statement = self.connection.prepare_cached(&query).map_err(failed)?;
        let mut found = statement.query([name]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            each(rows::analysis(row)?)?;
        }
        Ok(())
    }

    /// How many documents the last scan that ended brought into each dossier: new ones, and those whose text changed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn fresh(&self) -> Result<BTreeMap<String, usize>> {
        let Some(last) = self.runs()?.into_iter().find(|r| r.state == "done") else {
            return Ok(BTreeMap::new());
        };
        let mut statement = self
            .connection
            .prepare(&format!(
                "SELECT documents.dossier, count(*) {FROM} WHERE {WHOLE} AND files.run = ?1 AND added >= ?2 GROUP BY 1"
            ))
            .map_err(failed)?;
        let rows = statement.query_map([last.id, clock::parse(&last.started)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        });
        rows.and_then(Iterator::collect).map_err(failed)
    }

    /// How many documents came into a dossier after a time (ISO).
    fn added_after(&self, dossier: &str, time: &str) -> Result<usize> {
        self.connection
            .prepare_cached(&format!(
                "SELECT count(*) {FROM} WHERE {WHOLE} AND documents.dossier = ?1 AND added > ?2"
            ))
            .and_then(|mut s| s.query_row(params![dossier, clock::parse(time)], |row| row.get(0)))
            .map_err(failed)
    }
}
