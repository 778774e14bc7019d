//! Which patterns to try in a sentence: those whose rarest words stand in it.

use rustc_hash::FxHashSet;

use super::{Found, Machine};
use crate::lexicon::{Lexicon, PatternId};

/// Patterns by the set of words that each needs and that is rarest.
#[derive(Debug, Default)]
pub struct PatternIndex {
    /// Patterns by number of the set, each with another set that it needs (or the same), so that most are passed over unopened.
    by_want: Vec<Vec<(PatternId, u32)>>,
    /// Patterns without fixed words.
    loose: Vec<PatternId>,
}

impl PatternIndex {
    /// Indexes these patterns.
    #[must_use]
    pub fn new(lexicon: &Lexicon, patterns: impl Iterator<Item = PatternId>) -> Self {
        let mut index = Self::default();
        let mut seen = FxHashSet::default();
        for id in patterns.filter(|p| seen.insert(*p)) {
            let Some(pattern) = lexicon.set.patterns.get(id as usize) else {
                continue;
            };
            match pattern.found_by {
                Some(want) => {
                    let want = want as usize;
                    if index.by_want.len() <= want {
                        index.by_want.resize(want + 1, Vec::new());
                    }
                    if let Some(list) = index.by_want.get_mut(want) {
                        list.push((id, pattern.also.unwrap_or(want as u32)));
                    }
                }
                None => index.loose.push(id),
            }
        }
        index
    }

    /// All matches of the indexed patterns in a sentence, by pattern number.
    pub fn find(
        &self,
        machine: &Machine<'_>,
        sentence: u32,
        mut with: impl FnMut(PatternId, Found),
    ) {
        let Some(range) = machine.words.view.sentences.get(sentence as usize) else {
            return;
        };
        let mut tried: Vec<PatternId> = self.loose.clone();
        machine.words.each_finder(sentence, |want, present| {
            for (id, also) in self.by_want.get(want as usize).into_iter().flatten() {
                if present.has(*also) {
                    tried.push(*id);
                }
            }
        });
        tried.sort_unstable();
        let mut found = Vec::new();
        for id in tried {
            let Some(pattern) = machine.set.patterns.get(id as usize) else {
                continue;
            };
            machine.find_all(pattern, range.tokens.clone(), &mut found);
            found.drain(..).for_each(|f| with(id, f));
        }
    }
}
