//! Word numbers of a text and what follows from them: everything is looked up once.

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::index::Room;
use super::memo::{Memo, Reading};
use crate::lexicon::pattern::{PatternSet, UNKNOWN, WordId};
use crate::lexicon::present::{Feasible, Link, Present};
use crate::lexicon::starts::{Starts, WordSet};
use crate::text::{JOIN, View};

/// Word numbers of one text.
#[derive(Debug)]
pub struct TextWords<'a> {
    /// The text.
    pub view: &'a View,
    /// Words made of this and the next one, where a line-end hyphen stands between them or a word is torn.
    joined: FxHashMap<u32, WordId>,
    /// Words one edit away from a lexicon word.
    near: FxHashMap<u32, WordId>,
    set: &'a PatternSet,
    scratch: Scratch,
    work: Cell<Work>,
}

/// How much was done for a text, in steps that each take bounded time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Work {
    /// Words whose sets were looked up, in each sentence that was looked at.
    pub words: u64,
    /// Patterns that a word led to.
    pub entries: u64,
    /// Patterns that were tried.
    pub tried: u64,
    /// Steps of programs.
    pub steps: u64,
}

impl Work {
    /// All of it.
    #[must_use]
    pub const fn total(self) -> u64 {
        self.words + self.entries + self.tried + self.steps
    }
}

/// Room that a text needs and the next one uses again.
#[derive(Debug, Default)]
struct Scratch {
    /// Numbers of the words for patterns.
    ids: Vec<WordId>,
    /// Numbers of the words in the memo.
    numbers: Vec<u32>,
    memo: Memo,
    /// What patterns need and this sentence has.
    present: RefCell<(u32, Present)>,
    room: RefCell<Room>,
}

thread_local! {
    /// Rooms that no text uses.
    static FREE: RefCell<Vec<Scratch>> = const { RefCell::new(Vec::new()) };
}

impl Drop for TextWords<'_> {
    fn drop(&mut self) {
        let scratch = std::mem::take(&mut self.scratch);
        // At the end of a thread there is nowhere to keep it.
        let _ = FREE.try_with(|free| free.borrow_mut().push(scratch));
    }
}

impl<'a> TextWords<'a> {
    /// Looks up all words of `view`.
    #[must_use]
    pub fn new(view: &'a View, set: &'a PatternSet) -> Self {
        let mut scratch = FREE.with_borrow_mut(Vec::pop).unwrap_or_default();
        scratch.present.get_mut().0 = u32::MAX;
        scratch.memo.begin(set);
        scratch.ids.clear();
        scratch.numbers.clear();
        let mut joined = FxHashMap::default();
        for (n, token) in view.tokens.iter().enumerate() {
            let number = scratch.memo.number(view.word(n), set);
            scratch.numbers.push(number);
            scratch.ids.push(scratch.memo.get(number).id);
            if token.has(JOIN)
                && let Some(before) = n.checked_sub(1)
            {
                let id = set.id(&format!("{}{}", view.word(before), view.word(n)));
                if id != UNKNOWN {
                    joined.insert(before as u32, id);
                }
            }
        }
        Self {
            view,
            joined,
            near: FxHashMap::default(),
            set,
            scratch,
            work: Cell::default(),
        }
    }

