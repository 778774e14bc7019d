//! Records, one a line.

use std::io::Write;

use super::{Report, Run, writing};
use crate::error::{Error, Result};

/// `documents.jsonl`, in input order.
pub(super) struct Documents;
/// `findings.jsonl`, in input order; suppressed and inactive ones included.
pub(super) struct Findings;
/// `dossiers.jsonl`, in reading order.
pub(super) struct Dossiers;

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
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()> {
        run.store
            .each_line(&mut |document, _| writeln!(out, "{document}").map_err(writing))
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
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()> {
        run.store
            .each_line(&mut |_, findings| out.write_all(findings.as_bytes()).map_err(writing))
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
    fn write(&self, run: &Run<'_>, out: &mut dyn Write) -> Result<()> {
        run.store.each_dossier(&mut |record| {
            serde_json::to_writer(&mut *out, &record).map_err(|e| Error::Output(e.to_string()))?;
            out.write_all(b"\n").map_err(writing)
        })
    }
}
