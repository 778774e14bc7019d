//! `report.html`: one self-contained page in Dutch. No outside resources; works without scripts and without a network.

use std::fmt::Write as _;
use std::io::Write;

use super::{Report, Run, months, writing};
use crate::analyze::Analysis;
use crate::dossier::DossierRecord;
use crate::error::Result;
use crate::escape::markup;
use crate::finding::Finding;
use crate::lexicon::{Experiencer, Presence, Temporality, Tier};
use crate::passage::Passage;
use crate::reason::URGENT;
use crate::score::Label;
use crate::span::CodePoints;
use crate::store::{Order, Part, Within};

/// The page.
pub(super) struct Page;

/// Of a dossier with more documents than this, those without signals are only counted.
const LISTED: usize = 40;

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
        head(run, &mut page)?;
        unread(run, &mut page)?;
        page.push_str("<h2>Dossiers op leesvolgorde</h2>\n");
        write(&mut page)?;
        let mut open: Option<Open> = None;
        run.store.each_part(Within::Day, &mut |part| {
            match part {
                Part::Dossier(record) => {
                    close(open.take(), &mut page);
                    summary(run, &record, &mut page);
                    open = Some(Open {
                        documents: record.documents,
                        silent: 0,
                    });
                }
                Part::Document(analysis) => match &mut open {
                    Some(open) if open.documents > LISTED && analysis.passages.is_empty() => {
                        open.silent += 1;
                    }
                    _ => document(run, &analysis, &mut page),
                },
            }
            write(&mut page)
        })?;
        close(open.take(), &mut page);
        page.push_str(FOOT);
        let _ = write!(
            page,
            "<script>{}</script>\n</body></html>\n",
            include_str!("html.js")
        );
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
        let _ = writeln!(
            page,
            "<p class=\"soft\">En {} documenten zonder signalen; ze staan in triage.csv.</p>",
            open.silent
        );
    }
    page.push_str("</div></details>\n");
}

const FOOT: &str = "</main>\n<footer><p><b>Screening, geen diagnose.</b> Dit overzicht zet dossiers op volgorde om te lezen en beslist niets. Het kent alleen wat geschreven staat. \
Een ontkenning door een minderjarige zegt niets over wat er gebeurd is; ontkende signalen blijven daarom zichtbaar. Een dossier zonder signalen kan toch een slachtoffer betreffen. \
Neem labels uit dit overzicht niet over in het dossier. Voor dit bestand gelden dezelfde bewaartermijn en dezelfde rechten als voor de bron.</p></footer>\n";

fn label_name(label: Option<Label>) -> &'static str {
    label.map_or("none", Label::as_str)
}

fn badge(label: Option<Label>) -> String {
    let name = label_name(label);
    format!(
        "<span class=\"badge {name}\">{}</span>",
        if label.is_some() {
            name
        } else {
            "niet gelezen"
        }
    )
}

fn head(run: &Run<'_>, page: &mut String) -> Result<()> {
    let m = run.manifest;
    let counts = run.store.counts()?;
    let _ = write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"nl\"><head><meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>Leesvolgorde dossiers</title>\n<style>{}{}</style></head>\n<body>\n\
         <header class=\"top\"><h1>Leesvolgorde dossiers</h1>\n<p class=\"soft\">{} {} &middot; lexicon {} {} ({}) &middot; {} documenten in {} dossiers</p>\n\
         <p class=\"notice\">Dit overzicht <b>rangschikt om te lezen en beslist niets</b>. Signalen om te bespreken, geen oordeel over een jongere.</p>\n",
        include_str!("html.css"),
        run.lexicon.stages.iter().fold(String::new(), |mut css, s| {
            let _ = write!(css, ".s-{}{{--stage:{}}}", s.id, s.colour);
            css
        }),
        markup(&m.program),
        markup(&m.version),
        markup(&m.lexicon),
        markup(&m.lexicon_version),
        markup(&m.lexicon_hash),
        counts.documents,
        counts.dossiers,
    );
    page.push_str("<div class=\"key\">");
    for (label, meaning) in [
        (Label::Hoog, "vandaag lezen"),
        (Label::Midden, "deze week lezen"),
        (Label::Laag, "als er tijd is"),
        (Label::Geen, "geen actieve signalen"),
    ] {
        let _ = write!(
            page,
            "<span>{} {meaning}: <b>{}</b></span>",
            badge(Some(label)),
            counts.dossiers(label)
        );
    }
    page.push_str("</div>\n<div class=\"key\">");
    for stage in &run.lexicon.stages {
        let _ = write!(
            page,
            "<span class=\"chip s-{}\">{}</span>",
            stage.id,
            markup(&stage.name)
        );
    }
    page.push_str("<span><mark class=\"off\">telt niet mee</mark></span><span><u class=\"cue\">woord dat de doorslag gaf</u></span></div></header>\n");
    page.push_str("<div class=\"bar\"><form hidden><label>Zoek <input type=\"search\" name=\"q\" autocomplete=\"off\"></label>");
    for label in Label::ALL.iter().rev() {
        let _ = write!(
            page,
            "<label><input type=\"checkbox\" value=\"{0}\" checked> {0}</label>",
            label.as_str()
        );
    }
    page.push_str("<label><input type=\"checkbox\" value=\"none\" checked> niet gelezen</label></form></div>\n<main>\n");
    Ok(())
}

