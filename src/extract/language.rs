//! Is it Dutch? By the share of very common words; in doubt it is.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

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
/// Bytes looked at; the first pages tell the language of a text.
const MOST: usize = 6_000;

/// For each common word one bit a language that has it.
static COMMON: LazyLock<FxHashMap<&[u8], u8>> = LazyLock::new(|| {
    let mut common = FxHashMap::default();
    for (n, (_, list)) in LANGUAGES.iter().enumerate() {
        for word in *list {
            *common.entry(word.as_bytes()).or_default() |= 1 << n;
        }
    }
    common
});
/// After each so many words Dutch may be clear already.
const CLEAR: usize = 64;

/// Whether a quarter of the words is common in Dutch, and four times as many as in any other language.
fn is_clear(counts: &[usize], words: usize) -> bool {
    let Some((dutch, others)) = counts.split_first() else {
        return false;
    };
    dutch * 4 >= words && others.iter().all(|other| dutch >= &(other * 4))
}

/// Longer words are common in no language.
const LONGEST: usize = 12;

fn common(word: &[u8]) -> u8 {
    COMMON.get(word).copied().unwrap_or(0)
}

/// The language (ISO 639-1), or `None` when there is too little to tell.
#[must_use]
pub fn detect(text: &str) -> Option<&'static str> {
    let head = text.get(..crate::span::floor(text, MOST)).unwrap_or(text);
    // First bytes of Cyrillic and Arabic letters.
    if head.bytes().any(|b| matches!(b, 0xD0..=0xDB)) {
        let count = |of: &dyn Fn(&char) -> bool| head.chars().filter(|c| of(c)).count();
        let letters = count(&|c| c.is_alphabetic());
        for (script, language) in [('\u{600}'..='\u{6FF}', "ar"), ('\u{400}'..='\u{4FF}', "uk")] {
            if count(&|c| script.contains(c)) * 2 > letters && letters > 20 {
                return Some(language);
            }
        }
    }
    let mut words = 0;
    let mut counts = [0_usize; LANGUAGES.len()];
    let mut buffer = [0_u8; LONGEST];
    let inside = |b: &u8| b.is_ascii_alphanumeric() || *b >= 0x80;
    for word in head.as_bytes().split(|b| !inside(b)) {
        if word.iter().all(u8::is_ascii_digit) {
            continue;
        }
        words += 1;
        let mut languages = match buffer.get_mut(..word.len()) {
            Some(lower) if word.is_ascii() => {
                lower.copy_from_slice(word);
                lower.make_ascii_lowercase();
                common(lower)
            }
            Some(_) => {
                let word = String::from_utf8_lossy(word);
                common(crate::text::fold(&word).as_bytes())
            }
            None => 0,
        };
        while languages != 0 {
            counts[languages.trailing_zeros() as usize] += 1;
            languages &= languages - 1;
        }
        if words % CLEAR == 0 && is_clear(&counts, words) {
            return Some("nl");
        }
    }
    if words < FEWEST {
        return None;
    }
    let [dutch, others @ ..] = counts;
    let mut best = ("nl", 0);
    for ((language, _), count) in LANGUAGES.iter().skip(1).zip(others) {
        if count > best.1 {
            best = (language, count);
        }
    }
    // Another language must be clearly there and Dutch clearly not.
    let other = best.1 * 100 >= words * 14 && best.1 > dutch * 2 && dutch * 100 < words * 15;
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
