//! Decides from the surroundings of a signal whether it is so, when, about whom, or only in general.
//!
//! Rules are data (`lexicons/*/context/*.toml`): cue patterns with a value, a direction and a scope. Only sentences that hold a
//! signal are looked at. Forms (tick boxes, answers, unanswered questions), genre, and whose signal it is among
//! several young people have a file each here.
//! Every verdict names its cue, place and rule.

mod detector;
mod form;
mod genre;
mod heading;
mod named;
mod person;
mod row;
pub mod selftest;
mod verdict;

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

pub use detector::ContextDetector;
use detector::EndOf;
pub use genre::{DocumentGenre, genre};
use named::Others;
pub use person::persons;
use verdict::{Claim, Verdict};

use crate::lexicon::{Lexicon, PatternId, Property, Qualifiers, Rule, RuleScope, Section};
use crate::matcher::{Found, Machine, Spelled};
use crate::span::Span;
use crate::text::{HARD, View};

/// The words that decided a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cue {
    /// Which property.
    pub property: Property,
    /// The value it gave.
    pub value: String,
    /// Kind of cue: `negation`, `denied`, `hearsay`, ...
    pub kind: String,
    /// The rule that decided.
    pub rule: String,
    /// Where it stands, in bytes of the source; empty for the genre of a whole document.
    pub span: Span,
}

/// A rule's cue in a sentence.
#[derive(Clone, Debug)]
struct CueHit {
    rule: usize,
    tokens: Range<usize>,
    spelled: Spelled,
}

/// Context of one document; remembers the cues of the sentences it has looked at.
#[derive(Debug)]
pub struct DocumentContext<'a> {
    detector: &'a ContextDetector,
    lexicon: &'a Lexicon,
    machine: Machine<'a>,
    /// Genre of the document and its paragraphs.
    pub genre: DocumentGenre,
    protected: FxHashSet<u32>,
    sentences: RefCell<FxHashMap<u32, Rc<SentenceCues>>>,
    /// Whether a sentence has a cue that may reach another one.
    far: RefCell<FxHashMap<u32, bool>>,
    /// Names of people who are somebody else.
    others: Others<'a>,
    /// What each heading means.
    sections: Vec<OnceCell<Option<&'a Section>>>,
    /// The highest age that is the label of a field.
    last_age: OnceCell<Option<u32>>,
    /// What numbers stand for in the answers of a form.
    legend: OnceCell<Vec<(&'a str, form::Answer)>>,
}

#[derive(Clone, Debug, Default)]
struct SentenceCues {
    hits: Vec<CueHit>,
    /// Rules that have a cue in one word alone, with the word.
    alone: Vec<(usize, u32)>,
    ends: Vec<(EndOf, Range<usize>)>,
}

impl<'a> DocumentContext<'a> {
    /// The verdict on the signal that covers `target`; `spelled` are the words its pattern spells, `category` the number of its
    /// category where known (some rules are for some categories).
    #[must_use]
    pub fn qualify(
        &self,
        target: Range<usize>,
        spelled: &[u32],
        category: Option<usize>,
    ) -> (Qualifiers, Vec<Cue>) {
        let view = self.machine.words.view;
        let mut verdict = Verdict::default();
        let Some(first) = view.tokens.get(target.start) else {
            return (Qualifiers::default(), Vec::new());
        };
        let last = view
            .tokens
            .get(target.end.saturating_sub(1))
            .unwrap_or(first);
        let back = 1 + self.carried(first.sentence, target.start);
        for sentence in first.sentence.saturating_sub(back)..=last.sentence + 1 {
            let here = (first.sentence..=last.sentence).contains(&sentence);
            if !here && !self.has_far_cue(sentence) {
                continue;
            }
            let cues = self.sentence(sentence);
            for hit in &cues.hits {
                let Some(rule) = self.lexicon.rules.get(hit.rule) else {
                    continue;
                };
                if !here && rule.scope != RuleScope::Next
                    || !rule.categories.is_empty()
                        && category.is_some_and(|c| !rule.categories.contains(&c))
                    || !self.opens(hit.rule, sentence, &target, &hit.tokens)
                    || rule.not_witnessed && self.is_witnessed(&target)
                {
                    continue;
                }
                if let Some(distance) = self.reaches(rule, hit, &target, spelled, &cues, here) {
                    let claim = Claim {
                        property: rule.property,
                        value: &rule.value,
                        kind: &rule.kind,
                        rule: Cow::Borrowed(&rule.id),
                        at: hit.tokens.clone(),
                    };
                    verdict.offer(rule.priority, distance, claim);
                }
            }
        }
        self.named(&target, &mut verdict);
        self.form(&target, &mut verdict);
        self.heading(target.start, &mut verdict);
        self.general(target.start, &mut verdict);
        if verdict.kind(Property::Presence) == Some("negation") && self.in_own_words(&target) {
            verdict.is_denied();
        }
        verdict.finish(view)
    }

