//! Word numbers of a text and what follows from them: everything is looked up once.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::lexicon::compile::{PatternSet, UNKNOWN, WordId};
use crate::lexicon::index::{Signature, Starts};
use crate::text::{JOIN, View};

/// Word numbers of one text.
#[derive(Debug)]
pub struct TextWords<'a> {
    /// The text.
    pub view: &'a View,
    ids: Vec<WordId>,
    /// Words made of this and the next one, where a line-end hyphen stands between them.
    joined: FxHashMap<u32, WordId>,
    /// Words one edit away from a lexicon word.
    near: FxHashMap<u32, WordId>,
    /// Words of each sentence.
    signatures: Vec<Signature>,
}

impl<'a> TextWords<'a> {
    /// Looks up all words of `view`.
    #[must_use]
    pub fn new(view: &'a View, set: &PatternSet) -> Self {
        let mut words = Self {
            view,
            ids: Vec::with_capacity(view.tokens.len()),
            joined: FxHashMap::default(),
            near: FxHashMap::default(),
            signatures: vec![Signature::EMPTY; view.sentences.len()],
        };
        for (n, token) in view.tokens.iter().enumerate() {
            let id = set.id(view.word(n));
            words.ids.push(id);
            words.sign(n, id);
            if token.has(JOIN)
                && let Some(before) = n.checked_sub(1)
            {
                let id = set.id(&format!("{}{}", view.word(before), view.word(n)));
                if id != UNKNOWN {
                    words.joined.insert(before as u32, id);
                    words.sign(before, id);
                }
            }
        }
        words
    }

    fn sign(&mut self, token: usize, word: WordId) {
        let sentence = self.view.tokens.get(token).map_or(0, |t| t.sentence);
        if let Some(signature) = self.signatures.get_mut(sentence as usize) {
            signature.add(word);
        }
    }

    /// Notes that the word `token` is probably a misspelt `word`.
    pub fn set_near(&mut self, token: usize, word: WordId) {
        self.near.insert(token as u32, word);
        self.sign(token, word);
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

    /// Number of the word made of `token` and the next one, where a line-end hyphen stands between them.
    #[must_use]
    #[inline]
    pub fn joined(&self, token: usize) -> Option<WordId> {
        if self.joined.is_empty() {
            None
        } else {
            self.joined.get(&(token as u32)).copied()
        }
    }

    /// The words of a sentence.
    #[must_use]
    pub fn signature(&self, sentence: u32) -> Signature {
        self.signatures
            .get(sentence as usize)
            .copied()
            .unwrap_or_default()
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
