//! The triage list: dossiers or documents in reading order, a page at a time.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::frame::{Here, frame};
use super::link::{self, Query};
use super::{Answer, Desk, short};
use crate::error::Result;
use crate::html::label::{badge, covered, meaning, profile, reason, score, tag, verdict};
use crate::html::{Text, count, date};
use crate::score::Label;
use crate::store::{DocumentRow, DossierRow, Filter, Opinion};

/// Rows on a page.
const ROWS: usize = 50;

/// What stands for “not read” among the labels.
const UNREAD: &str = "ongelezen";

/// Longest search, in bytes.
const LONGEST_SEARCH: usize = 200;

/// The list.
pub(super) fn page(desk: &Desk, query: &Query) -> Result<Answer> {
    let is_documents = query.get("lijst") == "documenten";
    let filter = filter(query);
    let page = query.number("blz").unwrap_or(1).clamp(1, 1_000_000);
    let from = (page - 1).saturating_mul(ROWS);
    let (rows, total, by_label) = {
        let store = desk.store();
        if is_documents {
            let list = store.list_documents(&filter, &desk.reviewer, from, ROWS)?;
            let rows: Vec<Markup> = list.rows.iter().map(|r| document(desk, r)).collect();
            (rows, list.total, list.by_label)
        } else {
            let list = store.list_dossiers(&filter, &desk.reviewer, from, ROWS)?;
            let rows: Vec<Markup> = list.rows.iter().map(|r| dossier(desk, r)).collect();
            (rows, list.total, list.by_label)
        }
    };
    let range = desk.range()?;
    let unread = range.unread;
    let (title, here) = if is_documents {
        ("Documenten op leesvolgorde", Here::Documents)
    } else {
        ("Dossiers op leesvolgorde", Here::Dossiers)
    };
    let found = if is_documents {
        count(total, "document", "documenten")
    } else {
        count(total, "dossier", "dossiers")
    };
    let main = html! {
        h1 { (title) }
        p.soft { "Signalen om te bespreken, geen oordeel over een jongere. Wat niet gelezen kon worden, staat bovenaan." }
        @if !is_documents && unread > 0 {
            p.notice.warn { (count(unread, "document kon", "documenten konden")) " niet of niet geheel gelezen worden. " a href={"/?lijst=documenten&label=" (UNREAD)} { "Bekijk ze eerst" } "." }
        }
        @if !is_documents && range.urgent > 0 && !filter.urgent {
            p.notice.warn { b { "Let op: " } (count(range.urgent, "dossier bevat", "dossiers bevatten")) " een teken van suïciderisico. " a href="/?letop=1" { "Bekijk ze" } "." }
        }
        (form(desk, query, &filter, &by_label, &range.formats, is_documents))
        div.pager {
            p #aantal role="status" { b { (found) } @if total > ROWS { ", bladzijde " (page) " van " (total.div_ceil(ROWS)) } }
            @if !is_documents { a href="/opvolgen.csv" { "Register van “opvolgen” (CSV)" } }
        }
        @if rows.is_empty() {
            p.empty { "Niets gevonden met deze keuzes. " a href={"/?lijst=" (if is_documents { "documenten" } else { "dossiers" })} { "Alles tonen" } }
        } @else {
            ol.rows start=(from + 1) { @for row in &rows { (row) } }
        }
        @if total > ROWS {
            nav.pager aria-label="Bladzijden" {
                @if page > 1 { a.button rel="prev" href={"/?" (query.with("blz", &(page - 1).to_string()))} { "Vorige " (ROWS) } }
                @if from + ROWS < total { a.button rel="next" href={"/?" (query.with("blz", &(page + 1).to_string()))} { "Volgende " (ROWS) } }
            }
        }
    };
    Ok(Answer::Page(frame(desk, here, title, &main)))
}

fn filter(query: &Query) -> Filter {
    let strings = |name: &str| query.all(name).map(str::to_owned).collect();
    Filter {
        labels: query
            .all("label")
            .filter_map(|name| match name {
                UNREAD => Some(None),
                _ => Label::named(name).map(Some),
            })
            .collect(),
        stages: strings("fase"),
        categories: strings("categorie"),
        formats: strings("formaat"),
        new: query.has("nieuw"),
        undecided: query.has("open"),
        asked: query.has("vraag"),
        urgent: query.has("letop"),
        words: query
            .get("zoek")
            .get(..crate::span::floor(query.get("zoek"), LONGEST_SEARCH))
            .unwrap_or_default()
            .split_whitespace()
            .take(8)
            .map(str::to_owned)
            .collect(),
    }
}

