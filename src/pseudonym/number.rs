//! Numbers that identify: citizen service numbers, bank accounts, telephone numbers.

use std::collections::BTreeMap;

use regex::Regex;

use super::mask::{Kind, Mask};
use super::scan::{after, any, continues_number, each, pattern, stands_alone};
use super::words::Words;
use crate::error::Result;
use crate::span::Span;

/// Digits of a Dutch telephone number, and of the shortest and longest abroad.
const NATIONAL: usize = 10;
const ABROAD: std::ops::RangeInclusive<usize> = 9..=15;

/// The patterns of numbers.
#[derive(Debug)]
pub(super) struct Numbers {
    bsn: Regex,
    labelled_bsn: Regex,
    iban: Regex,
    labelled_iban: Regex,
    abroad: Regex,
    national: Regex,
    labelled_phone: Regex,
    lengths: BTreeMap<String, usize>,
}

impl Numbers {
    pub(super) fn new(words: &Words) -> Result<Self> {
        let lists = &words.numbers;
        // A label, and up to two words such as "nr", "is" or "van cliënt" before the number.
        let label = |list: &[String]| {
            format!(
                r"(?i)\b{}\b[.:]?(?:[ \t]{{0,2}}(?:nr|nummer|no|is|van|cliënte?|moeder|vader|kind|:|=|\.|\())*[ \t]{{0,3}}",
                any(list)
            )
        };
        Ok(Self {
            bsn: pattern(
                r"[0-9]{8,9}|[0-9]{4}[. ][0-9]{2}[. ][0-9]{2,3}|[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}",
            )?,
            labelled_bsn: pattern(&format!(
                "{}([0-9](?:[. -]?[0-9]){{7,8}})",
                label(&lists.bsn)
            ))?,
            iban: pattern(r"[A-Za-z]{2}[0-9]{2}(?:[ \u{a0}.-]?[A-Za-z0-9]){11,30}")?,
            labelled_iban: pattern(&format!(
                r"{}((?:[A-Za-z]{{2}}[0-9]{{2}}(?:[ \u{{a0}}.-]?[A-Z0-9]){{8,30}})|[0-9](?:[. ]?[0-9]){{6,9}})",
                label(&lists.iban)
            ))?,
            abroad: pattern(r"(?:\+|00)[1-9](?:(?: ?\(0\) ?| - |[ \u{a0}./-])?[0-9]){7,14}")?,
            national: pattern(r"\(?0[1-9](?:\)?(?: - |[ \u{a0}./-])?[0-9]){8}")?,
            labelled_phone: pattern(&format!(
                r"{}([0-9](?:[ .-]?[0-9]){{6,11}})",
                label(&lists.phone)
            ))?,
            lengths: words.ibans.clone(),
        })
    }

    pub(super) fn masks(&self, text: &str, masks: &mut Vec<Mask>) {
        let span = |m: Option<regex::Match<'_>>| m.map(|m| Span::new(m.start(), m.end()));
        each(&self.bsn, text, Kind::Bsn, masks, |c| {
            let found = span(c.get(0))?;
            let digits = digits(found.slice(text));
            let free = stands_alone(text, found)
                && !continues_number(text, found.start)
                && !number_goes_on(text, found.end);
            (free && is_bsn(&digits) && !is_compact_date(&digits)).then_some(found)
        });
        each(&self.labelled_bsn, text, Kind::Bsn, masks, |c| {
            span(c.get(1)).filter(|s| stands_alone(text, *s))
        });
        each(&self.iban, text, Kind::Iban, masks, |c| {
            self.iban_in(text, span(c.get(0))?, true)
        });
        each(&self.labelled_iban, text, Kind::Iban, masks, |c| {
            let found = span(c.get(1))?;
            self.iban_in(text, found, false)
                .or_else(|| stands_alone(text, found).then_some(found))
        });
        each(&self.abroad, text, Kind::Phone, masks, |c| {
            abroad(text, span(c.get(0))?)
        });
        each(&self.national, text, Kind::Phone, masks, |c| {
            national(text, span(c.get(0))?)
        });
        each(&self.labelled_phone, text, Kind::Phone, masks, |c| {
            let found = span(c.get(1))?;
            let written = found.slice(text);
            (stands_alone(text, found) && !is_date(written) && !is_compact_date(&digits(written)))
                .then_some(found)
        });
    }

    /// The account number that begins the stretch, as long as its country has them.
    fn iban_in(&self, text: &str, found: Span, checked: bool) -> Option<Span> {
        let country = found.slice(text).get(..2)?.to_uppercase();
        let length = *self.lengths.get(&country)?;
        let mut compact = String::new();
        let mut end = None;
        for (at, c) in found.slice(text).char_indices() {
            if c.is_ascii_alphanumeric() {
                compact.push(c.to_ascii_uppercase());
            }
            if compact.len() == length {
                end = Some(found.start + at + c.len_utf8());
                break;
            }
        }
        let span = Span::new(found.start, end?);
        let good = !checked || has_iban_check(&compact);
        (good && stands_alone(text, span)).then_some(span)
    }
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// "123.456.789,50", "12345678-90": more of the number comes.
fn number_goes_on(text: &str, end: usize) -> bool {
    let mut chars = text.get(end..).unwrap_or_default().chars();
    matches!(chars.next(), Some('.' | ',' | ':' | '/' | '-'))
        && chars.next().is_some_and(|c| c.is_ascii_digit())
}

/// The eleven test: weights 9 to 2 and -1.
fn is_bsn(digits: &str) -> bool {
    if !(8..=9).contains(&digits.len()) {
        return false;
    }
    let mut sum = 0_i32;
    for (n, digit) in digits.bytes().rev().enumerate() {
        let value = i32::from(digit - b'0');
        let weight = if n == 0 {
            -1
        } else {
            i32::try_from(n).unwrap_or(0) + 1
        };
        sum += weight * value;
    }
    sum != 0 && sum % 11 == 0
}

/// "20240311", "11032024".
fn is_compact_date(digits: &str) -> bool {
    let part =
        |range: std::ops::Range<usize>| digits.get(range).and_then(|p| p.parse::<u32>().ok());
    let fits = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        year.is_some_and(|y| (1900..2100).contains(&y))
            && month.is_some_and(|m| (1..=12).contains(&m))
            && day.is_some_and(|d| (1..=31).contains(&d))
    };
    digits.len() == 8
        && (fits(part(0..4), part(4..6), part(6..8)) || fits(part(4..8), part(2..4), part(0..2)))
}

