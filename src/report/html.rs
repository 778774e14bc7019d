//! `report.html`: one self-contained page in Dutch. No outside resources; works without scripts and without a network.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write;

use maud::{Markup, PreEscaped, Render, html};

use super::{Report, Run, writing};
use crate::analyze::Analysis;
use crate::dossier::DossierRecord;
use crate::error::Result;
use crate::finding::Finding;
use crate::html::explanation::{disclaimer, explanation};
use crate::html::finding::{
    category_chip, cues, legend, one_line, place, reservations, tier, verdict, why_off,
};
use crate::html::label::{badge, meaning, profile, reason, score, tag};
use crate::html::marked::{Link, in_passages};
use crate::html::timeline::timeline;
use crate::html::{Text, count, date, points, style};
use crate::passage::{Passage, around};
use crate::score::Label;
use crate::store::{Order, Part, Within};

/// The page.
pub(super) struct Page;

/// Of a dossier with more documents than this, those without signals are only counted.
const LISTED: usize = 40;

/// Scripts and styles of the page itself; nothing is loaded.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

impl Report for Page {
    fn name(&self) -> &'static str {
        "html"
    }
    fn file_name(&self) -> &'static str {
        "report.html"
    }
    fn about(&self) -> &'static str {
        "triage list with highlighted passages, in Dutch"
    }

    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()> {
        let mut page = String::new();
        let mut write = |page: &mut String| {
            let result = out.write_all(page.as_bytes()).map_err(writing);
            page.clear();
            result
        };
        // The page is written as it is made: what is open is closed at the end.
        page.push_str("<!DOCTYPE html><html lang=\"nl\">");
        head(run).render_to(&mut page);
        page.push_str("<body><a class=\"skip\" href=\"#inhoud\">Naar de inhoud</a>");
        page.push_str("<header class=\"site\"><div class=\"wrap\"><b class=\"brand\">signaalbril</b></div></header>\n");
        page.push_str("<main id=\"inhoud\"><div class=\"wrap\">");
        top(run)?.render_to(&mut page);
        unread(run)?.render_to(&mut page);
        urgent(run)?.render_to(&mut page);
        page.push_str("<h2>Dossiers op leesvolgorde</h2>\n");
        write(&mut page)?;
        let mut open: Option<Open> = None;
        let mut number = 0;
        run.store.each_part(Within::Day, &mut |part| {
            match part {
                Part::Dossier(record) => {
                    close(open.take(), &mut page);
                    let label = record.label.map_or("none", Label::as_str);
                    number += 1;
                    let _ = write!(
                        page,
                        "<details class=\"dossier\" id=\"dossier-{number}\" data-label=\"{label}\">"
                    );
                    summary(run, &record).render_to(&mut page);
                    page.push_str("<div class=\"inside\">\n");
                    if !record.timeline.is_empty() {
                        html! { h3 { "Tijdlijn" } (timeline(run.lexicon, &record.timeline, "")) }
                            .render_to(&mut page);
                    }
                    open = Some(Open {
                        documents: record.documents,
                        silent: 0,
                    });
                }
                Part::Document(analysis) => match &mut open {
                    Some(open) if open.documents > LISTED && analysis.passages.is_empty() => {
                        open.silent += 1;
                    }
                    _ => document(run, &analysis).render_to(&mut page),
                },
            }
            write(&mut page)
        })?;
        close(open.take(), &mut page);
        page.push_str("</div></main>");
        foot(run).render_to(&mut page);
        page.push_str("</body></html>\n");
        write(&mut page)
    }
}

/// A dossier whose documents are being written.
struct Open {
    documents: usize,
    /// Documents without signals, so far.
    silent: usize,
}

/// Ends a dossier.
fn close(open: Option<Open>, page: &mut String) {
    let Some(open) = open else { return };
    if open.silent > 0 {
        let rest = count(open.silent, "document", "documenten");
        html! { p.soft { "En " (rest) " zonder signalen; ze staan in triage.csv." } }
            .render_to(page);
    }
    page.push_str("</div></details>\n");
}

fn head(run: &Run<'_>) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            meta name="viewport" content="width=device-width, initial-scale=1";
            title { "Leesvolgorde dossiers" }
            style { (PreEscaped(style(run.lexicon))) }
        }
    }
}

