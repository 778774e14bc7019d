//! Between the types of the library and the columns of the store.

use std::collections::BTreeMap;

use rusqlite::Row;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::failed;
use crate::analyze::{Analysis, DocumentRecord};
use crate::document::Status;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::score::Label;

/// Place in the reading order: 0 when not read, then by label and score, the highest first.
pub(super) fn rank(label: Option<Label>, score: Option<u32>) -> i64 {
    let (Some(label), Some(score)) = (label, score) else {
        return 0;
    };
    let below = Label::ALL.iter().filter(|l| **l > label).count();
    let below = i64::try_from(below).unwrap_or(0);
    1 + below * 101 + 100 - i64::from(score.min(100))
}

/// Whether a document was not read, or not in full.
pub(super) fn is_unread(document: &DocumentRecord) -> bool {
    document.score.is_none()
        || !document.pages_unread.is_empty()
        || document.status == Status::Partial
}

pub(super) fn json(value: &impl Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::Output(e.to_string()))
}

/// JSON, or nothing for an empty list: most documents have none of it.
pub(super) fn some_json<T: Serialize>(list: &[T]) -> Result<String> {
    if list.is_empty() {
        return Ok(String::new());
    }
    json(&list)
}

/// How often each name comes, as JSON.
pub(super) fn tally<'a>(names: impl Iterator<Item = &'a str>) -> Result<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    json(&counts)
}

/// One line a finding.
pub(super) fn lines(findings: &[Finding]) -> Result<String> {
    let mut text = String::new();
    for finding in findings {
        text.push_str(&json(finding)?);
        text.push('\n');
    }
    Ok(text)
}

pub(super) fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str> {
    row.get_ref(column)
        .map_err(failed)?
        .as_str()
        .map_err(|_| unreadable())
}

fn unreadable() -> Error {
    Error::Store(
        "a row cannot be read; the file is damaged, or was changed by another program".to_owned(),
    )
}

pub(super) fn parse<T: DeserializeOwned + Default>(text: &str) -> Result<T> {
    if text.is_empty() {
        return Ok(T::default());
    }
    parse_one(text)
}

pub(super) fn parse_one<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| unreadable())
}

fn findings(text: &str) -> Result<Vec<Finding>> {
    text.lines().map(parse).collect()
}

/// The columns of an analysis, as [`analysis`] takes them.
pub(super) const ANALYSIS: &str =
    "documents.record, findings, copy_keys, contributions, passages, ocr";

pub(super) fn analysis(row: &Row<'_>) -> Result<Analysis> {
    Ok(Analysis {
        document: parse(text(row, 0)?)?,
        findings: findings(text(row, 1)?)?,
        copy_keys: parse(text(row, 2)?)?,
        contributions: parse(text(row, 3)?)?,
        passages: parse(text(row, 4)?)?,
        ocr_keys: text(row, 5)?
            .split(' ')
            .filter(|k| !k.is_empty())
            .map(str::to_owned)
            .collect(),
        text: String::new(),
    })
}
