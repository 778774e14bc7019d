//! The text of a document in stretches that a browser lays out one by one, and in parts that it shows at once.

use crate::document::Document;
use crate::finding::Finding;

/// Longest stretch that is laid out as one, in bytes: what is not on the screen costs little.
const LEAF: usize = 6_000;
/// A part ends with the leaf that reaches one of these: what a browser shows without effort.
const PART_BYTES: usize = 1_500_000;
const PART_FINDINGS: usize = 600;

/// A stretch of the text.
#[derive(Debug)]
pub(super) struct Leaf<'a> {
    /// Its page, where it begins one.
    pub(super) page: Option<u32>,
    /// What is to be said of the page.
    pub(super) remark: &'static str,
    /// First byte in the document.
    pub(super) start: usize,
    pub(super) text: &'a str,
}

impl Leaf<'_> {
    pub(super) const fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// The text in stretches: pages, and within them lines.
pub(super) fn leaves(document: &Document) -> Vec<Leaf<'_>> {
    let mut leaves = Vec::new();
    let mut add = |start: usize, end: usize, page: Option<u32>, remark: &'static str| {
        let mut page = page;
        let mut at = start;
        loop {
            let rest = document.text.get(at..end).unwrap_or_default();
            let size = cut(rest);
            leaves.push(Leaf {
                page: page.take(),
                remark,
                start: at,
                text: rest.get(..size).unwrap_or_default(),
            });
            at += size;
            if at >= end {
                break;
            }
        }
    };
    if document.pages.is_empty() {
        add(0, document.text.len(), None, "");
    }
    for page in &document.pages {
        let remark = match page.status {
            crate::document::Status::Ok if page.ocr => "tekstherkenning",
            crate::document::Status::Ok => "",
            status => status.dutch(),
        };
        add(page.span.start, page.span.end, Some(page.number), remark);
    }
    leaves
}

/// How much of a text fits a leaf: up to the last line, else the last blank, else the last character.
fn cut(text: &str) -> usize {
    if text.len() <= LEAF {
        return text.len();
    }
    let end = crate::span::floor(text, LEAF);
    let head = text.get(..end).unwrap_or_default();
    head.rfind('\n')
        .or_else(|| head.rfind(' '))
        .map_or(end, |i| i + 1)
}

/// Leaves in parts of a size that browsers show without effort.
pub(super) fn parts(leaves: &[Leaf<'_>], findings: &[Finding]) -> Vec<std::ops::Range<usize>> {
    let mut parts = Vec::new();
    let (mut from, mut bytes, mut held) = (0, 0, 0);
    for (n, leaf) in leaves.iter().enumerate() {
        let first = findings.partition_point(|f| f.byte_start < leaf.start);
        let last = findings.partition_point(|f| f.byte_start < leaf.end());
        bytes += leaf.text.len();
        held += last - first;
        if bytes >= PART_BYTES || held >= PART_FINDINGS {
            parts.push(from..n + 1);
            (from, bytes, held) = (n + 1, 0, 0);
        }
    }
    if from < leaves.len() {
        parts.push(from..leaves.len());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_hold_all_the_text_in_order() {
        let mut text = "regel een\nregel twee é\n".repeat(900);
        text.push_str(&"w".repeat(20_000));
        let document = Document::from_text("a.txt", text.clone());
        let leaves = leaves(&document);
        assert!(leaves.len() > 6);
        assert!(leaves.iter().all(|l| l.text.len() <= LEAF));
        let joined: String = leaves.iter().map(|l| l.text).collect();
        assert_eq!(joined, text);
        for pair in leaves.windows(2) {
            assert_eq!(pair[0].end(), pair[1].start);
        }
    }

    #[test]
    fn many_findings_make_parts() {
        let text = "x ".repeat(30_000);
        let document = Document::from_text("a.txt", text);
        let leaves = leaves(&document);
        let findings: Vec<Finding> = (0..30_000)
            .map(|n| Finding {
                byte_start: 2 * n,
                byte_end: 2 * n + 1,
                ..Finding::default()
            })
            .collect();
        let parts = parts(&leaves, &findings);
        assert_eq!(parts.len(), leaves.len());
        assert_eq!(parts.last().map(|p| p.end), Some(leaves.len()));
        assert_eq!(super::parts(&leaves, &[]).len(), 1);
    }
}
