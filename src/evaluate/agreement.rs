//! How far do two annotators agree? Kappa per property and label, F1 of spans, and what they should talk about.

use serde::Serialize;

use super::bootstrap::{Figure, Resampling, figures};
use super::gold::{GoldDocument, GoldSignal};
use super::metrics::{Counts, kappa, weighted_kappa};
use super::misses::passage;
use super::prediction::gold_spans;
use crate::error::{Diagnostic, Error, Result};
use crate::lexicon::Property;
use crate::score::Label;
use crate::span::Span;

/// One thing that two annotators see differently.
#[derive(Clone, Debug, Serialize)]
pub struct Disagreement {
    /// Id of the document.
    pub document: String,
    /// `span`, `category`, a property, or `label`.
    pub about: String,
    /// The passage, the stretch in `[[...]]`; empty for labels.
    pub passage: String,
    /// What the first says.
    pub first: String,
    /// What the second says.
    pub second: String,
}

/// Figures of agreement.
#[derive(Clone, Debug, Serialize)]
pub struct Agreement {
    /// Number of documents that both annotated.
    pub documents: usize,
    /// F1 of spans with category, by overlap.
    pub spans_overlap: Figure,
    /// F1 of spans with category, exactly.
    pub spans_exact: Figure,
    /// Cohen's kappa of each property, on signals that overlap with the same category.
    pub properties: Vec<(String, Figure)>,
    /// Share of those signals with all four properties equal.
    pub all_equal: Figure,
    /// Cohen's kappa of the labels.
    pub label_kappa: Figure,
    /// Kappa of the labels with linear weights.
    pub label_weighted_kappa: Figure,
    /// The worklist.
    pub disagreements: Vec<Disagreement>,
}

#[derive(Default)]
struct Sheet {
    overlap: Counts,
    exact: Counts,
    pairs: Vec<(GoldSignal, GoldSignal)>,
    labels: Option<(Label, Label)>,
}

/// Compares two annotations of the same documents.
///
/// # Errors
/// Documents that only one of them has, or whose texts differ: all at once.
pub fn agreement(
    first: &[GoldDocument],
    second: &[GoldDocument],
    resampling: Resampling,
) -> Result<Agreement> {
    let mut problems = Vec::new();
    let mut problem = |id: &str, message: &str| {
        problems.push(Diagnostic {
            file: id.to_owned(),
            line: 0,
            column: 0,
            message: message.to_owned(),
            help: "both annotators must have the same documents with the same text".to_owned(),
        });
    };
    let mut pairs = Vec::new();
    for a in first {
        match second.iter().find(|b| b.id == a.id) {
            None => problem(&a.id, "only the first annotator has this document"),
            Some(b) if b.text != a.text => problem(&a.id, "the two texts differ"),
            Some(b) => pairs.push((a, b)),
        }
    }
    for b in second
        .iter()
        .filter(|b| !first.iter().any(|a| a.id == b.id))
    {
        problem(&b.id, "only the second annotator has this document");
    }
    if !problems.is_empty() {
        return Err(Error::Gold(problems));
    }
    let mut disagreements = Vec::new();
    let sheets: Vec<Sheet> = pairs
        .iter()
        .map(|(a, b)| compare(a, b, &mut disagreements))
        .collect();
    let mut values = figures(sheets.len(), resampling, |drawn| of(&sheets, drawn)).into_iter();
    let mut next = || values.next().unwrap_or_default();
    Ok(Agreement {
        documents: sheets.len(),
        spans_overlap: next(),
        spans_exact: next(),
        all_equal: next(),
        label_kappa: next(),
        label_weighted_kappa: next(),
        properties: Property::ALL
            .iter()
            .map(|p| (p.as_str().to_owned(), next()))
            .collect(),
        disagreements,
    })
}