fn top(run: &Run<'_>) -> Result<Markup> {
    let m = run.manifest;
    let counts = run.store.counts()?;
    let labels = Label::ALL.iter().rev();
    Ok(html! {
            h1 { "Leesvolgorde dossiers" }
            p.soft { (Text(&m.program)) " " (Text(&m.version)) " · lexicon " (Text(&m.lexicon)) " " (Text(&m.lexicon_version)) " (" (Text(&m.lexicon_hash)) ") · "
                (count(counts.documents, "document", "documenten")) " in " (count(counts.dossiers, "dossier", "dossiers")) }
            p.notice { "Dit overzicht " b { "rangschikt om te lezen en beslist niets" } ". Signalen om te bespreken, geen oordeel over een jongere." }
            ul.legend aria-label="Dossiers per label" {
                @for label in labels.clone() { li { (badge(Some(*label))) " " (meaning(*label)) ": " b { (counts.dossiers(*label)) } } }
            }
            (legend(run.lexicon))
            div.bar {
                form.filter hidden role="search" aria-label="Lijst beperken" {
                    label.field { span { "Zoek" } input type="search" name="q" autocomplete="off"; }
                    fieldset {
                        legend { "Label" }
                        @for label in labels { label { input type="checkbox" value=(label.as_str()) checked; (badge(Some(*label))) } }
                        label { input type="checkbox" value="none" checked; (badge(None)) }
                    }
                }
            }
    })
}

fn unread(run: &Run<'_>) -> Result<Markup> {
    let mut rows: Vec<Markup> = Vec::new();
    run.store.each(Order::Unread, &mut |analysis| {
        let d = &analysis.document;
        rows.push(html! {
            tr {
                td { (Text(&d.dossier)) }
                td { (Text(&d.path)) }
                td {
                    (d.status.dutch())
                    @if !d.pages_unread.is_empty() && d.score.is_some() {
                        "; pagina " (d.pages_unread.iter().map(u32::to_string).collect::<Vec<_>>().join(", "))
                    }
                    ": " (d.status.advice())
                    " " span.soft { @if !d.status_detail.is_empty() { "(technisch: " (Text(&d.status_detail)) ")" } }
                }
            }
        });
        Ok(())
    })?;
    Ok(html! {
        h2 { "Niet of niet geheel gelezen" @if !rows.is_empty() { " (" (rows.len()) ")" } }
        @if rows.is_empty() {
            p { "Alle documenten zijn geheel gelezen." }
        } @else {
            p.soft { "Wat niet gelezen is, telt nooit als “geen signaal”. Kijk hier eerst." }
            div.scroll tabindex="0" role="region" aria-label="Niet of niet geheel gelezen" {
                table {
                    thead { tr { th scope="col" { "dossier" } th scope="col" { "document" } th scope="col" { "waarom" } } }
                    tbody { @for row in &rows { (row) } }
                }
            }
        }
    })
}

/// Of a dossier so many signs of suicide risk are quoted.
const QUOTED: usize = 3;

/// The dossiers with a sign of suicide risk, whatever their place in the order, with the words around it.
fn urgent(run: &Run<'_>) -> Result<Markup> {
    let mut signs: BTreeMap<String, Vec<Markup>> = BTreeMap::new();
    run.store.each(Order::Urgent, &mut |analysis| {
        let d = &analysis.document;
        for f in analysis.findings.iter().filter(|f| f.is_urgent()) {
            let holds = |p: &&Passage| {
                p.byte_start <= f.byte_start && f.byte_end <= p.byte_end()
            };
            let words = (analysis.passages.iter().find(holds)).map_or(f.text.as_str(), |p| around(p, f));
            signs.entry(d.dossier.clone()).or_default().push(html! {
                (date(&f.date)) " " q { (Text(&one_line(words))) } " " span.soft { (Text(&d.path)) ", " (place(f)) }
            });
        }
        Ok(())
    })?;
    let mut dossiers: Vec<Markup> = Vec::new();
    let mut number = 0;
    run.store.each_dossier(&mut |record| {
        number += 1;
        if record.urgent {
            let signs = signs.get(&record.dossier).map_or(&[][..], Vec::as_slice);
            dossiers.push(html! {
                li {
                    (badge(record.label)) " " a href={"#dossier-" (number)} { (Text(&record.dossier)) }
                    @for sign in signs.iter().take(QUOTED) { br; (sign) }
                    @if signs.len() > QUOTED { br; span.soft { "en nog " (signs.len() - QUOTED) } }
                }
            });
        }
        Ok(())
    })?;
    Ok(html! {
        @if !dossiers.is_empty() {
            h2 { "Let op: teken van suïciderisico (" (dossiers.len()) ")" }
            p.soft { "Dit verandert de score niet: ook een dossier met een laag label kan hier staan." }
            ul { @for dossier in &dossiers { (dossier) } }
        }
    })
}

