//! Which patterns to try in a sentence: those whose rarest words stand in it.

use rustc_hash::FxHashSet;

use super::{Found, Machine};
use crate::lexicon::pattern::ALSO;
use crate::lexicon::{Lexicon, PatternId};

/// Patterns by the set of words that each needs and that is rarest.
#[derive(Debug, Default)]
pub struct PatternIndex {
    /// Patterns by number of the set, each with other sets that it needs, so that most are passed over unopened.
    entries: Vec<(PatternId, [u32; ALSO])>,
    /// Where the entries of each set begin; one more than there are sets.
    starts: Vec<u32>,
    /// One bit a set: it has entries.
    mask: Vec<u64>,
    /// Patterns without fixed words.
    loose: Vec<PatternId>,
}

impl PatternIndex {
    /// Indexes these patterns.
    #[must_use]
    pub fn new(lexicon: &Lexicon, patterns: impl Iterator<Item = PatternId>) -> Self {
        let mut index = Self::default();
        let mut seen = FxHashSet::default();
        let mut by_want: Vec<Vec<(PatternId, [u32; ALSO])>> = Vec::new();
        for id in patterns.filter(|p| seen.insert(*p)) {
            let Some(pattern) = lexicon.set.patterns.get(id as usize) else {
                continue;
            };
            match pattern.found_by {
                Some(want) => {
                    let want = want as usize;
                    if by_want.len() <= want {
                        by_want.resize(want + 1, Vec::new());
                    }
                    if let Some(list) = by_want.get_mut(want) {
                        list.push((id, pattern.also));
                    }
                }
                None => index.loose.push(id),
            }
        }
        index.starts.push(0);
        index.mask.resize(by_want.len().div_ceil(64), 0);
        for (want, list) in by_want.into_iter().enumerate() {
            index.mask[want / 64] |= u64::from(!list.is_empty()) << (want % 64);
            index.entries.extend(list);
            index.starts.push(index.entries.len() as u32);
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
        let wants = &machine.set.wants;
        let present = machine.words.present(sentence);
        present.each_of(&self.mask, |want| {
            let want = want as usize;
            let (Some(start), Some(end)) = (self.starts.get(want), self.starts.get(want + 1))
            else {
                return;
            };
            let entries = self.entries.get(*start as usize..*end as usize);
            for (id, also) in entries.unwrap_or_default() {
                if also.iter().all(|want| wants.has(&present, *want)) {
                    tried.push(*id);
                }
            }
        });
        drop(present);
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
