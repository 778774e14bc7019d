//! Counts per document, which add up, and the tables of precision, recall and F1 made of them.

use std::collections::BTreeMap;

use serde::Serialize;

use super::bootstrap::{Figure, Resampling, figures};
use super::gold::GoldDocument;
use super::metrics::Counts;
use super::prediction::{Prediction, gold_spans};
use crate::lexicon::{Property, Qualifiers};

/// What a table counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum View {
    /// Spans per category: a finding of the same category overlaps.
    Overlap,
    /// The same, active signals against active findings.
    OverlapActive,
    /// Spans per category: the same first and last byte.
    Exact,
    /// The same, active signals against active findings.
    ExactActive,
    /// Context per value, gold spans given, so that matching does not interfere.
    ContextGiven,
    /// Context per value, always answering the default: the floor.
    ContextDefault,
    /// Context per value on findings that overlap a gold span of their category.
    ContextFound,
    /// Verdicts that each context rule decided on given gold spans; "right" of them.
    Rules,
}

impl View {
    /// All tables, in the order in which they are shown.
    pub const ALL: [Self; 8] = [
        Self::Overlap,
        Self::OverlapActive,
        Self::Exact,
        Self::ExactActive,
        Self::ContextGiven,
        Self::ContextDefault,
        Self::ContextFound,
        Self::Rules,
    ];

    /// What it is, in words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Overlap => "spans by overlap, all contexts",
            Self::OverlapActive => "spans by overlap, active only",
            Self::Exact => "spans exactly, all contexts",
            Self::ExactActive => "spans exactly, active only",
            Self::ContextGiven => "context, gold spans given",
            Self::ContextDefault => "context, always the default values",
            Self::ContextFound => "context, end to end (found signals)",
            Self::Rules => "context rules: verdicts decided on gold spans, and right ones",
        }
    }

    /// Whether its rows are categories, so that sums and means over them make sense.
    #[must_use]
    pub const fn is_spans(self) -> bool {
        matches!(
            self,
            Self::Overlap | Self::OverlapActive | Self::Exact | Self::ExactActive
        )
    }
}

/// Name of the row that counts signals with all four properties right.
pub const ALL_RIGHT: &str = "all properties right";

/// Counts of one document.
pub type Sheet = BTreeMap<(View, String), Counts>;

/// Counts one document against its gold.
#[must_use]
pub fn sheet(gold: &GoldDocument, prediction: &Prediction) -> Sheet {
    let mut sheet = Sheet::new();
    let spans = gold_spans(gold);
    for (view, exact, active) in [
        (View::Overlap, false, false),
        (View::OverlapActive, false, true),
        (View::Exact, true, false),
        (View::ExactActive, true, true),
    ] {
        let meets = |a: crate::Span, b: crate::Span| if exact { a == b } else { a.overlaps(b) };
        let signals = || {
            gold.signals
                .iter()
                .zip(&spans)
                .filter(|(s, _)| !active || s.qualifiers().is_active())
        };
        let findings = || prediction.counted().filter(|(f, _)| !active || f.active);
        for (signal, span) in signals() {
            let hit = findings().any(|(f, s)| f.category == signal.category && meets(s, *span));
            let counts = sheet.entry((view, signal.category.clone())).or_default();
            counts.gold += 1;
            counts.gold_hit += usize::from(hit);
        }
        for (finding, span) in findings() {
            let hit = signals().any(|(s, g)| s.category == finding.category && meets(*g, span));
            let counts = sheet.entry((view, finding.category.clone())).or_default();
            counts.found += 1;
            counts.found_hit += usize::from(hit);
        }
    }
    for (signal, verdict) in gold.signals.iter().zip(&prediction.given) {
        let wanted = signal.qualifiers();
        tally(&mut sheet, View::ContextGiven, wanted, verdict.qualifiers);
        tally(
            &mut sheet,
            View::ContextDefault,
            wanted,
            Qualifiers::default(),
        );
        for cue in &verdict.cues {
            let right = wanted.get(cue.property) == cue.value;
            let counts = sheet.entry((View::Rules, cue.rule.clone())).or_default();
            counts.found += 1;
            counts.found_hit += usize::from(right);
        }
    }
    for (signal, span) in gold.signals.iter().zip(&spans) {
        let found = prediction
            .counted()
            .find(|(f, s)| f.category == signal.category && s.overlaps(*span));
        if let Some((finding, _)) = found {
            tally(
                &mut sheet,
                View::ContextFound,
                signal.qualifiers(),
                finding.qualifiers(),
            );
        }
    }
    sheet
}

