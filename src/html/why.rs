//! Why something is not `hoog`: what speaks against, and what is missing. The mirror image of the label rules in `score`.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::Text;
use super::finding::{category, one_line, why_off};
use crate::finding::Finding;
use crate::lexicon::{Lexicon, Presence, Tier};
use crate::score::Label;

/// Most findings that are named one by one.
const NAMED: usize = 12;

/// What kept it from being `hoog`, for a document or dossier with these findings; nothing for what is.
#[must_use]
pub fn not_high(lexicon: &Lexicon, findings: &[Finding], label: Option<Label>) -> Markup {
    let Some(label) = label.filter(|l| *l < Label::Hoog) else {
        return html! {};
    };
    let counts = |f: &&Finding| f.active && f.cleared_by.is_empty();
    let hard_unsure: Vec<&Finding> = findings
        .iter()
        .filter(counts)
        .filter(|f| f.tier == Tier::Hard && !f.is_present_current())
        .collect();
    let off: Vec<&Finding> = findings
        .iter()
        .filter(|f| {
            !counts(f) && !f.protective && f.suppressed_by.is_empty() && f.tier >= Tier::Firm
        })
        .collect();
    let firm: BTreeSet<&str> = findings
        .iter()
        .filter(counts)
        .filter(|f| f.tier >= Tier::Firm && f.presence == Presence::Present)
        .map(|f| f.stage.as_str())
        .collect();
    let (has, lacks): (Vec<&str>, Vec<&str>) = lexicon
        .hoog_stages()
        .map(|s| (s.id.as_str(), s.name.as_str()))
        .fold((Vec::new(), Vec::new()), |mut lists, (id, name)| {
            if firm.contains(id) {
                lists.0.push(name);
            } else {
                lists.1.push(name);
            }
            lists
        });
    html! {
        section.why {
            h3 { "Waarom niet hoog?" }
            p.soft { "Hoog is: een aanwezig, actueel signaal van feitelijke schade, of een aanwezig stevig signaal in elk van de fasen "
                (names(&lexicon.hoog_stages().map(|s| s.name.as_str()).collect::<Vec<_>>())) "." }
            ul {
                @if hard_unsure.is_empty() {
                    li { "Geen signaal van feitelijke schade dat telt." }
                }
                @for f in hard_unsure.iter().take(NAMED) {
                    li { (quote(lexicon, f)) ": feitelijke schade, maar "
                        (if f.presence == Presence::Present { "in het verleden" } else { "een vermoeden" }) "." }
                }
                @if has.is_empty() {
                    li { "Geen stevig signaal in een van deze fasen." }
                } @else {
                    li { "Stevig signaal in: " (names(&has)) "; niet in: " (names(&lacks)) "." }
                }
                @if label < Label::Midden {
                    li { "Midden vraagt actieve signalen in minstens " (lexicon.scoring.midden.categories)
                        " categorieën, kwetsbaarheid en gedrag niet meegeteld"
                        @if lexicon.scoring.midden.hard > 0 { ", of een actueel vermoeden van feitelijke schade" } "." }
                }
                @for f in off.iter().take(NAMED) {
                    li { (quote(lexicon, f)) " telt niet: " (Text(&why_off(f))) "." }
                }
                @if off.len() > NAMED { li { "En nog " (off.len() - NAMED) " die niet tellen." } }
            }
        }
    }
}

fn quote(lexicon: &Lexicon, f: &Finding) -> Markup {
    let text = one_line(&f.text);
    html! {
        @if text.is_empty() { (category(lexicon, &f.category)) } @else { q { (Text(&text)) } " (" (category(lexicon, &f.category)) ")" }
    }
}

fn names(list: &[&str]) -> String {
    list.iter()
        .map(|n| n.to_lowercase())
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_is_missing_and_what_was_switched_off() {
        let analyzer = crate::Analyzer::builtin().unwrap();
        let text = "Vriend van 26 haalt haar op. Geen aanwijzingen voor een loverboy. Moeder vermoedt dat zij wordt uitgebuit.";
        let analysis = analyzer.analyze(&crate::Document::from_text("n.txt", text));
        let label = analysis.document.label;
        assert!(label < Some(Label::Hoog), "{label:?}");
        let told = not_high(analyzer.lexicon(), &analysis.findings, label).into_string();
        assert!(
            told.contains("loverboy") && told.contains("telt niet: afwezig"),
            "{told}"
        );
        assert!(
            told.contains("feitelijke schade, maar een vermoeden"),
            "{told}"
        );
        assert!(
            not_high(analyzer.lexicon(), &[], Some(Label::Hoog))
                .into_string()
                .is_empty()
        );
        let nothing = not_high(analyzer.lexicon(), &[], Some(Label::Geen)).into_string();
        assert!(
            nothing.contains("Geen signaal van feitelijke schade"),
            "{nothing}"
        );
    }
}
