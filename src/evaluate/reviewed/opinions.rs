//! What do reviewers say of findings? Marks by category and by term, and the signals that they missed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::decision::{Decision, Mark, term_of_key};
use crate::evaluate::bootstrap::Figure;
use crate::evaluate::elusion::exact_interval;
use crate::evaluate::metrics::ratio;
use crate::evaluate::suggest::JUDGED;

/// Marks of reviewers on findings; of two on the same finding both count.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Opinions {
    /// All of them.
    pub all: Marks,
    /// By category.
    pub categories: BTreeMap<String, Marks>,
    /// By term with at least [`JUDGED`] marks, those with the smallest share of right ones first.
    pub terms: Vec<(String, Marks)>,
    /// Signals that were not found, by category; stretches that overlap count once.
    pub missed: BTreeMap<String, usize>,
}

/// Counts of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Marks {
    /// Right.
    pub juist: usize,
    /// No signal.
    pub onjuist: usize,
    /// A signal whose context is otherwise.
    pub context: usize,
    /// Share of right ones, with its exact interval.
    pub right: Figure,
}

impl Marks {
    /// Number of marks.
    #[must_use]
    pub const fn number(&self) -> usize {
        self.juist + self.onjuist + self.context
    }

    const fn add(&mut self, mark: Mark) {
        match mark {
            Mark::Juist => self.juist += 1,
            Mark::Onjuist => self.onjuist += 1,
            Mark::Context => self.context += 1,
        }
    }

    fn with_share(mut self) -> Self {
        let interval = exact_interval(self.juist, self.number(), 0.95);
        let value = ratio(self.juist, self.number());
        self.right = Figure {
            value,
            low: value.map(|_| interval.0),
            high: value.map(|_| interval.1),
        };
        self
    }
}

/// Counts the marks of decisions that hold (see [`last`](crate::decision::last)).
#[must_use]
pub fn opinions(decisions: &[&Decision]) -> Opinions {
    let mut all = Marks::default();
    let mut categories: BTreeMap<String, Marks> = BTreeMap::new();
    let mut terms: BTreeMap<&str, Marks> = BTreeMap::new();
    for mark in decisions.iter().flat_map(|d| &d.marks) {
        let term = term_of_key(&mark.finding);
        // A term's id begins with its category.
        let category = term.split_once('.').map_or(term, |t| t.0);
        all.add(mark.mark);
        categories
            .entry(category.to_owned())
            .or_default()
            .add(mark.mark);
        terms.entry(term).or_default().add(mark.mark);
    }
    let mut terms: Vec<(String, Marks)> = terms
        .into_iter()
        .filter(|(_, marks)| marks.number() >= JUDGED)
        .map(|(term, marks)| (term.to_owned(), marks.with_share()))
        .collect();
    let share = |marks: &Marks| marks.right.value.unwrap_or(0.0);
    // Of equal shares the one with more marks; names are in order already.
    terms.sort_by(|(_, a), (_, b)| {
        let more = b.number().cmp(&a.number());
        share(a).total_cmp(&share(b)).then(more)
    });
    Opinions {
        all: all.with_share(),
        categories: categories
            .into_iter()
            .map(|(name, marks)| (name, marks.with_share()))
            .collect(),
        terms,
        missed: missed(decisions),
    }
}

fn missed(decisions: &[&Decision]) -> BTreeMap<String, usize> {
    let mut places: BTreeMap<(&str, &str), Vec<(usize, usize)>> = BTreeMap::new();
    for decision in decisions {
        for m in &decision.missed {
            places
                .entry((&m.category, &decision.document))
                .or_default()
                .push((m.start, m.end));
        }
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for ((category, _), mut places) in places {
        places.sort_unstable();
        let mut reached = 0;
        for (start, end) in places {
            if start >= reached {
                *counts.entry(category.to_owned()).or_default() += 1;
            }
            reached = reached.max(end);
        }
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{FindingMark, MissedSignal};

    #[test]
    fn marks_are_counted_by_category_and_term() {
        let mark = |finding: &str, mark| FindingMark {
            finding: finding.to_owned(),
            mark,
            should_be: None,
        };
        let missed = |start, end| MissedSignal {
            start,
            end,
            category: "c".to_owned(),
        };
        let first = Decision {
            document: "1".to_owned(),
            marks: vec![
                mark("c.a@1-2", Mark::Juist),
                mark("c.a@3-4", Mark::Onjuist),
                mark("c.b@5-6", Mark::Juist),
                mark("d.c@5-6", Mark::Context),
            ],
            missed: vec![missed(0, 5), missed(9, 12)],
            ..Decision::default()
        };
        let second = Decision {
            marks: vec![mark("c.a@1-2", Mark::Onjuist)],
            missed: vec![missed(3, 8), missed(20, 21)],
            ..first.clone()
        };
        let result = opinions(&[&first, &second]);
        let counts = |m: &Marks| [m.juist, m.onjuist, m.context];
        assert_eq!(counts(&result.all), [2, 2, 1]);
        assert_eq!(counts(&result.categories["c"]), [2, 2, 0]);
        assert_eq!(result.categories["c"].right.value, Some(0.5));
        assert_eq!(counts(&result.categories["d"]), [0, 0, 1]);
        let [(term, marks)] = result.terms.as_slice() else {
            panic!("{:?}", result.terms);
        };
        assert_eq!((term.as_str(), counts(marks)), ("c.a", [1, 2, 0]));
        let (low, high) = exact_interval(1, 3, 0.95);
        assert_eq!((marks.right.low, marks.right.high), (Some(low), Some(high)));
        // 0-5 and 3-8 are one.
        assert_eq!(result.missed["c"], 3);
        assert_eq!(opinions(&[]).all.right, Figure::default());
    }
}
