//! What do the drawn documents tell? They were read with their label covered: of the low ones those to follow up are what the ranking misses,
//! and the high ones tell what reviewers say of those without knowing that they are.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::decision::{Action, Decision, Drawn};
use crate::error::Result;
use crate::evaluate::bootstrap::Figure;
use crate::evaluate::elusion::{Elusion, Stratum, estimate, exact_interval};
use crate::evaluate::metrics::ratio;
use crate::score::Label;
use crate::store::Store;

/// What a scan says of its documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Labels by id.
    pub labels: BTreeMap<String, Label>,
    /// What was drawn, by id.
    pub drawn: BTreeMap<String, Drawn>,
}

impl Scanned {
    /// What is in a store.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(store: &Store) -> Result<Self> {
        Ok(Self {
            labels: store.labels()?,
            drawn: store.drawn()?,
        })
    }
}

/// What reviewers say of drawn documents.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Sample {
    /// Those that the ranking puts low.
    pub laag: Covered,
    /// Those that it puts high.
    pub controle: Covered,
    /// What the low ones tell of all documents below the threshold; only with what was scanned, and when some are decided on.
    pub elusion: Option<Elusion>,
}

/// Documents whose label was covered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Covered {
    /// How many were drawn; only with what was scanned.
    pub drawn: Option<usize>,
    /// How many of them are decided on.
    pub decided: usize,
    /// Decided to follow up.
    pub relevant: usize,
    /// In doubt; not counted as to follow up.
    pub doubt: usize,
    /// Share to follow up of those decided on, with its exact interval.
    pub share: Figure,
}

/// Counts decisions that hold (see [`last`](crate::decision::last)) on drawn documents.
///
/// # Errors
/// When `threshold` is higher than the labels that documents are drawn from.
pub fn sample(
    decisions: &[&Decision],
    scanned: Option<&Scanned>,
    threshold: Label,
) -> Result<Sample> {
    let laag = covered(decisions, scanned, Drawn::Laag);
    let elusion = match scanned {
        Some(scanned) if laag.decided > 0 => {
            let documents = scanned.labels.iter().map(|(id, l)| (id.as_str(), *l));
            Some(estimate(documents, decisions, threshold)?)
        }
        _ => None,
    };
    Ok(Sample {
        laag,
        controle: covered(decisions, scanned, Drawn::Controle),
        elusion,
    })
}

fn covered(decisions: &[&Decision], scanned: Option<&Scanned>, kind: Drawn) -> Covered {
    let mut verdicts: BTreeMap<&str, Vec<Action>> = BTreeMap::new();
    if let Some(scanned) = scanned {
        let of_kind = scanned.drawn.iter().filter(|(_, k)| **k == kind);
        verdicts.extend(of_kind.map(|(id, _)| (id.as_str(), Vec::new())));
    }
    for decision in decisions.iter().filter(|d| d.drawn == Some(kind)) {
        if let Some(verdict) = decision.verdict {
            // Of a scan only what is still there.
            if scanned.is_none() || verdicts.contains_key(decision.document.as_str()) {
                verdicts
                    .entry(&decision.document)
                    .or_default()
                    .push(verdict);
            }
        }
    }
    let mut all = Stratum::default();
    verdicts.into_values().for_each(|of| all.add(of));
    let value = ratio(all.relevant, all.decided);
    let (low, high) = exact_interval(all.relevant, all.decided, 0.95);
    Covered {
        drawn: scanned.map(|_| all.documents),
        decided: all.decided,
        relevant: all.relevant,
        doubt: all.doubt,
        share: Figure {
            value,
            low: value.map(|_| low),
            high: value.map(|_| high),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_drawn_documents_are_counted() {
        let on = |document: &str, reviewer: &str, verdict, drawn| Decision {
            document: document.to_owned(),
            reviewer: reviewer.to_owned(),
            verdict: Some(verdict),
            drawn,
            ..Decision::default()
        };
        let low = Some(Drawn::Laag);
        let decisions = [
            on("1", "a", Action::GeenActie, low),
            on("1", "b", Action::Opvolgen, low),
            on("2", "a", Action::Twijfel, low),
            on("3", "a", Action::GeenActie, low),
            on("8", "a", Action::Opvolgen, Some(Drawn::Controle)),
            // Picked by hand, and one that is not in the store any more.
            on("5", "a", Action::Opvolgen, None),
            on("weg", "a", Action::Opvolgen, low),
        ];
        let decisions: Vec<&Decision> = decisions.iter().collect();
        let scanned = Scanned {
            labels: (1..=9)
                .map(|n| (n.to_string(), if n < 7 { Label::Laag } else { Label::Hoog }))
                .collect(),
            drawn: [
                ("1", Drawn::Laag),
                ("2", Drawn::Laag),
                ("3", Drawn::Laag),
                ("4", Drawn::Laag),
                ("8", Drawn::Controle),
            ]
            .map(|(id, kind)| (id.to_owned(), kind))
            .into(),
        };
        let result = sample(&decisions, Some(&scanned), Label::Midden).unwrap();
        let counts = |c: Covered| (c.drawn, c.decided, c.relevant, c.doubt);
        assert_eq!(counts(result.laag), (Some(4), 3, 1, 1));
        assert_eq!(result.laag.share.value, Some(1.0 / 3.0));
        assert_eq!(counts(result.controle), (Some(1), 1, 1, 0));
        let elusion = result.elusion.unwrap();
        assert_eq!((elusion.unread.documents, elusion.unread.decided), (6, 3));
        assert_eq!(elusion.missed.value, Some(2.0));
        // Of decisions alone nobody knows how many were drawn, or what of.
        let result = sample(&decisions, None, Label::Midden).unwrap();
        assert_eq!(counts(result.laag), (None, 4, 2, 1));
        assert_eq!(result.elusion, None);
    }
}
