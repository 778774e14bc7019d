//! “Hoe werkt dit?”: what the score means and does not, for whoever reads a page or report.

use maud::{Markup, html};

use super::Text;
use super::finding::legend;
use super::label::{badge, meaning};
use crate::lexicon::Lexicon;
use crate::score::Label;

/// The explanation, from headings of the second level on.
#[must_use]
pub fn explanation(lexicon: &Lexicon) -> Markup {
    let m = &lexicon.manifest;
    html! {
        section {
            h2 { "Wat dit wel en niet is" }
            p { "signaalbril leest dossiers en zoekt " b { "signalen om te bespreken" } ": zinnen die een getrainde lezer zou onderstrepen bij de vraag of een jongere "
                "te maken kan hebben met een loverboy of een andere vorm van uitbuiting. Het bepaalt per zin of die over deze jongere gaat, nu speelt en echt zo is, en zet de dossiers op volgorde om te lezen." }
            p { b { "Het beslist niets." } " Een score is geen kans en geen diagnose. Wat er gebeurt, bepaalt een mens die het dossier leest, met collega's, "
                "volgens de meldcode. Een besluit dat alleen op de score berust, is niet de bedoeling en mag ook niet (AVG, artikel 22)." }
            ul {
                li { "Het kent alleen wat geschreven staat, en alleen wat gelezen kon worden. Wat niet gelezen is, staat bovenaan en telt nooit als “geen signaal”." }
                li { "Geen of weinig signalen is geen geruststelling: ook over een jongere die uitgebuit wordt, kan weinig geschreven staan." }
                li { "Ontkennen door een jongere bewijst niets. Ontkende signalen tellen niet mee, maar blijven altijd zichtbaar." }
                li { "Neem labels en scores niet over in een dossier. Bespreek de zinnen en hun bron." }
                li { "Geslacht, afkomst, achternaam, buurt en seksualiteit tellen nergens mee." }
            }
        }
        section {
            h2 { "De labels" }
            dl.labels {
                @for label in Label::ALL.iter().rev() {
                    dt { (badge(Some(*label))) }
                    dd { (meaning(*label)) ". " (rule(lexicon, *label)) }
                }
                dt { (badge(None)) }
                dd { "kijk hier eerst: een scan zonder tekst, een wachtwoord, een beschadigd bestand, een andere taal." }
            }
            p { "Binnen een label bepaalt de score (0 tot 100) de volgorde. Elk punt hoort bij een zin: kwetsbaarheid " (lexicon.scoring.points.background)
                ", een zacht signaal " (lexicon.scoring.points.soft) ", een stevig signaal " (lexicon.scoring.points.firm)
                ", feitelijke schade " (lexicon.scoring.points.hard) ". Een vermoeden of iets van vroeger telt half, een herhaling in dezelfde categorie steeds de helft minder, een tweede fase "
                (lexicon.scoring.stage_bonus) " erbij. Een overgenomen alinea telt één keer." }
            p { "Een dossier is meer dan zijn documenten: alle losse zinnen samen bepalen het label. Een signaal dat een professional later weerlegt of verklaart, telt niet meer mee." }
        }
        section {
            h2 { "Kleuren en tekens" }
            p { "De kleur, de lijn en de letter zeggen bij welke fase een signaal hoort. Een stippellijn in grijs: gevonden, maar telt niet mee. Wat de doorslag gaf, is onderstreept." }
            (legend(lexicon))
        }
        section {
            h2 { "Bedekte labels" }
            p { "Bij enkele documenten in de lijst is het label bedekt tot u beslist. Een deel daarvan staat hoog in de volgorde, een deel is willekeurig gekozen uit wat laag staat. "
                "Zo meet het lezen ook wat de volgorde mist. Lees ze als elk ander document." }
        }
        section {
            h2 { "Hoe goed is het?" }
            @match &m.quality {
                Some(q) => {
                    p { "Gemeten op " (super::date(&q.date)) ": " (q.on) }
                    div.scroll tabindex="0" role="region" aria-label="Gemeten kwaliteit" {
                        table {
                            thead { tr { th scope="col" { "wat" } th.n scope="col" { "waarde" } th.n scope="col" { "95 %-interval" } } }
                            tbody {
                                @for f in &q.figures {
                                    tr { th scope="row" { (f.name) } td.n { (decimal(f.value)) } td.n { (decimal(f.low)) " – " (decimal(f.high)) } }
                                }
                            }
                        }
                    }
                }
                None => p { "Voor dit lexicon zijn geen metingen opgenomen." }
            }
            p { "Dat zijn teksten van anderen. Hoe goed het bij u is, weet u pas door te meten: markeer signalen als juist of onjuist, wijs gemiste aan; "
                "wie het lexicon beheert, kan daaruit berekenen hoe goed de signalen gevonden worden." }
        }
        section {
            h2 { "Grenzen" }
            ul {
                li { "Het herkent manieren van zeggen die in het lexicon staan. Nieuwe straattaal, bedekte termen en wat tussen de regels staat, mist het." }
                li { "Het leest geen beeld, en handschrift niet. Tekst uit scans kan leesfouten hebben." }
                li { "Meer signalen kan ook betekenen: er is beter opgeschreven. Vergelijk geen instellingen of collega's op scores." }
                li { "Deze pagina's bevatten zorggegevens: dezelfde bewaartermijn, inzage en vernietiging als de bron." }
            }
        }
        section {
            h2 { "Lexicon" }
            p { (Text(&m.id)) " " (Text(&m.version)) " (" (Text(&lexicon.hash)) "): " (lexicon.terms.len()) " termen in "
                (lexicon.categories.len()) " categorieën, " (lexicon.rules.len()) " regels voor de context." }
            dl.categories {
                @for c in &lexicon.categories {
                    dt { (Text(&c.name)) }
                    dd { (Text(&c.about)) }
                }
            }
        }
    }
}

/// What makes a label.
fn rule(lexicon: &Lexicon, label: Label) -> String {
    let stages: Vec<String> = lexicon
        .hoog_stages()
        .map(|s| s.name.to_lowercase())
        .collect();
    match label {
        Label::Hoog => format!(
            "Een aanwezig, actueel signaal van feitelijke schade, of een aanwezig stevig signaal in elk van de fasen {}.",
            stages.join(", ")
        ),
        Label::Midden => format!(
            "Actieve signalen in minstens {} categorieën, kwetsbaarheid en gedrag niet meegeteld{}.",
            lexicon.scoring.midden.categories,
            match lexicon.scoring.midden.hard {
                0 => "",
                _ => "; of een vermoeden, nu, van feitelijke schade",
            }
        ),
        Label::Laag => "Elk ander actief signaal.".to_owned(),
        Label::Geen => {
            "Er is gelezen, en niets gevonden dat meetelt. Dat is geen geruststelling.".to_owned()
        }
    }
}

fn decimal(value: f64) -> String {
    format!("{value:.2}").replace('.', ",")
}

/// The short form, for the foot of reports.
#[must_use]
pub fn disclaimer() -> Markup {
    html! {
        p { b { "Signalen om te bespreken, geen diagnose." } " Dit overzicht zet dossiers op volgorde om te lezen en beslist niets. Het kent alleen wat geschreven staat. "
            "Een ontkenning door een minderjarige zegt niets over wat er gebeurd is; ontkende signalen blijven daarom zichtbaar. Ook een dossier zonder signalen kan over een jongere gaan "
            "die uitgebuit wordt. Neem labels uit dit overzicht niet over in het dossier. Voor dit bestand gelden dezelfde bewaartermijn en dezelfde rechten als voor de bron." }
    }
}
