//! The document's own date: written at its top, or in the name of the file.

use std::sync::OnceLock;

use regex::{Captures, Regex};
use time::{Date, Month};

use crate::document::DateCertainty;

/// Dates before this year are taken as something else.
const EARLIEST: i32 = 1980;
/// Lines at the top of a text that may hold its date without a label.
const TOP_LINES: usize = 4;
/// Bytes of the top that are searched for a labelled date.
const TOP: usize = 2000;

/// The months in Dutch.
pub const MONTH_NAMES: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

pub(super) const MONTHS: &str = r"jan(?:uari)?|feb(?:ruari)?|mrt|maart|apr(?:il)?|mei|juni?|juli?|aug(?:ustus)?|sept?(?:ember)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|january|february|march|may|june|july|august|october|mar|oct";

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, tried by the tests below"
)]
fn patterns() -> &'static [Regex; 3] {
    static PATTERNS: OnceLock<[Regex; 3]> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let any = format!(r"(?:(?<y1>\d{{4}})[-/.](?<m1>\d{{1,2}})[-/.](?<d1>\d{{1,2}})|(?<d2>\d{{1,2}})\s?[-/.]\s?(?<m2>\d{{1,2}})\s?[-/.]\s?'?(?<y2>\d{{4}}|\d{{2}})|(?<d3>\d{{1,2}})e?[\s-]+(?<m3>{MONTHS})\.?[\s-]+'?(?<y3>\d{{4}}|\d{{2}}\b)|(?<m4>(?:{MONTHS}))\.?\s+(?<d4>\d{{1,2}}),\s+(?<y4>\d{{4}}))");
        [
            Regex::new(&format!(r"(?i)\b(?:datum(?:\s+(?:verslag|notitie|gesprek|rapport|rapportage|melding|overleg|document|contact|brief|plan|zorgmelding|bespreking))?|verslagdatum|d\.?d\.?|gedateerd|dagtekening|date|opgemaakt(?:\s+op)?)\s*[:.]?\s*(?:(?:ma|di|wo|do|vr|za|zo)[a-z]*\.?\s+)?{any}")).expect("constant"),
            Regex::new(&format!(r"(?i)\b{any}")).expect("constant"),
            Regex::new(r"(?<y1>(?:19|20)\d{2})[-_.]?(?<m1>\d{2})[-_.]?(?<d1>\d{2})|(?<d2>\d{1,2})[-_.](?<m2>\d{1,2})[-_.](?<y2>(?:19|20)\d{2})").expect("constant"),
        ]
    })
}

/// The number of a month, from its number or name.
pub(super) fn month(text: &str) -> Option<u8> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    const NAMES: [&str; 12] = [
        "jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec",
    ];
    let name = text.to_lowercase();
    // As in "maart", and in English.
    for (start, number) in [("maa", 3), ("mar", 3), ("may", 5), ("oct", 10)] {
        if name.starts_with(start) {
            return Some(number);
        }
    }
    NAMES
        .iter()
        .position(|n| name.starts_with(n))
        .and_then(|n| u8::try_from(n + 1).ok())
}

fn date(found: &Captures<'_>) -> Option<Date> {
    let part = |names: [&str; 4]| {
        names
            .into_iter()
            .find_map(|n| found.name(n))
            .map(|m| m.as_str())
    };
    day(
        year(part(["y1", "y2", "y3", "y4"])?)?,
        month(part(["m1", "m2", "m3", "m4"])?)?,
        part(["d1", "d2", "d3", "d4"])?.parse().ok()?,
    )
}

/// A year, of two digits or four.
pub(super) fn year(text: &str) -> Option<i32> {
    Some(match text.parse().ok()? {
        year @ 0..=79 => 2000 + year,
        year @ 80..=99 => 1900 + year,
        year => year,
    })
}

/// A day of the years that notes are of.
pub(super) fn day(year: i32, month: u8, day: u8) -> Option<Date> {
    let date = Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()?;
    (EARLIEST..2100).contains(&date.year()).then_some(date)
}

/// A date in ISO form, time behind it allowed.
#[must_use]
pub fn iso(text: &str) -> Option<Date> {
    any(text.get(..10)?)
}

/// The first date in `text` in any of the usual forms; for date columns.
#[must_use]
pub fn any(text: &str) -> Option<Date> {
    let [_, plain, _] = patterns();
    plain.captures(text).and_then(|c| date(&c)).or_else(|| {
        let digits = text
            .trim()
            .get(..8)
            .filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
        let [.., name] = patterns();
        name.captures(digits).and_then(|c| date(&c))
    })
}

/// Days between Excel's first day and the Unix epoch (ECMA-376 part 1, 18.17.4.1: the 1900 date system).
const EXCEL_EPOCH: i32 = 25_569;

