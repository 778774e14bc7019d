//! Word numbers of a text, looked up sentence by sentence and only where something was found.

use std::cell::RefCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::lexicon::compile::{PatternSet, UNKNOWN, WordId};
use crate::text::{JOIN, View};

const NOT_LOOKED_UP: WordId = WordId::MAX;

/// Word numbers of one text.
#[derive(Debug)]
pub struct TextWords<'a> {
    /// The text.
    pub view: &'a View,
    set: &'a PatternSet,
    ids: RefCell<Vec<WordId>>,
    /// Words one edit away from a lexicon word, by token.
    near: FxHashMap<u32, WordId>,
}

impl<'a> TextWords<'a> {
    /// Starts with nothing looked up.
    #[must_use]
    pub fn new(view: &'a View, set: &'a PatternSet) -> Self {
        Self {
            view,
            set,
            ids: RefCell::new(vec![NOT_LOOKED_UP; view.tokens.len()]),
            near: FxHashMap::default(),
        }
    }

    /// Notes that the word `token` is probably a misspelt `word`.
    pub fn set_near(&mut self, token: usize, word: WordId) {
        self.near.insert(token as u32, word);
    }

    /// The lexicon word that `token` is probably a misspelling of.
    #[must_use]
    pub fn near(&self, token: usize) -> Option<WordId> {
        if self.near.is_empty() {
            None
        } else {
            self.near.get(&(token as u32)).copied()
        }
    }

    /// Number of the word; [`UNKNOWN`] when no pattern has it.
    #[must_use]
    pub fn id(&self, token: usize) -> WordId {
        let mut ids = self.ids.borrow_mut();
        match ids.get_mut(token) {
            Some(id) => {
                if *id == NOT_LOOKED_UP {
                    *id = self.set.id(self.view.word(token));
                }
                *id
            }
            None => UNKNOWN,
        }
    }

    /// Number of the word made of `token` and the next one, where a line-end hyphen stands between them.
    #[must_use]
    pub fn joined(&self, token: usize) -> Option<WordId> {
        let next = self.view.tokens.get(token + 1)?;
        if !next.has(JOIN) {
            return None;
        }
        let id = self.set.id(&format!(
            "{}{}",
            self.view.word(token),
            self.view.word(token + 1)
        ));
        (id != UNKNOWN).then_some(id)
    }

    /// Whether one of the words of `range` has this number.
    #[must_use]
    pub fn contains(&self, range: Range<usize>, word: WordId) -> bool {
        range.into_iter().any(|t| self.id(t) == word)
    }
}
