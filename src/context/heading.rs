//! What headings and the labels of fields say of the signals below and behind them.

use std::borrow::Cow;
use std::ops::Range;

use super::{Claim, DocumentContext, Verdict};
use crate::lexicon::{PatternId, Property, Recogniser, Section};
use crate::matcher::recognise::recognise;
use crate::text::View;
use crate::text::number::cardinal;

/// Cues in the sentence come before headings.
const HEADING_PRIORITY: i32 = -10;

impl<'a> DocumentContext<'a> {
    /// What the heading above says, where the sentence itself says nothing.
    pub(super) fn heading(&self, token: usize, verdict: &mut Verdict<'a>) {
        let view = self.machine.words.view;
        let after = view.headings.partition_point(|h| h.label.start <= token);
        // A field ends where the next heading begins, so of the fields only the last one counts.
        let blocks = view.blocks.get(..view.blocks_before(token));
        let blocks = blocks.unwrap_or_default().iter().rev().copied();
        let inline = |n: &usize| view.headings.get(*n).is_some_and(|h| h.inline);
        let field = after.checked_sub(1).filter(inline);
        for n in field.into_iter().chain(blocks) {
            let Some(heading) = view.headings.get(n) else {
                return;
            };
            if heading.label.contains(&token) || heading.inline && heading.paragraph_end <= token {
                continue;
            }
            let Some(section) = self.section(n, &heading.label) else {
                if heading.inline {
                    // "2011: veel ongeoorloofd absent", "9 jaar: uit huis geplaatst"
                    if self.is_past(&heading.label) || self.is_younger(&heading.label) {
                        let claim = Claim {
                            property: Property::Temporality,
                            value: "historical",
                            kind: "heading",
                            rule: Cow::Borrowed("section.date"),
                            at: heading.label.clone(),
                        };
                        verdict.offer(HEADING_PRIORITY, 0, claim);
                    }
                    continue;
                }
                return;
            };
            for (property, value) in &section.means {
                let claim = Claim {
                    property: *property,
                    value,
                    kind: "heading",
                    rule: Cow::Owned(format!("section.{}", section.id)),
                    at: heading.label.clone(),
                };
                verdict.offer(HEADING_PRIORITY, 0, claim);
            }
            return;
        }
    }

    /// Whether a label names a time clearly before the document's own.
    fn is_past(&self, label: &Range<usize>) -> bool {
        let view = self.machine.words.view;
        let mut at = label.clone();
        self.machine.clock.date.is_some()
            && at.any(|t| {
                recognise(Recogniser::Past, view, t, label.end, self.machine.clock).is_some()
            })
    }

    /// Whether a label names an age below the young person's own, or below the last one of a line of ages.
    fn is_younger(&self, label: &Range<usize>) -> bool {
        let view = self.machine.words.view;
        let named = |label: &Range<usize>| {
            let words: Vec<&str> = label.clone().map(|t| view.word(t)).collect();
            match words.as_slice() {
                [age, "jaar" | "jr" | "jarige"] | ["leeftijd", age] => cardinal(age),
                ["leeftijd", age, "jaar" | "jr"] | ["op", age, "jarige", "leeftijd"] => {
                    cardinal(age)
                }
                _ => None,
            }
        };
        let Some(age) = named(label) else {
            return false;
        };
        let last = || {
            *self.last_age.get_or_init(|| {
                (view.headings.iter().filter(|h| h.inline))
                    .filter_map(|h| named(&h.label))
                    .max()
            })
        };
        self.machine
            .clock
            .age
            .or_else(last)
            .is_some_and(|own| age < own)
    }

    /// The section that heading number `n` opens.
    fn section(&self, n: usize, label: &Range<usize>) -> Option<&'a Section> {
        let read = || {
            let number = self.machine.words.view.tokens.get(label.start)?.sentence;
            let mut found = Vec::new();
            let mut opened = |pattern: &PatternId| {
                let Some(compiled) = self.lexicon.set.patterns.get(*pattern as usize) else {
                    return false;
                };
                (self.machine).find_all(compiled, label.clone(), &mut found);
                found.drain(..).any(|f| f.tokens.len() * 2 > label.len())
            };
            let patterns = self.detector.headings.may_match(&self.machine, number);
            let first = (patterns.iter())
                .filter(|p| opened(p))
                .filter_map(|p| self.detector.sections.get(p)?.first())
                .min()?;
            self.lexicon.sections.get(*first)
        };
        *self.sections.get(n)?.get_or_init(read)
    }
}

/// Whether the words of `inner` lie inside a heading or label.
pub(super) fn in_label(view: &View, inner: &Range<usize>) -> bool {
    let after = view
        .headings
        .partition_point(|h| h.label.start <= inner.start);
    after
        .checked_sub(1)
        .and_then(|n| view.headings.get(n))
        .is_some_and(|h| h.label.end >= inner.end)
}
