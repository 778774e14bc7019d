//! Label Studio JSON: a list of tasks with `annotations` or `predictions`.
//!
//! A signal is a `labels` region with its category, and a `choices` region of the same id with the properties that are not the
//! default. Offsets are code points; regions drawn in the browser count UTF-16 units and are recognised by their quote.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Format, HASH, Problems, check_hash, place, text_hash};
use crate::evaluate::gold::{GoldDocument, GoldSignal};
use crate::lexicon::{Property, Qualifiers};

/// Label Studio's tasks.
#[derive(Debug)]
pub(super) struct LabelStudio;

impl Format for LabelStudio {
    fn name(&self) -> &'static str {
        "label-studio"
    }

    fn about(&self) -> &'static str {
        "Label Studio tasks (JSON)"
    }

    fn fits(&self, path: &Path, head: &str) -> bool {
        path.extension().is_some_and(|e| e == "json") && head.trim_start().starts_with('[')
    }

    fn read(
        &self,
        _: &Path,
        text: &str,
        problems: &mut Problems<'_>,
    ) -> Vec<(usize, GoldDocument)> {
        let Ok(Value::Array(tasks)) = serde_json::from_str::<Value>(text) else {
            problems.add(
                0,
                "not a JSON list of tasks",
                "export as JSON, not as JSON-MIN",
            );
            return Vec::new();
        };
        if tasks.iter().any(|t| t.get("signals").is_some()) {
            problems.add(
                0,
                "a JSON array of gold documents, where tasks of Label Studio are expected",
                "write each document on a line of its own in a .jsonl file (jq -c '.[]' FILE)",
            );
            return Vec::new();
        }
        let mut documents = Vec::new();
        for (n, task) in tasks.iter().enumerate() {
            let empty = serde_json::Map::new();
            let mut data = task
                .get("data")
                .and_then(Value::as_object)
                .unwrap_or(&empty)
                .clone();
            let mut field = |name: &str| {
                data.remove(name)
                    .and_then(|v| v.as_str().map(str::to_owned))
            };
            let mut document = GoldDocument {
                id: field("id").unwrap_or_else(|| {
                    task.get("id")
                        .map_or_else(|| n.to_string(), Value::to_string)
                }),
                text: field("text").unwrap_or_default(),
                genre: field("genre").unwrap_or_default(),
                date: field("date"),
                ..GoldDocument::default()
            };
            let triage = field("triage").unwrap_or_default();
            document.label = crate::score::Label::named(&triage);
            document.meta = data.into_iter().filter(|(_, v)| !v.is_null()).collect();
            let results = ["annotations", "predictions"].iter().find_map(|k| {
                task.get(k)?
                    .as_array()?
                    .first()?
                    .get("result")?
                    .as_array()
                    .cloned()
            });
            for message in regions(&mut document, results.unwrap_or_default()) {
                problems.add(
                    0,
                    format!("task {n} (`{}`): {message}", document.id),
                    "the text must be the one that was annotated",
                );
            }
            check_hash(&mut document, 0, problems);
            documents.push((0, document));
        }
        documents
    }

    fn write(&self, documents: &[GoldDocument], stem: &str) -> Vec<(PathBuf, String)> {
        let tasks: Vec<Value> = documents.iter().map(task).collect();
        let text = serde_json::to_string_pretty(&tasks).unwrap_or_default();
        vec![(format!("{stem}.json").into(), text)]
    }
}

fn task(document: &GoldDocument) -> Value {
    let mut data: serde_json::Map<String, Value> = document.meta.clone().into_iter().collect();
    for (name, value) in [
        ("id", json!(document.id)),
        ("text", json!(document.text)),
        ("genre", json!(document.genre)),
        ("triage", json!(document.label)),
        ("date", json!(document.date)),
        (HASH, json!(text_hash(&document.text))),
    ] {
        data.insert(name.to_owned(), value);
    }
    let mut result = Vec::new();
    for (k, s) in document.signals.iter().enumerate() {
        let region = |from: &str, kind: &str, values: Value| {
            json!({"id": format!("s{k}"), "from_name": from, "to_name": "text", "type": kind,
                "value": {"start": s.start, "end": s.end, "text": s.text, kind: values}})
        };
        result.push(region("signal", "labels", json!([s.category])));
        let defaults = Qualifiers::default();
        let choices: Vec<String> = Property::ALL
            .iter()
            .filter(|p| s.qualifiers().get(**p) != defaults.get(**p))
            .map(|p| format!("{}={}", p.as_str(), s.qualifiers().get(*p)))
            .collect();
        if !choices.is_empty() {
            result.push(region("context", "choices", json!(choices)));
        }
    }
    json!({"data": data, "annotations": [{"result": result}]})
}

fn regions(document: &mut GoldDocument, results: Vec<Value>) -> Vec<String> {
    let mut problems = Vec::new();
    let mut properties: BTreeMap<String, Qualifiers> = BTreeMap::new();
    let id = |r: &Value| {
        r.get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let strings = |r: &Value, kind: &str| -> Vec<String> {
        let list = r
            .get("value")
            .and_then(|v| v.get(kind))
            .and_then(Value::as_array);
        (list.into_iter().flatten())
            .filter_map(|v| v.as_str().map(str::to_owned))
            .collect()
    };
    for region in &results {
        for choice in strings(region, "choices") {
            if let Some((name, value)) = choice.split_once('=')
                && let Some(property) = Property::named(name)
            {
                properties
                    .entry(id(region))
                    .or_default()
                    .set(property, value);
            }
        }
    }
    for (k, region) in results.iter().enumerate() {
        let Some(category) = strings(region, "labels").into_iter().next() else {
            continue;
        };
        let value = region.get("value");
        let number = |name: &str| {
            let n = value.and_then(|v| v.get(name)).and_then(Value::as_u64)?;
            usize::try_from(n).ok()
        };
        let quote = value.and_then(|v| v.get("text")).and_then(Value::as_str);
        let placed = number("start")
            .zip(number("end"))
            .and_then(|(s, e)| place(&document.text, s, e, quote));
        let Some((start, end)) = placed else {
            problems.push(format!(
                "the quote of region {k} is not the text at its offsets"
            ));
            continue;
        };
        let q = properties.get(&id(region)).copied().unwrap_or_default();
        document.signals.push(GoldSignal {
            start,
            end,
            category,
            presence: q.presence,
            temporality: q.temporality,
            experiencer: q.experiencer,
            generic: q.generic,
            text: document
                .text
                .chars()
                .skip(start)
                .take(end.saturating_sub(start))
                .collect(),
        });
    }
    document.signals.sort_by_key(|s| (s.start, s.end));
    problems
}
