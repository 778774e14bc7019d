//! The parts of a name: initials, prefixes, words with capitals.

use super::person::{Name, Names, Trust};
use super::token::{ACRONYM, CAPITAL, CAPS, GLUED, LINE, Shape, Token, WIDE};
use super::words::{GREETING, INNER_PREFIX, PERSON, PREFIX, STOP, TITLE};

/// Most parts of a name, initials and prefixes included.
const PARTS: usize = 10;

impl Names<'_> {
    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    pub(super) fn is(&self, at: usize, classes: u32) -> bool {
        self.get(at).is_some_and(|t| t.is(classes))
    }

    pub(super) fn is_sign(&self, at: usize, signs: &[char]) -> bool {
        self.get(at).is_some_and(|t| t.is_sign(signs))
    }

    /// Past the full stop of an abbreviation.
    pub(super) fn past_stop(&self, at: usize) -> usize {
        let stop = self.is_sign(at, &['.']) && self.get(at).is_some_and(|t| t.has(GLUED));
        at + usize::from(stop)
    }

    pub(super) fn is_initial(&self, at: usize) -> bool {
        self.get(at)
            .is_some_and(|t| t.letters() == 1 && t.has(CAPITAL))
    }

    /// A word that can be the core of a name.
    pub(super) fn is_core(&self, at: usize) -> bool {
        self.get(at).is_some_and(|t| {
            // "GGD", "LVB-groep".
            let short_caps = t.has(CAPS) && t.letters() < 5 || t.has(ACRONYM);
            let who = t.is(PERSON | TITLE | STOP | GREETING) && !t.is(PREFIX);
            t.has(CAPITAL) && t.letters() > 1 && !short_caps && !who && !t.is(PREFIX | INNER_PREFIX)
        })
    }

    pub(super) fn is_dutch(&self, at: usize) -> bool {
        self.get(at).is_none_or(|t| self.words.is_dutch(&t.lower))
    }

    /// Whether the token stands on the same line as the one before, one blank away.
    pub(super) fn follows(&self, at: usize) -> bool {
        self.get(at)
            .is_some_and(|t| !t.has(LINE) && !t.has(WIDE) && !t.has(GLUED))
    }

    /// The name that begins at `at`: initials, prefixes, words with capitals.
    pub(super) fn name(&self, at: usize, trust: Trust, lead: bool) -> Option<Name> {
        let mut next = at;
        let mut initials = false;
        while self.is_initial(next) && next < at + PARTS {
            let stop = self.past_stop(next + 1);
            let more = self.is_initial(stop) || self.is_core(stop) || self.is(stop, PREFIX);
            let near = self.get(stop).is_some_and(|t| {
                !t.has(LINE) && !t.has(WIDE) && (stop > next + 1 || !t.has(GLUED))
            });
            if !more || !near {
                break;
            }
            initials = true;
            next = stop;
        }
        let (mut end, mut cores, mut prefixed, mut unknown) = (at, 0, false, false);
        while next < at + PARTS {
            let mut core = next;
            while core < next + 4
                && (self.is(core, PREFIX)
                    || self.is(core, INNER_PREFIX) && self.is(core + 1, PREFIX))
                && self
                    .get(core + 1)
                    .is_some_and(|t| !t.has(LINE) && !t.has(WIDE))
            {
                core += 1;
            }
            let leading = cores == 0 && !initials && core > next;
            if leading && (!lead || self.is(next, INNER_PREFIX) && !self.is(next, PREFIX)) {
                break;
            }
            if !self.is_core(core) {
                break;
            }
            // In the middle of a name each part is one blank from the next.
            if (cores > 0 || initials || core > next) && !self.follows(core) {
                break;
            }
            // "Anja de Wit" is one name; a Dutch word without prefix after a first one is doubtful only where trust is.
            prefixed |= core > next;
            unknown |= !self.is_dutch(core);
            cores += 1;
            end = core + 1;
            next = end;
            if !self.get(next).is_some_and(|t| t.shape == Shape::Word) || !self.follows(next) {
                break;
            }
        }
        if cores == 0 {
            return None;
        }
        // "Lieke B.": an initial stands for the surname.
        if self.is_initial(end) && self.follows(end) && self.is_sign(end + 1, &['.']) {
            end += 1;
        }
        let first_dutch = {
            let first = (at..end).find(|t| self.is_core(*t)).unwrap_or(at);
            self.is_dutch(first)
        };
        let sure = match trust {
            Trust::Full => true,
            Trust::Some => initials || !first_dutch || cores > 1 && unknown || prefixed && unknown,
        };
        sure.then_some(Name { first: at, end })
    }

    pub(super) fn past_title(&self, at: usize) -> usize {
        let mut next = at;
        while self.is(next, TITLE) && next < at + 3 {
            next = self.past_stop(next + 1);
        }
        next
    }
}
