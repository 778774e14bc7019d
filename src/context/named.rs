//! People who are introduced as somebody else ("haar nicht Sanne", "groepsgenoot Kim") stay so when only their name is said.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::{Claim, DocumentContext, EndOf, Verdict};
use crate::lexicon::Property;
use crate::matcher::Scan;
use crate::text::number::cardinal;
use crate::text::{CAPITAL, DIGIT, HARD, Heading, LINE, SENTENCE, Token, View};

/// Names among the first so many words are those of the file's own young person.
const HEAD: usize = 25;
/// What a subordinate clause about somebody begins with.
const CONJUNCTIONS: &[&str] = &["dat", "of", "hoe", "waar", "omdat", "doordat", "nadat"];
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
        // "Ruben vertelt dat Daan ...", "..., Daan had ..."
        let begins = |t: &usize| {
            view.tokens.get(*t).is_some_and(|token| token.has(HARD))
                || CONJUNCTIONS.contains(&view.word(*t - 1))
        };
        let inner = || {
            (clause.start + 1..target.start)
                .rev()
                .filter(begins)
                .find_map(|t| subject(t, clause.end))
        };
        let found = inner()
            .or_else(|| subject(clause.start, clause.end))
            .or_else(|| {
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
    /// The names that somebody else is given; `age` is that of the young person.
    pub(super) fn of(view: &'a View, scan: &Scan, age: Option<u32>) -> Self {
        let capital = |t: usize| view.tokens.get(t).is_some_and(|t| t.has(CAPITAL));
        let names = scan.others.iter().filter_map(|spelled| {
            let spelled = spelled.iter().map(|t| *t as usize);
            spelled.filter(|t| capital(*t)).max()
        });
        // Initials may be anybody's.
        let mut introduced: FxHashSet<usize> = names.filter(|t| view.word(*t).len() > 1).collect();
        // The file's own young person is named before somebody of that name is introduced.
        let own = |name: &str| {
            (0..HEAD.min(view.tokens.len()))
                .take_while(|t| !(introduced.contains(t) && view.word(*t) == name))
                .any(|t| capital(t) && view.word(t) == name)
        };
        let mut names: FxHashSet<&str> = (introduced.iter().map(|t| view.word(*t)))
            .filter(|name| !own(name))
            .collect();
        for (before, children) in view.headings.iter().filter_map(|h| children(view, h)) {
            // Which of them the file is about is told by what stands above or by the age; else the list tells nothing.
            let is_own = |c: &Child| {
                let named = |t| capital(t) && view.word(t) == view.word(c.name);
                (0..before.min(HEAD)).any(named) || age.is_some() && c.age == age
            };
            if children.iter().any(is_own) {
                let others = children.iter().filter(|c| !is_own(c)).map(|c| c.name);
                introduced.extend(others.clone());
                names.extend(others.map(|t| view.word(t)));
            }
        }
        Self {
            introduced: introduced
                .into_iter()
                .filter(|t| names.contains(view.word(*t)))
                .collect(),
            names,
        }
    }
}

/// A child of a household.
struct Child {
    /// The word that names it.
    name: usize,
    age: Option<u32>,
}

/// What the field of a household begins with.
const HOUSEHOLD: &[&str] = &[
    "kinderen",
    "gezin",
    "gezinssamenstelling",
    "gezinsleden",
    "thuiswonend",
    "thuiswonende",
    "broers",
    "zussen",
    "brussen",
];

/// The children that a field lists, at least two, and where it begins: "Kinderen: Kevin (17), Kim (15)".
fn children(view: &View, field: &Heading) -> Option<(usize, Vec<Child>)> {
    if !HOUSEHOLD.contains(&view.word(field.label.start)) {
        return None;
    }
    let mut list = Vec::new();
    for t in field.label.end..field.paragraph_end {
        let token = view.tokens.get(t)?;
        if t > field.label.end && token.has(LINE) {
            break;
        }
        // "Kevin (17)", "Kevin van 17", "Kevin, 17 jaar"
        let age = (t + 1..t + 3).find_map(|n| cardinal(view.word(n)));
        if token.has(CAPITAL) && !token.has(DIGIT) && age.is_some() {
            list.push(Child { name: t, age });
        }
    }
    (list.len() > 1).then_some((field.label.start, list))
}
