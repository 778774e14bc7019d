//! Copies: by what a finding is known again where its text was pasted.
//!
//! Notes are pasted from one document into the next, and what was pasted must not count as a new signal. Two findings are copies when
//! their keys are equal, so "is a copy of" holds between all or none of them, in any order. The key is made of the words around a finding,
//! six before and six behind it, inside its sentence; where that begins or ends nearer, as many more on the other side. A sentence of
//! fewer than twelve words repeats by chance ("Geen bijzonderheden."): then the words of its paragraph count, and where that is as short,
//! those of the paragraphs beside it. A text of fewer than twelve words has no key.
//!
//! The key survives: other line breaks and hyphens at their ends, other commas, capitals and accents, other numbers, dates and times in the
//! place of numbers, any change further away or in another sentence, and, for sentences that are long enough, paragraphs that are joined or
//! parted. It does not survive a word that was changed, added or left out within those twelve words, a date where there was none, or, for
//! short sentences, a border of paragraphs that was set or taken away among them. What a message quotes is known by its sentence alone.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::document::content_id;
use crate::extract::date::MONTH_NAMES;
use crate::text::{DIGIT, HYPHEN, JOIN, PARAGRAPH, SENTENCE, View};

/// Words on each side of a finding.
const SIDE: usize = 6;
/// Fewer words, the finding's own among them, repeat by chance.
const LEAST: usize = 12;
/// Most parts of one word or number: a text that is one long row of them takes no more time.
const PARTS: usize = 8;

/// By what a finding is known in a copy of its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CopyKey {
    /// Hash of the words around it and its own; empty where there are too few.
    #[serde(alias = "paragraph")]
    pub around: String,
    /// Hash of the sentence and the place in it: what a message quotes it says again, however short.
    pub sentence: String,
}

/// How far the words around a finding reach.
#[derive(Clone, Copy)]
enum Border {
    Sentence,
    Paragraph,
    None,
}

/// Makes the keys of the findings of one text.
#[derive(Debug)]
pub struct Copies<'a> {
    view: &'a View,
    /// The sentence that was hashed last, and its hash.
    sentence: Range<usize>,
    hash: String,
}

impl<'a> Copies<'a> {
    /// For findings in the text that `view` shows.
    #[must_use]
    pub const fn new(view: &'a View) -> Self {
        Self {
            view,
            sentence: 0..0,
            hash: String::new(),
        }
    }

    /// The key of the finding of the words `found`.
    #[must_use]
    pub fn key(&mut self, found: &Range<usize>) -> CopyKey {
        self.move_to(found.start);
        let place = found.start - self.sentence.start;
        CopyKey {
            around: self.around(found),
            sentence: format!("{}:{place}+{}", self.hash, found.len()),
        }
    }

    /// Hashes the sentence around a word, unless it was the last one.
    fn move_to(&mut self, token: usize) {
        if self.sentence.contains(&token) {
            return;
        }
        let view = self.view;
        let starts = |t: usize| view.tokens.get(t).is_none_or(|t| t.has(SENTENCE));
        let start = (0..=token).rev().find(|t| starts(*t)).unwrap_or(0);
        let end = (token + 1..view.tokens.len())
            .find(|t| starts(*t))
            .unwrap_or(view.tokens.len());
        let mut words = String::new();
        for t in start..end {
            words.push_str(view.word(t));
            words.push(' ');
        }
        self.sentence = start..end;
        self.hash = content_id(words.as_bytes());
    }

    fn around(&self, found: &Range<usize>) -> String {
        let own = self.after(found.start, found.end, usize::MAX, Border::None);
        let sides = |border| {
            let before = self.before(found.start, 2 * SIDE, border);
            let after = self.after(found.end, self.view.tokens.len(), 2 * SIDE, border);
            (before.len() + own.len() + after.len() >= LEAST).then_some((before, after))
        };
        let borders = [Border::Sentence, Border::Paragraph, Border::None];
        let Some((mut before, mut after)) = borders.into_iter().find_map(sides) else {
            return String::new();
        };
        before.truncate((2 * SIDE).saturating_sub(after.len()).max(SIDE));
        after.truncate((2 * SIDE).saturating_sub(before.len()));
        let mut words = String::new();
        for part in [&before, &own, &after] {
            for word in part {
                words.push_str(word);
                words.push(' ');
            }
            words.push('\n');
        }
        content_id(words.as_bytes())
    }

    /// Whether a word begins what the border bounds. Only a stop tells sentences apart here: line breaks come and go.
    fn begins(&self, t: usize, border: Border) -> bool {
        let paragraph = || self.has(t, PARAGRAPH);
        match border {
            Border::None => false,
            Border::Paragraph => paragraph(),
            Border::Sentence => {
                paragraph() || self.has(t, SENTENCE) && self.view.gap(t).contains(['.', '!', '?'])
            }
        }
    }

    /// At most `most` words before word `start`, the nearest first.
    fn before(&self, start: usize, most: usize, border: Border) -> Vec<String> {
        let mut words = Vec::new();
        let mut t = start;
        while t > 0 && words.len() < most && !self.begins(t, border) {
            let end = t;
            t -= 1;
            while t > 0 && end - t < PARTS && self.joined(t) && !self.begins(t, border) {
                t -= 1;
            }
            words.push(self.word(t..end));
        }
        words
    }

