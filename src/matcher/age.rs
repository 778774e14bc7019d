//! Ages: written ones, differences, the young person's own.

use super::recognise::{Recognised, Words, found};
use crate::text::number::cardinal;
use crate::text::{CAPITAL, DIGIT, View};

/// Ages that a person in a case file may have.
const AGES: std::ops::RangeInclusive<u32> = 1..=99;
/// Ages of young people in care.
const YOUNG: std::ops::RangeInclusive<u32> = 8..=20;
/// The young person's age stands among the first so many words, or nowhere.
const HEAD: usize = 120;

/// Words that a file calls its young person by.
const CLIENT: &[&str] = &[
    "cl",
    "clt",
    "client",
    "cliente",
    "jgd",
    "jeugdige",
    "jongere",
    "minderjarige",
    "pupil",
    "leerling",
    "leerlinge",
    "meisje",
    "jongen",
    "patient",
    "patiente",
    "dochter",
    "zoon",
    "betrokkene",
    "betreft",
    "betr",
    "naam",
    "leeftijd",
    "pp",
    "lln",
    "mej",
];

/// The age of the young person as the head of a file states it: "Leeftijd: 15", "Betreft: K., 15 jaar", "Sanne (15)", "een
/// 15-jarig meisje". The first one counts.
pub(super) fn client_age(view: &View) -> Option<u32> {
    let end = view.tokens.len().min(HEAD);
    (0..end).find_map(|at| {
        let here = Words { view, at, end };
        let found = age(&here).filter(|a| YOUNG.contains(&a.value))?;
        let word = |back: usize| at.checked_sub(back).map_or("", |t| view.word(t));
        let named = (1..=4).any(|back| CLIENT.contains(&word(back)));
        let last = here.word(found.words - 1);
        let whole = last.ends_with("jarig") || last.ends_with("jarige");
        let before = at.checked_sub(1).and_then(|t| view.tokens.get(t));
        let in_brackets = view.gap(at).ends_with('(')
            && before.is_some_and(|t| t.has(CAPITAL) && !t.has(DIGIT))
            && here.gap(found.words).contains([')', ',']);
        let describes = whole && CLIENT.contains(&here.word(found.words));
        (named || in_brackets || describes).then_some(found.value)
    })
}

/// An age above the young person's own; its value is the difference in years.
pub(super) fn older(here: &Words<'_>, own: u32) -> Option<Recognised> {
    let age = age(here)?;
    found(age.words, age.value.saturating_sub(own))
}

fn decade(word: &str) -> Option<u32> {
    Some(match word {
        "tien" => 10,
        "twintig" | "20" => 20,
        "dertig" | "30" => 30,
        "veertig" | "40" => 40,
        "vijftig" | "50" => 50,
        "zestig" | "60" => 60,
        _ => return None,
    })
}

