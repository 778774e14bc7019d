//! `triage.csv`: the reading order as a table for Excel and LibreOffice.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::{Report, Run, dossier_order, is_unread, reading_order};
use crate::escape::cell;
use crate::finding::Finding;
use crate::score::Label;

/// The triage table.
pub(super) struct Triage;

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
    findings: Vec<&'a Finding>,
    points: &'a BTreeMap<String, u32>,
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
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        // Excel needs the mark to take the file for UTF-8.
        out.write_all("\u{FEFF}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .terminator(csv::Terminator::CRLF)
            .from_writer(out);
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
        ];
        header.extend(run.lexicon.categories.iter().map(|c| c.id.as_str()));
        writer.write_record(&header)?;
        for (n, row) in rows(run).iter().enumerate() {
            let active = || {
                row.findings
                    .iter()
                    .filter(|f| f.active && f.cleared_by.is_empty())
            };
            let list = |ids: Vec<&str>| ids.join(" ");
            let mut record = vec![
                (n + 1).to_string(),
                row.kind.to_owned(),
                cell(row.dossier),
                cell(row.path),
                row.date.to_owned(),
                row.status.to_owned(),
                cell(row.detail),
                row.label.map_or("", Label::as_str).to_owned(),
                row.score.map(|s| s.to_string()).unwrap_or_default(),
                if row.urgent { "ja" } else { "" }.to_owned(),
                cell(row.reason),
                row.pages_unread.clone(),
                active().count().to_string(),
                list(
                    run.lexicon
                        .stages
                        .iter()
                        .map(|s| s.id.as_str())
                        .filter(|s| active().any(|f| f.stage == *s))
                        .collect(),
                ),
                list(
                    run.lexicon
                        .categories
                        .iter()
                        .map(|c| c.id.as_str())
                        .filter(|c| active().any(|f| f.category == *c))
                        .collect(),
                ),
            ];
            record.extend(run.lexicon.categories.iter().map(|c| {
                row.points
                    .get(&c.id)
                    .map(u32::to_string)
                    .unwrap_or_default()
            }));
            writer.write_record(&record)?;
        }
        writer.flush()
    }
}

/// All unread documents first, then each dossier followed by its documents.
fn rows<'a>(run: &Run<'a>) -> Vec<Row<'a>> {
    let document = |a: &'a crate::analyze::Analysis| Row {
        kind: "document",
        dossier: &a.document.dossier,
        path: &a.document.path,
        date: &a.document.date,
        status: a.document.status.as_str(),
        detail: &a.document.status_detail,
        label: a.document.label,
        score: a.document.score,
        urgent: a.document.urgent,
        reason: &a.document.reason,
        pages_unread: a
            .document
            .pages_unread
            .iter()
            .map(u32::to_string)
            .collect::<Vec<_>>()
            .join(" "),
        findings: a.findings.iter().collect(),
        points: &a.document.points,
    };
    let mut rows: Vec<Row<'a>> = reading_order(run.analyses.iter().filter(|a| is_unread(a)))
        .into_iter()
        .map(document)
        .collect();
    let mut of: BTreeMap<&str, Vec<&'a crate::analyze::Analysis>> = BTreeMap::new();
    for analysis in run.analyses.iter().filter(|a| !is_unread(a)) {
        of.entry(&analysis.document.dossier)
            .or_default()
            .push(analysis);
    }
    for dossier in dossier_order(run.dossiers) {
        rows.push(Row {
            kind: "dossier",
            dossier: &dossier.record.dossier,
            path: "",
            date: dossier
                .record
                .timeline
                .iter()
                .map(|t| t.last.as_str())
                .max()
                .unwrap_or_default(),
            status: "",
            detail: "",
            label: dossier.record.label,
            score: dossier.record.score,
            urgent: dossier.record.urgent,
            reason: &dossier.record.reason,
            pages_unread: String::new(),
            findings: dossier.findings.iter().collect(),
            points: &dossier.record.points,
        });
        rows.extend(
            reading_order(
                of.get(dossier.record.dossier.as_str())
                    .into_iter()
                    .flatten()
                    .copied(),
            )
            .into_iter()
            .map(document),
        );
    }
    rows
}