fn unread(run: &Run<'_>, page: &mut String) -> Result<()> {
    let mut rows = String::new();
    let mut count = 0;
    run.store.each(Order::Unread, &mut |analysis| {
        count += 1;
        unread_row(&analysis, &mut rows);
        Ok(())
    })?;
    if count == 0 {
        page.push_str(
            "<h2>Niet of niet geheel gelezen</h2>\n<p>Alle documenten zijn geheel gelezen.</p>\n",
        );
        return Ok(());
    }
    let _ = write!(
        page,
        "<h2>Niet of niet geheel gelezen ({count})</h2>\n<p class=\"soft\">Wat niet gelezen is, telt nooit als “geen signaal”. Kijk hier eerst.</p>\n<table><thead><tr><th>dossier</th><th>document</th><th>waarom</th></tr></thead><tbody>\n{rows}</tbody></table>\n"
    );
    Ok(())
}

fn unread_row(analysis: &Analysis, page: &mut String) {
    let d = &analysis.document;
    let pages = if d.pages_unread.is_empty() || d.score.is_none() {
        String::new()
    } else {
        format!(
            "; pagina {}",
            d.pages_unread
                .iter()
                .map(u32::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        )
    };
    let _ = writeln!(
        page,
        "<tr><td>{}</td><td>{}</td><td>{}{pages} <span class=\"soft\">{}</span></td></tr>",
        markup(&d.dossier),
        markup(&d.path),
        d.status.dutch(),
        markup(&d.status_detail)
    );
}

/// The line of a dossier, and its time line; what is inside stays open.
fn summary(run: &Run<'_>, r: &DossierRecord, page: &mut String) {
    let _ = write!(
        page,
        "<details class=\"dossier\" data-label=\"{}\"><summary>{}<span class=\"score\">{}</span><span><span class=\"name\">{}</span><br>{}</span></summary>\n<div class=\"inside\">\n",
        label_name(r.label),
        badge(r.label),
        r.score
            .map_or_else(|| "&ndash;".to_owned(), |s| s.to_string()),
        markup(&r.dossier),
        markup(&r.reason).replacen(
            URGENT,
            &format!("<span class=\"urgent\">{URGENT}</span>"),
            1
        ),
    );
    if !r.timeline.is_empty() {
        page.push_str("<h3>Tijdlijn</h3><div class=\"timeline\">");
        for part in &r.timeline {
            let name = run
                .lexicon
                .stages
                .iter()
                .find(|s| s.id == part.stage)
                .map_or("", |s| s.name.as_str());
            let dates = match (part.first.as_str(), part.last.as_str()) {
                ("", _) => "zonder datum".to_owned(),
                (first, last) if first == last => first.to_owned(),
                (first, last) => format!("{first} t/m {last}"),
            };
            let _ = write!(
                page,
                "<span class=\"chip s-{}\">{}: {dates} ({})</span>",
                part.stage,
                markup(name),
                part.findings
            );
        }
        page.push_str("</div>\n");
        months::table(&run.lexicon.stages, &r.timeline, page);
    }
}

fn document(run: &Run<'_>, analysis: &Analysis, page: &mut String) {
    let d = &analysis.document;
    let _ = write!(
        page,
        "<div class=\"document\"><h3>{} {} <span class=\"name\">{}</span> <span class=\"soft\">{}{}{}</span></h3>\n<p>{}</p>\n",
        badge(d.label),
        d.score.map_or_else(String::new, |s| s.to_string()),
        markup(&d.path),
        markup(&d.date),
        if d.pages > 0 {
            format!(" &middot; {} pagina's", d.pages)
        } else {
            String::new()
        },
        if d.vanished.is_empty() {
            ""
        } else {
            " &middot; bestand niet meer gevonden"
        },
        markup(&d.reason),
    );
    let shown: Vec<(usize, &Finding)> = analysis
        .findings
        .iter()
        .enumerate()
        .filter(|(_, f)| f.suppressed_by.is_empty())
        .collect();
    if d.score.is_some() && !shown.is_empty() {
        passages(analysis, &shown, page);
        table(run, analysis, &shown, page);
        let hidden: Vec<(usize, &Finding)> = analysis
            .findings
            .iter()
            .enumerate()
            .filter(|(_, f)| !f.suppressed_by.is_empty())
            .collect();
        if !hidden.is_empty() {
            let _ = write!(
                page,
                "<details><summary class=\"soft\">Onderdrukt door het lexicon ({})</summary><table><tbody>",
                hidden.len()
            );
            for (_, f) in hidden {
                let _ = write!(
                    page,
                    "<tr><td>{}</td><td>{}</td><td class=\"soft\">{}</td></tr>",
                    markup(&f.text),
                    category(run, f),
                    markup(&f.suppressed_by)
                );
            }
            page.push_str("</tbody></table></details>\n");
        }
    }
    page.push_str("</div>\n");
}

fn category(run: &Run<'_>, finding: &Finding) -> String {
    markup(
        run.lexicon
            .category(&finding.category)
            .map_or(finding.category.as_str(), |c| c.name.as_str()),
    )
}

/// The verdict in Dutch words.
fn verdict(f: &Finding) -> String {
    let mut words = vec![match f.presence {
        Presence::Present => "aanwezig",
        Presence::Uncertain => "onzeker",
        Presence::Absent if f.cues.iter().any(|c| c.kind == "denied") => "ontkend door jongere",
        Presence::Absent => "afwezig",
    }];
    words.push(match f.temporality {
        Temporality::Current => "nu",
        Temporality::Historical => "verleden",
        Temporality::Future => "toekomst of risico",
    });
    words.push(match f.experiencer {
        Experiencer::Client => "jongere",
        Experiencer::Other => "iemand anders",
    });
    if f.generic {
        words.push("algemeen");
    }
    if f.approximate {
        words.push("bij benadering gespeld");
    }
    if f.ocr {
        words.push("uit tekstherkenning");
    }
    if f.quoted {
        words.push("in een aangehaald bericht");
    }
    words.join(", ")
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Background => "kwetsbaarheid",
        Tier::Soft => "risico, zacht",
        Tier::Firm => "risico, stevig",
        Tier::Hard => "feitelijke schade",
    }
}

