//! doccano JSONL: `{"id", "text", "label": [[start, end, "category;marks"]]}`.
//!
//! Our files also carry `quotes`, `text_hash`, `genre` and `triage`; doccano keeps them as metadata. Offsets are code points;
//! where quotes only fit in UTF-16 units they are read so.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Format, HASH, Problems, check_hash, label_of, place, text_hash};
use crate::evaluate::gold::{GoldDocument, GoldSignal};

/// doccano's sequence labelling.
#[derive(Debug)]
pub(super) struct Doccano;

impl Format for Doccano {
    fn name(&self) -> &'static str {
        "doccano"
    }

    fn about(&self) -> &'static str {
        "doccano sequence labelling (JSONL)"
    }

    fn fits(&self, path: &Path, head: &str) -> bool {
        let first = head
            .lines()
            .find(|l| !l.trim().is_empty())
            .unwrap_or_default();
        path.extension()
            .is_some_and(|e| e == "jsonl" || e == "ndjson")
            && !first.contains("\"signals\"")
            && (first.contains("\"label\"") || first.contains("\"entities\""))
            && !first.contains("\"label\":null")
            && !first.contains("\"label\": null")
    }

    fn read(
        &self,
        _: &Path,
        text: &str,
        problems: &mut Problems<'_>,
    ) -> Vec<(usize, GoldDocument)> {
        let mut documents = Vec::new();
        for (n, line) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            let Ok(Value::Object(mut fields)) = serde_json::from_str::<Value>(line) else {
                problems.add(
                    n + 1,
                    "not a JSON object",
                    "doccano exports one object a line",
                );
                continue;
            };
            let mut text_field = |name: &str| match fields.remove(name) {
                Some(Value::String(s)) => s,
                Some(Value::Null) | None => String::new(),
                Some(other) => other.to_string(),
            };
            let mut document = GoldDocument {
                id: text_field("id"),
                text: text_field("text"),
                genre: text_field("genre"),
                ..GoldDocument::default()
            };
            let triage = text_field("triage");
            document.label = crate::score::Label::named(&triage);
            document.date = fields
                .remove("date")
                .and_then(|d| d.as_str().map(str::to_owned));
            let quotes = fields.remove("quotes");
            let labels = fields
                .remove("label")
                .or_else(|| fields.remove("labels"))
                .or_else(|| fields.remove("entities"));
            for (k, entry) in labels
                .as_ref()
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .enumerate()
            {
                let quote = quotes
                    .as_ref()
                    .and_then(|q| q.get(k))
                    .and_then(Value::as_str);
                match signal(&document.text, entry, quote) {
                    Ok(signal) => document.signals.push(signal),
                    Err(message) => problems.add(
                        n + 1,
                        format!("label {k} of `{}`: {message}", document.id),
                        "a label is [start, end, \"category;marks\"]; the text must be the one that was annotated",
                    ),
                }
            }
            document.signals.sort_by_key(|s| (s.start, s.end));
            document.meta = fields.into_iter().collect();
            check_hash(&mut document, n + 1, problems);
            documents.push((n + 1, document));
        }
        documents
    }

    fn write(&self, documents: &[GoldDocument], stem: &str) -> Vec<(PathBuf, String)> {
        let mut out = String::new();
        for document in documents {
            let labels: Vec<Value> = (document.signals.iter())
                .map(|s| json!([s.start, s.end, label_of(s)]))
                .collect();
            let quotes: Vec<&str> = document.signals.iter().map(|s| s.text.as_str()).collect();
            let mut row: serde_json::Map<String, Value> =
                document.meta.clone().into_iter().collect();
            for (name, value) in [
                ("id", json!(document.id)),
                ("text", json!(document.text)),
                ("label", json!(labels)),
                ("quotes", json!(quotes)),
                ("genre", json!(document.genre)),
                ("triage", json!(document.label)),
                ("date", json!(document.date)),
                (HASH, json!(text_hash(&document.text))),
            ] {
                row.insert(name.to_owned(), value);
            }
            out.push_str(&Value::Object(row).to_string());
            out.push('\n');
        }
        vec![(format!("{stem}.jsonl").into(), out)]
    }
}

fn signal(text: &str, entry: &Value, quote: Option<&str>) -> Result<GoldSignal, String> {
    // Relation projects export objects, others lists.
    let number = |n: usize, name: &str| {
        let value = entry
            .get(n)
            .or_else(|| entry.get(name))
            .and_then(Value::as_u64);
        value.and_then(|v| usize::try_from(v).ok())
    };
    let start = number(0, "start_offset").ok_or("no start")?;
    let end = number(1, "end_offset").ok_or("no end")?;
    let label = entry
        .get(2)
        .or_else(|| entry.get("label"))
        .and_then(Value::as_str)
        .ok_or("no label")?;
    let mut signal: GoldSignal = label.parse()?;
    (signal.start, signal.end) =
        place(text, start, end, quote).ok_or("its quote is not the text at its offsets")?;
    signal.text = text
        .chars()
        .skip(signal.start)
        .take(signal.end.saturating_sub(signal.start))
        .collect();
    Ok(signal)
}
