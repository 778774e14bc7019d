//! A text as the rules see it: folded, cut into words, clauses, sentences and headings, with the way back to the source.

pub mod fold;
mod lines;
pub mod number;
mod segment;
mod word_list;

use std::ops::Range;

use serde::{Deserialize, Serialize};

pub use fold::{Folded, fold};
pub use word_list::WordList;

use crate::span::Span;

/// Marks of a word; see the constants.
pub type Flags = u16;
/// First word of a sentence.
pub const SENTENCE: Flags = 1;
/// First word of a clause.
pub const CLAUSE: Flags = 1 << 1;
/// A comma, colon, cell border or bullet stands before it: a phrase does not reach over.
pub const HARD: Flags = 1 << 2;
/// A quotation mark stands directly before it.
pub const QUOTE_BEFORE: Flags = 1 << 3;
/// A quotation mark stands directly after it.
pub const QUOTE_AFTER: Flags = 1 << 4;
/// Joined to the word before by one hyphen.
pub const HYPHEN: Flags = 1 << 5;
/// The word before ends its line in a hyphen: both readings are tried.
pub const JOIN: Flags = 1 << 6;
/// Written with a capital in the source.
pub const CAPITAL: Flags = 1 << 7;
/// First word of a line.
pub const LINE: Flags = 1 << 8;
/// First word of a paragraph (after an empty line).
pub const PARAGRAPH: Flags = 1 << 9;
/// A ticked box stands before it.
pub const TICKED: Flags = 1 << 10;
/// An empty box stands before it.
pub const UNTICKED: Flags = 1 << 11;
/// Digits.
pub const DIGIT: Flags = 1 << 12;
/// A full stop stands directly after it.
pub const STOP_AFTER: Flags = 1 << 13;

/// Written in capitals only.
pub const CAPS: Flags = 1 << 14;

/// One word or number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Token {
    /// First byte in the folded text.
    pub start: u32,
    /// One past its last byte in the folded text.
    pub end: u32,
    /// First byte in the source.
    pub source_start: u32,
    /// One past its last byte in the source.
    pub source_end: u32,
    /// Number of its sentence.
    pub sentence: u32,
    /// Number of its clause, counted over the document.
    pub clause: u32,
    /// Its marks.
    pub flags: Flags,
}

impl Token {
    /// Whether all marks of `flags` are set.
    #[must_use]
    pub const fn has(&self, flags: Flags) -> bool {
        self.flags & flags == flags
    }
}

/// One sentence.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    /// Its words.
    pub tokens: Range<usize>,
    /// Whether it ends in a question mark.
    pub question: bool,
}

/// A heading on a line of its own, or the label of a field ("Zorgen: ...").
#[derive(Clone, Debug)]
pub struct Heading {
    /// Words of the label.
    pub label: Range<usize>,
    /// Text follows on the same line.
    pub inline: bool,
    /// The field's own end: first word after its paragraph. Only for inline ones.
    pub paragraph_end: usize,
}

/// What the segmenter needs to know of Dutch; filled from the lexicon folder.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Boundaries {
    /// Abbreviations without stops that never end a sentence.
    pub abbreviations: WordList,
    /// Abbreviations that end a sentence when a capital follows.
    pub soft_abbreviations: WordList,
    /// Words that open a clause wherever they stand.
    pub openers: WordList,
    /// Words that open a clause after a comma.
    pub comma_openers: WordList,
    /// Conjunctions that close a list.
    pub list_ends: WordList,
    /// Conjunctions between the last two items of a list.
    pub alternatives: WordList,
}

/// A text with its words, clauses, sentences and headings.
#[derive(Debug, Default)]
pub struct View {
    /// The folded text.
    pub folded: Folded,
    /// All words.
    pub tokens: Vec<Token>,
    /// All sentences.
    pub sentences: Vec<Sentence>,
    /// All headings and field labels, in order.
    pub headings: Vec<Heading>,
    /// Numbers of those on lines of their own, in order.
    pub blocks: Vec<usize>,
}

impl View {
    /// Reads `source`.
    #[must_use]
    pub fn new(source: &str, boundaries: &Boundaries) -> Self {
        let folded = Folded::new(source);
        segment::read(source, folded, boundaries)
    }

    /// The folded word number `token`; empty when there is none.
    #[must_use]
    pub fn word(&self, token: usize) -> &str {
        self.tokens
            .get(token)
            .and_then(|t| self.folded.text.get(t.start as usize..t.end as usize))
            .unwrap_or_default()
    }

    /// Folded text between the word before `token` and `token`.
    #[must_use]
    pub fn gap(&self, token: usize) -> &str {
        let from = token
            .checked_sub(1)
            .and_then(|p| self.tokens.get(p))
            .map_or(0, |p| p.end as usize);
        let to = self
            .tokens
            .get(token)
            .map_or(self.folded.text.len(), |t| t.start as usize);
        self.folded.text.get(from..to).unwrap_or_default()
    }

    /// Whether the words are written in capitals only; at least four letters.
    fn all_caps(&self, tokens: Range<usize>) -> bool {
        let mut letters = 0;
        let list = self.tokens.get(tokens).unwrap_or_default();
        list.iter().all(|t| {
            letters += t.end - t.start;
            t.has(CAPS)
        }) && letters >= 4
    }

