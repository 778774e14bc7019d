//! The words of a text held against those it should have.

use std::collections::BTreeMap;

/// Words in lower case; a word that a line end breaks is taken whole where `known` has it so, as the matcher offers both.
fn words(text: &str, known: &BTreeMap<String, usize>) -> Vec<String> {
    let text = text
        .replace("\u{AD}\n", "-\n")
        .replace('\u{AD}', "")
        .to_lowercase();
    let mut joined = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find("-\n") {
        let letters = |c: &char| c.is_alphanumeric();
        let before: String = rest[..at].chars().rev().take_while(letters).collect();
        let after: String = rest[at + 2..].chars().take_while(letters).collect();
        let whole: String = before.chars().rev().chain(after.chars()).collect();
        joined.push_str(&rest[..at]);
        if !known.contains_key(&whole) {
            joined.push(' ');
        }
        rest = &rest[at + 2..];
    }
    joined.push_str(rest);
    joined
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .map(str::to_owned)
        .collect()
}

fn counts<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut map = BTreeMap::new();
    for item in items {
        *map.entry(item).or_insert(0) += 1;
    }
    map
}

fn common<T: Ord>(a: &BTreeMap<T, usize>, b: &BTreeMap<T, usize>) -> usize {
    a.iter()
        .map(|(k, n)| b.get(k).map_or(0, |m| *n.min(m)))
        .sum()
}

/// Share of the expected words found, share of the found words expected, share of the expected pairs of words found.
pub(crate) fn scores(expected: &str, found: &str) -> [f64; 3] {
    let expected = words(expected, &BTreeMap::new());
    let known = counts(expected.iter().cloned());
    let found = words(found, &known);
    let seen = counts(found.iter().cloned());
    let pairs = |w: &[String]| counts(w.windows(2).map(<[String]>::to_vec));
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    let (pairs_expected, pairs_found) = (pairs(&expected), pairs(&found));
    [
        share(common(&known, &seen), expected.len()),
        share(common(&known, &seen), found.len()),
        share(
            common(&pairs_expected, &pairs_found),
            expected.len().saturating_sub(1),
        ),
    ]
}