/// The check of ISO 13616: 1 modulo 97.
fn has_iban_check(compact: &str) -> bool {
    let (head, tail) = compact.split_at(4.min(compact.len()));
    let mut rest = 0_u32;
    for c in tail.chars().chain(head.chars()) {
        let Some(value) = c.to_digit(36) else {
            return false;
        };
        rest = if value < 10 {
            (rest * 10 + value) % 97
        } else {
            (rest * 100 + value) % 97
        };
    }
    rest == 1
}

/// `+` or `00`, country and number; a Dutch one has nine digits after the country.
fn abroad(text: &str, found: Span) -> Option<Span> {
    let before = super::scan::before(text, found.start);
    if before.is_some_and(|c| c.is_alphanumeric() || c == '+')
        || continues_number(text, found.start)
    {
        return None;
    }
    let written = found.slice(text);
    let skip = if written.starts_with('+') { 1 } else { 2 };
    let mut count = 0;
    let mut end = None;
    let dutch = digits(written).trim_start_matches("00").starts_with("31");
    let zero = written.contains("(0)");
    for (at, c) in written.char_indices().skip(skip) {
        if c.is_ascii_digit() {
            count += 1;
            end = Some(found.start + at + 1);
            if dutch && count == 11 + usize::from(zero) {
                break;
            }
        }
    }
    let span = Span::new(found.start, end?);
    let digit_after = after(text, span.end).is_some_and(|c| c.is_ascii_digit());
    (ABROAD.contains(&count) && !digit_after).then_some(span)
}

/// Ten digits that begin with 0, grouped as telephone numbers are.
fn national(text: &str, found: Span) -> Option<Span> {
    if !stands_alone(text, found) || continues_number(text, found.start) {
        return None;
    }
    let written = found.slice(text);
    if digits(written).len() != NATIONAL || number_goes_on(text, found.end) {
        return None;
    }
    let first: String = written
        .trim_start_matches('(')
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    // "01-02-2024 12": of two digits only 06.
    if first.len() < 3 && first != "06" || is_date(written) || is_times(written) {
        return None;
    }
    if written.starts_with('(') != written.contains(')') {
        let inner = Span::new(
            found.start + usize::from(written.starts_with('(')),
            found.end,
        );
        return (!written.contains(')')).then_some(inner);
    }
    Some(found)
}

/// Whether a date begins it: "06-12-2024 10", "06-12-24 10.30".
fn is_date(written: &str) -> bool {
    let parts: Vec<&str> = written.split(|c: char| !c.is_ascii_digit()).collect();
    let signs: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    let same = matches!(signs.as_slice(), [a, b, ..] if a == b && matches!(a, '-' | '/' | '.'));
    let number = |n: usize| parts.get(n).and_then(|p| p.parse::<u32>().ok());
    let month = number(1).is_some_and(|m| (1..=12).contains(&m));
    let year = parts.get(2).is_some_and(|p| {
        p.len() == 4 && (p.starts_with("19") || p.starts_with("20"))
            || p.len() == 2
                && signs.get(2).is_none_or(|s| s.is_whitespace())
                && number(3).is_some_and(|h| h < 24)
                && number(4).is_some_and(|m| m < 60)
    });
    let iso = parts
        .first()
        .is_some_and(|p| p.len() == 4 && (p.starts_with("19") || p.starts_with("20")));
    same && month && (year || iso)
}

/// "09.00-10.30 11": pairs of digits that not one sign holds together.
fn is_times(written: &str) -> bool {
    let pairs = written
        .split(|c: char| !c.is_ascii_digit())
        .all(|p| p.len() == 2);
    let signs: Vec<char> = written.chars().filter(|c| !c.is_ascii_digit()).collect();
    pairs && signs.contains(&'.') && signs.iter().any(|s| *s != '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_rows() {
        assert!(is_bsn("409210079") && is_bsn("65677006") && is_bsn("065677006"));
        assert!(!is_bsn("123456789") && !is_bsn("000000000") && !is_bsn("1234567"));
        assert!(has_iban_check("NL73INGB0035134143") && has_iban_check("BE68539007547034"));
        assert!(!has_iban_check("NL74INGB0035134143") && !has_iban_check("NL"));
        assert!(is_compact_date("20240311") && is_compact_date("11032024"));
    }

    #[test]
    fn dates_and_times_are_no_telephone_numbers() {
        assert!(is_date("06-12-2024 10") && is_date("06-12-24 10.30"));
        assert!(!is_date("06-12-34 56 78") && !is_date("06 12 34 56 78"));
        assert!(is_times("09.00-10.30 11") && !is_times("06.12.34.56.78"));
    }
}
