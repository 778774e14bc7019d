//! Recognisers: ages, amounts, counts, times of night, names, dates.
//!
//! Each looks at the words from one place on and says how many of them it takes and which value they have.

use time::Date;

use super::age::{age, age_gap, client_age, older};
use crate::document::Document;
use crate::lexicon::pattern::Recogniser;
use crate::text::number::{cardinal, ordinal};
use crate::text::{CAPITAL, DIGIT, SENTENCE, STOP_AFTER, View};

/// What a recogniser may know about the document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Clock {
    /// The document's own date.
    pub date: Option<Date>,
    /// Age of the young person at that date.
    pub age: Option<u32>,
}

impl Clock {
    /// What a document and its text tell.
    #[must_use]
    pub fn of(document: &Document, view: &View) -> Self {
        let born = || {
            let years = document.date?.year().checked_sub(document.birth_year?)?;
            u32::try_from(years).ok()
        };
        Self {
            date: document.date,
            age: born().or_else(|| client_age(view)),
        }
    }
}

/// What was recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// So many words.
    pub words: usize,
    /// Their value.
    pub value: u32,
}

/// Days after which a dated event is past.
const PAST_DAYS: i64 = 120;

/// Tries the recogniser at word `at`; it does not look past `end`.
#[must_use]
pub fn recognise(
    kind: Recogniser,
    view: &View,
    at: usize,
    end: usize,
    clock: Clock,
) -> Option<Recognised> {
    let here = Words { view, at, end };
    match kind {
        Recogniser::Age => age(&here),
        Recogniser::AgeGap => age_gap(&here),
        Recogniser::Older => older(&here, clock.age?),
        Recogniser::Amount => amount(&here),
        Recogniser::Count => count(&here),
        Recogniser::Times => times(&here),
        Recogniser::Night => night(&here),
        Recogniser::Name => name(&here),
        Recogniser::Past => dated(&here, clock)
            .filter(|(_, days)| *days < -PAST_DAYS)
            .map(|(words, _)| Recognised { words, value: 0 }),
        Recogniser::Later => dated(&here, clock)
            .filter(|(_, days)| *days > 0)
            .map(|(words, _)| Recognised { words, value: 0 }),
        Recogniser::Clock => clock_time(&here).map(|(words, minutes)| Recognised {
            words,
            value: minutes,
        }),
    }
}

/// The words from one place on.
pub(super) struct Words<'a> {
    pub(super) view: &'a View,
    pub(super) at: usize,
    pub(super) end: usize,
}

impl<'a> Words<'a> {
    pub(super) fn word(&self, n: usize) -> &'a str {
        if self.at + n < self.end {
            self.view.word(self.at + n)
        } else {
            ""
        }
    }

    pub(super) fn number(&self, n: usize) -> Option<u32> {
        cardinal(self.word(n)).filter(|_| self.word(n) != "een" && self.word(n) != "nul")
    }

    pub(super) fn gap(&self, n: usize) -> &'a str {
        if self.at + n <= self.end {
            self.view.gap(self.at + n)
        } else {
            ""
        }
    }

    pub(super) fn has(&self, n: usize, flags: u16) -> bool {
        self.view
            .tokens
            .get(self.at + n)
            .is_some_and(|t| t.has(flags))
    }
}

pub(super) const fn found(words: usize, value: u32) -> Option<Recognised> {
    Some(Recognised { words, value })
}

/// A number written with thousands and cents: "1.500,-", "75,00", "3000".
fn written_number(here: &Words<'_>, n: usize) -> Option<(usize, u32)> {
    let mut value = here.number(n)?;
    let mut next = n + 1;
    if here.has(n, DIGIT) {
        while here.has(next, DIGIT) && here.gap(next) == "." && here.word(next).len() == 3 {
            value = value
                .checked_mul(1000)?
                .checked_add(here.number(next).or_else(|| here.word(next).parse().ok())?)?;
            next += 1;
        }
        if here.has(next, DIGIT) && here.gap(next) == "," && here.word(next).len() == 2 {
            next += 1;
        }
    }
    Some((next - n, value))
}

