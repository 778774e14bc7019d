//! Mail addresses, web addresses and names on social networks.

use regex::Regex;

use super::mask::{BARRIER, Kind, Mask};
use super::scan::{any, before, each, pattern};
use super::words::Words;
use crate::error::Result;
use crate::span::Span;

/// Letters of the shortest name of an account.
const SHORTEST: usize = 3;

/// The patterns of what is online.
#[derive(Debug)]
pub(super) struct Online {
    mail: Regex,
    url: Regex,
    bare: Regex,
    handle: Regex,
    account: Regex,
}

impl Online {
    pub(super) fn new(words: &Words) -> Result<Self> {
        let networks = any(&words.online.networks);
        let domains = any(&words.online.domains);
        Ok(Self {
            mail: pattern(
                r"[\p{L}\p{N}_%+-][\p{L}\p{N}._%+-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}",
            )?,
            url: pattern(r"(?i)https?://|www\.")?,
            bare: pattern(&format!(r"(?i)(?:[a-z0-9-]{{1,63}}\.){{1,4}}{domains}/"))?,
            handle: pattern(r"@[\p{L}\p{N}_][\p{L}\p{N}_.]+")?,
            account: pattern(&format!(
                r#"(?i)\b{networks}\b(?:[ -]?(?:account|naam|profiel|gebruikersnaam))?(\s?[:=]\s{{0,3}}|[ ]\(?["'“‘]?)(@?[\p{{L}}\p{{N}}_][\p{{L}}\p{{N}}_.-]+)"#
            ))?,
        })
    }

    pub(super) fn masks(&self, text: &str, words: &Words, masks: &mut Vec<Mask>) {
        let whole = |c: &regex::Captures<'_>| c.get(0).map(|m| Span::new(m.start(), m.end()));
        each(&self.mail, text, Kind::Mail, masks, whole);
        for regex in [&self.url, &self.bare] {
            each(regex, text, Kind::Url, masks, |c| {
                let found = whole(c)?;
                let inside = before(text, found.start)
                    .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '@' | '-'));
                let url = trimmed(text, to_its_end(text, found));
                (!inside && url.end > found.end).then_some(url)
            });
        }
        each(&self.handle, text, Kind::Account, masks, |c| {
            let found = trimmed(text, whole(c)?);
            let inside = before(text, found.start)
                .is_some_and(|c| c.is_alphanumeric() || matches!(c, '.' | '@' | '_'));
            let letters = found.slice(text).chars().any(char::is_alphabetic);
            (!inside && letters && found.len() > SHORTEST).then_some(found)
        });
        each(&self.account, text, Kind::Account, masks, |c| {
            let (sign, name) = (c.get(1)?, c.get(2)?);
            let found = trimmed(text, Span::new(name.start(), name.end()));
            is_account(found.slice(text), sign.as_str().contains([':', '=']), words)
                .then_some(found)
        });
    }
}

/// To the next blank, bracket or quotation mark.
fn to_its_end(text: &str, start: Span) -> Span {
    let rest = text.get(start.end..).unwrap_or_default();
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '[' | ']' | '"' | '“' | '”' | BARRIER)
    };
    Span::new(
        start.start,
        start.end + rest.find(ends).unwrap_or(rest.len()),
    )
}

/// Without the signs that end a sentence.
fn trimmed(text: &str, span: Span) -> Span {
    let kept = span
        .slice(text)
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'', '’', '-']);
    Span::new(span.start, span.start + kept.len())
}

/// After a colon every word that is no Dutch one; else only what no word looks like.
fn is_account(name: &str, colon: bool, words: &Words) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let odd = name.contains('_') || digits > 0 || name.trim_matches('.').contains('.');
    let long = name.chars().count() >= SHORTEST && letters >= 2;
    long && (odd && (letters > 2 || name.contains('_'))
        || colon && !words.is_dutch(&name.to_lowercase()) && !odd)
}
