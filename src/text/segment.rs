//! Words, clauses, sentences and headings in one pass over the folded text.

use super::fold::{BOX_EMPTY, BOX_TICKED, BULLET, Folded};
use super::lines::{Layout, WIDE};
use super::{
    Boundaries, CAPITAL, CAPS, CLAUSE, DIGIT, Flags, HARD, HYPHEN, JOIN, LINE, PARAGRAPH,
    QUOTE_AFTER, QUOTE_BEFORE, SENTENCE, STOP_AFTER, Sentence, TICKED, Token, UNTICKED, View,
};

/// Lines longer than this are not wrapped text: each line stands for itself.
const WRAP_LIMIT: usize = 160;

pub(super) fn read(source: &str, folded: Folded, boundaries: &Boundaries) -> View {
    let mut view = View {
        tokens: words(&folded, source),
        folded,
        ..View::default()
    };
    let lines = Layout::new(&view);
    let mut sentence = 0_u32;
    let mut clause = 0_u32;
    let mut sentence_start = 0;
    for i in 0..view.tokens.len() {
        let gap = view.gap(i);
        // Most words have one blank before them.
        let flags =
            if i - sentence_start >= LONGEST && (gap != " " || i - sentence_start >= 2 * LONGEST) {
                border(&view, i, gap, &lines, boundaries) | SENTENCE | CLAUSE
            } else if gap == " " && i > 0 {
                if boundaries.openers.contains(view.word(i)) {
                    CLAUSE
                } else {
                    0
                }
            } else {
                border(&view, i, gap, &lines, boundaries)
            };
        if gap != " " || flags & SENTENCE != 0 {
            let (after, question) = (behind(gap), gap.contains('?'));
            if let Some(previous) = i.checked_sub(1) {
                view.tokens[previous].flags |= after;
                if flags & SENTENCE != 0 {
                    view.sentences.push(Sentence {
                        tokens: sentence_start..i,
                        question,
                    });
                    sentence_start = i;
                    sentence += 1;
                }
            }
        }
        clause += u32::from(flags & CLAUSE != 0 && i > 0);
        let token = &mut view.tokens[i];
        token.flags |= flags;
        token.sentence = sentence;
        token.clause = clause;
    }
    if let Some(last) = view.tokens.len().checked_sub(1) {
        let tail = view.gap(view.tokens.len()).to_owned();
        if let Some(token) = view.tokens.get_mut(last)
            && (tail.starts_with(['"', '\'']) || tail.starts_with(".\""))
        {
            token.flags |= QUOTE_AFTER;
        }
        view.sentences.push(Sentence {
            tokens: sentence_start..last + 1,
            question: tail.contains('?'),
        });
    }
    view.headings = lines.headings;
    view.blocks = (0..view.headings.len())
        .filter(|n| view.headings.get(*n).is_some_and(|h| !h.inline))
        .collect();
    for n in 0..view.headings.len() {
        let Some(heading) = view.headings.get(n) else {
            break;
        };
        let next = view
            .headings
            .get(n + 1)
            .map_or(view.tokens.len(), |h| h.label.start);
        let start = heading.label.end;
        let paragraph =
            (start..next).find(|t| view.tokens.get(*t).is_some_and(|t| t.has(PARAGRAPH)));
        if let Some(heading) = view.headings.get_mut(n) {
            heading.paragraph_end = paragraph.unwrap_or(next);
        }
    }
    view
}

/// Words of a sentence after which it ends at the next mark, and after twice as many anywhere: what reads sentences takes time that grows
/// with the square of their length, and a text without full stops, or made to take forever, is one sentence.
const LONGEST: usize = 250;

/// Marks of word `i` by what stands between it and the word before.
fn border(view: &View, i: usize, gap: &str, lines: &Layout, boundaries: &Boundaries) -> Flags {
    let mut flags = punctuation(gap, i);
    let newline = gap.contains('\n');
    if newline || i == 0 {
        flags |= LINE;
    }
    if i == 0 || sentence_ends(view, i, gap, newline, lines, boundaries) {
        flags |= SENTENCE | CLAUSE;
    } else if clause_ends(view, i, gap, boundaries) {
        flags |= CLAUSE;
    }
    if newline && gap.bytes().filter(|b| *b == b'\n').count() > 1 {
        flags |= PARAGRAPH;
    }
    flags
}

