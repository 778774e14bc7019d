//! What does the ranking miss? A reproducible random sample of the documents below the threshold, and after reading it the recall
//! with its interval, from the read and the unread stratum.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

use super::bootstrap::Figure;
use crate::analyze::DocumentRecord;
use crate::decision::{Action, Decision, Drawn};
use crate::error::{Error, Result};
use crate::score::Label;

/// Scored documents below the threshold: the pile that nobody reads.
#[must_use]
pub fn pile(documents: &[DocumentRecord], threshold: Label) -> Vec<&DocumentRecord> {
    documents
        .iter()
        .filter(|d| d.label.is_some_and(|l| l < threshold))
        .collect()
}

/// Draws `size` documents; the same seed and pile give the same sample, whatever the order of the pile.
#[must_use]
pub fn draw<'a>(pile: &[&'a DocumentRecord], size: usize, seed: u64) -> Vec<&'a DocumentRecord> {
    let mut list = pile.to_vec();
    list.sort_by(|a, b| (&a.id, &a.path).cmp(&(&b.id, &b.path)));
    list.shuffle(&mut Pcg64Mcg::seed_from_u64(seed));
    list.truncate(size);
    list
}

/// Sample size for a 95 % interval of plus or minus `half` around an expected share `share`, of a pile of `pile` documents
/// (normal approximation with finite population correction; Cochran 1977).
#[must_use]
pub fn size_for(pile: usize, share: f64, half: f64) -> usize {
    let endless = 1.96_f64.powi(2) * share * (1.0 - share) / half.powi(2);
    let corrected = endless / (1.0 + (endless - 1.0).max(0.0) / pile.max(1) as f64);
    (corrected.ceil() as usize).min(pile)
}

/// What was read of one stratum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stratum {
    /// Documents in it.
    pub documents: usize,
    /// Documents decided.
    pub decided: usize,
    /// Decided to follow up.
    pub relevant: usize,
    /// In doubt; not counted as relevant.
    pub doubt: usize,
}

impl Stratum {
    /// Adds a document with the verdicts on it: one reviewer who wants to follow up is enough, one in doubt if nobody does.
    pub fn add(&mut self, verdicts: impl IntoIterator<Item = Action>) {
        let verdicts: Vec<Action> = verdicts.into_iter().collect();
        let relevant = verdicts.contains(&Action::Opvolgen);
        self.documents += 1;
        self.decided += usize::from(!verdicts.is_empty());
        self.relevant += usize::from(relevant);
        self.doubt += usize::from(!relevant && verdicts.contains(&Action::Twijfel));
    }
}

/// Result of reading an elusion sample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Elusion {
    /// Documents at or above the threshold.
    pub read: Stratum,
    /// Documents below it.
    pub unread: Stratum,
    /// Below the threshold only decisions on documents count that were drawn with their label covered: somebody may have picked the others.
    pub drawn_only: bool,
    /// Share of relevant documents below the threshold.
    pub elusion: Figure,
    /// Relevant documents below the threshold.
    pub missed: Figure,
    /// Share of all relevant documents that stands at or above the threshold. Each stratum at 97.5 %, so at least 95 % together.
    pub recall: Figure,
}