fn amount(here: &Words<'_>) -> Option<Recognised> {
    if matches!(here.word(0), "eur" | "euro" | "f" | "fl") && !here.word(0).is_empty() {
        let (words, value) = written_number(here, 1)?;
        if here.gap(1).contains(['\n', ';']) {
            return None;
        }
        return found(words + 1, value);
    }
    // Slang for notes and sums.
    let slang = match here.word(0) {
        "tientje" | "donnie" | "joet" => Some(10),
        "bankoe" | "vijftigje" => Some(50),
        "barkie" | "barki" | "meier" | "honderdje" => Some(100),
        "doezoe" => Some(1000),
        _ => None,
    };
    if let Some(value) = slang {
        return found(1, value);
    }
    let (words, value) = written_number(here, 0)?;
    match here.word(words) {
        "tientjes" | "donnies" => found(words + 1, value.saturating_mul(10)),
        "barkies" | "meier" | "meiers" => found(words + 1, value.saturating_mul(100)),
        "ruggen" | "doezoe" | "doezoes" => found(words + 1, value.saturating_mul(1000)),
        "piek" => found(words + 1, value),
        "euro" | "euros" | "eur" | "eu" | "eurootjes" | "gulden" => found(words + 1, value),
        _ if here.view.gap(here.at + words).starts_with(",-") => found(words, value),
        _ => None,
    }
}

fn count(here: &Words<'_>) -> Option<Recognised> {
    if here.word(0) == "een" {
        return None;
    }
    let value = here.number(0)?;
    found(1, value)
}

fn times(here: &Words<'_>) -> Option<Recognised> {
    match here.word(0) {
        "weer" | "opnieuw" | "wederom" | "nogmaals" => return found(1, 2),
        "herhaaldelijk" | "meermaals" | "meermalen" => return found(1, 3),
        "voor" if here.word(1) == "de" => {
            let value = ordinal(here.word(2)).or_else(|| here.number(2))?;
            let suffix = usize::from(matches!(here.word(3), "e" | "de" | "ste"));
            return matches!(here.word(3 + suffix), "keer" | "maal").then_some(Recognised {
                words: 4 + suffix,
                value,
            });
        }
        _ => {}
    }
    if let Some(value) = ordinal(here.word(0)) {
        return matches!(here.word(1), "keer" | "maal").then_some(Recognised { words: 2, value });
    }
    let value = here.number(0)?;
    let suffix = usize::from(matches!(here.word(1), "e" | "de" | "ste"));
    matches!(here.word(1 + suffix), "keer" | "maal" | "x").then_some(Recognised {
        words: 2 + suffix,
        value,
    })
}

/// A clock time: words taken, minutes after midnight.
fn clock_time(here: &Words<'_>) -> Option<(usize, u32)> {
    let hour = here.number(0).or_else(|| {
        (here.word(0) == "0" || here.word(0) == "00" || here.word(0) == "een")
            .then(|| here.word(0).parse().unwrap_or(1))
    })?;
    // The minutes of "21.00 uur" are no time of their own.
    let minutes_of_another = here.has(0, DIGIT)
        && matches!(here.gap(0), "." | ":")
        && here.at > 0
        && here
            .view
            .tokens
            .get(here.at - 1)
            .is_some_and(|t| t.has(DIGIT));
    if hour > 24 || minutes_of_another {
        return None;
    }
    let glued = matches!(here.gap(1), "." | ":" | "");
    // "21.30 u", "21:30", "21u30", "4 uur", "04.30"
    if here.has(0, DIGIT) && here.has(1, DIGIT) && glued && here.word(1).len() == 2 {
        let minutes: u32 = here.word(1).parse().ok().filter(|m| *m < 60)?;
        let unit = matches!(here.word(2), "u" | "uur" | "h" | "uren");
        let date = matches!(here.gap(2), "." | "-" | "/") && here.has(2, DIGIT);
        if date || !(unit || here.word(0).len() == 2 || here.gap(1) == ":") {
            return None;
        }
        return Some((2 + usize::from(unit), hour * 60 + minutes));
    }
    if matches!(here.word(1), "u" | "uur" | "h") {
        let minutes = if here.has(2, DIGIT) && here.gap(2).is_empty() {
            here.word(2).parse::<u32>().unwrap_or(0)
        } else {
            0
        };
        // "twee uur lang", "3 uur later" are spans of time.
        if matches!(
            here.word(2),
            "lang" | "later" | "geleden" | "per" | "durende" | "weg" | "onderweg"
        ) {
            return None;
        }
        return Some((2 + usize::from(minutes > 0), hour * 60 + minutes));
    }
    None
}

