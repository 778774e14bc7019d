//! The signalenoverzicht: one dossier on paper for a case conference (casuïstiekoverleg). No label, no score: sentences with their source.

use maud::{Markup, html};

use super::dossier::Gist;
use super::frame::{Here, frame};
use super::link::{self, Query};
use super::{Answer, Desk, short};
use crate::analyze::DocumentRecord;
use crate::dossier::timeline as stage_dates;
use crate::error::Result;
use crate::finding::Finding;
use crate::html::explanation::disclaimer;
use crate::html::finding::{category, cues, deciding, one_line, reservations, verdict, why_off};
use crate::html::label::letter;
use crate::html::timeline::timeline;
use crate::html::{Text, count, date};
use crate::store::clock;

/// Sentences of a stage on the sheet, and lines of what does not count; the rest is counted.
const QUOTED: usize = 10;

/// The steps of the meldcode (Wet verplichte meldcode huiselijk geweld en kindermishandeling), and the report to the national register.
const STEPS: [(&str, &str); 7] = [
    ("Stap 1", "Signalen in kaart gebracht"),
    (
        "Stap 2",
        "Collegiale raadpleging; zo nodig Veilig Thuis of letseldeskundige",
    ),
    (
        "Stap 3",
        "Gesprek met de jongere en, als dat veilig kan, de ouders",
    ),
    ("Stap 4", "Gewogen met het afwegingskader"),
    (
        "Stap 5",
        "Besloten: is melden noodzakelijk, is hulp bieden ook mogelijk",
    ),
    (
        "Zorgcoördinator",
        "Zorgcoördinator mensenhandel van de regio geraadpleegd",
    ),
    (
        "CoMensha",
        "Vermoeden aangemeld bij het landelijk register van CoMensha",
    ),
];

/// How names and texts come onto the sheet: as they are, or under pseudonyms.
struct Words<'a> {
    desk: &'a Desk,
    pseudonymised: bool,
    /// Names that the dossier and its files give away.
    own: Vec<String>,
}

impl Words<'_> {
    fn text(&self, text: &str) -> String {
        if !self.pseudonymised {
            return text.to_owned();
        }
        let own: Vec<&str> = self.own.iter().map(String::as_str).collect();
        self.desk.pseudonymiser.text(text, &own)
    }

    fn name(&self, kind: &str, name: &str) -> String {
        if self.pseudonymised {
            self.desk.pseudonymiser.name(kind, name)
        } else {
            short(name).to_owned()
        }
    }
}

