//! Dossiers: all documents of one young person, read together.
//!
//! The remarks that matter are scattered over files and years; score and label come from the union of their findings.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::analyze::{Analysis, Analyzer};
use crate::copies::CopyKey;
use crate::extract::date::iso;
use crate::finding::Finding;
use crate::lexicon::{Presence, Tier};
use crate::reason;
use crate::score::{Contribution, Label};

/// First and last date of a stage in a dossier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageDates {
    /// Stage id.
    pub stage: String,
    /// First date (ISO); empty when no document of the stage has one.
    pub first: String,
    /// Last date (ISO).
    pub last: String,
    /// Number of active findings.
    pub findings: usize,
    /// Number of active findings per month (`2024-03`), of those with a date; months without are left out.
    #[serde(default)]
    pub months: BTreeMap<String, usize>,
}

/// The record of a dossier: `dossiers.jsonl`. `Debug` shows no text.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierRecord {
    /// Name.
    pub dossier: String,
    /// Number of documents.
    pub documents: usize,
    /// Documents that were not read, or not in full.
    pub unread: usize,
    /// Documents that are not where they were any more; their signals still count.
    #[serde(default)]
    pub vanished: usize,
    /// 0 to 100; none when nothing was read.
    pub score: Option<u32>,
    /// Triage label; none when nothing was read.
    pub label: Option<Label>,
    /// Why, in Dutch.
    pub reason: String,
    /// A sign of suicide risk is in it.
    pub urgent: bool,
    /// Points per category id.
    pub points: BTreeMap<String, u32>,
    /// First and last date per stage, and how many a month.
    pub timeline: Vec<StageDates>,
    /// Date of the first present firm or hard finding (ISO).
    pub first_firm: String,
    /// Date of the first present hard finding (ISO).
    pub first_hard: String,
    /// Date of the first active finding in a category that names exploitation (ISO).
    pub first_named: String,
    /// Days from `first_firm` to `first_named`: how long firm signals were known before somebody named exploitation. 0 when it was named
    /// first; none when either has no date.
    #[serde(default)]
    pub gap_days: Option<i64>,
    /// Ids of the documents, by date and path.
    pub document_ids: Vec<String>,
    /// When it, or one of its documents, was last decided on (ISO, UTC); empty when never. Filled in by the store.
    #[serde(default)]
    pub reviewed: String,
    /// Documents that came in after that: all when it was never reviewed. Filled in by the store.
    #[serde(default)]
    pub new_documents: usize,
}

impl fmt::Debug for DossierRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DossierRecord")
            .field("documents", &self.documents)
            .field("score", &self.score)
            .finish_non_exhaustive()
    }
}

/// A dossier with its findings.
#[derive(Clone, Debug, Default)]
pub struct Dossier {
    /// The record.
    pub record: DossierRecord,
    /// Findings of all documents by date and path of the document, then by place; `cleared_by` is set here.
    pub findings: Vec<Finding>,
    /// Every point with its finding.
    pub contributions: Vec<Contribution>,
}

/// Groups analyses by dossier and scores each; sorted by name.
#[must_use]
pub fn dossiers(analyzer: &Analyzer, analyses: &[Analysis]) -> Vec<Dossier> {
    let mut groups: BTreeMap<&str, Vec<&Analysis>> = BTreeMap::new();
    for analysis in analyses {
        groups
            .entry(&analysis.document.dossier)
            .or_default()
            .push(analysis);
    }
    groups
        .into_iter()
        .map(|(name, list)| dossier(analyzer, name, list.into_iter().cloned().collect()))
        .collect()
}

/// Scores the dossier of these documents.
#[must_use]
pub fn dossier(analyzer: &Analyzer, name: &str, mut documents: Vec<Analysis>) -> Dossier {
    // Undated documents come last: they clear nothing and are cleared by nothing.
    documents.sort_by(|a, b| {
        let key = |d: &'_ Analysis| (d.document.date.is_empty(), d.document.date.clone());
        (key(a), &a.document.path).cmp(&(key(b), &b.document.path))
    });
    let mut gathered = Gathered::new(name);
    for analysis in documents {
        gathered.add(analysis);
    }
    gathered.score(analyzer)
}

/// The documents of one dossier, as far as its score needs them. `Debug` shows no text.
#[derive(Default)]
pub struct Gathered {
    name: String,
    findings: Vec<Finding>,
    copy_keys: Vec<CopyKey>,
    /// Ids of the documents that have findings.
    seen: BTreeSet<String>,
    document_ids: Vec<String>,
    scored: usize,
    unread: usize,
    vanished: usize,
    /// The highest label of a document.
    alone: Option<Label>,
    first_reason: String,
}