    /// At most `most` words from word `from` to word `to`.
    fn after(&self, from: usize, to: usize, most: usize, border: Border) -> Vec<String> {
        let mut words = Vec::new();
        let mut t = from;
        while t < to && words.len() < most && !self.begins(t, border) {
            let start = t;
            t += 1;
            while t < to && t - start < PARTS && self.joined(t) && !self.begins(t, border) {
                t += 1;
            }
            words.push(self.word(start..t));
        }
        words
    }

    /// Whether a word is one with the word before it: by a hyphen, or as parts of a date or number.
    fn joined(&self, t: usize) -> bool {
        let before = t.checked_sub(1).is_some_and(|b| self.is_number(b));
        if before || self.is_number(t) {
            return before && self.is_number(t);
        }
        self.has(t, HYPHEN) || self.has(t, JOIN)
    }

    /// The words of a range as one; all numbers are alike.
    fn word(&self, range: Range<usize>) -> String {
        if self.is_number(range.start) {
            return "0".to_owned();
        }
        range.map(|t| self.view.word(t)).collect()
    }

    /// Digits, or the name of a month or weekday in a date.
    fn is_number(&self, t: usize) -> bool {
        let digits = |t: usize| self.has(t, DIGIT);
        let word = self.view.word(t);
        digits(t)
            || digits(t + 1) && (is_month(word) || WEEKDAYS.contains(&word))
            || t.checked_sub(1).is_some_and(digits) && is_month(word)
    }

    fn has(&self, t: usize, flag: crate::text::Flags) -> bool {
        self.view.tokens.get(t).is_some_and(|t| t.has(flag))
    }
}

fn is_month(word: &str) -> bool {
    MONTH_NAMES.contains(&word) || SHORT_MONTHS.contains(&word)
}

const SHORT_MONTHS: &[&str] = &[
    "jan", "feb", "mrt", "apr", "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dec",
];
const WEEKDAYS: &[&str] = &[
    "maandag",
    "dinsdag",
    "woensdag",
    "donderdag",
    "vrijdag",
    "zaterdag",
    "zondag",
    "ma",
    "di",
    "wo",
    "do",
    "vr",
    "za",
    "zo",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Boundaries;

    /// The key of the word "weggelopen".
    fn around(text: &str) -> String {
        let view = View::new(text, &Boundaries::default());
        let at = (0..view.tokens.len())
            .find(|t| view.word(*t) == "weggelopen")
            .unwrap_or(0);
        Copies::new(&view).key(&(at..at + 1)).around
    }

    #[test]
    fn what_a_key_survives() {
        let first = "Op 12-03-2024 is zij na het eten zonder jas weggelopen en pas om 23.10 uur teruggebracht door haar oom uit Zeist.";
        for copy in [
            first.to_owned(),
            format!("Anders begonnen. Nieuw: {first} En anders geëindigd."),
            first.replace("Zeist", "Utrecht"),
            first.replace("12-03-2024", "woensdag 3 april 2024"),
            first.replace("23.10", "1.45"),
            first.replace(" eten zonder", "\neten\nzonder"),
            first.replace("zonder jas", "- ZONDER JAS:"),
            first.replace("teruggebracht", "terug-\ngebracht"),
            format!("Heel iets anders.\n\n{first}\n\nEn nog iets."),
        ] {
            assert!(!around(&copy).is_empty());
            assert_eq!(around(first), around(&copy), "{copy}");
        }
        for other in [
            first.replace("jas", "tas"),
            first.replace("pas om", "om"),
            first.replace("na het eten ", ""),
        ] {
            assert_ne!(around(first), around(&other), "{other}");
        }
        // Joined with what stands before and behind it.
        let last = "Rust. Volgens moeder was zij gisteren al voor het eten met haar oudere nicht weggelopen. Moeder belt.";
        assert_eq!(around(last), around(&last.replace(". ", ".\n\n")));
    }

    #[test]
    fn near_the_border_of_a_paragraph_the_other_side_counts() {
        let first = "Zij is weggelopen en pas laat in de avond teruggebracht door haar oom uit het dorp. Daarna sliep zij.";
        assert_eq!(around(first), around(&format!("Vrij.\n\n{first}\n\nRust.")));
        assert_eq!(
            around(first),
            around(&first.replace("Daarna sliep zij", "Toen was het stil"))
        );
        assert_ne!(around(first), around(&first.replace("oom", "tante")));
    }

    #[test]
    fn short_texts_repeat_by_chance() {
        assert_eq!(around("Zij is weer weggelopen."), "");
        let note = "Rustige avond op de groep, film gekeken.\n\nZij is weggelopen.\n\nPolitie gebeld, moeder gebeld.";
        assert_eq!(around(note), around(&note.replace("\n\n", " ")));
        assert_ne!(
            around(note),
            around(&note.replace("film gekeken", "pannenkoeken gegeten"))
        );
    }

    #[test]
    fn one_long_row_of_parts_takes_no_more_time() {
        let text = format!("{}weggelopen", "wiet-12-".repeat(20_000));
        assert!(!around(&text).is_empty());
    }
}
