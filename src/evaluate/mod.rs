//! How well are signals picked up? Gold against findings: spans, context, labels, ranking, and the list of misses.
//!
//! Figures are made of counts per document that add up ([`sheet`]), with intervals by bootstrap over documents ([`bootstrap`]).
//! Nothing divided by nothing is no figure (`None`, shown as `-`); precision without findings or recall without gold is no figure,
//! and F1 with one of the two missing counts it as 0.

pub mod agreement;
pub mod bootstrap;
pub mod compare;
pub mod elusion;
pub mod formats;
pub mod gold;
mod headline;
pub mod metrics;
pub mod misses;
pub mod naming;
pub mod page;
mod plot;
pub mod prediction;
pub mod ranking;
pub mod reviewed;
pub mod run;
pub mod sheet;
pub mod subgroups;
pub mod suggest;
pub mod traps;
pub mod triage;

use serde::Serialize;

pub use misses::{Miss, Misses};
pub use naming::Naming;
pub use prediction::{Prediction, predict};
pub use sheet::{ALL_RIGHT, Row, Table, View};
pub use subgroups::Subgroup;
pub use triage::{Judged, Triage};

use crate::analyze::{Analysis, Analyzer};
use crate::dossier::dossiers;
use crate::score::{Label, Signal, label};
use bootstrap::Resampling;
use gold::{GoldDocument, GoldDossier};

/// All figures of one evaluation.
#[derive(Clone, Debug, Serialize)]
pub struct Evaluation {
    /// Version of the program.
    pub program: &'static str,
    /// Id and version of the lexicon.
    pub lexicon: String,
    /// Hash of the lexicon.
    pub lexicon_hash: String,
    /// Number of documents.
    pub documents: usize,
    /// How intervals were drawn.
    pub resampling: Resampling,
    /// Tables of precision, recall and F1.
    pub tables: Vec<Table>,
    /// Labels and ranking of documents that have a gold label.
    pub triage: Triage,
    /// The same for dossiers.
    pub dossiers: Triage,
    /// When exploitation was named, per gold dossier.
    pub naming: Vec<Naming>,
    /// Labels that the rules give for gold spans, gold context and default tiers: right, all.
    pub label_rule: (usize, usize),
    /// Figures by genre, length and the fields asked for.
    pub subgroups: Vec<Subgroup>,
    /// All differences.
    pub misses: Misses,
}

impl Evaluation {
    /// The table of a view.
    #[must_use]
    pub fn table(&self, view: View) -> Option<&Table> {
        self.tables.iter().find(|t| t.view == view)
    }
}

/// Runs the analyzer over gold documents and compares. `fields` are metadata fields to make subgroups of.
#[must_use]
pub fn evaluate(
    analyzer: &Analyzer,
    documents: &[GoldDocument],
    gold_dossiers: &[GoldDossier],
    fields: &[String],
    resampling: Resampling,
) -> Evaluation {
    let (predictions, analyses): (Vec<Prediction>, Vec<Analysis>) =
        predict(analyzer, documents, gold_dossiers)
            .into_iter()
            .unzip();
    let sheets: Vec<sheet::Sheet> = documents
        .iter()
        .zip(&predictions)
        .map(|(gold, prediction)| sheet::sheet(gold, prediction))
        .collect();
    let mut misses = Misses::default();
    for (gold, prediction) in documents.iter().zip(&predictions) {
        misses.add(analyzer, gold, prediction);
    }
    let rule_right = documents
        .iter()
        .filter(|d| d.label.is_some_and(|l| label_from_gold(analyzer, d) == l))
        .count();
    let found = dossiers(analyzer, &analyses);
    let of_dossier = |name: &str| found.iter().find(|d| d.record.dossier == name);
    let lexicon = analyzer.lexicon();
    Evaluation {
        program: env!("CARGO_PKG_VERSION"),
        lexicon: format!("{} {}", lexicon.manifest.id, lexicon.manifest.version),
        lexicon_hash: lexicon.hash.clone(),
        documents: documents.len(),
        resampling,
        tables: sheet::tables(&sheets, resampling),
        triage: triage::triage(judged(documents, &predictions), resampling),
        dossiers: triage::triage(
            gold_dossiers
                .iter()
                .filter_map(|gold| {
                    let record = &of_dossier(&gold.dossier)?.record;
                    Some(Judged {
                        id: gold.dossier.clone(),
                        gold: gold.label,
                        found: record.label.unwrap_or_default(),
                        score: record.score.unwrap_or(0),
                    })
                })
                .collect(),
            resampling,
        ),
        naming: gold_dossiers
            .iter()
            .filter_map(|gold| Some(Naming::of(&of_dossier(&gold.dossier)?.record)))
            .collect(),
        label_rule: (
            rule_right,
            documents.iter().filter(|d| d.label.is_some()).count(),
        ),
        subgroups: subgroups::subgroups(documents, &predictions, &sheets, fields, resampling),
        misses,
    }
}

/// Documents that have a gold label, with what was found.
#[must_use]
pub fn judged(documents: &[GoldDocument], predictions: &[Prediction]) -> Vec<Judged> {
    documents
        .iter()
        .zip(predictions)
        .filter_map(|(gold, prediction)| {
            Some(Judged {
                id: gold.id.clone(),
                gold: gold.label?,
                found: prediction.label.unwrap_or_default(),
                score: prediction.score.unwrap_or(0),
            })
        })
        .collect()
}

/// The label that the rules give for gold spans with gold context and the categories' default tiers.
#[must_use]
pub fn label_from_gold(analyzer: &Analyzer, gold: &GoldDocument) -> Label {
    let lexicon = analyzer.lexicon();
    let signals: Vec<Signal<'_>> = gold
        .signals
        .iter()
        .filter_map(|s| {
            let category = lexicon.categories.iter().position(|c| c.id == s.category)?;
            let tier = lexicon.categories.get(category)?.tier;
            Some(Signal {
                category,
                tier,
                qualifiers: s.qualifiers(),
                active: s.qualifiers().is_active(),
                copy_key: "",
                person: "",
            })
        })
        .collect();
    label(
        &lexicon.scoring,
        &lexicon.categories,
        &lexicon.stages,
        signals.iter(),
    )
}
