//! Gold data in the stored form of the annotation guide, checked before it is used.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::document::{Document, content_id};
use crate::error::{Diagnostic, Error, Result};
use crate::lexicon::{Experiencer, Presence, Qualifiers, Temporality};
use crate::score::Label;
use crate::span::{CodePoints, Span};

/// One annotated document.
#[derive(Clone, Serialize, Deserialize)]
pub struct GoldDocument {
    /// Id.
    pub id: String,
    /// Genre as the annotator called it.
    #[serde(default)]
    pub genre: String,
    /// The text.
    pub text: String,
    /// Triage label; snippets have none.
    #[serde(default)]
    pub label: Option<Label>,
    /// The signals.
    #[serde(default)]
    pub signals: Vec<GoldSignal>,
    /// The document's date (ISO), where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Snippets: the category they are about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// Snippets: `present`, `context` or `negative`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl std::fmt::Debug for GoldDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GoldDocument")
            .field("id", &self.id)
            .field("signals", &self.signals.len())
            .finish_non_exhaustive()
    }
}

/// One annotated signal.
#[derive(Clone, Serialize, Deserialize)]
pub struct GoldSignal {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// Category id.
    pub category: String,
    /// Whether it is so.
    #[serde(default)]
    pub presence: Presence,
    /// When.
    #[serde(default)]
    pub temporality: Temporality,
    /// Whom it is about.
    #[serde(default)]
    pub experiencer: Experiencer,
    /// Information in general.
    #[serde(default)]
    pub generic: bool,
    /// The marked words.
    pub text: String,
}

impl std::fmt::Debug for GoldSignal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "GoldSignal({} {}..{})",
            self.category, self.start, self.end
        )
    }
}

impl GoldSignal {
    /// The four properties together.
    #[must_use]
    pub const fn qualifiers(&self) -> Qualifiers {
        Qualifiers {
            presence: self.presence,
            temporality: self.temporality,
            experiencer: self.experiencer,
            generic: self.generic,
        }
    }

    /// Its span in bytes of `text`; `None` when the offsets lie outside.
    #[must_use]
    pub fn span(&self, text: &str, index: &CodePoints) -> Option<Span> {
        let (start, end) = (
            index.to_byte(text, self.start)?,
            index.to_byte(text, self.end)?,
        );
        (start <= end).then(|| Span::new(start, end))
    }
}

impl GoldDocument {
    /// The document as the analyzer reads it; its date from the field or from the text.
    #[must_use]
    pub fn document(&self) -> Document {
        let own = crate::extract::date::own_date(&self.text, "");
        let mut document = Document::from_text(&self.id, self.text.clone());
        document.id = content_id(self.text.as_bytes());
        document.date = own.map(|d| d.0);
        document.date_certainty = own.map(|d| d.1);
        document
    }
}

/// A dossier's gold label.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GoldDossier {
    /// Name.
    pub dossier: String,
    /// Its label.
    pub label: Label,
    /// Ids of its notes, in order.
    pub notes: Vec<String>,
}

/// Reads gold files (JSONL in the stored form).
///
/// # Errors
/// All problems at once: lines that are no JSON, offsets outside the text, quotes that differ, unknown categories, ids used twice.
pub fn read(paths: &[impl AsRef<Path>], known: impl Fn(&str) -> bool) -> Result<Vec<GoldDocument>> {
    let mut documents: Vec<GoldDocument> = Vec::new();
    let mut problems = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for path in paths {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        for (n, line) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            let mut problem = |message: String, help: &str| {
                problems.push(Diagnostic {
                    file: path.display().to_string(),
                    line: n + 1,
                    column: 0,
                    message,
                    help: help.to_owned(),
                });
            };
            match serde_json::from_str::<GoldDocument>(line) {
                Ok(document) => {
                    let index = CodePoints::new(&document.text);
                    for (k, signal) in document.signals.iter().enumerate() {
                        match signal.span(&document.text, &index) {
                            None => problem(
                                format!("signal {k} of `{}` lies outside its text", document.id),
                                "start and end count code points, end is exclusive",
                            ),
                            Some(span) if span.slice(&document.text) != signal.text => {
                                problem(
                                    format!(
                                        "the quote of signal {k} of `{}` is not the text at its offsets",
                                        document.id
                                    ),
                                    "start and end count code points, not bytes",
                                );
                            }
                            Some(_) => {}
                        }
                        if !known(&signal.category) {
                            problem(
                                format!(
                                    "signal {k} of `{}` has an unknown category `{}`",
                                    document.id, signal.category
                                ),
                                "",
                            );
                        }
                    }
                    if !ids.insert(document.id.clone()) {
                        problem(format!("the id `{}` is used twice", document.id), "");
                    }
                    documents.push(document);
                }
                // serde's message quotes no text of the document, only names and places.
                Err(error) => problem(
                    format!(
                        "not a gold document: {:?} at column {}",
                        error.classify(),
                        error.column()
                    ),
                    "one JSON object a line; see the README, section Evaluation",
                ),
            }
        }
    }
    if problems.is_empty() {
        Ok(documents)
    } else {
        Err(Error::Gold(problems))
    }
}

/// Reads dossier labels (JSONL).
///
/// # Errors
/// Lines that do not fit, all at once.
pub fn read_dossiers(path: &Path) -> Result<Vec<GoldDossier>> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let mut list = Vec::new();
    let mut problems = Vec::new();
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        match serde_json::from_str(line) {
            Ok(dossier) => list.push(dossier),
            Err(error) => problems.push(Diagnostic {
                file: path.display().to_string(),
                line: n + 1,
                column: error.column(),
                message: format!("not a dossier label: {:?}", error.classify()),
                help: "fields: dossier, label, notes".to_owned(),
            }),
        }
    }
    if problems.is_empty() {
        Ok(list)
    } else {
        Err(Error::Gold(problems))
    }
}