    /// The words that say who tells the signal that covers `target`, in bytes of the source.
    #[must_use]
    pub fn reporter(&self, target: &Range<usize>) -> Option<Span> {
        let found = self.around(&self.lexicon.reporters, target);
        let nearest = found
            .iter()
            .min_by_key(|tokens| tokens.start.abs_diff(target.start))?;
        Some(self.machine.words.view.span(nearest.clone()))
    }

    /// Whether the young person tells it, and nobody else, with no turn ("maar") between: "Zij heeft geen vriend, zegt ze".
    fn in_own_words(&self, target: &Range<usize>) -> bool {
        let told = self.around(&self.lexicon.own_words, target);
        if told.is_empty() || self.reporter(target).is_some() {
            return false;
        }
        let number = (self.machine.words.view.tokens.get(target.start)).map_or(0, |t| t.sentence);
        let cues = self.sentence(number);
        told.iter().any(|words| {
            let between = words.end.min(target.end)..words.start.max(target.start);
            !(cues.ends.iter()).any(|(of, end)| {
                matches!(of, EndOf::Property(Property::Presence)) && between.contains(&end.start)
            })
        })
    }

    /// Where these patterns stand in the sentence of a signal, outside it.
    fn around(&self, patterns: &[PatternId], target: &Range<usize>) -> Vec<Range<usize>> {
        let mut found: Vec<Found> = Vec::new();
        let sentence = self.machine.words.view.sentence(target.start);
        for pattern in patterns
            .iter()
            .filter_map(|p| self.lexicon.set.patterns.get(*p as usize))
        {
            self.machine.find_all(pattern, sentence.clone(), &mut found);
        }
        (found.into_iter().map(|f| f.tokens))
            .filter(|tokens| tokens.end <= target.start || tokens.start >= target.end)
            .collect()
    }

    /// How many sentences before this one begin, like this one, with words that let a cue of an earlier sentence reach on.
    fn carried(&self, sentence: u32, token: usize) -> u32 {
        let view = self.machine.words.view;
        let openers = &self.detector.openers;
        let goes_on = |number: u32| {
            view.sentences.get(number as usize).is_some_and(|s| {
                let start = if number == sentence {
                    s.tokens.start.min(token)
                } else {
                    s.tokens.start
                };
                openers.begin(&self.machine, &(start..s.tokens.end))
            })
        };
        (0..CARRIED)
            .take_while(|n| sentence.checked_sub(*n).is_some_and(goes_on))
            .count() as u32
    }

    /// Whether somebody has seen or found it: a denial does not undo that.
    fn is_witnessed(&self, target: &Range<usize>) -> bool {
        let sentence = self.machine.words.view.sentence(target.start);
        (self.lexicon.witnessed.iter())
            .filter_map(|p| self.lexicon.set.patterns.get(*p as usize))
            .any(|p| self.machine.occurs(p, sentence.clone(), &[]))
    }

    /// Whether a rule that asks how the sentence of the signal begins may reach it from `sentence`: every sentence on the way must
    /// begin so, the last one or the clause of the signal itself.
    fn opens(&self, rule: usize, sentence: u32, target: &Range<usize>, cue: &Range<usize>) -> bool {
        let view = self.machine.words.view;
        let here = view.tokens.get(target.start).map_or(0, |t| t.sentence);
        let opens = self.detector.opens.get(rule).filter(|o| !o.is_empty());
        let Some(opens) = opens else {
            return here.abs_diff(sentence) <= 1;
        };
        let begins = |start: usize, end: usize| opens.begin(&self.machine, &(start..end));
        if sentence == here {
            // "Zij logeert bij haar halfzus, die merkkleding krijgt."
            let clause = view.clause(target.start);
            return cue.end <= clause.start && begins(clause.start, clause.end);
        }
        sentence < here
            && (sentence + 1..=here).all(|n| {
                let Some(s) = view.sentences.get(n as usize) else {
                    return false;
                };
                let clause = view.clause(target.start).start;
                begins(s.tokens.start, s.tokens.end) || n == here && begins(clause, s.tokens.end)
            })
    }

