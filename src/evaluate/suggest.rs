//! Candidate terms, for a person to judge: words that stand out in missed signals and in documents that reviewers rated higher than
//! the score did; and terms that never fire or are mostly wrong. Nothing is ever added by itself.
//!
//! Keyness is the log-odds ratio with an informative Dirichlet prior, as a z-score (Monroe, Colaresi and Quinn, "Fightin' Words",
//! Political Analysis 2008): it neither favours rare words, as the plain ratio does, nor frequent ones, as chi-square does.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::gold::GoldDocument;
use super::misses::passage;
use super::prediction::{Prediction, gold_spans};
use crate::analyze::Analyzer;
use crate::decision::{Decision, Mark, term_of_key};
use crate::span::{CodePoints, Span};
use crate::text::View;

/// A document with what was found in it and what is known to be missed.
#[derive(Debug)]
pub struct Source<'a> {
    /// Id or path.
    pub id: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Missed stretches (bytes) with their category.
    pub missed: Vec<(Span, String)>,
    /// A reviewer rated it higher than the score did.
    pub rated_higher: bool,
    /// Terms that fired, and whether each was right (`None`: nobody said).
    pub fired: Vec<(String, Option<bool>)>,
}

/// A word or word pair that stands out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Candidate {
    /// Where it stands out: a category of missed signals, or `rated higher`.
    pub target: String,
    /// The folded words.
    pub words: String,
    /// Keyness; above 1.96 is unlikely by chance.
    pub z: f64,
    /// Occurrences in the target.
    pub count: usize,
    /// Occurrences in the background.
    pub background: usize,
    /// Passages, the words in `[[...]]`.
    pub contexts: Vec<String>,
}

/// A term that is mostly wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Overturned {
    /// Id of the term.
    pub term: String,
    /// Findings that somebody judged.
    pub judged: usize,
    /// Wrong ones among them.
    pub wrong: usize,
}

/// All suggestions.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Suggestions {
    /// Candidates, by target and keyness.
    pub candidates: Vec<Candidate>,
    /// Terms that never fired.
    pub silent: Vec<String>,
    /// Terms with at least [`JUDGED`] judged findings of which more than half are wrong.
    pub overturned: Vec<Overturned>,
}

/// Fewest judged findings before a term is called mostly wrong.
pub const JUDGED: usize = 3;
/// Weight of the prior, in words: as if so many words of the background had been seen in each corpus before.
const PRIOR: f64 = 500.0;
/// Fewest occurrences of a candidate.
const LEAST: usize = 2;
/// Passages shown per candidate.
const CONTEXTS: usize = 3;

/// Gold documents as sources.
#[must_use]
pub fn from_gold<'a>(gold: &'a GoldDocument, prediction: &Prediction) -> Source<'a> {
    let spans = gold_spans(gold);
    let hit = |category: &str, span: Span| {
        prediction
            .counted()
            .any(|(f, s)| f.category == category && s.overlaps(span))
    };
    Source {
        id: &gold.id,
        text: &gold.text,
        missed: gold
            .signals
            .iter()
            .zip(&spans)
            .filter(|(s, span)| !hit(&s.category, **span))
            .map(|(s, span)| (*span, s.category.clone()))
            .collect(),
        rated_higher: gold.label > prediction.label,
        fired: prediction
            .counted()
            .map(|(f, span)| {
                let right = gold
                    .signals
                    .iter()
                    .zip(&spans)
                    .any(|(s, g)| s.category == f.category && g.overlaps(span));
                (f.term.clone(), Some(right))
            })
            .collect(),
    }
}

