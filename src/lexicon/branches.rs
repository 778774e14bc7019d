//! What an item of a pattern stands for: single words, compound parts, split verbs and longer branches; and their steps.

use std::rc::Rc;

use super::compile::{Compiler, DEPTH};
use super::notation::{Item, Stem};
use super::pattern::{Affix, Step, WordId};
use super::scope::Scope;
use super::starts::{Starts, Switch};
use crate::text::fold;

/// What an item stands for.
#[derive(Debug, Default)]
pub(super) struct Branches {
    pub(super) words: Vec<WordId>,
    pub(super) affixes: Vec<Affix>,
    pub(super) splits: Vec<(u32, WordId)>,
    pub(super) longer: Vec<Rc<[Item]>>,
    pub(super) optional: bool,
}

impl Branches {
    fn add(&mut self, other: &Self) {
        self.words.extend_from_slice(&other.words);
        self.affixes.extend_from_slice(&other.affixes);
        self.splits.extend_from_slice(&other.splits);
        self.longer.extend_from_slice(&other.longer);
        self.optional |= other.optional;
    }
}

impl Compiler<'_> {
    /// Sorts what an item stands for into single words, compound parts, split verbs and longer branches.
    pub(super) fn branches(
        &mut self,
        item: &Item,
        scope: &Scope<'_>,
        depth: usize,
        out: &mut Branches,
    ) -> Result<(), String> {
        if depth > DEPTH {
            return Err("classes are nested too deeply (does one name itself?)".to_owned());
        }
        match item {
            Item::Word(word) => {
                let id = self.intern(word);
                out.words.push(id);
            }
            Item::Lemma(names) => {
                for name in names {
                    let forms = self.forms(name)?;
                    for form in &forms.words {
                        self.form(form, out);
                    }
                    for phrase in &forms.phrases {
                        self.form(phrase, out);
                    }
                    if let Some(split) = forms.split {
                        let finite: Vec<WordId> =
                            split.finite.iter().map(|f| self.intern(&fold(f))).collect();
                        let particle = self.intern(&fold(&split.particle));
                        let set = self.word_set(finite);
                        out.splits.push((set, particle));
                    }
                }
            }
            Item::Compound {
                before,
                stem,
                after,
            } => {
                let add = |stem: String, out: &mut Branches| {
                    out.affixes.push(Affix {
                        stem,
                        before: *before,
                        after: *after,
                    })
                };
                match stem {
                    Stem::Word(word) => add(word.clone(), out),
                    Stem::Lemma(names) => {
                        for name in names {
                            for form in self.forms(name)?.words {
                                let form = fold(&form);
                                if form.chars().all(char::is_alphabetic) {
                                    add(form, out);
                                }
                            }
                        }
                    }
                }
            }
            Item::Class(name) => {
                let known = scope.members.borrow().get(name).cloned();
                let members = match known {
                    Some(members) => members,
                    None => {
                        let members = Rc::new(self.members(name, scope, depth)?);
                        (scope.members.borrow_mut()).insert(name.clone(), Rc::clone(&members));
                        members
                    }
                };
                out.add(&members);
            }
            Item::Alternatives(list) => {
                for items in list {
                    self.alternative(items, scope, depth + 1, out)?;
                }
            }
            Item::Quoted(_) | Item::Gap { .. } | Item::Recogniser { .. } => {
                out.longer.push([item.clone()].into())
            }
        }
        Ok(())
    }

    /// What a class stands for.
    fn members(&mut self, name: &str, scope: &Scope<'_>, depth: usize) -> Result<Branches, String> {
        let members = scope
            .class(name)
            .ok_or_else(|| format!("class `<{name}>` is not known"))?;
        let mut out = Branches::default();
        for member in members {
            let [items] = member.parts.as_slice() else {
                return Err(format!("class `<{name}>` has a member with `&`"));
            };
            self.alternative(items, scope, depth + 1, &mut out)?;
        }
        Ok(out)
    }

    fn alternative(
        &mut self,
        items: &[Item],
        scope: &Scope<'_>,
        depth: usize,
        out: &mut Branches,
    ) -> Result<(), String> {
        match items {
            [] => out.optional = true,
            [item] => self.branches(item, scope, depth, out)?,
            _ => out.longer.push(items.into()),
        }
        Ok(())
    }

    /// A generated form: one word or several.
    fn form(&mut self, form: &str, out: &mut Branches) {
        let folded = fold(form);
        let words: Vec<&str> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .collect();
        match words.as_slice() {
            [word] => {
                let id = self.intern(word);
                out.words.push(id);
            }
            words => out
                .longer
                .push(words.iter().map(|w| Item::Word((*w).to_owned())).collect()),
        }
    }

    /// The steps of branches that are tried in order.
    pub(super) fn emit(
        &mut self,
        mut branches: Branches,
        scope: &Scope<'_>,
        depth: usize,
    ) -> Result<Vec<Step>, String> {
        // Longer branches first, so that the longest reading wins.
        branches
            .longer
            .sort_by_key(|items| std::cmp::Reverse(items.len()));
        branches.longer.dedup();
        let mut codes: Vec<Vec<Step>> = Vec::new();
        for items in branches.longer {
            codes.push(self.sequence(&items, scope, depth + 1)?);
        }
        for (set, particle) in branches.splits {
            codes.push(vec![Step::Split(set, particle)]);
        }
        if !branches.words.is_empty() {
            codes.push(vec![Step::Set(self.word_set(branches.words))]);
        }
        if !branches.affixes.is_empty() {
            branches.affixes.sort_by(|a, b| {
                b.stem
                    .len()
                    .cmp(&a.stem.len())
                    .then_with(|| a.stem.cmp(&b.stem))
            });
            branches.affixes.dedup();
            codes.push(vec![Step::Affix(self.affix_group(branches.affixes))]);
        }
        if branches.optional {
            codes.push(Vec::new());
        }
        Ok(if codes.len() < SWITCHED {
            forked(codes)
        } else {
            self.switched(codes)
        })
    }

    /// Branches looked up by the word they begin with.
    fn switched(&mut self, codes: Vec<Vec<Step>>) -> Vec<Step> {
        let mut steps = vec![Step::Match];
        let mut targets = Vec::with_capacity(codes.len());
        let mut ends = Vec::new();
        for code in &codes {
            let base = steps.len() as u32;
            targets.push(base);
            steps.extend(code.iter().map(|s| s.shifted(base)));
            ends.push(steps.len());
            steps.push(Step::Match);
        }
        // The last one needs no jump to the end.
        steps.pop();
        ends.pop();
        let end = steps.len() as u32;
        for at in ends {
            steps[at] = Step::Jump(end);
        }
        steps[0] = Step::Switch(match self.switch_numbers.get(&codes) {
            Some(n) => *n,
            None => {
                let starts: Vec<Starts> = codes.iter().map(|c| self.starts(c)).collect();
                let n = self.set.switches.len() as u32;
                let switch = Switch::new(&starts, &targets, &self.set);
                self.set.switches.push(switch);
                self.switch_numbers.insert(codes, n);
                n
            }
        });
        steps
    }
}

/// Branches tried one after the other.
fn forked(codes: Vec<Vec<Step>>) -> Vec<Step> {
    let last = codes.len().saturating_sub(1);
    let mut steps: Vec<Step> = Vec::new();
    let mut ends = Vec::new();
    for (n, code) in codes.into_iter().enumerate() {
        if n < last {
            let base = steps.len() as u32;
            steps.push(Step::Fork(base + 1, base + code.len() as u32 + 2));
        }
        let shift = steps.len() as u32;
        steps.extend(code.into_iter().map(|s| s.shifted(shift)));
        if n < last {
            ends.push(steps.len());
            steps.push(Step::Match);
        }
    }
    let end = steps.len() as u32;
    for at in ends {
        steps[at] = Step::Jump(end);
    }
    steps
}

/// From so many branches on they are looked up by their first word.
const SWITCHED: usize = 3;
