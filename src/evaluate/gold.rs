//! Gold data: annotated documents, checked before they are used.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::formats;
use crate::document::{DateCertainty, Document, content_id};
use crate::error::{Diagnostic, Error, Result};
use crate::lexicon::{Experiencer, Presence, Qualifiers, Temporality};
use crate::score::Label;
use crate::span::{CodePoints, Span};

/// One annotated document.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
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
    /// All other fields: what subgroups are made of.
    #[serde(flatten)]
    pub meta: BTreeMap<String, serde_json::Value>,
}

impl std::fmt::Debug for GoldDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GoldDocument")
            .field("id", &self.id)
            .field("signals", &self.signals.len())
            .finish_non_exhaustive()
    }
}

/// One annotated signal. Other fields are refused: a misspelt one would leave its property at the usual value.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
        let given = self.date.as_deref().and_then(parse_date);
        let own = given
            .map(|d| (d, DateCertainty::Column))
            .or_else(|| crate::extract::date::own_date(&self.text, ""));
        let mut document = Document::from_text(&self.id, self.text.clone());
        document.id = content_id(self.text.as_bytes());
        document.date = own.map(|d| d.0);
        document.date_certainty = own.map(|d| d.1);
        document
    }

    /// Half 1 or 2, by the id alone: work on one, report the other. The first byte of the id's SHA-256, even or odd.
    #[must_use]
    pub fn half(&self) -> u8 {
        let digest = content_id(self.id.as_bytes());
        let first = u8::from_str_radix(digest.get(..2).unwrap_or("0"), 16).unwrap_or(0);
        1 + first % 2
    }

    /// What is wrong with its signals: offsets outside the text, quotes that are not the text, categories that nobody knows.
    pub(super) fn problems(&self, known: &impl Fn(&str) -> bool) -> Vec<(String, &'static str)> {
        let mut problems = Vec::new();
        let index = CodePoints::new(&self.text);
        for (k, signal) in self.signals.iter().enumerate() {
            let name = format!("signal {k} of `{}`", self.id);
            match signal.span(&self.text, &index) {
                None => problems.push((
                    format!("{name} lies outside its text"),
                    "start and end count code points, end is exclusive",
                )),
                Some(span) if span.slice(&self.text) != signal.text => problems.push((
                    format!("the quote of {name} is not the text at its offsets"),
                    "start and end count code points, not bytes; the text must be the one that was annotated",
                )),
                Some(span) if span.is_empty() => {
                    problems.push((format!("{name} is empty"), "mark at least one character"));
                }
                Some(_) => {}
            }
            if !known(&signal.category) {
                problems.push((
                    format!("{name} has an unknown category `{}`", signal.category),
                    "category ids are those of the lexicon",
                ));
            }
        }
        problems
    }
}

/// An ISO date.
pub(super) fn parse_date(text: &str) -> Option<time::Date> {
    let mut parts = text.splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let day = parts.next()?.get(..2)?.parse().ok()?;
    time::Date::from_calendar_date(year, time::Month::try_from(month).ok()?, day).ok()
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

/// Reads gold files in any of the known formats (see [`formats`]).
///
/// # Errors
/// All problems of all files at once: lines that do not parse, offsets outside the text, quotes or hashes that differ, unknown
/// categories, ids used twice.
pub fn read(paths: &[impl AsRef<Path>], known: impl Fn(&str) -> bool) -> Result<Vec<GoldDocument>> {
    let mut documents: Vec<GoldDocument> = Vec::new();
    let mut problems = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for path in paths {
        let path = path.as_ref();
        let before = problems.len();
        let read = formats::read(path, &mut problems)?;
        if read.is_empty() && problems.len() == before {
            problems.push(Diagnostic {
                file: path.display().to_string(),
                line: 0,
                column: 0,
                message: "no annotated document".to_owned(),
                help: "the stored form is one JSON object a line, with id, text and signals"
                    .to_owned(),
            });
        }
        for (line, document) in read {
            let mut problem = |message: String, help: &str| {
                problems.push(Diagnostic {
                    file: path.display().to_string(),
                    line,
                    column: 0,
                    message,
                    help: help.to_owned(),
                });
            };
            if document.text.is_empty() {
                problem(
                    format!("the document `{}` has no text", document.id),
                    "the text of a note is in the field `text`",
                );
            }
            for (message, help) in document.problems(&known) {
                problem(message, help);
            }
            if !ids.insert(document.id.clone()) {
                problem(
                    format!("the id `{}` is used twice", document.id),
                    "ids are unique over all gold files",
                );
            }
            documents.push(document);
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
/// Lines that do not fit, and notes that are in none of `documents`, all at once.
pub fn read_dossiers(path: &Path, documents: &[GoldDocument]) -> Result<Vec<GoldDossier>> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let mut list: Vec<GoldDossier> = Vec::new();
    let mut problems = Vec::new();
    for (n, line) in text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
    {
        let mut problem = |column: usize, message: String, help: &str| {
            problems.push(Diagnostic {
                file: path.display().to_string(),
                line: n + 1,
                column,
                message,
                help: help.to_owned(),
            });
        };
        match serde_json::from_str::<GoldDossier>(line) {
            Ok(dossier) => {
                for note in &dossier.notes {
                    if !documents.iter().any(|d| d.id == *note) {
                        problem(
                            0,
                            format!(
                                "note `{note}` of dossier `{}` is in no gold file",
                                dossier.dossier
                            ),
                            "give the file with its notes by --gold too",
                        );
                    }
                }
                list.push(dossier);
            }
            Err(error) => problem(
                error.column(),
                format!("not a dossier label: {:?}", error.classify()),
                "fields: dossier, label, notes",
            ),
        }
    }
    if problems.is_empty() {
        Ok(list)
    } else {
        Err(Error::Gold(problems))
    }
}
