//! Warnings about terms that hold but could be better: found by `lexicon check`, never errors.

use std::collections::BTreeMap;

use super::{Clock, Match, Matcher, TextWords, selftest};
use crate::error::Diagnostic;
use crate::lexicon::{Lexicon, Place, Term};
use crate::text::View;

/// A pattern of single words is too frequent from so many expected hits per megabyte on.
pub const FREQUENT: u32 = 10;
/// Thousands of words in a megabyte of Dutch.
const WORDS_PER_MB: u32 = 160;

/// All warnings, by file and place: terms that no text needs, patterns that are too frequent, stretches that another category takes.
#[must_use]
pub fn terms(lexicon: &Lexicon, matcher: &Matcher) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (number, term) in lexicon.terms.iter().enumerate() {
        frequent(lexicon, term, &mut warnings);
        let mut needed = false;
        for example in &term.matches {
            let view = View::new(&example.text, &lexicon.boundaries);
            let mut words = TextWords::new(&view, &lexicon.set);
            let scan = matcher.scan(lexicon, &mut words, Clock::default());
            let Some(marked) = example.marked else {
                continue;
            };
            let stretch = view.tokens_in(marked);
            let here = |m: &&Match| m.tokens.start < stretch.end && stretch.start < m.tokens.end;
            let same = |m: &Match| {
                lexicon
                    .terms
                    .get(m.term)
                    .is_some_and(|t| t.category == term.category)
            };
            let other = scan
                .matches
                .iter()
                .filter(here)
                .any(|m| m.term != number && same(m) && m.is_signal());
            needed |= !other;
            let winners: Vec<&Match> = (scan.matches.iter().filter(here))
                .filter(|m| m.suppressed.is_none())
                .collect();
            if let Some(winner) = winners.first()
                && !winners.iter().any(|m| same(m))
                && let Some(thief) = lexicon.terms.get(winner.term)
            {
                warnings.push(warning(
                    &example.place,
                    format!(
                        "{}: `{}` of another category takes the stretch of this text",
                        term.id, thief.id
                    ),
                    "narrow one of the two, or give the text another stretch",
                ));
            }
        }
        if !needed {
            warnings.push(warning(
                &term.place,
                format!(
                    "{}: other terms of its category find all its texts",
                    term.id
                ),
                "add a text that only this term finds, or take the term out",
            ));
        }
        if selftest::matches_nothing(lexicon, number) {
            warnings.push(warning(
                &term.place,
                format!("{}: no text shows a match that counts", term.id),
                "its conditions may swallow everything",
            ));
        }
    }
    warnings.sort();
    warnings.dedup();
    warnings
}

/// Patterns that match single words which are common in Dutch.
fn frequent(lexicon: &Lexicon, term: &Term, warnings: &mut Vec<Diagnostic>) {
    for (id, written) in term.patterns.iter().zip(&term.written) {
        let Some(pattern) = lexicon.set.patterns.get(*id as usize) else {
            continue;
        };
        let expected = pattern.single * WORDS_PER_MB / 1000;
        if expected >= FREQUENT && term.needs.is_empty() {
            warnings.push(warning(
                &term.place,
                format!(
                    "{}: `{written}` is expected {expected} times per megabyte of any Dutch",
                    term.id
                ),
                "join it with a word that tells, or give the term `needs`",
            ));
        }
    }
}

/// Terms that fire often in texts where next to nothing should: `hits` are the texts found per term, in `bytes` of text.
#[must_use]
pub fn in_background(
    lexicon: &Lexicon,
    hits: &BTreeMap<String, Vec<String>>,
    bytes: usize,
) -> Vec<Diagnostic> {
    let mut warnings = Vec::new();
    for (id, texts) in hits {
        let per_mb = texts.len() as f64 * 1e6 / bytes.max(1) as f64;
        let Some(term) = lexicon.terms.iter().find(|t| t.id == *id) else {
            continue;
        };
        if texts.len() < 3 || per_mb < 2.0 {
            continue;
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for text in texts {
            *counts.entry(text).or_default() += 1;
        }
        let most = counts
            .iter()
            .max_by_key(|(text, n)| (**n, std::cmp::Reverse(**text)));
        warnings.push(warning(
            &term.place,
            format!(
                "{id}: {} active findings in the background, {per_mb:.1} per megabyte; most often “{}”",
                texts.len(),
                most.map_or("", |m| m.0)
            ),
            "narrow it, or make sure that the background holds none of its signals",
        ));
    }
    warnings
}

fn warning(place: &Place, message: String, help: &str) -> Diagnostic {
    Diagnostic {
        file: place.file.clone(),
        line: place.line,
        column: place.column,
        message,
        help: help.to_owned(),
    }
}
