//! Dated entries: a journal or logbook is one document with many days in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use time::Date;

use super::date::{MONTHS, day, month, year};
use crate::document::Document;

/// Bytes of a line that may hold the date of its entry.
const HEAD: usize = 120;
/// Days between two entries up to which a missing year follows from the other one.
const NEIGHBOURS: i64 = 120;
/// Days before the document's own date within which the newest entry gives the year of all.
const RECENT: i64 = 100;
/// Days that two entries alone may lie apart.
const YEAR: i64 = 366;
/// Entries of one line after which one more is taken to have one line.
const SOME: usize = 3;
/// An entry longer than this, and than so many of its kind, holds what follows the series.
const LONG: (usize, usize) = (2000, 6);

/// Where a dated entry begins, or where the last one ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// First byte in the document's text; it reaches to the next one.
    pub start: usize,
    /// Its date; none where the entries end, and where its year is unknown: the document's own date holds there.
    pub date: Option<Date>,
}

/// What a line with a date at its head looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Shape {
    weekday: bool,
    name_of_month: bool,
    year: bool,
    /// Nothing follows on the line.
    alone: bool,
}

/// A line that begins with a date.
struct Head {
    start: usize,
    /// End of its line.
    end: usize,
    shape: Shape,
    day: u8,
    month: u8,
    year: Option<i32>,
    date: Option<Date>,
}

#[expect(clippy::expect_used, reason = "a constant, tried by the tests below")]
static LINE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(&format!(
        r"(?ix)^\s*(?<mark>[-•·–*‣▪]\s+)?(?:[*_\#|]+\s*)?
        (?:(?<label>(?:contact|gespreks|rapportage)?datum(?:\s+(?:contact|gesprek|notitie|rapportage|bezoek|huisbezoek|overleg))?|d\.?d\.?)[*_]*\s*[:|\t]?\s*)?[*_]*\s*
        (?:(?<weekday>(?:ma|di|wo|do|vr|za|zo)(?:(?:an|ns|ens|nder|ij|ter|n)?dag)?)\b[.,]?\s+)?
        (?:(?<y1>(?:19|20)\d\d)[-/.](?<m1>\d\d?)[-/.](?<d1>\d\d?)
          |(?<d2>\d\d?)\s?[-/.]\s?(?<m2>\d\d?)\s?[-/.]\s?'?(?<y2>(?:19|20)\d\d|\d\d)
          |(?<d3>\d\d?)[-/](?<m3>\d\d?)
          |(?<d4>\d\d?)e?[\s-]+(?<m4>{MONTHS})\b\.?(?:[\s-]+(?:(?<y4>(?:19|20)\d\d)|'(?<y5>\d\d)))?
        )(?<after>$|[\s,;:|()*_T–-]|\.(?:\s|$))"
    ))
    .expect("constant")
});

/// What follows a date that begins no entry: the other end of a period, a birth, another day, the dots of a table of contents; behind
/// day and month alone, what is counted.
#[expect(clippy::expect_used, reason = "constants, tried by the tests below")]
static AFTER: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        Regex::new(r"(?i)^[\s*_]*(?:(?:t\s?/\s?m|tot|t\.?e\.?m\.?)\b|(?:-|–|—|en|of|,|/)\s*(?:(?:ma|di|wo|do|vr|za|zo)[a-z]*\.?\s+)?\d{1,4}\s?(?:[-/]\s?\d|[a-z]{3,}\.?\s+\d{4})|te\s|\(?geb|.*[.…·_]{4,}\s*\d{1,4}\s*$)").expect("constant"),
        Regex::new(r"(?i)^\s*(?:x|keer|maal|uur|uren|u|dag|dagen|week|weken|maand|maanden|jaar|jaren|jr|jarigen?|euro|%|km|min|minuten|personen|deel|van|mg|ml|tabl\w*|per)\b").expect("constant"),
    ]
});

