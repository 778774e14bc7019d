//! From files to a lexicon: everything is checked and all problems are reported at once.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;

use super::compile::Compiler;
use super::files::Files;
use super::morphology::Words;
use super::pattern::PatternId;
use super::raw::{
    BoundariesFile, CategoryFile, ClassesFile, CompoundsFile, ContextFile, FormsFile, Manifest,
    Scoring, SectionsFile, StagesFile,
};
use super::scope::{Classes, Scope};
use super::{Answers, Genre, KnownWords, Lexicon, Place, Property, Rule, Section};
use crate::error::{Diagnostic, Error, Result};
use crate::span::Lines;
use crate::text::{Boundaries, fold};

pub(super) fn compile(files: &Files) -> Result<Lexicon> {
    let mut checker = Checker {
        problems: Vec::new(),
    };
    let lexicon = checker.lexicon(files);
    checker.problems.sort();
    checker.problems.dedup();
    match lexicon {
        Some(lexicon) if checker.problems.is_empty() => Ok(lexicon),
        _ => Err(Error::Lexicon(checker.problems)),
    }
}

pub(super) struct Checker {
    problems: Vec<Diagnostic>,
}

/// One file while it is checked.
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    text: &'a str,
    lines: Lines,
}

impl File<'_> {
    pub(super) fn place(&self, offset: usize) -> Place {
        let line = self.lines.line(offset);
        let start = self.lines.start(line);
        let before = self.text.get(start..offset).unwrap_or_default();
        Place {
            file: self.name.to_owned(),
            line,
            column: before.chars().count() + 1,
        }
    }
}

impl Checker {
    pub(super) fn problem(
        &mut self,
        place: Place,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.problems.push(Diagnostic {
            file: place.file,
            line: place.line,
            column: place.column,
            message: message.into(),
            help: help.into(),
        });
    }

    fn parse<T: DeserializeOwned>(&mut self, file: &File<'_>) -> Option<T> {
        match toml::from_str(file.text) {
            Ok(value) => Some(value),
            Err(error) => {
                let place = file.place(error.span().map_or(0, |s| s.start));
                let help = match error.message() {
                    "missing field `id`" => {
                        "a file of signals begins with the category, `id = \"weglopen\"`, and each [[terms]] has an id of its own"
                    }
                    _ => "see lexicons/README.md for the fields of this file",
                };
                self.problem(place, error.message().to_owned(), help);
                None
            }
        }
    }

    /// The one file of that name, from the top-most layer that has it.
    fn single<'a>(&mut self, files: &'a Files, name: &'a str) -> Option<File<'a>> {
        for layer in files.layers.iter().rev() {
            if let Some(bytes) = layer.get(name) {
                return self.text(name, bytes);
            }
        }
        self.problem(
            Place {
                file: name.to_owned(),
                ..Place::default()
            },
            "the file is missing",
            "",
        );
        None
    }

