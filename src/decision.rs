//! A reviewer's decision on a document or dossier: the record that the review screen writes and evaluation reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Diagnostic, Error, Result};
use crate::finding::Finding;
use crate::lexicon::{Experiencer, Presence, Qualifiers, Temporality};

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

impl Action {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Opvolgen, Self::GeenActie, Self::Twijfel];

    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Opvolgen => "opvolgen",
            Self::GeenActie => "geen_actie",
            Self::Twijfel => "twijfel",
        }
    }

    /// By its name in records.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.as_str() == name)
    }
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

impl Mark {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Juist, Self::Onjuist, Self::Context];

    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Juist => "juist",
            Self::Onjuist => "onjuist",
            Self::Context => "context",
        }
    }
}

/// What of the context is otherwise than the verdict says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Correction {
    /// It is so.
    Present,
    /// It is not so, or denied.
    Absent,
    /// It is suspected.
    Uncertain,
    /// It is so now.
    Current,
    /// It was so.
    Historical,
    /// It is feared or planned.
    Future,
    /// It is about this young person.
    Client,
    /// It is about somebody else.
    Other,
    /// It is about nobody: information in general.
    Generic,
    /// It is about somebody.
    Specific,
}

impl Correction {
    /// All of them, as reviewers are offered them.
    pub const ALL: [Self; 10] = [
        Self::Present,
        Self::Absent,
        Self::Uncertain,
        Self::Current,
        Self::Historical,
        Self::Future,
        Self::Client,
        Self::Other,
        Self::Generic,
        Self::Specific,
    ];

    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Absent => "absent",
            Self::Uncertain => "uncertain",
            Self::Current => "current",
            Self::Historical => "historical",
            Self::Future => "future",
            Self::Client => "client",
            Self::Other => "other",
            Self::Generic => "generic",
            Self::Specific => "specific",
        }
    }

    /// The context with this put right.
    #[must_use]
    pub const fn apply(self, mut to: Qualifiers) -> Qualifiers {
        match self {
            Self::Present => to.presence = Presence::Present,
            Self::Absent => to.presence = Presence::Absent,
            Self::Uncertain => to.presence = Presence::Uncertain,
            Self::Current => to.temporality = Temporality::Current,
            Self::Historical => to.temporality = Temporality::Historical,
            Self::Future => to.temporality = Temporality::Future,
            Self::Client => to.experiencer = Experiencer::Client,
            Self::Other => to.experiencer = Experiencer::Other,
            Self::Generic => to.generic = true,
            Self::Specific => to.generic = false,
        }
        to
    }
}

/// A mark on a finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FindingMark {
    /// Which finding: see [`finding_key`].
    pub finding: String,
    /// What of it.
    pub mark: Mark,
    /// With [`Mark::Context`]: how it is, where the reviewer says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub should_be: Option<Correction>,
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

/// For what a document was drawn into the reading list: its label is covered until it is decided on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    /// One of those that the ranking puts low, to know what it misses.
    Laag,
    /// One of those that it puts high, so that a covered label says nothing.
    Controle,
}

impl Drawn {
    /// The name in records.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Laag => "laag",
            Self::Controle => "controle",
        }
    }

    /// By its name in records.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Laag, Self::Controle]
            .into_iter()
            .find(|d| d.as_str() == name)
    }
}

/// All that one reviewer says of one document, or of one dossier, at one moment: a later one on the same by the same reviewer replaces it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Id of the document; empty when it is on the dossier.
    pub document: String,
    /// Its path as recorded then: by it a decision is found again when the text has changed.
    #[serde(default)]
    pub path: String,
    /// Its dossier.
    #[serde(default)]
    pub dossier: String,
    /// Hash of the text that was read; of a dossier, of the ids of its documents.
    #[serde(default)]
    pub text_hash: String,
    /// Who decided.
    #[serde(default)]
    pub reviewer: String,
    /// When (ISO).
    #[serde(default)]
    pub at: String,
    /// What is to be done; none while only findings are marked.
    #[serde(default)]
    pub verdict: Option<Action>,
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
    /// It takes the one before back: it says what was said before that.
    #[serde(default)]
    pub undo: bool,
    /// The reviewer had seen what another one decided.
    #[serde(default)]
    pub informed: bool,
    /// The document was drawn, and its label covered.
    #[serde(default)]
    pub drawn: Option<Drawn>,
}

impl std::fmt::Debug for Decision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decision")
            .field("document", &self.document)
            .field("verdict", &self.verdict)
            .finish_non_exhaustive()
    }
}