fn night(here: &Words<'_>) -> Option<Recognised> {
    match (here.word(0), here.word(1)) {
        ("s", "nachts") | ("snachts" | "vannacht" | "nachts", _) => {
            return found(if here.word(0) == "s" { 2 } else { 1 }, 0);
        }
        ("midden", "in") if here.word(2) == "de" && here.word(3) == "nacht" => return found(4, 0),
        ("half", _) => {
            let hour = here.number(1)?;
            let nightly = matches!(here.word(2), "s") && here.word(3) == "nachts";
            return (nightly && hour <= 7).then_some(Recognised { words: 4, value: 0 });
        }
        _ => {}
    }
    let (words, minutes) = clock_time(here)?;
    // Hours in words ("drie uur") are night only when it says so.
    let nightly = here.word(words) == "s" && here.word(words + 1) == "nachts";
    let plain = here.has(0, DIGIT)
        && (here.word(0).len() == 2
            || here.word(0) == "0"
            || minutes % 60 != 0
            || minutes >= 22 * 60);
    let at_night = !(6 * 60 + 30..22 * 60).contains(&minutes);
    if nightly {
        return found(words + 2, minutes);
    }
    (at_night && plain).then_some(Recognised {
        words,
        value: minutes,
    })
}

fn name(here: &Words<'_>) -> Option<Recognised> {
    let word = here.word(0);
    if !here.has(0, CAPITAL) || here.has(0, DIGIT) {
        return None;
    }
    let initial = word.len() == 1 && here.has(0, STOP_AFTER);
    let inside = !here.has(0, SENTENCE) && word.len() > 1 && !is_origin(word);
    (initial || inside && !here.gap(0).contains(':')).then_some(Recognised { words: 1, value: 0 })
}

/// Whether a capital stands for where somebody is from ("een Poolse jongen", "een Belgische man"), which is no name. Names in -ise and the
/// like are ("Louise", "Ilse", "Therese").
fn is_origin(word: &str) -> bool {
    let is_name = || {
        ["ise", "ilse", "rese"]
            .iter()
            .any(|end| word.ends_with(end))
    };
    word.ends_with("ische") || word.len() >= 6 && word.ends_with("se") && !is_name()
}

fn month(word: &str) -> Option<u8> {
    const MONTHS: [(&str, &str); 12] = [
        ("januari", "jan"),
        ("februari", "feb"),
        ("maart", "mrt"),
        ("april", "apr"),
        ("mei", "mei"),
        ("juni", "jun"),
        ("juli", "jul"),
        ("augustus", "aug"),
        ("september", "sep"),
        ("oktober", "okt"),
        ("november", "nov"),
        ("december", "dec"),
    ];
    if word == "sept" {
        return Some(9);
    }
    MONTHS
        .iter()
        .position(|(long, short)| *long == word || *short == word)
        .and_then(|n| u8::try_from(n + 1).ok())
}

fn year(word: &str, short: bool) -> Option<i32> {
    let value: i32 = word.parse().ok()?;
    match word.len() {
        4 if (1985..=2040).contains(&value) => Some(value),
        2 if short => Some(if value < 80 {
            2000 + value
        } else {
            1900 + value
        }),
        _ => None,
    }
}

