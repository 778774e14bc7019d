//! `triage.csv`: the reading order as a table for Excel and LibreOffice.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use super::{Report, Run, writing};
use crate::analyze::Analysis;
use crate::dossier::DossierRecord;
use crate::error::{Error, Result};
use crate::escape::cell;
use crate::score::Label;
use crate::store::{Order, Part, Within};

/// The triage table.
pub(super) struct Triage;

/// A line of the table, as far as documents and dossiers have it in common.
#[derive(Default)]
struct Row<'a> {
    kind: &'a str,
    dossier: &'a str,
    path: &'a str,
    date: &'a str,
    status: &'a str,
    detail: &'a str,
    label: Option<Label>,
    score: Option<u32>,
    urgent: bool,
    reason: &'a str,
    pages_unread: String,
    active: usize,
    stages: BTreeSet<&'a str>,
    categories: BTreeSet<&'a str>,
    vanished: &'a str,
    points: Option<&'a BTreeMap<String, u32>>,
}

impl<'a> Row<'a> {
    fn document(analysis: &'a Analysis) -> Self {
        let d = &analysis.document;
        let active = || analysis.findings.iter().filter(|f| f.active);
        let pages: Vec<String> = d.pages_unread.iter().map(u32::to_string).collect();
        Self {
            kind: "document",
            dossier: &d.dossier,
            path: &d.path,
            date: &d.date,
            status: d.status.as_str(),
            detail: &d.status_detail,
            label: d.label,
            score: d.score,
            urgent: d.urgent,
            reason: &d.reason,
            pages_unread: pages.join(" "),
            active: active().count(),
            stages: active().map(|f| f.stage.as_str()).collect(),
            categories: active().map(|f| f.category.as_str()).collect(),
            vanished: &d.vanished,
            points: Some(&d.points),
        }
    }

    fn dossier(record: &'a DossierRecord) -> Self {
        let last = record.timeline.iter().map(|t| t.last.as_str()).max();
        Self {
            kind: "dossier",
            dossier: &record.dossier,
            date: last.unwrap_or_default(),
            label: record.label,
            score: record.score,
            urgent: record.urgent,
            reason: &record.reason,
            active: record.timeline.iter().map(|t| t.findings).sum(),
            stages: record.timeline.iter().map(|t| t.stage.as_str()).collect(),
            categories: record.points.keys().map(String::as_str).collect(),
            points: Some(&record.points),
            ..Self::default()
        }
    }

    fn cells(&self, number: usize, run: &Run<'_>) -> Vec<String> {
        let list = |ids: &mut dyn Iterator<Item = &str>, of: &BTreeSet<&str>| {
            ids.filter(|id| of.contains(id))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let categories = || run.lexicon.categories.iter().map(|c| c.id.as_str());
        let mut cells = vec![
            number.to_string(),
            self.kind.to_owned(),
            cell(self.dossier),
            cell(self.path),
            self.date.to_owned(),
            self.status.to_owned(),
            cell(self.detail),
            self.label.map_or("", Label::as_str).to_owned(),
            self.score.map(|s| s.to_string()).unwrap_or_default(),
            if self.urgent { "ja" } else { "" }.to_owned(),
            cell(self.reason),
            self.pages_unread.clone(),
            self.active.to_string(),
            list(
                &mut run.lexicon.stages.iter().map(|s| s.id.as_str()),
                &self.stages,
            ),
            list(&mut categories(), &self.categories),
            self.vanished.to_owned(),
        ];
        cells.extend(categories().map(|id| {
            let points = self.points.and_then(|p| p.get(id));
            points.map(u32::to_string).unwrap_or_default()
        }));
        cells
    }
}

impl Report for Triage {
    fn name(&self) -> &'static str {
        "triage"
    }
    fn file_name(&self) -> &'static str {
        "triage.csv"
    }
    fn about(&self) -> &'static str {
        "the reading order as a table"
    }
    /// All unread documents first, then each dossier followed by its documents.
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()> {
        // Excel needs the mark to take the file for UTF-8.
        out.write_all("\u{FEFF}".as_bytes()).map_err(writing)?;
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
        let failed = |e: csv::Error| Error::Output(e.to_string());
        let mut header = vec![
            "order",
            "kind",
            "dossier",
            "path",
            "date",
            "status",
            "status_detail",
            "label",
            "score",
            "urgent",
            "reason",
            "pages_unread",
            "findings_active",
            "stages",
            "categories",
            "vanished",
        ];
        header.extend(run.lexicon.categories.iter().map(|c| c.id.as_str()));
        writer.write_record(&header).map_err(failed)?;
        let mut number = 0;
        let mut write = |row: &Row<'_>| {
            number += 1;
            writer.write_record(row.cells(number, run)).map_err(failed)
        };
        run.store
            .each(Order::Unread, &mut |a| write(&Row::document(&a)))?;
        run.store.each_part(Within::Rank, &mut |part| match part {
            Part::Dossier(record) => write(&Row::dossier(&record)),
            Part::Document(analysis) => write(&Row::document(&analysis)),
        })?;
        writer.flush().map_err(writing)
    }
}