/// Combines decisions on both strata: of each reviewer those that hold (see [`last`](crate::decision::last)). `documents` are ids with labels.
/// When any of the decisions is on a drawn document, only those count below the threshold.
///
/// # Errors
/// When documents were drawn, but none of some labels below the threshold.
pub fn estimate<'a>(
    documents: impl IntoIterator<Item = (&'a str, Label)>,
    decisions: &[&Decision],
    threshold: Label,
) -> Result<Elusion> {
    let drawn_only = decisions.iter().any(|d| d.drawn.is_some());
    if drawn_only && threshold > Label::Midden {
        return Err(Error::Usage(format!(
            "documents were drawn from those labelled geen and laag, so they say nothing of all below {}; take --threshold midden",
            threshold.as_str()
        )));
    }
    let mut of: BTreeMap<&str, Vec<&Decision>> = BTreeMap::new();
    for decision in decisions.iter().filter(|d| !d.document.is_empty()) {
        of.entry(&decision.document).or_default().push(decision);
    }
    let (mut read, mut unread) = (Stratum::default(), Stratum::default());
    for (id, label) in documents {
        let is_read = label >= threshold;
        let verdicts = of.get(id).into_iter().flatten();
        let verdicts = verdicts
            .filter(|d| is_read || !drawn_only || d.drawn == Some(Drawn::Laag))
            .filter_map(|d| d.verdict);
        let stratum = if is_read { &mut read } else { &mut unread };
        stratum.add(verdicts);
    }
    let count = |s: Stratum, confidence: f64| {
        let all = s.documents as f64;
        if s.decided == s.documents {
            let exact = s.relevant as f64;
            return (Some(exact), exact, exact);
        }
        let (low, high) = exact_interval(s.relevant, s.decided, confidence);
        let value = (s.decided > 0).then(|| all * s.relevant as f64 / s.decided as f64);
        // What was seen is certain on both sides.
        let seen = s.relevant as f64;
        let most = all - (s.decided - s.relevant) as f64;
        (value, (all * low).max(seen), (all * high).min(most))
    };
    let (missed, low, high) = count(unread, 0.95);
    let share = |n: f64| n / (unread.documents.max(1)) as f64;
    let (found_r, low_r, high_r) = count(read, 0.975);
    let (_, low_u, high_u) = count(unread, 0.975);
    let part = |found: f64, missed: f64| (found + missed > 0.0).then(|| found / (found + missed));
    Ok(Elusion {
        read,
        unread,
        drawn_only,
        elusion: Figure {
            value: missed.map(share),
            low: Some(share(low)),
            high: Some(share(high)),
        },
        missed: Figure {
            value: missed,
            low: Some(low),
            high: Some(high),
        },
        recall: Figure {
            value: found_r.zip(missed).and_then(|(f, m)| part(f, m)),
            low: part(low_r, high_u),
            high: part(high_r, low_u),
        },
    })
}

/// Exact interval of a share (Clopper and Pearson 1934) by bisection on the binomial distribution.
#[must_use]
pub fn exact_interval(hits: usize, of: usize, confidence: f64) -> (f64, f64) {
    if of == 0 {
        return (0.0, 1.0);
    }
    let tail = (1.0 - confidence) / 2.0;
    // The share at which `hits` or more, or `hits` or fewer, has probability `tail`.
    let low = if hits == 0 {
        0.0
    } else {
        bisect(|p| 1.0 - at_most(hits - 1, of, p) > tail)
    };
    let high = if hits == of {
        1.0
    } else {
        bisect(|p| at_most(hits, of, p) < tail)
    };
    (low, high)
}

/// The smallest share for which `reached` holds; `reached` must be false, then true.
fn bisect(reached: impl Fn(f64) -> bool) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if reached(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    f64::midpoint(low, high)
}

