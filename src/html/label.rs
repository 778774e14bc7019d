//! Labels, scores, stages and decisions in a few signs.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Text;
use crate::decision::{Action, Correction, Mark};
use crate::lexicon::Lexicon;
use crate::lexicon::raw::Stage;
use crate::reason::URGENT;
use crate::score::Label;

/// A label as a badge; none for what was not read.
#[must_use]
pub fn badge(label: Option<Label>) -> Markup {
    match label {
        Some(label) => html! { span.badge.(label.as_str()) { (label.as_str()) } },
        None => html! { span.badge.none { "niet gelezen" } },
    }
}

/// In place of a label that is covered until the document is decided on.
#[must_use]
pub fn covered() -> Markup {
    html! { span.badge.covered title="Het label is bedekt tot u beslist: zie Hoe werkt dit?" { "bedekt" } }
}

/// When to read what has this label.
#[must_use]
pub const fn meaning(label: Label) -> &'static str {
    match label {
        Label::Hoog => "vandaag lezen",
        Label::Midden => "deze week lezen",
        Label::Laag => "als er tijd is",
        Label::Geen => "geen actieve signalen",
    }
}

/// The letter that stands for a stage beside its colour: its first one that no stage before it has.
#[must_use]
pub fn letter(stages: &[Stage], id: &str) -> char {
    let mut taken: Vec<char> = Vec::new();
    for stage in stages {
        let mut letters = stage.name.chars().flat_map(char::to_uppercase);
        let letter = letters.find(|c| !taken.contains(c)).unwrap_or('?');
        if stage.id == id {
            return letter;
        }
        taken.push(letter);
    }
    '?'
}

/// A stage by colour, letter and name.
#[must_use]
pub fn chip(stages: &[Stage], stage: &Stage) -> Markup {
    html! {
        span.chip.{"s-" (stage.id)} {
            b.letter aria-hidden="true" { (letter(stages, &stage.id)) } " " (stage.name)
        }
    }
}

/// How many signals of each stage, as bars.
#[must_use]
pub fn profile(lexicon: &Lexicon, counts: &BTreeMap<String, usize>) -> Markup {
    let parts: Vec<String> = lexicon
        .stages
        .iter()
        .filter_map(|s| Some((s, counts.get(&s.id).filter(|n| **n > 0)?)))
        .map(|(s, n)| format!("{} {n}", s.name.to_lowercase()))
        .collect();
    let words = if parts.is_empty() {
        "geen actieve signalen".to_owned()
    } else {
        parts.join(", ")
    };
    let bars = lexicon.stages.iter().enumerate().map(|(n, stage)| {
        let count = counts.get(&stage.id).copied().unwrap_or(0);
        (n * 20, stage, count, height(count))
    });
    html! {
        svg.profile viewBox={"0 0 " (lexicon.stages.len() * 20) " 40"} role="img" aria-label=(words) {
            title { (words) }
            @for (x, stage, count, height) in bars {
                rect.track x=(x + 2) y="2" width="16" height="26" rx="2" {}
                @if count > 0 {
                    rect.column.{"s-" (stage.id)} x=(x + 2) y=(28 - height) width="16" height=(height) rx="2" {}
                }
                text.small x=(x + 10) y="38" text-anchor="middle" { (letter(&lexicon.stages, &stage.id)) }
            }
        }
    }
}

/// Of 26: one signal is seen, many do not burst.
const fn height(count: usize) -> usize {
    match count {
        0 => 0,
        1 => 7,
        2 => 11,
        3..=4 => 15,
        5..=9 => 20,
        _ => 26,
    }
}

/// A decision in words.
#[must_use]
pub const fn verdict(action: Action) -> &'static str {
    match action {
        Action::Opvolgen => "opvolgen",
        Action::GeenActie => "geen actie",
        Action::Twijfel => "twijfel: tweede lezer",
    }
}

/// A mark on a finding in words.
#[must_use]
pub const fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Juist => "juist",
        Mark::Onjuist => "onjuist",
        Mark::Context => "context klopt niet",
    }
}

/// How the context should be, in words.
#[must_use]
pub const fn correction(correction: Correction) -> &'static str {
    match correction {
        Correction::Present => "het is zo",
        Correction::Absent => "het is niet zo, of ontkend",
        Correction::Uncertain => "het is een vermoeden",
        Correction::Current => "het speelt nu",
        Correction::Historical => "het speelde vroeger",
        Correction::Future => "het is een risico of plan",
        Correction::Client => "het gaat over deze jongere",
        Correction::Other => "het gaat over iemand anders",
        Correction::Generic => "het is algemene informatie",
        Correction::Specific => "het is geen algemene informatie",
    }
}

/// A score, or a dash where there is none.
#[must_use]
pub fn score(score: Option<u32>) -> String {
    score.map_or_else(|| "–".to_owned(), |s| s.to_string())
}

/// A reason line, with the sign of urgency marked.
#[must_use]
pub fn reason(line: &str) -> Markup {
    html! {
        @if let Some((before, after)) = line.split_once(URGENT) {
            (Text(before)) strong.urgent { (URGENT) } (Text(after))
        } @else {
            (Text(line))
        }
    }
}

/// A reason line at the head of a page: of a long one the beginning, and the rest on demand.
#[must_use]
pub fn reason_line(line: &str) -> Markup {
    const LONGEST: usize = 320;
    if line.len() <= LONGEST {
        return html! { p.reason-line { (reason(line)) } };
    }
    let end = crate::span::floor(line, LONGEST - 40);
    let head = line.get(..end).unwrap_or_default();
    let head = head.rfind(' ').and_then(|i| head.get(..i)).unwrap_or(head);
    html! {
        details.reason-line {
            summary { (reason(head)) " … (meer)" }
            p { (reason(line)) }
        }
    }
}

/// A small sign with a word.
#[must_use]
pub fn tag(class: &str, text: &str) -> Markup {
    html! { span.tag.(class) { (Text(text)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_stage_has_a_letter_of_its_own() {
        let stage = |name: &str| Stage {
            id: name.to_owned(),
            name: name.to_owned(),
            colour: String::new(),
        };
        let stages = [stage("Werven"), stage("Weg"), stage("Geweld")];
        let letters: Vec<char> = stages.iter().map(|s| letter(&stages, &s.id)).collect();
        assert_eq!(letters, ['W', 'E', 'G']);
    }
}
