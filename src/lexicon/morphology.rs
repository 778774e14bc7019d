//! Dutch word forms from `words.toml`: regular ones by the spelling rules, irregular ones as written there.
//!
//! Sources of the rules: the official Dutch spelling (Groene Boekje, Leidraad): open and closed syllables, f/v and s/z, 't kofschip,
//! participles without ge- after be-, ge-, her-, ont-, ver-, er-, plurals and diminutives. What a rule gets wrong is written in the entry.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A verb. `{}` is a regular one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VerbEntry {
    /// Past forms ("liep", "liepen"); empty for regular verbs.
    pub past: Vec<String>,
    /// Past participle; none for the regular one.
    pub participle: Option<String>,
    /// Finite present forms, where the rules do not give them ("ben", "bent", "is").
    pub present: Vec<String>,
    /// Particle of a separable verb; the rest of the word is the base verb.
    pub particle: Option<String>,
    /// The base verb of a separable verb is regular and not in the table itself.
    pub regular: bool,
    /// Other spellings.
    pub also: Vec<String>,
}

/// A noun. `{}` is a regular one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NounEntry {
    /// Plurals; none for the regular one, empty for a noun without.
    pub plural: Option<Vec<String>>,
    /// Diminutives (singular); none for the regular one, empty for a noun without.
    pub diminutive: Option<Vec<String>>,
    /// Other spellings.
    pub also: Vec<String>,
}

/// An adjective. `{}` is a regular one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AdjectiveEntry {
    /// Inflected form, where the rules do not give it.
    pub inflected: Option<String>,
    /// Comparative; empty for none.
    pub comparative: Option<String>,
    /// Superlative; empty for none.
    pub superlative: Option<String>,
    /// Other spellings.
    pub also: Vec<String>,
}

/// The words of a lexicon by part of speech.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Words {
    /// Verbs by infinitive.
    pub verbs: BTreeMap<String, VerbEntry>,
    /// Nouns by singular.
    pub nouns: BTreeMap<String, NounEntry>,
    /// Adjectives by base form.
    pub adjectives: BTreeMap<String, AdjectiveEntry>,
    /// Of verbs in -eren, whether the ending is stressed ("controleert") or not ("luistert"); see [`learn`](Self::learn).
    #[serde(skip)]
    pub stressed: BTreeMap<String, bool>,
}

/// All forms of one lemma.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forms {
    /// Forms of one word, sorted, unique.
    pub words: Vec<String>,
    /// Forms of several words: "weg te lopen".
    pub phrases: Vec<String>,
    /// Finite forms whose particle stands apart.
    pub split: Option<Split>,
}

/// The separated shape of a separable verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Finite forms of the base verb.
    pub finite: Vec<String>,
    /// The particle.
    pub particle: String,
}

impl Words {
    /// Asks a list of words how verbs in -eren are spelled: spelling rules cannot tell "controleert" from "luistert". Where the list
    /// knows neither or both, a rule of thumb decides.
    pub fn learn(&mut self, known: impl Fn(&str) -> bool) {
        for (lemma, entry) in &self.verbs {
            let base = entry
                .particle
                .as_deref()
                .and_then(|p| lemma.strip_prefix(p));
            let base = base.unwrap_or(lemma);
            if let Some(root) = base.strip_suffix("eren") {
                match (known(&format!("{root}eert")), known(&format!("{root}ert"))) {
                    (true, false) => self.stressed.insert(base.to_owned(), true),
                    (false, true) => self.stressed.insert(base.to_owned(), false),
                    _ => None,
                };
            }
        }
    }

    /// All forms of `lemma`, over all parts of speech that have it; `None` for a word that is in no table.
    #[must_use]
    pub fn forms(&self, lemma: &str) -> Option<Forms> {
        let mut forms = Forms::default();
        let mut known = false;
        if let Some(entry) = self.verbs.get(lemma) {
            known = true;
            self.verb(lemma, entry, &mut forms);
        }
        if let Some(entry) = self.nouns.get(lemma) {
            known = true;
            noun(lemma, entry, &mut forms.words);
        }
        if let Some(entry) = self.adjectives.get(lemma) {
            known = true;
            adjective(lemma, entry, &mut forms.words);
        }
        forms.words.retain(|w| !w.is_empty());
        forms.words.sort();
        forms.words.dedup();
        known.then_some(forms)
    }