/// A scanned document with its decisions as a source. `rated_higher` when somebody wants to follow up what came out below `midden`.
#[must_use]
pub fn from_decisions<'a>(
    id: &'a str,
    text: &'a str,
    prediction: &Prediction,
    decisions: &[&Decision],
) -> Source<'a> {
    let index = CodePoints::new(text);
    let span = |start, end| {
        let (start, end) = (index.to_byte(text, start)?, index.to_byte(text, end)?);
        (start < end).then(|| Span::new(start, end))
    };
    let marks: Vec<(&str, Mark)> = decisions
        .iter()
        .flat_map(|d| &d.marks)
        .map(|m| (m.finding.as_str(), m.mark))
        .collect();
    let mut fired: Vec<(String, Option<bool>)> = marks
        .iter()
        .map(|(key, mark)| (term_of_key(key).to_owned(), Some(*mark != Mark::Onjuist)))
        .collect();
    fired.extend(
        prediction
            .counted()
            .filter(|(f, _)| !marks.iter().any(|m| m.0 == crate::decision::finding_key(f)))
            .map(|(f, _)| (f.term.clone(), None)),
    );
    Source {
        id,
        text,
        missed: decisions
            .iter()
            .flat_map(|d| &d.missed)
            .filter_map(|m| Some((span(m.start, m.end)?, m.category.clone())))
            .collect(),
        rated_higher: prediction.label < Some(crate::score::Label::Midden)
            && decisions
                .iter()
                .any(|d| d.verdict == Some(crate::decision::Action::Opvolgen)),
        fired,
    }
}

