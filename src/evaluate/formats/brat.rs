//! brat standoff: `NAME.txt` beside `NAME.ann`; what brat has no place for stands in `NAME.meta.json`, which brat leaves alone.
//!
//! brat reads text with `\n` line ends and counts code points of that, so `\r\n` is written as `\n` and put back on reading. A
//! signal over a line break is written in fragments, one a line, as brat wants it; the stretch from the first to the last is the signal.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Format, Problems, text_hash};
use crate::evaluate::gold::{GoldDocument, GoldSignal};
use crate::lexicon::{Property, Qualifiers};
use crate::score::Label;

/// brat standoff.
#[derive(Debug)]
pub(super) struct Brat;

/// `NAME.meta.json`.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Meta {
    id: String,
    #[serde(default)]
    genre: String,
    #[serde(default)]
    label: Option<Label>,
    #[serde(default)]
    date: Option<String>,
    /// Hash of the text with its own line ends.
    #[serde(default)]
    text_hash: String,
    /// Numbers of the `\n` (from 0) that were `\r\n`.
    #[serde(default)]
    crlf: Vec<usize>,
    #[serde(default)]
    meta: BTreeMap<String, serde_json::Value>,
}

impl Format for Brat {
    fn name(&self) -> &'static str {
        "brat"
    }

    fn about(&self) -> &'static str {
        "brat standoff (a folder with NAME.txt and NAME.ann)"
    }

    fn fits(&self, path: &Path, _: &str) -> bool {
        path.extension().is_some_and(|e| e == "ann")
    }

    fn read(
        &self,
        path: &Path,
        ann: &str,
        problems: &mut Problems<'_>,
    ) -> Vec<(usize, GoldDocument)> {
        let Ok(text) = std::fs::read_to_string(path.with_extension("txt")) else {
            problems.add(
                0,
                "its .txt file is missing or not UTF-8",
                "brat keeps NAME.txt beside NAME.ann",
            );
            return Vec::new();
        };
        let meta: Option<Meta> = std::fs::read_to_string(path.with_extension("meta.json"))
            .ok()
            .and_then(|m| serde_json::from_str(&m).ok());
        let stem = path
            .file_stem()
            .map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let meta = meta.unwrap_or_else(|| Meta {
            id: stem,
            ..Meta::default()
        });
        let (text, moved) = restore(&text, &meta.crlf);
        let mut document = GoldDocument {
            id: meta.id,
            genre: meta.genre,
            label: meta.label,
            date: meta.date,
            meta: meta.meta,
            signals: signals(ann, &text, &moved, problems),
            text,
        };
        document.signals.sort_by_key(|s| (s.start, s.end));
        if !meta.text_hash.is_empty() && meta.text_hash != text_hash(&document.text) {
            problems.add(
                0,
                format!(
                    "the text of `{}` is not the one that was exported: its hash differs",
                    document.id
                ),
                "annotations only fit the exact text; export it again",
            );
        }
        vec![(0, document)]
    }

    fn write(&self, documents: &[GoldDocument], stem: &str) -> Vec<(PathBuf, String)> {
        let mut files = Vec::new();
        for (n, document) in documents.iter().enumerate() {
            let base = PathBuf::from(stem).join(format!("{n:05}"));
            let (text, crlf) = plain_lines(&document.text);
            let meta = Meta {
                id: document.id.clone(),
                genre: document.genre.clone(),
                label: document.label,
                date: document.date.clone(),
                text_hash: text_hash(&document.text),
                crlf,
                meta: document.meta.clone(),
            };
            files.push((base.with_extension("ann"), standoff(document)));
            files.push((base.with_extension("txt"), text));
            files.push((
                base.with_extension("meta.json"),
                serde_json::to_string(&meta).unwrap_or_default(),
            ));
        }
        files
    }
}

/// `\r\n` as `\n`, and which of the line ends were so.
fn plain_lines(text: &str) -> (String, Vec<usize>) {
    let (mut out, mut crlf, mut ends) = (String::with_capacity(text.len()), Vec::new(), 0);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\r' && chars.peek() == Some(&'\n') {
            crlf.push(ends);
            continue;
        }
        ends += usize::from(c == '\n');
        out.push(c);
    }
    (out, crlf)
}

/// Puts `\r` back; also gives, per code point of `text` (and its end), the code point in the result.
fn restore(text: &str, crlf: &[usize]) -> (String, Vec<usize>) {
    let (mut out, mut moved, mut ends, mut count) =
        (String::with_capacity(text.len()), Vec::new(), 0, 0);
    for c in text.chars() {
        if c == '\n' {
            if crlf.binary_search(&ends).is_ok() {
                out.push('\r');
                count += 1;
            }
            ends += 1;
        }
        moved.push(count);
        out.push(c);
        count += 1;
    }
    moved.push(count);
    (out, moved)
}

