//! Words, numbers and signs of a text, as the rules for names and addresses read it.

use super::words::{ABBREVIATION, Classes, STOP, Words};
use crate::span::Span;

/// Marks of a token, as bits.
pub(super) type Marks = u8;
/// Begins with a capital.
pub(super) const CAPITAL: Marks = 1;
/// Two letters or more, all of them capitals.
pub(super) const CAPS: Marks = 1 << 1;
/// A sentence begins with it.
pub(super) const SENTENCE: Marks = 1 << 2;
/// Nothing stands between it and the token before.
pub(super) const GLUED: Marks = 1 << 3;
/// First of its line.
pub(super) const LINE: Marks = 1 << 4;
/// More than a blank stands before it: a tab, or several blanks.
pub(super) const WIDE: Marks = 1 << 5;

/// Two capitals or more before a hyphen.
pub(super) const ACRONYM: Marks = 1 << 6;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Word,
    Number,
    Sign,
}

/// A word, a number or one sign.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) span: Span,
    pub(super) shape: Shape,
    pub(super) marks: Marks,
    pub(super) classes: Classes,
    /// In lower case, with straight apostrophes.
    pub(super) lower: String,
}

impl Token {
    pub(super) const fn has(&self, marks: Marks) -> bool {
        self.marks & marks == marks
    }

    pub(super) const fn is(&self, classes: Classes) -> bool {
        self.classes & classes != 0
    }

    pub(super) fn is_sign(&self, signs: &[char]) -> bool {
        self.shape == Shape::Sign && self.lower.chars().all(|c| signs.contains(&c))
    }

    /// Letters of a word; 0 for others.
    pub(super) fn letters(&self) -> usize {
        if self.shape == Shape::Word {
            self.lower.chars().count()
        } else {
            0
        }
    }
}

const fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2018}' | '`' | '\u{b4}')
}

const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Where the word or number that begins at `start` ends.
fn end(text: &str, start: usize, number: bool) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let mut end = start;
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        let inside = if number {
            c.is_ascii_digit()
        } else {
            // Apostrophes and hyphens between letters are part of the word.
            let joins = (is_apostrophe(c) || c == '-') && end > start;
            c.is_alphabetic()
                || is_mark(c)
                || joins && chars.peek().is_some_and(|n| n.is_alphabetic())
        };
        if !inside {
            break;
        }
        end += c.len_utf8();
    }
    end
}

/// Cuts a text into tokens.
pub(super) fn tokens(text: &str, words: &Words) -> Vec<Token> {
    let mut list: Vec<Token> = Vec::new();
    let mut at = 0;
    let (mut line, mut blanks) = (true, 0);
    while let Some(c) = text.get(at..).and_then(|t| t.chars().next()) {
        if c.is_whitespace() {
            line |= matches!(c, '\n' | '\r' | '\u{c}' | '\u{2028}' | '\u{2029}');
            blanks += if c == '\t' { 2 } else { 1 };
            at += c.len_utf8();
            continue;
        }
        let (shape, to) = if c.is_ascii_digit() {
            (Shape::Number, end(text, at, true))
        } else if c.is_alphabetic()
            || is_apostrophe(c) && prefix_apostrophe(text.get(at..).unwrap_or_default())
        {
            let skip = if is_apostrophe(c) { c.len_utf8() } else { 0 };
            (Shape::Word, end(text, at + skip, false))
        } else {
            (Shape::Sign, at + c.len_utf8())
        };
        let span = Span::new(at, to);
        let written = span.slice(text);
        let lower: String = written
            .chars()
            .map(|c| if is_apostrophe(c) { '\'' } else { c })
            .collect::<String>()
            .to_lowercase();
        let mut marks = 0;
        if shape == Shape::Word {
            let mut letters = written.chars().filter(|c| c.is_alphabetic());
            if letters.next().is_some_and(char::is_uppercase) {
                marks |= CAPITAL;
                let mut rest = letters.peekable();
                if rest.peek().is_some() && rest.all(char::is_uppercase) {
                    marks |= CAPS;
                }
            }
            if written
                .split_once('-')
                .is_some_and(|(first, _)| first.len() > 1 && first.chars().all(char::is_uppercase))
                && marks & CAPS == 0
                || written.ends_with(|c: char| c.is_uppercase())
                    && written.contains('-')
                    && marks & CAPS != 0
                    && written.len() < 8
            {
                marks |= ACRONYM;
            }
            if begins_sentence(&list, line) {
                marks |= SENTENCE;
            }
        }
        if blanks == 0 {
            marks |= GLUED;
        }
        if line {
            marks |= LINE;
        }
        if blanks > 1 {
            marks |= WIDE;
        }
        let classes = words.classes(&lower);
        list.push(Token {
            span,
            shape,
            marks,
            classes,
            lower,
        });
        (line, blanks) = (false, 0);
        at = to;
    }
    list
}

/// "'t Hart", "'s-Gravenhage".
fn prefix_apostrophe(rest: &str) -> bool {
    let mut chars = rest.chars().skip(1);
    matches!(chars.next(), Some('t' | 's' | 'T' | 'S')) && matches!(chars.next(), Some(' ' | '-'))
}

/// Whether the next word begins a sentence: brackets, quotes and bullets before it do not count.
fn begins_sentence(before: &[Token], line: bool) -> bool {
    if line {
        return true;
    }
    let mut list = before.iter().enumerate().rev();
    // A bounded look back: what stands before more signs than these is no sentence.
    for (n, token) in list.by_ref().take(4) {
        if token.shape != Shape::Sign {
            return false;
        }
        if token.is_sign(&['!', '?', '\u{2026}', '\u{2022}', ';']) {
            return true;
        }
        if token.is_sign(&['.']) {
            let word = n.checked_sub(1).and_then(|b| before.get(b));
            return word.is_none_or(|w| {
                let initial = w.letters() == 1 && w.has(CAPITAL);
                let short = w.is(ABBREVIATION) && !w.is(STOP);
                !initial && !short
            });
        }
        if !token.is_sign(&[
            '(', '"', '\u{201c}', '\u{201d}', '\u{201e}', '\'', '\u{2018}', '\u{2019}', '-',
            '\u{2013}', '*', '#', '>', '[', ')',
        ]) {
            return false;
        }
        if token.has(LINE) {
            return true;
        }
    }
    false
}
