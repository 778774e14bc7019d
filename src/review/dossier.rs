//! A dossier: why it stands where it stands, its documents, its time line, and what is decided.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::decide::{Said, Subject, panel};
use super::frame::{Here, frame};
use super::link::{self, Query};
use super::{Answer, Desk, short};
use crate::analyze::DocumentRecord;
use crate::dossier::{Dossier, Gathered, timeline as stage_dates};
use crate::error::Result;
use crate::finding::Finding;
use crate::html::finding::{category_chip, one_line, verdict};
use crate::html::label::{
    badge, covered, profile, reason, reason_line, score, tag, verdict as decision,
};
use crate::html::points::table;
use crate::html::timeline::timeline;
use crate::html::why::not_high;
use crate::html::{Text, count, date};
use crate::passage::sentence;
use crate::store::DocumentRow;

/// Documents named on the page; of more only those with signals, or unread.
const LISTED: usize = 300;
/// Sentences shown.
const QUOTED: usize = 8;

/// Longest part of a sentence before and after a finding, in bytes.
const AROUND: usize = 130;

/// A dossier scored, with all that is said of its documents.
pub(super) struct Gist {
    pub(super) dossier: Dossier,
    /// Records of its documents, by date.
    pub(super) documents: Vec<DocumentRecord>,
    /// The sentence of each finding, in three parts, by document and place.
    sentences: BTreeMap<(String, usize, usize), [String; 3]>,
}

impl Gist {
    /// All sentences that are shown of it.
    pub(super) fn sentences(&self) -> impl Iterator<Item = String> {
        self.sentences.values().map(|parts| parts.concat())
    }

    /// A dossier by its name; none when it is gone.
    pub(super) fn of(desk: &Desk, name: &str) -> Result<Option<Self>> {
        let mut gathered = Gathered::new(name);
        let (mut documents, mut sentences) = (Vec::new(), BTreeMap::new());
        let store = desk.store();
        store.each_of_dossier(name, &mut |analysis| {
            for f in &analysis.findings {
                // They are in order.
                let after = analysis
                    .passages
                    .partition_point(|p| p.byte_start <= f.byte_start);
                let passage = after.checked_sub(1).and_then(|n| analysis.passages.get(n));
                if let Some(passage) = passage.filter(|p| f.byte_end <= p.byte_end()) {
                    let key = (f.document.clone(), f.start, f.end);
                    sentences.insert(key, sentence(passage, f, AROUND));
                }
            }
            documents.push(analysis.document.clone());
            gathered.add(analysis);
            Ok(())
        })?;
        let Some(record) = store.dossier(name)? else {
            return Ok(None);
        };
        drop(store);
        Ok(Some(Self {
            dossier: Dossier {
                record,
                ..gathered.score(&desk.analyzer)
            },
            documents,
            sentences,
        }))
    }

    /// The sentence of a finding: what is before its words, these, and what is after.
    pub(super) fn sentence(&self, f: &Finding) -> [String; 3] {
        let key = (f.document.clone(), f.start, f.end);
        let alone = || [String::new(), one_line(&f.text), String::new()];
        self.sentences.get(&key).cloned().unwrap_or_else(alone)
    }
}

