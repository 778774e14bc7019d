//! The inline markup of the annotation guide: `[[category;marks|text]]`.
//!
//! Several documents in one file begin with a line `=== id`, with `genre=…` and `label=…` behind it where known. Brackets
//! of the text itself that could be taken for a mark are written with a backslash before them, and so are a backslash and a line that
//! begins like a header.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::{Format, HASH, Problems, check_hash, text_hash};
use crate::evaluate::gold::{GoldDocument, GoldSignal};
use crate::lexicon::{Experiencer, Presence, Qualifiers, Temporality};
use crate::score::Label;

/// Files of inline markup.
#[derive(Debug)]
pub(super) struct Markup;

const HEADER: &str = "=== ";

impl Format for Markup {
    fn name(&self) -> &'static str {
        "markup"
    }

    fn about(&self) -> &'static str {
        "the inline markup of the annotation guide (text)"
    }

    fn fits(&self, path: &Path, _: &str) -> bool {
        path.extension().is_some_and(|e| e == "txt" || e == "md")
    }

    fn read(
        &self,
        path: &Path,
        text: &str,
        problems: &mut Problems<'_>,
    ) -> Vec<(usize, GoldDocument)> {
        let stem = path
            .file_stem()
            .map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let mut parts: Vec<(usize, Option<&str>, String)> = Vec::new();
        for (n, line) in text.split_inclusive('\n').enumerate() {
            if let Some(header) = line.strip_prefix(HEADER) {
                parts.push((n + 1, Some(header.trim_end()), String::new()));
            } else {
                let line = line
                    .strip_prefix('\\')
                    .filter(|l| l.starts_with(HEADER))
                    .unwrap_or(line);
                match parts.last_mut() {
                    Some(part) => part.2.push_str(line),
                    None => parts.push((n + 1, None, line.to_owned())),
                }
            }
        }
        let mut documents = Vec::new();
        for (line, header, mut body) in parts {
            let mut document = GoldDocument {
                id: stem.clone(),
                ..GoldDocument::default()
            };
            if let Some(header) = header {
                // The line end before the next header belongs to the header, not to the text.
                if body.ends_with('\n') {
                    body.pop();
                }
                head(&mut document, header);
            }
            match parse(&body) {
                Ok((text, signals)) => (document.text, document.signals) = (text, signals),
                Err(problem) => {
                    let below = body.chars().take(problem.at).filter(|c| *c == '\n').count();
                    problems.add(
                        line + usize::from(header.is_some()) + below,
                        problem.message,
                        problem.help,
                    );
                    continue;
                }
            }
            check_hash(&mut document, line, problems);
            documents.push((line, document));
        }
        documents
    }

    fn write(&self, documents: &[GoldDocument], stem: &str) -> Vec<(PathBuf, String)> {
        let mut out = String::new();
        for document in documents {
            let value = |text: &str| serde_json::Value::from(text).to_string();
            out.push_str(HEADER);
            out.push_str(&value(&document.id));
            if !document.genre.is_empty() {
                out.push_str(&format!(" genre={}", value(&document.genre)));
            }
            if let Some(label) = document.label {
                out.push_str(&format!(" label={}", label.as_str()));
            }
            if let Some(date) = &document.date {
                out.push_str(&format!(" date={}", value(date)));
            }
            // In quotes: a hash such as 12e34 would be read as a number.
            out.push_str(&format!(" {HASH}={}", value(&text_hash(&document.text))));
            for (key, field) in &document.meta {
                out.push_str(&format!(" {}={field}", value(key)));
            }
            out.push('\n');
            for line in write(&document.text, &document.signals).split_inclusive('\n') {
                if line.starts_with(HEADER) {
                    out.push('\\');
                }
                out.push_str(line);
            }
            out.push('\n');
        }
        vec![(format!("{stem}.txt").into(), out)]
    }
}

/// Reads `id key=value …`; values with blanks stand in JSON quotes.
fn head(document: &mut GoldDocument, header: &str) {
    let mut rest = header;
    let mut first = true;
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let (key, after) = token(rest);
        rest = after;
        let value = rest.strip_prefix('=').map(|r| {
            let (value, after) = token(r);
            rest = after;
            value
        });
        let text = |v: &serde_json::Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        match (text(&key).as_str(), value) {
            (id, None) if first => document.id = id.to_owned(),
            ("genre", Some(v)) => document.genre = text(&v),
            ("date", Some(v)) => document.date = Some(text(&v)),
            ("label", Some(v)) => {
                document.label = Label::named(&text(&v));
            }
            (key, Some(v)) => {
                document.meta.insert(key.to_owned(), v);
            }
            (_, None) => {}
        }
        first = false;
    }
}

/// A JSON value, or a bare word up to a blank or `=`.
fn token(text: &str) -> (serde_json::Value, &str) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    if let Some(Ok(value)) = values.next() {
        let rest = text.get(values.byte_offset()..).unwrap_or_default();
        if rest.is_empty() || rest.starts_with([' ', '=']) {
            return (value, rest);
        }
    }
    let end = text
        .find([' ', '='])
        .unwrap_or(text.len())
        .max(1)
        .min(text.len());
    let end = crate::span::floor(text, end);
    (
        text.get(..end).unwrap_or_default().into(),
        text.get(end..).unwrap_or_default(),
    )
}

/// What is wrong with inline markup; `at` counts code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Place in the marked-up text.
    pub at: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// Reads marked-up text: the plain text and its signals.
