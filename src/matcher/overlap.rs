//! One stretch of text is one signal: of overlapping matches one wins, the others stay visible.

use std::cmp::Reverse;

use super::Match;
use crate::lexicon::Lexicon;

/// Marks the losers. In one category the longest wins; between categories the higher tier, then the longer.
pub(super) fn resolve(lexicon: &Lexicon, matches: &mut Vec<Match>) {
    let category = |m: &Match| lexicon.terms.get(m.term).map_or(0, |t| t.category);
    let length = |m: &Match| m.tokens.len();
    // The same term in the same place, or inside its own longer reading, is one match.
    matches.sort_by(|a, b| {
        (a.term, a.tokens.start, Reverse(a.tokens.end)).cmp(&(
            b.term,
            b.tokens.start,
            Reverse(b.tokens.end),
        ))
    });
    matches.dedup_by(|later, earlier| {
        later.term == earlier.term
            && later.tokens.start >= earlier.tokens.start
            && later.tokens.end <= earlier.tokens.end
            && {
                // Keep the reading that counts.
                if earlier.suppressed.is_some() && later.suppressed.is_none() {
                    std::mem::swap(later, earlier);
                }
                true
            }
    });
    let protective = |m: &Match| lexicon.terms.get(m.term).is_some_and(|t| t.protective);
    let mut order: Vec<usize> = (0..matches.len())
        .filter(|n| {
            matches
                .get(*n)
                .is_some_and(|m| m.suppressed.is_none() && !protective(m))
        })
        .collect();
    order.sort_by_key(|n| {
        matches.get(*n).map(|m| {
            (
                category(m),
                Reverse(length(m)),
                Reverse(m.tier),
                m.tokens.start,
                m.term,
            )
        })
    });
    knock_out(lexicon, matches, &order, true);
    order.retain(|n| matches.get(*n).is_some_and(|m| m.suppressed.is_none()));
    order.sort_by_key(|n| {
        matches
            .get(*n)
            .map(|m| (Reverse(m.tier), Reverse(length(m)), m.tokens.start, m.term))
    });
    knock_out(lexicon, matches, &order, false);
    matches.sort_by(|a, b| {
        (a.tokens.start, a.tokens.end, a.term).cmp(&(b.tokens.start, b.tokens.end, b.term))
    });
}

/// In the given order, each match that still stands knocks out the later ones that overlap it.
fn knock_out(lexicon: &Lexicon, matches: &mut [Match], order: &[usize], same_category: bool) {
    let mut winners: Vec<usize> = Vec::new();
    for &n in order {
        let Some(this) = matches.get(n) else { continue };
        let category = lexicon.terms.get(this.term).map(|t| t.category);
        let beaten = winners.iter().find_map(|w| {
            let winner = matches.get(*w)?;
            let other = lexicon.terms.get(winner.term)?;
            let overlaps =
                winner.tokens.start < this.tokens.end && this.tokens.start < winner.tokens.end;
            (overlaps && (!same_category || Some(other.category) == category))
                .then(|| other.id.clone())
        });
        match beaten {
            Some(id) => {
                if let Some(m) = matches.get_mut(n) {
                    m.suppressed = Some(format!("overlap: {id}"));
                }
            }
            None => winners.push(n),
        }
    }
}
