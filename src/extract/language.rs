//! Is it Dutch? By the share of very common words; in doubt it is.

/// Very common words per language, folded, without those that Dutch shares.
const LANGUAGES: &[(&str, &[&str])] = &[
    (
        "nl",
        &[
            "de", "het", "een", "en", "van", "niet", "dat", "zij", "ze", "hij", "ik", "haar",
            "zijn", "met", "op", "voor", "naar", "bij", "aan", "om", "geen", "wel", "nog", "er",
            "maar", "heeft", "wordt", "werd", "ook", "uit", "door", "over", "dan", "moeder",
            "vader", "school", "gesprek", "thuis", "weer", "die", "deze", "wil", "kan", "moet",
            "gaat", "komt", "zegt", "cl", "jgd", "mdr", "te", "tot", "als", "na", "sinds", "geeft",
            "geen", "is", "was", "ja", "nee", "mij", "hem", "mijn", "je", "wat", "waar", "hoe",
            "veel", "af", "geweest", "vriend", "niks",
        ],
    ),
    (
        "en",
        &[
            "the", "and", "of", "to", "that", "it", "she", "he", "her", "his", "with", "for",
            "not", "this", "are", "were", "has", "have", "been", "from", "they", "you", "at", "by",
            "which", "will", "would", "there", "their", "what", "when", "who", "about",
        ],
    ),
    (
        "de",
        &[
            "der", "die", "das", "und", "ist", "nicht", "ein", "eine", "mit", "sich", "auf", "dem",
            "den", "sie", "er", "ich", "von", "zu", "wird", "auch", "nach", "bei", "haben",
            "wurde", "fur", "aus", "dass", "noch", "ihre", "uber",
        ],
    ),
    (
        "fr",
        &[
            "le", "la", "les", "et", "des", "est", "une", "dans", "pour", "pas", "que", "qui",
            "avec", "sur", "elle", "il", "au", "du", "ne", "ce", "se", "son", "sa", "nous", "vous",
            "sont", "ete", "mais", "plus",
        ],
    ),
    (
        "tr",
        &[
            "ve", "bir", "bu", "icin", "ile", "cok", "daha", "olarak", "ama", "gibi", "kadar",
            "sonra", "degil", "var", "yok", "ben", "sen", "biz", "siz", "onlar", "ki", "mi", "ne",
            "benim", "olan", "her", "kizim", "okul", "zaman", "onun",
        ],
    ),
    (
        "es",
        &[
            "el", "los", "las", "y", "que", "por", "con", "para", "una", "su", "es", "del", "al",
            "como", "mas", "pero", "sus", "le", "ya", "este", "porque", "esta", "muy", "no",
            "ella",
        ],
    ),
    (
        "pl",
        &[
            "i", "nie", "sie", "na", "jest", "do", "ze", "to", "jak", "ale", "jego", "jej", "tak",
            "przez", "byl", "byla", "dla", "czy", "oraz", "co", "od",
        ],
    ),
];

/// Fewest words to judge by.
const FEWEST: usize = 12;
/// Words looked at.
const MOST: usize = 4000;

/// The language (ISO 639-1), or `None` when there is too little to tell.
#[must_use]
pub fn detect(text: &str) -> Option<&'static str> {
    let head: String = text.chars().take(MOST * 8).collect();
    let folded = crate::text::fold(&head);
    let letters = folded.chars().filter(|c| c.is_alphabetic()).count();
    let arabic = folded
        .chars()
        .filter(|c| ('\u{600}'..='\u{6FF}').contains(c))
        .count();
    let cyrillic = folded
        .chars()
        .filter(|c| ('\u{400}'..='\u{4FF}').contains(c))
        .count();
    for (count, language) in [(arabic, "ar"), (cyrillic, "uk")] {
        if count * 2 > letters && letters > 20 {
            return Some(language);
        }
    }
    let words: Vec<&str> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty() && !w.bytes().all(|b| b.is_ascii_digit()))
        .take(MOST)
        .collect();
    if words.len() < FEWEST {
        return None;
    }
    let share = |list: &[&str]| words.iter().filter(|w| list.contains(*w)).count();
    let mut dutch = 0;
    let mut best = ("nl", 0);
    for (language, list) in LANGUAGES {
        let count = share(list);
        if *language == "nl" {
            dutch = count;
        } else if count > best.1 {
            best = (language, count);
        }
    }
    // Another language must be clearly there and Dutch clearly not.
    let other =
        best.1 * 100 >= words.len() * 14 && best.1 > dutch * 2 && dutch * 100 < words.len() * 15;
    Some(if other { best.0 } else { "nl" })
}

#[cfg(test)]
mod tests {
    use super::detect;

    #[test]
    fn detect_rows() {
        for (text, expected) in [
            (
                "Cl. kwam om 23.10 binnen, ging direct slapen. Mdr gebeld, zij weet van niets en vraagt of wij haar morgen spreken.",
                Some("nl"),
            ),
            (
                "She was seen with an older man at the station and has not been to school for three weeks, which worries the teachers.",
                Some("en"),
            ),
            (
                "Kizim son zamanlarda cok degisti ve okula gitmek istemiyor. Ben onun icin cok endiseleniyorum ama bir sey soylemiyor.",
                Some("tr"),
            ),
            (
                "Sie wurde mit einem Mann gesehen und ist nicht nach Hause gekommen, die Mutter macht sich grosse Sorgen um sie.",
                Some("de"),
            ),
            ("nvt", None),
        ] {
            assert_eq!(detect(text), expected, "{text}");
        }
    }
}
