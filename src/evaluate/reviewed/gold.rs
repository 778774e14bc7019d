//! Gold data from decisions: the findings of the scan as a reviewer marked them, and the signals that he or she missed.
//!
//! What nobody marked is taken as right, and how much that is stands in the document's fields (`marked`, `unmarked`). A verdict is about what
//! is to be done, not about what the text says: the documents have no label.

use std::collections::BTreeMap;

use crate::analyze::Analysis;
use crate::decision::{self, Decision, Mark, finding_key};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::evaluate::gold::{GoldDocument, GoldSignal};
use crate::finding::Finding;
use crate::lexicon::Qualifiers;
use crate::span::{CodePoints, Span};
use crate::store::{Origin, Store};

/// Documents that reviewers decided on, and what of them is left out.
#[derive(Debug, Default)]
pub struct ReviewedGold {
    /// The annotated documents, in the order in which they were decided on.
    pub documents: Vec<GoldDocument>,
    /// Paths of documents that cannot be read again as they were.
    pub gone: Vec<String>,
    /// Number of documents whose text is no longer in the store: it has changed since, or was forgotten.
    pub older: usize,
    /// Number of documents that the scan could not read.
    pub unread: usize,
    /// Number of missed signals that lie outside their text.
    pub outside: usize,
}

/// Annotated documents of all that reviewers gave a verdict on, or one of them; the last decision on a document counts. `reread` answers by
/// id the documents that it can read again of those asked for.
///
/// # Errors
/// When that reviewer has decided nothing, or the store cannot be read.
pub fn collect(
    store: &Store,
    reviewer: Option<&str>,
    reread: &mut dyn FnMut(&[Origin]) -> BTreeMap<String, Document>,
) -> Result<ReviewedGold> {
    let mut all: Vec<Decision> = Vec::new();
    store.each_decision(&mut |decision| {
        all.push(decision);
        Ok(())
    })?;
    if let Some(name) = reviewer {
        known(&all, name)?;
        all.retain(|d| d.reviewer == name);
    }
    let mut result = ReviewedGold::default();
    let mut analyses: Vec<(&Decision, Analysis)> = Vec::new();
    let mut origins = Vec::new();
    for decision in of_documents(&all) {
        match analysis(store, decision)? {
            None => result.older += 1,
            Some(a) if a.document.label.is_none() => result.unread += 1,
            Some(a) => {
                let of = store.origins(&decision.document)?;
                origins.extend(of.into_iter().filter(|o| o.id == decision.document));
                analyses.push((decision, a));
            }
        }
    }
    let read = reread(&origins);
    for (decision, analysis) in analyses {
        match read.get(&decision.document) {
            None => result.gone.push(analysis.document.path),
            Some(document) => {
                let (gold, outside) = annotated(&analysis, &document.text, decision);
                result.documents.push(gold);
                result.outside += outside;
            }
        }
    }
    Ok(result)
}

fn known(decisions: &[Decision], name: &str) -> Result<()> {
    if decisions.iter().any(|d| d.reviewer == name) {
        return Ok(());
    }
    let mut names: Vec<&str> = decisions.iter().map(|d| d.reviewer.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    Err(Error::Usage(if names.is_empty() {
        "there are no decisions in the store yet".to_owned()
    } else {
        format!(
            "no decision by `{name}` in the store; there are some by {}",
            names.join(", ")
        )
    }))
}

/// The last verdict on each document, the earliest first.
fn of_documents(decisions: &[Decision]) -> Vec<&Decision> {
    let mut last: Vec<&Decision> = decision::last(decisions);
    last.retain(|d| !d.document.is_empty() && d.verdict.is_some());
    let places: BTreeMap<&str, usize> = last
        .iter()
        .enumerate()
        .map(|(n, d)| (d.document.as_str(), n))
        .collect();
    last.iter()
        .enumerate()
        .filter(|(n, d)| places.get(d.document.as_str()) == Some(n))
        .map(|(_, d)| *d)
        .collect()
}

/// The stored analysis of the text that was decided on; of copies the one that was.
fn analysis(store: &Store, decision: &Decision) -> Result<Option<Analysis>> {
    for path in [decision.path.as_str(), ""] {
        if let Some(seq) = store.find(&decision.document, path)?
            && let Some(analysis) = store.document(seq)?
            && analysis.document.id == decision.document
        {
            return Ok(Some(analysis));
        }
    }
    Ok(None)
}

/// One document as a reviewer annotated it, and how many of the signals that he or she missed lie outside its text.
#[must_use]
pub fn annotated(analysis: &Analysis, text: &str, decision: &Decision) -> (GoldDocument, usize) {
    let index = CodePoints::new(text);
    let signal = |start: usize, end: usize, category: &str, context: Qualifiers| {
        let bytes = (index.to_byte(text, start)?, index.to_byte(text, end)?);
        (bytes.0 < bytes.1).then(|| GoldSignal {
            start,
            end,
            category: category.to_owned(),
            presence: context.presence,
            temporality: context.temporality,
            experiencer: context.experiencer,
            generic: context.generic,
            text: Span::new(bytes.0, bytes.1).slice(text).to_owned(),
        })
    };
    let (mut marked, mut unmarked, mut open_context) = (0, 0, 0);
    let mut signals: Vec<GoldSignal> = Vec::new();
    let counted = |f: &&Finding| f.suppressed_by.is_empty() && !f.protective;
    for finding in analysis.findings.iter().filter(counted) {
        let mark = decision.mark(&finding_key(finding));
        marked += usize::from(mark.is_some());
        unmarked += usize::from(mark.is_none() && finding.active);
        let context = match mark.map(|m| (m.mark, m.should_be)) {
            None | Some((Mark::Juist, _)) => finding.qualifiers(),
            Some((Mark::Onjuist, _)) => continue,
            Some((Mark::Context, Some(correction))) => correction.apply(finding.qualifiers()),
            // It is otherwise, and nobody knows how.
            Some((Mark::Context, None)) => {
                open_context += 1;
                continue;
            }
        };
        signals.extend(signal(
            finding.start,
            finding.end,
            &finding.category,
            context,
        ));
    }
    let mut outside = 0;
    for m in &decision.missed {
        let missed = signal(m.start, m.end, &m.category, Qualifiers::default());
        outside += usize::from(missed.is_none());
        signals.extend(missed);
    }
    signals.sort_by_key(|s| (s.start, s.end));
    let record = &analysis.document;
    let verdict = decision.verdict.map(decision::Action::as_str);
    let fields = [
        ("verdict", verdict.into()),
        ("reviewer", decision.reviewer.as_str().into()),
        ("at", decision.at.as_str().into()),
        ("dossier", record.dossier.as_str().into()),
        ("path", record.path.as_str().into()),
        ("marked", marked.into()),
        ("unmarked", unmarked.into()),
        ("open_context", open_context.into()),
    ];
    let gold = GoldDocument {
        id: decision.document.clone(),
        text: text.to_owned(),
        signals,
        date: (!record.date.is_empty()).then(|| record.date.clone()),
        meta: fields.map(|(name, value)| (name.to_owned(), value)).into(),
        ..GoldDocument::default()
    };
    (gold, outside)
}
