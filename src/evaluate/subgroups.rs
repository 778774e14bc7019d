//! Figures by genre, length and any metadata field: does it work for all kinds of notes and young people?

use serde::Serialize;

use super::bootstrap::{Figure, Resampling, figures};
use super::gold::GoldDocument;
use super::metrics::ratio;
use super::prediction::Prediction;
use super::ranking::Curve;
use super::sheet::{self, ALL_RIGHT, Sheet, View};
use crate::score::Label;

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
            let mut figures = figures(members.len(), resampling, |drawn| {
                let drawn: Vec<usize> = drawn
                    .iter()
                    .filter_map(|n| members.get(*n).copied())
                    .collect();
                of_documents(documents, predictions, sheets, &drawn)
            })
            .into_iter();
            let mut next = || figures.next().unwrap_or_default();
            Some(Subgroup {
                field: (*field).to_owned(),
                value: value.clone(),
                documents: members.len(),
                spans: [next(), next(), next()],
                active: [next(), next(), next()],
                context: next(),
                auc: next(),
                label: next(),
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

fn of_documents(
    documents: &[GoldDocument],
    predictions: &[Prediction],
    sheets: &[Sheet],
    drawn: &[usize],
) -> Vec<Option<f64>> {
    let sum = |view: View, name: Option<&str>| {
        let drawn = drawn.iter().filter_map(|n| sheets.get(*n));
        sheet::sum(drawn, view, name)
    };
    let labelled: Vec<(Label, Label, u32)> = drawn
        .iter()
        .filter_map(|n| {
            let prediction = predictions.get(*n)?;
            Some((
                documents.get(*n)?.label?,
                prediction.label.unwrap_or_default(),
                prediction.score.unwrap_or(0),
            ))
        })
        .collect();
    let ranked: Vec<(u32, bool)> = labelled
        .iter()
        .map(|l| (l.2, l.0 >= Label::Midden))
        .collect();
    let (spans, active) = (sum(View::Overlap, None), sum(View::OverlapActive, None));
    vec![
        spans.precision(),
        spans.recall(),
        spans.f1(),
        active.precision(),
        active.recall(),
        active.f1(),
        sum(View::ContextGiven, Some(ALL_RIGHT)).recall(),
        Curve::new(&ranked).auc(),
        ratio(
            labelled.iter().filter(|l| l.0 == l.1).count(),
            labelled.len(),
        ),
    ]
}
