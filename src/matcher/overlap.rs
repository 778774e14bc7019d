//! One stretch of text is one signal: of overlapping matches one wins, the others stay visible.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::Range;

use super::Match;
use crate::lexicon::{Lexicon, Tier};

/// What the mark of a loser begins with; the winner's term follows.
pub(super) const MARK: &str = "overlap: ";

/// Marks the losers. A hard match wins, so that harm never hides behind a longer phrase, then the longer, which says more, then the
/// higher tier. What a longer one holds of its own category lends it its tier: "Hij blijkt 26 te zijn, werkt in de bouw" is as firm as
/// "26".
pub(super) fn resolve(lexicon: &Lexicon, matches: &mut Vec<Match>) {
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
            let hard = m.tier == Tier::Hard;
            let rank = (Reverse(hard), Reverse(m.tokens.len()), Reverse(m.tier));
            (rank, m.tokens.start, m.term)
        })
    });
    knock_out(lexicon, matches, &order);
    matches.sort_by(|a, b| {
        (a.tokens.start, a.tokens.end, a.term).cmp(&(b.tokens.start, b.tokens.end, b.term))
    });
}

/// In the given order, each match that still stands knocks out the later ones that overlap it. One that is knocked out itself takes
/// nothing with it.
fn knock_out(lexicon: &Lexicon, matches: &mut [Match], order: &[usize]) {
    // By first word: the end of the match, its place in the order, its number. They do not overlap, so their ends are in order, too.
    let mut winners: BTreeMap<usize, (usize, usize, usize)> = BTreeMap::new();
    for (place, &n) in order.iter().enumerate() {
        let Some(this) = matches.get(n) else { continue };
        let over: Vec<(usize, usize)> = (winners.range(..this.tokens.end).rev())
            .take_while(|(_, (end, ..))| *end > this.tokens.start)
            .map(|(_, (_, place, winner))| (*place, *winner))
            .collect();
        if let [(place, winner)] = over[..]
            && let Some(rest) = matches.get(winner).and_then(|w| rest(lexicon, w, this))
            && let Some(w) = matches.get_mut(winner)
        {
            winners.remove(&w.tokens.start);
            winners.insert(rest.start, (rest.end, place, winner));
            w.spelled.retain(|t| rest.contains(&(*t as usize)));
            w.tokens = rest;
        }
        let Some(this) = matches.get(n) else { continue };
        let beaten = (over.iter().min())
            .map(|(_, winner)| *winner)
            .filter(|winner| {
                matches.get(*winner).is_some_and(|w| {
                    w.tokens.start < this.tokens.end && this.tokens.start < w.tokens.end
                })
            });
        match beaten {
            Some(winner) => {
                let tier = this.tier;
                let term = |m: &Match| lexicon.terms.get(m.term);
                let category = |m: &Match| term(m).map(|t| t.category);
                let of_loser = category(this);
                let inside = matches.get(winner).is_some_and(|w| {
                    w.tokens.start <= this.tokens.start && this.tokens.end <= w.tokens.end
                });
                let Some(w) = matches.get_mut(winner) else {
                    continue;
                };
                if inside && category(w) == of_loser {
                    w.tier = w.tier.max(tier);
                }
                let id = term(w).map_or_else(String::new, |t| t.id.clone());
                if let Some(m) = matches.get_mut(n) {
                    m.suppressed = Some(format!("{MARK}{id}"));
                }
            }
            None => {
                winners.insert(this.tokens.start, (this.tokens.end, place, n));
            }
        }
    }
}

/// What a winner keeps where two signals share words at its border: the firmer one of another category takes its words along. Enough of
/// the winner must be left: half where each has words of its own ("Een nieuwe telefoon van haar [vriend van 25]" is a gift and an older
/// partner), two thirds where the firmer one lies inside it ("kleding van onbekende herkomst en [schulden]").
fn rest(lexicon: &Lexicon, winner: &Match, loser: &Match) -> Option<Range<usize>> {
    let category = |m: &Match| lexicon.terms.get(m.term).map(|t| t.category);
    if category(winner) == category(loser) || loser.tier <= winner.tier {
        return None;
    }
    let (w, l) = (&winner.tokens, &loser.tokens);
    let rest = if w.start < l.start && w.end <= l.end {
        w.start..l.start
    } else if l.start <= w.start && l.end < w.end {
        l.end..w.end
    } else {
        return None;
    };
    let is_inside = w.start <= l.start && l.end <= w.end;
    let enough = if is_inside {
        rest.len() * 3 >= w.len() * 2
    } else {
        rest.len() * 2 >= w.len()
    };
    enough.then_some(rest)
}
