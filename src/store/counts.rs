//! Counts of a run.

use std::collections::BTreeMap;

use crate::analyze::Analysis;
use crate::document::Status;
use crate::dossier::DossierRecord;
use crate::score::Label;

/// How many of what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Documents.
    pub documents: usize,
    /// Documents by status.
    pub by_status: BTreeMap<Status, usize>,
    /// Documents by label.
    pub by_label: BTreeMap<Label, usize>,
    /// Findings, suppressed ones too.
    pub findings: usize,
    /// Findings that count.
    pub active: usize,
    /// Dossiers.
    pub dossiers: usize,
    /// Dossiers by label.
    pub dossiers_by_label: BTreeMap<Label, usize>,
}

impl Counts {
    pub(super) fn add(&mut self, analysis: &Analysis) {
        self.documents += 1;
        *self.by_status.entry(analysis.document.status).or_default() += 1;
        if let Some(label) = analysis.document.label {
            *self.by_label.entry(label).or_default() += 1;
        }
        self.findings += analysis.findings.len();
        self.active += analysis.findings.iter().filter(|f| f.active).count();
    }

    pub(super) fn add_dossier(&mut self, record: &DossierRecord) {
        self.dossiers += 1;
        if let Some(label) = record.label {
            *self.dossiers_by_label.entry(label).or_default() += 1;
        }
    }

    /// Documents of a status.
    #[must_use]
    pub fn status(&self, status: Status) -> usize {
        self.by_status.get(&status).copied().unwrap_or(0)
    }

    /// Dossiers of a label.
    #[must_use]
    pub fn dossiers(&self, label: Label) -> usize {
        self.dossiers_by_label.get(&label).copied().unwrap_or(0)
    }

    /// By the names of the manifest.
    #[must_use]
    pub fn named(&self) -> BTreeMap<String, usize> {
        let mut named = BTreeMap::from([
            ("documents".to_owned(), self.documents),
            ("findings".to_owned(), self.findings),
            ("active".to_owned(), self.active),
        ]);
        for (status, n) in &self.by_status {
            named.insert(format!("status_{}", status.as_str()), *n);
        }
        for (label, n) in &self.by_label {
            named.insert(format!("label_{}", label.as_str()), *n);
        }
        named
    }
}