    /// What is wrong with the tables: separable verbs without base or with another ending.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (lemma, entry) in &self.verbs {
            if let Some(particle) = &entry.particle {
                match lemma.strip_prefix(particle.as_str()) {
                    Some(base) if entry.regular || self.verbs.contains_key(base) => {}
                    Some(base) => problems.push(format!("`{lemma}`: its base verb `{base}` is not in the table; add it, or `regular = true`")),
                    None => problems.push(format!("`{lemma}` does not begin with its particle `{particle}`")),
                }
            } else if !lemma.ends_with('n') {
                problems.push(format!("`{lemma}` is no infinitive"));
            }
        }
        problems
    }

    fn verb(&self, lemma: &str, entry: &VerbEntry, forms: &mut Forms) {
        forms.words.extend(entry.also.iter().cloned());
        let Some(particle) = &entry.particle else {
            let base = conjugate(lemma, entry, self.stressed.get(lemma).copied());
            forms.words.extend(base.all());
            return;
        };
        let Some(base_lemma) = lemma.strip_prefix(particle.as_str()) else {
            return;
        };
        let own = VerbEntry::default();
        let stressed = self.stressed.get(base_lemma).copied();
        let base = conjugate(
            base_lemma,
            self.verbs.get(base_lemma).unwrap_or(&own),
            stressed,
        );
        forms
            .words
            .extend(base.all().into_iter().map(|f| format!("{particle}{f}")));
        if let Some(participle) = &entry.participle {
            forms.words.push(participle.clone());
        }
        forms.phrases.push(format!("{particle} te {base_lemma}"));
        // Often written apart: "weg gelopen", "zij wil weg lopen".
        forms.phrases.extend(
            base.others
                .iter()
                .filter(|f| f.starts_with("ge") || *f == base_lemma)
                .map(|f| format!("{particle} {f}")),
        );
        forms.split = Some(Split {
            finite: base.finite,
            particle: particle.clone(),
        });
    }
}

struct Conjugation {
    finite: Vec<String>,
    others: Vec<String>,
}

impl Conjugation {
    fn all(&self) -> Vec<String> {
        self.finite.iter().chain(&self.others).cloned().collect()
    }
}

const VOWELS: &str = "aeiouyëïöüéè";

fn is_vowel(c: char) -> bool {
    VOWELS.contains(c)
}

/// Number of vowel groups, roughly syllables.
fn syllables(word: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    for c in word.chars() {
        let vowel = is_vowel(c);
        count += usize::from(vowel && !inside);
        inside = vowel;
    }
    count
}

/// Whether the last syllable of a stem such as "wandel", "teken", "luister", "eindig" is unstressed: its vowel is not doubled.
fn weak_ending(stem: &str) -> bool {
    // An unstressed prefix leaves the stress on what follows: "bespelen" bespeelt, "ontnemen" ontneemt.
    let stem = ["be", "ge", "her", "ont", "ver", "er"]
        .iter()
        .find_map(|p| stem.strip_prefix(p).filter(|rest| syllables(rest) == 1))
        .unwrap_or(stem);
    syllables(stem) > 1
        && (stem.ends_with("el")
            || stem.ends_with("em")
            || stem.ends_with("en")
            || stem.ends_with("ig")
            || stem.ends_with("er") && !loan_eren(stem))
}

/// Loan verbs in -eren are stressed on it: "controleren", "chanteren".
fn loan_eren(stem: &str) -> bool {
    const ENDINGS: [&str; 22] = [
        "oger", "oler", "anter", "enter", "epter", "eerder", "uler", "ficer", "iser", "ner",
        "iter", "acter", "ecter", "icer", "ander", "ler", "meer", "oter", "eter", "ater", "orter",
        "icter",
    ];
    const NATIVE: [&str; 14] = [
        "verander",
        "hander",
        "herinner",
        "verbeter",
        "wander",
        "schander",
        "klaver",
        "slenter",
        "minder",
        "zonder",
        "herkauwer",
        "verbitter",
        "schitter",
        "verwonder",
    ];
    !NATIVE.iter().any(|n| stem.ends_with(n))
        && (ENDINGS.iter().any(|e| stem.ends_with(e))
            || stem.ends_with("ser")
            || stem.ends_with("cer")
            || stem.ends_with("rger"))
}

