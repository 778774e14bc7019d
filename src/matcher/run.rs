//! One attempt of a program at a place: backtracking over its steps.

use std::ops::Range;

use super::program::{Found, Machine, Spelled};
use super::recognise::recognise;
use super::words::Work;
use crate::lexicon::pattern::{Affix, PARTICLE_REACH, PatternSet, Program, Step, WordId};
use crate::text::{
    CLAUSE, HARD, HYPHEN, JOIN, QUOTE_AFTER, QUOTE_BEFORE, SENTENCE, TICKED, UNTICKED,
};

/// Most steps for one attempt; far above what patterns of the lexicon need.
const BUDGET: u32 = 20_000;

/// A place in a program, and where to go on when it is done.
#[derive(Clone, Copy)]
struct Code<'c> {
    steps: &'c [Step],
    pc: usize,
    back: Option<&'c Code<'c>>,
}

impl<'c> Code<'c> {
    const fn to(&self, pc: usize) -> Code<'c> {
        Code { pc, ..*self }
    }

    const fn next(&self) -> Code<'c> {
        self.to(self.pc + 1)
    }
}

struct Run<'a> {
    machine: Machine<'a>,
    limit: Range<usize>,
    fuzzy: bool,
    spelled: Spelled,
    near: usize,
    budget: u32,
}

impl Machine<'_> {
    /// Runs a program at word `start`; it may look no further than `limit`.
    pub(super) fn at(
        &self,
        program: &Program,
        start: usize,
        limit: Range<usize>,
        fuzzy: bool,
    ) -> Option<Found> {
        let mut run = Run {
            machine: *self,
            limit,
            fuzzy,
            spelled: Spelled::new(),
            near: 0,
            budget: BUDGET,
        };
        let code = Code {
            steps: &program.steps,
            pc: 0,
            back: None,
        };
        let matches = run.step(code, start, false);
        self.words.worked(Work {
            steps: u64::from(BUDGET - run.budget),
            ..Work::default()
        });
        if !matches {
            return None;
        }
        let first = run.spelled.iter().min().copied()? as usize;
        let last = run.spelled.iter().max().copied()? as usize;
        Some(Found {
            tokens: first..last + 1,
            approximate: run.near > 0,
            spelled: run.spelled,
        })
    }
}

impl<'a> Run<'a> {
    /// Tries to finish from a place in the program at word `at`; `glued`: it must follow the word before directly.
    fn step(&mut self, code: Code<'_>, at: usize, glued: bool) -> bool {
        if self.budget == 0 {
            return false;
        }
        self.budget -= 1;
        let Some(step) = code.steps.get(code.pc).copied() else {
            return false;
        };
        let set: &'a PatternSet = self.machine.set;
        match step {
            Step::Match => code.back.is_none_or(|back| self.step(*back, at, glued)),
            Step::Jump(to) => self.step(code.to(to as usize), at, glued),
            Step::Fork(a, b) => {
                self.step(code.to(a as usize), at, glued)
                    || self.step(code.to(b as usize), at, glued)
            }
            Step::Switch(n) => {
                let word = self.sure(at).then(|| self.machine.words.id(at));
                let targets = set.switches.get(n as usize);
                (targets.map_or(&[][..], |s| s.targets(word)).iter())
                    .any(|to| self.step(code.to(code.pc + *to as usize), at, glued))
            }
            Step::Call(n) => set.subs.get(n as usize).is_some_and(|sub| {
                (sub.starts.empty || self.machine.words.may_start(sub.starts, at)) && {
                    let called = Code {
                        steps: &sub.steps,
                        pc: 0,
                        back: Some(&code.next()),
                    };
                    self.step(called, at, glued)
                }
            }),
            Step::OpenQuote => {
                self.flags(at) & QUOTE_BEFORE != 0 && self.step(code.next(), at, glued)
            }
            Step::CloseQuote => {
                at > 0 && self.flags(at - 1) & QUOTE_AFTER != 0 && self.step(code.next(), at, glued)
            }
            Step::Gap { max, sentence } => self.gap(code, at, usize::from(max), sentence),
            Step::Set(_) | Step::Affix(_) | Step::Split(..) | Step::Recognise(..) => {
                if at >= self.limit.end || glued && self.flags(at) & (HARD | SENTENCE) != 0 {
                    return false;
                }
                match step {
                    Step::Set(set) => self.set(code, at, set),
                    Step::Affix(group) => self.affix(code, at, group),
                    Step::Split(set, particle) => self.split(code, at, set, particle),
                    Step::Recognise(kind, bound) => {
                        let end = self.limit.end.min(self.machine.words.view.sentence(at).end);
                        match recognise(kind, self.machine.words.view, at, end, self.machine.clock)
                        {
                            Some(found) if bound.holds(found.value) => {
                                self.spell(code, at..at + found.words, at + found.words)
                            }
                            _ => false,
                        }
                    }
                    _ => false,
                }
            }
        }
    }

    /// Whether the word stands for itself: it is neither broken nor misspelt.
    fn sure(&self, at: usize) -> bool {
        let words = self.machine.words;
        words.joined(at).is_none() && words.near(at).is_none()
    }

    fn flags(&self, at: usize) -> u16 {
        self.machine
            .words
            .view
            .tokens
            .get(at)
            .map_or(0, |t| t.flags)
    }

    /// Takes the words of `range` as spelled and goes on after it.
    fn spell(&mut self, code: Code<'_>, range: Range<usize>, next: usize) -> bool {
        let before = self.spelled.len();
        self.spelled.extend(range.map(|t| t as u32));
        if self.step(code.next(), next, true) {
            return true;
        }
        self.spelled.truncate(before);
        false
    }