/// The line of a dossier.
fn summary(run: &Run<'_>, r: &DossierRecord) -> Markup {
    let stages = (r.timeline.iter())
        .map(|s| (s.stage.clone(), s.findings))
        .collect();
    html! {
        summary {
            (badge(r.label))
            span.score { (score(r.score)) }
            span { span.name { (Text(&r.dossier)) } br; (reason(&r.reason)) }
            (profile(run.lexicon, &stages))
        }
    }
}

fn document(run: &Run<'_>, analysis: &Analysis) -> Markup {
    let d = &analysis.document;
    let all = || analysis.findings.iter().enumerate();
    let shown: Vec<(usize, &Finding)> = all().filter(|(_, f)| f.suppressed_by.is_empty()).collect();
    let hidden: Vec<(usize, &Finding)> =
        all().filter(|(_, f)| !f.suppressed_by.is_empty()).collect();
    html! {
        div.document {
            h3 {
                (badge(d.label)) " " (score(d.score)) " " span.name { (Text(&d.path)) } " "
                span.soft {
                    (date(&d.date))
                    @if d.pages > 0 { " · " (count(d.pages, "pagina", "pagina's")) }
                }
                @if !d.vanished.is_empty() { " " (tag("warn", "bestand niet meer gevonden")) }
            }
            p { (reason(&d.reason)) }
            @if d.score.is_some() && !shown.is_empty() {
                (passages(run, analysis))
                (table(run, &shown, &d.path))
                details {
                    summary { "Waar de score vandaan komt" }
                    (points::table(run.lexicon, &d.points, d.stage_bonus))
                }
                @if !hidden.is_empty() {
                    details {
                        summary.soft { "Onderdrukt door het lexicon (" (hidden.len()) ")" }
                        ul { @for (_, f) in &hidden { li { q { (Text(&one_line(&f.text))) } " " (category_chip(run.lexicon, f)) " " span.soft { (Text(&why_off(f))) } } } }
                    }
                }
            }
        }
    }
}

/// The text around findings.
fn passages(run: &Run<'_>, analysis: &Analysis) -> Markup {
    let marks = in_passages(
        run.lexicon,
        &analysis.findings,
        &analysis.passages,
        Link::None,
    );
    html! {
        @for p in &analysis.passages {
            div.passage { div.words {
                @if p.byte_start > 0 { "…" }
                (marks.text(&p.text, p.byte_start))
                @if !p.at_end { "…" }
            } }
        }
    }
}

fn table(run: &Run<'_>, shown: &[(usize, &Finding)], path: &str) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label={"Bevindingen in " (Text(path))} {
            table {
                thead { tr {
                    th scope="col" { "nr" } th scope="col" { "woorden" } th scope="col" { "categorie" } th scope="col" { "soort" }
                    th scope="col" { "oordeel uit de context" } th scope="col" { "op grond van" } th scope="col" { "plaats" } th.n scope="col" { "punten" }
                } }
                tbody {
                    @for (n, f) in shown {
                        tr {
                            td.n { (n + 1) }
                            td { (Text(&one_line(&f.text))) }
                            td { (category_chip(run.lexicon, f)) }
                            td { (tier(f.tier)) }
                            td { (verdict(f)) @for r in reservations(f) { ", " (r) } }
                            td { (cues(f)) }
                            td { (place(f)) }
                            td.n { @if f.active { (f.points) } @else if f.protective { "beschermend" } @else { "telt niet" } }
                        }
                    }
                }
            }
        }
    }
}

fn foot(run: &Run<'_>) -> Markup {
    html! {
        footer.site {
            div.wrap {
                (disclaimer())
                section.explanation { h2 { "Hoe werkt dit?" } (explanation(run.lexicon)) }
            }
        }
        script { (PreEscaped(include_str!("html.js"))) }
    }
}
