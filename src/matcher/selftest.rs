//! Runs the `matches` and `ignores` of every term on the term alone.

use rayon::prelude::*;

use super::{Clock, Found, Machine, Match, TextWords, assess};
use crate::error::Diagnostic;
use crate::lexicon::{Example, Lexicon, Term};
use crate::text::View;

/// All examples that do not hold.
#[must_use]
pub fn terms(lexicon: &Lexicon) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = (0..lexicon.terms.len())
        .into_par_iter()
        .flat_map_iter(|n| term(lexicon, n))
        .collect();
    problems.sort();
    problems
}

fn term(lexicon: &Lexicon, number: usize) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let Some(term) = lexicon.terms.get(number) else {
        return problems;
    };
    for example in &term.matches {
        let view = View::new(&example.text, &lexicon.boundaries);
        let matches = matches_of(lexicon, &view, number);
        let spans: Vec<_> = matches
            .iter()
            .filter(|m| m.suppressed.is_none())
            .map(|m| view.span(m.tokens.clone()))
            .collect();
        let Some(marked) = example.marked else {
            continue;
        };
        // The marks may include punctuation at their edges.
        let wanted = view.span(view.tokens_in(marked));
        if spans.contains(&wanted) {
            continue;
        }
        let (message, help) = match spans.iter().find(|s| s.overlaps(wanted)).or(spans.first()) {
            Some(span) => (
                "covers another stretch".to_owned(),
                format!("the pattern covers [[{}]]", span.slice(&example.text)),
            ),
            None => match matches.first().and_then(|m| m.suppressed.clone()) {
                Some(why) => ("is found but suppressed".to_owned(), why),
                None => ("is not found".to_owned(), String::new()),
            },
        };
        problems.push(diagnostic(term, example, &message, help));
    }
    for example in &term.ignores {
        let view = View::new(&example.text, &lexicon.boundaries);
        if let Some(hit) = matches_of(lexicon, &view, number)
            .iter()
            .find(|m| m.suppressed.is_none())
        {
            let span = view.span(hit.tokens.clone());
            problems.push(diagnostic(
                term,
                example,
                "is found, but must not be",
                format!("the pattern covers [[{}]]", span.slice(&example.text)),
            ));
        }
    }
    problems
}

/// All matches of one term, conditions checked, no overlap rules.
#[must_use]
pub fn matches_of(lexicon: &Lexicon, view: &View, number: usize) -> Vec<Match> {
    let mut words = TextWords::new(view, &lexicon.set);
    let mut out = Vec::new();
    let Some(term) = lexicon.terms.get(number) else {
        return out;
    };
    if term.fuzzy {
        let fuzzy = super::Fuzzy::new(&lexicon.set, anchors(lexicon, term));
        fuzzy.find(lexicon, &mut words);
    }
    let machine = Machine::new(&words, Clock::default());
    let mut found: Vec<Found> = Vec::new();
    for id in &term.patterns {
        let Some(pattern) = lexicon.set.patterns.get(*id as usize) else {
            continue;
        };
        for sentence in &view.sentences {
            machine.find_all(pattern, sentence.tokens.clone(), &mut found);
        }
        out.extend(
            found
                .drain(..)
                .filter_map(|f| assess(lexicon, &machine, number, f)),
        );
    }
    out
}

/// Whether none of the term's own texts shows a match that counts.
#[must_use]
pub fn matches_nothing(lexicon: &Lexicon, number: usize) -> bool {
    let texts = lexicon
        .terms
        .get(number)
        .into_iter()
        .flat_map(|t| &t.matches);
    !texts.into_iter().any(|example| {
        let view = View::new(&example.text, &lexicon.boundaries);
        matches_of(lexicon, &view, number)
            .iter()
            .any(|m| m.suppressed.is_none())
    })
}

fn anchors(lexicon: &Lexicon, term: &Term) -> Vec<crate::lexicon::pattern::WordId> {
    term.patterns
        .iter()
        .filter_map(|p| lexicon.set.patterns.get(*p as usize))
        .flat_map(|p| lexicon.set.anchors_of(p))
        .filter_map(crate::lexicon::pattern::Anchor::word)
        .collect()
}

fn diagnostic(term: &Term, example: &Example, message: &str, help: String) -> Diagnostic {
    Diagnostic {
        file: example.place.file.clone(),
        line: example.place.line,
        column: example.place.column,
        message: format!("{}: \"{}\" {message}", term.id, example.text),
        help,
    }
}
