//! Where the points of a score come from.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::finding::category;
use crate::lexicon::Lexicon;
use crate::score::Contribution;

/// A rule of the score in Dutch words: `firm 16, uncertain 1/2` becomes `stevig 16, vermoed 1/2`.
#[must_use]
pub fn rule(rule: &str) -> String {
    const WORDS: [(&str, &str); 8] = [
        ("background", "kwetsbaarheid"),
        ("soft", "zacht"),
        ("firm", "stevig"),
        ("hard", "feitelijke schade"),
        ("uncertain", "vermoed"),
        ("historical", "verleden"),
        ("repeat", "herhaling"),
        ("copied paragraph", "overgenomen tekst, telt één keer"),
    ];
    let parts = rule.split(", ").map(|part| {
        let word = WORDS.iter().find(|(from, _)| part.starts_with(from));
        word.map_or_else(|| part.to_owned(), |(from, to)| part.replacen(from, to, 1))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Points by category after caps, and the bonus for more stages.
#[must_use]
pub fn table(lexicon: &Lexicon, points: &BTreeMap<String, u32>, stage_bonus: u32) -> Markup {
    let sum: u32 = points.values().sum::<u32>() + stage_bonus;
    html! {
        table.points {
            caption { "Punten per categorie" }
            thead { tr { th scope="col" { "categorie" } th.n scope="col" { "punten" } } }
            tbody {
                @for (id, points) in points {
                    tr {
                        th scope="row" {
                            (category(lexicon, id))
                            @if let Some(cap) = lexicon.scoring.caps.get(id) { span.soft { " (hoogstens " (cap) ")" } }
                        }
                        td.n { (points) }
                    }
                }
                @if stage_bonus > 0 { tr { th scope="row" { "meer dan één fase" } td.n { (stage_bonus) } } }
            }
            tfoot { tr { th scope="row" { "samen" } td.n { (sum) } } }
        }
        p.soft { "Het label volgt uit een regel. Binnen het label worden de punten omgerekend naar de score: meer punten, hogere score." }
    }
}

/// The points of one finding with their rule.
#[must_use]
pub fn of_finding(contributions: &[Contribution], finding: usize) -> Option<String> {
    let at = contributions.iter().find(|c| c.finding == finding)?;
    Some(format!("{} ({})", at.points, rule(&at.rule)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_told_in_dutch() {
        assert_eq!(
            rule("firm 16, uncertain 1/2, repeat 1/4"),
            "stevig 16, vermoed 1/2, herhaling 1/4"
        );
        assert_eq!(rule("copied paragraph"), "overgenomen tekst, telt één keer");
    }
}
