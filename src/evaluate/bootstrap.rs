//! Intervals by seeded bootstrap over documents (Efron and Tibshirani 1993, percentile method).
//!
//! Documents are drawn with replacement, never single signals: signals of one document are not independent. Draw number b uses
//! a generator of its own, so the same seed gives the same intervals for any number of threads.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use rayon::prelude::*;
use serde::Serialize;

/// How often to draw, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Resampling {
    /// Number of draws; 0 gives no intervals.
    pub draws: u32,
    /// Seed.
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self {
            draws: 1000,
            seed: 1,
        }
    }
}

/// A figure with its 95 % interval; nothing divided by nothing is no figure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figure {
    /// The value on all documents.
    pub value: Option<f64>,
    /// 2.5 % point of the draws in which the figure exists.
    pub low: Option<f64>,
    /// 97.5 % point.
    pub high: Option<f64>,
}

impl Figure {
    /// Whether the interval leaves 0 out (for differences).
    #[must_use]
    pub fn differs_from_zero(&self) -> bool {
        matches!((self.low, self.high), (Some(l), Some(h)) if l > 0.0 || h < 0.0)
    }
}

/// Computes a list of figures on all of `items` and on draws from them. `figures` gets the numbers of the items drawn, repeated ones repeated.
///
/// An interval is only given when the figure exists in at least half of the draws.
pub fn figures(
    items: usize,
    resampling: Resampling,
    figures: impl Fn(&[usize]) -> Vec<Option<f64>> + Sync,
) -> Vec<Figure> {
    let all: Vec<usize> = (0..items).collect();
    let values = figures(&all);
    let draws: Vec<Vec<Option<f64>>> = if items == 0 {
        Vec::new()
    } else {
        (0..resampling.draws)
            .into_par_iter()
            .map(|draw| {
                let seed = resampling.seed ^ (u64::from(draw) << 32 | 0x5bd1);
                let mut random = Pcg64Mcg::seed_from_u64(seed);
                let drawn: Vec<usize> = (0..items).map(|_| random.random_range(0..items)).collect();
                figures(&drawn)
            })
            .collect()
    };
    values
        .into_iter()
        .enumerate()
        .map(|(n, value)| {
            let mut seen: Vec<f64> = draws
                .iter()
                .filter_map(|d| d.get(n).copied().flatten())
                .collect();
            seen.sort_unstable_by(f64::total_cmp);
            let enough = value.is_some() && !seen.is_empty() && seen.len() * 2 >= draws.len();
            Figure {
                value,
                low: enough.then(|| quantile(&seen, 0.025)).flatten(),
                high: enough.then(|| quantile(&seen, 0.975)).flatten(),
            }
        })
        .collect()
}

/// Linear between neighbours (type 7 of Hyndman and Fan 1996, the default of R and NumPy).
fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let place = share * (sorted.len().checked_sub(1)?) as f64;
    let (below, rest) = (place.floor(), place - place.floor());
    let low = *sorted.get(below as usize)?;
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    Some(low + (high - low) * rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_as_numpy_gives_them() {
        let data = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&data, 0.0), Some(1.0));
        assert_eq!(quantile(&data, 0.5), Some(3.0));
        assert!((quantile(&data, 0.9).unwrap() - 6.8).abs() < 1e-12);
        assert_eq!(quantile(&[], 0.5), None);
    }

    #[test]
    fn the_interval_of_a_share_is_about_the_binomial_one() {
        // 30 of 100: the normal interval is 0.3 +- 0.09.
        let hit: Vec<bool> = (0..100).map(|n| n < 30).collect();
        let share = |drawn: &[usize]| {
            vec![Some(
                drawn.iter().filter(|n| hit[**n]).count() as f64 / drawn.len() as f64,
            )]
        };
        let figure = figures(100, Resampling::default(), share)[0];
        assert_eq!(figure.value, Some(0.3));
        assert!((figure.low.unwrap() - 0.21).abs() < 0.02, "{figure:?}");
        assert!((figure.high.unwrap() - 0.39).abs() < 0.02, "{figure:?}");
        assert_eq!(figure, figures(100, Resampling::default(), share)[0]);
    }

    #[test]
    fn a_figure_that_rarely_exists_has_no_interval() {
        let rare = |drawn: &[usize]| vec![drawn.iter().all(|n| *n == drawn[0]).then_some(1.0)];
        assert_eq!(
            figures(50, Resampling::default(), rare)[0],
            Figure::default()
        );
    }
}