pub(super) fn age(here: &Words<'_>) -> Option<Recognised> {
    let first = here.word(0);
    match first {
        "begin" | "eind" | "midden" | "medio" => {
            let skip = usize::from(here.word(1) == "de")
                + usize::from(here.word(1) == "in" && here.word(2) == "de") * 2;
            let base = decade(here.word(1 + skip))?;
            let offset = match first {
                "begin" => 2,
                "eind" => 8,
                _ => 5,
            };
            return found(2 + skip, base + offset);
        }
        "achter" | "ver" | "diep" | "in" if here.word(1) == "in" || first == "in" => {
            let skip = usize::from(first != "in");
            if here.word(1 + skip) == "de" {
                let base = decade(here.word(2 + skip))?;
                return found(3 + skip, base + if first == "achter" { 7 } else { 5 });
            }
            return None;
        }
        "twintiger" | "twintigers" => return found(1, 25),
        "dertiger" | "dertigers" => return found(1, 35),
        "veertiger" | "veertigers" => return found(1, 45),
        "vijftiger" | "vijftigers" => return found(1, 55),
        _ => {}
    }
    if let Some(value) = first
        .strip_suffix("jarige")
        .or_else(|| first.strip_suffix("jarig"))
        .and_then(cardinal)
    {
        return AGES
            .contains(&value)
            .then_some(Recognised { words: 1, value });
    }
    let value = here.number(0).filter(|n| AGES.contains(n))?;
    // A number that is clearly something else.
    if matches!(
        here.word(1),
        "euro"
            | "eur"
            | "uur"
            | "u"
            | "min"
            | "minuten"
            | "dagen"
            | "weken"
            | "maanden"
            | "mnd"
            | "keer"
            | "x"
            | "procent"
            | "km"
            | "meter"
            | "kilo"
            | "kg"
            | "gram"
            | "cm"
    ) {
        return None;
    }
    if here.has(1, DIGIT)
        && (here.gap(1) == ":" || here.gap(1) == "." || here.gap(1) == "-" || here.gap(1) == "/")
    {
        return None;
    }
    if here.gap(0).ends_with('.')
        || here.gap(0).ends_with(':')
        || here.gap(0).ends_with('-') && here.has(0, DIGIT) && here.at > 0
    {
        return None;
    }
    match here.word(1) {
        "jarige" | "jarig" | "jarigen" => found(2, value),
        "jaar" | "jr" | "j" | "jaren" => {
            if matches!(
                here.word(2),
                "geleden" | "lang" | "ouder" | "oudere" | "jonger" | "verschil" | "later"
            ) {
                return None;
            }
            found(if here.word(2) == "oud" { 3 } else { 2 }, value)
        }
        _ => found(1, value),
    }
}

pub(super) fn age_gap(here: &Words<'_>) -> Option<Recognised> {
    // "leeftijdsverschil van (zo'n) tien jaar"
    if matches!(here.word(0), "leeftijdsverschil" | "verschil") {
        for n in 1..5 {
            if let Some(value) = here.number(n) {
                return found(
                    n + 1 + usize::from(matches!(here.word(n + 1), "jaar" | "jr")),
                    value,
                );
            }
        }
        return None;
    }
    // "acht jaar ouder", "8 jr jonger"
    if let Some(value) = here.number(0).filter(|n| *n < 60) {
        let unit = usize::from(matches!(here.word(1), "jaar" | "jr" | "j" | "jaren"));
        if unit == 1 && matches!(here.word(2), "ouder" | "oudere" | "jonger" | "verschil") {
            return found(3, value);
        }
    }
    // "scheelt tien jaar"
    if matches!(here.word(0), "scheelt" | "schelen" | "scheelde") {
        let value = here.number(1).filter(|n| *n < 60)?;
        return matches!(here.word(2), "jaar" | "jr").then_some(Recognised { words: 3, value });
    }
    // "zij 15, hij 24", "zij is 15 en hij is 24": two ages, each after a person
    let is = usize::from(matches!(here.word(1), "is" | "was" | "van"));
    let (first, second) = (
        here.word(0),
        here.number(1 + is).filter(|n| AGES.contains(n))?,
    );
    if matches!(
        first,
        "zij" | "ze" | "hij" | "cl" | "jgd" | "zelf" | "vriend"
    ) {
        for n in 2 + is..6 + is {
            if matches!(here.word(n), "hij" | "zij" | "vriend" | "partner" | "lief")
                && here.word(n) != first
            {
                let start = n + 1 + usize::from(matches!(here.word(n + 1), "is" | "van" | "was"));
                if let Some(other) = here.number(start).filter(|n| AGES.contains(n)) {
                    return found(start + 1, second.abs_diff(other));
                }
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Boundaries;

    #[test]
    fn the_head_tells_the_age() {
        for (text, expected) in [
            ("Leeftijd: 15\nAanleiding: verzuim", Some(15)),
            ("Betreft: K., 14 jaar, woont bij moeder", Some(14)),
            ("Sanne (16) kwam vandaag met haar moeder.", Some(16)),
            ("Een 13-jarig meisje wordt aangemeld.", Some(13)),
            ("Cl. is 17 jr en woont op de groep.", Some(17)),
            ("Zij heeft een vriend van 19.", None),
            ("Gesprek om 15 uur op school.", None),
        ] {
            let view = View::new(text, &Boundaries::default());
            assert_eq!(client_age(&view), expected, "{text}");
        }
    }
}
