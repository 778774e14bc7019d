//! What reviewers decided, put to use: how far they agree ([`mod@pairs`]), what they say of findings ([`mod@opinions`]) and of documents that were
//! drawn ([`mod@sample`]), and all of it as annotated documents ([`gold`]).

pub mod gold;
pub mod opinions;
pub mod pairs;
pub mod sample;

use std::collections::BTreeSet;

use serde::Serialize;

use super::bootstrap::Resampling;
use crate::decision::{self, Decision};
use crate::error::Result;
use crate::score::Label;
use opinions::{Opinions, opinions};
use pairs::{Pair, pairs};
use sample::{Sample, Scanned, sample};

/// All figures of what reviewers decided.
#[derive(Clone, Debug, Serialize)]
pub struct Reviewed {
    /// Who decided anything.
    pub reviewers: Vec<String>,
    /// Number of documents with a verdict.
    pub documents: usize,
    /// Number of dossiers with a verdict.
    pub dossiers: usize,
    /// Number of verdicts that were given, or given again, after seeing what another reviewer decided.
    pub informed: usize,
    /// How intervals of agreement were drawn.
    pub resampling: Resampling,
    /// Agreement of each two reviewers who decided on the same.
    pub pairs: Vec<Pair>,
    /// What they say of findings.
    pub findings: Opinions,
    /// What they say of drawn documents.
    pub sample: Sample,
}

/// Computes the figures of decisions, in the order in which they were made. With what was scanned the drawn ones tell of all documents below
/// `threshold`.
///
/// # Errors
/// When `threshold` is higher than the labels that documents are drawn from.
pub fn reviewed(
    decisions: &[Decision],
    scanned: Option<&Scanned>,
    threshold: Label,
    resampling: Resampling,
) -> Result<Reviewed> {
    let now = decision::last(decisions);
    let decided = now.iter().filter(|d| d.verdict.is_some());
    let subjects: BTreeSet<(&str, &str)> = decided.clone().map(|d| d.subject()).collect();
    let documents = subjects.iter().filter(|s| !s.0.is_empty()).count();
    let reviewers: BTreeSet<&str> = now.iter().map(|d| d.reviewer.as_str()).collect();
    Ok(Reviewed {
        reviewers: reviewers.into_iter().map(str::to_owned).collect(),
        documents,
        dossiers: subjects.len() - documents,
        informed: decided.filter(|d| d.informed).count(),
        resampling,
        pairs: pairs(decisions, resampling),
        findings: opinions(&now),
        sample: sample(&now, scanned, threshold)?,
    })
}