/// Marks of a word by what stands behind it.
fn behind(gap: &str) -> Flags {
    match gap.as_bytes() {
        [b'"' | b'\'', ..] | [b',' | b'!' | b'?', b'"' | b'\'', ..] => QUOTE_AFTER,
        [b'.', b'"' | b'\'', ..] => STOP_AFTER | QUOTE_AFTER,
        [b'.', ..] => STOP_AFTER,
        _ => 0,
    }
}

/// Cuts words: runs of letters, runs of digits.
fn words(folded: &Folded, source: &str) -> Vec<Token> {
    let text = folded.text.as_bytes();
    let mut tokens = Vec::with_capacity(text.len() / 6 + 1);
    let mut cursor = 0;
    let mut i = 0;
    while i < text.len() {
        let byte = text[i];
        let class = class_of(byte, i, &folded.text);
        if class == Class::Other {
            i += 1;
            continue;
        }
        let start = i;
        i += 1;
        while i < text.len()
            && (class_of(text[i], i, &folded.text) == class
                || class == Class::Letter && misread(text, start, i))
        {
            i += 1;
        }
        let source_start = folded.source_forward(start, &mut cursor);
        let first = match source.as_bytes().get(source_start) {
            Some(byte) if byte.is_ascii() => Some(char::from(*byte)),
            _ => source.get(source_start..).and_then(|s| s.chars().next()),
        };
        // A character that unfolds to several words stands for each of them.
        let source_end = folded
            .source_forward(i, &mut cursor)
            .max(source_start + first.map_or(1, char::len_utf8));
        let mut flags = if class == Class::Digit { DIGIT } else { 0 };
        if first.is_some_and(char::is_uppercase) {
            flags |= CAPITAL;
            if source
                .get(source_start..source_end)
                .is_some_and(|w| !w.chars().any(char::is_lowercase))
            {
                flags |= CAPS;
            }
        }
        tokens.push(Token {
            start: start as u32,
            end: i as u32,
            source_start: source_start as u32,
            source_end: source_end as u32,
            flags,
            ..Token::default()
        });
    }
    tokens
}

/// Letters on each side of a digit that may be a misread letter.
const BESIDE: usize = 2;

/// Whether a 0 or 1 inside a word is a letter that was read wrong ("ui1buiting", "loverb0y"): two letters before it, one behind.
fn misread(text: &[u8], start: usize, i: usize) -> bool {
    matches!(text[i], b'0' | b'1')
        && i - start >= BESIDE
        && text.get(i + 1).is_some_and(u8::is_ascii_lowercase)
        && text[i - 1].is_ascii_lowercase()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Letter,
    Digit,
    Other,
}

/// Classes of ASCII bytes, looked up.
const ASCII: [Class; 128] = {
    let mut table = [Class::Other; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = match byte {
            b'a'..=b'z' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            _ => Class::Other,
        };
        byte += 1;
    }
    table
};

#[inline]
fn class_of(byte: u8, at: usize, text: &str) -> Class {
    match ASCII.get(byte as usize) {
        Some(class) => *class,
        None => class_of_wide(at, text),
    }
}

/// The class of the character that the byte at `at` belongs to.
fn class_of_wide(at: usize, text: &str) -> Class {
    letter_at(text, crate::span::floor(text, at))
}

fn letter_at(text: &str, at: usize) -> Class {
    match text.get(at..).and_then(|t| t.chars().next()) {
        Some(c) if c.is_alphabetic() => Class::Letter,
        _ => Class::Other,
    }
}

/// Marks that the characters before a word give it.
fn punctuation(gap: &str, i: usize) -> Flags {
    let mut flags = 0;
    if i > 0 && gap == "-" {
        return HYPHEN;
    }
    if i > 0
        && (gap == "-\n" || gap.starts_with("-\n") && gap[2..].trim_start_matches(' ').is_empty())
    {
        return JOIN;
    }
    if gap.ends_with(['"', '\'']) {
        flags |= QUOTE_BEFORE;
    }
    if gap.contains([
        ',', ';', ':', '!', '?', '\t', '|', BULLET, BOX_EMPTY, BOX_TICKED, '(', ')',
    ]) || gap.contains(" - ")
    {
        flags |= HARD;
    }
    let line = gap.rsplit('\n').next().unwrap_or_default();
    let line = line.trim_end();
    if line.ends_with(BOX_EMPTY) {
        flags |= UNTICKED;
    } else if line.ends_with(BOX_TICKED) {
        flags |= TICKED;
    }
    flags
}

