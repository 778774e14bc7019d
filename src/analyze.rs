//! From a document to its analysis: no files, no clock, no surprise. The same document gives the same bytes.

use std::fmt;

use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use crate::context::{ContextDetector, Cue, persons};
use crate::copies::{Copies, CopyKey};
use crate::document::{DateCertainty, Document, Status};
use crate::error::Result;
use crate::extract::entry::{Entry, date_at, entries};
use crate::finding::{CueRecord, Finding};
use crate::lexicon::{Lexicon, Qualifiers};
use crate::matcher::{Clock, Machine, Matcher, TextWords, Work};
use crate::passage::{Passage, Snippets, passages};
use crate::reason;
use crate::score::{Contribution, Label, Score, Signal, score};
use crate::span::{CodePoints, Lines, Span};
use crate::text::View;

/// The record of a document: `documents.jsonl`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentRecord {
    /// Content hash.
    pub id: String,
    /// Path as given.
    pub path: String,
    /// Dossier.
    pub dossier: String,
    /// Format.
    pub format: String,
    /// Number of pages; 0 for formats without pages.
    pub pages: usize,
    /// Number of code points.
    pub characters: usize,
    /// Language, empty when too short to tell.
    pub language: String,
    /// `record` or `policy`.
    pub genre: String,
    /// Own date (ISO), empty when unknown.
    pub date: String,
    /// How far it was read.
    pub status: Status,
    /// Why, in a few words.
    pub status_detail: String,
    /// Pages that were not read.
    pub pages_unread: Vec<u32>,
    /// Quality notes.
    pub quality: Vec<String>,
    /// 0 to 100; none unless something was read.
    pub score: Option<u32>,
    /// Triage label; none unless something was read.
    pub label: Option<Label>,
    /// Why, in Dutch.
    pub reason: String,
    /// A sign of suicide risk is in it.
    pub urgent: bool,
    /// Points per category id.
    pub points: BTreeMap<String, u32>,
    /// Bonus for stages beyond the first.
    pub stage_bonus: u32,
    /// Since when it is not where it was (ISO, UTC); empty when it is there.
    #[serde(default)]
    pub vanished: String,
}

impl fmt::Debug for DocumentRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DocumentRecord")
            .field("id", &self.id)
            .field("status", &self.status)
            .field("score", &self.score)
            .finish_non_exhaustive()
    }
}

/// Everything known about one document. `Debug` shows no text.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Analysis {
    /// The record.
    pub document: DocumentRecord,
    /// All findings by place, suppressed and inactive ones included.
    pub findings: Vec<Finding>,
    /// Every point with its finding.
    pub contributions: Vec<Contribution>,
    /// By what each finding is known in a copy of its text: copies count once in the dossier, too.
    pub copy_keys: Vec<CopyKey>,
    /// Names, in the cache of recognition, of what was recognised in its images.
    pub ocr_keys: Vec<String>,
    /// The text, until [`cut`](Self::cut).
    pub text: String,
    /// The text around findings, after [`cut`](Self::cut).
    pub passages: Vec<Passage>,
}

impl fmt::Debug for Analysis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analysis")
            .field("document", &self.document)
            .field("findings", &self.findings)
            .finish_non_exhaustive()
    }
}

impl Analysis {
    /// Keeps of the text only what stands around findings, or nothing of it.
    pub fn cut(&mut self, lexicon: &Lexicon, snippets: Snippets) {
        match snippets {
            Snippets::Around(bytes) => self.keep_around(bytes),
            Snippets::None => {
                self.text.clear();
                self.withhold(lexicon);
            }
        }
    }

    /// Keeps of the text only so many bytes around findings.
    pub(crate) fn keep_around(&mut self, bytes: usize) {
        let text = std::mem::take(&mut self.text);
        self.passages = passages(&text, &self.findings, bytes);
    }

    /// Takes the words out of findings and reason.
    fn withhold(&mut self, lexicon: &Lexicon) {
        for finding in &mut self.findings {
            finding.text.clear();
            finding.source.clear();
            if !finding.person.is_empty() {
                // Persons stay apart, without their names.
                finding.person = crate::document::content_id(finding.person.as_bytes());
            }
            finding.cues.iter_mut().for_each(|c| c.text.clear());
        }
        let record = &mut self.document;
        if let Some(label) = record.label {
            let unread = record.pages_unread.len();
            record.reason = reason::document(lexicon, unread, record.pages, &self.findings, label);
        }
    }
}

/// Finds, qualifies and scores. Built once, used by many threads.
#[derive(Debug)]
pub struct Analyzer {
    lexicon: Lexicon,
    matcher: Matcher,
    context: ContextDetector,
}