/// Probability of at most `hits` successes in `of` trials.
fn at_most(hits: usize, of: usize, p: f64) -> f64 {
    if p <= 0.0 {
        return 1.0;
    }
    if p >= 1.0 {
        return f64::from(u8::from(hits >= of));
    }
    let mut log = of as f64 * (1.0 - p).ln();
    let mut sum = log.exp();
    for k in 1..=hits {
        log += ((of - k + 1) as f64).ln() - (k as f64).ln() + p.ln() - (1.0 - p).ln();
        sum += log.exp();
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values of scipy.stats.binomtest(k, n).proportion_ci(method="exact").
    #[test]
    fn exact_intervals_as_scipy_gives_them() {
        let check = |k, n, low: f64, high: f64| {
            let (l, h) = exact_interval(k, n, 0.95);
            assert!(
                (l - low).abs() < 1e-9 && (h - high).abs() < 1e-9,
                "{k}/{n}: {l} {h}"
            );
        };
        check(0, 20, 0.0, 0.168_433_470_983_085_48);
        check(3, 50, 0.012_548_587_835_334_06, 0.165_481_946_603_772_9);
        check(20, 20, 0.831_566_529_016_914_5, 1.0);
    }

    #[test]
    fn sizes_as_the_tables_of_ediscovery_give_them() {
        assert_eq!(size_for(10_000_000, 0.5, 0.02), 2401);
        assert_eq!(size_for(10_000_000, 0.5, 0.01), 9595);
        assert_eq!(size_for(100, 0.5, 0.02), 97);
        assert_eq!(size_for(0, 0.5, 0.02), 0);
    }

    fn record(n: usize, label: Label) -> DocumentRecord {
        DocumentRecord {
            id: format!("{n:04}"),
            label: Some(label),
            ..DocumentRecord::default()
        }
    }

    fn decision(n: usize, verdict: Action) -> Decision {
        Decision {
            document: format!("{n:04}"),
            verdict: Some(verdict),
            ..Decision::default()
        }
    }

    #[test]
    fn the_sample_is_reproducible_and_below_the_threshold() {
        let mut documents: Vec<DocumentRecord> = (0..50)
            .map(|n| record(n, if n < 10 { Label::Hoog } else { Label::Laag }))
            .collect();
        let sample = |documents: &[DocumentRecord], seed| -> Vec<String> {
            draw(&pile(documents, Label::Midden), 8, seed)
                .iter()
                .map(|d| d.id.clone())
                .collect()
        };
        let first = sample(&documents, 7);
        documents.reverse();
        assert_eq!(first, sample(&documents, 7));
        assert_ne!(first, sample(&documents, 8));
        assert!(first.iter().all(|id| id.as_str() >= "0010") && first.len() == 8);
    }

    #[test]
    fn recall_from_both_strata() {
        let ids: Vec<String> = (0..120).map(|n| format!("{n:04}")).collect();
        let labels = (0..120).map(|n| if n < 20 { Label::Hoog } else { Label::Geen });
        let documents: Vec<(&str, Label)> = ids.iter().map(String::as_str).zip(labels).collect();
        // All 20 above are read, 9 to follow up; of 100 below 25 are read, 1 to follow up: about 4 of 100 are missed.
        let decisions: Vec<Decision> = (0..45)
            .map(|n| {
                decision(
                    n,
                    if n < 9 || n == 30 {
                        Action::Opvolgen
                    } else {
                        Action::GeenActie
                    },
                )
            })
            .collect();
        let holding: Vec<&Decision> = decisions.iter().collect();
        let result = estimate(documents.clone(), &holding, Label::Midden).unwrap();
        assert_eq!(result.elusion.value, Some(0.04));
        assert_eq!(result.missed.value, Some(4.0));
        assert_eq!(result.recall.value, Some(9.0 / 13.0));
        let (low, high) = exact_interval(1, 25, 0.975);
        assert_eq!(result.recall.low, Some(9.0 / (9.0 + 100.0 * high)));
        assert_eq!(
            result.recall.high,
            Some(9.0 / (9.0 + f64::max(100.0 * low, 1.0)))
        );
        assert!(!result.drawn_only);

        // Ten of the low ones were drawn, and the one to follow up is not among them.
        let mut decisions = decisions;
        decisions[35..45]
            .iter_mut()
            .for_each(|d| d.drawn = Some(Drawn::Laag));
        let holding: Vec<&Decision> = decisions.iter().collect();
        let result = estimate(documents.clone(), &holding, Label::Midden).unwrap();
        assert!(result.drawn_only);
        assert_eq!((result.read.decided, result.unread.decided), (20, 10));
        assert_eq!(result.missed.value, Some(0.0));
        assert!(estimate(documents, &holding, Label::Hoog).is_err());
    }
}