    fn in_set(&self, set: u32, word: WordId) -> bool {
        self.machine.set.word_set(set).contains(word)
    }

    /// Whether a program can go on at word `at`, as far as a look at the word tells; `false` is certain.
    fn may(&self, code: Code<'_>, at: usize) -> bool {
        match code.steps.get(code.pc) {
            Some(Step::Set(set) | Step::Split(set, _)) => {
                !self.sure(at) || self.in_set(*set, self.machine.words.id(at))
            }
            Some(Step::Call(n)) => {
                let sub = self.machine.set.subs.get(*n as usize);
                sub.is_some_and(|s| s.starts.empty || self.machine.words.may_start(s.starts, at))
            }
            Some(Step::Fork(a, b)) => {
                self.may(code.to(*a as usize), at) || self.may(code.to(*b as usize), at)
            }
            Some(_) => true,
            None => false,
        }
    }

    fn set(&mut self, code: Code<'_>, at: usize, set: u32) -> bool {
        if self.in_set(set, self.machine.words.id(at)) && self.spell(code, at..at + 1, at + 1) {
            return true;
        }
        if let Some(joined) = self.machine.words.joined(at)
            && self.in_set(set, joined)
            && at + 1 < self.limit.end
        {
            // Without a hyphen at a line end it is a guess.
            let torn = usize::from(self.flags(at + 1) & JOIN == 0);
            if torn == 0 || self.fuzzy {
                self.near += torn;
                if self.spell(code, at..at + 2, at + 2) {
                    return true;
                }
                self.near -= torn;
            }
        }
        if self.fuzzy
            && let Some(near) = self.machine.words.near(at)
            && self.in_set(set, near)
        {
            self.near += 1;
            if self.spell(code, at..at + 1, at + 1) {
                return true;
            }
            self.near -= 1;
        }
        false
    }

    fn affix(&mut self, code: Code<'_>, at: usize, group: u32) -> bool {
        let view = self.machine.words.view;
        let word = view.word(at);
        let Some(group) = self.machine.set.affixes.get(group as usize) else {
            return false;
        };
        if self.machine.set.compound_stop.contains(word) {
            return false;
        }
        for affix in group {
            if affix_matches(affix, word) {
                // A hyphened neighbour belongs to the compound: "merk-kleding", "loverboy-problematiek".
                let before = affix.before
                    && at > self.limit.start
                    && self.flags(at) & (HYPHEN | JOIN) != 0
                    && word.starts_with(affix.stem.as_str());
                let after = affix.after
                    && at + 1 < self.limit.end
                    && self.flags(at + 1) & (HYPHEN | JOIN) != 0
                    && word.ends_with(affix.stem.as_str());
                let range = at - usize::from(before)..at + 1 + usize::from(after);
                let next = range.end;
                if self.spell(code, range, next) {
                    return true;
                }
            }
        }
        if self.flags(at + 1) & JOIN != 0 && at + 1 < self.limit.end {
            let joined = format!("{word}{}", view.word(at + 1));
            if !self.machine.set.compound_stop.contains(&joined)
                && group.iter().any(|a| affix_matches(a, &joined))
            {
                return self.spell(code, at..at + 2, at + 2);
            }
        }
        false
    }

    fn split(&mut self, code: Code<'_>, at: usize, set: u32, particle: WordId) -> bool {
        let words = self.machine.words;
        if !self.in_set(set, words.id(at)) {
            return false;
        }
        let clause_end = words.view.clause(at).end.min(self.limit.end);
        let end = clause_end.min(at + 1 + PARTICLE_REACH);
        let lexicon = self.machine.set;
        for p in at + 1..end {
            if words.id(p) != particle {
                continue;
            }
            let last = p + 1 >= clause_end || self.flags(p + 1) & HARD != 0;
            let led = p > at + 1 && lexicon.not_before_particle.contains(&words.id(p - 1));
            let follows = last || lexicon.after_particle.contains(&words.id(p + 1));
            if led || lexicon.prepositions.contains(&particle) && !follows {
                continue;
            }
            let before = self.spelled.len();
            self.spelled.push(at as u32);
            self.spelled.push(p as u32);
            // What follows in the pattern may stand between verb and particle, or after both.
            if self.step(code.next(), at + 1, true) || self.step(code.next(), p + 1, true) {
                return true;
            }
            self.spelled.truncate(before);
        }
        false
    }

    fn gap(&mut self, code: Code<'_>, at: usize, max: usize, sentence: bool) -> bool {
        let (max, sentence) = if self.machine.relaxed {
            (max * 3, true)
        } else {
            (max, sentence)
        };
        let border = if sentence {
            SENTENCE | TICKED | UNTICKED
        } else {
            SENTENCE | CLAUSE
        };
        for next in at..=at + max {
            if next >= self.limit.end || self.flags(next) & border != 0 {
                return false;
            }
            // Most gaps end at a word of a set: no step is worth taking before one is there.
            if self.may(code.next(), next) && self.step(code.next(), next, false) {
                return true;
            }
        }
        false
    }
}

fn affix_matches(affix: &Affix, word: &str) -> bool {
    let stem = affix.stem.as_str();
    if word.len() < stem.len() {
        return false;
    }
    match (affix.before, affix.after) {
        (true, true) => word.contains(stem),
        (true, false) => word.ends_with(stem),
        (false, true) => word.starts_with(stem),
        (false, false) => word == stem,
    }
}