/// Stem as it stands in closed syllables: "loop" of "lopen", "pak" of "pakken"; and whether v or z became f or s.
fn stem(infinitive: &str, stressed: Option<bool>) -> (String, bool) {
    let raw = infinitive
        .strip_suffix("en")
        .or_else(|| infinitive.strip_suffix('n'))
        .unwrap_or(infinitive);
    let mut chars: Vec<char> = raw.chars().collect();
    if !infinitive.ends_with("en") {
        return (raw.to_owned(), false);
    }
    let n = chars.len();
    let last = chars.last().copied().unwrap_or(' ');
    let before = n
        .checked_sub(2)
        .and_then(|i| chars.get(i))
        .copied()
        .unwrap_or(' ');
    let second = n
        .checked_sub(3)
        .and_then(|i| chars.get(i))
        .copied()
        .unwrap_or(' ');
    if last == before && !is_vowel(last) {
        chars.pop();
    } else if !is_vowel(last)
        && is_vowel(before)
        && (!is_vowel(second) || second == 'u' && chars.get(n.wrapping_sub(4)) == Some(&'q'))
        && before != 'y'
        && !matches!(last, 'w' | 'x')
        && !stressed.map_or_else(|| weak_ending(raw), |s| !s)
    {
        chars.insert(n - 1, before);
    }
    let voiced = matches!(chars.last(), Some('v' | 'z'));
    match chars.last_mut() {
        Some(c) if *c == 'v' => *c = 'f',
        Some(c) if *c == 'z' => *c = 's',
        _ => {}
    }
    (chars.into_iter().collect(), voiced)
}

fn conjugate(infinitive: &str, entry: &VerbEntry, stressed: Option<bool>) -> Conjugation {
    let (stem, voiced) = stem(infinitive, stressed);
    let with_t = if stem.ends_with('t') {
        stem.clone()
    } else {
        format!("{stem}t")
    };
    let soft = voiced
        || !["t", "k", "f", "s", "ch", "p", "x", "c", "q"]
            .iter()
            .any(|e| stem.ends_with(e))
        || infinitive.ends_with("den");
    let dental = if soft { 'd' } else { 't' };
    let mut finite = if entry.present.is_empty() {
        vec![stem.clone(), with_t, infinitive.to_owned()]
    } else {
        entry.present.clone()
    };
    if entry.past.is_empty() {
        finite.push(format!("{stem}{dental}e"));
        finite.push(format!("{stem}{dental}en"));
    } else {
        finite.extend(entry.past.iter().cloned());
    }
    let participle = entry.participle.clone().unwrap_or_else(|| {
        let end = if stem.ends_with('t') || stem.ends_with('d') {
            stem.clone()
        } else {
            format!("{stem}{dental}")
        };
        let prefixed = [
            "be", "ge", "her", "ont", "ver", "er", "over", "onder", "mis",
        ]
        .iter()
        .any(|p| infinitive.strip_prefix(p).is_some_and(|r| syllables(r) > 1));
        // "geëindigd", "geïnd", "geüpload", but "geijverd" and "geuit".
        let first = match end.chars().next() {
            Some('e') => Some('ë'),
            Some('i') if !end.starts_with("ij") => Some('ï'),
            Some('u') if !end.starts_with("ui") => Some('ü'),
            _ => None,
        };
        match (prefixed, first) {
            (true, _) => end,
            (false, Some(first)) => format!("ge{first}{}", end.get(1..).unwrap_or_default()),
            _ => format!("ge{end}"),
        }
    });
    let mut others = vec![
        infinitive.to_owned(),
        format!("{infinitive}d"),
        format!("{infinitive}de"),
        participle.clone(),
    ];
    // English ones such as "gegamed" and "geliket" and the participles of zijn and hebben are not inflected.
    let fixed = entry.participle.is_some()
        && (participle.ends_with("ed") || participle.ends_with("et"))
        || ["gehad", "geweest"].contains(&participle.as_str());
    if participle.ends_with(['t', 'd']) && !fixed {
        others.push(inflect(&participle));
    }
    Conjugation { finite, others }
}

/// Adds -e in spelling: "dik" dikke, "groot" grote, "lief" lieve, "boos" boze.
fn inflect(word: &str) -> String {
    format!("{}e", open(word))
}

/// The word as it stands before an ending that begins with a vowel.
fn open(word: &str) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    let n = chars.len();
    let at = |i: usize| {
        n.checked_sub(i)
            .and_then(|i| chars.get(i))
            .copied()
            .unwrap_or(' ')
    };
    let (last, before, second, third) = (at(1), at(2), at(3), at(4));
    if is_vowel(last) || !is_vowel(before) {
        if last == 'f' && (matches!(before, 'l' | 'r') || before == 'j' && second == 'i') {
            chars.pop();
            chars.push('v');
        }
        return chars.into_iter().collect();
    }
    let double = before == second && matches!(before, 'a' | 'e' | 'o' | 'u');
    let diphthong = is_vowel(second) && !double;
    let voiced = |c: char| match c {
        'f' => 'v',
        's' => 'z',
        c => c,
    };
    let unstressed = syllables(word) > 1
        && (["el", "er", "en", "em", "ig", "lijk", "erd"]
            .iter()
            .any(|e| word.ends_with(e))
            || third == ' ');
    let never_doubled = matches!(last, 'j' | 'w' | 'x') || second == 'i' && before == 'j';
    if double {
        chars.truncate(n - 2);
        chars.push(voiced(last));
    } else if diphthong {
        chars.pop();
        chars.push(voiced(last));
    } else if !never_doubled && !unstressed {
        chars.push(last);
    }
    chars.into_iter().collect()
}

