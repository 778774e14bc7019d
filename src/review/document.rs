//! A document: its text with the findings marked, what they are, and what is decided.

use std::sync::Arc;

use maud::{Markup, html};

use super::decide::{Said, Subject, panel};
use super::frame::{Here, frame};
use super::item::{FORM, item};
use super::leaf::{Leaf, leaves, parts};
use super::link::{self, Query};
use super::texts::has_original;
use super::{Answer, Desk, short};
use crate::analyze::Analysis;
use crate::decision::Decision;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::finding::Finding;
use crate::html::finding::{category, legend};
use crate::html::label::{badge, covered, reason_line, score, tag};
use crate::html::marked::{Link, Marks, is_shown};
use crate::html::points::table;
use crate::html::timeline::timeline;
use crate::html::why::not_high;
use crate::html::{Text, count, date};
use crate::span::CodePoints;
use crate::store::{DocumentRow, Origin};

/// Notes before and after that are named.
const NEAR: usize = 4;

/// All that a page of a document is made of.
pub(super) struct Opened {
    pub(super) row: DocumentRow,
    pub(super) analysis: Analysis,
    pub(super) subject: Subject,
    pub(super) said: Said,
    pub(super) origins: Vec<Origin>,
    /// Its text, or why it is not there.
    pub(super) text: Result<Arc<Document>>,
}

impl Opened {
    /// A document by id and path; none when it is gone.
    pub(super) fn new(desk: &Desk, id: &str, path: &str) -> Result<Option<Self>> {
        let found = {
            let store = desk.store();
            match store.find(id, path)? {
                Some(seq) => store
                    .document_row(seq, &desk.reviewer)?
                    .zip(store.document(seq)?),
                None => None,
            }
        };
        let Some((row, mut analysis)) = found else {
            return Ok(None);
        };
        let record = &row.record;
        let subject = Subject {
            document: record.id.clone(),
            path: record.path.clone(),
            dossier: record.dossier.clone(),
        };
        let said = Said::of(desk, &subject)?;
        let origins = desk.origins(&record.id, &record.path)?;
        let text = if record.score.is_some() {
            desk.texts.read(&origins)
        } else {
            Err(Error::Usage(record.reason.clone()))
        };
        // The words of findings may not be kept.
        if let Ok(document) = &text {
            for f in &mut analysis.findings {
                if f.text.is_empty() {
                    f.text = document
                        .text
                        .get(f.byte_start..f.byte_end)
                        .unwrap_or_default()
                        .to_owned();
                }
            }
        }
        Ok(Some(Self {
            row,
            analysis,
            subject,
            said,
            origins,
            text,
        }))
    }
}