fn sentence_ends(
    view: &View,
    i: usize,
    gap: &str,
    newline: bool,
    lines: &Layout,
    boundaries: &Boundaries,
) -> bool {
    let this = &view.tokens[i];
    let previous = &view.tokens[i - 1];
    let capital = this.has(CAPITAL) || this.has(DIGIT);
    if newline {
        if this.flags & JOIN != 0 || gap == "-\n" {
            return false;
        }
        let blank = gap.bytes().filter(|b| *b == b'\n').count() > 1;
        let after = gap.rsplit('\n').next().unwrap_or_default();
        let mark = after.trim_start();
        let bullet = mark.starts_with([
            '-', '*', '#', '>', '+', '|', BULLET, BOX_EMPTY, BOX_TICKED, '[',
        ]);
        if blank
            || bullet
            || lines.starts_heading(i)
            || lines.ends_heading(i - 1)
            || lines.numbered(i)
            || lines.borders_row(i)
            || lines.borders_row(i - 1)
        {
            return true;
        }
        let before = gap.split('\n').next().unwrap_or_default();
        if before.contains(['.', '!', '?', ':', ';'])
            && (capital || !ends_in_abbreviation(view, i - 1, boundaries))
        {
            return true;
        }
        if before.contains(',') {
            return false;
        }
        return capital
            && (lines.widest > WRAP_LIMIT
                || lines.width_before(previous.end) * 10 < lines.widest * 7);
    }
    if gap.contains(['?', '!']) {
        let lower = !capital && (gap.contains('"') || gap.contains('\'') || gap.contains(')'));
        return gap.contains(' ') && !lower;
    }
    if let Some(stop) = gap.find('.') {
        if gap.contains("...") {
            return capital && gap.contains(' ');
        }
        let spaced = gap.contains([' ', '\t', '"']);
        if !spaced {
            // "21.30", "i.v.m.", "z.s.m", or a forgotten blank before a capital.
            return this.has(CAPITAL)
                && previous.end - previous.start > 2
                && !previous.has(DIGIT)
                && view.word(i).len() > 1;
        }
        if stop == 0 || gap.starts_with([')', '"', '\'']) {
            let word = view.word(i - 1);
            if boundaries.soft_abbreviations.contains(word) {
                return capital;
            }
            if stop == 0 && (boundaries.abbreviations.contains(word) || is_initial(view, i - 1)) {
                return false;
            }
            return capital || word.len() > 2 || previous.has(DIGIT);
        }
        return capital;
    }
    false
}

fn ends_in_abbreviation(view: &View, token: usize, boundaries: &Boundaries) -> bool {
    let word = view.word(token);
    boundaries.abbreviations.contains(word)
        || boundaries.soft_abbreviations.contains(word)
        || is_initial(view, token)
}

/// One letter before a full stop: an initial or part of an abbreviation such as "i.v.m.".
fn is_initial(view: &View, token: usize) -> bool {
    view.tokens
        .get(token)
        .is_some_and(|t| t.end - t.start == 1 && !t.has(DIGIT))
}

fn clause_ends(view: &View, i: usize, gap: &str, boundaries: &Boundaries) -> bool {
    if gap == "-" || gap == "\n" || gap == "/" {
        return gap == "\n" && boundaries.openers.contains(view.word(i));
    }
    if gap.contains([';', '\t', '|', BULLET, BOX_EMPTY, BOX_TICKED])
        || gap.contains(" - ")
        || gap.contains(WIDE)
    {
        return true;
    }
    if gap.contains(':') && !(view.tokens[i].has(DIGIT) && gap == ":") {
        return true;
    }
    let word = view.word(i);
    if gap.contains(',')
        && (boundaries.comma_openers.contains(word) || boundaries.openers.contains(word))
    {
        return true;
    }
    boundaries.openers.contains(word)
}