/// The sheet.
pub(super) fn page(desk: &Desk, query: &Query) -> Result<Answer> {
    let name = query.get("naam");
    let pseudonymised = query.has("pseudoniem");
    let Some(gist) = Gist::of(desk, name)? else {
        return Ok(desk.missing("Dit dossier is niet (meer) in het archief."));
    };
    let mut own = desk.pseudonymiser.own_names(name);
    for document in &gist.documents {
        own.extend(desk.pseudonymiser.own_names(&document.path));
    }
    if pseudonymised {
        // A name that one sentence announces stands bare in the next one.
        for sentence in gist.sentences() {
            own.extend(desk.pseudonymiser.names_in(&sentence));
        }
    }
    let words = Words {
        desk,
        pseudonymised,
        own,
    };
    let dossier = &gist.dossier;
    let covered: Vec<String> = covered(desk, name)?;
    let is_open = |f: &&Finding| !covered.contains(&f.document);
    let record = &dossier.record;
    let lexicon = desk.analyzer.lexicon();
    let counts = |f: &&Finding| f.active && f.cleared_by.is_empty();
    let shown = words.name("d", name);
    let quote = |f: &Finding| -> Markup {
        let [before, marked, after] = gist.sentence(f);
        if pseudonymised {
            // A name may reach over the border of what is marked.
            return html! { (Text(&words.text(&format!("{before}{marked}{after}")))) };
        }
        html! { (Text(&before)) b { (Text(&marked)) } (Text(&after)) }
    };
    let source = |f: &Finding| -> Markup {
        let of = gist.documents.iter().find(|d| d.id == f.document);
        html! {
            @if f.date.is_empty() { "zonder datum" } @else { (date(&f.date)) }
            @if let Some(of) = of { ", " (Text(&words.name("p", &of.path))) }
            @if let Some(page) = f.page { ", p. " (page) } @else { ", regel " (f.line) }
            @if !f.source.is_empty() { ", volgens " (Text(&words.text(&one_line(&f.source)))) }
        }
    };
    let off: Vec<&Finding> = dossier
        .findings
        .iter()
        .filter(is_open)
        .filter(|f| !counts(f) && f.suppressed_by.is_empty() && !f.protective)
        .collect();
    let protective: Vec<&Finding> = dossier
        .findings
        .iter()
        .filter(|f| f.protective && f.suppressed_by.is_empty())
        .collect();
    let counted: Vec<&Finding> = dossier
        .findings
        .iter()
        .filter(is_open)
        .filter(counts)
        .collect();
    let dates = stage_dates(&desk.analyzer, &counted);
    let days: Vec<&str> = gist
        .documents
        .iter()
        .map(|d| d.date.as_str())
        .filter(|d| !d.is_empty())
        .collect();
    let sheet = html! {
        article.a4 {
            h1 { "Signalenoverzicht: " (Text(&shown)) }
            p { "Signalen om te bespreken, voor casuïstiekoverleg. Gemaakt op " (date(&clock::now())) " uit " (count(record.documents, "document", "documenten"))
                @if let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) { ", " (date(first)) " t/m " (date(last)) } "." }
            @if pseudonymised { p.notice { "Onder pseudoniem: namen, nummers en adressen zijn vervangen. Wie de situatie kent, kan de jongere herkennen: lees na voor het delen." } }
            @if record.urgent { p.notice.warn { b { "Let op: er staat een teken van suïciderisico in het dossier." } } }
            @if !covered.is_empty() {
                p.notice.warn { b { "Niet volledig: " } (count(covered.len(), "document", "documenten")) " waarvan het label nog bedekt is, en dat u nog niet beoordeeld hebt, "
                    "staan hier niet in." }
            }
            section {
                h2 { "Tijdlijn" }
                @if dates.is_empty() { p { "Geen actieve signalen." } }
                (timeline(lexicon, &dates, ""))
            }
            @for stage in &lexicon.stages {
                @let list = apart(&gist, ranked(dossier.findings.iter().filter(is_open).filter(counts).filter(|f| f.stage == stage.id).collect()));
                @if !list.is_empty() {
                    section.{"s-" (stage.id)} {
                        h2 { (letter(&lexicon.stages, &stage.id)) " – " (Text(&stage.name)) }
                        @for f in by_date(&list) {
                            blockquote { (quote(f)) br;
                                span.soft { (category(lexicon, &f.category)) "; " (verdict(f)) @for r in reservations(f) { ", " (r) } ". " (source(f)) } }
                        }
                        @if list.len() > QUOTED { p.soft { "En nog " (list.len() - QUOTED) " in deze fase." } }
                    }
                }
            }
            section {
                h2 { "Ontkend, weerlegd, verklaard of over iets anders" }
                @if off.is_empty() { p { "Geen." } }
                @if off.iter().any(|f| f.cues.iter().any(|c| c.kind == "denied")) { p.soft { "Ontkennen door een jongere zegt niets over wat er gebeurd is." } }
                ul { @for f in ranked(off.clone()).iter().take(QUOTED) {
                    li { q { (Text(&words.text(&one_line(&f.text)))) } " (" (category(lexicon, &f.category)) "): " (Text(&why_off(f)))
                        @if !pseudonymised && deciding(f).next().is_some() { ", " (cues(f)) } ". " span.soft { (source(f)) } }
                } }
                @if off.len() > QUOTED { p.soft { "En nog " (off.len() - QUOTED) "." } }
            }
            @if !protective.is_empty() {
                section {
                    h2 { "Beschermend" }
                    ul { @for f in protective.iter().take(QUOTED) { li { (quote(f)) " " span.soft { (source(f)) } } } }
                }
            }
            section {
                h2 { "Niet of niet geheel gelezen" }
                @let unread: Vec<&DocumentRecord> = gist.documents.iter().filter(|d| d.score.is_none() || !d.pages_unread.is_empty()).collect();
                @if unread.is_empty() { p { "Alle documenten zijn geheel gelezen." } }
                ul { @for d in unread.iter().take(40) {
                    li { (Text(&words.name("p", &d.path))) ": "
                        @if d.score.is_none() { (d.status.dutch()) } @else { (count(d.pages_unread.len(), "pagina", "pagina's")) " niet gelezen" } }
                } }
                @if unread.len() > 40 { p.soft { "En nog " (unread.len() - 40) "." } }
            }
            section { h2 { "Overwegingen" }
                @for what in ["Wat weten we, wat vermoeden we, wat weten we niet?", "Wat zegt de jongere zelf?", "Veiligheid: van de jongere, van anderen, van wie meldt"] {
                    p { (what) } div.fill {}
                }
            }
            section { h2 { "Meldcode en registratie" }
                div.scroll tabindex="0" role="region" aria-label="Stappen" { table.steps {
                    thead { tr { th scope="col" { "stap" } th scope="col" { "wat" } th scope="col" { "wanneer, door wie, uitkomst" } } }
                    tbody { @for (step, what) in STEPS { tr { th scope="row" { (step) } td { (what) } td {} } } }
                } }
                p { "Afspraken, met naam en datum" } div.fill {}
            }
            (disclaimer())
            p.soft { "signaalbril " (env!("CARGO_PKG_VERSION")) ", lexicon " (Text(&lexicon.manifest.id)) " " (Text(&lexicon.manifest.version)) "." }
        }
    };
    let main = html! {
        div.tools {
            a #terug href=(link::dossier(name)) { "Terug naar het dossier" }
            button.primary #afdrukken type="button" hidden { "Afdrukken" }
            @if pseudonymised { a.button href=(link::sheet(name, false)) { "Met namen" } } @else { a.button href=(link::sheet(name, true)) { "Onder pseudoniem" } }
            span.soft { "Afdrukken: Ctrl+P, A4 staand." }
        }
        (sheet)
    };
    let title = format!("Signalenoverzicht {shown}");
    Ok(Answer::Page(frame(desk, Here::Dossiers, &title, &main)))
}