/// The text around findings.
fn passages(analysis: &Analysis, shown: &[(usize, &Finding)], page: &mut String) {
    for passage in &analysis.passages {
        let (start, end) = (passage.byte_start, passage.byte_end());
        let inside = shown
            .iter()
            .filter(|(_, f)| f.byte_start >= start && f.byte_end <= end);
        let cues = cue_places(passage, shown);
        page.push_str("<div class=\"passage\">");
        if start > 0 {
            page.push('…');
        }
        let text = passage.text.as_str();
        let mut at = 0;
        for (n, f) in inside {
            let (from, to) = (f.byte_start - start, f.byte_end - start);
            if from < at {
                continue;
            }
            plain(text, at, from, &cues, page);
            let off = if f.active { "" } else { " off" };
            let _ = write!(
                page,
                "<mark class=\"s-{}{off}\" title=\"{}\">",
                f.stage,
                markup(&verdict(f))
            );
            plain(text, from, to, &cues, page);
            let _ = write!(page, "<sup>{}</sup></mark>", n + 1);
            at = to;
        }
        plain(text, at, text.len(), &cues, page);
        if !passage.at_end {
            page.push('…');
        }
        page.push_str("</div>\n");
    }
}

/// Byte ranges in a passage of the cues that decided a value other than the default, sorted, without overlaps.
fn cue_places(passage: &Passage, shown: &[(usize, &Finding)]) -> Vec<(usize, usize)> {
    let index = CodePoints::new(&passage.text);
    let place =
        |code_point: usize| index.to_byte(&passage.text, code_point.checked_sub(passage.start)?);
    let mut places: Vec<(usize, usize)> = shown
        .iter()
        .flat_map(|(_, f)| &f.cues)
        .filter(|c| {
            !matches!(c.value.as_str(), "present" | "current" | "client" | "no") && c.start < c.end
        })
        .filter_map(|c| Some((place(c.start)?, place(c.end)?)))
        .collect();
    places.sort_unstable();
    places.dedup_by(|later, earlier| {
        let meets = later.0 < earlier.1;
        if meets {
            earlier.1 = earlier.1.max(later.1);
        }
        meets
    });
    places
}

