//! `lexicon`: check, show, stats, try.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::io::Read;
use std::path::Path;

use signaalbril::lexicon::{Condition, Files, KnownWords, Term, Tier};
use signaalbril::text::{View, fold};
use signaalbril::{Analyzer, Error, Lexicon, Result, context, matcher};

use super::{load, print};
use crate::args::{LexiconChoice, LexiconCommand, Reading};
use crate::exit::Code;
use crate::progress::{printable, say};

pub(crate) fn run(command: &LexiconCommand) -> Result<Code> {
    match command {
        LexiconCommand::Check {
            background,
            lexicon,
            reading,
        } => check(lexicon, background, reading),
        LexiconCommand::Show { id, lexicon } => show(id, lexicon),
        LexiconCommand::Stats(choice) => stats(choice),
        LexiconCommand::Try {
            pattern,
            text,
            lexicon,
        } => try_pattern(pattern, text.as_deref(), lexicon),
        LexiconCommand::Suggest(args) => super::suggest::run(args),
        LexiconCommand::KnownWords { words, out } => known_words(words, out),
    }
}

fn check(choice: &LexiconChoice, background: &[String], reading: &Reading) -> Result<Code> {
    let analyzer = Analyzer::new(load(choice)?)?;
    let lexicon = analyzer.lexicon();
    let mut problems = matcher::selftest::terms(lexicon);
    problems.extend(context::selftest::rules(lexicon, analyzer.context()));
    for problem in &problems {
        print(&format!("{problem}\n"))?;
    }
    let mut warnings = matcher::lint::terms(lexicon, analyzer.matcher());
    // Who checks an overlay is asked about the overlay.
    let mut beneath = 0;
    if !choice.overlay.is_empty() {
        let none: [&Path; 0] = [];
        let base = Analyzer::new(Lexicon::load(choice.lexicon.as_deref(), &none)?)?;
        let known = matcher::lint::terms(base.lexicon(), base.matcher());
        let all = warnings.len();
        warnings.retain(|w| !known.contains(w));
        beneath = all - warnings.len();
    }
    if !background.is_empty() {
        let mut hits: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let mut bytes = 0;
        for analysis in super::analyses(&analyzer, background, reading)? {
            bytes += analysis.text.len();
            for finding in analysis.findings.into_iter().filter(|f| f.active) {
                hits.entry(finding.term)
                    .or_default()
                    .push(finding.text.to_lowercase().replace('\n', " "));
            }
        }
        warnings.extend(matcher::lint::in_background(lexicon, &hits, bytes));
    }
    for warning in &warnings {
        print(&printable(&format!("warning: {warning}\n")))?;
    }
    let examples: usize = lexicon
        .terms
        .iter()
        .map(|t| t.matches.len() + t.ignores.len())
        .sum();
    say(&format!(
        "{} terms, {} rules, {examples} examples of terms: {} problem(s), {} warning(s){}",
        lexicon.terms.len(),
        lexicon.rules.len(),
        problems.len(),
        warnings.len(),
        match beneath {
            0 => String::new(),
            n => format!("; {n} of the lexicon beneath, without the overlay, are not shown"),
        }
    ));
    Ok(if problems.is_empty() {
        Code::Done
    } else {
        Code::Unread
    })
}