/// What a line ends in that goes on in the next one with a date.
#[expect(clippy::expect_used, reason = "a constant, tried by the tests below")]
static GOES_ON: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)(?:[,(]|\b(?:op|van|tot|m|sinds|vanaf|per|dd|d\.d\.|en|of|om|voor|na|rond|is|was|geboren|geb\.?|geboortedatum|de|het|(?:maan|dins|woens|donder|vrij|zater|zon)dag))\s*$").expect("constant")
});

/// The entries of a document that is a series of them, in order; empty for any other one. Reads the text once.
///
/// A series is at least two lines of the same kind (with the same label, in a list, in a table, or plain) that begin with a date, of two
/// days or more, that run up or down. Two alone must look alike and lie within a year. Lines that all lie after the document's own date
/// are appointments. A year that is not written is taken from the entries beside it, or from the document's own date when the newest
/// entry lies shortly before it; else the entry has no date.
#[must_use]
pub fn entries(document: &Document) -> Vec<Entry> {
    let text = &document.text;
    let mut kinds: BTreeMap<String, Vec<Head>> = BTreeMap::new();
    let mut before = ["", "", ""];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end_matches(['\n', '\r']);
        if may_begin(line)
            && !document.is_quoted(start)
            && !GOES_ON.is_match(last_bytes(before[0]))
            && let Some((kind, head)) = head(line, start)
            && !is_mail(&kind, &before, text.get(at..).unwrap_or_default())
        {
            kinds.entry(kind).or_default().push(head);
        }
        before = [line, before[0], before[1]];
    }
    // What has its years first: the same days in a list without them are known then.
    let (with, without): (Vec<_>, Vec<_>) =
        (kinds.into_iter()).partition(|(_, heads)| heads.iter().any(|h| h.year.is_some()));
    let mut found: Vec<(String, Vec<Head>)> = Vec::new();
    for (kind, heads) in with.into_iter().chain(without) {
        let dates = found.iter().flat_map(|f| &f.1).filter_map(|h| h.date);
        let known: Vec<Date> = dates.chain(document.date).collect();
        if let Some(heads) = series(heads, &kind, document.date, &known) {
            found.push((kind, heads));
        }
    }
    extents(text, &found)
}

/// Cheap look at a line: a date, a weekday or a label may begin it.
fn may_begin(line: &str) -> bool {
    let inside = line.trim_start_matches(|c: char| {
        c.is_whitespace() || matches!(c, '-' | '•' | '·' | '–' | '*' | '‣' | '▪' | '_' | '#' | '|')
    });
    matches!(
        inside.as_bytes().first(),
        Some(b'0'..=b'9' | b'm' | b'M' | b'd' | b'D' | b'w' | b'W' | b'v' | b'V' | b'z' | b'Z')
            | Some(b'c' | b'C' | b'g' | b'G' | b'r' | b'R')
    )
}

fn last_bytes(line: &str) -> &str {
    let line = line.trim_end();
    let from = crate::span::floor(line, line.len().saturating_sub(16));
    line.get(from..).unwrap_or_default()
}