impl Analyzer {
    /// Builds the automaton and the rule index of a lexicon.
    ///
    /// # Errors
    /// When the lexicon is too large for the automaton.
    pub fn new(lexicon: Lexicon) -> Result<Self> {
        let matcher = Matcher::new(&lexicon);
        let context = ContextDetector::new(&lexicon);
        Ok(Self {
            lexicon,
            matcher,
            context,
        })
    }

    /// With the built-in lexicon.
    ///
    /// # Errors
    /// Never, as long as the tests of the built-in lexicon pass.
    pub fn builtin() -> Result<Self> {
        Self::new(Lexicon::builtin()?)
    }

    /// The lexicon.
    #[must_use]
    pub const fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The matcher.
    #[must_use]
    pub const fn matcher(&self) -> &Matcher {
        &self.matcher
    }

    /// The context rules.
    #[must_use]
    pub const fn context(&self) -> &ContextDetector {
        &self.context
    }

    /// Analyses a document. A document that was not read gives a record without score.
    #[must_use]
    pub fn analyze(&self, document: &Document) -> Analysis {
        self.analyze_counted(document).0
    }

    /// The same, and how much work matching and context were: a count that no busy machine changes.
    #[must_use]
    pub fn analyze_counted(&self, document: &Document) -> (Analysis, Work) {
        let mut analysis = Analysis {
            document: base_record(document),
            ocr_keys: document.ocr_keys.clone(),
            ..Analysis::default()
        };
        if !document.status.is_scored() {
            analysis.document.reason = reason::unread(document);
            analysis.text = document.text.clone();
            return (analysis, Work::default());
        }
        let view = View::new(&document.text, &self.lexicon.boundaries);
        let clock = Clock::of(document, &view);
        let mut words = TextWords::new(&view, &self.lexicon.set);
        let scan = self.matcher.scan(&self.lexicon, &mut words, clock);
        let protected: FxHashSet<u32> = scan
            .matches
            .iter()
            .filter(|m| m.is_signal())
            .flat_map(|m| m.spelled.iter().copied())
            .collect();
        let machine = Machine::new(&words, clock);
        let context = self
            .context
            .document(&self.lexicon, machine, &scan, protected);
        analysis.document.genre = context.genre.as_str().to_owned();
        let mut copies = Copies::new(&view);
        let places = Places {
            document,
            entries: if scan.matches.is_empty() {
                Vec::new()
            } else {
                entries(document)
            },
            code_points: CodePoints::new(&document.text),
            lines: Lines::new(&document.text),
        };
        let persons = persons(&view);
        for found in &scan.matches {
            let Some(term) = self.lexicon.terms.get(found.term) else {
                continue;
            };
            let Some(category) = self.lexicon.categories.get(term.category) else {
                continue;
            };
            let (qualifiers, cues) =
                context.qualify(found.tokens.clone(), &found.spelled, Some(term.category));
            let span = view.span(found.tokens.clone());
            let suppressed = found.suppressed.clone().unwrap_or_default();
            let after = persons.partition_point(|(range, _)| range.start <= found.tokens.start);
            let person = (after.checked_sub(1).and_then(|n| persons.get(n)))
                .filter(|(range, _)| range.contains(&found.tokens.start));
            analysis.findings.push(Finding {
                category: category.id.clone(),
                stage: self
                    .lexicon
                    .stages
                    .get(category.stage)
                    .map(|s| s.id.clone())
                    .unwrap_or_default(),
                term: term.id.clone(),
                tier: found.tier,
                cues: cues.iter().map(|c| places.cue(c)).collect(),
                source: (context.reporter(&found.tokens))
                    .map(|span| span.slice(&document.text).to_owned())
                    .unwrap_or_default(),
                approximate: found.approximate,
                ocr: document.is_ocr(span.start),
                quoted: document.is_quoted(span.start),
                urgent: term.urgent,
                protective: term.protective,
                person: person.map(|p| p.1.clone()).unwrap_or_default(),
                active: qualifiers.is_active() && suppressed.is_empty() && !term.protective,
                suppressed_by: suppressed,
                presence: qualifiers.presence,
                temporality: qualifiers.temporality,
                experiencer: qualifiers.experiencer,
                generic: qualifiers.generic,
                ..places.finding(span)
            });
            analysis.copy_keys.push(copies.key(&found.tokens));
        }
        let result = self.score(&analysis.findings, &analysis.copy_keys);
        for contribution in &result.contributions {
            if let Some(finding) = analysis.findings.get_mut(contribution.finding) {
                finding.points = contribution.points;
            }
        }
        let record = &mut analysis.document;
        record.score = Some(result.score);
        record.label = Some(result.label);
        record.urgent = analysis.findings.iter().any(Finding::is_urgent);
        record.reason = reason::document(
            &self.lexicon,
            record.pages_unread.len(),
            record.pages,
            &analysis.findings,
            result.label,
        );
        record.points = result.per_category;
        record.stage_bonus = result.stage_bonus;
        analysis.contributions = result.contributions;
        analysis.text = document.text.clone();
        (analysis, words.work())
    }