    /// The patterns that the words were looked up for.
    #[must_use]
    pub const fn set(&self) -> &'a PatternSet {
        self.set
    }

    /// What was done for this text so far.
    #[must_use]
    pub const fn work(&self) -> Work {
        self.work.get()
    }

    pub(super) fn worked(&self, more: Work) {
        let work = self.work.get();
        self.work.set(Work {
            words: work.words + more.words,
            entries: work.entries + more.entries,
            tried: work.tried + more.tried,
            steps: work.steps + more.steps,
        });
    }

    /// Readings are those of these fuzzy words.
    pub(super) fn read_by(&mut self, reader: u64) {
        self.scratch.memo.read_by(reader);
    }

    /// How a word that no pattern has may be read; `work_out` is asked about each word once.
    pub(super) fn reading(
        &mut self,
        token: usize,
        work_out: impl FnOnce(&str) -> Reading,
    ) -> Reading {
        let view = self.view;
        let Some(number) = self.scratch.numbers.get(token) else {
            return Reading::default();
        };
        (self.scratch.memo).reading(*number, || work_out(view.word(token)))
    }

    /// Notes that the word `token` is probably a misspelt `word`.
    pub fn set_near(&mut self, token: usize, word: WordId) {
        self.near.insert(token as u32, word);
        // What was read of its sentence no longer holds.
        self.scratch.present.get_mut().0 = u32::MAX;
    }

    /// Notes that `token` and the next word are probably one `word`, torn in two.
    pub fn set_joined(&mut self, token: usize, word: WordId) {
        self.joined.insert(token as u32, word);
        self.scratch.present.get_mut().0 = u32::MAX;
    }

    /// The lexicon word that `token` is probably a misspelling of.
    #[must_use]
    #[inline]
    pub fn near(&self, token: usize) -> Option<WordId> {
        if self.near.is_empty() {
            None
        } else {
            self.near.get(&(token as u32)).copied()
        }
    }

    /// Number of the word; [`UNKNOWN`] when no pattern has it.
    #[must_use]
    #[inline]
    pub fn id(&self, token: usize) -> WordId {
        self.scratch.ids.get(token).copied().unwrap_or(UNKNOWN)
    }

    /// Number of the word made of `token` and the next one, where a line-end hyphen stands between them or a word is torn.
    #[must_use]
    #[inline]
    pub fn joined(&self, token: usize) -> Option<WordId> {
        if self.joined.is_empty() {
            None
        } else {
            self.joined.get(&(token as u32)).copied()
        }
    }

    /// Which sets of words that patterns need stand in the sentence.
    pub fn present(&self, sentence: u32) -> Ref<'_, Present> {
        self.look_at(sentence);
        Ref::map(self.scratch.present.borrow(), |p| &p.1)
    }

    pub(super) fn room(&self) -> RefMut<'_, Room> {
        self.scratch.room.borrow_mut()
    }

    /// Where in the sentence that holds `token` a program with this chain may begin, one bit a word from the sentence's first.
    #[must_use]
    #[inline]
    pub fn feasible(&self, chain: &[Link], sentence: u32) -> Feasible {
        self.look_at(sentence);
        self.set
            .wants
            .feasible(&self.scratch.present.borrow().1, chain)
    }

    fn look_at(&self, number: u32) {
        let mut guard = self.scratch.present.borrow_mut();
        let (current, present) = &mut *guard;
        if *current == number {
            return;
        }
        *current = number;
        let wants = &self.set.wants;
        let Some(sentence) = self.view.sentences.get(number as usize) else {
            wants.clear(present, 0);
            return;
        };
        let range = sentence.tokens.clone();
        self.worked(Work {
            words: range.len() as u64,
            ..Work::default()
        });
        wants.clear(present, range.len());
        let memo = &self.scratch.memo;
        for (place, n) in range.enumerate() {
            let known = memo.get(self.scratch.numbers.get(n).copied().unwrap_or(u32::MAX));
            if known.id == UNKNOWN {
                wants.add_compound(present, place, memo.compounds(known));
            } else {
                wants.add(present, place, known.id);
            }
            if let Some(near) = self.near(n) {
                wants.add(present, place, near);
            }
            // A word broken at a line end counts whole too, where its first half stands.
            if place > 0 {
                let whole = self.joined(n - 1);
                if let Some(id) = whole {
                    wants.add(present, place - 1, id);
                } else if self.view.tokens.get(n).is_some_and(|t| t.has(JOIN)) {
                    let joined = format!("{}{}", self.view.word(n - 1), self.view.word(n));
                    let mut compounds = Vec::new();
                    wants.parts_of(&joined, |want| compounds.push(want));
                    wants.add_compound(present, place - 1, &compounds);
                }
            }
        }
    }

    /// Whether every word stands for itself: none is broken over lines or misspelt.
    #[must_use]
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.joined.is_empty() && self.near.is_empty()
    }

    /// Whether a program may begin at `token`; `false` is certain.
    #[must_use]
    #[inline]
    pub fn may_start(&self, starts: Starts, token: usize) -> bool {
        self.may_start_with(self.set.word_set(starts.words), starts, token)
    }

    /// The same for words that are no set of the lexicon.
    #[must_use]
    pub(super) fn may_start_with(&self, words: &WordSet, starts: Starts, token: usize) -> bool {
        let has = |word| words.contains(word);
        starts.any
            || has(self.id(token))
            || starts.flags != 0
                && self
                    .view
                    .tokens
                    .get(token)
                    .is_some_and(|t| t.flags & starts.flags != 0)
            || self.joined(token).is_some_and(has)
            || self.near(token).is_some_and(has)
    }

    /// The first word of `range` at which a program may begin.
    #[must_use]
    #[inline]
    pub fn next_start(&self, starts: Starts, mut range: Range<usize>) -> Option<usize> {
        if starts.any || starts.flags != 0 || !self.is_plain() {
            return range.find(|t| self.may_start(starts, *t));
        }
        let ids = self.scratch.ids.get(range.clone())?;
        let words = self.set.word_set(starts.words);
        let found = ids.iter().position(|id| words.contains(*id))?;
        Some(range.start + found)
    }
}
