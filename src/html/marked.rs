//! A text with its findings and cues marked.

use std::collections::BTreeSet;

use maud::{Markup, PreEscaped, Render, html};

use super::Text;
use super::finding::{deciding, is_excepted, verdict, why_off};
use super::label::letter;
use crate::finding::Finding;
use crate::lexicon::Lexicon;
use crate::span::CodePoints;

/// The marks of a document: which findings are marked where, and which words decided. Bytes of the document.
#[derive(Debug)]
pub struct Marks<'a> {
    lexicon: &'a Lexicon,
    findings: &'a [Finding],
    /// What is marked, by place and without overlaps: number of the finding (beyond them: of a missed signal), first byte, one past the last.
    marked: Vec<(usize, usize, usize)>,
    /// Cues, by place and without overlaps.
    cues: Vec<(usize, usize)>,
    /// How marks are written.
    link: Link,
}

/// Whether a finding is marked in the text: all are but those that lost to another one at the same place, and those that the lexicon counts
/// only beside something that is not there.
#[must_use]
pub fn is_shown(f: &Finding) -> bool {
    f.suppressed_by.is_empty() || is_excepted(f)
}

/// What a mark leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    /// To the finding: the element `m` and its number, from 1, can have the focus; a script leads from it to `b` and the number.
    Finding,
    /// Nowhere.
    None,
}

impl<'a> Marks<'a> {
    /// The marks of findings (by place), and of signals that a reviewer missed (code points); `to_byte` gives the byte of a code point of
    /// the document, as far as its text is there.
    #[must_use]
    pub fn new(
        lexicon: &'a Lexicon,
        findings: &'a [Finding],
        missed: &[(usize, usize)],
        link: Link,
        to_byte: impl Fn(usize) -> Option<usize>,
    ) -> Self {
        let mut order: Vec<(u8, usize, usize, usize)> = findings
            .iter()
            .enumerate()
            .filter(|(_, f)| is_shown(f))
            .map(|(n, f)| {
                let rank = u8::from(!f.active) + u8::from(!f.suppressed_by.is_empty());
                (rank, n, f.byte_start, f.byte_end)
            })
            .collect();
        for (k, (start, end)) in missed.iter().enumerate() {
            if let (Some(start), Some(end)) = (to_byte(*start), to_byte(*end)) {
                order.push((1, findings.len() + k, start, end));
            }
        }
        // Where findings meet, what counts is marked, and then the longer.
        order.sort_by_key(|&(rank, _, start, end)| {
            (rank, std::cmp::Reverse(end.saturating_sub(start)), start)
        });
        let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut marked = Vec::new();
        for (_, n, start, end) in order {
            let before = taken.range(..(end, 0)).next_back();
            if before.is_none_or(|b| b.1 <= start) && start < end {
                taken.insert((start, end));
                marked.push((n, start, end));
            }
        }
        marked.sort_unstable_by_key(|m| m.1);
        let mut cues: Vec<(usize, usize)> = findings
            .iter()
            .filter(|f| f.suppressed_by.is_empty())
            .flat_map(deciding)
            .filter(|c| c.start < c.end)
            .filter_map(|c| Some((to_byte(c.start)?, to_byte(c.end)?)))
            .collect();
        cues.sort_unstable();
        cues.dedup_by(|later, earlier| {
            let meets = later.0 < earlier.1;
            if meets {
                earlier.1 = earlier.1.max(later.1);
            }
            meets
        });
        Self {
            lexicon,
            findings,
            marked,
            cues,
            link,
        }
    }