/// The head of an entry that a line begins with, and its kind.
fn head(line: &str, start: usize) -> Option<(String, Head)> {
    let top = line.get(..crate::span::floor(line, HEAD))?;
    let found = LINE.captures(top)?;
    let part = |names: [&str; 5]| names.iter().find_map(|n| found.name(n)).map(|m| m.as_str());
    let of_month: u8 = part(["d1", "d2", "d3", "d4", "d1"])?.parse().ok()?;
    let number = month(part(["m1", "m2", "m3", "m4", "m1"])?)?;
    let written = part(["y1", "y2", "y4", "y5", "y1"]).and_then(year);
    let after = found.name("after")?;
    let rest = line.get(after.start()..)?;
    let [never, counted] = &*AFTER;
    let numeric = found.name("d3").is_some();
    // A leap year, so that every day that may be is one.
    let valid = day(written.unwrap_or(2000), number, of_month).is_some();
    if !valid
        || never.is_match(rest)
        || numeric && (rest.starts_with(['-', '–']) || counted.is_match(rest))
    {
        return None;
    }
    let alone = |c: char| c.is_whitespace() || matches!(c, '*' | '_' | ':' | '|' | '.');
    let shape = Shape {
        weekday: found.name("weekday").is_some(),
        name_of_month: found.name("m4").is_some(),
        year: written.is_some(),
        alone: rest.trim_matches(alone).is_empty(),
    };
    let kind = match (found.name("label"), found.name("mark")) {
        (Some(label), _) => label.as_str().to_lowercase(),
        (None, Some(_)) => "-".to_owned(),
        (None, None) if is_cell(rest) => "|".to_owned(),
        (None, None) => String::new(),
    };
    let head = Head {
        start,
        end: start + line.len(),
        shape,
        day: of_month,
        month: number,
        year: written,
        date: None,
    };
    Some((kind, head))
}

/// Whether what follows a date is the next cell of a row.
fn is_cell(rest: &str) -> bool {
    rest.trim_start_matches(' ').starts_with(['\t', '|'])
}

/// Whether a date with a label is a line of a mail's head: a sender stands above or below it.
fn is_mail(kind: &str, before: &[&str; 3], after: &str) -> bool {
    let sender = |line: &&str| {
        let line = line
            .trim_start_matches(['>', '*', ' ', '\t'])
            .to_lowercase();
        ["van:", "from:", "aan:", "to:", "verzonden:"]
            .iter()
            .any(|w| line.starts_with(w))
    };
    kind.starts_with('d')
        && (before.iter().any(sender) || after.lines().take(3).any(|l| sender(&l)))
}

/// The heads of one kind with their dates, if they make a series.
fn series(
    mut heads: Vec<Head>,
    kind: &str,
    own: Option<Date>,
    known: &[Date],
) -> Option<Vec<Head>> {
    let (first, last) = (heads.first()?, heads.last()?);
    let numbers_only = |h: &Head| h.year.is_none() && !h.shape.name_of_month && !h.shape.weekday;
    let few = heads.len() == 2;
    if few && (first.shape != last.shape || numbers_only(first) && kind.is_empty()) {
        return None;
    }
    years(&mut heads, own, known);
    let dates: Vec<Date> = heads.iter().filter_map(|h| h.date).collect();
    let (oldest, newest) = (dates.iter().min()?, dates.iter().max()?);
    let pairs = dates.len() - 1;
    let run = |holds: fn(&[Date]) -> bool| dates.windows(2).filter(|w| holds(w)).count();
    // Entries that were added later, or a year that was typed wrong, may stand out of order.
    let (up, down) = (run(|w| w[0] <= w[1]), run(|w| w[0] >= w[1]));
    let ordered = up.max(down) * 5 >= pairs * 4;
    let to_come = own.is_some_and(|own| *oldest > own);
    (oldest != newest && ordered && !to_come && !(few && (*newest - *oldest).whole_days() > YEAR))
        .then_some(heads)
}

/// Gives every head its date, as far as its year is known: by its own, a `known` date on the same day, or the entry beside it.
fn years(heads: &mut [Head], own: Option<Date>, known: &[Date]) {
    for head in heads.iter_mut() {
        head.date = head.year.and_then(|y| day(y, head.month, head.day));
    }
    if heads.iter().all(|h| h.date.is_none()) {
        let mut same = heads.iter_mut().filter_map(|h| {
            let day = |d: &&Date| (u8::from(d.month()), d.day()) == (h.month, h.day);
            let date = known.iter().rev().find(day)?;
            Some((h, *date))
        });
        if let Some((head, date)) = same.next() {
            head.date = Some(date);
        } else if let Some(date) = own.and_then(|own| by_newest(heads, own))
            && let Some(first) = heads.first_mut()
        {
            first.date = Some(date);
        }
    }
    let Some(first) = heads.iter().position(|h| h.date.is_some()) else {
        return;
    };
    let (before, after) = heads.split_at_mut(first);
    let mut beside = after.first().and_then(|h| h.date);
    for head in before.iter_mut().rev() {
        head.date = beside.and_then(|b| nearest(head, b));
        beside = head.date.or(beside);
    }
    let mut beside = None;
    for head in after {
        head.date = head.date.or_else(|| beside.and_then(|b| nearest(head, b)));
        beside = head.date.or(beside);
    }
}

