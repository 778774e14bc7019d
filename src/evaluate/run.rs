//! A stored run: what `scan` left in a folder.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::compare::Side;
use super::gold::GoldDocument;
use super::prediction::Prediction;
use crate::analyze::DocumentRecord;
use crate::document::content_id;
use crate::error::{Diagnostic, Error, Result};
use crate::finding::Finding;

/// Documents and findings of a run.
#[derive(Clone, Debug, Default)]
pub struct StoredRun {
    /// Documents in the order of the file.
    pub documents: Vec<DocumentRecord>,
    /// Findings by document id, in the order of the file. Of documents with the same content each has its own in turn.
    findings: BTreeMap<String, Vec<Finding>>,
}

impl StoredRun {
    /// Reads `documents.jsonl` and `findings.jsonl` of a folder.
    ///
    /// # Errors
    /// Files that are missing, and all lines that do not fit.
    pub fn read(directory: &Path) -> Result<Self> {
        let documents = lines(&directory.join("documents.jsonl"))?;
        let mut findings: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
        for finding in lines::<Finding>(&directory.join("findings.jsonl"))? {
            let list = findings.entry(finding.document.clone()).or_default();
            // The same file in two places has its findings twice.
            if !list.contains(&finding) {
                list.push(finding);
            }
        }
        Ok(Self {
            documents,
            findings,
        })
    }

    /// What the run says of a document.
    #[must_use]
    pub fn prediction(&self, document: &DocumentRecord) -> Prediction {
        Prediction {
            findings: self
                .findings
                .get(&document.id)
                .into_iter()
                .flatten()
                .filter(|f| f.dossier == document.dossier)
                .cloned()
                .collect(),
            label: document.label,
            score: document.score,
            given: Vec::new(),
        }
    }

    /// Documents by path.
    #[must_use]
    pub fn by_path(&self) -> Side {
        self.documents
            .iter()
            .map(|d| (d.path.clone(), self.prediction(d)))
            .collect()
    }

    /// Documents by the id of the gold document with the same text; gold that the run has not read is left out.
    #[must_use]
    pub fn by_gold(&self, gold: &[GoldDocument]) -> Side {
        gold.iter()
            .filter_map(|g| {
                let id = content_id(g.text.as_bytes());
                let document = self.documents.iter().find(|d| d.id == id)?;
                Some((g.id.clone(), self.prediction(document)))
            })
            .collect()
    }
}

fn lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let mut list = Vec::new();
    let mut problems = Vec::new();
    for (n, line) in text.lines().enumerate() {
        match serde_json::from_str(line) {
            Ok(value) => list.push(value),
            Err(error) => problems.push(Diagnostic {
                file: path.display().to_string(),
                line: n + 1,
                column: error.column(),
                message: format!("not a record of this version: {:?} error", error.classify()),
                help: "scan again with this version".to_owned(),
            }),
        }
    }
    if problems.is_empty() {
        Ok(list)
    } else {
        Err(Error::Gold(problems))
    }
}