/// A date or period; words taken and days from the document's date to the nearest day of it (negative: before).
fn dated(here: &Words<'_>, clock: Clock) -> Option<(usize, i64)> {
    // Without an own date, a year or month that is named is taken as past: a note seldom names its own.
    let Some(today) = clock.date else {
        let unnamed = Clock {
            date: Date::from_calendar_date(2041, time::Month::January, 1).ok(),
            ..clock
        };
        return dated(here, unnamed).filter(|(words, _)| *words < 3);
    };
    let distance = |from: Date, to: Date| -> i64 {
        if to < today {
            (to - today).whole_days()
        } else if from > today {
            (from - today).whole_days()
        } else {
            0
        }
    };
    let whole_month = |year: i32, m: u8| -> Option<(Date, Date)> {
        let m = time::Month::try_from(m).ok()?;
        Some((
            Date::from_calendar_date(year, m, 1).ok()?,
            Date::from_calendar_date(year, m, m.length(year)).ok()?,
        ))
    };
    let whole_year = |year: i32| {
        Some((
            Date::from_ordinal_date(year, 1).ok()?,
            Date::from_ordinal_date(year, 365).ok()?,
        ))
    };
    // "jaren 90", "jaren negentig"
    if here.word(0) == "jaren" {
        let decade = here.number(1).or_else(|| here.word(1).parse().ok());
        let decade = decade.filter(|d| (60..=90).contains(d) && d % 10 == 0)?;
        let from = 1900 + i32::try_from(decade).ok()?;
        return Some((2, distance(whole_year(from)?.0, whole_year(from + 9)?.1)));
    }
    if here.has(0, DIGIT) {
        // "'15", "'15-'16", "'15/'16": years
        if here.word(0).len() == 2 && here.gap(0).ends_with('\'') {
            let (from, to) = whole_year(year(here.word(0), true)?)?;
            let second = here.has(1, DIGIT) && matches!(here.gap(1), "-'" | "/'" | "-" | "/");
            if let Some(y) = second.then(|| year(here.word(1), true)).flatten() {
                return Some((2, distance(from, whole_year(y)?.1)));
            }
            return Some((1, distance(from, to)));
        }
        // 11-2018
        if here.word(0).len() <= 2 && here.word(1).len() == 4 && matches!(here.gap(1), "-" | "/") {
            let m: u8 = here.word(0).parse().ok().filter(|m| (1..=12).contains(m))?;
            let (from, to) = whole_month(year(here.word(1), false)?, m)?;
            return Some((2, distance(from, to)));
        }
        // 12-03-2024, 12/3/24, 12.03.2024
        let separated = |n: usize| matches!(here.gap(n), "-" | "/" | ".");
        if here.word(0).len() <= 2 && here.has(1, DIGIT) && separated(1) {
            let day: u8 = here.word(0).parse().ok().filter(|d| (1..=31).contains(d))?;
            let number: u8 = here.word(1).parse().ok().filter(|m| (1..=12).contains(m))?;
            let m = time::Month::try_from(number).ok()?;
            if here.has(2, DIGIT) && (separated(2) || here.gap(2).ends_with('\'')) {
                let date = Date::from_calendar_date(year(here.word(2), true)?, m, day).ok()?;
                return Some((3, distance(date, date)));
            }
            return None;
        }
        // 12 maart [2024]
        if let Some(m) = month(here.word(1)) {
            let day: u8 = here.word(0).parse().ok().filter(|d| (1..=31).contains(d))?;
            let m = time::Month::try_from(m).ok()?;
            if let Some(y) = year(here.word(2), false) {
                let date = Date::from_calendar_date(y, m, day).ok()?;
                return Some((3, distance(date, date)));
            }
            return None;
        }
        let y = year(here.word(0), false)?;
        if here.gap(0).ends_with(['-', '/', '.']) && here.at > 0 {
            return None;
        }
        // 2016/2017 and 2016-2017: a school year
        if here.has(1, DIGIT) && matches!(here.gap(1), "-" | "/") {
            let (_, to) = whole_year(year(here.word(1), true)?)?;
            let (from, _) = whole_year(y)?;
            return Some((2, distance(from, to)));
        }
        let (from, to) = whole_year(y)?;
        return Some((1, distance(from, to)));
    }
    if let Some(m) = month(here.word(0)) {
        let y = year(here.word(1), false)?;
        let (from, to) = whole_month(y, m)?;
        return Some((2, distance(from, to)));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Boundaries;
    use time::Month;

    fn check(kind: Recogniser, text: &str, expected: Option<(usize, u32)>) {
        let view = View::new(text, &Boundaries::default());
        let clock = Clock {
            date: Date::from_calendar_date(2024, Month::March, 12).ok(),
            age: None,
        };
        let got = recognise(kind, &view, 0, view.tokens.len(), clock).map(|r| (r.words, r.value));
        assert_eq!(got, expected, "{text}");
    }

    #[test]
    fn names_are_not_where_somebody_is_from() {
        let is_name = |text: &str| {
            let view = View::new(text, &Boundaries::default());
            recognise(
                Recogniser::Name,
                &view,
                1,
                view.tokens.len(),
                Clock::default(),
            )
            .is_some()
        };
        for name in ["Marco", "Louise", "Ilse", "Therese", "Denise", "Lisa"] {
            assert!(is_name(&format!("met {name} gezien")), "{name}");
        }
        for origin in [
            "Poolse",
            "Belgische",
            "Turkse",
            "Marokkaanse",
            "Haagse",
            "Franse",
        ] {
            assert!(!is_name(&format!("een {origin} jongen")), "{origin}");
        }
    }

    #[test]
    fn ages() {
        for (text, expected) in [
            ("26", Some((1, 26))),
            ("26-jarige man", Some((2, 26))),
            ("zesentwintigjarige", Some((1, 26))),
            ("24 jr", Some((2, 24))),
            ("24 jaar oud", Some((3, 24))),
            ("begin dertig", Some((2, 32))),
            ("achter in de twintig", Some((4, 27))),
            ("in de twintig", Some((3, 25))),
            ("50 euro", None),
            ("8 jaar ouder", None),
            ("20 uur", None),
            ("120", None),
        ] {
            check(Recogniser::Age, text, expected);
        }
    }

    #[test]
    fn age_gaps_amounts_times() {
        check(Recogniser::AgeGap, "tien jaar ouder", Some((3, 10)));
        check(
            Recogniser::AgeGap,
            "leeftijdsverschil van acht jaar",
            Some((4, 8)),
        );
        check(Recogniser::AgeGap, "zij 15, hij 24", Some((4, 9)));
        check(Recogniser::Amount, "€ 300,-", Some((2, 300)));
        check(Recogniser::Amount, "1.500,00 euro", Some((4, 1500)));
        check(Recogniser::Amount, "vijftig euro", Some((2, 50)));
        check(Recogniser::Amount, "50,-", Some((1, 50)));
        check(Recogniser::Amount, "50 meter", None);
        check(Recogniser::Amount, "drie ruggen", Some((2, 3000)));
        check(Recogniser::Amount, "barkie", Some((1, 100)));
        check(Recogniser::AgeGap, "zij is 15 en hij is 24", Some((7, 9)));
        check(Recogniser::AgeGap, "scheelt tien jaar", Some((3, 10)));
        check(Recogniser::Times, "3x", Some((2, 3)));
        check(Recogniser::Times, "derde keer", Some((2, 3)));
        check(Recogniser::Times, "voor de 2e maal", Some((5, 2)));
    }

    #[test]
    fn nights() {
        for (text, expected) in [
            ("04.30 u.", Some(3)),
            ("23:15", Some(2)),
            ("s nachts", Some(2)),
            ("3 uur 's nachts", Some(4)),
            ("vannacht", Some(1)),
            ("14.30 uur", None),
            ("12.03.2024", None),
            ("00 uur", Some(2)),
        ] {
            let view = View::new(text, &Boundaries::default());
            let got = recognise(
                Recogniser::Night,
                &view,
                0,
                view.tokens.len(),
                Clock::default(),
            )
            .map(|r| r.words);
            assert_eq!(got, expected, "{text}");
        }
    }

    #[test]
    fn dates_before_and_after() {
        for (text, past, later) in [
            ("2016", true, false),
            ("maart 2022", true, false),
            ("12-03-2023", true, false),
            ("5 maart 2024", false, false),
            ("12/6/24", false, true),
            ("2016/2017", true, false),
            ("2024", false, false),
            ("11-2018", true, false),
            ("'15-'16", true, false),
            ("jaren 90", true, false),
        ] {
            check(
                Recogniser::Past,
                text,
                None.or(if past {
                    Some((View::new(text, &Boundaries::default()).tokens.len(), 0))
                } else {
                    None
                }),
            );
            check(
                Recogniser::Later,
                text,
                if later { Some((3, 0)) } else { None },
            );
        }
    }
}