/// Ids of its documents whose label is covered for this reviewer.
fn covered(desk: &Desk, name: &str) -> Result<Vec<String>> {
    let store = desk.store();
    let mut ids = Vec::new();
    for seq in store.documents_of(name)? {
        let row = store.document_row(seq, &desk.reviewer)?;
        ids.extend(row.filter(|r| r.is_covered()).map(|r| r.record.id));
    }
    Ok(ids)
}

/// One finding a sentence: the first of the list.
fn apart<'a>(gist: &Gist, mut list: Vec<&'a Finding>) -> Vec<&'a Finding> {
    let mut seen = std::collections::BTreeSet::new();
    list.retain(|f| seen.insert(gist.sentence(f).concat()));
    list
}

/// The gravest of a list, in the order in which they were written.
fn by_date<'a>(list: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut list: Vec<&Finding> = list.iter().take(QUOTED).copied().collect();
    list.sort_by(|a, b| (&a.date, a.start).cmp(&(&b.date, b.start)));
    list
}

/// The gravest first, and of those the latest; one of those that say the same.
fn ranked(mut list: Vec<&Finding>) -> Vec<&Finding> {
    list.sort_by_key(|f| {
        (
            std::cmp::Reverse(f.tier),
            std::cmp::Reverse(f.points),
            std::cmp::Reverse(f.date.clone()),
            f.byte_start,
        )
    });
    let mut seen = std::collections::BTreeSet::new();
    list.retain(|f| {
        seen.insert((
            f.category.clone(),
            f.text.to_lowercase(),
            f.document.clone(),
        ))
    });
    list
}