///
/// # Errors
/// The first mark that is not closed, nested, or unknown, with its place.
pub fn parse(marked: &str) -> Result<(String, Vec<GoldSignal>), Problem> {
    let mut text = String::with_capacity(marked.len());
    let mut count = 0;
    let mut signals: Vec<GoldSignal> = Vec::new();
    let mut open: Option<(usize, GoldSignal)> = None;
    let mut rest = marked;
    let at = |rest: &str| marked.chars().count() - rest.chars().count();
    while let Some(c) = rest.chars().next() {
        let escaped = rest.strip_prefix('\\').and_then(|r| r.chars().next());
        if let Some(c) = escaped.filter(|c| matches!(c, '\\' | '[' | ']')) {
            text.push(c);
            count += 1;
            rest = rest.get(2..).unwrap_or_default();
        } else if let Some(after) = rest.strip_prefix("[[") {
            let problem = |message: &str| Problem {
                at: at(rest),
                message: message.to_owned(),
                help: "write [[category|text]] or [[category;neg,hist|text]]; a bracket of the text itself as \\[[",
            };
            if open.is_some() {
                return Err(problem("a mark inside a mark"));
            }
            let (label, after) = after
                .split_once('|')
                .ok_or_else(|| problem("a mark without `|`"))?;
            let mut signal: GoldSignal = label.parse().map_err(|m: String| problem(&m))?;
            signal.start = count;
            open = Some((at(rest), signal));
            rest = after;
        } else if let (Some(after), true) = (rest.strip_prefix("]]"), open.is_some()) {
            if let Some((_, mut signal)) = open.take() {
                signal.end = count;
                signal.text = text.chars().skip(signal.start).collect();
                signals.push(signal);
            }
            rest = after;
        } else {
            text.push(c);
            count += 1;
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
        }
    }
    match open {
        Some((at, _)) => Err(Problem {
            at,
            message: "a mark that is not closed".to_owned(),
            help: "close it with ]]",
        }),
        None => Ok((text, signals)),
    }
}

/// Writes text with its signals marked. Of signals that overlap only the first is written: the markup cannot nest.
#[must_use]
pub fn write(text: &str, signals: &[GoldSignal]) -> String {
    let mut sorted: Vec<&GoldSignal> = signals.iter().collect();
    sorted.sort_by_key(|s| (s.start, s.end));
    let chars: Vec<char> = text.chars().collect();
    let mut kept: Vec<&GoldSignal> = Vec::new();
    for signal in sorted {
        let free = kept.last().is_none_or(|k| k.end <= signal.start);
        if free && signal.start < signal.end && signal.end <= chars.len() {
            kept.push(signal);
        }
    }
    let starts: BTreeMap<usize, &GoldSignal> = kept.iter().map(|s| (s.start, *s)).collect();
    let ends: BTreeSet<usize> = kept.iter().map(|s| s.end).collect();
    let border = |n: usize| starts.contains_key(&n) || ends.contains(&n);
    let mut out = String::with_capacity(text.len() + 32);
    for n in 0..=chars.len() {
        if ends.contains(&n) {
            out.push_str("]]");
        }
        if let Some(signal) = starts.get(&n) {
            out.push_str(&format!("[[{}|", super::label_of(signal)));
        }
        let Some(c) = chars.get(n) else { continue };
        // A single bracket inside a line needs no escape; beside its like or a mark it would be read as one.
        let beside = |m: Option<usize>| m.and_then(|m| chars.get(m)) == Some(c);
        let bracket = matches!(c, '[' | ']')
            && (beside(n.checked_sub(1)) || beside(Some(n + 1)) || border(n) || border(n + 1));
        if bracket || *c == '\\' {
            out.push('\\');
        }
        out.push(*c);
    }
    out
}

/// The marks of the properties that are not the default, joined by commas.
pub(super) fn marks(q: Qualifiers) -> String {
    let presence = match q.presence {
        Presence::Present => "",
        Presence::Uncertain => "unc",
        Presence::Absent => "neg",
    };
    let temporality = match q.temporality {
        Temporality::Current => "",
        Temporality::Historical => "hist",
        Temporality::Future => "fut",
    };
    let experiencer = match q.experiencer {
        Experiencer::Client => "",
        Experiencer::Other => "other",
    };
    let generic = if q.generic { "gen" } else { "" };
    [presence, temporality, experiencer, generic]
        .into_iter()
        .filter(|m| !m.is_empty())
        .collect::<Vec<_>>()
        .join(",")
}

impl FromStr for GoldSignal {
    type Err = String;

    /// Reads `category;mark,mark`.
    fn from_str(label: &str) -> Result<Self, String> {
        let (category, marks) = label.split_once(';').unwrap_or((label, ""));
        let mut signal = Self {
            category: category.trim().to_owned(),
            ..Self::default()
        };
        if signal.category.is_empty() {
            return Err("a mark without category".to_owned());
        }
        for mark in marks.split(',').map(str::trim).filter(|m| !m.is_empty()) {
            match mark {
                "neg" => signal.presence = Presence::Absent,
                "unc" => signal.presence = Presence::Uncertain,
                "hist" => signal.temporality = Temporality::Historical,
                "fut" => signal.temporality = Temporality::Future,
                "other" => signal.experiencer = Experiencer::Other,
                "gen" => signal.generic = true,
                _ => {
                    return Err(format!(
                        "`{mark}` is no mark; there are neg, unc, hist, fut, other, gen"
                    ));
                }
            }
        }
        Ok(signal)
    }
}
