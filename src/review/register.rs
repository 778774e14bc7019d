//! The register of what is to be followed up, as a table for spreadsheets.

use std::collections::BTreeMap;

use super::{Answer, Desk};
use crate::decision::{Action, Decision};
use crate::error::Result;
use crate::html::timeline::period;
use crate::report::worklist;

const COLUMNS: [&str; 12] = [
    "dossier",
    "besluit over",
    "besloten op",
    "door",
    "reden",
    "notitie",
    "documenten",
    "niet geheel gelezen",
    "signalen om te bespreken",
    "eerste stevige signaal",
    "eerste keer benoemd",
    "opmerking",
];

/// The file: a line for each dossier or document that a reviewer now wants to follow up, by dossier. What others decided is left out where
/// this reviewer has not decided: a second reader reads blind.
pub(super) fn file(desk: &Desk) -> Result<Answer> {
    let store = desk.store();
    let mut now: BTreeMap<(String, String, String), Decision> = BTreeMap::new();
    store.each_decision(&mut |d| {
        let key = (d.dossier.clone(), d.document.clone(), d.reviewer.clone());
        now.insert(key, d);
        Ok(())
    })?;
    let own = |d: &Decision| {
        let key = (d.dossier.clone(), d.document.clone(), desk.reviewer.clone());
        now.get(&key).is_some_and(|d| d.verdict.is_some())
    };
    let mut rows = Vec::new();
    for decision in now.values() {
        if decision.verdict != Some(Action::Opvolgen) || !own(decision) {
            continue;
        }
        let decision = decision.clone();
        let record = store.dossier(&decision.dossier)?.unwrap_or_default();
        let stages: Vec<String> = record
            .timeline
            .iter()
            .filter_map(|s| {
                let stage = desk.analyzer.lexicon().stage(&s.stage)?;
                Some(format!("{} ({})", stage.name, period(s)))
            })
            .collect();
        let is_dossier = decision.document.is_empty();
        let remark = if !is_dossier && store.find(&decision.document, "")?.is_none() {
            "de tekst is sindsdien gewijzigd of weg".to_owned()
        } else if is_dossier && decision.text_hash != store.dossier_hash(&decision.dossier)? {
            "het dossier is sindsdien gewijzigd".to_owned()
        } else {
            String::new()
        };
        rows.push(vec![
            decision.dossier,
            if is_dossier {
                "dossier".to_owned()
            } else {
                decision.path
            },
            decision.at,
            decision.reviewer,
            decision.reason,
            decision.note,
            record.documents.to_string(),
            record.unread.to_string(),
            stages.join(", "),
            record.first_firm,
            record.first_named,
            remark,
        ]);
    }
    // Excel needs the mark to take the file for UTF-8.
    let table = format!("\u{FEFF}{}", worklist(&COLUMNS, &rows)?);
    Ok(Answer::File(
        "text/csv; charset=utf-8",
        Some("opvolgen.csv"),
        table.into_bytes(),
    ))
}
