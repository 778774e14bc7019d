//! A verdict under way: for each property the cue that has decided so far.

use std::borrow::Cow;
use std::ops::Range;

use super::{Cue, FORM_PRIORITY};
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

    /// The value that a property has so far, where a cue has decided.
    pub(super) fn value(&self, property: Property) -> Option<&str> {
        self.best
            .get(property as usize)?
            .as_ref()
            .map(|b| b.claim.value)
    }

    /// The kind of cue that has decided a property so far.
    pub(super) fn kind(&self, property: Property) -> Option<&str> {
        self.best
            .get(property as usize)?
            .as_ref()
            .map(|b| b.claim.kind)
    }

    /// What is not so is so by the young person's own words.
    pub(super) fn is_denied(&mut self) {
        if let Some(Some(best)) = self.best.get_mut(Property::Presence as usize) {
            best.claim.kind = "denied";
        }
    }

    /// Lets go of claims that cannot hold beside others: what is a plan, a warning or said in general is neither denied nor doubted by
    /// the negation in it ("zodat zij niet wegloopt"), and what is not so has no time. What a form answers stands.
    fn settle(&mut self) {
        let value = |best: &[Option<Best<'a>>], p: Property| -> &'a str {
            best.get(p as usize)
                .and_then(Option::as_ref)
                .map_or("", |b| b.claim.value)
        };
        // What is asked and answered in the same breath is no longer in general: "Gevraagd of hij haar slaat. Ze schudde haar hoofd."
        let asked = |b: &Best<'a>| b.claim.kind == "question" && b.priority < FORM_PRIORITY;
        if self
            .best
            .get(Property::Presence as usize)
            .is_some_and(Option::is_some)
            && let Some(general) = self.best.get_mut(Property::Generic as usize)
            && general.as_ref().is_some_and(asked)
        {
            *general = None;
        }
        let open = value(&self.best, Property::Temporality) == "future"
            || value(&self.best, Property::Generic) == "yes";
        // Nor has it a time.
        if value(&self.best, Property::Generic) == "yes"
            && let Some(time) = self.best.get_mut(Property::Temporality as usize)
            && time.as_ref().is_some_and(|b| b.priority < FORM_PRIORITY)
        {
            *time = None;
        }
        let absent = value(&self.best, Property::Presence) == "absent";
        let past = value(&self.best, Property::Temporality) == "historical";
        let drop = if open {
            Property::Presence
        } else if absent && past {
            Property::Temporality
        } else {
            return;
        };
        if let Some(best) = self.best.get_mut(drop as usize)
            && best.as_ref().is_some_and(|b| b.priority < FORM_PRIORITY)
        {
            *best = None;
        }
    }

    /// The values, and the cues that gave them.
    pub(super) fn finish(mut self, view: &View) -> (Qualifiers, Vec<Cue>) {
        self.settle();
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