/// The date of the first head when the newest one lies shortly before the document's own date.
fn by_newest(heads: &[Head], own: Date) -> Option<Date> {
    (-3..=0).rev().find_map(|years| {
        let first = heads.first()?;
        let start = day(own.year() + years, first.month, first.day)?;
        let mut beside = start;
        let mut newest = start;
        for head in heads.iter().skip(1) {
            beside = nearest(head, beside)?;
            newest = newest.max(beside);
        }
        let before = (own - newest).whole_days();
        (0..=RECENT).contains(&before).then_some(start)
    })
}

/// The day of a head in the year that brings it nearest to the entry beside it, when that leaves no doubt.
fn nearest(head: &Head, beside: Date) -> Option<Date> {
    let distance = |d: &Date| (*d - beside).whole_days().abs();
    (-1..=1)
        .filter_map(|n| day(beside.year() + n, head.month, head.day))
        .min_by_key(distance)
        .filter(|d| distance(d) <= NEIGHBOURS)
}

/// The date of the entry that a byte of the text stands in.
#[must_use]
pub fn date_at(entries: &[Entry], offset: usize) -> Option<Date> {
    let after = entries.partition_point(|e| e.start <= offset);
    entries.get(after.checked_sub(1)?)?.date
}

/// Where the entries of all series begin and end.
fn extents(text: &str, found: &[(String, Vec<Head>)]) -> Vec<Entry> {
    let mut starts: Vec<usize> = found
        .iter()
        .flat_map(|f| f.1.iter().map(|h| h.start))
        .collect();
    starts.sort_unstable();
    let mut out = Vec::new();
    for (kind, heads) in found {
        let until = |h: &Head| {
            let next = starts.partition_point(|s| *s <= h.start);
            starts.get(next).copied().unwrap_or(text.len())
        };
        let last = heads.last().map_or(0, |h| h.start);
        let body = |h: &Head| text.get(h.start..until(h)).unwrap_or_default().trim_end();
        let others: Vec<&str> = heads.iter().filter(|h| h.start != last).map(body).collect();
        let sorted = |f: fn(&str) -> usize| {
            let mut list: Vec<usize> = others.iter().map(|b| f(b)).collect();
            list.sort_unstable();
            list
        };
        let lines = sorted(|b| b.lines().count());
        let middle = |list: &[usize]| list.get(list.len().saturating_sub(1) / 2).copied();
        let one_line = match kind.as_str() {
            "|" => middle(&lines) == Some(1),
            "-" => lines.last() == Some(&1),
            // Of plain lines, some must stand directly below each other.
            _ => {
                let before = heads.iter().filter(|h| h.start != last);
                let apart = |h: &Head| blank(text.get(h.start..until(h)).unwrap_or_default());
                lines.last() == Some(&1)
                    && lines.len() >= SOME
                    && before.filter_map(apart).count() == 0
            }
        };
        let whole = others.iter().filter(|b| blank(b).is_none()).count() * 4 >= others.len() * 3;
        let usual = middle(&sorted(str::len)).unwrap_or(0);
        for head in heads {
            out.push(Entry {
                start: head.start,
                date: head.date,
            });
            let long = body(head).len() > LONG.0.max(usual * LONG.1);
            let line = head.end - head.start;
            let length = if head.start == last && one_line {
                Some(line)
            } else if head.start == last && whole || long {
                blank(body(head)).or(long.then_some(line))
            } else {
                None
            };
            if let Some(end) = length.map(|l| head.start + l).filter(|e| *e < until(head)) {
                out.push(Entry {
                    start: end,
                    date: None,
                });
            }
        }
    }
    out.sort_by_key(|e| e.start);
    out
}

