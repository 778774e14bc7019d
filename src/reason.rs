//! The reason line: in Dutch words why a document or dossier has its label.

use std::collections::BTreeSet;

use crate::document::{Document, Status};
use crate::finding::Finding;
use crate::lexicon::{Lexicon, Property, Tier};
use crate::score::Label;

/// Most examples named in one list.
const NAMED: usize = 4;

/// For a document of which nothing was scored.
#[must_use]
pub fn unread(document: &Document) -> String {
    let mut reason = format!("Niet gelezen: {}", document.status.dutch());
    if document.status == Status::NotDutch && !document.language.is_empty() {
        reason.push_str(&format!(" ({})", document.language));
    }
    reason.push('.');
    reason
}

/// For a scored document, of whose `pages` so many are `unread`.
#[must_use]
pub fn document(
    lexicon: &Lexicon,
    unread: usize,
    pages: usize,
    findings: &[Finding],
    label: Label,
) -> String {
    let mut parts = Vec::new();
    if unread > 0 {
        parts.push(format!("{unread} van {pages} pagina's niet gelezen"));
    }
    parts.extend(explain(lexicon, findings, label));
    sentence(&parts)
}

/// For a dossier, the highest label of whose documents is `alone`.
#[must_use]
pub fn dossier(
    lexicon: &Lexicon,
    unread: usize,
    documents: usize,
    findings: &[Finding],
    label: Label,
    alone: Option<Label>,
) -> String {
    let mut parts = Vec::new();
    if unread > 0 {
        parts.push(format!(
            "{unread} van {documents} documenten niet of niet geheel gelezen"
        ));
    }
    parts.extend(explain(lexicon, findings, label));
    if let Some(alone) = alone.filter(|alone| *alone < label) {
        parts.push(format!(
            "{} door het geheel: de documenten apart zijn hoogstens {}",
            label.as_str(),
            alone.as_str()
        ));
    }
    let cleared = findings.iter().filter(|f| !f.cleared_by.is_empty()).count();
    if cleared > 0 {
        parts.push(format!("{cleared} later weerlegd"));
    }
    sentence(&parts)
}

fn sentence(parts: &[String]) -> String {
    let mut text = parts.join("; ");
    if let Some(first) = text.chars().next() {
        text = first.to_uppercase().chain(text.chars().skip(1)).collect();
    }
    text.push('.');
    text
}

/// What a reason line begins with, or says after what was not read, where a sign of suicide risk counts.
pub const URGENT: &str = "LET OP: teken van suïciderisico";

fn explain(lexicon: &Lexicon, findings: &[Finding], label: Label) -> Vec<String> {
    let mut parts = Vec::new();
    let active: Vec<&Finding> = findings
        .iter()
        .filter(|f| f.active && f.cleared_by.is_empty())
        .collect();
    if active.iter().any(|f| f.is_urgent()) {
        parts.push(URGENT.to_owned());
    }
    if label == Label::Geen {
        parts.push("geen actieve signalen".to_owned());
    } else {
        let hard: Vec<&str> = names(
            lexicon,
            active
                .iter()
                .filter(|f| f.tier == Tier::Hard && f.is_present_current()),
        );
        let stages: BTreeSet<usize> = active
            .iter()
            .filter_map(|f| lexicon.stages.iter().position(|s| s.id == f.stage))
            .collect();
        let stage_names: Vec<String> = stages
            .iter()
            .filter_map(|s| lexicon.stages.get(*s))
            .map(|s| s.name.to_lowercase())
            .collect();
        if !hard.is_empty() {
            parts.push(format!("concreet: {}", hard.join(", ")));
        }
        parts.push(format!(
            "{}: {}",
            if stage_names.len() == 1 {
                "fase"
            } else {
                "fasen"
            },
            stage_names.join(", ")
        ));
        let others = names(
            lexicon,
            active
                .iter()
                .filter(|f| !(f.tier == Tier::Hard && f.is_present_current())),
        );
        let others: Vec<&str> = others.into_iter().filter(|n| !hard.contains(n)).collect();
        if !others.is_empty() {
            parts.push(format!("ook: {}", others.join(", ")));
        }
    }
    let off = switched_off(lexicon, findings);
    if !off.is_empty() {
        parts.push(format!("niet geteld: {}", off.join(", ")));
    }
    parts
}

/// Dutch names of the categories of these findings, once each, in order of appearance.
fn names<'a>(
    lexicon: &'a Lexicon,
    findings: impl Iterator<Item = &'a &'a Finding>,
) -> Vec<&'a str> {
    let mut list = Vec::new();
    for finding in findings {
        let name = lexicon
            .category(&finding.category)
            .map_or("", |c| c.name.as_str());
        if !list.contains(&name) {
            list.push(name);
        }
    }
    list
}

/// What was switched off, by which cue; the gravest first.
fn switched_off(lexicon: &Lexicon, findings: &[Finding]) -> Vec<String> {
    let mut off: Vec<&Finding> = findings
        .iter()
        .filter(|f| {
            !f.active && f.suppressed_by.is_empty() && !f.protective && !f.qualifiers().is_active()
        })
        .collect();
    off.sort_by(|a, b| b.tier.cmp(&a.tier).then(a.byte_start.cmp(&b.byte_start)));
    let mut seen = BTreeSet::new();
    off.retain(|f| {
        seen.insert((
            f.text.to_lowercase(),
            f.presence,
            f.temporality,
            f.experiencer,
            f.generic,
        ))
    });
    let more = off.len().saturating_sub(NAMED);
    let mut list: Vec<String> = off
        .iter()
        .take(NAMED)
        .map(|f| match one_line(&f.text) {
            // Where no words are kept.
            text if text.is_empty() => {
                let category = lexicon.category(&f.category).map(|c| c.name.to_lowercase());
                format!("{} ({})", category.unwrap_or_default(), why(f))
            }
            text => format!("“{text}” ({})", why(f)),
        })
        .collect();
    if more > 0 {
        list.push(format!("nog {more}"));
    }
    list
}

fn why(finding: &Finding) -> String {
    let mut reasons = Vec::new();
    for cue in &finding.cues {
        let word = match (cue.property, cue.value.as_str(), cue.kind.as_str()) {
            (Property::Presence, "absent", "denied") => "ontkend door jongere",
            (Property::Presence, "absent", _) => "afwezig",
            (Property::Temporality, "future", _) => "toekomst of risico",
            (Property::Experiencer, "other", _) => "iemand anders",
            (Property::Generic, "yes", _) => "algemeen",
            _ => continue,
        };
        let text = one_line(&cue.text);
        reasons.push(if text.is_empty() {
            word.to_owned()
        } else {
            format!("{word}: “{text}”")
        });
    }
    if reasons.is_empty() {
        "context".to_owned()
    } else {
        reasons.join(", ")
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
