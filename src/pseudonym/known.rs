//! Names that are known already: learned from the text, or from the name of the dossier.

use rustc_hash::{FxHashMap, FxHashSet};

use super::mask::{Kind, Mask};
use super::token::{CAPITAL, SENTENCE, Shape, Token};
use super::words::{STOP, VERB, Words};

/// Letters of the shortest name that is masked without a capital.
const SHORTEST: usize = 3;

/// Where a name was learned.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The text calls somebody so.
    Text,
    /// The name of the dossier or file has it; it may be another word.
    Dossier,
}

/// Masks every word of the text that is one of the names, with or without a genitive.
pub(super) fn occurrences(
    tokens: &[Token],
    words: &Words,
    learned: &[String],
    own: &[String],
) -> Vec<Mask> {
    let mut names: FxHashMap<&str, Origin> = FxHashMap::default();
    for name in own {
        names.insert(name, Origin::Dossier);
    }
    for name in learned {
        names.insert(name, Origin::Text);
    }
    if names.is_empty() {
        return Vec::new();
    }
    let find = |token: &Token| -> Option<(String, Origin)> {
        if token.shape != Shape::Word {
            return None;
        }
        let whole = token.lower.as_str();
        let stems = [
            Some(whole),
            whole.strip_suffix("'s"),
            whole.strip_suffix('s'),
            whole.strip_suffix('\''),
        ];
        let parts = whole
            .split('-')
            .filter(|p| p.len() >= SHORTEST && p.len() < whole.len());
        stems.into_iter().flatten().chain(parts).find_map(|stem| {
            let origin = names.get(stem)?;
            Some((stem.to_owned(), *origin))
        })
    };
    let hits: Vec<(usize, String, Origin)> = tokens
        .iter()
        .enumerate()
        .filter_map(|(n, t)| find(t).map(|(stem, origin)| (n, stem, origin)))
        .collect();
    // A Dutch word with a capital inside a sentence is used as a name in this text.
    let used: FxHashSet<&str> = hits
        .iter()
        .filter(|(n, ..)| {
            tokens
                .get(*n)
                .is_some_and(|t| t.has(CAPITAL) && !t.has(SENTENCE))
        })
        .map(|(_, stem, _)| stem.as_str())
        .collect();
    let mut masks = Vec::new();
    for (n, stem, origin) in &hits {
        let Some(token) = tokens.get(*n) else {
            continue;
        };
        let capital = token.has(CAPITAL);
        let masked = if !words.is_dutch(stem) {
            capital || stem.chars().count() >= SHORTEST
        } else if !capital {
            false
        } else if token.has(SENTENCE) && *origin == Origin::Dossier {
            let acts = tokens
                .get(n + 1)
                .is_some_and(|t| t.is(VERB) || t.is_sign(&['(']));
            used.contains(stem.as_str()) || acts
        } else {
            !token.is(STOP)
        };
        if masked {
            masks.push(Mask {
                span: token.span,
                kind: Kind::Name,
            });
        }
    }
    masks
}

/// The words of a dossier's name or a path that may be names: in lower case, of three letters or more, and none of those that
/// files are named by. Dutch words are among them ("Roos"); they are masked only where they are written as names.
pub(super) fn candidates(name: &str, words: &Words) -> Vec<String> {
    let mut list = Vec::new();
    let separators =
        |c: char| !(c.is_alphabetic() || matches!(c, '\'' | '\u{2019}' | '\u{300}'..='\u{36f}'));
    for word in name.split(separators) {
        let lower = word.to_lowercase().replace('\u{2019}', "'");
        let lower = lower.trim_matches('\'').to_owned();
        if lower.chars().count() < SHORTEST
            || is_file_word(&lower, words)
            || words.classes(&lower) != 0
            || list.contains(&lower)
        {
            continue;
        }
        list.push(lower);
    }
    list
}

/// "verslag", "weekendrapportage": long words also at the end of compounds.
fn is_file_word(word: &str, words: &Words) -> bool {
    let ends = |(at, _): (usize, char)| {
        (word.get(at..)).is_some_and(|end| end.len() > 5 && words.file_words.contains(end))
    };
    words.file_words.contains(word) || word.char_indices().skip(1).any(ends)
}
