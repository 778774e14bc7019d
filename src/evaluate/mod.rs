//! How well are signals picked up? Gold against findings: spans, context, labels, and the list of misses.

pub mod gold;
pub mod metrics;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use crate::analyze::{Analysis, Analyzer};
use crate::dossier::dossiers;
use crate::finding::Finding;
use crate::lexicon::{Property, Qualifiers};
use crate::score::{Label, Signal, label};
use crate::span::{CodePoints, Span};
use gold::{GoldDocument, GoldDossier};
use metrics::{Counts, auc, weighted_kappa};

/// A gold signal that was not found, or a finding that is no gold signal.
#[derive(Clone, Serialize)]
pub struct Miss {
    /// Id of the document.
    pub document: String,
    /// Category.
    pub category: String,
    /// The words.
    pub text: String,
    /// The words around.
    pub around: String,
    /// The term that fired, or why nothing did.
    pub cause: String,
}

impl std::fmt::Debug for Miss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Miss({} {})", self.document, self.category)
    }
}

/// Figures of one evaluation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Evaluation {
    /// Number of documents.
    pub documents: usize,
    /// Spans per category by overlap, all contexts.
    pub spans: BTreeMap<String, Counts>,
    /// Active spans per category by overlap.
    pub active_spans: BTreeMap<String, Counts>,
    /// Context per `property=value`, gold spans given.
    pub context: BTreeMap<String, Counts>,
    /// Gold spans with all properties right, of all; and with the default values.
    pub context_all_right: (usize, usize, usize),
    /// Context per `property=value` on findings that overlap gold of the same category.
    pub context_end_to_end: BTreeMap<String, Counts>,
    /// Label confusion: rows gold, columns found, in the order geen, laag, midden, hoog.
    pub labels: Vec<Vec<usize>>,
    /// Labels by the rules from gold spans, gold context and default tiers: right, all.
    pub label_rule: (usize, usize),
    /// Dossiers: name, gold, found.
    pub dossiers: Vec<(String, Label, Label)>,
    /// AUC of hoog and midden against the rest.
    pub auc: Option<f64>,
    /// Missed signals.
    pub misses: Vec<Miss>,
    /// False alarms.
    pub false_alarms: Vec<Miss>,
    /// Context verdicts that differ, gold spans given.
    pub context_errors: Vec<Miss>,
}

impl Evaluation {
    /// Sum over categories.
    #[must_use]
    pub fn micro(counts: &BTreeMap<String, Counts>) -> Counts {
        counts.values().fold(Counts::default(), |mut sum, c| {
            sum += *c;
            sum
        })
    }

    /// Weighted kappa of the labels.
    #[must_use]
    pub fn kappa(&self) -> Option<f64> {
        weighted_kappa(&self.labels)
    }
}

/// One gold document with what the analyzer made of it: analysis, gold spans in bytes, verdicts on them and the rules behind.
type Judged = (Analysis, Vec<Option<Span>>, Vec<Qualifiers>, Vec<String>);

