//! Labels and ranking: are the documents and dossiers that matter read first?

use serde::Serialize;

use super::bootstrap::{Figure, Resampling, figures};
use super::metrics::weighted_kappa;
use super::ranking::{Curve, precision_recall};
use crate::score::Label;

/// One document or dossier with its gold label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// Id of the document, or name of the dossier.
    pub id: String,
    /// The annotators' label.
    pub gold: Label,
    /// The label found.
    pub found: Label,
    /// The score found.
    pub score: u32,
}

/// Shares of the list at which recall is told.
pub const TOP: [f64; 4] = [0.1, 0.2, 0.3, 0.4];
/// Recalls for which the reading load is told.
pub const LOADS: [f64; 3] = [0.8, 0.9, 0.95];

/// A share of the list or a recall, with a figure.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct At {
    /// Where.
    pub at: f64,
    /// What.
    pub figure: Figure,
}

/// Documents of one span of scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bin {
    /// Lowest score.
    pub from: u32,
    /// Highest score.
    pub to: u32,
    /// Documents per gold label, in the order geen, laag, midden, hoog.
    pub gold: [usize; 4],
}

/// Reading everything from a label on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Threshold {
    /// The lowest label that is read.
    pub label: Label,
    /// Documents to read.
    pub documents: usize,
    /// Share of gold hoog and midden among all that is found that way.
    pub recall: Option<f64>,
    /// Share of what is read that is gold hoog or midden.
    pub precision: Option<f64>,
}

/// Figures of labels and ranking; relevant is gold `hoog` or `midden`.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Triage {
    /// Everything judged, in the order given.
    pub judged: Vec<Judged>,
    /// Confusion: rows gold, columns found, in the order geen, laag, midden, hoog.
    pub labels: Vec<Vec<usize>>,
    /// Share with the annotators' label.
    pub accuracy: Figure,
    /// Kappa with linear weights.
    pub kappa: Figure,
    /// Area under the ROC curve.
    pub auc: Figure,
    /// Recall among the first 10, 20, 30, 40 %.
    pub recall_at: Vec<At>,
    /// Recall of gold `hoog` alone among the first 20 %.
    pub hoog_at_20: Figure,
    /// Work saved over sampling at 95 % recall.
    pub wss95: Figure,
    /// Average time to discovery, as a share of the list.
    pub time_to_discovery: Figure,
    /// Documents to read for 80, 90, 95 % of the relevant ones.
    pub reading: Vec<At>,
    /// Reading by label.
    pub thresholds: Vec<Threshold>,
    /// The recall curve.
    pub curve: Curve,
    /// Points (recall, precision) of the precision-recall curve, highest score first.
    pub precision_recall: Vec<(f64, f64)>,
    /// Scores in tens against gold labels.
    pub calibration: Vec<Bin>,
    /// Gold `hoog` that came out below `midden`: the costliest errors.
    pub hoog_below_midden: Vec<String>,
}

/// Computes all figures.
#[must_use]
pub fn triage(judged: Vec<Judged>, resampling: Resampling) -> Triage {
    let relevant = |j: &Judged| j.gold >= Label::Midden;
    let curve = |drawn: &[usize], is: &dyn Fn(&Judged) -> bool| {
        let list: Vec<(u32, bool)> = drawn
            .iter()
            .filter_map(|n| judged.get(*n))
            .map(|j| (j.score, is(j)))
            .collect();
        Curve::new(&list)
    };
    let mut values = figures(judged.len(), resampling, |drawn| {
        let table = confusion(
            drawn
                .iter()
                .filter_map(|n| judged.get(*n))
                .map(|j| (j.gold, j.found)),
        );
        let right: usize = (0..4).map(|n| cell(&table, n, n)).sum();
        let main = curve(drawn, &relevant);
        let hoog = curve(drawn, &|j: &Judged| j.gold == Label::Hoog);
        let mut out = vec![
            (!drawn.is_empty()).then(|| right as f64 / drawn.len() as f64),
            weighted_kappa(&table),
            main.auc(),
            hoog.recall_at(0.2),
            main.wss95(),
            main.time_to_discovery(),
        ];
        out.extend(TOP.map(|share| main.recall_at(share)));
        out.extend(LOADS.map(|recall| main.reading_for(recall)));
        out
    })
    .into_iter();
    let mut next = || values.next().unwrap_or_default();
    let all: Vec<usize> = (0..judged.len()).collect();
    let whole = curve(&all, &relevant);
    let calibration = (0..10)
        .map(|n| {
            let (from, to) = (n * 10, if n == 9 { 100 } else { n * 10 + 9 });
            let mut bin = Bin {
                from,
                to,
                gold: [0; 4],
            };
            for j in judged.iter().filter(|j| (from..=to).contains(&j.score)) {
                if let Some(count) = bin.gold.get_mut(j.gold as usize) {
                    *count += 1;
                }
            }
            bin
        })
        .collect();
    let thresholds = [Label::Hoog, Label::Midden, Label::Laag]
        .into_iter()
        .map(|label| {
            let read: Vec<&Judged> = judged.iter().filter(|j| j.found >= label).collect();
            let hit = read.iter().filter(|j| relevant(j)).count();
            Threshold {
                label,
                documents: read.len(),
                recall: super::metrics::ratio(hit, whole.relevant),
                precision: super::metrics::ratio(hit, read.len()),
            }
        })
        .collect();
    Triage {
        labels: confusion(judged.iter().map(|j| (j.gold, j.found))),
        accuracy: next(),
        kappa: next(),
        auc: next(),
        hoog_at_20: next(),
        wss95: next(),
        time_to_discovery: next(),
        recall_at: TOP.map(|at| At { at, figure: next() }).to_vec(),
        reading: LOADS.map(|at| At { at, figure: next() }).to_vec(),
        thresholds,
        precision_recall: precision_recall(&whole),
        curve: whole,
        calibration,
        hoog_below_midden: judged
            .iter()
            .filter(|j| j.gold == Label::Hoog && j.found < Label::Midden)
            .map(|j| j.id.clone())
            .collect(),
        judged,
    }
}

fn cell(table: &[Vec<usize>], row: usize, column: usize) -> usize {
    table
        .get(row)
        .and_then(|r| r.get(column))
        .copied()
        .unwrap_or(0)
}

/// Rows gold, columns found.
pub(super) fn confusion(pairs: impl Iterator<Item = (Label, Label)>) -> Vec<Vec<usize>> {
    let mut table = vec![vec![0; 4]; 4];
    for (gold, found) in pairs {
        if let Some(cell) = table
            .get_mut(gold as usize)
            .and_then(|r: &mut Vec<usize>| r.get_mut(found as usize))
        {
            *cell += 1;
        }
    }
    table
}
