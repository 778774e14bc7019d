//! Figures by genre, length and any metadata field: does it work for all kinds of notes and young people?

use serde::Serialize;

use super::bootstrap::{Figure, Resampling, figures};
use super::gold::GoldDocument;
use super::headline::{NAMES, Row, headline};
use super::prediction::Prediction;
use super::sheet::Sheet;

/// Documents up to so many code points are short, up to the second long are middling.
pub const LENGTHS: [usize; 2] = [500, 1500];

/// Figures of the documents that share a value of a field.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subgroup {
    /// The field: `genre`, `length`, or a metadata field.
    pub field: String,
    /// Its value.
    pub value: String,
    /// Number of documents.
    pub documents: usize,
    /// Precision, recall, F1 of spans by overlap, all contexts, over all categories.
    pub spans: [Figure; 3],
    /// The same of active spans.
    pub active: [Figure; 3],
    /// Share of given gold spans with all four properties right.
    pub context: Figure,
    /// AUC of hoog and midden against the rest.
    pub auc: Figure,
    /// Share with the annotators' label.
    pub label: Figure,
}

/// Computes the figures of every value of `genre`, `length` and `fields`.
#[must_use]
pub fn subgroups(
    documents: &[GoldDocument],
    predictions: &[Prediction],
    sheets: &[Sheet],
    fields: &[String],
    resampling: Resampling,
) -> Vec<Subgroup> {
    let mut names: Vec<(&str, String, usize)> = Vec::new();
    for (n, document) in documents.iter().enumerate() {
        names.push(("genre", document.genre.clone(), n));
        names.push(("length", length(document), n));
        for field in fields {
            let value = match document.meta.get(field) {
                Some(serde_json::Value::String(s)) => s.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            names.push((field, value, n));
        }
    }
    // A stable sort keeps the documents of a group in their order.
    names.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    names
        .chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1))
        .filter_map(|group| {
            let (field, value, _) = group.first()?;
            let members: Vec<usize> = group.iter().map(|g| g.2).collect();
            let figures = figures(members.len(), resampling, |drawn| {
                let row = |n: &usize| {
                    let n = *members.get(*n)?;
                    Some(Row {
                        sheet: sheets.get(n)?,
                        gold: documents.get(n)?.label,
                        prediction: predictions.get(n)?,
                    })
                };
                headline(&drawn.iter().filter_map(row).collect::<Vec<_>>()).to_vec()
            });
            let at = |name: &str| {
                let place = NAMES.iter().position(|n| *n == name);
                place
                    .and_then(|n| figures.get(n).copied())
                    .unwrap_or_default()
            };
            Some(Subgroup {
                field: (*field).to_owned(),
                value: value.clone(),
                documents: members.len(),
                spans: ["precision", "recall", "F1"].map(|n| at(&format!("spans, all: {n}"))),
                active: ["precision", "recall", "F1"].map(|n| at(&format!("spans, active: {n}"))),
                context: at("context given: all properties right"),
                auc: at("ranking: AUC"),
                label: at("labels: right"),
            })
        })
        .collect()
}

fn length(document: &GoldDocument) -> String {
    let length = document.text.chars().count();
    let [short, middling] = LENGTHS;
    if length <= short {
        format!("1: up to {short} characters")
    } else if length <= middling {
        format!("2: up to {middling} characters")
    } else {
        format!("3: over {middling} characters")
    }
}