/// Text with the cues in it underlined.
fn plain(text: &str, start: usize, end: usize, cues: &[(usize, usize)], page: &mut String) {
    let mut at = start;
    for (from, to) in cues.iter().filter(|c| c.0 < end && c.1 > start) {
        let (from, to) = ((*from).max(at), (*to).min(end));
        if from >= to {
            continue;
        }
        page.push_str(&markup(text.get(at..from).unwrap_or_default()));
        let _ = write!(
            page,
            "<u class=\"cue\">{}</u>",
            markup(text.get(from..to).unwrap_or_default())
        );
        at = to;
    }
    page.push_str(&markup(text.get(at..end).unwrap_or_default()));
}

fn table(run: &Run<'_>, analysis: &Analysis, shown: &[(usize, &Finding)], page: &mut String) {
    page.push_str("<table><thead><tr><th>nr</th><th>woorden</th><th>categorie</th><th>soort</th><th>oordeel uit de context</th><th>op grond van</th><th>plaats</th><th>punten</th></tr></thead><tbody>\n");
    for (n, f) in shown {
        let cues: Vec<String> = f
            .cues
            .iter()
            .filter(|c| {
                !c.text.is_empty()
                    && !matches!(c.value.as_str(), "present" | "current" | "client" | "no")
            })
            .map(|c| {
                format!(
                    "“{}”",
                    markup(&c.text.split_whitespace().collect::<Vec<_>>().join(" "))
                )
            })
            .collect();
        let place = f
            .page
            .map_or_else(|| format!("regel {}", f.line), |p| format!("p. {p}"));
        let points = if f.active {
            f.points.to_string()
        } else if f.protective {
            "beschermend".to_owned()
        } else {
            "telt niet".to_owned()
        };
        let _ = writeln!(
            page,
            "<tr><td class=\"n\">{}</td><td>{}</td><td class=\"chip s-{}\" style=\"white-space:normal\">{}</td><td>{}</td><td>{}</td><td>{}</td><td>{place}</td><td class=\"n\">{points}</td></tr>",
            n + 1,
            markup(&f.text),
            f.stage,
            category(run, f),
            tier(f.tier),
            verdict(f),
            cues.join(", "),
        );
    }
    page.push_str("</tbody></table>\n<p class=\"soft\">Punten per categorie (na maximum): ");
    let points: Vec<String> = analysis
        .document
        .points
        .iter()
        .map(|(id, p)| {
            format!(
                "{} {p}",
                markup(
                    run.lexicon
                        .category(id)
                        .map_or(id.as_str(), |c| c.name.as_str())
                )
            )
        })
        .collect();
    let _ = writeln!(
        page,
        "{}; extra voor meer fasen {}.</p>",
        if points.is_empty() {
            "geen".to_owned()
        } else {
            points.join(", ")
        },
        analysis.document.stage_bonus
    );
}
