//! Dutch number words: "vier", "zesentwintig", "derde", "achttiende".

const UNITS: [&str; 20] = [
    "nul",
    "een",
    "twee",
    "drie",
    "vier",
    "vijf",
    "zes",
    "zeven",
    "acht",
    "negen",
    "tien",
    "elf",
    "twaalf",
    "dertien",
    "veertien",
    "vijftien",
    "zestien",
    "zeventien",
    "achttien",
    "negentien",
];
const TENS: [(&str, u32); 8] = [
    ("twintig", 20),
    ("dertig", 30),
    ("veertig", 40),
    ("vijftig", 50),
    ("zestig", 60),
    ("zeventig", 70),
    ("tachtig", 80),
    ("negentig", 90),
];

/// Value of a folded number in digits or words (cardinal); `None` when it is none.
#[must_use]
pub fn cardinal(word: &str) -> Option<u32> {
    if word.bytes().all(|b| b.is_ascii_digit()) {
        return if word.is_empty() || word.len() > 9 {
            None
        } else {
            word.parse().ok()
        };
    }
    if !(3..=24).contains(&word.len()) {
        return None;
    }
    if let Some(hundreds) = word.strip_suffix("honderd") {
        return if hundreds.is_empty() {
            Some(100)
        } else {
            below_hundred(hundreds).map(|n| n * 100)
        };
    }
    if let Some(thousands) = word.strip_suffix("duizend") {
        return if thousands.is_empty() {
            Some(1000)
        } else {
            below_hundred(thousands).map(|n| n * 1000)
        };
    }
    below_hundred(word)
}

fn below_hundred(word: &str) -> Option<u32> {
    if let Some(n) = UNITS.iter().position(|u| *u == word) {
        return u32::try_from(n).ok();
    }
    for (name, value) in TENS {
        if let Some(rest) = word.strip_suffix(name) {
            if rest.is_empty() {
                return Some(value);
            }
            let unit = rest.strip_suffix("en")?;
            let n = UNITS.get(1..10)?.iter().position(|u| *u == unit)?;
            return Some(value + u32::try_from(n).ok()? + 1);
        }
    }
    None
}

/// All number words below a hundred, round hundreds and thousands, as [`cardinal`] reads them.
pub fn words() -> impl Iterator<Item = String> {
    let below_hundred = || {
        let tens = TENS.iter().flat_map(|(ten, _)| {
            std::iter::once((*ten).to_owned())
                .chain(UNITS[1..10].iter().map(move |u| format!("{u}en{ten}")))
        });
        UNITS.iter().map(|u| (*u).to_owned()).chain(tens)
    };
    let round = ["honderd", "duizend"].into_iter().flat_map(move |round| {
        std::iter::once(round.to_owned()).chain(below_hundred().map(move |n| n + round))
    });
    below_hundred().chain(round)
}

/// Value of a folded ordinal in words: "eerste", "derde", "achttiende", "twintigste".
#[must_use]
pub fn ordinal(word: &str) -> Option<u32> {
    match word {
        "eerste" => return Some(1),
        "derde" => return Some(3),
        "achtste" => return Some(8),
        _ => {}
    }
    word.strip_suffix("ste")
        .and_then(below_hundred)
        .or_else(|| word.strip_suffix("de").and_then(below_hundred))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_number_words_are_numbers() {
        assert!(words().all(|w| cardinal(&w).is_some()));
        assert!(words().any(|w| w == "zesentwintig") && words().any(|w| w == "twaalfhonderd"));
    }

    #[test]
    fn number_rows() {
        for (word, expected) in [
            ("vier", Some(4)),
            ("zesentwintig", Some(26)),
            ("tweeentwintig", Some(22)),
            ("vijftien", Some(15)),
            ("honderd", Some(100)),
            ("vijfhonderd", Some(500)),
            ("twaalfhonderd", Some(1200)),
            ("duizend", Some(1000)),
            ("26", Some(26)),
            ("huis", None),
            ("enentwintig", None),
            ("", None),
        ] {
            assert_eq!(cardinal(word), expected, "{word}");
        }
        for (word, expected) in [
            ("derde", Some(3)),
            ("achttiende", Some(18)),
            ("twintigste", Some(20)),
            ("tiende", Some(10)),
            ("einde", None),
        ] {
            assert_eq!(ordinal(word), expected, "{word}");
        }
    }
}
