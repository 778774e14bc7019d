//! Dates of birth: a date that a word for it announces, with the place behind it.

use regex::Regex;

use super::mask::{Kind, Mask};
use super::scan::{after, any, each, pattern};
use super::words::Words;
use crate::error::Result;
use crate::span::Span;

/// The patterns of birth dates.
#[derive(Debug)]
pub(super) struct Births {
    dated: Regex,
    placed: Regex,
}

/// A place: words with capitals, "Den Haag", "'s-Hertogenbosch", "Bergen op Zoom".
const PLACE: &str = r"(?:['’]s-)?\p{Lu}[\p{L}’'-]+(?:[ -](?:(?:aan|op|den|de|der|het|bij|en) ){0,3}\p{Lu}[\p{L}’'-]+){0,2}";

impl Births {
    pub(super) fn new(words: &Words) -> Result<Self> {
        let months = any(&words.birth.months);
        let label = any(&words.birth.labels);
        // Month and year alone count; a year alone does not.
        let date = format!(
            r"(?i:[0-9]{{1,2}} ?[-/.] ?[0-9]{{1,2}} ?[-/.] ?(?:[0-9]{{4}}|['’]?[0-9]{{2}})|[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|(?:[0-9]{{1,2}}(?:e|ste)?[ -]{{0,2}})?{months}\.?[ -]{{0,2}}(?:[0-9]{{4}}|['’]?[0-9]{{2}})|[0-9]{{8}})"
        );
        // Between label and date: signs and a few words without digits.
        let between = r"[\s.:,;=()*|_-]{0,6}(?:(?:op|is|was|datum|dd|d\.d\.|van|het|de|moeder|vader|kind|cliënte?|cl|jeugdige|zus|broer|in)[\s.:,;=(]{1,4}){0,4}";
        Ok(Self {
            dated: pattern(&format!(
                r"(?:^|[^\p{{L}}\p{{N}}])(?i:{label}){between}({date})((?:,? (?:te|in) {PLACE})?)"
            ))?,
            placed: pattern(&format!(
                r"(?:^|[^\p{{L}}\p{{N}}])(?i:{label}),? (?:(?:te|in) )?({PLACE}(?:,| op|,? d\.d\.)? {date})"
            ))?,
        })
    }

    pub(super) fn masks(&self, text: &str, masks: &mut Vec<Mask>) {
        each(&self.dated, text, Kind::Birth, masks, |c| {
            let (date, place) = (c.get(1)?, c.get(2)?);
            let span = Span::new(date.start(), place.end().max(date.end()));
            (!after(text, date.end()).is_some_and(|c| c.is_ascii_digit())).then_some(span)
        });
        each(&self.placed, text, Kind::Birth, masks, |c| {
            let found = c.get(1)?;
            let span = Span::new(found.start(), found.end());
            (!after(text, span.end).is_some_and(|c| c.is_ascii_digit())).then_some(span)
        });
    }
}
