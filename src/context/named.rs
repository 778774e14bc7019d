//! People who are introduced as somebody else ("haar nicht Sanne", "groepsgenoot Kim") stay so when only their name is said.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::{Claim, DocumentContext, EndOf, Verdict};
use crate::lexicon::Property;
use crate::matcher::Scan;
use crate::text::{CAPITAL, SENTENCE, Token, View};

/// Names among the first so many words are those of the file's own young person.
const HEAD: usize = 25;
/// As strong as a peer that the sentence names.
const PRIORITY: i32 = 7;

/// People who are somebody else.
#[derive(Debug)]
pub(super) struct Others<'a> {
    /// Their names, folded.
    names: FxHashSet<&'a str>,
    /// The words by which they are introduced.
    introduced: FxHashSet<usize>,
}

impl<'a> DocumentContext<'a> {
    /// Whether a name that was given to somebody else is the subject of the signal's sentence, or of the one that it goes on from.
    pub(super) fn named(&self, target: &Range<usize>, verdict: &mut Verdict<'a>) {
        let view = self.machine.words.view;
        let Some(here) = view.tokens.get(target.start).map(|t| t.sentence) else {
            return;
        };
        let others = &self.others;
        if others.names.is_empty() {
            return;
        }
        let subject = |start: usize, end: usize| {
            let capital = view.tokens.get(start).is_some_and(|t| t.has(CAPITAL));
            let named = start < end && capital && others.names.contains(view.word(start));
            named.then_some(start)
        };
        let clause = view.clause(target.start);
        let found = subject(clause.start, clause.end).or_else(|| {
            (0..=self.carried(here, target.start)).find_map(|back| {
                let sentence = view.sentences.get(here.checked_sub(back)? as usize)?;
                let Range { start, end } = sentence.tokens;
                let introduced = || (start..end).find(|t| others.introduced.contains(t));
                subject(start, end).or_else(|| introduced().filter(|_| back > 0))
            })
        });
        if let Some(at) = found.filter(|t| *t < target.start && !self.passes_on(*t, target.start)) {
            let claim = Claim {
                property: Property::Experiencer,
                value: "other",
                kind: "named",
                rule: Cow::Borrowed("experiencer.named"),
                at: at..at + 1,
            };
            verdict.offer(PRIORITY, target.start - at, claim);
        }
    }

    /// Whether between the name and the signal the talk turns to another: a word that ends the reach of rules about whose signal it
    /// is ("Kim vertelt dat ..."), or another name ("Ze is bezorgd omdat Ymke ..."; but not "en niet Ymke").
    fn passes_on(&self, name: usize, signal: usize) -> bool {
        let view = self.machine.words.view;
        let sentence = |t: usize| view.tokens.get(t).map_or(0, |t| t.sentence);
        let ends = (sentence(name)..=sentence(signal)).any(|n| {
            self.sentence(n).ends.iter().any(|(of, at)| {
                matches!(of, EndOf::Property(Property::Experiencer))
                    && (name + 1..signal).contains(&at.start)
            })
        });
        ends || (name + 1..signal).any(|t| {
            let capital = |t: &Token| t.has(CAPITAL) && t.flags & SENTENCE == 0;
            view.tokens.get(t).is_some_and(capital)
                && !self.others.names.contains(view.word(t))
                && view.word(t - 1) != "niet"
        })
    }
}

impl<'a> Others<'a> {
    /// The names that somebody else is given.
    pub(super) fn of(view: &'a View, scan: &Scan) -> Self {
        let capital = |t: usize| view.tokens.get(t).is_some_and(|t| t.has(CAPITAL));
        let names = scan.others.iter().filter_map(|spelled| {
            let spelled = spelled.iter().map(|t| *t as usize);
            spelled.filter(|t| capital(*t)).max()
        });
        // Initials may be anybody's.
        let introduced: FxHashSet<usize> = names.filter(|t| view.word(*t).len() > 1).collect();
        let own = |name: &str| {
            (0..HEAD.min(view.tokens.len()))
                .any(|t| capital(t) && view.word(t) == name && !introduced.contains(&t))
        };
        let names: FxHashSet<&str> = (introduced.iter().map(|t| view.word(*t)))
            .filter(|name| !own(name))
            .collect();
        Self {
            introduced: introduced
                .into_iter()
                .filter(|t| names.contains(view.word(*t)))
                .collect(),
            names,
        }
    }
}