/// Runs the analyzer over gold documents and compares.
#[must_use]
pub fn evaluate(
    analyzer: &Analyzer,
    documents: &[GoldDocument],
    dossier_labels: &[GoldDossier],
) -> Evaluation {
    let results: Vec<Judged> = documents
        .par_iter()
        .map(|gold| {
            let mut document = gold.document();
            if let Some(dossier) = dossier_labels.iter().find(|d| d.notes.contains(&gold.id)) {
                document.dossier.clone_from(&dossier.dossier);
            }
            let index = CodePoints::new(&gold.text);
            let spans: Vec<Option<Span>> = gold
                .signals
                .iter()
                .map(|s| s.span(&gold.text, &index))
                .collect();
            let asked: Vec<Span> = spans.iter().map(|s| s.unwrap_or_default()).collect();
            let verdicts = analyzer.qualify(&document, &asked);
            let rules = verdicts
                .iter()
                .map(|(_, cues)| {
                    cues.iter()
                        .map(|c| {
                            format!(
                                "{}={} {} “{}”",
                                c.property.as_str(),
                                c.value,
                                c.rule,
                                c.span.slice(&gold.text)
                            )
                        })
                        .collect::<Vec<_>>()
                        .join("; ")
                })
                .collect();
            (
                analyzer.analyze(&document),
                spans,
                verdicts.into_iter().map(|v| v.0).collect(),
                rules,
            )
        })
        .collect();
    let mut evaluation = Evaluation {
        documents: documents.len(),
        labels: vec![vec![0; 4]; 4],
        ..Evaluation::default()
    };
    let mut scores = Vec::new();
    for (gold, (analysis, spans, verdicts, rules)) in documents.iter().zip(&results) {
        compare_spans(&mut evaluation, gold, analysis, spans);
        compare_context(&mut evaluation, gold, analysis, spans, verdicts, rules);
        if let Some(wanted) = gold.label {
            let found = analysis.document.label.unwrap_or_default();
            if let Some(cell) = evaluation
                .labels
                .get_mut(wanted as usize)
                .and_then(|r| r.get_mut(found as usize))
            {
                *cell += 1;
            }
            scores.push((
                analysis.document.score.unwrap_or(0),
                wanted >= Label::Midden,
            ));
            evaluation.label_rule.1 += 1;
            evaluation.label_rule.0 += usize::from(label_from_gold(analyzer, gold) == wanted);
        }
    }
    evaluation.auc = auc(&scores);
    let analyses: Vec<Analysis> = results.into_iter().map(|r| r.0).collect();
    for dossier in dossiers(analyzer, &analyses) {
        if let Some(gold) = dossier_labels
            .iter()
            .find(|d| d.dossier == dossier.record.dossier)
        {
            evaluation.dossiers.push((
                gold.dossier.clone(),
                gold.label,
                dossier.record.label.unwrap_or_default(),
            ));
        }
    }
    evaluation
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

fn counted(finding: &Finding) -> bool {
    finding.suppressed_by.is_empty() && !finding.protective
}

fn compare_spans(
    evaluation: &mut Evaluation,
    gold: &GoldDocument,
    analysis: &Analysis,
    spans: &[Option<Span>],
) {
    let found: Vec<(&Finding, Span)> = analysis
        .findings
        .iter()
        .filter(|f| counted(f))
        .map(|f| (f, Span::new(f.byte_start, f.byte_end)))
        .collect();
    for (signal, span) in gold.signals.iter().zip(spans) {
        let Some(span) = span else { continue };
        let hit = |active: bool| {
            found.iter().any(|(f, s)| {
                s.overlaps(*span) && f.category == signal.category && (!active || f.active)
            })
        };
        let counts = evaluation.spans.entry(signal.category.clone()).or_default();
        counts.gold += 1;
        counts.gold_hit += usize::from(hit(false));
        if signal.qualifiers().is_active() {
            let counts = evaluation
                .active_spans
                .entry(signal.category.clone())
                .or_default();
            counts.gold += 1;
            counts.gold_hit += usize::from(hit(true));
        }
        if !hit(false) {
            let near = analysis
                .findings
                .iter()
                .find(|f| Span::new(f.byte_start, f.byte_end).overlaps(*span));
            let cause = near.map_or_else(
                || "nothing near".to_owned(),
                |f| {
                    if f.suppressed_by.is_empty() {
                        format!("other category: {}", f.term)
                    } else {
                        format!("{}: {}", f.term, f.suppressed_by)
                    }
                },
            );
            evaluation
                .misses
                .push(miss(gold, &signal.category, *span, cause));
        }
    }
    for (finding, span) in found {
        let hit = |active: bool| {
            gold.signals.iter().zip(spans).any(|(s, g)| {
                g.is_some_and(|g| g.overlaps(span))
                    && s.category == finding.category
                    && (!active || s.qualifiers().is_active())
            })
        };
        let counts = evaluation
            .spans
            .entry(finding.category.clone())
            .or_default();
        counts.found += 1;
        counts.found_hit += usize::from(hit(false));
        if finding.active {
            let counts = evaluation
                .active_spans
                .entry(finding.category.clone())
                .or_default();
            counts.found += 1;
            counts.found_hit += usize::from(hit(true));
        }
        if !hit(false) {
            evaluation
                .false_alarms
                .push(miss(gold, &finding.category, span, finding.term.clone()));
        }
    }
}

fn compare_context(
    evaluation: &mut Evaluation,
    gold: &GoldDocument,
    analysis: &Analysis,
    spans: &[Option<Span>],
    verdicts: &[Qualifiers],
    rules: &[String],
) {
    for (n, (signal, verdict)) in gold.signals.iter().zip(verdicts).enumerate() {
        let wanted = signal.qualifiers();
        evaluation.context_all_right.0 += usize::from(wanted == *verdict);
        evaluation.context_all_right.1 += usize::from(wanted == Qualifiers::default());
        evaluation.context_all_right.2 += 1;
        tally(&mut evaluation.context, wanted, *verdict);
        let Some(span) = spans.get(n).copied().flatten() else {
            continue;
        };
        if wanted != *verdict {
            let differs: Vec<String> = Property::ALL
                .iter()
                .filter(|p| wanted.get(**p) != verdict.get(**p))
                .map(|p| {
                    format!(
                        "{} wanted {} got {}",
                        p.as_str(),
                        wanted.get(*p),
                        verdict.get(*p)
                    )
                })
                .collect();
            let cause = format!(
                "{} [{}]",
                differs.join(", "),
                rules.get(n).map_or("", String::as_str)
            );
            evaluation
                .context_errors
                .push(miss(gold, &signal.category, span, cause));
        }
        let found = analysis.findings.iter().find(|f| {
            counted(f)
                && f.category == signal.category
                && Span::new(f.byte_start, f.byte_end).overlaps(span)
        });
        if let Some(finding) = found {
            tally(
                &mut evaluation.context_end_to_end,
                wanted,
                finding.qualifiers(),
            );
        }
    }
}

fn tally(counts: &mut BTreeMap<String, Counts>, wanted: Qualifiers, got: Qualifiers) {
    for property in Property::ALL {
        let (w, g) = (wanted.get(*property), got.get(*property));
        let entry = counts
            .entry(format!("{}={w}", property.as_str()))
            .or_default();
        entry.gold += 1;
        entry.gold_hit += usize::from(w == g);
        let entry = counts
            .entry(format!("{}={g}", property.as_str()))
            .or_default();
        entry.found += 1;
        entry.found_hit += usize::from(w == g);
    }
}

fn miss(gold: &GoldDocument, category: &str, span: Span, cause: String) -> Miss {
    let text = &gold.text;
    let back = text
        .get(..span.start)
        .map_or(0, |t| t.char_indices().rev().nth(70).map_or(0, |(i, _)| i));
    let forth = text.get(span.end..).map_or(text.len(), |t| {
        t.char_indices()
            .nth(70)
            .map_or(text.len(), |(i, _)| span.end + i)
    });
    let around = format!(
        "{}[[{}]]{}",
        text.get(back..span.start).unwrap_or_default(),
        span.slice(text),
        text.get(span.end..forth).unwrap_or_default()
    );
    Miss {
        document: gold.id.clone(),
        category: category.to_owned(),
        text: span.slice(text).to_owned(),
        around: around.split_whitespace().collect::<Vec<_>>().join(" "),
        cause,
    }
}
