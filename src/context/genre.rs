//! Genre: is the document, or a paragraph of it, about nobody in particular (policy, training, news)?

use std::ops::Range;

use crate::lexicon::Lexicon;
use crate::matcher::Scan;
use crate::text::{PARAGRAPH, View};

/// Genre of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentGenre {
    /// The document as a whole is policy, training or news.
    pub policy: bool,
    /// Paragraphs (words) of that kind inside a record.
    pub paragraphs: Vec<Range<usize>>,
}

impl DocumentGenre {
    /// The rule and the words that make the word `token` generic, if they do.
    #[must_use]
    pub fn generic(&self, token: usize) -> Option<(&'static str, Range<usize>)> {
        if self.policy {
            return Some(("genre.document", 0..0));
        }
        let after = self.paragraphs.partition_point(|p| p.start <= token);
        (after.checked_sub(1))
            .and_then(|n| self.paragraphs.get(n))
            .filter(|p| p.contains(&token))
            .map(|p| ("genre.paragraph", p.start..p.start + 1))
    }

    /// The name in records.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        if self.policy { "policy" } else { "record" }
    }
}

/// Weighs the cues of policy against those of a record: for the document, and for each paragraph.
#[must_use]
pub fn genre(lexicon: &Lexicon, view: &View, scan: &Scan) -> DocumentGenre {
    let rules = &lexicon.genre;
    let words = view.tokens.len();
    let policy = |range: &Range<usize>, least: usize| {
        let count = |list: &[usize]| {
            list.partition_point(|t| *t < range.end) - list.partition_point(|t| *t < range.start)
        };
        let (cues, records) = (count(&scan.policy), count(&scan.record));
        cues >= least
            && cues * 1000 >= rules.per_thousand * range.len()
            && cues > records * rules.record_weight
    };
    if words == 0 || rules.least == 0 {
        return DocumentGenre::default();
    }
    if policy(&(0..words), rules.least) {
        return DocumentGenre {
            policy: true,
            paragraphs: Vec::new(),
        };
    }
    let mut paragraphs = Vec::new();
    let mut start = 0;
    for end in 1..=words {
        if end == words || view.tokens.get(end).is_some_and(|t| t.has(PARAGRAPH)) {
            let range = start..end;
            if policy(&range, rules.least.div_ceil(2)) {
                paragraphs.push(range);
            }
            start = end;
        }
    }
    DocumentGenre {
        policy: false,
        paragraphs,
    }
}
