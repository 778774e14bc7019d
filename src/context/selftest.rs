//! Runs the `matches` and `ignores` of every context rule.

use rustc_hash::FxHashSet;

use super::ContextDetector;
use crate::error::Diagnostic;
use crate::lexicon::{Example, Lexicon, Rule};
use crate::matcher::{Clock, Machine, Scan, TextWords};
use crate::text::View;

/// All examples that do not hold.
#[must_use]
pub fn rules(lexicon: &Lexicon, detector: &ContextDetector) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for rule in &lexicon.rules {
        for (examples, wanted) in [(&rule.matches, true), (&rule.ignores, false)] {
            for example in examples {
                let decided = decided(lexicon, detector, example, rule);
                // A text may hold cues of several rules: what it shows is that the rule's value comes out.
                let of = |id: &String| lexicon.rules.iter().find(|r| r.id == *id);
                let same = |id: &String| of(id).is_some_and(|r| r.value == rule.value);
                let holds = if wanted {
                    decided.iter().any(same)
                } else {
                    !decided.contains(&rule.id)
                };
                if !holds {
                    let message = if wanted {
                        "does not decide"
                    } else {
                        "decides, but must not"
                    };
                    problems.push(Diagnostic {
                        file: example.place.file.clone(),
                        line: example.place.line,
                        column: example.place.column,
                        message: format!("{}: \"{}\" {message}", rule.id, example.text),
                        help: format!(
                            "deciding rules: {}",
                            if decided.is_empty() {
                                "none".to_owned()
                            } else {
                                decided.join(", ")
                            }
                        ),
                    });
                }
            }
        }
    }
    problems.sort();
    problems
}

fn decided(
    lexicon: &Lexicon,
    detector: &ContextDetector,
    example: &Example,
    rule: &Rule,
) -> Vec<String> {
    let view = View::new(&example.text, &lexicon.boundaries);
    let words = TextWords::new(&view, &lexicon.set);
    // Notes of the examples are dated in the middle of 2024.
    let clock = Clock {
        date: time::Date::from_calendar_date(2024, time::Month::June, 15).ok(),
        age: None,
    };
    let machine = Machine::new(&words, clock);
    let context = detector.document(lexicon, machine, &Scan::default(), FxHashSet::default());
    let Some(marked) = example.marked else {
        return Vec::new();
    };
    let (_, cues) = context.qualify(view.tokens_in(marked), &[], None);
    cues.into_iter()
        .filter(|c| c.property == rule.property)
        .map(|c| c.rule)
        .collect()
}
