//! What reviewers decided: only ever added to, and kept when documents are scanned again.

use std::collections::BTreeMap;

use rusqlite::params;

use super::{Store, failed, rows, touch};
use crate::decision::{Action, Decision, History};
use crate::error::Result;

impl Store {
    /// Adds a decision; it is on the disk when this returns.
    ///
    /// # Errors
    /// When the disk is full or fails, another program is changing the store for long, or the store is not where it was.
    pub fn decide(&mut self, decision: &Decision) -> Result<()> {
        self.check_in_place()?;
        self.connection
            .pragma_update(None, "synchronous", "FULL")
            .map_err(failed)?;
        let done = self.atomically(|connection| {
            let d = decision;
            let verdict = d.verdict.map_or("", Action::as_str);
            connection
                .execute(
                    "INSERT INTO decisions (document, dossier, text_hash, reviewer, at, verdict, record, path) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![d.document, d.dossier, d.text_hash, d.reviewer, d.at, verdict, rows::json(d)?, d.path],
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

    /// What reviewers said of a document by its id, or of a dossier when that is empty: by reviewer.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn histories(&self, document: &str, dossier: &str) -> Result<BTreeMap<String, History>> {
        let (condition, value) = if document.is_empty() {
            ("document = '' AND dossier = ?1", dossier)
        } else {
            ("document = ?1", document)
        };
        let mut histories: BTreeMap<String, History> = BTreeMap::new();
        self.decisions_where(condition, value, &mut |decision| {
            let of = histories.entry(decision.reviewer.clone()).or_default();
            of.0.push(decision);
        })?;
        Ok(histories)
    }

    /// What a reviewer last said of a document that lay at this path and had another text.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn older_decision(
        &self,
        reviewer: &str,
        path: &str,
        document: &str,
    ) -> Result<Option<Decision>> {
        let mut last = None;
        self.decisions_where("path = ?1 AND path <> ''", path, &mut |decision| {
            if decision.reviewer == reviewer && decision.document != document {
                last = Some(decision);
            }
        })?;
        Ok(last.filter(|d| !d.is_empty()))
    }

    fn decisions_where(
        &self,
        condition: &str,
        value: &str,
        each: &mut dyn FnMut(Decision),
    ) -> Result<()> {
        let mut statement = self
            .connection
            .prepare_cached(&format!(
                "SELECT record FROM decisions WHERE {condition} ORDER BY id"
            ))
            .map_err(failed)?;
        let mut found = statement.query([value]).map_err(failed)?;
        while let Some(row) = found.next().map_err(failed)? {
            each(rows::parse_one(rows::text(row, 0)?)?);
        }
        Ok(())
    }
}
