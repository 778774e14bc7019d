//! What patterns of a file may name, and what their pieces have been compiled to so far.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::branches::Branches;
use super::notation::{Item, Pattern};
use super::pattern::{Anchor, PatternId, Step};

/// Members of classes by name.
pub type Classes = BTreeMap<String, Vec<Pattern>>;

/// Classes that a pattern may name.
#[derive(Debug)]
pub struct Scope<'a> {
    /// Classes of the file.
    local: &'a Classes,
    /// Classes of the lexicon.
    shared: &'a Classes,
    /// Many patterns share their pieces; each is compiled once.
    pub(super) pieces: RefCell<FxHashMap<Item, Rc<Piece>>>,
    /// So is what a class stands for.
    pub(super) members: RefCell<FxHashMap<String, Rc<Branches>>>,
    /// And cues and conditions, by how they are written and whether they are fuzzy.
    pub(super) patterns: RefCell<FxHashMap<(String, bool), PatternId>>,
}

/// A piece of a pattern, compiled.
#[derive(Debug)]
pub(super) struct Piece {
    /// Steps, counted from its own first.
    pub(super) steps: Vec<Step>,
    /// The words of which every match holds one, and how often they occur per million; none when there are none.
    pub(super) anchors: Option<(u32, Vec<Anchor>)>,
    /// Number of this set of words, once asked for.
    pub(super) want: OnceCell<u32>,
}

impl<'a> Scope<'a> {
    /// The classes of a file before those of the lexicon.
    #[must_use]
    pub fn new(local: &'a Classes, shared: &'a Classes) -> Self {
        Self {
            local,
            shared,
            pieces: RefCell::default(),
            members: RefCell::default(),
            patterns: RefCell::default(),
        }
    }

    pub(super) fn class(&self, name: &str) -> Option<&'a Vec<Pattern>> {
        self.local.get(name).or_else(|| self.shared.get(name))
    }
}
