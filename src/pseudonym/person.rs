//! Names of people, by what stands next to them.

use super::mask::{Kind, Mask};
use super::token::{CAPITAL, LINE, SENTENCE, Shape, Token, WIDE};
use super::words::{
    ABBREVIATION, CLOSING, FILLER, GREETING, INNER_PREFIX, JOIN, LABEL, NAMED, PERSON, PLURAL,
    PREFIX, RELATION, TITLE, VERB, Words,
};
use crate::span::Span;

/// Most names in one list.
const LISTED: usize = 40;
/// Up to this age a number in brackets tells that a name stands before it.
const OLDEST: u32 = 99;

/// How sure the words around are that a name comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// A name, unless the word is one of those that never are.
    Full,
    /// A name, if the word is no Dutch one.
    Some,
}

/// A name: tokens from `first` to `end` (exclusive).
#[derive(Clone, Copy)]
pub(super) struct Name {
    pub(super) first: usize,
    pub(super) end: usize,
}

/// Finds names in the tokens of a text.
pub(super) struct Names<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) words: &'a Words,
    found: Vec<Name>,
}

const OPENING: &[char] = &['(', '"', '\u{201c}', '\u{201e}', '\'', '\u{2018}'];
const COMMA: &[char] = &[','];

/// The masks of the names in a text, and the words that they are made of.
pub(super) fn names(tokens: &[Token], words: &Words) -> (Vec<Mask>, Vec<String>) {
    let mut names = Names {
        tokens,
        words,
        found: Vec::new(),
    };
    for at in 0..tokens.len() {
        names.after(at);
        names.before(at);
    }
    let mut masks = Vec::new();
    let mut learned = Vec::new();
    for name in names.found {
        let parts = tokens.get(name.first..name.end).unwrap_or_default();
        if let (Some(first), Some(last)) = (parts.first(), parts.last()) {
            masks.push(Mask {
                span: Span::new(first.span.start, last.span.end),
                kind: Kind::Name,
            });
        }
        let core = parts
            .iter()
            .filter(|t| t.shape == Shape::Word && t.has(CAPITAL) && t.letters() > 1)
            .filter(|t| !t.is(PREFIX | INNER_PREFIX | TITLE | PERSON));
        learned.extend(core.map(|t| t.lower.clone()));
    }
    (masks, learned)
}

