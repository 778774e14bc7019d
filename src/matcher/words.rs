//! Word numbers of a text and what follows from them: everything is looked up once.

use std::cell::{Ref, RefCell};
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::lexicon::pattern::{PatternSet, UNKNOWN, WordId};
use crate::lexicon::starts::Starts;
use crate::lexicon::wants::{Feasible, Link, Present, Wants};
use crate::text::{JOIN, View};

/// Word numbers of one text.
#[derive(Debug)]
pub struct TextWords<'a> {
    /// The text.
    pub view: &'a View,
    ids: Vec<WordId>,
    /// Words made of this and the next one, where a line-end hyphen stands between them or a word is torn.
    joined: FxHashMap<u32, WordId>,
    /// Words one edit away from a lexicon word.
    near: FxHashMap<u32, WordId>,
    /// What patterns need and the sentence looked at last has.
    wants: &'a Wants,
    present: RefCell<(u32, Present)>,
}

impl<'a> TextWords<'a> {
    /// Looks up all words of `view`.
    #[must_use]
    pub fn new(view: &'a View, set: &'a PatternSet) -> Self {
        let mut words = Self {
            view,
            ids: Vec::with_capacity(view.tokens.len()),
            joined: FxHashMap::default(),
            near: FxHashMap::default(),
            wants: &set.wants,
            present: RefCell::new((u32::MAX, Present::default())),
        };
        for (n, token) in view.tokens.iter().enumerate() {
            let id = set.id(view.word(n));
            words.ids.push(id);
            if token.has(JOIN)
                && let Some(before) = n.checked_sub(1)
            {
                let id = set.id(&format!("{}{}", view.word(before), view.word(n)));
                if id != UNKNOWN {
                    words.joined.insert(before as u32, id);
                }
            }
        }
        words
    }

    /// Notes that the word `token` is probably a misspelt `word`.
    pub fn set_near(&mut self, token: usize, word: WordId) {
        self.near.insert(token as u32, word);
        // What was read of its sentence no longer holds.
        self.present.get_mut().0 = u32::MAX;
    }

    /// Notes that `token` and the next word are probably one `word`, torn in two.
    pub fn set_joined(&mut self, token: usize, word: WordId) {
        self.joined.insert(token as u32, word);
        self.present.get_mut().0 = u32::MAX;
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
        self.ids.get(token).copied().unwrap_or(UNKNOWN)
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
        Ref::map(self.present.borrow(), |p| &p.1)
    }

    /// Where in the sentence that holds `token` a program with this chain may begin, one bit a word from the sentence's first.
    #[must_use]
    #[inline]
    pub fn feasible(&self, chain: &[Link], sentence: u32) -> Feasible {
        self.look_at(sentence);
        self.wants.feasible(&mut self.present.borrow_mut().1, chain)
    }

    fn look_at(&self, number: u32) {
        let mut guard = self.present.borrow_mut();
        let (current, present) = &mut *guard;
        if *current == number {
            return;
        }
        *current = number;
        let Some(sentence) = self.view.sentences.get(number as usize) else {
            self.wants.clear(present, 0);
            return;
        };
        let range = sentence.tokens.clone();
        self.wants.clear(present, range.len());
        for (place, n) in range.enumerate() {
            self.wants
                .add(present, place, self.id(n), self.view.word(n));
            if let Some(near) = self.near(n) {
                self.wants.add(present, place, near, "");
            }
            // A word broken at a line end counts whole too, where its first half stands.
            if place > 0 {
                let whole = self.joined(n - 1);
                if whole.is_some() || self.view.tokens.get(n).is_some_and(|t| t.has(JOIN)) {
                    let joined = format!("{}{}", self.view.word(n - 1), self.view.word(n));
                    let id = whole.unwrap_or(UNKNOWN);
                    self.wants.add(present, place - 1, id, &joined);
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
    pub fn may_start(&self, starts: &Starts, token: usize) -> bool {
        let has = |word| starts.words.contains(word);
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
    pub fn next_start(&self, starts: &Starts, mut range: Range<usize>) -> Option<usize> {
        if starts.any || starts.flags != 0 || !self.is_plain() {
            return range.find(|t| self.may_start(starts, *t));
        }
        let ids = self.ids.get(range.clone())?;
        let found = ids.iter().position(|id| starts.words.contains(*id))?;
        Some(range.start + found)
    }
}
