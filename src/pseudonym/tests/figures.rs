//! Recall per kind and words masked wrongly, on invented sentences that were marked before the rules were made.

use std::collections::BTreeMap;

use super::MASKER;
use crate::pseudonym::Kind;
use crate::span::Span;

const SENTENCES: &str = include_str!("../../../tests/data/pseudonym/sentences.txt");

/// A sentence without its marks, and what was marked.
struct Sentence {
    own: String,
    text: String,
    marked: Vec<(Span, String)>,
}

fn sentences() -> Vec<Sentence> {
    SENTENCES
        .lines()
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|line| {
            let (own, mut rest) = line.split_once(" | ").unwrap_or(("", line));
            let mut text = String::new();
            let mut marked = Vec::new();
            while let Some((before, after)) = rest.split_once("[[") {
                text.push_str(before);
                let (kind, after) = after.split_once(':').unwrap();
                let (stretch, after) = after.split_once("]]").unwrap();
                marked.push((
                    Span::new(text.len(), text.len() + stretch.len()),
                    kind.to_owned(),
                ));
                text.push_str(stretch);
                rest = after;
            }
            text.push_str(rest);
            Sentence {
                own: own.to_owned(),
                text,
                marked,
            }
        })
        .collect()
}

/// The stretches of the original that tags stand for, by aligning what stands between them.
fn masked(text: &str, result: &str) -> Vec<(Span, Kind)> {
    let mut spans = Vec::new();
    let (mut at, mut rest) = (0, result);
    let next_tag = |s: &str| {
        Kind::ALL
            .iter()
            .filter_map(|k| s.find(k.tag()).map(|p| (p, *k)))
            .min_by_key(|(p, _)| *p)
    };
    while let Some((place, kind)) = next_tag(rest) {
        at += place;
        rest = &rest[place + kind.tag().len()..];
        let until = next_tag(rest).map_or(rest.len(), |(p, _)| p);
        let between = &rest[..until];
        let end = if between.is_empty() && until == rest.len() {
            text.len()
        } else {
            at + text[at..].find(between).unwrap()
        };
        spans.push((Span::new(at, end), kind));
        at = end;
    }
    spans
}

#[derive(Default)]
struct Figures {
    /// Marked, masked in full, per kind.
    kinds: BTreeMap<String, (usize, usize)>,
    words: usize,
    wrong: usize,
}

impl Figures {
    fn recall(&self, kind: &str) -> f64 {
        let (marked, found) = self.kinds.get(kind).copied().unwrap_or_default();
        found as f64 / marked.max(1) as f64
    }

    fn wrong_per_thousand(&self) -> f64 {
        self.wrong as f64 * 1000.0 / self.words as f64
    }
}

fn measure(half: usize) -> Figures {
    let mut figures = Figures::default();
    for (_, sentence) in sentences()
        .iter()
        .enumerate()
        .filter(|(n, _)| n % 2 == half)
    {
        let result = MASKER.text(&sentence.text, &[&sentence.own]);
        let spans = masked(&sentence.text, &result);
        let mut odd = false;
        for (span, kind) in &sentence.marked {
            let row = figures.kinds.entry(kind.clone()).or_default();
            row.0 += 1;
            if spans.iter().any(|(m, _)| m.contains(*span)) {
                row.1 += 1;
            } else {
                odd = true;
            }
        }
        let mut at = 0;
        for word in sentence.text.split_whitespace() {
            let start = at + sentence.text[at..].find(word).unwrap();
            at = start + word.len();
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            let inner = start + word.find(bare).unwrap();
            let span = Span::new(inner, inner + bare.len());
            if bare.is_empty() {
                continue;
            }
            figures.words += 1;
            let right = sentence.marked.iter().any(|(m, _)| m.overlaps(span));
            if spans.iter().any(|(m, _)| m.overlaps(span)) && !right {
                figures.wrong += 1;
                odd = true;
            }
        }
        if odd && std::env::var_os("SHOW").is_some_and(|s| s == half.to_string().as_str()) {
            eprintln!("{}\n    {result}", sentence.text);
        }
    }
    for (kind, (marked, found)) in &figures.kinds {
        eprintln!("half {}: {kind} {found} of {marked}", half + 1);
    }
    eprintln!(
        "half {}: {} of {} words masked wrongly",
        half + 1,
        figures.wrong,
        figures.words
    );
    figures
}

#[test]
fn figures_of_both_halves() {
    // Names: what was reached. The others are few, so one that is missed shows.
    for (half, names) in [(0, 0.85), (1, 0.92)] {
        let figures = measure(half);
        for kind in figures.kinds.keys() {
            let least = if kind == "naam" { names } else { 1.0 };
            let recall = figures.recall(kind);
            assert!(recall >= least, "half {}: {kind} {recall}", half + 1);
        }
        assert!(figures.wrong_per_thousand() < 1.0);
    }
}