fn standoff(document: &GoldDocument) -> String {
    let chars: Vec<char> = document.text.chars().collect();
    // Code points of the text without the `\r` of `\r\n`.
    let mut plain = Vec::with_capacity(chars.len() + 1);
    let mut count = 0;
    for (n, c) in chars.iter().enumerate() {
        plain.push(count);
        count += usize::from(!(*c == '\r' && chars.get(n + 1) == Some(&'\n')));
    }
    plain.push(count);
    let mut out = String::new();
    let mut attributes = 0;
    for (k, signal) in document.signals.iter().enumerate() {
        let mut fragments: Vec<(usize, usize)> = Vec::new();
        let mut from = None;
        for n in signal.start..=signal.end {
            let inside = n < signal.end && !matches!(chars.get(n), Some('\n' | '\r') | None);
            match (inside, from) {
                (true, None) => from = Some(n),
                (false, Some(start)) => {
                    fragments.push((start, n));
                    from = None;
                }
                _ => {}
            }
        }
        let at = |n: usize| plain.get(n).copied().unwrap_or(count);
        let offsets: Vec<String> = fragments
            .iter()
            .map(|(s, e)| format!("{} {}", at(*s), at(*e)))
            .collect();
        let quote: Vec<String> = fragments
            .iter()
            .map(|(s, e)| {
                chars
                    .get(*s..*e)
                    .unwrap_or_default()
                    .iter()
                    .collect::<String>()
                    .replace('\t', " ")
            })
            .collect();
        out.push_str(&format!(
            "T{}\t{} {}\t{}\n",
            k + 1,
            signal.category,
            offsets.join(";"),
            quote.join(" ")
        ));
        let defaults = Qualifiers::default();
        for property in Property::ALL {
            let value = signal.qualifiers().get(*property);
            if value != defaults.get(*property) {
                attributes += 1;
                out.push_str(&format!(
                    "A{attributes}\t{} T{} {value}\n",
                    property.as_str(),
                    k + 1
                ));
            }
        }
    }
    out
}

fn signals(ann: &str, text: &str, moved: &[usize], problems: &mut Problems<'_>) -> Vec<GoldSignal> {
    let mut list: BTreeMap<String, GoldSignal> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut properties: Vec<(String, Property, String)> = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    for (n, line) in ann.lines().enumerate() {
        let mut fields = line.split('\t');
        let (Some(id), Some(middle)) = (fields.next(), fields.next()) else {
            continue;
        };
        if id.starts_with('T') {
            let quote = fields.next().unwrap_or_default();
            match region(middle, quote, &chars, moved) {
                Some(signal) => {
                    order.push(id.to_owned());
                    list.insert(id.to_owned(), signal);
                }
                None => problems.add(
                    n + 1,
                    format!("the quote of {id} is not the text at its offsets"),
                    "T1<tab>category start end;start end<tab>text, in code points of the .txt file",
                ),
            }
        } else if id.starts_with(['A', 'M']) {
            let mut words = middle.split(' ');
            if let (Some(name), Some(of), Some(value)) = (words.next(), words.next(), words.next())
                && let Some(property) = Property::named(name)
            {
                properties.push((of.to_owned(), property, value.to_owned()));
            }
        }
    }
    for (of, property, value) in properties {
        if let Some(signal) = list.get_mut(&of) {
            let mut q = signal.qualifiers();
            q.set(property, &value);
            (signal.presence, signal.temporality) = (q.presence, q.temporality);
            (signal.experiencer, signal.generic) = (q.experiencer, q.generic);
        }
    }
    order.iter().filter_map(|id| list.remove(id)).collect()
}

/// A text-bound annotation: `category start end;start end` with its quote.
fn region(middle: &str, quote: &str, chars: &[char], moved: &[usize]) -> Option<GoldSignal> {
    let (category, offsets) = middle.split_once(' ')?;
    let mut fragments = Vec::new();
    for fragment in offsets.split(';') {
        let (start, end) = fragment.split_once(' ')?;
        // The end is exclusive: the place after the last character, not before a `\r` that was put back.
        let (start, end): (usize, usize) = (start.parse().ok()?, end.parse().ok()?);
        fragments.push((*moved.get(start)?, *moved.get(end.checked_sub(1)?)? + 1));
    }
    let words = |s: &str| s.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let read: Vec<String> = fragments
        .iter()
        .map(|(s, e)| chars.get(*s..*e).map(|c| c.iter().collect::<String>()))
        .collect::<Option<_>>()?;
    if words(&read.join(" ")) != words(quote) {
        return None;
    }
    let start = fragments.iter().map(|f| f.0).min()?;
    let end = fragments.iter().map(|f| f.1).max()?;
    Some(GoldSignal {
        start,
        end,
        category: category.to_owned(),
        text: chars.get(start..end)?.iter().collect(),
        ..GoldSignal::default()
    })
}