impl Decision {
    /// What it is on: the id of a document and nothing else, for that stays when it gets another dossier; or nothing and a dossier.
    #[must_use]
    pub fn subject(&self) -> (&str, &str) {
        if self.document.is_empty() {
            ("", &self.dossier)
        } else {
            (&self.document, "")
        }
    }

    /// Whether it is on the same document, or dossier, as another one.
    #[must_use]
    pub fn is_on_same(&self, other: &Self) -> bool {
        self.subject() == other.subject()
    }

    /// Whether it says nothing (any more).
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.verdict.is_none()
            && self.reason.is_empty()
            && self.note.is_empty()
            && self.marks.is_empty()
            && self.missed.is_empty()
    }

    /// What is said of a finding, by its [`finding_key`].
    #[must_use]
    pub fn mark(&self, finding: &str) -> Option<&FindingMark> {
        self.marks.iter().find(|m| m.finding == finding)
    }
}

/// What one reviewer said of one document or dossier, the earliest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History(pub Vec<Decision>);

impl History {
    /// What holds now.
    #[must_use]
    pub fn current(&self) -> Option<&Decision> {
        self.0.last()
    }

    /// What would hold if the last thing that was not taken back were: `None` when there is none, an empty one when it was the first.
    #[must_use]
    pub fn before(&self) -> Option<Decision> {
        let mut said: Vec<&Decision> = Vec::new();
        for decision in &self.0 {
            if decision.undo {
                said.pop();
            } else {
                said.push(decision);
            }
        }
        said.pop()?;
        Some(said.last().map_or_else(Decision::default, |d| (*d).clone()))
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

/// Of several decisions by one reviewer on one document or dossier the last: what holds now. `decisions` and answer are in the order in which
/// they were made.
#[must_use]
pub fn last<'a>(decisions: impl IntoIterator<Item = &'a Decision>) -> Vec<&'a Decision> {
    let list: Vec<&Decision> = decisions.into_iter().collect();
    let places: BTreeMap<_, usize> = list
        .iter()
        .enumerate()
        .map(|(n, d)| ((d.reviewer.as_str(), d.subject()), n))
        .collect();
    let kept: BTreeSet<usize> = places.into_values().collect();
    kept.into_iter()
        .filter_map(|n| list.get(n).copied())
        .collect()
}

/// Reads decisions (JSONL), in the order of the file.
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
            Ok(decision) => list.push(decision),
            Err(error) => problems.push(Diagnostic {
                file: path.display().to_string(),
                line: n + 1,
                column: error.column(),
                message: format!("not a decision: {:?} error", error.classify()),
                help: "fields: document, verdict (opvolgen, geen_actie, twijfel), and optionally path, dossier, text_hash, reviewer, at, reason, note, marks, missed, undo, informed, drawn"
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

#[cfg(test)]
mod tests {
    use super::*;

    fn said(note: &str, undo: bool) -> Decision {
        Decision {
            document: "d".to_owned(),
            note: note.to_owned(),
            undo,
            ..Decision::default()
        }
    }

    #[test]
    fn of_each_reviewer_the_last_on_each_document_or_dossier_holds() {
        let on = |reviewer: &str, document: &str, dossier: &str, note: &str| Decision {
            reviewer: reviewer.to_owned(),
            document: document.to_owned(),
            dossier: dossier.to_owned(),
            ..said(note, false)
        };
        let all = [
            on("a", "d", "x", "1"),
            on("b", "d", "x", "2"),
            on("a", "", "x", "3"),
            on("a", "", "y", "4"),
            on("a", "d", "y", "5"),
            on("a", "", "x", "6"),
        ];
        let notes: Vec<&str> = last(&all).into_iter().map(|d| d.note.as_str()).collect();
        assert_eq!(notes, ["2", "4", "5", "6"]);
    }

    #[test]
    fn what_is_taken_back_is_not_taken_back_twice() {
        let mut history = History::default();
        assert_eq!(history.before(), None);
        for note in ["een", "twee", "drie"] {
            history.0.push(said(note, false));
        }
        let mut undo = || {
            let before = history.before()?;
            let note = before.note.clone();
            history.0.push(Decision {
                undo: true,
                ..before
            });
            Some(note)
        };
        assert_eq!(undo().as_deref(), Some("twee"));
        assert_eq!(undo().as_deref(), Some("een"));
        assert_eq!(undo().as_deref(), Some(""));
        assert_eq!(undo(), None);
        history.0.push(said("vier", false));
        assert_eq!(history.current().map(|d| d.note.as_str()), Some("vier"));
        assert_eq!(history.before().map(|d| d.note), Some(String::new()));
    }
}
