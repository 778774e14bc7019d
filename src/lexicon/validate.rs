//! From files to a lexicon: everything is checked and all problems are reported at once.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use serde::de::DeserializeOwned;
use toml::Spanned;

use super::compile::{Classes, Compiler, Scope};
use super::files::Files;
use super::morphology::Words;
use super::notation::{self, Pattern};
use super::pattern::PatternId;
use super::raw::{
    BoundariesFile, CategoryFile, ClassesFile, CompoundsFile, ConditionEntry, ContextFile,
    FormsFile, Manifest, RuleEntry, Scoring, SectionsFile, StagesFile, TermEntry,
};
use super::{
    Answers, Category, Condition, Example, Genre, KnownWords, Lexicon, Place, Property, Reach,
    Rule, RuleScope, Section, Term, Tier,
};
use crate::error::{Diagnostic, Error, Result};
use crate::span::Lines;
use crate::span::Span;
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

struct Checker {
    problems: Vec<Diagnostic>,
}

/// One file while it is checked.
struct File<'a> {
    name: &'a str,
    text: &'a str,
    lines: Lines,
}

impl File<'_> {
    fn place(&self, offset: usize) -> Place {
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
    fn problem(&mut self, place: Place, message: impl Into<String>, help: impl Into<String>) {
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
                self.problem(
                    place,
                    error.message().to_owned(),
                    "see lexicons/README.md for the fields of this file",
                );
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
        let mut genre = Genre::default();
        let mut reporters = Vec::new();
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
            reporters.extend(self.patterns(&file, &context.reporters, scope, false, &mut compiler));
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
            sections,
            reporters,
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

    fn scoring(
        &mut self,
        file: &File<'_>,
        scoring: &Scoring,
        categories: &[Category],
        stages: &[super::raw::Stage],
    ) {
        let place = file.place(0);
        for id in scoring.caps.keys().chain(&scoring.midden.not_counted) {
            if !categories.iter().any(|c| c.id == *id) {
                self.problem(place.clone(), format!("`{id}` is no category"), "");
            }
        }
        for id in scoring
            .hoog_stages
            .iter()
            .chain(&scoring.stages_without_bonus)
        {
            if !stages.iter().any(|s| s.id == *id) {
                self.problem(place.clone(), format!("`{id}` is no stage"), "");
            }
        }
    }

    fn classes(
        &mut self,
        file: &File<'_>,
        raw: &BTreeMap<String, Vec<Spanned<String>>>,
        out: &mut Classes,
    ) {
        for (name, members) in raw {
            let list = out.entry(name.clone()).or_default();
            for member in members {
                match notation::parse(member.get_ref()) {
                    Ok(pattern) if pattern.parts.len() == 1 && !has_gap(&pattern) => {
                        list.push(pattern)
                    }
                    Ok(_) => self.problem(
                        file.place(member.span().start),
                        format!("a member of `<{name}>` has a gap or `&`"),
                        "classes hold words and phrases; put gaps into patterns",
                    ),
                    Err(problem) => self.problem(
                        shifted(file, member, problem.at),
                        problem.message,
                        "see the table in lexicons/README.md",
                    ),
                }
            }
        }
    }

    fn patterns(
        &mut self,
        file: &File<'_>,
        raw: &[Spanned<String>],
        scope: &Scope<'_>,
        fuzzy: bool,
        compiler: &mut Compiler<'_>,
    ) -> Vec<PatternId> {
        raw.iter()
            .filter_map(|p| self.pattern(file, p, scope, fuzzy, compiler))
            .collect()
    }

    fn pattern(
        &mut self,
        file: &File<'_>,
        raw: &Spanned<String>,
        scope: &Scope<'_>,
        fuzzy: bool,
        compiler: &mut Compiler<'_>,
    ) -> Option<PatternId> {
        match notation::parse(raw.get_ref()) {
            Ok(pattern) => match compiler.add(&pattern, scope, fuzzy) {
                Ok(id) => Some(id),
                Err(message) => {
                    self.problem(
                        file.place(raw.span().start),
                        format!("in `{}`: {message}", raw.get_ref()),
                        "",
                    );
                    None
                }
            },
            Err(problem) => {
                self.problem(
                    shifted(file, raw, problem.at),
                    format!("in `{}`: {}", raw.get_ref(), problem.message),
                    "see the table in lexicons/README.md",
                );
                None
            }
        }
    }

    fn categories(
        &mut self,
        parsed: &[(File<'_>, CategoryFile)],
        stages: &[super::raw::Stage],
    ) -> Vec<Category> {
        let mut list: Vec<Category> = Vec::new();
        for (file, raw) in parsed {
            let place = file.place(raw.id.span().start);
            let id = raw.id.get_ref();
            if file.name != format!("signals/{id}.toml") {
                self.problem(
                    place.clone(),
                    format!("the id `{id}` and the file name differ"),
                    format!("name the file signals/{id}.toml"),
                );
            }
            if list.iter().any(|c| c.id == *id) {
                continue; // an overlay adds terms
            }
            let stage = raw
                .stage
                .as_ref()
                .and_then(|s| stages.iter().position(|st| st.id == *s.get_ref()));
            let tier = raw.tier.as_ref().and_then(|t| Tier::named(t.get_ref()));
            match (stage, tier) {
                (Some(stage), Some(tier)) => list.push(Category {
                    id: id.clone(),
                    stage,
                    tier,
                    name: raw.name.clone().unwrap_or_else(|| id.clone()),
                    about: raw.about.clone().unwrap_or_default(),
                    naming: raw.naming,
                }),
                _ => self.problem(
                    place,
                    format!("category `{id}` needs a stage of stages.toml and a tier"),
                    "tier is background, soft, firm or hard",
                ),
            }
        }
        list.sort_by(|a, b| a.stage.cmp(&b.stage).then_with(|| a.id.cmp(&b.id)));
        list
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one call site; a struct would only rename the arguments"
    )]
    fn term(
        &mut self,
        file: &File<'_>,
        raw: &TermEntry,
        category: usize,
        categories: &[Category],
        scope: &Scope<'_>,
        compiler: &mut Compiler<'_>,
        sources: &BTreeMap<String, String>,
    ) -> Option<Term> {
        let place = file.place(raw.id.span().start);
        let owner = categories.get(category)?;
        let tier = match &raw.tier {
            Some(tier) => self.tier(file, tier)?,
            None => owner.tier,
        };
        if raw.patterns.is_empty() {
            self.problem(place.clone(), "the term has no patterns", "");
        }
        if raw.matches.is_empty() || raw.ignores.is_empty() {
            self.problem(
                place.clone(),
                format!(
                    "term `{}` needs at least one text in `matches` and one in `ignores`",
                    raw.id.get_ref()
                ),
                "",
            );
        }
        for source in &raw.sources {
            if !sources.contains_key(source.get_ref()) {
                self.problem(
                    file.place(source.span().start),
                    format!("source `{}` is not in sources.toml", source.get_ref()),
                    "",
                );
            }
        }
        if let Some(date) = &raw.reviewed
            && (date.len() != 10 || !date.is_ascii())
        {
            self.problem(place.clone(), "`reviewed` is a date as 2026-01-31", "");
        }
        let mut patterns = Vec::new();
        for written in &raw.patterns {
            let Some(id) = self.pattern(file, written, scope, raw.fuzzy, compiler) else {
                continue;
            };
            if compiler
                .set
                .patterns
                .get(id as usize)
                .is_some_and(|p| p.anchors.is_empty())
            {
                let message = format!("`{}` holds no word to look for", written.get_ref());
                self.problem(
                    file.place(written.span().start),
                    message,
                    "add a word or class that is always there",
                );
            }
            patterns.push(id);
        }
        let mut conditions =
            |checker: &mut Self, list: &[ConditionEntry], lifts: bool| -> Vec<Condition> {
                list.iter()
                    .filter_map(|c| checker.condition(file, c, lifts, scope, compiler))
                    .collect()
            };
        let unless = conditions(self, &raw.unless, false);
        let needs = conditions(self, &raw.needs, false);
        let lift = conditions(self, &raw.lift, true);
        let matches = self.examples(file, &raw.matches, true);
        let ignores = self.examples(file, &raw.ignores, false);
        Some(Term {
            id: format!("{}.{}", owner.id, raw.id.get_ref()),
            category,
            tier,
            patterns,
            written: raw.patterns.iter().map(|p| p.get_ref().clone()).collect(),
            unless,
            needs,
            lift,
            fuzzy: raw.fuzzy,
            urgent: raw.urgent,
            protective: raw.protective,
            reviewed: raw.reviewed.clone(),
            sources: raw.sources.iter().map(|s| s.get_ref().clone()).collect(),
            matches,
            ignores,
            place,
        })
    }

    fn tier(&mut self, file: &File<'_>, raw: &Spanned<String>) -> Option<Tier> {
        let tier = Tier::named(raw.get_ref());
        if tier.is_none() {
            self.problem(
                file.place(raw.span().start),
                format!("`{}` is no tier", raw.get_ref()),
                "background, soft, firm or hard",
            );
        }
        tier
    }

    fn condition(
        &mut self,
        file: &File<'_>,
        raw: &ConditionEntry,
        lifts: bool,
        scope: &Scope<'_>,
        compiler: &mut Compiler<'_>,
    ) -> Option<Condition> {
        let reach = match raw.scope.get_ref().as_str() {
            "clause" => Reach::Clause,
            "sentence" => Reach::Sentence,
            "section" => Reach::Section,
            "document" => Reach::Document,
            other => {
                self.problem(
                    file.place(raw.scope.span().start),
                    format!("`{other}` is no scope"),
                    "clause, sentence, section or document",
                );
                return None;
            }
        };
        let tier = match &raw.tier {
            Some(tier) => Some(self.tier(file, tier)?),
            None => None,
        };
        if lifts != tier.is_some() {
            self.problem(
                file.place(raw.has.span().start),
                "a `lift` names a tier; `unless` and `needs` do not",
                "",
            );
        }
        let pattern = self.pattern(file, &raw.has, scope, false, compiler)?;
        Some(Condition {
            reach,
            pattern,
            written: raw.has.get_ref().clone(),
            tier,
        })
    }

    fn rule(
        &mut self,
        file: &File<'_>,
        raw: &RuleEntry,
        property: Property,
        categories: &[Category],
        scope: &Scope<'_>,
        compiler: &mut Compiler<'_>,
    ) -> Option<Rule> {
        let place = file.place(raw.id.span().start);
        let value = raw.value.get_ref();
        if !value.is_empty() && !property.values().contains(&value.as_str()) {
            self.problem(
                file.place(raw.value.span().start),
                format!("`{value}` is no value of {}", property.as_str()),
                format!(
                    "one of {}, or empty for a pseudo-trigger",
                    property.values().join(", ")
                ),
            );
        }
        let mut directions = [false; 3];
        for direction in &raw.direction {
            match direction.get_ref().as_str() {
                "before" => directions[0] = true,
                "after" => directions[1] = true,
                "inside" => directions[2] = true,
                other => self.problem(
                    file.place(direction.span().start),
                    format!("`{other}` is no direction"),
                    "before, after or inside",
                ),
            }
        }
        let reach = match raw.scope.get_ref().as_str() {
            "clause" => RuleScope::Clause,
            "sentence" => RuleScope::Sentence,
            "next" => RuleScope::Next,
            "field" => RuleScope::Field,
            other => {
                self.problem(
                    file.place(raw.scope.span().start),
                    format!("`{other}` is no scope"),
                    "clause, sentence, next or field",
                );
                return None;
            }
        };
        let matches = self.examples(file, &raw.matches, true);
        let ignores = self.examples(file, &raw.ignores, true);
        if matches.is_empty() && !value.is_empty() {
            self.problem(
                place.clone(),
                format!("rule `{}` needs a text in `matches`", raw.id.get_ref()),
                "mark the signal in it with [[...]]",
            );
        }
        Some(Rule {
            id: format!("{}.{}", property.as_str(), raw.id.get_ref()),
            property,
            value: value.clone(),
            kind: raw.kind.clone().unwrap_or_default(),
            before: directions[0],
            after: directions[1],
            inside: directions[2],
            scope: reach,
            max: raw.max,
            priority: raw.priority,
            through: raw.through,
            list: raw.list,
            no_commas: raw.no_commas,
            spelled: raw.spelled,
            patterns: self.patterns(file, &raw.patterns, scope, false, compiler),
            unless: self.patterns(file, &raw.unless, scope, false, compiler),
            ends: self.patterns(file, &raw.ends, scope, false, compiler),
            opens: self.patterns(file, &raw.opens, scope, false, compiler),
            categories: self.rule_categories(file, raw, categories),
            matches,
            ignores,
            place,
        })
    }

    /// Numbers of the categories that a rule is for; empty for all.
    fn rule_categories(
        &mut self,
        file: &File<'_>,
        raw: &RuleEntry,
        categories: &[Category],
    ) -> Vec<usize> {
        let mut numbers = |list: &[Spanned<String>]| -> Vec<usize> {
            let mut found = Vec::new();
            for id in list {
                match categories.iter().position(|c| c.id == *id.get_ref()) {
                    Some(n) => found.push(n),
                    None => self.problem(
                        file.place(id.span().start),
                        format!("`{}` is no category", id.get_ref()),
                        "",
                    ),
                }
            }
            found
        };
        let (only, never) = (numbers(&raw.categories), numbers(&raw.not_categories));
        if only.is_empty() && never.is_empty() {
            return Vec::new();
        }
        (0..categories.len())
            .filter(|n| (only.is_empty() || only.contains(n)) && !never.contains(n))
            .collect()
    }

    fn examples(&mut self, file: &File<'_>, raw: &[Spanned<String>], marked: bool) -> Vec<Example> {
        let mut list = Vec::new();
        for text in raw {
            let place = file.place(text.span().start);
            let written = text.get_ref();
            let (Some(open), Some(close)) = (written.find("[["), written.find("]]")) else {
                if marked {
                    self.problem(place.clone(), "the stretch is not marked with [[...]]", "");
                } else {
                    list.push(Example {
                        text: written.clone(),
                        marked: None,
                        place,
                    });
                }
                continue;
            };
            let text = written.replacen("[[", "", 1).replacen("]]", "", 1);
            let span = Span::new(open.min(close), close.saturating_sub(2).max(open));
            list.push(Example {
                text,
                marked: Some(span),
                place,
            });
        }
        list
    }
}

fn has_gap(pattern: &Pattern) -> bool {
    fn gap(items: &[notation::Item]) -> bool {
        items.iter().any(|i| match i {
            notation::Item::Gap { .. } => true,
            notation::Item::Alternatives(list) => list.iter().any(|l| gap(l)),
            notation::Item::Quoted(items) => gap(items),
            _ => false,
        })
    }
    pattern.parts.iter().any(|p| gap(p))
}

/// Place of character `at` of a pattern: one quotation mark stands before it in the file.
fn shifted(file: &File<'_>, raw: &Spanned<String>, at: usize) -> Place {
    let mut place = file.place(raw.span().start);
    place.column += at + 1;
    place
}

fn split_boundaries(raw: &BoundariesFile, abbreviations: &str) -> Boundaries {
    let set = |list: &[String]| list.iter().map(|w| fold(w)).collect();
    let mut boundaries = Boundaries {
        openers: set(&raw.openers),
        comma_openers: set(&raw.comma_openers),
        list_ends: set(&raw.list_ends),
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