/// The page of a document.
pub(super) fn page(desk: &Desk, query: &Query) -> Result<Answer> {
    let (id, path) = (query.get("id"), query.get("pad"));
    let Some(opened) = Opened::new(desk, id, path)? else {
        return Ok(desk.missing("Dit document is niet (meer) in het archief: het is gewijzigd, vergeten, of er is opnieuw gescand."));
    };
    let Opened { row, analysis, .. } = &opened;
    let record = &row.record;
    let is_covered = row.is_covered();
    let now = opened.said.now();
    let lexicon = desk.analyzer.lexicon();
    let findings: &[Finding] = if is_covered { &[] } else { &analysis.findings };
    let missed: Vec<(usize, usize)> = now.missed.iter().map(|m| (m.start, m.end)).collect();

    let document = opened.text.as_ref().ok();
    let index = document.map(|d| CodePoints::new(&d.text));
    let to_byte = |code_point: usize| match (document, &index) {
        (Some(document), Some(index)) => index.to_byte(&document.text, code_point),
        _ => None,
    };
    let in_passages;
    let marks = if document.is_some() {
        in_passages = false;
        Marks::new(lexicon, findings, &missed, Link::Finding, to_byte)
    } else {
        in_passages = true;
        crate::html::marked::in_passages(lexicon, findings, &analysis.passages, Link::Finding)
    };
    let leaves = match document {
        Some(document) => leaves(document),
        None => analysis
            .passages
            .iter()
            .map(|p| Leaf {
                page: None,
                remark: "",
                start: p.byte_start,
                text: &p.text,
            })
            .collect(),
    };
    let parts = parts(&leaves, findings);
    let at = query
        .number("deel")
        .unwrap_or(1)
        .clamp(1, parts.len().max(1));
    let shown = parts
        .get(at - 1)
        .and_then(|range| leaves.get(range.clone()))
        .unwrap_or_default();
    let reach = match (shown.first(), shown.last()) {
        (Some(first), Some(last)) => first.start..last.end(),
        _ => 0..usize::MAX,
    };
    let code_point = |leaf: &Leaf<'_>| match (document, &index) {
        (Some(document), Some(index)) => index.at_byte(&document.text, leaf.start),
        _ => analysis
            .passages
            .iter()
            .find(|p| p.byte_start == leaf.start)
            .map_or(0, |p| p.start),
    };
    let in_reach = |f: &&(usize, &Finding)| reach.contains(&f.1.byte_start);
    let all: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    let (listed, aside): (Vec<_>, Vec<_>) =
        all.iter().filter(in_reach).partition(|(_, f)| is_shown(f));
    let shown_in_all = findings.iter().filter(|f| is_shown(f)).count();

    let main = html! {
        p.crumbs { a #terug href="/?lijst=documenten" { "Lijst" } " › " a #dossier href=(link::dossier(&record.dossier)) { "dossier " (Text(short(&record.dossier))) } " › " (Text(short(&record.path))) }
        (head(&opened, is_covered))
        div.desk {
            div {
                @if in_passages && record.score.is_some() {
                    p.notice.warn { "De tekst kan niet opnieuw gelezen worden; hieronder staan alleen de bewaarde stukken rond de signalen. "
                        "Het bestand is sinds de scan gewijzigd of weg, het is elders gelezen, of er waren andere opties nodig om het te lezen. "
                        @if let Err(error) = &opened.text { span.soft { "(technisch: " (Text(&error.to_string())) ")" } } }
                }
                @if !is_covered && !findings.is_empty() { (legend(lexicon)) }
                (pager(record.id.as_str(), record.path.as_str(), at, parts.len(), reach.end, findings))
                @if shown.is_empty() {
                    p.empty { "Van dit document is geen tekst." }
                } @else {
                    section.sheet aria-label="Tekst van het document" {
                        @for leaf in shown {
                            div.leaf {
                                @if let Some(page) = leaf.page { h2 { "pagina " (page) @if !leaf.remark.is_empty() { " – " (leaf.remark) } } }
                                div.words data-start=(code_point(leaf)) { (marks.text(leaf.text, leaf.start)) }
                            }
                        }
                    }
                    (pager(record.id.as_str(), record.path.as_str(), at, parts.len(), reach.end, findings))
                }
                (surroundings(desk, &opened)?)
            }
            div.side {
                (panel(desk, &opened.subject, &opened.said, false))
                section.card aria-labelledby="bevindingen-kop" {
                    h2 #bevindingen-kop { "Bevindingen" @if !is_covered && record.score.is_some() { " (" (shown_in_all) ")" } }
                    @if is_covered {
                        p { "Het label en de markeringen zijn bedekt tot u beslist. " a href="/uitleg" { "Waarom?" } }
                    } @else if record.score.is_none() {
                        p { "Niet gelezen: er is niet naar signalen gezocht." }
                    } @else if listed.is_empty() && aside.is_empty() {
                        p.soft { "Geen signalen in dit deel." }
                    } @else {
                        form id=(FORM) method="post" action="/markering" { (opened.subject.fields(desk)) }
                        ol.findings { @for (n, f) in &listed { (item(desk, *n, f, &analysis.contributions, &now)) } }
                        @if !aside.is_empty() {
                            details {
                                summary.soft { "Andere treffers van het lexicon, die niet tellen (" (aside.len()) ")" }
                                ol.findings { @for (n, f) in &aside { (item(desk, *n, f, &analysis.contributions, &now)) } }
                            }
                        }
                    }
                }
                (missed_form(desk, &opened, &now))
                @if !is_covered && record.score.is_some() {
                    section.card aria-labelledby="score-kop" {
                        h2 #score-kop { "Waar komt de score vandaan?" }
                        (table(lexicon, &record.points, record.stage_bonus))
                        (not_high(lexicon, findings, record.label))
                    }
                }
            }
        }
    };
    Ok(Answer::Page(frame(
        desk,
        Here::Documents,
        short(&record.path),
        &main,
    )))
}