impl Names<'_> {
    /// Keeps a name and those that are listed behind it.
    fn keep(&mut self, name: Name, list: bool) {
        self.found.push(name);
        let mut at = name.end;
        let mut waiting: Vec<Name> = Vec::new();
        for _ in 0..LISTED {
            let join = self.is(at, JOIN) || self.is_sign(at, &['&', '+', '/']);
            let comma = self.is_sign(at, COMMA);
            if !join && !comma {
                break;
            }
            let title = self.past_title(at + 1);
            // After "en" a capital is enough, unless a sentence or another kind of word begins.
            let trust = if join { Trust::Full } else { Trust::Some };
            let Some(next) = self.name(title, trust, title > at + 1) else {
                break;
            };
            at = next.end;
            waiting.push(next);
            // Behind commas only names that a list closes with "en".
            if join || list {
                self.found.append(&mut waiting);
            }
        }
    }

    /// Names after a word that announces them.
    fn after(&mut self, at: usize) {
        let Some(token) = self.get(at) else { return };
        let classes = token.classes;
        if classes & TITLE != 0 {
            let next = self.past_title(at);
            let near = self.get(next).is_some_and(|t| !t.has(WIDE) && !t.has(LINE));
            if near && let Some(name) = self.name(next, Trust::Full, true) {
                self.keep(name, classes & PLURAL != 0);
            }
        }
        if classes & PERSON != 0 {
            self.after_person(at, classes);
        }
        if classes & NAMED != 0 {
            let mut next = at + 1;
            while next < at + 4 && self.is(next, FILLER) && !self.is_core(next) {
                next += 1;
            }
            next += usize::from(self.is_sign(next, OPENING));
            if let Some(name) = self.name(next, Trust::Full, true) {
                self.keep(name, false);
            }
        }
        if self.is_pair(at) {
            let title = self.past_title(at + 1);
            let quoted = title + usize::from(self.is_sign(title, OPENING));
            if let Some(name) = self.name(quoted, Trust::Some, false) {
                self.keep(name, false);
            }
        }
        if classes & GREETING != 0 && self.get(at).is_some_and(|t| t.has(SENTENCE | CAPITAL)) {
            let next = self.past_title(at + 1);
            if let Some(name) = self.name(next, Trust::Some, next > at + 1) {
                self.keep(name, true);
            }
        }
        if classes & CLOSING != 0 {
            let mut next = at + 1;
            while next < at + 3 && self.is_sign(next, &[',', '.', '!', ':']) {
                next += 1;
            }
            if let Some(name) = self.name(next, Trust::Some, false) {
                self.keep(name, false);
            }
        }
        if self.is_sign(at, &[':']) {
            self.after_label(at);
        }
        // "M. (Milan)": the initial stays, as the writer meant it to.
        if self.is_sign(at, &['(']) && at >= 1 {
            let before = if self.is_sign(at - 1, &['.']) {
                at.checked_sub(2)
            } else {
                Some(at - 1)
            };
            let initial = before.is_some_and(|b| self.is_initial(b));
            if initial && let Some(name) = self.name(at + 1, Trust::Some, false) {
                self.keep(name, false);
            }
        }
    }

    /// "vriend Mo", "haar vriendje, Rachid,", "stiefvader (Ronald)", "mentor: K. Smit", "moeder van Noor".
    fn after_person(&mut self, at: usize, classes: u32) {
        let list = classes & PLURAL != 0;
        let short = self.get(at).is_some_and(|t| t.letters() < 6);
        let mut next = at + 1;
        if short || self.is(at, ABBREVIATION) {
            let stop = self.past_stop(next);
            // "Haar ma. Zij ..." ends in a stop; "mdr. Anja" does not.
            if stop > next && self.get(stop).is_some_and(|t| t.has(SENTENCE)) {
                return;
            }
            next = stop;
        }
        let Some(follower) = self.get(next) else {
            return;
        };
        let (trust, start, lead) = if follower.is_sign(COMMA) || follower.is_sign(OPENING) {
            (Trust::Some, next + 1, false)
        } else if follower.lower == "van" && !follower.has(CAPITAL) {
            if self.is_core(next + 1) && classes & (RELATION | PLURAL) != 0 {
                (Trust::Some, next + 1, false)
            } else {
                (Trust::Some, next, true)
            }
        } else if follower.shape == Shape::Word {
            // At the start of a line, or after the stop of an abbreviation, it may be a sentence.
            let trust = if follower.has(LINE) || follower.has(WIDE) || next > at + 1 {
                Trust::Some
            } else {
                Trust::Full
            };
            (trust, next, true)
        } else {
            return;
        };
        let start = self.past_title(start);
        // "stiefvader (mentor Karin)", "moeder (geb. ...)": others see to those.
        if let Some(name) = self.name(start, trust, lead) {
            // "Haar moeder, Utrecht en ...": after a comma a sign or an end closes the name.
            self.keep(name, list);
        }
    }

    /// The last of two or three words that a name comes after.
    fn is_pair(&self, at: usize) -> bool {
        let Some(firsts) = (self.get(at)).and_then(|t| self.words.pairs.get(&t.lower)) else {
            return false;
        };
        firsts.iter().any(|list| {
            at.checked_sub(list.len()).is_some_and(|start| {
                (start..at)
                    .zip(list)
                    .all(|(t, word)| self.get(t).is_some_and(|t| t.lower == *word))
            })
        })
    }

    /// "Mentor: K. Smit", "Aanwezig: moeder, Marieke Hendriks (mentor), vader".
    fn after_label(&mut self, colon: usize) {
        let label = (colon.saturating_sub(3)..colon).rev().find(|t| {
            self.get(*t)
                .is_some_and(|t| t.shape == Shape::Word && t.is(LABEL | PERSON | TITLE))
        });
        let Some(label) = label else { return };
        // A label begins its line or its sentence, or is the word before the colon.
        let begins = self
            .get(label)
            .is_some_and(|t| t.has(LINE) || t.has(SENTENCE));
        let right_before = label + 1 == colon && self.is(label, PERSON | LABEL);
        if !(begins || right_before) {
            return;
        }
        let mut at = colon + 1;
        for _ in 0..LISTED {
            if self.get(at).is_none_or(|t| t.has(LINE)) {
                return;
            }
            at = self.past_title(at);
            if let Some(name) = self.name(at, Trust::Some, false) {
                self.found.push(name);
                at = name.end;
            }
            // On to the next item of the list.
            let mut passed = 0;
            while passed < 8
                && self.get(at).is_some_and(|t| !t.has(LINE))
                && !self.is_sign(at, &[',', ';', '/', '&', '|'])
                && self.get(at).is_none_or(|t| t.lower != "en")
            {
                if self.is_sign(at, &['.', '!', '?']) {
                    return;
                }
                at += 1;
                passed += 1;
            }
            if passed == 8 {
                return;
            }
            at += 1;
        }
    }

    /// Names before a word that tells who they are.
    fn before(&mut self, at: usize) {
        let Some(token) = self.get(at) else { return };
        if !token.has(CAPITAL) {
            return;
        }
        // Within a name that is known already there is nothing to begin.
        if self
            .found
            .last()
            .is_some_and(|n| n.first < at && at < n.end)
        {
            return;
        }
        let opens = token.has(SENTENCE);
        let trust = if opens { Trust::Some } else { Trust::Full };
        // At the start of a sentence the first word has a capital anyway.
        if opens && self.is_dutch(at) && !self.is_initial(at) {
            return;
        }
        let Some(name) = self.name(at, trust, true) else {
            return;
        };
        let end = name.end;
        let bracket = self.is_sign(end, &['(']);
        let comma = self.is_sign(end, COMMA);
        let aged = (bracket || comma) && self.is_age(end + 1, bracket);
        let who = self.is(end + 1, PERSON | TITLE)
            && (bracket || comma && self.name(at, Trust::Some, true).is_some());
        let born = bracket
            && self
                .get(end + 1)
                .is_some_and(|t| matches!(t.lower.as_str(), "geb" | "geboren" | "jaar"));
        let last = self.get(end - 1);
        let unknown = !self.is_dutch(end - 1);
        let genitive = last.is_some_and(|t| t.lower.ends_with('s') || t.lower.ends_with('\''))
            && self.is(end, RELATION | PLURAL)
            && self.follows(end)
            && unknown
            && self.get(end).is_some_and(|t| !t.has(CAPITAL));
        let acts = self.is(end, VERB)
            && self.follows(end)
            && self.name(at, Trust::Some, true).is_some()
            && self.get(end).is_some_and(|t| !t.has(CAPITAL));
        if aged || who || born || genitive || acts {
            self.keep(name, false);
        }
    }

    /// "14)", "14 jaar", "14;".
    fn is_age(&self, at: usize, bracket: bool) -> bool {
        let number = self.get(at).is_some_and(|t| {
            t.shape == Shape::Number && t.lower.parse::<u32>().is_ok_and(|n| n <= OLDEST)
        });
        let unit = (self.get(at + 1))
            .is_some_and(|t| matches!(t.lower.as_str(), "jaar" | "jr" | "j" | "jaren"));
        number && (unit || bracket && self.is_sign(at + 1, &[')', ',', ';']))
    }
}
