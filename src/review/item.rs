//! A finding in the list beside the text: what it is, why, and what the reviewer says of it.

use maud::{Markup, html};

use super::Desk;
use crate::decision::{Correction, Decision, Mark, finding_key};
use crate::finding::Finding;
use crate::html::finding::{
    category_chip, cues, one_line, place, reservations, sources, tier, verdict, why_off,
};
use crate::html::label::{correction, mark};
use crate::html::marked::is_shown;
use crate::html::points::of_finding;
use crate::html::{Text, date};
use crate::lexicon::{Qualifiers, Tier};
use crate::score::Contribution;

/// The form that the buttons of all findings belong to.
pub(super) const FORM: &str = "markering";

/// The marks that can be given, with their keys.
const MARKS: [(Mark, &str); 3] = [
    (Mark::Juist, "g"),
    (Mark::Onjuist, "f"),
    (Mark::Context, "c"),
];

/// The finding with number `n`, from 0.
pub(super) fn item(
    desk: &Desk,
    n: usize,
    f: &Finding,
    contributions: &[Contribution],
    now: &Decision,
) -> Markup {
    let number = n + 1;
    let key = finding_key(f);
    let given = now.mark(&key);
    let off = why_off(f);
    let quote = one_line(&f.text);
    html! {
        li.{(if off.is_empty() { "" } else { "off" })} id={"b" (number)} tabindex="-1" data-mark=(given.map_or("", |m| m.mark.as_str())) {
            div {
                @if is_shown(f) { a href={"#m" (number)} { (number) } } @else { (number) }
                " "
                @if quote.is_empty() { span.what { "(woorden niet bewaard)" } } @else { q.what { (Text(&quote)) } }
            }
            div { (category_chip(desk.analyzer.lexicon(), f)) @if f.tier != Tier::Background { ", " (tier(f.tier)) } }
            div.marks role="group" aria-label={"Bevinding " (number) " beoordelen"} {
                @for (kind, toets) in MARKS {
                    @let is = given.is_some_and(|m| m.mark == kind);
                    button type="submit" form=(FORM) name="mark" value={(kind.as_str()) ":" (number)} data-toets=(toets) aria-pressed=(if is { "true" } else { "false" }) {
                        (mark(kind)) kbd { (toets) }
                    }
                }
            }
            @if let Some(given) = given.filter(|m| m.mark == Mark::Context) {
                fieldset.marks {
                    legend.soft { "Hoe is het wel?" }
                    @for offered in Correction::ALL.into_iter().filter(|c| changes(*c, f.qualifiers())) {
                        button type="submit" form=(FORM) name="mark" value={"context:" (number) ":" (offered.as_str())}
                            aria-pressed=(if given.should_be == Some(offered) { "true" } else { "false" }) { (correction(offered)) }
                    }
                }
            }
            dl.facts {
                @if !off.is_empty() { dt { "telt niet" } dd { (Text(&off)) } }
                dt { "oordeel" } dd { (verdict(f)) @for r in reservations(f) { ", " (r) } }
                @if crate::html::finding::deciding(f).next().is_some() { dt { "op grond van" } dd { (cues(f)) } }
                @if !f.source.is_empty() { dt { "volgens" } dd { (Text(&one_line(&f.source))) } }
                @if !f.person.is_empty() { dt { "over" } dd { (Text(&f.person)) } }
                @if !f.date.is_empty() { dt { "datum" } dd { (date(&f.date)) } }
                dt { "plaats" } dd { (place(f)) }
                @if let Some(points) = of_finding(contributions, n) { dt { "punten" } dd { (points) } }
                dt { "term" } dd { code { (Text(&f.term)) } }
                @let published = sources(desk.analyzer.lexicon(), &f.term);
                @if !published.is_empty() { dt { "bron" } dd { (Text(&published.join("; "))) } }
            }
        }
    }
}

fn changes(correction: Correction, qualifiers: Qualifiers) -> bool {
    correction.apply(qualifiers) != qualifiers
}