fn noun(lemma: &str, entry: &NounEntry, out: &mut Vec<String>) {
    out.push(lemma.to_owned());
    out.extend(entry.also.iter().cloned());
    match &entry.plural {
        Some(list) => out.extend(list.iter().cloned()),
        None => out.push(plural(lemma)),
    }
    let small = entry
        .diminutive
        .clone()
        .unwrap_or_else(|| vec![diminutive(lemma)]);
    for form in small.into_iter().filter(|f| !f.is_empty()) {
        out.push(format!("{form}s"));
        out.push(form);
    }
}

fn plural(word: &str) -> String {
    let ends = |list: &[&str]| list.iter().any(|e| word.ends_with(e));
    if let Some(root) = word.strip_suffix("heid") {
        return format!("{root}heden");
    }
    if word.ends_with("ie") || word.ends_with('e') || word.ends_with("é") {
        return format!("{word}s");
    }
    if word.ends_with("eau") || word.ends_with("oe") {
        return format!("{word}s");
    }
    if word.ends_with(['a', 'i', 'o', 'u', 'y'])
        && !word.ends_with("ij")
        && !word.ends_with("ei")
        && !word.ends_with("ui")
        && !word.ends_with("ou")
    {
        return format!("{word}'s");
    }
    // "toneel", "profiel": a vowel before the e, so the syllable is stressed.
    let stressed =
        ends(&["el", "er", "em", "en"]) && word.chars().rev().nth(2).is_some_and(is_vowel);
    if syllables(word) > 1
        && !stressed
        && ends(&[
            "el", "er", "em", "en", "erd", "aar", "aard", "ier", "eur", "oor",
        ])
        || word.ends_with("je")
    {
        return format!("{word}s");
    }
    format!("{}en", open(word))
}

fn diminutive(word: &str) -> String {
    let chars: Vec<char> = word.chars().collect();
    let n = chars.len();
    let at = |i: usize| {
        n.checked_sub(i)
            .and_then(|i| chars.get(i))
            .copied()
            .unwrap_or(' ')
    };
    let (last, before, second) = (at(1), at(2), at(3));
    let short = is_vowel(before) && !is_vowel(second) && !(syllables(word) > 1 && before == 'e');
    if word.ends_with("je") {
        return String::new();
    }
    if word.ends_with("ing") && syllables(word) > 1 {
        return format!("{}kje", word.get(..word.len() - 1).unwrap_or_default());
    }
    if word.ends_with("ng") {
        return format!("{word}etje");
    }
    match last {
        'm' if short => format!("{word}metje"),
        'm' => format!("{word}pje"),
        'l' | 'n' | 'r' if short => format!("{word}{last}etje"),
        'l' | 'n' | 'r' | 'w' => format!("{word}tje"),
        'a' | 'o' | 'u' if !is_vowel(before) => format!("{word}{last}tje"),
        'i' if !is_vowel(before) => format!("{word}etje"),
        'y' if !is_vowel(before) => format!("{word}'tje"),
        c if is_vowel(c) || c == 'j' => format!("{word}tje"),
        _ => format!("{word}je"),
    }
}

fn adjective(lemma: &str, entry: &AdjectiveEntry, out: &mut Vec<String>) {
    out.push(lemma.to_owned());
    out.extend(entry.also.iter().cloned());
    let inflected = entry.inflected.clone().unwrap_or_else(|| {
        if lemma.ends_with("en") || lemma.ends_with('e') {
            String::new()
        } else {
            inflect(lemma)
        }
    });
    out.push(inflected.clone());
    let comparative = entry.comparative.clone().unwrap_or_else(|| {
        if lemma.ends_with('r') {
            format!("{lemma}der")
        } else if inflected.is_empty() {
            String::new()
        } else {
            format!("{inflected}r")
        }
    });
    if !comparative.is_empty() {
        out.push(format!("{comparative}e"));
        out.push(comparative);
    }
    let superlative = entry.superlative.clone().unwrap_or_else(|| {
        if lemma.ends_with('s') {
            format!("{lemma}t")
        } else if inflected.is_empty() {
            String::new()
        } else {
            format!("{lemma}st")
        }
    });
    if !superlative.is_empty() {
        out.push(format!("{superlative}e"));
        out.push(superlative);
    }
}