    /// Source span of the words `tokens` (end exclusive).
    #[must_use]
    pub fn span(&self, tokens: Range<usize>) -> Span {
        let start = self
            .tokens
            .get(tokens.start)
            .map_or(0, |t| t.source_start as usize);
        let end = tokens
            .end
            .checked_sub(1)
            .and_then(|l| self.tokens.get(l))
            .map_or(start, |t| t.source_end as usize);
        Span::new(start, end.max(start))
    }

    /// The words that overlap a source span.
    #[must_use]
    pub fn tokens_in(&self, span: Span) -> Range<usize> {
        let start = self
            .tokens
            .partition_point(|t| t.source_end as usize <= span.start);
        let end = self
            .tokens
            .partition_point(|t| (t.source_start as usize) < span.end);
        start..end.max(start)
    }

    /// The words of the clause that `token` stands in.
    #[must_use]
    pub fn clause(&self, token: usize) -> Range<usize> {
        let Some(this) = self.tokens.get(token) else {
            return 0..0;
        };
        let start = self.tokens.partition_point(|t| t.clause < this.clause);
        let end = self.tokens.partition_point(|t| t.clause <= this.clause);
        start..end
    }

    /// The words of the sentence that `token` stands in.
    #[must_use]
    pub fn sentence(&self, token: usize) -> Range<usize> {
        self.tokens
            .get(token)
            .and_then(|t| self.sentences.get(t.sentence as usize))
            .map_or(0..0, |s| s.tokens.clone())
    }

    /// The words under the same heading as `token`, heading excluded. Inline fields do not count as headings.
    #[must_use]
    pub fn section(&self, token: usize) -> Range<usize> {
        let label = |n: usize| {
            let heading = self.blocks.get(n).and_then(|n| self.headings.get(*n));
            heading.map(|h| &h.label)
        };
        let after = self.blocks_before(token);
        let above = after.checked_sub(1).and_then(label);
        above.map_or(0, |l| l.end)..label(after).map_or(self.tokens.len(), |l| l.start)
    }

    /// How many headings on lines of their own begin at or before `token`.
    #[must_use]
    pub fn blocks_before(&self, token: usize) -> usize {
        let begins = |n: &usize| self.headings.get(*n).map_or(0, |h| h.label.start);
        self.blocks.partition_point(|n| begins(n) <= token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boundaries() -> Boundaries {
        let set = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
        Boundaries {
            abbreviations: set(&["mw", "dhr", "bijv", "i.v.m"]),
            soft_abbreviations: set(&["u", "enz", "jl"]),
            openers: set(&["maar", "omdat"]),
            comma_openers: set(&["zij", "die"]),
            ..Boundaries::default()
        }
    }

    fn sentences(text: &str) -> Vec<String> {
        let view = View::new(text, &boundaries());
        view.sentences
            .iter()
            .map(|s| view.span(s.tokens.clone()).slice(text).replace('\n', " "))
            .collect()
    }

    #[test]
    fn a_text_without_full_stops_is_cut() {
        let lengths = |text: &str| -> Vec<usize> {
            let view = View::new(text, &Boundaries::default());
            view.sentences.iter().map(|s| s.tokens.len()).collect()
        };
        assert!(
            lengths(&"Noor is weggelopen, ".repeat(400))
                .iter()
                .all(|l| *l < 260)
        );
        assert_eq!(lengths(&"woord ".repeat(1200)), [500, 500, 200]);
    }

    #[test]
    fn sentences_rows() {
        for (text, expected) in [
            (
                "Cl. kwam binnen. Zij was moe.",
                vec!["Cl. kwam binnen", "Zij was moe"],
            ),
            (
                "Om 21.30 u. nog niet binnen. Mw. De Wit belt.",
                vec!["Om 21.30 u. nog niet binnen", "Mw. De Wit belt"],
            ),
            (
                "Weg om 21.30 u. Zij kwam niet.",
                vec!["Weg om 21.30 u", "Zij kwam niet"],
            ),
            (
                "Gesprek i.v.m. verzuim met dhr. B. Jansen",
                vec!["Gesprek i.v.m. verzuim met dhr. B. Jansen"],
            ),
            (
                "Zij liep gisteren\nzomaar weg.",
                vec!["Zij liep gisteren zomaar weg"],
            ),
            ("- spijbelt\n- blowt", vec!["spijbelt", "blowt"]),
            ("Waar was zij? Onbekend", vec!["Waar was zij", "Onbekend"]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn clauses_end_at_openers_and_borders() {
        let view = View::new(
            "Geen drugs, drank of wiet, maar zij liep weg; later terug",
            &boundaries(),
        );
        let clauses: Vec<u32> = view.tokens.iter().map(|t| t.clause).collect();
        assert_eq!(clauses, [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn headings_and_fields_are_found() {
        let view = View::new(
            "Zorgen:\n- spijbelt\n\nDoelen: zij gaat naar school\n# Afspraken\nmentor belt",
            &boundaries(),
        );
        let labels: Vec<(&str, bool)> = view
            .headings
            .iter()
            .map(|h| (view.word(h.label.start), h.inline))
            .collect();
        assert_eq!(
            labels,
            [("zorgen", false), ("doelen", true), ("afspraken", false)]
        );
        assert_eq!(view.section(1), 1..7);
    }

    #[test]
    fn joins_and_hyphens_are_marked() {
        let view = View::new("ernstig weg-\nloopgedrag en ex-vriend", &boundaries());
        assert!(view.tokens[2].has(JOIN) && !view.tokens[2].has(SENTENCE));
        assert!(view.tokens[5].has(HYPHEN));
    }
}
