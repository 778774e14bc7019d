//! Checks the entries of lexicon files, one kind a method: categories, terms, conditions, rules, classes, scoring. Every problem is noted
//! with its place, and the rest goes on.

use std::collections::BTreeMap;

use toml::Spanned;

use super::compile::Compiler;
use super::notation::{self, Pattern};
use super::pattern::PatternId;
use super::raw::{CategoryFile, ConditionEntry, RuleEntry, Scoring, TermEntry};
use super::scope::{Classes, Scope};
use super::validate::{Checker, File};
use super::{Category, Condition, Example, Place, Property, Reach, Rule, RuleScope, Term, Tier};
use crate::span::Span;

impl Checker {
    pub(super) fn scoring(
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

    pub(super) fn classes(
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

    pub(super) fn patterns(
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

    /// A pattern that may be the same as another one of the file.
    pub(super) fn pattern(
        &mut self,
        file: &File<'_>,
        raw: &Spanned<String>,
        scope: &Scope<'_>,
        fuzzy: bool,
        compiler: &mut Compiler<'_>,
    ) -> Option<PatternId> {
        let key = (raw.get_ref().clone(), fuzzy);
        if let Some(id) = scope.patterns.borrow().get(&key) {
            return Some(*id);
        }
        let id = self.own_pattern(file, raw, scope, fuzzy, compiler)?;
        scope.patterns.borrow_mut().insert(key, id);
        Some(id)
    }

    /// A pattern with a number of its own.
    fn own_pattern(
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

    pub(super) fn categories(
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
    pub(super) fn term(
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
            let Some(id) = self.own_pattern(file, written, scope, raw.fuzzy, compiler) else {
                continue;
            };
            if compiler
                .set
                .patterns
                .get(id as usize)
                .is_some_and(|p| p.found_by.is_none())
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

    pub(super) fn tier(&mut self, file: &File<'_>, raw: &Spanned<String>) -> Option<Tier> {
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

    pub(super) fn condition(
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

    pub(super) fn rule(
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
            not_witnessed: raw.not_witnessed,
            ends: self.patterns(file, &raw.ends, scope, false, compiler),
            opens: self.patterns(file, &raw.opens, scope, false, compiler),
            categories: self.rule_categories(file, raw, categories),
            matches,
            ignores,
            place,
        })
    }

    /// Numbers of the categories that a rule is for; empty for all.
    pub(super) fn rule_categories(
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

    pub(super) fn examples(
        &mut self,
        file: &File<'_>,
        raw: &[Spanned<String>],
        marked: bool,
    ) -> Vec<Example> {
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