fn stats(choice: &LexiconChoice) -> Result<Code> {
    let analyzer = Analyzer::new(load(choice)?)?;
    let lexicon = analyzer.lexicon();
    let mut out = format!(
        "{} {} ({})\n",
        lexicon.manifest.id, lexicon.manifest.version, lexicon.hash
    );
    let (literals, bytes) = analyzer.matcher().size();
    let _ = writeln!(
        out,
        "terms {}, patterns {}, context rules {}, words {}, literals in the automaton {literals} ({bytes} bytes)",
        lexicon.terms.len(),
        lexicon.set.patterns.len(),
        lexicon.rules.len(),
        lexicon.set.names.len()
    );
    let _ = writeln!(
        out,
        "{:<24} {:>6} {:>9} {:>8} {:>8}",
        "category", "terms", "patterns", "matches", "ignores"
    );
    for (n, category) in lexicon.categories.iter().enumerate() {
        let terms: Vec<&Term> = lexicon.terms.iter().filter(|t| t.category == n).collect();
        let sum = |count: &dyn Fn(&Term) -> usize| terms.iter().map(|t| count(t)).sum::<usize>();
        let _ = writeln!(
            out,
            "{:<24} {:>6} {:>9} {:>8} {:>8}",
            category.id,
            terms.len(),
            sum(&|t| t.patterns.len()),
            sum(&|t| t.matches.len()),
            sum(&|t| t.ignores.len())
        );
    }
    let mut tiers: BTreeMap<Tier, usize> = BTreeMap::new();
    for term in &lexicon.terms {
        *tiers.entry(term.tier).or_default() += 1;
    }
    let list: Vec<String> = tiers
        .iter()
        .map(|(t, n)| format!("{} {n}", t.as_str()))
        .collect();
    let _ = writeln!(out, "tiers: {}", list.join(", "));
    print(&out)?;
    Ok(Code::Done)
}

fn show(id: &str, choice: &LexiconChoice) -> Result<Code> {
    let lexicon = load(choice)?;
    let mut out = String::new();
    if let Some((n, category)) = lexicon
        .categories
        .iter()
        .enumerate()
        .find(|(_, c)| c.id == id)
    {
        let stage = lexicon
            .stages
            .get(category.stage)
            .map_or("", |s| s.id.as_str());
        let _ = writeln!(
            out,
            "{} ({}), stage {stage}, tier {}\n{}",
            category.id,
            category.name,
            category.tier.as_str(),
            category.about
        );
        for term in lexicon.terms.iter().filter(|t| t.category == n) {
            let _ = writeln!(
                out,
                "  {:<44} {:<10} {}",
                term.id,
                term.tier.as_str(),
                term.written.join("  |  ")
            );
        }
    } else if let Some(term) =
        (lexicon.terms.iter().find(|t| t.id == id)).or_else(|| only(&lexicon, id))
    {
        show_term(&mut out, &lexicon, term);
    } else {
        let near: Vec<&str> = lexicon
            .terms
            .iter()
            .map(|t| t.id.as_str())
            .filter(|t| t.contains(id))
            .take(8)
            .collect();
        let hint = if near.is_empty() {
            lexicon.categories.iter().map(|c| c.id.as_str()).collect()
        } else {
            near
        };
        return Err(Error::Usage(format!(
            "no category or term `{id}`; there are {}",
            hint.join(", ")
        )));
    }
    print(&out)?;
    Ok(Code::Done)
}

/// The one term whose id, without its category, is `id`.
fn only<'a>(lexicon: &'a Lexicon, id: &str) -> Option<&'a Term> {
    let own = |t: &&Term| t.id.split_once('.').is_some_and(|(_, own)| own == id);
    let mut terms = lexicon.terms.iter().filter(own);
    terms.next().filter(|_| terms.next().is_none())
}

