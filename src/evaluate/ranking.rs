//! How well a ranking puts the documents that matter on top: the figures of technology-assisted review.
//!
//! Names and definitions follow ASReview (recall, WSS@95, average time to discovery) and e-discovery (documents to read). Documents
//! with equal scores stand in no order among themselves, so each figure is the expectation over all their orders.

use serde::Serialize;

/// Reading in order of score: after so many documents, so many relevant ones are found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Curve {
    /// Corner points (read, found), from (0, 0); straight in between.
    pub points: Vec<(f64, f64)>,
    /// Number of documents.
    pub total: usize,
    /// Number of relevant ones.
    pub relevant: usize,
}

impl Curve {
    /// Orders documents by score, highest first.
    #[must_use]
    pub fn new(documents: &[(u32, bool)]) -> Self {
        let mut sorted = documents.to_vec();
        sorted.sort_unstable_by_key(|d| std::cmp::Reverse(d.0));
        let mut points = vec![(0.0, 0.0)];
        let (mut read, mut found) = (0_usize, 0_usize);
        for tie in sorted.chunk_by(|a, b| a.0 == b.0) {
            read += tie.len();
            found += tie.iter().filter(|d| d.1).count();
            points.push((read as f64, found as f64));
        }
        Self {
            points,
            total: read,
            relevant: found,
        }
    }

    /// Share of the relevant documents among the first `share` of all; `None` when none is relevant.
    #[must_use]
    pub fn recall_at(&self, share: f64) -> Option<f64> {
        if self.relevant == 0 {
            return None;
        }
        let read = share * self.total as f64;
        let found = self.points.windows(2).find_map(|w| match w {
            [a, b] if read <= b.0 => Some(a.1 + (b.1 - a.1) * (read - a.0) / (b.0 - a.0)),
            _ => None,
        });
        Some(found.unwrap_or(self.relevant as f64) / self.relevant as f64)
    }

    /// Documents to read until `recall` of the relevant ones is found; `None` when none is relevant.
    #[must_use]
    pub fn reading_for(&self, recall: f64) -> Option<f64> {
        if self.relevant == 0 {
            return None;
        }
        let wanted = recall * self.relevant as f64;
        self.points.windows(2).find_map(|w| match w {
            [a, b] if b.1 >= wanted - 1e-9 => Some(if b.1 > a.1 {
                a.0 + (b.0 - a.0) * ((wanted - a.1) / (b.1 - a.1)).max(0.0)
            } else {
                a.0
            }),
            _ => None,
        })
    }

    /// Work saved over sampling at 95 % recall (Cohen et al. 2006): the share of documents not read, less 5 %.
    #[must_use]
    pub fn wss95(&self) -> Option<f64> {
        let read = self.reading_for(0.95)?;
        Some((self.total as f64 - read) / self.total as f64 - 0.05)
    }

    /// Average time to discovery: mean place of a relevant document, as a share of all documents.
    #[must_use]
    pub fn time_to_discovery(&self) -> Option<f64> {
        if self.relevant == 0 {
            return None;
        }
        let sum: f64 = self
            .points
            .windows(2)
            .map(|w| match w {
                [a, b] => (b.1 - a.1) * (a.0 + b.0 + 1.0) / 2.0,
                _ => 0.0,
            })
            .sum();
        Some(sum / self.relevant as f64 / self.total as f64)
    }

    /// Area under the ROC curve, ties counted half (Mann-Whitney); `None` when one of the classes is empty.
    #[must_use]
    pub fn auc(&self) -> Option<f64> {
        let others = self.total.checked_sub(self.relevant).filter(|n| *n > 0)?;
        if self.relevant == 0 {
            return None;
        }
        let area: f64 = self
            .points
            .windows(2)
            .map(|w| match w {
                [a, b] => {
                    let relevant = b.1 - a.1;
                    let passed = (b.0 - a.0) - relevant;
                    passed * (a.1 + relevant / 2.0)
                }
                _ => 0.0,
            })
            .sum();
        Some(area / (self.relevant as f64 * others as f64))
    }
}

/// Average precision of a ranking with ties taken as one step (as scikit-learn does); the points of the precision-recall curve.
#[must_use]
pub fn precision_recall(curve: &Curve) -> Vec<(f64, f64)> {
    curve
        .points
        .iter()
        .skip(1)
        .filter(|_| curve.relevant > 0)
        .map(|(read, found)| (found / curve.relevant as f64, found / read))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Six documents, three relevant: places 1, 3 and one in a tie of two at 4-5.
    fn curve() -> Curve {
        Curve::new(&[
            (90, true),
            (80, false),
            (70, true),
            (60, true),
            (60, false),
            (10, false),
        ])
    }

    #[test]
    fn figures_by_hand() {
        let curve = curve();
        assert_eq!(curve.recall_at(0.5), Some(2.0 / 3.0));
        // Four read: half of the tie, so half of its one relevant document.
        assert_eq!(curve.recall_at(4.0 / 6.0), Some(2.5 / 3.0));
        assert_eq!(curve.recall_at(1.0), Some(1.0));
        assert_eq!(curve.reading_for(2.0 / 3.0), Some(3.0));
        assert_eq!(curve.reading_for(1.0), Some(5.0));
        // Mean of the places 1, 3 and 4.5, of 6.
        assert!((curve.time_to_discovery().unwrap() - 8.5 / 18.0).abs() < 1e-12);
        // Pairs won: 3 + 2 + (1 + 0.5) of 9.
        assert_eq!(curve.auc(), Some(6.5 / 9.0));
        // 95 % of 3 is 2.85: 0.85 of the tie of two after 3.
        let read = 3.0 + 2.0 * 0.85;
        assert!((curve.wss95().unwrap() - ((6.0 - read) / 6.0 - 0.05)).abs() < 1e-12);
    }

    #[test]
    fn nothing_relevant_is_no_figure() {
        let none = Curve::new(&[(3, false), (1, false)]);
        assert_eq!(
            (none.auc(), none.recall_at(0.2), none.reading_for(0.9)),
            (None, None, None)
        );
        assert_eq!(Curve::new(&[(3, true)]).auc(), None);
        assert_eq!(Curve::new(&[]).wss95(), None);
    }
}