/// The date of a cell: written, or as the number of days that a spreadsheet keeps.
#[must_use]
pub fn cell(text: &str) -> Option<Date> {
    let days = text
        .split(['.', ','])
        .next()
        .and_then(|d| d.parse::<i32>().ok());
    match days {
        // From 1982 to 2064; years and telephone numbers lie outside.
        Some(days) if (30_000..60_000).contains(&days) => {
            let unix = Date::from_ordinal_date(1970, 1).ok()?;
            unix.checked_add(time::Duration::days(i64::from(days - EXCEL_EPOCH)))
        }
        _ => any(text),
    }
}

/// The document's own date and where it was found. Dates of birth are passed over.
#[must_use]
pub fn own_date(text: &str, shown: &str) -> Option<(Date, DateCertainty)> {
    let [labelled, plain, name] = patterns();
    let cut = |limit: usize| {
        text.get(..crate::span::floor(text, limit))
            .unwrap_or_default()
    };
    let top = cut(TOP);
    let birth = |at: usize| {
        let before = top.get(..at).unwrap_or_default();
        let tail: String = before
            .chars()
            .rev()
            .take(24)
            .collect::<String>()
            .to_lowercase();
        // Read backwards: "geb", "geboren", "geboortedatum".
        ["beg", "nerobeg", "mutadetroobeg"]
            .iter()
            .any(|w| tail.contains(w))
    };
    let first = |pattern: &Regex, within: &str| {
        pattern.captures_iter(within).find_map(|c| {
            let at = c.get(0)?.start();
            if birth(at) || c.get(0)?.as_str().to_lowercase().contains("geboorte") {
                None
            } else {
                date(&c)
            }
        })
    };
    if let Some(date) = first(labelled, top) {
        return Some((date, DateCertainty::Text));
    }
    let lines: usize = top
        .split_inclusive('\n')
        .filter(|l| !l.trim().is_empty())
        .take(TOP_LINES)
        .map(str::len)
        .sum();
    let head = top.get(..lines.min(400)).unwrap_or_else(|| cut(0));
    let file = shown.rsplit('/').next().unwrap_or_default();
    if let Some(date) = name.captures(file).and_then(|c| date(&c)) {
        return Some((date, DateCertainty::Name));
    }
    // In running text a date in the first lines is an event as often as the note's own: only near the start of a line.
    first(plain, head)
        .filter(|_| {
            plain.find(head).is_some_and(|m| {
                head.get(..m.start())
                    .unwrap_or_default()
                    .lines()
                    .last()
                    .unwrap_or_default()
                    .chars()
                    .count()
                    <= 40
            })
        })
        .map(|d| (d, DateCertainty::Text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_date_rows() {
        for (text, path, expected) in [
            (
                "Groepsrapportage\nDatum: 12-03-2024\nCl. kwam",
                "",
                Some("2024-03-12"),
            ),
            ("Utrecht, 3 mei 2019\n\nGeachte", "", Some("2019-05-03")),
            ("MDO 12/3/'14\nAanwezig", "", Some("2014-03-12")),
            ("Naam: A. geb. 03-04-2009\nVerslag", "", None),
            (
                "Naam: A. geb. 03-04-2009\nDatum verslag: 01-02-2024",
                "",
                Some("2024-02-01"),
            ),
            (
                "Cl. was moe.",
                "map/2024-03-12-notitie.txt",
                Some("2024-03-12"),
            ),
            (
                "Cl. was moe.",
                "map/20240312_notitie.txt",
                Some("2024-03-12"),
            ),
            ("Cl. was moe.", "map/notitie 7.txt", None),
            ("Brief d.d. 5 september 2016 over", "", Some("2016-09-05")),
        ] {
            assert_eq!(
                own_date(text, path).map(|d| d.0.to_string()).as_deref(),
                expected,
                "{text} {path}"
            );
        }
        assert_eq!(
            any("20240312").map(|d| d.to_string()).as_deref(),
            Some("2024-03-12")
        );
        assert_eq!(
            any("12-3-24 14:30").map(|d| d.to_string()).as_deref(),
            Some("2024-03-12")
        );
        for (text, expected) in [
            ("45363", Some("2024-03-12")),
            ("45363.604", Some("2024-03-12")),
            ("12-03-2024", Some("2024-03-12")),
            ("12.03.2024", Some("2024-03-12")),
            ("12-mrt-24", Some("2024-03-12")),
            ("12 March 2024", Some("2024-03-12")),
            ("Mar 12, 2024", Some("2024-03-12")),
            ("2024-03-12T10:15:00Z", Some("2024-03-12")),
            ("612345678", None),
            ("2024", None),
        ] {
            assert_eq!(
                cell(text).map(|d| d.to_string()).as_deref(),
                expected,
                "{text}"
            );
        }
    }
}
