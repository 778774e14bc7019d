//! What reviewers said of a document or dossier, and the form to say it with.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::Desk;
use crate::decision::{Action, Decision, History};
use crate::error::Result;
use crate::html::label::{tag, verdict};
use crate::html::{Text, date};
use crate::store::clock;

/// Reasons to choose from; the first of each list fits most.
const REASONS: [(Action, &[&str]); 3] = [
    (
        Action::Opvolgen,
        &[
            "bespreken met aandachtsfunctionaris of gedragswetenschapper",
            "advies vragen of melden bij Veilig Thuis",
            "bekend bij anderen, nieuwe informatie doorgeven",
            "eerst meer informatie verzamelen",
        ],
    ),
    (
        Action::GeenActie,
        &[
            "signalen hebben een andere verklaring",
            "gaat over iemand anders",
            "afgesloten, speelt niet meer",
            "wordt al opgevolgd",
            "geen signalen gezien",
        ],
    ),
    (
        Action::Twijfel,
        &[
            "te weinig informatie",
            "tegenstrijdige informatie",
            "anders lezen: tweede lezer gevraagd",
        ],
    ),
];

/// A reason as sent, where it is one of those of this verdict; else none.
pub(super) fn reason_of(action: Action, reason: &str) -> String {
    let fits = |(of, list): &(Action, &[&str])| *of == action && list.contains(&reason);
    if REASONS.iter().any(fits) {
        reason.to_owned()
    } else {
        String::new()
    }
}

/// What is decided on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    /// Id of the document; empty for a dossier.
    pub(super) document: String,
    /// Its path.
    pub(super) path: String,
    /// The dossier.
    pub(super) dossier: String,
}

impl Subject {
    /// The hidden fields that name it.
    pub(super) fn fields(&self, desk: &Desk) -> Markup {
        html! {
            input type="hidden" name="sleutel" value=(desk.form_token);
            input type="hidden" name="id" value=(self.document);
            input type="hidden" name="pad" value=(form_value(&self.path));
            input type="hidden" name="dossier" value=(form_value(&self.dossier));
        }
    }
}

