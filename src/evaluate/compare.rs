//! Two lexicons or two runs on the same documents: what changed, by which term, and is it better?

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::bootstrap::{Figure, Resampling, figures};
use super::gold::GoldDocument;
use super::headline::{NAMES, Row, headline};
use super::prediction::Prediction;
use super::sheet::{Sheet, sheet};
use crate::error::{Diagnostic, Error, Result};
use crate::finding::Finding;
use crate::score::Label;

/// One side of a comparison: documents by a key that both sides share (path, or id of the gold document).
pub type Side = BTreeMap<String, Prediction>;

/// A document whose label changed.
#[derive(Clone, Debug, Serialize)]
pub struct LabelChange {
    /// The document.
    pub document: String,
    /// Label of A.
    pub from: Option<Label>,
    /// Label of B.
    pub to: Option<Label>,
    /// Score of A.
    pub score_from: Option<u32>,
    /// Score of B.
    pub score_to: Option<u32>,
    /// Gold label, where known.
    pub gold: Option<Label>,
    /// Terms whose findings differ in it.
    pub terms: Vec<String>,
}

/// What happened to a term's findings.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TermChange {
    /// Stretches that only B finds.
    pub appeared: usize,
    /// Stretches that only A finds.
    pub disappeared: usize,
    /// Stretches that both find, of which one counts and the other does not.
    pub switched: usize,
    /// Stretches that both find with another tier.
    pub tier: usize,
    /// Documents in which something changed.
    pub documents: BTreeSet<String>,
    /// Words of some of them, `+` only B, `-` only A, `~` switched.
    pub examples: Vec<String>,
}

/// A figure of both sides and their difference, on the same draws.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// What.
    pub name: String,
    /// Of A.
    pub a: Figure,
    /// Of B.
    pub b: Figure,
    /// B less A.
    pub difference: Figure,
}

/// The whole comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// Number of documents.
    pub documents: usize,
    /// Documents in which any finding changed.
    pub changed: usize,
    /// Changed labels.
    pub labels: Vec<LabelChange>,
    /// Changes by term id.
    pub terms: BTreeMap<String, TermChange>,
    /// Figures against gold.
    pub figures: Vec<Difference>,
}

/// Examples kept per term.
const EXAMPLES: usize = 5;

/// Compares side A with side B. `gold` may be empty; its ids are the keys then.
///
/// # Errors
/// Documents that only one side has, all at once.
pub fn compare(
    a: &Side,
    b: &Side,
    gold: &[GoldDocument],
    resampling: Resampling,
) -> Result<Comparison> {
    let mut problems = Vec::new();
    for (side, name, other) in [(a, "A", b), (b, "B", a)] {
        for key in side.keys().filter(|k| !other.contains_key(*k)) {
            problems.push(Diagnostic {
                file: key.clone(),
                line: 0,
                column: 0,
                message: format!("only side {name} has this document"),
                help: "compare runs over the same inputs".to_owned(),
            });
        }
    }
    if !problems.is_empty() {
        return Err(Error::Gold(problems));
    }
    let mut comparison = Comparison {
        documents: a.len(),
        changed: 0,
        labels: Vec::new(),
        terms: BTreeMap::new(),
        figures: paired(a, b, gold, resampling),
    };
    for (key, left) in a {
        let Some(right) = b.get(key) else { continue };
        let terms = findings(key, left, right, &mut comparison.terms);
        comparison.changed += usize::from(!terms.is_empty());
        if left.label != right.label {
            comparison.labels.push(LabelChange {
                document: key.clone(),
                from: left.label,
                to: right.label,
                score_from: left.score,
                score_to: right.score,
                gold: gold.iter().find(|g| g.id == *key).and_then(|g| g.label),
                terms: terms.into_iter().collect(),
            });
        }
    }
    Ok(comparison)
}

fn place(finding: &Finding) -> (usize, usize, &str) {
    (finding.byte_start, finding.byte_end, &finding.category)
}

/// Notes what changed in one document; the terms behind it.
fn findings(
    key: &str,
    a: &Prediction,
    b: &Prediction,
    terms: &mut BTreeMap<String, TermChange>,
) -> BTreeSet<String> {
    let list =
        |p: &'_ Prediction| -> Vec<Finding> { p.counted().map(|(f, _)| f.clone()).collect() };
    let (left, right) = (list(a), list(b));
    let mut changed = BTreeSet::new();
    let mut note = |finding: &Finding, sign: char, count: fn(&mut TermChange) -> &mut usize| {
        let change = terms.entry(finding.term.clone()).or_default();
        *count(change) += 1;
        change.documents.insert(key.to_owned());
        if change.examples.len() < EXAMPLES {
            change
                .examples
                .push(format!("{sign} {}", finding.text.replace('\n', " ")));
        }
        changed.insert(finding.term.clone());
    };
    for f in &left {
        match right.iter().find(|o| place(o) == place(f)) {
            None => note(f, '-', |c| &mut c.disappeared),
            Some(o) if o.active != f.active => note(o, '~', |c| &mut c.switched),
            Some(o) if o.tier != f.tier => note(o, '~', |c| &mut c.tier),
            Some(_) => {}
        }
    }
    for f in right
        .iter()
        .filter(|f| !left.iter().any(|o| place(o) == place(f)))
    {
        note(f, '+', |c| &mut c.appeared);
    }
    changed
}

fn paired(a: &Side, b: &Side, gold: &[GoldDocument], resampling: Resampling) -> Vec<Difference> {
    let rows: Vec<(&GoldDocument, &Prediction, &Prediction)> = gold
        .iter()
        .filter_map(|g| Some((g, a.get(&g.id)?, b.get(&g.id)?)))
        .collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let sheets: Vec<[Sheet; 2]> = rows
        .iter()
        .map(|(g, a, b)| [sheet(g, a), sheet(g, b)])
        .collect();
    let of = |side: usize, drawn: &[usize]| -> Vec<Option<f64>> {
        let row = |n: &usize| {
            let (gold, a, b) = rows.get(*n)?;
            Some(Row {
                sheet: sheets.get(*n)?.get(side)?,
                gold: gold.label,
                prediction: if side == 0 { a } else { b },
            })
        };
        headline(&drawn.iter().filter_map(row).collect::<Vec<_>>()).to_vec()
    };
    let all = figures(rows.len(), resampling, |drawn| {
        let (a, b) = (of(0, drawn), of(1, drawn));
        let difference: Vec<Option<f64>> =
            a.iter().zip(&b).map(|(a, b)| Some((*b)? - (*a)?)).collect();
        [a, b, difference].concat()
    });
    let at = |n: usize| all.get(n).copied().unwrap_or_default();
    NAMES
        .iter()
        .enumerate()
        .map(|(n, name)| Difference {
            name: (*name).to_owned(),
            a: at(n),
            b: at(n + NAMES.len()),
            difference: at(n + 2 * NAMES.len()),
        })
        .filter(|d| d.a.value.is_some() || d.b.value.is_some())
        .collect()
}