fn of(sheets: &[Sheet], drawn: &[usize]) -> Vec<Option<f64>> {
    let drawn = || drawn.iter().filter_map(|n| sheets.get(*n));
    let (mut overlap, mut exact) = (Counts::default(), Counts::default());
    let mut labels = vec![vec![0; 4]; 4];
    let (mut equal, mut all) = (0, 0);
    let mut tables: Vec<Vec<Vec<usize>>> = Property::ALL
        .iter()
        .map(|p| vec![vec![0; p.values().len()]; p.values().len()])
        .collect();
    for sheet in drawn() {
        overlap += sheet.overlap;
        exact += sheet.exact;
        if let Some((a, b)) = sheet.labels {
            add(&mut labels, a as usize, b as usize);
        }
        for (a, b) in &sheet.pairs {
            all += 1;
            equal += usize::from(a.qualifiers() == b.qualifiers());
            for (property, table) in Property::ALL.iter().zip(&mut tables) {
                let place = |s: &GoldSignal| {
                    let value = s.qualifiers().get(*property);
                    property
                        .values()
                        .iter()
                        .position(|v| *v == value)
                        .unwrap_or(0)
                };
                add(table, place(a), place(b));
            }
        }
    }
    let mut out = vec![
        overlap.f1(),
        exact.f1(),
        super::metrics::ratio(equal, all),
        kappa(&labels),
        weighted_kappa(&labels),
    ];
    out.extend(tables.iter().map(|t| kappa(t)));
    out
}

pub(super) fn add(table: &mut [Vec<usize>], row: usize, column: usize) {
    if let Some(cell) = table.get_mut(row).and_then(|r| r.get_mut(column)) {
        *cell += 1;
    }
}

fn compare(a: &GoldDocument, b: &GoldDocument, out: &mut Vec<Disagreement>) -> Sheet {
    let (spans_a, spans_b) = (gold_spans(a), gold_spans(b));
    let mut sheet = Sheet {
        labels: a.label.zip(b.label),
        ..Sheet::default()
    };
    let mut tell = |about: &str, span: Option<Span>, first: &str, second: &str| {
        out.push(Disagreement {
            document: a.id.clone(),
            about: about.to_owned(),
            passage: span.map_or_else(String::new, |s| passage(&a.text, s, 70)),
            first: first.to_owned(),
            second: second.to_owned(),
        });
    };
    for (s, span) in a.signals.iter().zip(&spans_a) {
        let same = |n: &usize| b.signals.get(*n).is_some_and(|o| o.category == s.category);
        let over: Vec<usize> = (0..spans_b.len())
            .filter(|n| spans_b.get(*n).is_some_and(|o| o.overlaps(*span)))
            .collect();
        let hit = over.iter().copied().find(same);
        sheet.overlap.gold += 1;
        sheet.exact.gold += 1;
        sheet.overlap.gold_hit += usize::from(hit.is_some());
        sheet.exact.gold_hit += usize::from(
            over.iter()
                .any(|n| same(n) && spans_b.get(*n) == Some(span)),
        );
        match hit.and_then(|n| b.signals.get(n)) {
            Some(other) => {
                for property in Property::ALL {
                    let (x, y) = (
                        s.qualifiers().get(*property),
                        other.qualifiers().get(*property),
                    );
                    if x != y {
                        tell(property.as_str(), Some(*span), x, y);
                    }
                }
                sheet.pairs.push((s.clone(), other.clone()));
            }
            None => match over.first().and_then(|n| b.signals.get(*n)) {
                Some(other) => tell("category", Some(*span), &s.category, &other.category),
                None => tell("span", Some(*span), &s.category, ""),
            },
        }
    }
    for (s, span) in b.signals.iter().zip(&spans_b) {
        let over = |o: &&Span| o.overlaps(*span);
        let hit = a
            .signals
            .iter()
            .zip(&spans_a)
            .any(|(o, g)| o.category == s.category && g.overlaps(*span));
        let exactly = a
            .signals
            .iter()
            .zip(&spans_a)
            .any(|(o, g)| o.category == s.category && g == span);
        sheet.overlap.found += 1;
        sheet.exact.found += 1;
        sheet.overlap.found_hit += usize::from(hit);
        sheet.exact.found_hit += usize::from(exactly);
        if !hit && !spans_a.iter().any(|o| over(&o)) {
            tell("span", Some(*span), "", &s.category);
        }
    }
    if let Some((x, y)) = sheet.labels
        && x != y
    {
        tell("label", None, x.as_str(), y.as_str());
    }
    sheet
}