/// The page of a dossier.
pub(super) fn page(desk: &Desk, query: &Query) -> Result<Answer> {
    let name = query.get("naam");
    let Some(gist) = Gist::of(desk, name)? else {
        return Ok(desk.missing("Dit dossier is niet (meer) in het archief."));
    };
    let dossier = &gist.dossier;
    let record = &dossier.record;
    let subject = Subject {
        document: String::new(),
        path: String::new(),
        dossier: name.to_owned(),
    };
    let said = Said::of(desk, &subject)?;
    let row = desk.store().dossier_row(name, &desk.reviewer)?;
    let older = row.is_some_and(|r| r.opinion.older);
    let (rows, left) = rows(desk, name)?;
    let lexicon = desk.analyzer.lexicon();
    let covered_documents = rows.iter().filter(|r| r.is_covered()).count();
    let open: Vec<&Finding> = uncovered(dossier, &rows);
    let dates = stage_dates(&desk.analyzer, &open);
    let uncovered: Vec<&Finding> = strongest(&open);
    let main = html! {
        p.crumbs { a #terug href="/?lijst=dossiers" { "Lijst" } " › dossier " (Text(short(name))) }
        div.head {
            h1 { "Dossier " (Text(short(name))) }
            (badge(record.label)) span.score title="score, 0 tot 100" { (score(record.score)) }
            @if short(name) != name { span.soft { (Text(name)) } }
        }
        (reason_line(&record.reason))
        p.tags.soft {
            span { (count(record.documents, "document", "documenten")) }
            @if record.unread > 0 { (tag("warn", &format!("{} niet of niet geheel gelezen", record.unread))) }
            @if record.vanished > 0 { (tag("", &format!("{} niet meer gevonden", record.vanished))) }
            a href=(link::sheet(name, false)) { "Signalenoverzicht (A4)" }
            a #volgende href="/?lijst=dossiers" hidden { "Volgende in de lijst" kbd { "v" } }
        }
        div.desk {
            div {
                section.card aria-labelledby="zinnen-kop" {
                    h2 #zinnen-kop { "Zinnen om mee te beginnen" }
                    @if covered_documents > 0 {
                        p.notice { "Van " (count(covered_documents, "document", "documenten")) " is het label bedekt tot u beslist; zinnen daaruit staan hier nog niet. " a href="/uitleg" { "Waarom?" } }
                    } @else if uncovered.is_empty() {
                        p.soft { "Geen actieve signalen." }
                    }
                    @for f in uncovered {
                        div.passage {
                            @let [before, words, after] = gist.sentence(f);
                            (Text(&before)) b { (Text(&words)) } (Text(&after))
                            div.soft { (category_chip(lexicon, f)) " – " (verdict(f)) @if !f.date.is_empty() { ", " (date(&f.date)) }
                                " – " a href=(link::document(&f.document, path_of(&rows, f))) { "in de tekst" } }
                        }
                    }
                }
                @if !dates.is_empty() {
                    section.card aria-labelledby="tijd-kop" {
                        h2 #tijd-kop { "Tijdlijn" }
                        (timeline(lexicon, &dates, ""))
                    }
                }
                section aria-labelledby="documenten-kop" {
                    h2 #documenten-kop { "Documenten op datum" }
                    ol.rows { @for row in &rows { (line(desk, row)) } }
                    @if left > 0 { p.soft { "En nog " (count(left, "document", "documenten")) " zonder signalen." } }
                }
            }
            div.side {
                (panel(desk, &subject, &said, older))
                @if record.score.is_some() {
                    section.card aria-labelledby="score-kop" {
                        h2 #score-kop { "Waar komt de score vandaan?" }
                        (table(lexicon, &record.points, bonus(desk, dossier)))
                        (not_high(lexicon, &dossier.findings, record.label))
                    }
                }
            }
        }
    };
    Ok(Answer::Page(frame(
        desk,
        Here::Dossiers,
        &format!("Dossier {}", short(name)),
        &main,
    )))
}

/// The bonus for more stages than one.
fn bonus(desk: &Desk, dossier: &Dossier) -> u32 {
    let scoring = &desk.analyzer.lexicon().scoring;
    let counted = dossier
        .record
        .timeline
        .iter()
        .filter(|s| !scoring.stages_without_bonus.contains(&s.stage))
        .count();
    u32::try_from(counted.saturating_sub(1)).unwrap_or(0) * scoring.stage_bonus
}

/// Its documents by date; of many, those without signals are only counted.
fn rows(desk: &Desk, name: &str) -> Result<(Vec<DocumentRow>, usize)> {
    let store = desk.store();
    let all = store.documents_of(name)?;
    let (mut rows, mut left) = (Vec::new(), 0);
    for seq in &all {
        let Some(row) = store.document_row(*seq, &desk.reviewer)? else {
            continue;
        };
        if all.len() <= LISTED || !row.stages.is_empty() || row.record.score.is_none() {
            rows.push(row);
        } else {
            left += 1;
        }
    }
    Ok((rows, left))
}

/// The findings that count; none of a document whose label is covered.
fn uncovered<'a>(dossier: &'a Dossier, rows: &[DocumentRow]) -> Vec<&'a Finding> {
    let covered: BTreeSet<&str> = rows
        .iter()
        .filter(|r| r.is_covered())
        .map(|r| r.record.id.as_str())
        .collect();
    dossier
        .findings
        .iter()
        .filter(|f| f.active && f.cleared_by.is_empty() && !covered.contains(f.document.as_str()))
        .collect()
}

/// The findings with the most points, one a category.
fn strongest<'a>(findings: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut list: Vec<&Finding> = findings
        .iter()
        .copied()
        .filter(|f| f.points > 0 && !f.text.is_empty())
        .collect();
    list.sort_by_key(|f| std::cmp::Reverse((f.tier, f.points)));
    let mut seen = BTreeSet::new();
    list.retain(|f| seen.insert(&f.category));
    list.truncate(QUOTED);
    list
}

fn path_of<'a>(rows: &'a [DocumentRow], f: &Finding) -> &'a str {
    rows.iter()
        .find(|r| r.record.id == f.document)
        .map_or("", |r| r.record.path.as_str())
}

fn line(desk: &Desk, row: &DocumentRow) -> Markup {
    let r = &row.record;
    let is_covered = row.is_covered();
    html! {
        li {
            div.mark { @if is_covered { (covered()) } @else { (badge(r.label)) span.score { (score(r.score)) } } }
            div {
                a.name href=(link::document(&r.id, &r.path)) title=(Text(&r.path)) { (Text(short(&r.path))) }
                @if !is_covered { p.reason { (reason(&r.reason)) } }
                div.tags {
                    @if row.is_new { (tag("new", "nieuw")) }
                    @if !r.vanished.is_empty() { (tag("", "bestand niet meer gevonden")) }
                }
            }
            @if is_covered { div {} } @else { (profile(desk.analyzer.lexicon(), &row.stages)) }
            div.meta {
                @if r.date.is_empty() { "zonder datum" } @else { (date(&r.date)) }
                @if let Some(action) = row.opinion.verdict { div.tags { span.tag.(action.as_str()) { (decision(action)) } @if row.opinion.older { (tag("warn", "ouder dan de tekst")) } } }
            }
        }
    }
}
