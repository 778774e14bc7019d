//! The months of a dossier: how many signals of which stage.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::dossier::StageDates;
use crate::escape::markup;
use crate::lexicon::raw::Stage;

/// A table with a row a month and a column a stage; nothing where one month has it all.
pub(super) fn table(stages: &[Stage], timeline: &[StageDates], page: &mut String) {
    let months: BTreeSet<&str> = (timeline.iter().flat_map(|t| t.months.keys()))
        .map(String::as_str)
        .collect();
    if months.len() < 2 {
        return;
    }
    page.push_str("<details><summary class=\"soft\">Signalen per maand en fase</summary><table><thead><tr><th scope=\"col\">maand</th>");
    for part in timeline {
        let stage = stages.iter().find(|s| s.id == part.stage);
        let name = stage.map_or("", |s| s.name.as_str());
        let _ = write!(page, "<th scope=\"col\">{}</th>", markup(name));
    }
    page.push_str("</tr></thead><tbody>\n");
    for month in months {
        let _ = write!(page, "<tr><th scope=\"row\">{}</th>", markup(month));
        for part in timeline {
            let count = part.months.get(month).copied().unwrap_or(0);
            let _ = write!(page, "<td>{count}</td>");
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody></table></details>\n");
}
