//! Regular expressions from word lists, and walking over what they find.

use regex::{Captures, Regex};

use super::mask::{Kind, Mask};
use crate::error::{Error, Result};
use crate::span::Span;

/// Compiles a pattern of this module.
pub(super) fn pattern(pattern: &str) -> Result<Regex> {
    Regex::new(pattern).map_err(|e| Error::Usage(format!("a pattern of pseudonym: {e}")))
}

/// The words as alternatives, the longest first.
pub(super) fn any(words: &[String]) -> String {
    let mut list: Vec<String> = words.iter().map(|w| regex::escape(w)).collect();
    list.sort_by_key(|w| std::cmp::Reverse(w.len()));
    format!("(?:{})", list.join("|"))
}

/// Adds what `judge` makes of each match; where it makes nothing, the search goes on one character further.
pub(super) fn each(
    regex: &Regex,
    text: &str,
    kind: Kind,
    masks: &mut Vec<Mask>,
    judge: impl Fn(&Captures<'_>) -> Option<Span>,
) {
    let mut at = 0;
    while at <= text.len() {
        let Some(captures) = regex.captures_at(text, at) else {
            return;
        };
        let Some(whole) = captures.get(0) else { return };
        let found = judge(&captures).filter(|s| !s.is_empty());
        let next = found.map_or(whole.start(), |s| s.end.max(whole.start()));
        if let Some(span) = found {
            masks.push(Mask { span, kind });
        }
        at = if next > at {
            next
        } else {
            // Always forward, to the next character border.
            (at + 1..=text.len())
                .find(|n| text.is_char_boundary(*n))
                .unwrap_or(text.len() + 1)
        };
        if found.is_none() {
            at = (whole.start() + 1..=text.len())
                .find(|n| text.is_char_boundary(*n))
                .unwrap_or(text.len() + 1)
                .max(at);
        }
    }
}

/// The character before `at`.
pub(super) fn before(text: &str, at: usize) -> Option<char> {
    text.get(..at).and_then(|t| t.chars().next_back())
}

/// The character from `at` on.
pub(super) fn after(text: &str, at: usize) -> Option<char> {
    text.get(at..).and_then(|t| t.chars().next())
}

/// Whether neither a letter nor a digit touches the stretch.
pub(super) fn stands_alone(text: &str, span: Span) -> bool {
    let part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    !part(before(text, span.start)) && !part(after(text, span.end))
}

/// Whether a digit stands before the stretch with only a sign between, or a currency.
pub(super) fn continues_number(text: &str, start: usize) -> bool {
    let mut chars = text.get(..start).unwrap_or_default().chars().rev();
    match chars.next() {
        Some('€' | '$' | '£' | '#') => true,
        Some('.' | ',' | ':' | '/' | '-') => chars.next().is_some_and(|c| c.is_ascii_digit()),
        Some(' ' | '\u{a0}') => matches!(chars.next(), Some('€' | '$' | '£')),
        _ => false,
    }
}
