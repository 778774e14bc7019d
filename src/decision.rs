//! A reviewer's decision on a document: the record that the review screen writes and evaluation reads.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Diagnostic, Error, Result};
use crate::finding::Finding;

/// What is to be done with the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Follow up.
    Opvolgen,
    /// No action.
    GeenActie,
    /// In doubt: a second reader.
    Twijfel,
}

/// What the reviewer says of one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// Right.
    Juist,
    /// No signal.
    Onjuist,
    /// A signal, but the context verdict is wrong.
    Context,
}

/// A mark on a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingMark {
    /// Which finding: see [`finding_key`].
    pub finding: String,
    /// What of it.
    pub mark: Mark,
}

/// A signal that was not found; code points of the document, end exclusive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedSignal {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// Category id.
    pub category: String,
}

/// One decision; a later one on the same document by the same reviewer replaces it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Id of the document.
    pub document: String,
    /// Its dossier.
    #[serde(default)]
    pub dossier: String,
    /// Hash of the text that was read.
    #[serde(default)]
    pub text_hash: String,
    /// Who decided.
    #[serde(default)]
    pub reviewer: String,
    /// When (ISO).
    #[serde(default)]
    pub at: String,
    /// What is to be done.
    pub verdict: Action,
    /// Why, from a short list.
    #[serde(default)]
    pub reason: String,
    /// Free note.
    #[serde(default)]
    pub note: String,
    /// Marks on findings.
    #[serde(default)]
    pub marks: Vec<FindingMark>,
    /// Signals that were not found.
    #[serde(default)]
    pub missed: Vec<MissedSignal>,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decision")
            .field("document", &self.document)
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

/// How decisions name a finding: its term and code points, `weglopen.runs_away@12-23`.
#[must_use]
pub fn finding_key(finding: &Finding) -> String {
    format!("{}@{}-{}", finding.term, finding.start, finding.end)
}

/// The term in a [`finding_key`].
#[must_use]
pub fn term_of_key(key: &str) -> &str {
    key.rsplit_once('@').map_or(key, |k| k.0)
}

/// Reads decisions (JSONL). Of several by one reviewer on one document the last counts.
///
/// # Errors
/// All lines that do not fit, at once.
pub fn read(path: &Path) -> Result<Vec<Decision>> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let mut list: Vec<Decision> = Vec::new();
    let mut problems = Vec::new();
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        match serde_json::from_str::<Decision>(line) {
            Ok(decision) => {
                list.retain(|d| d.document != decision.document || d.reviewer != decision.reviewer);
                list.push(decision);
            }
            Err(error) => problems.push(Diagnostic {
                file: path.display().to_string(),
                line: n + 1,
                column: error.column(),
                message: format!("not a decision: {:?} error", error.classify()),
                help: "fields: document, verdict (opvolgen, geen_actie, twijfel), and optionally dossier, text_hash, reviewer, at, reason, note, marks, missed"
                    .to_owned(),
            }),
        }
    }
    if problems.is_empty() {
        Ok(list)
    } else {
        Err(Error::Gold(problems))
    }
}
