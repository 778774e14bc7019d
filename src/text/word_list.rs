//! A short list of words that is asked about every word of a text.

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

/// A set of words; most words that are not in it are told by their first letter and length.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<String>", into = "Vec<String>")]
pub struct WordList {
    words: FxHashSet<String>,
    /// By the last five bits of the first byte: one bit a length, the last one for longer ones.
    lengths: [u32; 32],
}

impl WordList {
    fn shape(word: &str) -> Option<(usize, u32)> {
        let first = word.as_bytes().first()?;
        Some((usize::from(first & 31), 1 << word.len().min(31)))
    }

    /// Adds a word.
    pub fn insert(&mut self, word: String) {
        if let Some((row, bit)) = Self::shape(&word) {
            self.lengths[row] |= bit;
            self.words.insert(word);
        }
    }

    /// Whether the word is in the list.
    #[must_use]
    #[inline]
    pub fn contains(&self, word: &str) -> bool {
        Self::shape(word).is_some_and(|(row, bit)| self.lengths[row] & bit != 0)
            && self.words.contains(word)
    }

    /// All words, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &String> {
        self.words.iter()
    }
}

impl From<Vec<String>> for WordList {
    fn from(words: Vec<String>) -> Self {
        words.into_iter().collect()
    }
}

impl From<WordList> for Vec<String> {
    fn from(list: WordList) -> Self {
        let mut words: Self = list.words.into_iter().collect();
        words.sort_unstable();
        words
    }
}

impl FromIterator<String> for WordList {
    fn from_iter<T: IntoIterator<Item = String>>(words: T) -> Self {
        let mut list = Self::default();
        words.into_iter().for_each(|w| list.insert(w));
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_holds_its_words_and_no_others() {
        let words = ["u", "omdat", "éérst", &"lang".repeat(20)];
        let list: WordList = words.iter().map(|w| (*w).to_owned()).collect();
        assert!(words.iter().all(|w| list.contains(w)));
        assert!(
            ["", "o", "opdat", "omda", "omdats"]
                .iter()
                .all(|w| !list.contains(w))
        );
        assert_eq!(list.iter().count(), words.len());
    }
}