fn form(
    desk: &Desk,
    query: &Query,
    filter: &Filter,
    by_label: &BTreeMap<Option<Label>, usize>,
    formats: &[String],
    is_documents: bool,
) -> Markup {
    let lexicon = desk.analyzer.lexicon();
    let labels = [
        None,
        Some(Label::Hoog),
        Some(Label::Midden),
        Some(Label::Laag),
        Some(Label::Geen),
    ];
    let stages = lexicon
        .stages
        .iter()
        .map(|s| (s.id.as_str(), s.name.as_str()));
    let categories = lexicon
        .categories
        .iter()
        .map(|c| (c.id.as_str(), c.name.as_str()));
    let formats = formats.iter().map(|f| (f.as_str(), f.as_str()));
    html! {
        form.filter method="get" action="/" role="search" aria-label="Lijst beperken" {
            input type="hidden" name="lijst" value=(if is_documents { "documenten" } else { "dossiers" });
            label.field { span { "Zoek in namen en signalen" kbd { "/" } }
                input #zoek type="search" name="zoek" maxlength=(LONGEST_SEARCH) value=(Text(query.get("zoek"))) autocomplete="off" spellcheck="false"; }
            fieldset {
                legend { "Label" }
                @for label in labels {
                    @let name = label.map_or(UNREAD, Label::as_str);
                    label title=(label.map_or("kijk hier eerst", meaning)) {
                        input type="checkbox" name="label" value=(name) checked[filter.labels.contains(&label)];
                        (badge(label)) span.soft { (by_label.get(&label).copied().unwrap_or(0)) }
                    }
                }
            }
            details #meer open[filter.stages.len() + filter.categories.len() + filter.formats.len() > 0 || filter.new || filter.undecided || filter.asked || filter.urgent] {
                summary { "Meer keuzes" }
                div.more {
                    (select("Fase", "fase", "alle fasen", stages, &filter.stages))
                    (select("Categorie", "categorie", "alle categorieën", categories, &filter.categories))
                    (select("Soort bestand", "formaat", "alle soorten", formats, &filter.formats))
                    fieldset {
                        legend { "Alleen" }
                        (tick("open", "zonder mijn besluit", filter.undecided))
                        (tick("nieuw", "nieuw sinds het laatste besluit", filter.new))
                        (tick("vraag", "tweede lezer gevraagd", filter.asked))
                        (tick("letop", "met teken van suïciderisico", filter.urgent))
                    }
                }
            }
            button.primary type="submit" { "Toon" }
        }
    }
}

fn tick(name: &str, what: &str, is: bool) -> Markup {
    html! { label { input type="checkbox" name=(name) value="1" checked[is]; (what) } }
}

fn select<'a>(
    title: &str,
    name: &str,
    all: &str,
    options: impl Iterator<Item = (&'a str, &'a str)>,
    chosen: &[String],
) -> Markup {
    html! {
        label.field { span { (title) }
            select name=(name) {
                option value="" { (all) }
                @for (id, text) in options {
                    option value=(Text(id)) selected[chosen.iter().any(|c| c == id)] { (Text(text)) }
                }
            }
        }
    }
}

fn dossier(desk: &Desk, row: &DossierRow) -> Markup {
    let r = &row.record;
    let name = if r.dossier.is_empty() {
        "(zonder naam)"
    } else {
        &r.dossier
    };
    html! {
        li {
            div.mark { (badge(r.label)) span.score { (score(r.score)) } }
            div {
                a.name href=(link::dossier(&r.dossier)) title=(Text(name)) { (Text(short(name))) }
                p.reason { (reason(&r.reason)) }
                div.tags {
                    @if !r.reviewed.is_empty() && r.new_documents > 0 { (tag("new", &format!("{} nieuw", r.new_documents))) }
                    @if r.unread > 0 { (tag("warn", &format!("{} niet of niet geheel gelezen", r.unread))) }
                    @if r.vanished > 0 { (tag("", &format!("{} niet meer gevonden", r.vanished))) }
                }
            }
            (profile(desk.analyzer.lexicon(), &row.stages))
            div.meta {
                (count(r.documents, "document", "documenten"))
                @if row.decided > 0 { br; (row.decided) " beoordeeld" }
                (opinion(&row.opinion))
            }
        }
    }
}

fn document(desk: &Desk, row: &DocumentRow) -> Markup {
    let r = &row.record;
    let is_covered = row.is_covered();
    html! {
        li {
            div.mark {
                @if is_covered { (covered()) } @else { (badge(r.label)) span.score { (score(r.score)) } }
            }
            div {
                a.name href=(link::document(&r.id, &r.path)) title=(Text(&r.path)) { (Text(short(&r.path))) }
                @if is_covered {
                    p.reason.soft { "Lees dit document en beslis; daarna ziet u label en signalen." }
                } @else {
                    p.reason { (reason(&r.reason)) @if r.label.is_none() { " " span.soft { @if !r.status_detail.is_empty() { "(technisch: " (Text(&r.status_detail)) ")" } } } }
                }
                div.tags {
                    @if row.is_new { (tag("new", "nieuw")) }
                    @if r.label.is_some() && !r.pages_unread.is_empty() { (tag("warn", &count(r.pages_unread.len(), "pagina niet gelezen", "pagina's niet gelezen"))) }
                    @if !r.vanished.is_empty() { (tag("", "bestand niet meer gevonden")) }
                    @if row.drawn.is_some() && !is_covered { (tag("", "label was bedekt")) }
                    a.soft href=(link::dossier(&r.dossier)) { "dossier " (Text(short(&r.dossier))) }
                }
            }
            @if is_covered { div {} } @else { (profile(desk.analyzer.lexicon(), &row.stages)) }
            div.meta {
                @if !r.date.is_empty() { (date(&r.date)) br; }
                (Text(&r.format)) @if r.pages > 0 { ", " (count(r.pages, "pagina", "pagina's")) }
                (opinion(&row.opinion))
            }
        }
    }
}

/// What the reviewer made of it.
fn opinion(opinion: &Opinion) -> Markup {
    html! {
        div.tags {
            @if let Some(action) = opinion.verdict {
                span.tag.(action.as_str()) { (verdict(action)) }
                @if opinion.older { (tag("warn", "ouder dan de tekst")) }
            }
            @if opinion.asked { (tag("twijfel", "tweede lezer gevraagd")) }
        }
    }
}
