//! The few figures that stand for everything: spans, context, labels, ranking, over any set of documents.

use super::metrics::{ratio, weighted_kappa};
use super::prediction::Prediction;
use super::ranking::Curve;
use super::sheet::{self, ALL_RIGHT, Sheet, View};
use super::triage::confusion;
use crate::score::Label;

/// Names of the figures of [`headline`], in its order.
pub(super) const NAMES: [&str; 12] = [
    "spans, all: precision",
    "spans, all: recall",
    "spans, all: F1",
    "spans, active: precision",
    "spans, active: recall",
    "spans, active: F1",
    "context given: all properties right",
    "context found: all properties right",
    "labels: right",
    "labels: weighted kappa",
    "ranking: AUC",
    "ranking: recall in the first 20 %",
];

/// A document for [`headline`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    /// What was counted in it.
    pub sheet: &'a Sheet,
    /// The annotators' label.
    pub gold: Option<Label>,
    /// What was predicted.
    pub prediction: &'a Prediction,
}

/// The figures of [`NAMES`] over documents; none where nothing is divided by nothing.
pub(super) fn headline(rows: &[Row<'_>]) -> [Option<f64>; NAMES.len()] {
    let sum = |view: View, name: Option<&str>| sheet::sum(rows.iter().map(|r| r.sheet), view, name);
    let judged: Vec<(Label, Label, u32)> = (rows.iter())
        .filter_map(|r| {
            let label = r.prediction.label.unwrap_or_default();
            Some((r.gold?, label, r.prediction.score.unwrap_or(0)))
        })
        .collect();
    let table = confusion(judged.iter().map(|j| (j.0, j.1)));
    let ranked: Vec<(u32, bool)> = (judged.iter())
        .map(|j| (j.2, j.0 >= Label::Midden))
        .collect();
    let curve = Curve::new(&ranked);
    let (spans, active) = (sum(View::Overlap, None), sum(View::OverlapActive, None));
    [
        spans.precision(),
        spans.recall(),
        spans.f1(),
        active.precision(),
        active.recall(),
        active.f1(),
        sum(View::ContextGiven, Some(ALL_RIGHT)).recall(),
        sum(View::ContextFound, Some(ALL_RIGHT)).recall(),
        ratio(judged.iter().filter(|j| j.0 == j.1).count(), judged.len()),
        weighted_kappa(&table),
        curve.auc(),
        curve.recall_at(0.2),
    ]
}
