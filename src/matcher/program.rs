//! Finds where a compiled pattern matches in a text.

use std::ops::Range;

use smallvec::SmallVec;

use super::recognise::Clock;
use super::words::TextWords;
use crate::lexicon::pattern::{Compiled, PatternSet, Program};
use crate::lexicon::present::{Feasible, PLACES};

/// Most words between neighbouring parts of an `&` pattern.
const NEIGHBOURS: usize = 10;

/// Words that a pattern spells; few, so they need no memory of their own.
pub type Spelled = SmallVec<[u32; 8]>;

/// A place where a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// From the first to the last spelled word.
    pub tokens: Range<usize>,
    /// The words that the pattern spells, in order of matching.
    pub spelled: Spelled,
    /// A word was one edit off.
    pub approximate: bool,
}

/// A text, the patterns, and what recognisers may know.
#[derive(Clone, Copy, Debug)]
pub struct Machine<'a> {
    /// The patterns.
    pub set: &'a PatternSet,
    /// The text.
    pub words: &'a TextWords<'a>,
    /// The document's date.
    pub clock: Clock,
    /// Gaps may be three times as long and cross clause borders: shows what came near, never what matches.
    pub relaxed: bool,
}

impl<'a> Machine<'a> {
    /// For a text, with the patterns that its words were looked up for.
    #[must_use]
    pub const fn new(words: &'a TextWords<'a>, clock: Clock) -> Self {
        Self {
            set: words.set(),
            words,
            clock,
            relaxed: false,
        }
    }

    /// All matches of the pattern inside `range`, which lies in one sentence; at most one for each first word.
    pub fn find_all(&self, pattern: &Compiled, range: Range<usize>, out: &mut Vec<Found>) {
        match pattern.parts.as_slice() {
            [program] => self.find_program(program, range, pattern.fuzzy, out),
            parts => {
                let mut start = range.start;
                while start < range.end {
                    let clause = self.words.view.clause(start);
                    let clause = clause.start.max(range.start)..clause.end.min(range.end);
                    self.find_parts(parts, clause.clone(), pattern.fuzzy, out);
                    start = clause.end.max(start + 1);
                }
            }
        }
    }

    /// Whether the pattern matches somewhere inside `range` without touching a word of `taken`.
    #[must_use]
    pub fn occurs(&self, pattern: &Compiled, range: Range<usize>, taken: &[u32]) -> bool {
        let free = |f: &Found| f.spelled.iter().all(|t| !taken.contains(t));
        let mut found = Vec::new();
        let mut start = range.start;
        // No match crosses the end of a sentence.
        while start < range.end && start < self.words.view.tokens.len() {
            let sentence = self.words.view.sentence(start);
            let part = start..sentence.end.min(range.end);
            start = sentence.end.max(start + 1);
            self.find_all(pattern, part, &mut found);
            if found.drain(..).any(|f| free(&f)) {
                return true;
            }
        }
        false
    }

    /// Whether the pattern matches at the first word of `range`.
    #[must_use]
    pub fn begins(&self, pattern: &Compiled, range: Range<usize>) -> bool {
        let [program] = pattern.parts.as_slice() else {
            return false;
        };
        self.words.may_start(program.starts, range.start)
            && self
                .at(program, range.start, range.clone(), pattern.fuzzy)
                .is_some_and(|f| f.tokens.start == range.start)
    }

    /// Matches of one program that begin in `range`, which lies in one sentence.
    fn find_program(
        &self,
        program: &Program,
        range: Range<usize>,
        fuzzy: bool,
        out: &mut Vec<Found>,
    ) {
        let Some(token) = self.words.view.tokens.get(range.start) else {
            return;
        };
        let feasible = if self.relaxed {
            Feasible::Anywhere
        } else {
            self.words.feasible(&program.chain, token.sentence)
        };
        match feasible {
            Feasible::Nowhere => {}
            Feasible::At(places) => {
                let base = self.words.view.sentence(range.start).start;
                let mut places = places >> (range.start - base).min(PLACES - 1);
                if range.start - base >= PLACES {
                    places = 0;
                }
                while places != 0 {
                    let start = range.start + places.trailing_zeros() as usize;
                    places &= places - 1;
                    if start >= range.end {
                        break;
                    }
                    if self.words.may_start(program.starts, start) {
                        self.found_at(program, start, range.clone(), fuzzy, out);
                    }
                }
            }
            Feasible::Anywhere => {
                let mut starts = range.clone();
                while let Some(start) = self.words.next_start(program.starts, starts.clone()) {
                    starts.start = start + 1;
                    self.found_at(program, start, range.clone(), fuzzy, out);
                }
            }
        }
    }

    fn found_at(
        &self,
        program: &Program,
        start: usize,
        limit: Range<usize>,
        fuzzy: bool,
        out: &mut Vec<Found>,
    ) {
        let Some(found) = self.at(program, start, limit, fuzzy) else {
            return;
        };
        // The same end found from a later start is the tighter reading.
        if let Some(last) = out.last_mut().filter(|l| {
            l.tokens.end == found.tokens.end && l.spelled.last() == found.spelled.last()
        }) && last.spelled.len() <= found.spelled.len()
            && last.tokens.start < found.tokens.start
        {
            *last = found;
        } else {
            out.push(found);
        }
    }

    fn find_parts(
        &self,
        parts: &[Program],
        clause: Range<usize>,
        fuzzy: bool,
        out: &mut Vec<Found>,
    ) {
        let mut lists: Vec<Vec<Found>> = Vec::with_capacity(parts.len());
        for part in parts {
            let mut list = Vec::new();
            self.find_program(part, clause.clone(), fuzzy, &mut list);
            if list.is_empty() {
                return;
            }
            lists.push(list);
        }
        let Some((first, others)) = lists.split_first() else {
            return;
        };
        'anchor: for anchor in first {
            let mut whole = anchor.clone();
            for list in others {
                let nearest = list
                    .iter()
                    .filter(|f| f.spelled.iter().all(|t| !whole.spelled.contains(t)))
                    .map(|f| (distance(&whole.tokens, &f.tokens), f))
                    .min_by_key(|(d, _)| *d);
                let Some((d, other)) = nearest else {
                    continue 'anchor;
                };
                if d > NEIGHBOURS {
                    continue 'anchor;
                }
                whole.tokens = whole.tokens.start.min(other.tokens.start)
                    ..whole.tokens.end.max(other.tokens.end);
                whole.spelled.extend_from_slice(&other.spelled);
                whole.approximate |= other.approximate;
            }
            whole.spelled.sort_unstable();
            out.push(whole);
        }
    }
}

fn distance(a: &Range<usize>, b: &Range<usize>) -> usize {
    if b.start >= a.end {
        b.start - a.end
    } else {
        a.start.saturating_sub(b.end)
    }
}