/// What the document is, in a few lines.
fn head(opened: &Opened, is_covered: bool) -> Markup {
    let record = &opened.row.record;
    let original = opened
        .origins
        .first()
        .filter(|o| has_original(&record.format, o));
    html! {
        div.head {
            h1 { (Text(short(&record.path))) }
            @if is_covered { (covered()) } @else { (badge(record.label)) span.score title="score, 0 tot 100" { (score(record.score)) } }
        }
        @if !is_covered { (reason_line(&record.reason)) }
        p.tags.soft {
            @if !record.date.is_empty() { span { (date(&record.date)) } }
            span { (Text(&record.format)) @if record.pages > 0 { ", " (count(record.pages, "pagina", "pagina's")) } ", " (record.characters) " tekens" }
            @if record.genre == "policy" { (tag("warn", "lijkt een beleids- of voorlichtingstekst")) }
            @if opened.row.is_new { (tag("new", "nieuw")) }
            @if !record.vanished.is_empty() { (tag("warn", "bestand niet meer gevonden")) }
            @if opened.row.drawn.is_some() && !is_covered { (tag("", "label was bedekt")) }
            @if original.is_some() { a href=(link::original(&record.id, &record.path)) target="_blank" rel="noopener" { "Origineel openen (PDF)" } }
            a #volgende href="/?lijst=documenten" hidden { "Volgende in de lijst" kbd { "v" } }
        }
        @if !record.pages_unread.is_empty() && record.score.is_some() {
            p.notice.warn { "Niet gelezen: pagina " (record.pages_unread.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")) "." }
        }
        @if record.score.is_none() {
            p.notice.warn { b { (record.status.dutch()) } ": " (record.status.advice()) ". Wat niet gelezen is, telt nooit als “geen signaal”. " span.soft { @if !record.status_detail.is_empty() { "(technisch: " (Text(&record.status_detail)) ")" } } }
        }
    }
}

/// Links to the other parts of a long document.
fn pager(
    id: &str,
    path: &str,
    at: usize,
    parts: usize,
    end: usize,
    findings: &[Finding],
) -> Markup {
    html! {
        @if parts > 1 {
            @let later = findings.iter().filter(|f| f.byte_start >= end && f.active).count();
            nav.pager aria-label="Delen van het document" {
                @if at > 1 { a.button rel="prev" href=(link::part(id, path, at - 1)) { "Vorig deel" } }
                span { "Deel " (at) " van " (parts) @if later > 0 { ", hierna nog " (count(later, "signaal", "signalen")) } }
                @if at < parts { a.button rel="next" href=(link::part(id, path, at + 1)) { "Volgend deel" } }
            }
        }
    }
}

/// The form for what was missed, with what was pointed out.
fn missed_form(desk: &Desk, opened: &Opened, now: &Decision) -> Markup {
    let lexicon = desk.analyzer.lexicon();
    let words = |start: usize, end: usize| {
        let document = opened.text.as_ref().ok()?;
        let index = CodePoints::new(&document.text);
        let (start, end) = (
            index.to_byte(&document.text, start)?,
            index.to_byte(&document.text, end)?,
        );
        document
            .text
            .get(start..end)
            .map(crate::html::finding::one_line)
    };
    html! {
        section.card #gemist aria-labelledby="gemist-kop" {
            h2 #gemist-kop { "Gemist signaal" }
            @if opened.text.is_ok() {
                p.soft { "Selecteer de woorden in de tekst, of neem ze hier over." }
                form method="post" action="/gemist" {
                    (opened.subject.fields(desk))
                    input type="hidden" name="van"; input type="hidden" name="tot";
                    label.field { span { "Woorden in de tekst" } input type="text" name="woorden" required maxlength="400" autocomplete="off" spellcheck="false"; }
                    label.field { span { "Categorie" }
                        select name="categorie" required {
                            option value="" { "kies een categorie" }
                            @for stage in lexicon.stages.iter() {
                                optgroup label=(stage.name) {
                                    @for c in lexicon.categories.iter().filter(|c| lexicon.stages.get(c.stage).is_some_and(|s| s.id == stage.id)) {
                                        option value=(c.id) { (Text(&c.name)) }
                                    }
                                }
                            }
                        }
                    }
                    button type="submit" { "Toevoegen" kbd { "m" } }
                }
            } @else {
                p.soft { "Zonder de tekst kan geen gemist signaal aangewezen worden." }
            }
            @if !now.missed.is_empty() {
                form method="post" action="/gemist" {
                    (opened.subject.fields(desk))
                    ul { @for (n, missed) in now.missed.iter().enumerate() {
                        li { @if let Some(words) = words(missed.start, missed.end) { a href={"#gemist" (n + 1)} { q { (Text(&words)) } } ": " }
                            (category(lexicon, &missed.category)) " "
                            button.link type="submit" name="weg" value=(n) aria-label={"Gemist signaal " (n + 1) " verwijderen"} { "verwijderen" } }
                    } }
                }
            }
        }
    }
}

/// The notes before and after, and the time line of the dossier.
fn surroundings(desk: &Desk, opened: &Opened) -> Result<Markup> {
    let (rows, before, after, dossier) = {
        let store = desk.store();
        let all = store.documents_of(&opened.subject.dossier)?;
        let at = all.iter().position(|s| *s == opened.row.seq).unwrap_or(0);
        let from = at.saturating_sub(NEAR);
        let near = all.iter().skip(from).take(at - from + NEAR + 1);
        let mut rows = Vec::new();
        for seq in near {
            rows.extend(store.document_row(*seq, &desk.reviewer)?);
        }
        let rest = all.len().saturating_sub(from + rows.len());
        (rows, from, rest, store.dossier(&opened.subject.dossier)?)
    };
    let is_covered = opened.row.is_covered();
    Ok(html! {
        @if rows.len() > 1 {
            section.card aria-labelledby="buren-kop" {
                h2 #buren-kop { "In hetzelfde dossier" }
                @if before > 0 { p.soft { (before) " eerder" } }
                @let here = rows.iter().position(|r| r.seq == opened.row.seq).unwrap_or(0);
                ul { @for (n, row) in rows.iter().enumerate() {
                    li {
                        @if n == here { b { "dit document" } } @else { a id=[(n == here + 1).then_some("buur")] href=(link::document(&row.record.id, &row.record.path)) { (Text(short(&row.record.path))) } }
                        " " @if !row.record.date.is_empty() { span.soft { (date(&row.record.date)) " " } }
                        @if row.is_covered() { (covered()) } @else { (badge(row.record.label)) }
                    }
                } }
                @if after > 0 { p.soft { (after) " later" } }
            }
        }
        @if let (Some(dossier), false) = (dossier, is_covered) {
            @if !dossier.timeline.is_empty() {
                section.card aria-labelledby="tijd-kop" {
                    h2 #tijd-kop { "Tijdlijn van het dossier" }
                    (timeline(desk.analyzer.lexicon(), &dossier.timeline, &opened.row.record.date))
                    p { a href=(link::dossier(&dossier.dossier)) { "Naar het dossier" } }
                }
            }
        }
    })
}
