//! What is compared with gold: the findings and label of a document, from an analyzer or from a stored run.

use rayon::prelude::*;

use super::gold::{GoldDocument, GoldDossier};
use crate::analyze::{Analysis, Analyzer};
use crate::context::Cue;
use crate::finding::Finding;
use crate::lexicon::Qualifiers;
use crate::score::Label;
use crate::span::{CodePoints, Span};

/// The context verdict on a gold span that was given as input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The four properties.
    pub qualifiers: Qualifiers,
    /// What decided.
    pub cues: Vec<Cue>,
}

/// What was found in one gold document.
#[derive(Clone, Debug, Default)]
pub struct Prediction {
    /// All findings, suppressed ones included.
    pub findings: Vec<Finding>,
    /// Label; none when nothing was read.
    pub label: Option<Label>,
    /// Score, 0 to 100.
    pub score: Option<u32>,
    /// Verdicts on the gold spans, in the order of the gold's signals; empty for a stored run.
    pub given: Vec<Verdict>,
}

impl Prediction {
    /// Findings that take part in figures: suppressed and protective ones do not.
    pub fn counted(&self) -> impl Iterator<Item = (&Finding, Span)> {
        self.findings
            .iter()
            .filter(|f| f.suppressed_by.is_empty() && !f.protective)
            .map(|f| (f, Span::new(f.byte_start, f.byte_end)))
    }
}

/// Gold spans in bytes, in the order of the signals. Gold is checked when it is read, so each of them exists.
#[must_use]
pub fn gold_spans(gold: &GoldDocument) -> Vec<Span> {
    let index = CodePoints::new(&gold.text);
    gold.signals
        .iter()
        .map(|s| s.span(&gold.text, &index).unwrap_or_default())
        .collect()
}

/// Gold spans with their categories, as the context stage is given them.
#[must_use]
pub fn given(gold: &GoldDocument) -> Vec<(Span, &str)> {
    let categories = gold.signals.iter().map(|s| s.category.as_str());
    gold_spans(gold).into_iter().zip(categories).collect()
}

/// Analyses gold documents, in parallel and in their order. Notes of a gold dossier get its name.
#[must_use]
pub fn predict(
    analyzer: &Analyzer,
    documents: &[GoldDocument],
    dossiers: &[GoldDossier],
) -> Vec<(Prediction, Analysis)> {
    documents
        .par_iter()
        .map(|gold| {
            let mut document = gold.document();
            if let Some(dossier) = dossiers.iter().find(|d| d.notes.contains(&gold.id)) {
                document.dossier.clone_from(&dossier.dossier);
            }
            let given = analyzer
                .qualify(&document, &given(gold))
                .into_iter()
                .map(|(qualifiers, cues)| Verdict { qualifiers, cues })
                .collect();
            let analysis = analyzer.analyze(&document);
            let prediction = Prediction {
                findings: analysis.findings.clone(),
                label: analysis.document.label,
                score: analysis.document.score,
                given,
            };
            (prediction, analysis)
        })
        .collect()
}