    /// Words between cue and signal when the rule reaches the signal from there.
    fn reaches(
        &self,
        rule: &Rule,
        hit: &CueHit,
        target: &Range<usize>,
        spelled: &[u32],
        cues: &SentenceCues,
        here: bool,
    ) -> Option<usize> {
        let view = self.machine.words.view;
        if !rule.spelled && self.is_spelled(rule, hit, spelled, cues) {
            return None;
        }
        let clause = |token: usize| view.tokens.get(token).map_or(0, |t| t.clause);
        let (allowed, between, same_clause) =
            if hit.tokens.start >= target.start && hit.tokens.end <= target.end {
                let own = clause(hit.tokens.start);
                (
                    rule.inside,
                    target.start..hit.tokens.start,
                    own == clause(target.start) || own == clause(target.end - 1),
                )
            } else if hit.tokens.start < target.start {
                (
                    rule.before,
                    hit.tokens.end.min(target.start)..target.start,
                    clause(hit.tokens.end - 1) == clause(target.start),
                )
            } else {
                (
                    rule.after,
                    target.end..hit.tokens.start.max(target.end),
                    clause(hit.tokens.start) == clause(target.end - 1),
                )
            };
        if !allowed
            || rule.max > 0 && between.len() > rule.max
            || rule.list && self.leaves_list(&between, target)
            || rule.no_commas && crosses_comma(view, &between, target)
        {
            return None;
        }
        let blocked = || {
            // A terminator that runs on into the signal ("en blowt") ends the reach too.
            cues.ends.iter().any(|(end_of, end)| {
                let own = match end_of {
                    EndOf::Property(property) | EndOf::Turn(property) => *property == rule.property,
                    EndOf::Rule(n) => *n == hit.rule,
                };
                // The verb of a main clause may be the signal itself: "is | blowt zij".
                let turns = matches!(end_of, EndOf::Turn(_)) && end.start == target.start;
                own && (between.contains(&end.start) || turns && hit.tokens.end <= target.start)
                    && !end.is_empty()
            })
        };
        let reaches = match rule.scope {
            RuleScope::Clause => here && same_clause && (rule.through || !blocked()),
            RuleScope::Sentence => here && (rule.through || !blocked()),
            RuleScope::Next => rule.through || !blocked(),
            RuleScope::Field => here && form::is_answer(view, target, &hit.tokens),
        };
        reaches.then_some(between.len())
    }

    /// Whether a comma between cue and signal ends more than an item of a list: "geen drank, drugs of geweld" goes on,
    /// "geen sleutel, de deur gaat op slot als hij weg is" does not.
    fn leaves_list(&self, between: &Range<usize>, target: &Range<usize>) -> bool {
        let view = self.machine.words.view;
        let comma = |t: usize| view.tokens.get(t).is_some_and(|t| t.has(HARD));
        if !(between.start..=target.start).any(comma) {
            return false;
        }
        // A conjunction closes the list: "geen drank of drugs, opvallend schrikachtig".
        let last = (between.start..=target.start).rev().find(|t| comma(*t));
        let ends = &self.lexicon.boundaries.list_ends;
        let closed = |t: usize| t > between.start && ends.contains(view.word(t));
        if last.is_some_and(|last| (between.start..last).any(closed)) {
            return true;
        }
        // A conjunction parts the last two items: "geen weglopen, blowen of contact met onbekende mannen".
        let clause = view.clause(target.start);
        let alternatives = &self.lexicon.boundaries.alternatives;
        let parts = |t: usize| alternatives.contains(view.word(t));
        let start = (clause.start..=target.start)
            .rev()
            .find(|t| comma(*t) || parts(*t))
            .unwrap_or(clause.start);
        let end = (target.start + 1..clause.end)
            .find(|t| comma(*t) || *t >= target.end && parts(*t))
            .unwrap_or(clause.end);
        end - start > ITEM + usize::from(parts(start))
    }

    /// Whether signals spell the cue: all of it, or a word that would be a cue of the same value by itself. So "niet" of "niet
    /// thuisgekomen" is none, but "geen aanwijzingen voor" is one although a signal spells "aanwijzingen".
    fn is_spelled(&self, rule: &Rule, hit: &CueHit, spelled: &[u32], cues: &SentenceCues) -> bool {
        let taken = |t: &u32| spelled.contains(t) || self.protected.contains(t);
        if hit.spelled.iter().all(taken) {
            return true;
        }
        let same = |n: usize| {
            let other = self.lexicon.rules.get(n);
            other.is_some_and(|o| o.property == rule.property && o.value == rule.value)
        };
        hit.spelled
            .iter()
            .filter(|t| taken(t))
            .any(|t| cues.alone.iter().any(|(n, word)| word == t && same(*n)))
    }