fn show_term(out: &mut String, lexicon: &Lexicon, term: &Term) {
    let _ = writeln!(
        out,
        "{}, tier {} ({}:{})",
        term.id,
        term.tier.as_str(),
        term.place.file,
        term.place.line
    );
    for pattern in &term.written {
        let _ = writeln!(out, "  pattern  {pattern}");
    }
    let lemmas: BTreeSet<&str> = (term.written.iter())
        .flat_map(|p| p.split('{').skip(1))
        .filter_map(|p| p.split('}').next())
        .flat_map(|names| names.split('|'))
        .map(str::trim)
        .collect();
    for lemma in lemmas {
        if let Some(forms) = lexicon.words.forms(lemma) {
            let apart = forms.split.map_or_else(String::new, |s| {
                format!(", apart: {} ... {}", s.finite.join("/"), s.particle)
            });
            let all = [forms.words, forms.phrases].concat().join(", ");
            let _ = writeln!(out, "  forms    {lemma}: {all}{apart}");
        }
    }
    let mut list = |name: &str, conditions: &[Condition]| {
        for c in conditions {
            let tier = c
                .tier
                .map_or_else(String::new, |t| format!(" -> {}", t.as_str()));
            let _ = writeln!(out, "  {name}   {:?}: {}{tier}", c.reach, c.written);
        }
    };
    list("unless", &term.unless);
    list("needs ", &term.needs);
    list("lift  ", &term.lift);
    for source in &term.sources {
        let _ = writeln!(
            out,
            "  source   {}",
            lexicon
                .sources
                .get(source)
                .map_or(source.as_str(), String::as_str)
        );
    }
    for (name, mark) in [
        ("fuzzy", term.fuzzy),
        ("urgent", term.urgent),
        ("protective", term.protective),
    ] {
        if mark {
            let _ = writeln!(out, "  mark     {name}");
        }
    }
    if let Some(date) = &term.reviewed {
        let _ = writeln!(out, "  slang, reviewed {date}");
    }
    for example in &term.matches {
        let _ = writeln!(out, "  matches  {}", example.text);
    }
    for example in &term.ignores {
        let _ = writeln!(out, "  ignores  {}", example.text);
    }
}

/// Compiles the pattern as a term of an overlay and runs it.
fn try_pattern(pattern: &str, text: Option<&str>, choice: &LexiconChoice) -> Result<Code> {
    let text = match text {
        Some(text) => text.to_owned(),
        None => {
            let mut text = String::new();
            std::io::stdin()
                .lock()
                .read_to_string(&mut text)
                .map_err(Error::io("read", "standard input"))?;
            text
        }
    };
    let mut files = match &choice.lexicon {
        Some(directory) => Files::read(directory)?,
        None => Files::builtin(),
    };
    for overlay in &choice.overlay {
        files.overlay(Files::read(overlay)?);
    }
    let base = Lexicon::from_files(&files)?;
    let category = base
        .categories
        .first()
        .ok_or_else(|| Error::Usage("the lexicon has no category".to_owned()))?;
    let quoted = toml::Value::String(pattern.to_owned()).to_string();
    let term = format!(
        "id = \"{}\"\n[[terms]]\nid = \"probeer\"\npatterns = [{quoted}]\nmatches = [\"[[x]]\"]\nignores = [\"x\"]\n",
        category.id
    );
    let mut overlay = Files::default();
    overlay.layers.push(BTreeMap::from([(
        format!("signals/{}.toml", category.id),
        term.into_bytes(),
    )]));
    files.overlay(overlay);
    let lexicon = Lexicon::from_files(&files)?;
    let wanted = format!("{}.probeer", category.id);
    let number = lexicon
        .terms
        .iter()
        .position(|t| t.id == wanted)
        .unwrap_or_default();
    let view = View::new(&text, &lexicon.boundaries);
    let found = matcher::selftest::matches_of(&lexicon, &view, number);
    for hit in &found {
        let span = view.span(hit.tokens.clone());
        print(&format!(
            "{}\n",
            printable(&span.slice(&text).replace('\n', " "))
        ))?;
    }
    say(&format!("{} match(es)", found.len()));
    Ok(Code::Done)
}

fn known_words(words: &Path, out: &Path) -> Result<Code> {
    let text = std::fs::read_to_string(words).map_err(Error::io("read", words))?;
    let mut list: Vec<String> = text
        .lines()
        .map(fold)
        .filter(|w| {
            w.len() >= matcher::fuzzy::SHORTEST && w.chars().all(|c| c.is_ascii_lowercase())
        })
        .collect();
    list.sort();
    list.dedup();
    let packed = KnownWords::pack(list.iter().map(String::as_str));
    std::fs::write(out, &packed).map_err(Error::io("write", out))?;
    say(&format!("{} words in {} bytes", list.len(), packed.len()));
    Ok(Code::Done)
}
