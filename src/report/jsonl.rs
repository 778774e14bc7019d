//! Records, one a line.

use std::io::{self, Write};

use serde::Serialize;

use super::{Report, Run, dossier_order};

/// `documents.jsonl`, in input order.
pub(super) struct Documents;
/// `findings.jsonl`, in input order; suppressed and inactive ones included.
pub(super) struct Findings;
/// `dossiers.jsonl`, in reading order.
pub(super) struct Dossiers;

fn line(record: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"\n")
}

impl Report for Documents {
    fn name(&self) -> &'static str {
        "documents"
    }
    fn file_name(&self) -> &'static str {
        "documents.jsonl"
    }
    fn about(&self) -> &'static str {
        "one document a line"
    }
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        run.analyses.iter().try_for_each(|a| line(&a.document, out))
    }
}

impl Report for Findings {
    fn name(&self) -> &'static str {
        "findings"
    }
    fn file_name(&self) -> &'static str {
        "findings.jsonl"
    }
    fn about(&self) -> &'static str {
        "one finding a line"
    }
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        run.analyses
            .iter()
            .flat_map(|a| &a.findings)
            .try_for_each(|f| line(f, out))
    }
}

impl Report for Dossiers {
    fn name(&self) -> &'static str {
        "dossiers"
    }
    fn file_name(&self) -> &'static str {
        "dossiers.jsonl"
    }
    fn about(&self) -> &'static str {
        "one dossier a line"
    }
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> io::Result<()> {
        dossier_order(run.dossiers)
            .iter()
            .try_for_each(|d| line(&d.record, out))
    }
}