    /// The findings that are marked in a stretch of the document, by number.
    pub fn within(&self, start: usize, end: usize) -> impl Iterator<Item = usize> + '_ {
        let from = self.marked.partition_point(|m| m.1 < start);
        let rest = self.marked.get(from..).unwrap_or_default();
        rest.iter().take_while(move |m| m.1 < end).map(|m| m.0)
    }

    /// The text of a stretch that begins at byte `start` of the document, with its marks. A mark that goes on beyond the stretch ends with it.
    #[must_use]
    pub fn text(&self, text: &str, start: usize) -> Markup {
        let end = start + text.len();
        let mut out = String::with_capacity(text.len() + 64);
        let mut at = start;
        // A mark may have begun before.
        let from = self.marked.partition_point(|m| m.2 <= start);
        for &(n, first, last) in self.marked.get(from..).unwrap_or_default() {
            if first >= end {
                break;
            }
            let (first, last) = (first.max(start), last.min(end));
            self.plain(text, start, at..first, &mut out);
            let mut inner = String::new();
            self.plain(text, start, first..last, &mut inner);
            match self.findings.get(n) {
                Some(finding) => self.mark(n, finding, &PreEscaped(inner)),
                None => html! {
                    mark.m.missed id={"gemist" (n + 1 - self.findings.len())} tabindex="-1" data-n="gemist" title="door u aangewezen als gemist" { (PreEscaped(inner)) }
                },
            }
            .render_to(&mut out);
            at = last;
        }
        self.plain(text, start, at..end, &mut out);
        PreEscaped(out)
    }

    fn mark(&self, n: usize, f: &Finding, inner: &Markup) -> Markup {
        let number = n + 1;
        let class = if f.active && f.cleared_by.is_empty() {
            ""
        } else if f.suppressed_by.is_empty() {
            " off"
        } else {
            " off weg"
        };
        let class = format!("m s-{}{class}", f.stage);
        // Shown by the style, so that it is no part of the text that is selected.
        let sign = format!("{number}{}", letter(&self.lexicon.stages, &f.stage));
        let off = why_off(f);
        let title = if off.is_empty() { verdict(f) } else { off };
        match self.link {
            Link::Finding => html! {
                // No link of its own kind: text in links cannot be selected.
                span class=(class) id={"m" (number)} role="link" tabindex="0" data-n=(sign) title=(Text(&title)) { (inner) }
            },
            Link::None => {
                html! { mark class=(class) data-n=(sign) title=(Text(&title)) { (inner) } }
            }
        }
    }

    /// Text with the cues in it underlined; `range` in bytes of the document.
    fn plain(&self, text: &str, start: usize, range: std::ops::Range<usize>, out: &mut String) {
        let slice = |from: usize, to: usize| text.get(from - start..to - start).unwrap_or_default();
        let mut at = range.start;
        let first = self.cues.partition_point(|c| c.1 <= range.start);
        for &(from, to) in self.cues.get(first..).unwrap_or_default() {
            if from >= range.end {
                break;
            }
            let (from, to) = (from.max(at), to.min(range.end));
            if from >= to {
                continue;
            }
            Text(slice(at, from)).render_to(out);
            html! { u.cue { (Text(slice(from, to))) } }.render_to(out);
            at = to;
        }
        if at < range.end {
            Text(slice(at, range.end)).render_to(out);
        }
    }
}

/// The marks of a document of which passages are kept only: cues outside them are not marked.
#[must_use]
pub fn in_passages<'a>(
    lexicon: &'a Lexicon,
    findings: &'a [Finding],
    passages: &[crate::passage::Passage],
    link: Link,
) -> Marks<'a> {
    let indexes: Vec<CodePoints> = passages.iter().map(|p| CodePoints::new(&p.text)).collect();
    let to_byte = |code_point: usize| {
        let at = passages.partition_point(|p| p.start <= code_point);
        let n = at.checked_sub(1)?;
        let (passage, index) = (passages.get(n)?, indexes.get(n)?);
        index
            .to_byte(&passage.text, code_point - passage.start)
            .map(|b| passage.byte_start + b)
    };
    Marks::new(lexicon, findings, &[], link, to_byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finding(byte_start: usize, byte_end: usize, active: bool) -> Finding {
        Finding {
            byte_start,
            byte_end,
            active,
            stage: "werven".to_owned(),
            ..Finding::default()
        }
    }

    #[test]
    fn what_counts_is_marked_where_findings_meet_and_no_text_is_lost() {
        let lexicon = Lexicon::builtin().unwrap();
        let text = "é <b>een twee drie vier";
        let findings = [
            finding(3, 11, false),
            finding(6, 9, true),
            finding(10, 14, true),
        ];
        let index = CodePoints::new(text);
        let missed = [(12, 16), (0, 1)];
        let marks = Marks::new(&lexicon, &findings, &missed, Link::Finding, |c| {
            index.to_byte(text, c)
        });
        assert_eq!(marks.within(0, 99).collect::<Vec<_>>(), [4, 1, 2]);
        let page = marks.text(text, 0).into_string();
        let tags = regex::Regex::new("<[^>]*>").unwrap();
        let stripped = tags.replace_all(&page, "");
        assert_eq!(stripped, crate::escape::markup(text));
        assert!(page.contains("id=\"m2\"") && !page.contains("id=\"m1\""));
        // Cut in two anywhere, nothing is lost.
        for cut in (0..text.len()).filter(|i| text.is_char_boundary(*i)) {
            let (left, right) = text.split_at(cut);
            let both = marks.text(left, 0).into_string() + &marks.text(right, cut).into_string();
            let stripped = tags.replace_all(&both, "");
            assert_eq!(stripped, crate::escape::markup(text), "{cut}");
        }
    }
}
