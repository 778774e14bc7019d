//! People who are introduced as somebody else ("haar nicht Sanne", "groepsgenoot Kim") stay so when only their name is said.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::{Claim, DocumentContext, Verdict};
use crate::lexicon::Property;
use crate::text::CAPITAL;

/// Names among the first so many words are those of the file's own young person.
const HEAD: usize = 25;
/// A subject stands among the first so many words of its sentence or clause.
const SUBJECT: usize = 2;
/// As strong as a peer that the sentence names.
const PRIORITY: i32 = 7;

impl<'a> DocumentContext<'a> {
    /// Whether a name that was given to somebody else is the subject of the signal's sentence, or of the one that it goes on from.
    pub(super) fn named(&self, target: &Range<usize>, verdict: &mut Verdict<'a>) {
        let view = self.machine.words.view;
        let Some(here) = view.tokens.get(target.start).map(|t| t.sentence) else {
            return;
        };
        let others = self.others.get_or_init(|| self.others());
        if others.is_empty() {
            return;
        }
        let subject = |start: usize, end: usize| {
            (start..end.min(start + SUBJECT)).find(|t| {
                view.tokens.get(*t).is_some_and(|t| t.has(CAPITAL))
                    && others.contains(view.word(*t))
            })
        };
        let clause = view.clause(target.start);
        let found = subject(clause.start, clause.end).or_else(|| {
            (0..=self.carried(here, target.start)).find_map(|back| {
                let sentence = view.sentences.get(here.checked_sub(back)? as usize)?;
                subject(sentence.tokens.start, sentence.tokens.end)
            })
        });
        if let Some(at) = found.filter(|t| *t < target.start) {
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

    /// The names that somebody else is given, folded. Initials may be anybody's.
    fn others(&self) -> FxHashSet<&'a str> {
        let view = self.machine.words.view;
        let pattern = |p: &u32| self.lexicon.set.patterns.get(*p as usize);
        let mut found = Vec::new();
        for sentence in &view.sentences {
            for pattern in self.lexicon.others.iter().filter_map(pattern) {
                self.machine
                    .find_all(pattern, sentence.tokens.clone(), &mut found);
            }
        }
        let head: FxHashSet<&str> = (0..HEAD.min(view.tokens.len()))
            .map(|t| view.word(t))
            .collect();
        found
            .iter()
            .filter_map(|f| {
                let capital = |t: &&u32| {
                    view.tokens
                        .get(**t as usize)
                        .is_some_and(|t| t.has(CAPITAL))
                };
                f.spelled.iter().filter(capital).max()
            })
            .map(|t| view.word(*t as usize))
            .filter(|name| name.len() > 1 && !head.contains(name))
            .collect()
    }
}