/// Makes suggestions. `background` are more texts of the same kind without annotation; `most` candidates are kept per target.
#[must_use]
pub fn suggest(
    analyzer: &Analyzer,
    sources: &[Source<'_>],
    background: &[String],
    most: usize,
) -> Suggestions {
    let boundaries = &analyzer.lexicon().boundaries;
    let stop: BTreeSet<&str> = STOP.split_whitespace().collect();
    let views: Vec<View> = sources
        .iter()
        .map(|s| View::new(s.text, boundaries))
        .collect();
    // Everything counts as background; the target is taken out of it below.
    let mut all = Tally::default();
    for view in views.iter() {
        all.add(view, 0..view.tokens.len(), &stop, |_, _| {});
    }
    for text in background {
        let view = View::new(text, boundaries);
        all.add(&view, 0..view.tokens.len(), &stop, |_, _| {});
    }
    let mut targets: BTreeMap<&str, Target> = BTreeMap::new();
    for (source, view) in sources.iter().zip(&views) {
        for (span, category) in &source.missed {
            let tokens = view.tokens_in(*span);
            targets
                .entry(category)
                .or_default()
                .add(source, view, tokens, &stop);
        }
        if source.rated_higher {
            targets.entry("rated higher").or_default().add(
                source,
                view,
                0..view.tokens.len(),
                &stop,
            );
        }
    }
    let mut candidates = Vec::new();
    for (name, target) in &targets {
        let mut list: Vec<Candidate> = target
            .tally
            .counts
            .iter()
            .filter(|(_, count)| **count >= LEAST)
            .map(|(words, count)| {
                let whole = all.counts.get(words).copied().unwrap_or(0);
                let background = whole.saturating_sub(*count);
                Candidate {
                    target: (*name).to_owned(),
                    words: words.clone(),
                    z: keyness(
                        *count,
                        target.tally.total,
                        background,
                        all.total.saturating_sub(target.tally.total),
                        whole as f64 / all.total.max(1) as f64,
                    ),
                    count: *count,
                    background,
                    contexts: target.contexts.get(words).cloned().unwrap_or_default(),
                }
            })
            .filter(|c| c.z > 1.0)
            .collect();
        list.sort_by(|a, b| b.z.total_cmp(&a.z).then_with(|| a.words.cmp(&b.words)));
        list.truncate(most);
        candidates.extend(list);
    }
    let mut ledger: BTreeMap<&str, (usize, usize, usize)> = BTreeMap::new();
    for (term, right) in sources.iter().flat_map(|s| &s.fired) {
        let entry = ledger.entry(term).or_default();
        entry.0 += 1;
        entry.1 += usize::from(right.is_some());
        entry.2 += usize::from(*right == Some(false));
    }
    let mut overturned: Vec<Overturned> = ledger
        .iter()
        .filter(|(_, (_, judged, wrong))| *judged >= JUDGED && wrong * 2 > *judged)
        .map(|(term, (_, judged, wrong))| Overturned {
            term: (*term).to_owned(),
            judged: *judged,
            wrong: *wrong,
        })
        .collect();
    overturned.sort_by(|a, b| b.wrong.cmp(&a.wrong).then_with(|| a.term.cmp(&b.term)));
    Suggestions {
        candidates,
        silent: analyzer
            .lexicon()
            .terms
            .iter()
            .map(|t| t.id.clone())
            .filter(|id| !ledger.contains_key(id.as_str()))
            .collect(),
        overturned,
    }
}

#[derive(Default)]
struct Tally {
    counts: BTreeMap<String, usize>,
    total: usize,
}

impl Tally {
    /// Counts content words and pairs of neighbouring words of which one is a content word.
    fn add(
        &mut self,
        view: &View,
        tokens: std::ops::Range<usize>,
        stop: &BTreeSet<&str>,
        mut seen: impl FnMut(&str, std::ops::Range<usize>),
    ) {
        let content = |t: usize| {
            let word = view.word(t);
            word.len() > 2 && !stop.contains(word) && !word.bytes().any(|b| b.is_ascii_digit())
        };
        for n in tokens.clone() {
            self.total += 1;
            let mut count = |words: String, range: std::ops::Range<usize>| {
                seen(&words, range);
                *self.counts.entry(words).or_default() += 1;
            };
            if content(n) {
                count(view.word(n).to_owned(), n..n + 1);
            }
            let next = n + 1;
            if next < tokens.end
                && (content(n) || content(next))
                && view.clause(n) == view.clause(next)
            {
                count(format!("{} {}", view.word(n), view.word(next)), n..n + 2);
            }
        }
    }
}

#[derive(Default)]
struct Target {
    tally: Tally,
    contexts: BTreeMap<String, Vec<String>>,
}

impl Target {
    fn add(
        &mut self,
        source: &Source<'_>,
        view: &View,
        tokens: std::ops::Range<usize>,
        stop: &BTreeSet<&str>,
    ) {
        let contexts = &mut self.contexts;
        self.tally.add(view, tokens, stop, |words, range| {
            let list = contexts.entry(words.to_owned()).or_default();
            if list.len() < CONTEXTS {
                let shown = passage(source.text, view.span(range), 50);
                list.push(format!("{}: {shown}", source.id));
            }
        });
    }
}

/// z-score of the log-odds ratio with a Dirichlet prior proportional to the share of the word in all texts.
fn keyness(count: usize, total: usize, background: usize, rest: usize, share: f64) -> f64 {
    let prior = (PRIOR * share).max(1e-3);
    let odds = |n: usize, of: usize| {
        let (n, of) = (n as f64 + prior, of as f64 + PRIOR);
        (n / (of - n).max(1e-9)).ln()
    };
    let variance = 1.0 / (count as f64 + prior) + 1.0 / (background as f64 + prior);
    (odds(count, total) - odds(background, rest)) / variance.sqrt()
}

/// Function words that make no candidate by themselves.
const STOP: &str = "aan als bij dan dat de den der des deze die dit door een en er ge geen gij haar had heb hebben heeft hem het hier hij hoe hun ik in is ja je \
jij kan kon kunnen maar me mee met mij mijn moet moeten na naar niet nog nu of om ons onze ook op over reeds te ten ter toch toen tot u uit uw van veel voor want waren was wat we wel \
werd wie wij wil worden wordt ze zei zelf zich zij zijn zo zou zoals zonder al alle alleen altijd ander andere daar daarna doen doet dus echter eens even gaat gaan geweest heel iets \
iemand ieder later meer mag men moest niets omdat onder tegen tussen verder waar waarom weer welke werden zal zullen vaak cl mdr vdr dhr mw mevrouw client jgd";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyness_grows_with_surplus_and_evidence() {
        // Ten times as frequent as elsewhere, with little and with much evidence.
        let little = keyness(2, 200, 100, 100_000, 102.0 / 100_200.0);
        let much = keyness(20, 2_000, 100, 100_000, 120.0 / 102_000.0);
        assert!(much > little && little > 0.0, "{little} {much}");
        // As frequent as elsewhere.
        assert!(keyness(2, 2_000, 100, 100_000, 102.0 / 102_000.0).abs() < 0.1);
    }
}
