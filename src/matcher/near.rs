//! What came near where nothing was found: for the list of misses, never for findings.

use std::ops::Range;

use super::{Clock, Machine, Matcher, TextWords};
use crate::lexicon::pattern::Anchor;
use crate::lexicon::{Lexicon, Term};
use crate::span::Span;
use crate::text::View;

/// What came nearest to finding a stretch as a signal of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Near {
    /// This term's pattern fits but for a gap that is too long, or a clause border in it.
    Gap {
        /// Id of the term.
        term: String,
        /// The pattern as written.
        pattern: String,
    },
    /// These words of the stretch stand in patterns of the category, but no pattern fits.
    Words(Vec<String>),
    /// No pattern of the category has a word of the stretch.
    Nothing,
}

impl Matcher {
    /// Looks what in `category` came near the stretch `span` of `view`.
    #[must_use]
    pub fn near(
        &self,
        lexicon: &Lexicon,
        view: &View,
        clock: Clock,
        span: Span,
        category: usize,
    ) -> Near {
        let words = TextWords::new(view, &lexicon.set);
        let target = view.tokens_in(span);
        let machine = Machine {
            set: &lexicon.set,
            words: &words,
            clock,
            relaxed: true,
        };
        let sentence = view.sentence(target.start).start
            ..view
                .sentence(target.end.saturating_sub(1).max(target.start))
                .end;
        let terms = || lexicon.terms.iter().filter(|t| t.category == category);
        terms()
            .find_map(|t| near_gap(lexicon, &machine, t, &sentence, &target))
            .unwrap_or_else(|| {
                let known: Vec<String> = target
                    .filter(|n| terms().any(|t| has_anchor(lexicon, t, view.word(*n))))
                    .map(|n| view.word(n).to_owned())
                    .collect();
                if known.is_empty() {
                    Near::Nothing
                } else {
                    Near::Words(known)
                }
            })
    }
}

fn near_gap(
    lexicon: &Lexicon,
    machine: &Machine<'_>,
    term: &Term,
    sentence: &Range<usize>,
    target: &Range<usize>,
) -> Option<Near> {
    term.patterns
        .iter()
        .zip(&term.written)
        .find_map(|(id, written)| {
            let pattern = lexicon.set.patterns.get(*id as usize)?;
            let mut found = Vec::new();
            machine.find_all(pattern, sentence.clone(), &mut found);
            found
                .iter()
                .any(|f| f.tokens.start < target.end && target.start < f.tokens.end)
                .then(|| Near::Gap {
                    term: term.id.clone(),
                    pattern: written.clone(),
                })
        })
}

fn has_anchor(lexicon: &Lexicon, term: &Term, word: &str) -> bool {
    term.patterns.iter().any(|id| {
        lexicon.set.patterns.get(*id as usize).is_some_and(|p| {
            lexicon.set.anchors_of(p).iter().any(|a| match a {
                Anchor::Word(w) => lexicon.set.id(word) == *w,
                Anchor::Part(n) => (lexicon.set.parts.get(*n as usize)).is_some_and(|affix| {
                    !affix.stem.is_empty()
                        && (affix.before && word.ends_with(affix.stem.as_str())
                            || affix.after && word.starts_with(affix.stem.as_str())
                            || affix.before && affix.after && word.contains(affix.stem.as_str()))
                }),
            })
        })
    })
}
