//! Trap suites: minimal pairs for context, in groups by phenomenon. A case passes when every marked signal, given as input, gets all
//! four properties right.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::formats::parse_markup;
use super::gold::GoldDocument;
use super::prediction::given;
use crate::analyze::Analyzer;
use crate::error::{Diagnostic, Error, Result};
use crate::lexicon::Property;

/// One case as stored: JSONL.
#[derive(Clone, Deserialize)]
struct Line {
    id: String,
    group: String,
    pair: String,
    text: String,
}

/// One case, read.
#[derive(Clone, Debug)]
pub struct Case {
    /// Id.
    pub id: String,
    /// The phenomenon.
    pub group: String,
    /// What it is paired with.
    pub pair: String,
    /// Text and signals.
    pub gold: GoldDocument,
}

/// A case that did not pass.
#[derive(Clone, Debug, Serialize)]
pub struct Failure {
    /// Id of the case.
    pub id: String,
    /// Text in inline markup.
    pub text: String,
    /// What differs, with the rule that decided.
    pub why: String,
}

/// Result of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Cases.
    pub cases: usize,
    /// Cases that pass.
    pub passed: usize,
    /// Pairs.
    pub pairs: usize,
    /// Pairs of which all cases pass.
    pub pairs_passed: usize,
}

/// Result of a suite.
#[derive(Clone, Debug, Serialize)]
pub struct Traps {
    /// Per group.
    pub groups: BTreeMap<String, Group>,
    /// Cases that did not pass.
    pub failures: Vec<Failure>,
}

impl Traps {
    /// Sum of all groups.
    #[must_use]
    pub fn total(&self) -> Group {
        self.groups.values().fold(Group::default(), |mut sum, g| {
            sum.cases += g.cases;
            sum.passed += g.passed;
            sum.pairs += g.pairs;
            sum.pairs_passed += g.pairs_passed;
            sum
        })
    }
}

/// Reads suites (JSONL: id, group, pair, text in inline markup).
///
/// # Errors
/// All problems at once: lines that do not parse, markup that does not, unknown categories, ids used twice.
pub fn read(paths: &[impl AsRef<Path>], known: impl Fn(&str) -> bool) -> Result<Vec<Case>> {
    let mut cases: Vec<Case> = Vec::new();
    let mut problems = Vec::new();
    let mut ids = BTreeSet::new();
    for path in paths {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        for (n, line) in text
            .lines()
            .enumerate()
            .filter(|(_, l)| !l.trim().is_empty())
        {
            let mut problem = |message: String, help: &str| {
                problems.push(Diagnostic {
                    file: path.display().to_string(),
                    line: n + 1,
                    column: 0,
                    message,
                    help: help.to_owned(),
                });
            };
            let Ok(line) = serde_json::from_str::<Line>(line) else {
                problem("not a case".to_owned(), "fields: id, group, pair, text");
                continue;
            };
            let (text, signals) = match parse_markup(&line.text) {
                Ok(parsed) => parsed,
                Err(error) => {
                    problem(format!("case `{}`: {}", line.id, error.message), error.help);
                    continue;
                }
            };
            for signal in signals.iter().filter(|s| !known(&s.category)) {
                problem(
                    format!("case `{}`: unknown category `{}`", line.id, signal.category),
                    "",
                );
            }
            if signals.is_empty() {
                problem(format!("case `{}` marks no signal", line.id), "");
            }
            if !ids.insert(line.id.clone()) {
                problem(format!("the id `{}` is used twice", line.id), "");
            }
            cases.push(Case {
                gold: GoldDocument {
                    id: line.id.clone(),
                    text,
                    signals,
                    ..GoldDocument::default()
                },
                id: line.id,
                group: line.group,
                pair: line.pair,
            });
        }
    }
    if problems.is_empty() {
        Ok(cases)
    } else {
        Err(Error::Gold(problems))
    }
}

/// Runs cases with their signals given.
#[must_use]
pub fn run(analyzer: &Analyzer, cases: &[Case]) -> Traps {
    let why: Vec<Option<String>> = cases.par_iter().map(|c| failure(analyzer, c)).collect();
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let mut pairs: BTreeMap<(&str, &str), bool> = BTreeMap::new();
    let mut failures = Vec::new();
    for (case, why) in cases.iter().zip(why) {
        let group = groups.entry(case.group.clone()).or_default();
        group.cases += 1;
        group.passed += usize::from(why.is_none());
        let pair = pairs.entry((&case.group, &case.pair)).or_insert(true);
        *pair &= why.is_none();
        if let Some(why) = why {
            failures.push(Failure {
                id: case.id.clone(),
                text: super::formats::write_markup(&case.gold.text, &case.gold.signals),
                why,
            });
        }
    }
    for ((name, _), passed) in pairs {
        if let Some(group) = groups.get_mut(name) {
            group.pairs += 1;
            group.pairs_passed += usize::from(passed);
        }
    }
    Traps { groups, failures }
}

fn failure(analyzer: &Analyzer, case: &Case) -> Option<String> {
    let document = case.gold.document();
    let verdicts = analyzer.qualify(&document, &given(&case.gold));
    let mut wrong = Vec::new();
    for (n, (signal, (got, cues))) in case.gold.signals.iter().zip(&verdicts).enumerate() {
        let wanted = signal.qualifiers();
        for property in Property::ALL {
            let (w, g) = (wanted.get(*property), got.get(*property));
            if w != g {
                let rule = cues
                    .iter()
                    .find(|c| c.property == *property)
                    .map_or_else(String::new, |c| {
                        format!(" by {} “{}”", c.rule, c.span.slice(&case.gold.text))
                    });
                wrong.push(format!(
                    "signal {}: {} wanted {w} got {g}{rule}",
                    n + 1,
                    property.as_str()
                ));
            }
        }
    }
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

/// Reads a list of known failures: `id: reason` a line, `#` for remarks.
///
/// # Errors
/// The file that could not be read.
pub fn read_known(path: &Path) -> Result<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    Ok(text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .map(|l| {
            let (id, reason) = l.split_once(':').unwrap_or((l, ""));
            (id.trim().to_owned(), reason.trim().to_owned())
        })
        .collect())
}
