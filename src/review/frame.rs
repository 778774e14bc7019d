//! The frame of all pages: head, navigation, foot, and pages that say little.

use maud::{Markup, html};

use super::{Answer, Desk};
use crate::html::{Text, explanation, page};

/// Which part of the navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Here {
    Dossiers,
    Documents,
    Explanation,
    Elsewhere,
}

/// A page in its frame.
pub(super) fn frame(desk: &Desk, here: Here, title: &str, main: &Markup) -> Markup {
    let head = html! {
        link rel="stylesheet" href="/stijl.css";
        link rel="icon" href="data:,";
        script src="/script.js" defer {}
    };
    let current = |of: Here| (here == of).then_some("page");
    let body = html! {
        body {
            a.skip href="#inhoud" { "Naar de inhoud" }
            header.site {
                div.wrap {
                    b.brand { "signaalbril" }
                    nav aria-label="Hoofdmenu" {
                        ul {
                            li { a href="/?lijst=dossiers" aria-current=[current(Here::Dossiers)] { "Dossiers" } }
                            li { a href="/?lijst=documenten" aria-current=[current(Here::Documents)] { "Documenten" } }
                            li { a href="/uitleg" aria-current=[current(Here::Explanation)] { "Hoe werkt dit?" } }
                        }
                    }
                    div.who {
                        span { "Lezer: " b { (Text(&desk.reviewer)) } }
                        button.link #toetsen type="button" hidden { "Sneltoetsen" }
                    }
                }
            }
            main #inhoud tabindex="-1" { div.wrap { (main) } }
            footer.site.screen {
                div.wrap {
                    p { b { "Rangschikt om te lezen, beslist niets." } " Geen of weinig signalen is geen geruststelling. " a href="/uitleg" { "Hoe werkt dit?" } }
                }
            }
            p.toast #melding role="status" {}
            p.toast.wrong #fout role="alert" {}
            (keys())
        }
    };
    page(&format!("{title} – signaalbril"), &head, &body)
}

/// What keys do, in a window of its own.
fn keys() -> Markup {
    let rows: [(&str, &str); 14] = [
        ("j / k", "volgende / vorige rij of bevinding"),
        ("Enter", "rij openen"),
        ("/", "zoeken"),
        ("1", "besluit: opvolgen"),
        ("2", "besluit: geen actie"),
        ("3", "besluit: twijfel, tweede lezer"),
        ("g", "bevinding is juist"),
        ("f", "bevinding is onjuist"),
        ("c", "context van de bevinding klopt niet"),
        ("m", "gemist signaal: selecteer eerst de tekst"),
        ("u", "laatste stap terugnemen"),
        (
            "v",
            "volgende van de lijst, of volgende document van het dossier",
        ),
        ("d", "naar het dossier"),
        ("l", "terug naar de lijst"),
    ];
    html! {
        dialog #hulp aria-labelledby="hulp-kop" {
            h2 #hulp-kop { "Sneltoetsen" }
            table { tbody { @for (key, what) in rows { tr { th scope="row" { kbd { (key) } } td { (what) } } } } }
            p { label { input #toetsen-uit type="checkbox"; " Sneltoetsen uitzetten" } }
            form method="dialog" { button.primary { "Sluiten" } }
        }
    }
}

/// “Hoe werkt dit?”.
pub(super) fn explanation(desk: &Desk) -> Answer {
    let main = html! {
        h1 { "Hoe werkt dit?" }
        (explanation::explanation(desk.analyzer.lexicon()))
    };
    Answer::Page(frame(desk, Here::Explanation, "Hoe werkt dit?", &main))
}

/// A page that says why there is no other.
pub(super) fn refusal(desk: &Desk, why: &str, place: Option<&str>) -> Markup {
    let main = html! {
        h1 { "Dat lukt niet" }
        p { (Text(why)) }
        @if let Some(place) = place { p { a href=(place) { "Opnieuw openen" } } }
        p { a href="/" { "Naar de lijst" } }
    };
    frame(desk, Here::Elsewhere, "Dat lukt niet", &main)
}
