//! Counts that add up, and the figures made of them.

use serde::Serialize;

/// Counts of one class; they add up over documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Gold that was found.
    pub gold_hit: usize,
    /// Gold.
    pub gold: usize,
    /// Findings that were right.
    pub found_hit: usize,
    /// Findings.
    pub found: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.gold_hit += other.gold_hit;
        self.gold += other.gold;
        self.found_hit += other.found_hit;
        self.found += other.found;
    }
}

/// Division where nothing over nothing is `None`: no figure, never 0 or 1.
#[must_use]
pub fn ratio(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

impl Counts {
    /// Share of findings that are right.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        ratio(self.found_hit, self.found)
    }

    /// Share of gold that is found.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        ratio(self.gold_hit, self.gold)
    }

    /// Harmonic mean; `None` when there is neither gold nor finding, 0 when nothing is right.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        match (self.precision(), self.recall()) {
            (None, None) => None,
            (p, r) => {
                let (p, r) = (p.unwrap_or(0.0), r.unwrap_or(0.0));
                Some(if p + r > 0.0 {
                    2.0 * p * r / (p + r)
                } else {
                    0.0
                })
            }
        }
    }
}

/// Cohen's kappa with linear weights over ordered classes (Cohen 1968); `None` when chance agreement is complete.
#[must_use]
pub fn weighted_kappa(table: &[Vec<usize>]) -> Option<f64> {
    kappa_with(table, |i, j| i.abs_diff(j) as f64)
}

/// Cohen's kappa (Cohen 1960), classes without order; `None` when chance agreement is complete.
#[must_use]
pub fn kappa(table: &[Vec<usize>]) -> Option<f64> {
    kappa_with(table, |i, j| if i == j { 0.0 } else { 1.0 })
}

fn kappa_with(table: &[Vec<usize>], weight: impl Fn(usize, usize) -> f64) -> Option<f64> {
    let k = table.len();
    let total: usize = table.iter().flatten().sum();
    if total == 0 || k < 2 {
        return None;
    }
    let rows: Vec<usize> = table.iter().map(|r| r.iter().sum()).collect();
    let columns: Vec<usize> = (0..k)
        .map(|c| table.iter().map(|r| r.get(c).copied().unwrap_or(0)).sum())
        .collect();
    let (mut seen, mut expected) = (0.0, 0.0);
    for (i, row) in table.iter().enumerate() {
        for (j, cell) in row.iter().enumerate() {
            let weight = weight(i, j);
            seen += weight * *cell as f64;
            expected += weight
                * rows.get(i).copied().unwrap_or(0) as f64
                * columns.get(j).copied().unwrap_or(0) as f64
                / total as f64;
        }
    }
    (expected > 0.0).then(|| 1.0 - seen / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_by_zero_is_no_figure() {
        let empty = Counts::default();
        assert_eq!(
            (empty.precision(), empty.recall(), empty.f1()),
            (None, None, None)
        );
        let missed = Counts {
            gold: 3,
            ..Counts::default()
        };
        assert_eq!(
            (missed.precision(), missed.recall(), missed.f1()),
            (None, Some(0.0), Some(0.0))
        );
    }

    #[test]
    fn kappa_by_hand() {
        // Weighted disagreement 1 of 4; expected 0*... worked out by hand: rows 2,2, columns 3,1 -> expected 2*1/4 + 2*3/4 = 2.
        assert_eq!(weighted_kappa(&[vec![2, 0], vec![1, 1]]), Some(0.5));
    }
}