fn tally(sheet: &mut Sheet, view: View, wanted: Qualifiers, got: Qualifiers) {
    let mut row = |name: String, gold: bool, found: bool, right: bool| {
        let counts = sheet.entry((view, name)).or_default();
        counts.gold += usize::from(gold);
        counts.gold_hit += usize::from(gold && right);
        counts.found += usize::from(found);
        counts.found_hit += usize::from(found && right);
    };
    for property in Property::ALL {
        let (w, g) = (wanted.get(*property), got.get(*property));
        row(format!("{}={w}", property.as_str()), true, false, w == g);
        row(format!("{}={g}", property.as_str()), false, true, w == g);
    }
    let name = |active: bool| format!("active={}", if active { "yes" } else { "no" });
    let (w, g) = (wanted.is_active(), got.is_active());
    row(name(w), true, false, w == g);
    row(name(g), false, true, w == g);
    row(ALL_RIGHT.to_owned(), true, true, wanted == got);
}

/// Counts of one view over sheets: of the row `name`, or of all rows.
pub(super) fn sum<'a>(
    sheets: impl Iterator<Item = &'a Sheet>,
    view: View,
    name: Option<&str>,
) -> Counts {
    let mut sum = Counts::default();
    for ((v, row), counts) in sheets.flatten() {
        if *v == view && name.is_none_or(|n| n == row) {
            sum += *counts;
        }
    }
    sum
}

/// One line of a table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// Category, `property=value`, rule, or `micro` and `macro`.
    pub name: String,
    /// Counts over all documents; zero for `macro`.
    pub counts: Counts,
    /// Share of findings that are right.
    pub precision: Figure,
    /// Share of gold that is found.
    pub recall: Figure,
    /// Harmonic mean.
    pub f1: Figure,
}

/// A table of one view.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Table {
    /// What it counts.
    pub view: View,
    /// Its rows by name.
    pub rows: Vec<Row>,
    /// Sum over the rows (categories only).
    pub micro: Option<Row>,
    /// Mean of the rows' figures, rows without the figure left out (categories only).
    pub r#macro: Option<Row>,
}

impl Table {
    /// A row by name.
    #[must_use]
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|r| r.name == name)
    }
}

/// Adds sheets up and computes all tables with intervals over documents.
#[must_use]
pub fn tables(sheets: &[Sheet], resampling: Resampling) -> Vec<Table> {
    let keys: Vec<(View, String)> = {
        let mut all: Vec<_> = sheets.iter().flat_map(|s| s.keys().cloned()).collect();
        all.sort();
        all.dedup();
        all
    };
    let sparse: Vec<Vec<(usize, Counts)>> = sheets
        .iter()
        .map(|sheet| {
            sheet
                .iter()
                .filter_map(|(key, counts)| Some((keys.binary_search(key).ok()?, *counts)))
                .collect()
        })
        .collect();
    let sum = |drawn: &[usize]| {
        let mut sums = vec![Counts::default(); keys.len()];
        for document in drawn {
            for (key, counts) in sparse.get(*document).into_iter().flatten() {
                if let Some(sum) = sums.get_mut(*key) {
                    *sum += *counts;
                }
            }
        }
        sums
    };
    // Per view: the figures of its rows, of their sum, and their means.
    let of_views = |sums: &[Counts]| -> Vec<Option<f64>> {
        let mut out = Vec::new();
        for view in View::ALL {
            let rows = || {
                keys.iter()
                    .zip(sums)
                    .filter(move |(k, _)| k.0 == view)
                    .map(|(_, c)| *c)
            };
            let mut micro = Counts::default();
            for counts in rows() {
                out.extend([counts.precision(), counts.recall(), counts.f1()]);
                micro += counts;
            }
            out.extend([micro.precision(), micro.recall(), micro.f1()]);
            out.extend([
                mean(rows().map(|c| c.precision())),
                mean(rows().map(|c| c.recall())),
                mean(rows().map(|c| c.f1())),
            ]);
        }
        out
    };
    let mut figures = figures(sheets.len(), resampling, |drawn| of_views(&sum(drawn))).into_iter();
    let all: Vec<usize> = (0..sheets.len()).collect();
    let totals = sum(&all);
    View::ALL
        .into_iter()
        .map(|view| {
            let mut row = |name: &str, counts: Counts| {
                let mut next = || figures.next().unwrap_or_default();
                Row {
                    name: name.to_owned(),
                    counts,
                    precision: next(),
                    recall: next(),
                    f1: next(),
                }
            };
            let mut micro = Counts::default();
            let mut rows = Vec::new();
            for (key, counts) in keys.iter().zip(&totals).filter(|(k, _)| k.0 == view) {
                rows.push(row(&key.1, *counts));
                micro += *counts;
            }
            let (micro, mean) = (row("micro", micro), row("macro", Counts::default()));
            Table {
                view,
                rows,
                micro: view.is_spans().then_some(micro),
                r#macro: view.is_spans().then_some(mean),
            }
        })
        .collect()
}

fn mean(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for value in values.flatten() {
        sum += value;
        count += 1;
    }
    (count > 0).then(|| sum / count as f64)
}