    fn text<'a>(&mut self, name: &'a str, bytes: &'a [u8]) -> Option<File<'a>> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Some(File {
                name,
                text,
                lines: Lines::new(text),
            }),
            Err(_) => {
                self.problem(
                    Place {
                        file: name.to_owned(),
                        ..Place::default()
                    },
                    "the file is not UTF-8",
                    "save it as UTF-8",
                );
                None
            }
        }
    }

    /// All files of that name, one a layer.
    fn layered<'a>(&mut self, files: &'a Files, name: &str) -> Vec<File<'a>> {
        let found: Vec<(&String, &Vec<u8>)> = files
            .layers
            .iter()
            .filter_map(|l| l.get_key_value(name))
            .collect();
        found
            .into_iter()
            .filter_map(|(name, bytes)| self.text(name, bytes))
            .collect()
    }

    fn folder<'a>(&mut self, files: &'a Files, prefix: &str) -> Vec<File<'a>> {
        let mut found = Vec::new();
        for layer in &files.layers {
            for (name, bytes) in layer
                .iter()
                .filter(|(n, _)| n.starts_with(prefix) && n.ends_with(".toml"))
            {
                found.extend(self.text(name, bytes));
            }
        }
        found
    }

    fn lexicon(&mut self, files: &Files) -> Option<Lexicon> {
        let manifest: Option<Manifest> = self
            .single(files, "lexicon.toml")
            .and_then(|f| self.parse(&f));
        let stages: Option<StagesFile> = self
            .single(files, "stages.toml")
            .and_then(|f| self.parse(&f));
        let scoring_file = self.single(files, "scoring.toml");
        let scoring: Option<Scoring> = scoring_file.as_ref().and_then(|f| self.parse(f));
        let boundaries: BoundariesFile = self
            .single(files, "boundaries.toml")
            .and_then(|f| self.parse(&f))
            .unwrap_or_default();
        let compounds: CompoundsFile = self
            .single(files, "compounds.toml")
            .and_then(|f| self.parse(&f))
            .unwrap_or_default();
        let abbreviations = self
            .single(files, "abbreviations.txt")
            .map_or("", |f| f.text);
        let frequent: FxHashMap<String, u32> = self
            .single(files, "frequent.txt")
            .map_or("", |f| f.text)
            .lines()
            .filter_map(|l| l.split_once(' '))
            .filter_map(|(word, count)| Some((fold(word), count.trim().parse().ok()?)))
            .collect();
        let known_words = files
            .layers
            .iter()
            .rev()
            .find_map(|l| l.get("known-words.bloom"))
            .map_or_else(KnownWords::default, |b| KnownWords::from_bytes(b));
        let sources: BTreeMap<String, String> = self
            .single(files, "sources.toml")
            .and_then(|f| self.parse::<BTreeMap<String, BTreeMap<String, String>>>(&f))
            .and_then(|mut s| s.remove("sources"))
            .unwrap_or_default();
        let mut words = Words::default();
        for file in self.layered(files, "words.toml") {
            if let Some(more) = self.parse::<Words>(&file) {
                words.verbs.extend(more.verbs);
                words.nouns.extend(more.nouns);
                words.adjectives.extend(more.adjectives);
            }
        }
        words.learn(|w| known_words.holds(w));
        for message in words.problems() {
            self.problem(
                Place {
                    file: "words.toml".to_owned(),
                    ..Place::default()
                },
                message,
                "",
            );
        }
        let mut shared = Classes::new();
        for file in self.layered(files, "classes.toml") {
            if let Some(more) = self.parse::<ClassesFile>(&file) {
                self.classes(&file, &more.classes, &mut shared);
            }
        }
        let mut compiler = Compiler::new(&words, &frequent);
        let category_files = self.folder(files, "signals/");
        let mut parsed: Vec<(File<'_>, CategoryFile)> = Vec::new();
        for file in category_files {
            if let Some(category) = self.parse::<CategoryFile>(&file) {
                parsed.push((file, category));
            }
        }
        let stages = stages.map(|s| s.stages).unwrap_or_default();
        let categories = self.categories(&parsed, &stages);
        let mut terms = Vec::new();
        let mut ids = BTreeSet::new();
        for (file, entry) in &parsed {
            let mut local = Classes::new();
            self.classes(file, &entry.classes, &mut local);
            let scope = &Scope::new(&local, &shared);
            let Some(number) = categories.iter().position(|c| c.id == *entry.id.get_ref()) else {
                continue;
            };
            for raw in &entry.terms {
                if let Some(term) = self.term(
                    file,
                    raw,
                    number,
                    &categories,
                    scope,
                    &mut compiler,
                    &sources,
                ) {
                    if !ids.insert(term.id.clone()) {
                        self.problem(
                            term.place.clone(),
                            format!("the term id `{}` is used twice", term.id),
                            "ids are unique in a category",
                        );
                    }
                    terms.push(term);
                }
            }
        }
        terms.sort_by(|a, b| a.category.cmp(&b.category).then_with(|| a.id.cmp(&b.id)));
        let mut rules: Vec<Rule> = Vec::new();
        let mut terminators: BTreeMap<Property, Vec<PatternId>> = BTreeMap::new();
        let mut turns: BTreeMap<Property, Vec<PatternId>> = BTreeMap::new();
        let mut genre = Genre::default();
        let mut reporters = Vec::new();
        let mut own_words = Vec::new();
        let mut witnessed = Vec::new();
        let mut others = Vec::new();
        for file in self.folder(files, "context/") {
            let Some(context) = self.parse::<ContextFile>(&file) else {
                continue;
            };
            let Some(property) = Property::named(context.property.get_ref()) else {
                self.problem(
                    file.place(context.property.span().start),
                    "no such property",
                    "presence, temporality, experiencer or generic",
                );
                continue;
            };
            let mut local = Classes::new();
            self.classes(&file, &context.classes, &mut local);
            let scope = &Scope::new(&local, &shared);
            terminators
                .entry(property)
                .or_default()
                .extend(self.patterns(&file, &context.terminators, scope, false, &mut compiler));
            turns.entry(property).or_default().extend(self.patterns(
                &file,
                &context.turns,
                scope,
                false,
                &mut compiler,
            ));
            reporters.extend(self.patterns(&file, &context.reporters, scope, false, &mut compiler));
            own_words.extend(self.patterns(&file, &context.own_words, scope, false, &mut compiler));
            witnessed.extend(self.patterns(&file, &context.witnessed, scope, false, &mut compiler));
            others.extend(self.patterns(&file, &context.others, scope, false, &mut compiler));
            for raw in &context.rules {
                if let Some(rule) =
                    self.rule(&file, raw, property, &categories, scope, &mut compiler)
                {
                    if rules.iter().any(|r| r.id == rule.id) {
                        self.problem(
                            rule.place.clone(),
                            format!("the rule id `{}` is used twice", rule.id),
                            "",
                        );
                    }
                    rules.push(rule);
                }
            }
            if let Some(entry) = &context.genre {
                genre = Genre {
                    policy: self.patterns(&file, &entry.policy, scope, false, &mut compiler),
                    record: self.patterns(&file, &entry.record, scope, false, &mut compiler),
                    record_weight: entry.record_weight,
                    least: entry.least,
                    per_thousand: entry.per_thousand,
                };
            }
        }
        let mut sections = Vec::new();
        for file in self.layered(files, "sections.toml") {
            let Some(raw) = self.parse::<SectionsFile>(&file) else {
                continue;
            };
            let local = Classes::new();
            for entry in &raw.sections {
                let patterns = self.patterns(
                    &file,
                    &entry.headings,
                    &Scope::new(&local, &shared),
                    false,
                    &mut compiler,
                );
                let mut means = Vec::new();
                for (name, value) in &entry.means {
                    match Property::named(name) {
                        Some(property) if property.values().contains(&value.as_str()) => {
                            means.push((property, value.clone()))
                        }
                        _ => self.problem(
                            file.place(entry.id.span().start),
                            format!("`{name} = \"{value}\"` is no property and value"),
                            "",
                        ),
                    }
                }
                sections.push(Section {
                    id: entry.id.get_ref().clone(),
                    patterns,
                    means,
                });
            }
        }
        let mut answers = Answers::default();
        if let Some(file) = self.single(files, "forms.toml")
            && let Some(raw) = self.parse::<FormsFile>(&file)
        {
            let local = Classes::new();
            let scope = &Scope::new(&local, &shared);
            answers.yes = self.patterns(&file, &raw.yes, scope, false, &mut compiler);
            answers.no = self.patterns(&file, &raw.no, scope, false, &mut compiler);
            answers.follow_up = self.patterns(&file, &raw.follow_up, scope, false, &mut compiler);
            answers.asks = self.patterns(&file, &raw.asks, scope, false, &mut compiler);
            answers.unsure = self.patterns(&file, &raw.unsure, scope, false, &mut compiler);
        }
        compiler.set.compound_stop = compounds.stop.iter().map(|w| fold(w)).collect();
        let after = boundaries
            .after_particle
            .iter()
            .map(|w| compiler.intern(&fold(w)))
            .collect();
        let not_before = boundaries
            .not_before_particle
            .iter()
            .map(|w| compiler.intern(&fold(w)))
            .collect();
        let prepositions = boundaries
            .prepositions
            .iter()
            .map(|w| compiler.intern(&fold(w)))
            .collect();
        compiler.set.after_particle = after;
        compiler.set.not_before_particle = not_before;
        compiler.set.prepositions = prepositions;
        let scoring = scoring?;
        if let Some(file) = scoring_file {
            self.scoring(&file, &scoring, &categories, &stages);
        }
        let set = compiler.finish();
        Some(Lexicon {
            manifest: manifest?,
            hash: files.hash(),
            stages,
            scoring,
            categories,
            terms,
            rules,
            terminators,
            turns,
            sections,
            reporters,
            own_words,
            witnessed,
            others,
            genre,
            answers,
            boundaries: split_boundaries(&boundaries, abbreviations),
            set,
            sources,
            words,
            known_words,
        })
    }
}

fn split_boundaries(raw: &BoundariesFile, abbreviations: &str) -> Boundaries {
    let set = |list: &[String]| list.iter().map(|w| fold(w)).collect();
    let mut boundaries = Boundaries {
        openers: set(&raw.openers),
        comma_openers: set(&raw.comma_openers),
        list_ends: set(&raw.list_ends),
        alternatives: set(&raw.alternatives),
        ..Boundaries::default()
    };
    for line in abbreviations
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with("# "))
    {
        match line.strip_suffix(" $") {
            Some(word) => boundaries.soft_abbreviations.insert(fold(word)),
            None => boundaries.abbreviations.insert(fold(line)),
        };
    }
    boundaries
}
