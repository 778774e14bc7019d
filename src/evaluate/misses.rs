//! Misses, false alarms and context errors: each with its passage and what came near, grouped by cause.

use serde::Serialize;

use super::gold::GoldDocument;
use super::prediction::{Prediction, gold_spans};
use crate::analyze::Analyzer;
use crate::lexicon::Property;
use crate::matcher::{Clock, Near};
use crate::span::Span;
use crate::text::View;

/// One difference between gold and findings.
#[derive(Clone, Serialize)]
pub struct Miss {
    /// Id of the document.
    pub document: String,
    /// Category.
    pub category: String,
    /// The words.
    pub text: String,
    /// The words around, the stretch in `[[...]]`.
    pub around: String,
    /// The kind of cause: what to group by.
    pub cause: &'static str,
    /// The term, rule or words behind it.
    pub detail: String,
}

impl std::fmt::Debug for Miss {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Miss({} {}: {})",
            self.document, self.category, self.cause
        )
    }
}

/// All differences of one evaluation.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Misses {
    /// Gold signals that no finding of their category overlaps.
    pub missed: Vec<Miss>,
    /// Findings that overlap no gold signal of their category.
    pub false_alarms: Vec<Miss>,
    /// Verdicts on given gold spans that differ.
    pub context: Vec<Miss>,
}

impl Misses {
    /// Adds the differences of one document.
    pub fn add(&mut self, analyzer: &Analyzer, gold: &GoldDocument, prediction: &Prediction) {
        let spans = gold_spans(gold);
        let mut view = None;
        for (signal, span) in gold.signals.iter().zip(&spans) {
            let hit = prediction
                .counted()
                .any(|(f, s)| f.category == signal.category && s.overlaps(*span));
            if hit {
                continue;
            }
            let view =
                view.get_or_insert_with(|| View::new(&gold.text, &analyzer.lexicon().boundaries));
            let (cause, detail) =
                why_missed(analyzer, gold, prediction, view, &signal.category, *span);
            self.missed
                .push(miss(gold, &signal.category, *span, cause, detail));
        }
        for (finding, span) in prediction.counted() {
            let of_category = |s: &&super::gold::GoldSignal| s.category == finding.category;
            let here = || {
                gold.signals
                    .iter()
                    .zip(&spans)
                    .filter(|(_, g)| g.overlaps(span))
                    .map(|(s, _)| s)
            };
            if here().any(|s| of_category(&s)) {
                continue;
            }
            let (cause, other) = match here().next() {
                Some(other) => ("gold has another category here", other.category.as_str()),
                None if finding.active => ("no signal here, and it counts", ""),
                None => ("no signal here, switched off by context", ""),
            };
            let detail = [finding.term.as_str(), other]
                .into_iter()
                .filter(|p| !p.is_empty())
                .collect::<Vec<_>>()
                .join(", gold: ");
            self.false_alarms
                .push(miss(gold, &finding.category, span, cause, detail));
        }
        for ((signal, span), verdict) in gold.signals.iter().zip(&spans).zip(&prediction.given) {
            let wanted = signal.qualifiers();
            for property in Property::ALL {
                let (w, g) = (wanted.get(*property), verdict.qualifiers.get(*property));
                if w == g {
                    continue;
                }
                let cue = verdict.cues.iter().find(|c| c.property == *property);
                let (cause, by) = match cue {
                    Some(cue) => (
                        "a rule decided otherwise",
                        format!(" by {} “{}”", cue.rule, cue.span.slice(&gold.text)),
                    ),
                    None => ("no rule saw a cue", String::new()),
                };
                let detail = format!("{} wanted {w} got {g}{by}", property.as_str());
                self.context
                    .push(miss(gold, &signal.category, *span, cause, detail));
            }
        }
    }
}

fn why_missed(
    analyzer: &Analyzer,
    gold: &GoldDocument,
    prediction: &Prediction,
    view: &View,
    category: &str,
    span: Span,
) -> (&'static str, String) {
    let near = || {
        prediction
            .findings
            .iter()
            .filter(|f| Span::new(f.byte_start, f.byte_end).overlaps(span))
    };
    if let Some(f) = near().find(|f| f.category == category && !f.suppressed_by.is_empty()) {
        let cause = if f.suppressed_by.starts_with("overlap") {
            "another finding took its words"
        } else {
            "a condition of the term suppressed it"
        };
        return (cause, format!("{}: {}", f.term, f.suppressed_by));
    }
    if let Some(f) = near().find(|f| f.suppressed_by.is_empty() && !f.protective) {
        return ("found as another category", f.term.clone());
    }
    let lexicon = analyzer.lexicon();
    let Some(number) = lexicon.categories.iter().position(|c| c.id == category) else {
        return ("no such category in the lexicon", String::new());
    };
    let document = gold.document();
    let clock = Clock::of(&document, view);
    match analyzer.matcher().near(lexicon, view, clock, span, number) {
        Near::Gap { term, pattern } => (
            "a gap is too long or crosses a clause border",
            format!("{term}: {pattern}"),
        ),
        Near::Words(words) => ("its words are known, but no pattern fits", words.join(" ")),
        Near::Nothing => ("none of its words is known", String::new()),
    }
}

/// Words around a stretch that are shown, in code points to each side.
const AROUND: usize = 70;

fn miss(
    gold: &GoldDocument,
    category: &str,
    span: Span,
    cause: &'static str,
    detail: String,
) -> Miss {
    Miss {
        document: gold.id.clone(),
        category: category.to_owned(),
        text: span.slice(&gold.text).to_owned(),
        around: passage(&gold.text, span, AROUND),
        cause,
        detail,
    }
}

/// A stretch in `[[...]]` with up to `around` code points to each side, on one line.
#[must_use]
pub fn passage(text: &str, span: Span, around: usize) -> String {
    let back = text.get(..span.start).map_or(0, |t| {
        t.char_indices().rev().nth(around).map_or(0, |(i, _)| i)
    });
    let forth = text.get(span.end..).map_or(text.len(), |t| {
        t.char_indices()
            .nth(around)
            .map_or(text.len(), |(i, _)| span.end + i)
    });
    let passage = format!(
        "{}[[{}]]{}",
        text.get(back..span.start).unwrap_or_default(),
        span.slice(text),
        text.get(span.end..forth).unwrap_or_default()
    );
    passage.split_whitespace().collect::<Vec<_>>().join(" ")
}
