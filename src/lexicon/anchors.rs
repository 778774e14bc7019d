//! The rarest words by which a pattern is to be looked for.

use std::rc::Rc;
use std::sync::Arc;

use super::branches::Branches;
use super::compile::Compiler;
use super::notation::Item;
use super::pattern::{Affix, Anchor, Recogniser};
use super::scope::{Piece, Scope};

/// Occurrences per million of a word that is not in the list of frequent ones.
const RARE: u32 = 3;

impl Compiler<'_> {
    /// Number of the set of words that a piece needs.
    pub(super) fn want(&mut self, piece: &Piece) -> Option<(u32, u32)> {
        let (cost, anchors) = piece.anchors.as_ref()?;
        let number = piece.want.get_or_init(|| {
            if let Some(n) = self.want_numbers.get(anchors.as_slice()) {
                return *n;
            }
            let n = self.wants.len() as u32;
            let anchors: Arc<[Anchor]> = anchors.as_slice().into();
            self.wants.push(Arc::clone(&anchors));
            self.want_numbers.insert(anchors, n);
            n
        });
        Some((*cost, *number))
    }

    /// The cheapest complete set of anchors of a sequence, with its cost; `None` when nothing in it is a fixed word.
    fn best_anchors(
        &mut self,
        items: &[Item],
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<Option<(u32, Vec<Anchor>)>, String> {
        let mut best: Option<Rc<Piece>> = None;
        let cost = |piece: &Option<Rc<Piece>>| {
            let anchors = piece.as_ref().and_then(|p| p.anchors.as_ref());
            anchors.map_or(u32::MAX, |a| a.0)
        };
        for item in items {
            let piece = Some(self.piece(item, scope, depth)?);
            if cost(&piece) < cost(&best) {
                best = piece;
            }
        }
        Ok(best.and_then(|p| p.anchors.clone()))
    }

    /// The words of which every match of an item holds one.
    pub(super) fn item_anchors(
        &mut self,
        item: &Item,
        branches: &Branches,
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<Option<(u32, Vec<Anchor>)>, String> {
        match item {
            Item::Gap { .. } => return Ok(None),
            Item::Quoted(items) => return self.best_anchors(items, scope, depth),
            Item::Recogniser { name, .. } => {
                let words = Recogniser::named(name).map_or(&[][..], Recogniser::anchors);
                if words.is_empty() {
                    return Ok(None);
                }
                let anchors: Vec<Anchor> =
                    words.iter().map(|w| Anchor::Word(self.intern(w))).collect();
                return Ok(Some((self.cost(&anchors), anchors)));
            }
            _ => {}
        }
        if branches.optional {
            return Ok(None);
        }
        let mut anchors: Vec<Anchor> = (branches.words.iter().copied()).map(Anchor::Word).collect();
        for affix in &branches.affixes {
            anchors.push(Anchor::Part(self.part(affix)));
        }
        for (set, _) in &branches.splits {
            let words = self.set.word_set(*set).ids();
            anchors.extend(words.iter().copied().map(Anchor::Word));
        }
        for items in &branches.longer {
            match self.best_anchors(items, scope, depth + 1)? {
                Some((_, more)) => anchors.extend(more),
                None => return Ok(None),
            }
        }
        let cost = self.cost(&anchors);
        anchors.sort_unstable();
        anchors.dedup();
        Ok(Some((cost, anchors)))
    }

    /// Number of a compound part, new or not.
    fn part(&mut self, affix: &Affix) -> u32 {
        if let Some(n) = self.part_numbers.get(affix) {
            return *n;
        }
        let n = self.set.parts.len() as u32;
        self.set.parts.push(affix.clone());
        self.part_numbers.insert(affix.clone(), n);
        n
    }

    /// How often the anchors occur, per million words.
    fn cost(&self, anchors: &[Anchor]) -> u32 {
        anchors
            .iter()
            .map(|anchor| match anchor {
                Anchor::Word(id) => {
                    let name = self.set.names.get(*id as usize).map_or("", String::as_str);
                    self.frequent.get(name).copied().unwrap_or(RARE)
                }
                Anchor::Part(n) => {
                    let short = (self.set.parts.get(*n as usize)).is_some_and(|p| p.stem.len() < 5);
                    if short { 60 * RARE } else { 10 * RARE }
                }
            })
            .sum()
    }
}