/// Where an empty line ends the first paragraph of an entry.
fn blank(body: &str) -> Option<usize> {
    let mut at = 0;
    body.split_inclusive('\n').find_map(|line| {
        let here = at;
        at += line.len();
        line.trim().is_empty().then_some(here)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The dates that entries begin with; `-` where the document's own holds again.
    fn dates(text: &str, own: &str) -> String {
        let mut document = Document::from_text("a.txt", text);
        document.date = super::super::date::iso(own);
        let list = entries(&document);
        let shown = |e: &Entry| e.date.map_or_else(|| "-".to_owned(), |d| d.to_string());
        list.iter().map(shown).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn heads_of_entries() {
        for text in [
            "Contactjournaal\n12-03-2024 Tel. contact moeder: rustig.\nZij belt terug.\n\n19-03-2024 Huisbezoek.\nNiemand thuis.",
            "12 maart 2024 tel. moeder\nrustig\n19 maart 2024 huisbezoek\nniemand thuis",
            "di 12 mrt 2024, 14.30 u - huisbezoek\nrustig\ndi 19 mrt 2024, 9.00 u - kantoor\nrustig",
            "Datum: 12 maart 2024\nContact met: moeder\n\nRustig.\n\nDatum: 19 maart 2024\nContact met: school\n\nRustig.",
            "2024-03-12 | KS | tel. moeder\nrustig\n2024-03-19 | KS | bezoek\nrustig",
            "**12-03-2024** gesprek\nrustig\n**19-03-2024** tel. met moeder\nrustig",
            "### Dinsdag 12 maart 2024:\nrustig\n### Dinsdag 19 maart 2024:\nrustig",
            "12/3/'24: tel. moeder\nrustig\n19/3/'24: bezoek\nrustig",
            "12-3-24\nrustig\n19-3-24\nrustig",
            "12.03.2024 - 14.30 u tel. moeder\nrustig\n19.03.2024 - 10.00 u bezoek\nrustig",
        ] {
            assert_eq!(dates(text, "2024-04-01"), "2024-03-12 2024-03-19", "{text}");
        }
        // Downwards, and with one out of order.
        assert_eq!(
            dates("19-03-2024 bezoek\na\n12-03-2024 tel.\nb", ""),
            "2024-03-19 2024-03-12"
        );
        assert_eq!(
            dates("1-3-2024 a\nx\n2-3-2024 a\nx\n4-3-2024 a\nx\n3-3-2024 a\nx\n8-3-2024 a\nx\n9-3-2024 a\nx", "").len(),
            6 * 11 - 1
        );
    }

    #[test]
    fn dates_that_are_no_heads() {
        for text in [
            "12-03-2024\nUtrecht\n\nGeachte mevrouw, rustig.",
            "12-03-2024\nGeachte mevrouw,\n\n19-03-2019 werd zij geplaatst.",
            "Kim geb. 12-03-2009\nBo geb. 14-05-2011",
            "12-03-2009 te Utrecht\n14-05-2011 te Zeist",
            "1-2-2024 t/m 3-2-2024\n5-2-2024 t/m 7-2-2024",
            "1-2-2024 - 3-2-2024 vakantie\n5-2-2024 - 7-2-2024 vakantie",
            "Moeder belde op\n12-03-2024 en ook op\n19-03-2024 over school.",
            "12-03-2024 Gesprek moeder ........ 3\n19-03-2024 Gesprek vader ........ 5",
            "> Datum: 12-03-2024\n> tekst\n> Datum: 11-03-2024\n> tekst",
            "Van: A\nDatum: 12-03-2024\nAan: B\nrustig\nVan: B\nDatum: 11-03-2024\nAan: A\nrustig",
            "Datum: 12-03-2024 blad 1\ntekst\nDatum: 12-03-2024 blad 2\ntekst",
            "Datum verslag: 12-03-2024\nDatum gesprek: 5-3-2024\nrustig",
            "Afspraken\n- 12-04-2024 overleg\n- 19-04-2024 evaluatie",
            "16.30 thuis\n17.00 eten\n19.30 weg",
            "1-2 keer per week\n3-4 keer per maand\n5-6 keer",
            "03-2024 aanmelding\n05-2024 start",
            "12-03-2019 melding\n\n3-5-2022 besluit",
            "1-3-2024 a\n9-1-2023 b\n4-5-2024 c\n3-1-2022 d",
        ] {
            assert_eq!(dates(text, "2024-04-01"), "", "{text}");
        }
        let mut document =
            Document::from_text("a.eml", "Dag\n\n12-03-2024 tel.\na\n19-03-2024 tel.\nb");
        document.quoted = vec![crate::Span::new(5, document.text.len())];
        assert_eq!(entries(&document), []);
    }

    #[test]
    fn years_that_are_not_written() {
        let text = "12-12 tel. moeder\na\n19-12 bezoek\nb\n2-1 bezoek\nc";
        for (own, expected) in [
            // The newest lies shortly before the own date.
            ("2024-01-20", "2023-12-12 2023-12-19 2024-01-02"),
            // It is the own date of one of them.
            ("2023-12-12", "2023-12-12 2023-12-19 2024-01-02"),
            ("2024-01-02", "2023-12-12 2023-12-19 2024-01-02"),
            ("2024-09-01", ""),
            ("2023-12-01", ""),
            ("", ""),
        ] {
            assert_eq!(dates(text, own), expected, "{own}");
        }
        // From the entries beside it.
        assert_eq!(
            dates("12-12-2023 a\nx\n19-12 b\nx\n2-1 c\nx\n5-8 d\nx", ""),
            "2023-12-12 2023-12-19 2024-01-02 -"
        );
        assert_eq!(
            dates("4 maart tel.\na\n12 maart tel.\nb", "2024-04-02"),
            "2024-03-04 2024-03-12"
        );
        assert_eq!(dates("29 feb tel.\na\n12 maart tel.\nb", "2023-04-02"), "");
    }

    #[test]
    fn the_last_entry_ends_as_the_others_do() {
        for (text, expected) in [
            // Rows of a table.
            (
                "Datum\tSoort\n4 maart 2024\thuisbezoek\n12 maart 2024\tkantoor\nZij is veranderd.",
                "2024-03-04 2024-03-12 -",
            ),
            // Lines of a list.
            (
                "- 4-3-2022 melding\n- 12-3-2023 melding\n- 13-3-2023 besluit\nConclusie\nZij is veranderd.",
                "2022-03-04 2023-03-12 2023-03-13 -",
            ),
            // Paragraphs.
            (
                "4-3-2024 tel.\nrustig\n\n12-3-2024 tel.\nrustig\n\nAfspraken\nMoeder belt.",
                "2024-03-04 2024-03-12 -",
            ),
            (
                "4-3-2024 tel.\n\nrustig\n\n12-3-2024 tel.\n\nrustig\n\nen door",
                "2024-03-04 2024-03-12",
            ),
        ] {
            assert_eq!(dates(text, ""), expected, "{text}");
        }
        let long = format!(
            "4-3-2024 tel.\nrustig\n\n12-3-2024 tel.\nrustig\n\n{}\n\n2-4-2024 tel.\nrustig",
            "Beschrijving van het gezin.\n".repeat(120)
        );
        assert_eq!(dates(&long, ""), "2024-03-04 2024-03-12 - 2024-04-02");
    }
}