    /// The context verdict on stretches given from outside (gold spans), in bytes of the document, each with its category id.
    ///
    /// Words that the lexicon spells inside a stretch are no cue for it, as in [`analyze`](Self::analyze).
    #[must_use]
    pub fn qualify(
        &self,
        document: &Document,
        spans: &[(Span, &str)],
    ) -> Vec<(Qualifiers, Vec<Cue>)> {
        let view = View::new(&document.text, &self.lexicon.boundaries);
        let clock = Clock::of(document, &view);
        let mut words = TextWords::new(&view, &self.lexicon.set);
        let scan = self.matcher.scan(&self.lexicon, &mut words, clock);
        let machine = Machine::new(&words, clock);
        let context = self
            .context
            .document(&self.lexicon, machine, &scan, FxHashSet::default());
        spans
            .iter()
            .map(|(span, category)| {
                let target = view.tokens_in(*span);
                let category = (self.lexicon.categories.iter()).position(|c| c.id == *category);
                let spelled: Vec<u32> = scan
                    .matches
                    .iter()
                    .filter(|m| {
                        m.is_signal() && m.tokens.start < target.end && target.start < m.tokens.end
                    })
                    .flat_map(|m| m.spelled.iter().copied())
                    .collect();
                context.qualify(target, &spelled, category)
            })
            .collect()
    }

    /// Scores findings of one document or dossier; `copy_keys` has one key a finding.
    #[must_use]
    pub fn score(&self, findings: &[Finding], copy_keys: &[CopyKey]) -> Score {
        let quoted: FxHashSet<&str> = findings
            .iter()
            .zip(copy_keys)
            .filter(|(f, _)| f.quoted)
            .map(|(_, key)| key.sentence.as_str())
            .collect();
        let key = |key: &'_ CopyKey| -> String {
            if quoted.contains(key.sentence.as_str()) {
                key.sentence.clone()
            } else {
                key.around.clone()
            }
        };
        let keys: Vec<String> = copy_keys.iter().map(key).collect();
        let signals: Vec<Signal<'_>> = findings
            .iter()
            .enumerate()
            .map(|(n, f)| Signal {
                category: self
                    .lexicon
                    .categories
                    .iter()
                    .position(|c| c.id == f.category)
                    .unwrap_or(usize::MAX),
                tier: f.tier,
                qualifiers: f.qualifiers(),
                active: f.active && f.cleared_by.is_empty(),
                copy_key: keys.get(n).map_or("", String::as_str),
                person: &f.person,
            })
            .collect();
        score(&self.lexicon, &signals)
    }
}

fn base_record(document: &Document) -> DocumentRecord {
    DocumentRecord {
        id: document.id.clone(),
        path: document.path.clone(),
        dossier: document.dossier.clone(),
        format: document.format.clone(),
        pages: document.pages.len(),
        characters: document.text.chars().count(),
        language: document.language.clone(),
        date: document.date.map(|d| d.to_string()).unwrap_or_default(),
        status: document.status,
        status_detail: document.status_detail.clone(),
        pages_unread: document.pages_unread(),
        quality: document.quality.clone(),
        ..DocumentRecord::default()
    }
}

/// Turns words into places that leave the library.
struct Places<'a> {
    document: &'a Document,
    /// Where it is a journal.
    entries: Vec<Entry>,
    code_points: CodePoints,
    lines: Lines,
}

impl Places<'_> {
    fn code_point(&self, byte: usize) -> usize {
        self.code_points.at_byte(&self.document.text, byte)
    }

    fn finding(&self, span: Span) -> Finding {
        let entry = date_at(&self.entries, span.start);
        let (date, certainty) = match entry {
            Some(_) => (entry, Some(DateCertainty::Entry)),
            None => (self.document.date, self.document.date_certainty),
        };
        Finding {
            document: self.document.id.clone(),
            dossier: self.document.dossier.clone(),
            page: self.document.page_at(span.start),
            line: self.lines.line(span.start),
            start: self.code_point(span.start),
            end: self.code_point(span.end),
            byte_start: span.start,
            byte_end: span.end,
            text: span.slice(&self.document.text).to_owned(),
            date: date.map(|d| d.to_string()).unwrap_or_default(),
            date_certainty: certainty
                .and_then(|c| serde_json::to_value(c).ok())
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default(),
            ..Finding::default()
        }
    }

    fn cue(&self, cue: &Cue) -> CueRecord {
        CueRecord {
            property: cue.property,
            value: cue.value.clone(),
            kind: cue.kind.clone(),
            rule: cue.rule.clone(),
            text: cue.span.slice(&self.document.text).to_owned(),
            start: self.code_point(cue.span.start),
            end: self.code_point(cue.span.end),
        }
    }
}