impl fmt::Debug for Gathered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gathered")
            .field("document_ids", &self.document_ids)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl Gathered {
    /// No documents yet.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Adds a document; to be done by date and path, undated ones last.
    pub fn add(&mut self, analysis: Analysis) {
        let document = analysis.document;
        if self.document_ids.is_empty() {
            self.first_reason = document.reason;
        }
        self.scored += usize::from(document.status.is_scored());
        let unread = !document.status.is_scored() || !document.pages_unread.is_empty();
        self.unread += usize::from(unread && document.vanished.is_empty());
        self.alone = self.alone.max(document.label);
        self.vanished += usize::from(!document.vanished.is_empty());
        // The same file twice counts once.
        if !analysis.findings.is_empty() && self.seen.insert(document.id.clone()) {
            self.findings.extend(analysis.findings);
            self.copy_keys.extend(analysis.copy_keys);
        }
        self.document_ids.push(document.id);
    }

    /// Score, label and timeline from the union of the findings.
    #[must_use]
    pub fn score(self, analyzer: &Analyzer) -> Dossier {
        let Self {
            name,
            mut findings,
            copy_keys,
            document_ids,
            scored,
            unread,
            vanished,
            alone,
            first_reason,
            ..
        } = self;
        let documents = document_ids.len();
        let scored = scored > 0;
        if analyzer.lexicon().scoring.clearing {
            clear(&mut findings);
        }
        let result = analyzer.score(&findings, &copy_keys);
        for finding in &mut findings {
            finding.points = 0;
        }
        for contribution in &result.contributions {
            if let Some(finding) = findings.get_mut(contribution.finding) {
                finding.points = contribution.points;
            }
        }
        let counted: Vec<&Finding> = findings
            .iter()
            .filter(|f| f.active && f.cleared_by.is_empty())
            .collect();
        let first_named = counted
            .iter()
            .filter(|f| {
                let category = analyzer.lexicon().category(&f.category);
                category.is_some_and(|c| c.naming) && !f.date.is_empty()
            })
            .map(|f| f.date.clone())
            .min()
            .unwrap_or_default();
        let first = |tier: Tier| {
            counted
                .iter()
                .filter(|f| f.tier >= tier && f.presence == Presence::Present && !f.date.is_empty())
                .map(|f| f.date.clone())
                .min()
                .unwrap_or_default()
        };
        let first_firm = first(Tier::Firm);
        let record = DossierRecord {
            dossier: name,
            documents,
            unread,
            vanished,
            score: scored.then_some(result.score),
            label: scored.then_some(result.label),
            reason: if scored {
                reason::dossier(
                    analyzer.lexicon(),
                    unread,
                    documents,
                    &findings,
                    result.label,
                    alone,
                )
            } else {
                first_reason
            },
            urgent: counted.iter().any(|f| f.is_urgent()),
            points: result.per_category,
            timeline: timeline(analyzer, &counted),
            gap_days: gap(&first_firm, &first_named),
            first_firm,
            first_hard: first(Tier::Hard),
            first_named,
            document_ids,
            reviewed: String::new(),
            new_documents: documents,
        };
        Dossier {
            record,
            findings,
            contributions: result.contributions,
        }
    }
}

/// Days from one date to another, none before it.
fn gap(from: &str, to: &str) -> Option<i64> {
    let days = (iso(to)? - iso(from)?).whole_days();
    Some(days.max(0))
}

/// A later document clears what it says is not so, by the dates of the findings (of their entries, in a journal): the same category, absent, refuted or explained by a professional.
/// Never by the young person's denial, never a present hard finding.
fn clear(findings: &mut [Finding]) {
    let clearing: Vec<(String, String, String)> = findings
        .iter()
        .filter(|f| {
            f.presence == Presence::Absent
                && !f.generic
                && f.suppressed_by.is_empty()
                && !f.date.is_empty()
        })
        .filter(|f| f.experiencer == crate::lexicon::Experiencer::Client)
        .filter(|f| {
            f.cues
                .iter()
                .any(|c| c.value == "absent" && matches!(c.kind.as_str(), "refuted" | "explained"))
        })
        .map(|f| (f.category.clone(), f.date.clone(), f.document.clone()))
        .collect();
    for finding in findings
        .iter_mut()
        .filter(|f| f.active && !f.date.is_empty())
    {
        if finding.tier == Tier::Hard && finding.presence == Presence::Present {
            continue;
        }
        if let Some((_, _, document)) = clearing.iter().find(|(category, date, document)| {
            *category == finding.category && *date > finding.date && *document != finding.document
        }) {
            finding.cleared_by = document.clone();
        }
    }
}

/// When each stage showed, of findings that count; stages in order, without those that have none.
#[must_use]
pub fn timeline(analyzer: &Analyzer, counted: &[&Finding]) -> Vec<StageDates> {
    analyzer
        .lexicon()
        .stages
        .iter()
        .filter_map(|stage| {
            let of: Vec<&&Finding> = counted.iter().filter(|f| f.stage == stage.id).collect();
            if of.is_empty() {
                return None;
            }
            let mut months = BTreeMap::new();
            for month in of.iter().filter_map(|f| f.date.get(..7)) {
                *months.entry(month.to_owned()).or_default() += 1;
            }
            let dates = || of.iter().map(|f| &f.date).filter(|d| !d.is_empty());
            Some(StageDates {
                stage: stage.id.clone(),
                first: dates().min().cloned().unwrap_or_default(),
                last: dates().max().cloned().unwrap_or_default(),
                findings: of.len(),
                months,
            })
        })
        .collect()
}
