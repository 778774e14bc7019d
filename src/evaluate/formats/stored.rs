//! The stored form of the annotation guide: one JSON object a line.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Format, HASH, Problems, check_hash, text_hash};
use crate::evaluate::gold::GoldDocument;
use crate::score::Label;

/// JSONL of [`GoldDocument`].
#[derive(Debug)]
pub(super) struct Stored;

impl Format for Stored {
    fn name(&self) -> &'static str {
        "gold"
    }

    fn about(&self) -> &'static str {
        "the stored form of the annotation guide (JSONL)"
    }

    fn fits(&self, path: &Path, _: &str) -> bool {
        path.extension()
            .is_some_and(|e| e == "jsonl" || e == "ndjson")
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
            match serde_json::from_str::<GoldDocument>(line) {
                Ok(mut document) => {
                    check_hash(&mut document, n + 1, problems);
                    documents.push((n + 1, document));
                }
                Err(error) => {
                    let (message, help) = why(line, &error);
                    problems.add(n + 1, message, help);
                }
            }
        }
        documents
    }

    fn write(&self, documents: &[GoldDocument], stem: &str) -> Vec<(PathBuf, String)> {
        let mut out = String::new();
        for document in documents {
            let mut document = document.clone();
            document
                .meta
                .insert(HASH.to_owned(), text_hash(&document.text).into());
            out.push_str(&serde_json::to_string(&document).unwrap_or_default());
            out.push('\n');
        }
        vec![(format!("{stem}.jsonl").into(), out)]
    }
}

/// Fields of a signal.
const OF_SIGNAL: [&str; 8] = [
    "start",
    "end",
    "category",
    "text",
    "presence",
    "temporality",
    "experiencer",
    "generic",
];

/// What is wrong with a line, and what to do; without its values, which may be case text.
fn why(line: &str, error: &serde_json::Error) -> (String, &'static str) {
    const SHAPE: &str =
        "one JSON object a line: id, text, label, signals; see the README, section Evaluation";
    let at = format!("column {}", error.column());
    let fields = match serde_json::from_str::<Value>(line) {
        Ok(Value::Object(fields)) => fields,
        Ok(Value::Array(_)) => {
            return (
                "a JSON array, where one document a line is expected".to_owned(),
                "write each document on a line of its own (jq -c '.[]' FILE)",
            );
        }
        Ok(_) => return ("not a JSON object".to_owned(), SHAPE),
        Err(_) => return (format!("not JSON from {at} on"), SHAPE),
    };
    for name in ["id", "text"] {
        if !fields.get(name).is_some_and(Value::is_string) {
            return (format!("no text in the field `{name}`"), SHAPE);
        }
    }
    let none = Vec::new();
    let signals = fields.get("signals").and_then(Value::as_array);
    for (n, signal) in signals.unwrap_or(&none).iter().enumerate() {
        let Some(fields) = signal.as_object() else {
            return (format!("signal {} is not an object", n + 1), SHAPE);
        };
        let is_name =
            |f: &str| f.len() <= 30 && f.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        if let Some(unknown) = fields.keys().find(|f| !OF_SIGNAL.contains(&f.as_str())) {
            let shown = if is_name(unknown) { unknown } else { "..." };
            return (
                format!(
                    "signal {} has a field `{shown}`, which no signal has",
                    n + 1
                ),
                "start, end, category, text, presence, temporality, experiencer, generic",
            );
        }
        for name in ["start", "end", "category", "text"] {
            if !fields.contains_key(name) {
                return (format!("signal {} has no `{name}`", n + 1), SHAPE);
            }
        }
    }
    let allowed = [
        ("presence", &["present", "uncertain", "absent"][..]),
        ("temporality", &["current", "historical", "future"][..]),
        ("experiencer", &["client", "other"][..]),
    ];
    for (n, signal) in signals.unwrap_or(&none).iter().enumerate() {
        let value = |name: &str| signal.get(name);
        for (name, values) in allowed {
            if value(name).is_some_and(|v| !v.as_str().is_some_and(|v| values.contains(&v))) {
                return (
                    format!(
                        "signal {}: `{name}` is none of {}",
                        n + 1,
                        values.join(", ")
                    ),
                    "correct it, or leave the field out for the first one",
                );
            }
        }
        for name in ["start", "end"] {
            if value(name).is_some_and(|v| !v.is_u64()) {
                return (
                    format!("signal {}: `{name}` is no number from 0 on", n + 1),
                    "code points, end exclusive",
                );
            }
        }
    }
    if let Some(label) = fields.get("label")
        && !label.is_null()
        && label.as_str().and_then(Label::named).is_none()
    {
        return (
            "`label` is none of hoog, midden, laag, geen".to_owned(),
            "correct it, or leave it out",
        );
    }
    (
        format!("a value of another kind than expected, before {at}"),
        "id, text, category: text; generic: true or false; signals: a list",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mistake_is_named_without_its_text() {
        let signal = |more: &str| {
            format!(
                r#"{{"id": "a", "text": "Zij blowt.", "signals": [{{"start": 4, "end": 9, "category": "middelen", "text": "blowt"{more}}}]}}"#
            )
        };
        for (line, part) in [
            ("[{}]".to_owned(), "a JSON array"),
            ("{\"id\": \"a\"".to_owned(), "not JSON from column"),
            ("\"Geheim\"".to_owned(), "not a JSON object"),
            (r#"{"id": "a", "tekst": "Geheim"}"#.to_owned(), "`text`"),
            (signal(r#", "temporalty": "Geheim""#), "field `temporalty`"),
            (signal(r#", "Geheim hier": 1"#), "field `...`"),
            (
                signal(r#", "presence": "Geheim""#),
                "`presence` is none of present",
            ),
            (signal(r#", "generic": "Geheim""#), "another kind"),
        ] {
            let error = serde_json::from_str::<GoldDocument>(&line).unwrap_err();
            let (message, _) = why(&line, &error);
            assert!(message.contains(part), "{message}");
            assert!(!message.contains("Geheim"), "{message}");
        }
        assert!(serde_json::from_str::<GoldDocument>(&signal("")).is_ok());
    }
}