    /// Whether a cue stands in the sentence that may reach another one.
    fn has_far_cue(&self, number: u32) -> bool {
        if let Some(known) = self.far.borrow().get(&number) {
            return *known;
        }
        let mut has = false;
        (self.detector.far_cues).find(&self.machine, number, |_, _| has = true);
        self.far.borrow_mut().insert(number, has);
        has
    }

    fn sentence(&self, number: u32) -> Rc<SentenceCues> {
        if let Some(cues) = self.sentences.borrow().get(&number) {
            return Rc::clone(cues);
        }
        let cues = Rc::new(self.read_sentence(number));
        self.sentences.borrow_mut().insert(number, Rc::clone(&cues));
        cues
    }

    fn read_sentence(&self, number: u32) -> SentenceCues {
        let view = self.machine.words.view;
        let Some(sentence) = view.sentences.get(number as usize) else {
            return SentenceCues::default();
        };
        let range = sentence.tokens.clone();
        let mut hits: Vec<CueHit> = Vec::new();
        (self.detector.cues).find(&self.machine, number, |pattern, found| {
            for rule in self.detector.rules_of.get(&pattern).into_iter().flatten() {
                hits.push(CueHit {
                    rule: *rule,
                    tokens: found.tokens.clone(),
                    spelled: found.spelled.clone(),
                });
            }
        });
        let alone = hits
            .iter()
            .filter_map(|h| match h.spelled.as_slice() {
                [word] => Some((h.rule, *word)),
                _ => None,
            })
            .collect();
        let rule = |hit: &CueHit| self.lexicon.rules.get(hit.rule);
        // A cue that does not count beside another takes nothing away either.
        hits.retain(|hit| {
            rule(hit).is_some_and(|r| {
                !(r.unless.iter())
                    .filter_map(|p| self.lexicon.set.patterns.get(*p as usize))
                    .any(|p| self.machine.occurs(p, range.clone(), &[]))
            })
        });
        // A longer cue takes its words away from shorter ones of the same property that say something else; pseudo-triggers are cues
        // without a value, and win over others of their length.
        let takes = |b: &CueHit, a: &CueHit| {
            let (Some(of_b), Some(of_a)) = (rule(b), rule(a)) else {
                return false;
            };
            let pseudo = of_b.value.is_empty() && !of_a.value.is_empty();
            of_a.property == of_b.property
                && of_a.value != of_b.value
                && (b.spelled.len() > a.spelled.len()
                    || pseudo && b.spelled.len() == a.spelled.len())
                && a.spelled.iter().any(|t| b.spelled.contains(t))
        };
        let taken: Vec<bool> = (hits.iter())
            .map(|a| hits.iter().any(|b| takes(b, a)))
            .collect();
        let mut taken = taken.into_iter();
        hits.retain(|_| !taken.next().unwrap_or(false));
        hits.retain(|hit| rule(hit).is_some_and(|r| !r.value.is_empty()));
        let mut ends = Vec::new();
        (self.detector.terminators).find(&self.machine, number, |pattern, found| {
            for end_of in self.detector.ends.get(&pattern).into_iter().flatten() {
                let mut tokens = found.tokens.clone();
                if matches!(end_of, EndOf::Turn(_)) {
                    tokens.start = tokens.start.max(tokens.end.saturating_sub(2));
                }
                ends.push((*end_of, tokens));
            }
        });
        SentenceCues { hits, alone, ends }
    }

    /// Genre of the document or paragraph.
    fn general(&self, token: usize, verdict: &mut Verdict<'a>) {
        if let Some((rule, at)) = self.genre.generic(token) {
            let claim = Claim {
                property: Property::Generic,
                value: "yes",
                kind: "genre",
                rule: Cow::Borrowed(rule),
                at,
            };
            verdict.offer(GENRE_PRIORITY, 0, claim);
        }
    }
}

/// Whole documents come before cues.
const GENRE_PRIORITY: i32 = 100;
/// What is ticked or answered decides over words around it.
const FORM_PRIORITY: i32 = 50;

/// Most sentences that a cue reaches on from where it stands.
const CARRIED: u32 = 6;

/// Longest item of a list, in words.
const ITEM: usize = 5;

/// Whether a comma or another mark stands between a cue and the signal.
fn crosses_comma(view: &View, between: &Range<usize>, target: &Range<usize>) -> bool {
    let hard = |t: usize| view.tokens.get(t).is_some_and(|t| t.has(HARD));
    if between.end <= target.start {
        (between.start..=target.start).any(hard)
    } else {
        (between.start..=between.end).any(hard)
    }
}
