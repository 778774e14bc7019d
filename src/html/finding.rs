//! What is said of a finding, in Dutch words.

use maud::{Markup, html};

use super::Text;
use super::label::{chip, letter};
use crate::finding::{CueRecord, Finding};
use crate::lexicon::{Experiencer, Lexicon, Presence, Property, Temporality, Tier};

/// The Dutch name of its category.
#[must_use]
pub fn category<'a>(lexicon: &'a Lexicon, id: &'a str) -> &'a str {
    lexicon.category(id).map_or(id, |c| c.name.as_str())
}

/// The four properties in words.
#[must_use]
pub fn verdict(f: &Finding) -> String {
    let mut words = vec![match f.presence {
        Presence::Present => "aanwezig",
        Presence::Uncertain => "vermoed",
        Presence::Absent if f.cues.iter().any(|c| c.kind == "denied") => "ontkend door jongere",
        Presence::Absent => "afwezig of ontkend",
    }];
    words.push(match f.temporality {
        Temporality::Current => "nu",
        Temporality::Historical => "verleden",
        Temporality::Future => "toekomst of risico",
    });
    words.push(match f.experiencer {
        Experiencer::Client => "deze jongere",
        Experiencer::Other => "iemand anders",
    });
    if f.generic {
        words.push("algemeen");
    }
    words.join(", ")
}

/// What makes the finding itself less sure.
#[must_use]
pub fn reservations(f: &Finding) -> Vec<&'static str> {
    [
        (f.approximate, "bij benadering gespeld"),
        (f.ocr, "uit tekstherkenning"),
        (f.quoted, "in een aangehaald bericht"),
    ]
    .into_iter()
    .filter_map(|(is, words)| is.then_some(words))
    .collect()
}

/// How grave.
#[must_use]
pub const fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Background => "kwetsbaarheid",
        Tier::Soft => "risico, zacht",
        Tier::Firm => "risico, stevig",
        Tier::Hard => "feitelijke schade",
    }
}

/// How a finding begins to say that something beside it makes it harmless.
const EXCEPTED: &str = "tenzij: ";

/// Whether something beside it makes it harmless.
#[must_use]
pub fn is_excepted(f: &Finding) -> bool {
    f.suppressed_by.starts_with(EXCEPTED)
}

/// Why it does not count, or nothing when it does.
#[must_use]
pub fn why_off(f: &Finding) -> String {
    if f.protective {
        return "beschermend: wordt getoond, nooit geteld".to_owned();
    }
    // The patterns themselves are for whoever keeps the lexicon: `explain` shows them.
    if is_excepted(f) {
        return "er staat iets bij dat een gewone verklaring geeft".to_owned();
    }
    if f.suppressed_by.starts_with("overlap: ") {
        return "valt samen met een ander signaal".to_owned();
    }
    if !f.suppressed_by.is_empty() {
        return "telt alleen samen met andere woorden, die er niet bij staan".to_owned();
    }
    if !f.cleared_by.is_empty() {
        return "later weerlegd of verklaard door een professional".to_owned();
    }
    if f.active {
        return String::new();
    }
    let mut why = Vec::new();
    if f.presence == Presence::Absent {
        why.push(if f.cues.iter().any(|c| c.kind == "denied") {
            "ontkend door de jongere"
        } else {
            "afwezig of ontkend"
        });
    }
    if f.temporality == Temporality::Future {
        why.push("toekomst, plan of risico");
    }
    if f.experiencer == Experiencer::Other {
        why.push("gaat over iemand anders");
    }
    if f.generic {
        why.push("algemene informatie");
    }
    if why.is_empty() {
        why.push("telt niet mee");
    }
    why.join(", ")
}

/// The cues that decided a value other than the usual one.
pub fn deciding(f: &Finding) -> impl Iterator<Item = &CueRecord> {
    f.cues
        .iter()
        .filter(|c| !matches!(c.value.as_str(), "present" | "current" | "client" | "no"))
}

/// What a cue decided, in words.
#[must_use]
pub fn decided(cue: &CueRecord) -> &'static str {
    match (cue.property, cue.value.as_str(), cue.kind.as_str()) {
        (Property::Presence, "absent", "denied") => "ontkend",
        (Property::Presence, "absent", "refuted" | "explained") => "weerlegd of verklaard",
        (Property::Presence, "absent", _) => "niet zo",
        (Property::Presence, _, "hearsay") => "van horen zeggen",
        (Property::Presence, ..) => "vermoeden",
        (Property::Temporality, "historical", _) => "verleden",
        (Property::Temporality, ..) => "toekomst of risico",
        (Property::Experiencer, ..) => "iemand anders",
        (Property::Generic, ..) => "algemeen",
    }
}

/// Text in one line.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Where it stands.
#[must_use]
pub fn place(f: &Finding) -> String {
    f.page.map_or_else(
        || format!("regel {}", f.line),
        |p| format!("pagina {p}, regel {}", f.line),
    )
}

/// A category with the sign of its stage.
#[must_use]
pub fn category_chip(lexicon: &Lexicon, f: &Finding) -> Markup {
    let name = category(lexicon, &f.category);
    html! {
        span.chip.{"s-" (f.stage)} {
            b.letter aria-hidden="true" { (letter(&lexicon.stages, &f.stage)) } " " (name)
        }
    }
}

/// The cues of a finding, quoted.
#[must_use]
pub fn cues(f: &Finding) -> Markup {
    let list: Vec<&CueRecord> = deciding(f).collect();
    html! {
        @for (n, cue) in list.iter().enumerate() {
            @if n > 0 { ", " }
            @if cue.text.is_empty() {
                (decided(cue))
            } @else {
                (decided(cue)) " door " q { (Text(&one_line(&cue.text))) }
            }
        }
    }
}

/// Where the signal of a term was published.
#[must_use]
pub fn sources<'a>(lexicon: &'a Lexicon, term: &str) -> Vec<&'a str> {
    let term = lexicon.terms.iter().find(|t| t.id == term);
    term.iter()
        .flat_map(|t| &t.sources)
        .map(|id| lexicon.sources.get(id).map_or(id.as_str(), String::as_str))
        .collect()
}

/// The stages as a legend.
#[must_use]
pub fn legend(lexicon: &Lexicon) -> Markup {
    html! {
        ul.legend aria-label="Legenda" {
            @for stage in &lexicon.stages { li { (chip(&lexicon.stages, stage)) } }
            li { span.m.off { "telt niet mee" } }
            li { u.cue { "woord dat de doorslag gaf" } }
        }
    }
}