/// A name as a hidden value: percent-encoded, so that it comes back byte for byte, whatever characters it has.
fn form_value(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

/// The name in a [`form_value`].
pub(super) fn from_form(value: &str) -> String {
    form_urlencoded::parse(value.as_bytes())
        .next()
        .map(|(name, _)| name.into_owned())
        .unwrap_or_default()
}

/// What was said of a subject.
#[derive(Debug, Default)]
pub(super) struct Said {
    /// By this reviewer.
    pub(super) own: History,
    /// By others: what holds now. Empty until this reviewer has decided: a second reader reads blind.
    pub(super) others: Vec<Decision>,
    /// Another asks for a second reading.
    pub(super) asked: bool,
    /// By this reviewer of an older text at the same path.
    pub(super) older: Option<Decision>,
}

impl Said {
    /// What was said of a subject.
    pub(super) fn of(desk: &Desk, subject: &Subject) -> Result<Self> {
        let store = desk.store();
        let mut by: BTreeMap<String, History> =
            store.histories(&subject.document, &subject.dossier)?;
        let own = by.remove(&desk.reviewer).unwrap_or_default();
        let decided = own.current().is_some_and(|d| d.verdict.is_some());
        let others: Vec<Decision> = by
            .into_values()
            .filter_map(|mut history| history.0.pop())
            .filter(|d| d.verdict.is_some())
            .collect();
        let asked = !decided && others.iter().any(|d| d.verdict == Some(Action::Twijfel));
        let older = if subject.document.is_empty() || own.current().is_some() {
            None
        } else {
            store.older_decision(&desk.reviewer, &subject.path, &subject.document)?
        };
        Ok(Self {
            own,
            others: if decided { others } else { Vec::new() },
            asked,
            older,
        })
    }

    /// What this reviewer says now.
    pub(super) fn now(&self) -> Decision {
        self.own.current().cloned().unwrap_or_default()
    }
}

/// The panel with the form, `id="oordeel"`. `older`: the dossier has changed since its decision.
pub(super) fn panel(desk: &Desk, subject: &Subject, said: &Said, older: bool) -> Markup {
    let now = said.now();
    let on = if subject.document.is_empty() {
        "dit dossier"
    } else {
        "dit document"
    };
    html! {
        section.card #oordeel aria-labelledby="oordeel-kop" {
            h2 #oordeel-kop { "Besluit over " (on) }
            @if said.asked { p.notice { "Een andere lezer twijfelt en vraagt een tweede lezer. Wat die vond, ziet u na uw eigen besluit." } }
            @if let Some(older) = &said.older {
                p.notice.warn { "U besloot eerder, bij een oudere tekst: "
                    @if let Some(action) = older.verdict { b { (verdict(action)) } } @else { "alleen markeringen" }
                    " (" (date(&older.at)) "). De tekst is sindsdien gewijzigd." }
            }
            @if now.verdict.is_some() && older {
                p.notice.warn { "Dit besluit is ouder dan het dossier: sindsdien is er een document bijgekomen, gewijzigd of weg." }
            }
            p { @match now.verdict {
                Some(action) => { "Nu: " span.tag.(action.as_str()) { (verdict(action)) } @if !now.reason.is_empty() { " " (Text(&now.reason)) } }
                None => span.soft { "Nog geen besluit." }
            } }
            form method="post" action="/besluit" {
                (subject.fields(desk))
                input type="hidden" name="stand" value=(said.own.0.len());
                div.choice role="group" aria-label="Besluit" {
                    @for (n, action) in Action::ALL.into_iter().enumerate() {
                        button type="submit" name="besluit" value=(action.as_str()) data-toets=(n + 1) aria-pressed=(if now.verdict == Some(action) { "true" } else { "false" }) {
                            (verdict(action)) kbd { (n + 1) }
                        }
                    }
                }
                label.field { span { "Reden" }
                    select name="reden" {
                        option value="" { "geen reden gekozen" }
                        @for (action, reasons) in REASONS {
                            optgroup label=(verdict(action)) {
                                @for reason in reasons { option value=(reason) selected[now.reason == *reason] { (reason) } }
                            }
                        }
                    }
                }
                label.field { span { "Notitie" } textarea name="notitie" maxlength="2000" { (Text(&now.note)) } }
                p.soft { "Een besluit slaat reden en notitie mee op." }
                @if said.own.before().is_some() {
                    button type="submit" formaction="/terug" data-toets="u" { "Laatste stap terugnemen" kbd { "u" } }
                }
            }
            @if !said.others.is_empty() {
                h3 { "Andere lezers" }
                ul { @for other in &said.others {
                    li { (Text(&other.reviewer)) ": " @if let Some(action) = other.verdict { (verdict(action)) }
                        @if !other.reason.is_empty() { ", " (Text(&other.reason)) }
                        @if !other.note.is_empty() { ": " q { (Text(&other.note)) } } }
                } }
            }
            (history(&said.own))
        }
    }
}

fn history(history: &History) -> Markup {
    html! {
        @if !history.0.is_empty() {
            details {
                summary { "Geschiedenis (" (history.0.len()) ")" }
                ol reversed {
                    @for decision in history.0.iter().rev().take(50) {
                        li { time.soft datetime=(decision.at) { (moment(&decision.at)) } " "
                            @if decision.undo { (tag("", "teruggenomen")) " " }
                            @match decision.verdict { Some(action) => (verdict(action)), None => "nog geen besluit" }
                            @if !decision.reason.is_empty() { ", " (Text(&decision.reason)) }
                            @if !decision.note.is_empty() { ": " q { (Text(&decision.note)) } }
                            @if !decision.marks.is_empty() { ", " (decision.marks.len()) " gemarkeerd" }
                            @if !decision.missed.is_empty() { ", " (decision.missed.len()) " gemist" }
                        }
                    }
                }
            }
        }
    }
}

/// A moment as people write it, in UTC as it was recorded.
fn moment(at: &str) -> String {
    format!("{} {} UTC", date(at), at.get(11..16).unwrap_or_default())
}

/// Adds what a reviewer says now to what was said.
pub(super) fn add(
    desk: &Desk,
    subject: &Subject,
    said: &Said,
    mut decision: Decision,
) -> Result<()> {
    let mut store = desk.store();
    decision.document.clone_from(&subject.document);
    decision.path.clone_from(&subject.path);
    decision.dossier.clone_from(&subject.dossier);
    decision.reviewer.clone_from(&desk.reviewer);
    decision.at = clock::now();
    decision.informed = !said.others.is_empty() || said.own.current().is_some_and(|d| d.informed);
    decision.text_hash = if subject.document.is_empty() {
        store.dossier_hash(&subject.dossier)?
    } else {
        subject.document.clone()
    };
    decision.drawn = store.drawn_as(&subject.document)?;
    store.decide(&decision)
}
