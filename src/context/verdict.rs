//! A verdict under way: for each property the cue that has decided so far.

use std::borrow::Cow;
use std::ops::Range;

use super::Cue;
use crate::lexicon::{Property, Qualifiers};
use crate::text::View;

/// What a cue says about a signal.
#[derive(Debug)]
pub(super) struct Claim<'a> {
    pub(super) property: Property,
    pub(super) value: &'a str,
    pub(super) kind: &'a str,
    pub(super) rule: Cow<'a, str>,
    /// The words of the cue; empty for the genre of a whole document.
    pub(super) at: Range<usize>,
}

/// The best claim per property.
#[derive(Debug, Default)]
pub(super) struct Verdict<'a> {
    best: [Option<Best<'a>>; Property::ALL.len()],
}

#[derive(Debug)]
struct Best<'a> {
    priority: i32,
    distance: usize,
    claim: Claim<'a>,
}

impl<'a> Verdict<'a> {
    /// Takes the claim when its priority is higher, or equal and its cue nearer to the signal (in words).
    pub(super) fn offer(&mut self, priority: i32, distance: usize, claim: Claim<'a>) {
        let Some(best) = self.best.get_mut(claim.property as usize) else {
            return;
        };
        let better = best.as_ref().is_none_or(|b| {
            priority > b.priority || priority == b.priority && distance < b.distance
        });
        if better {
            *best = Some(Best {
                priority,
                distance,
                claim,
            });
        }
    }

    /// The kind of cue that has decided a property so far.
    pub(super) fn kind(&self, property: Property) -> Option<&str> {
        self.best
            .get(property as usize)?
            .as_ref()
            .map(|b| b.claim.kind)
    }

    /// The values, and the cues that gave them.
    pub(super) fn finish(self, view: &View) -> (Qualifiers, Vec<Cue>) {
        let mut qualifiers = Qualifiers::default();
        let mut cues = Vec::new();
        for best in self.best.into_iter().flatten() {
            let claim = best.claim;
            qualifiers.set(claim.property, claim.value);
            cues.push(Cue {
                property: claim.property,
                value: claim.value.to_owned(),
                kind: claim.kind.to_owned(),
                rule: claim.rule.into_owned(),
                span: view.span(claim.at),
            });
        }
        (qualifiers, cues)
    }
}
