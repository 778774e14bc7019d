//! Addresses: a street with a number, with postcode and town where they follow; and postcodes alone.

use regex::Regex;

use super::mask::{Kind, Mask};
use super::scan::{continues_number, each, pattern, stands_alone};
use super::token::{CAPITAL, LINE, SENTENCE, Shape, Token};
use super::words::{INNER_PREFIX, PERSON, PREFIX, STOP, Words};
use crate::error::Result;
use crate::span::Span;

/// Letters before the ending of a street.
const STEM: usize = 2;
/// Most words before the one with the ending: "Burgemeester van der Meulen".
const BEFORE: usize = 4;

/// The patterns of addresses.
#[derive(Debug)]
pub(super) struct Addresses {
    postcode: Regex,
    /// What may follow a house number: its addition, the postcode, the town.
    rest: Regex,
    endings: Vec<String>,
}

impl Addresses {
    pub(super) fn new(words: &Words) -> Result<Self> {
        Ok(Self {
            postcode: pattern(r"([1-9][0-9]{3})( ?|\u{a0})([A-Z]{2}|[a-z]{2})")?,
            rest: pattern(
                r"^(?:(?: ?[-/]? ?(?:[0-9]{1,4}|[a-zA-Z]|bis|hs|[IV]{1,3})\b){0,2})((?:[,;]?\s{0,3}(?:te )?[1-9][0-9]{3} ?[A-Z]{2}\b)?)((?:[,;]?[ \t]{0,3}(?:te |in )?(?:['’]s-)?\p{Lu}[\p{L}’'-]+(?:[ -](?:(?:aan|op|den|de|der|het|bij) ){0,3}\p{Lu}[\p{L}’'-]+){0,2})?)",
            )?,
            endings: words.address.streets.clone(),
        })
    }

    pub(super) fn masks(&self, text: &str, tokens: &[Token], words: &Words, masks: &mut Vec<Mask>) {
        each(&self.postcode, text, Kind::Postcode, masks, |c| {
            let (whole, number, letters) = (c.get(0)?, c.get(1)?, c.get(3)?);
            let span = Span::new(whole.start(), whole.end());
            let apart = number.end() < letters.start();
            if !stands_alone(text, span) || continues_number(text, span.start) {
                return None;
            }
            let small = letters.as_str().to_lowercase();
            let lower = letters.as_str() == small;
            let refused = matches!(letters.as_str(), "SA" | "SD" | "SS");
            // "in 2023 VT gemeld": a year and an abbreviation, unless a town follows.
            let year = number
                .as_str()
                .parse::<u32>()
                .is_ok_and(|y| (1950..2060).contains(&y));
            let town = text.get(span.end..).is_some_and(|t| {
                let mut chars = t.chars();
                chars.next() == Some(' ') && chars.next().is_some_and(char::is_uppercase)
            });
            let other = refused
                || words.address.units.contains(&small)
                || lower && apart
                || apart && year && !town;
            (!other).then_some(span)
        });
        for at in 0..tokens.len() {
            if let Some(span) = self.street(text, tokens, words, at) {
                masks.push(Mask {
                    span,
                    kind: Kind::Address,
                });
            }
        }
    }

    /// The address whose house number is token `at`.
    fn street(&self, text: &str, tokens: &[Token], words: &Words, at: usize) -> Option<Span> {
        let number = tokens.get(at)?;
        if number.shape != Shape::Number || number.lower.len() > 4 || number.lower.starts_with('0')
        {
            return None;
        }
        let mut last = at.checked_sub(1)?;
        // "Dorpsstraat nr. 12", "Havenstr. 5".
        while tokens.get(last)?.is_sign(&['.'])
            || matches!(
                tokens.get(last)?.lower.as_str(),
                "nr" | "nummer" | "huisnummer"
            )
        {
            last = last.checked_sub(1)?;
        }
        let street = (0..=BEFORE)
            .map_while(|back| last.checked_sub(back))
            .take_while(|n| {
                tokens.get(*n).is_some_and(|t| {
                    t.shape == Shape::Word
                        && (t.has(CAPITAL) || t.is(PREFIX | INNER_PREFIX) || *n == last)
                })
            })
            .find(|n| self.is_street(tokens, words, *n, *n == last))?;
        // The words with capitals before it belong to it: "Oude Singel", "Jan van Galenstraat".
        let mut first = street;
        for _ in 0..BEFORE {
            let Some(n) = first.checked_sub(1) else { break };
            let Some(token) = tokens.get(n) else { break };
            let joined = tokens.get(first).is_some_and(|t| !t.has(LINE));
            let part = token.shape == Shape::Word
                && token.has(CAPITAL)
                && !(token.has(SENTENCE)
                    && words.is_dutch(&token.lower)
                    && token.is(STOP | PERSON));
            let prefix = token.is(PREFIX)
                && n.checked_sub(1)
                    .and_then(|b| tokens.get(b))
                    .is_some_and(|b| {
                        b.shape == Shape::Word
                            && (b.has(CAPITAL) && !b.has(SENTENCE)
                                || b.is(PREFIX) && b.has(CAPITAL))
                    });
            if !joined || !(part || prefix) || token.is(STOP) && !token.is(PREFIX) {
                break;
            }
            first = n;
        }
        let start = tokens.get(first)?.span.start;
        let tail = text.get(number.span.end..)?;
        let mut end = number.span.end;
        if let Some(rest) = self.rest.captures(tail) {
            let (postcode, town) = (rest.get(1)?, rest.get(2)?);
            // A town only behind a postcode: else a name may begin a sentence.
            end += if postcode.is_empty() {
                postcode.start()
            } else {
                town.end()
            };
        }
        // "2 uur", "14 jaar": no house number, as long as the street has none of its own.
        let unit = tokens.get(at + 1).is_some_and(|t| {
            matches!(
                t.lower.as_str(),
                "uur"
                    | "u"
                    | "jaar"
                    | "jr"
                    | "keer"
                    | "x"
                    | "min"
                    | "minuten"
                    | "euro"
                    | "km"
                    | "meter"
                    | "dagen"
                    | "weken"
                    | "maanden"
                    | "jongens"
                    | "meisjes"
                    | "mannen"
                    | "%"
                    | ":"
            )
        });
        (!unit).then_some(Span::new(start, end))
    }

    /// Whether the word names a street: "Dorpsstraat", "Laan" with more behind it, "Oude Singel".
    fn is_street(&self, tokens: &[Token], words: &Words, at: usize, last: bool) -> bool {
        let Some(token) = tokens.get(at) else {
            return false;
        };
        let ending = self
            .endings
            .iter()
            .find(|e| token.lower.ends_with(e.as_str()));
        let Some(ending) = ending else { return false };
        let stem = token.lower.chars().count() - ending.chars().count();
        let capital = token.has(CAPITAL);
        if stem == 0 || token.lower == *ending {
            let named = at
                .checked_sub(1)
                .and_then(|b| tokens.get(b))
                .is_some_and(|b| {
                    b.has(CAPITAL) && !b.has(SENTENCE) && b.shape == Shape::Word && !b.is(STOP)
                });
            return capital && (!last || named);
        }
        let doubtful = token.has(SENTENCE) || !capital;
        stem >= STEM && last && !(doubtful && words.is_dutch(&token.lower))
    }
}
