//! Forms: tick boxes, answered and unanswered questions, headings without content.

use std::borrow::Cow;
use std::ops::Range;

use super::heading::in_label;
use super::row::is_cell;
use super::{Claim, DocumentContext, FORM_PRIORITY, Verdict};
use crate::lexicon::{Lexicon, Property};
use crate::matcher::Openings;
use crate::text::{DIGIT, HARD, LINE, TICKED, UNTICKED, View};

/// Whether `answer` answers the label or question that holds the signal.
pub(super) fn is_answer(view: &View, signal: &Range<usize>, answer: &Range<usize>) -> bool {
    in_label(view, signal) && !in_label(view, answer) && answer.start >= signal.end
}

/// Most words of a fragment.
const FRAGMENT: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is so.
    Yes,
    /// It is not.
    No,
    /// Nobody knows.
    Unsure,
}

/// What a letter stands for in "J/N".
fn letter(word: &str) -> Option<Answer> {
    match word {
        "j" => Some(Answer::Yes),
        "n" => Some(Answer::No),
        _ => None,
    }
}

/// The answers of forms, ready to be asked for.
#[derive(Debug)]
pub(super) struct Answers {
    /// What each answer is said by, in the order in which they are asked for.
    said: [(Openings, Answer); 3],
    follow_up: Openings,
    asks: Openings,
}

impl Answers {
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let list = &lexicon.answers;
        let openings = |patterns| Openings::new(lexicon, patterns);
        Self {
            said: [
                (openings(&list.unsure), Answer::Unsure),
                (openings(&list.no), Answer::No),
                (openings(&list.yes), Answer::Yes),
            ],
            follow_up: openings(&list.follow_up),
            asks: openings(&list.asks),
        }
    }
}

impl<'a> DocumentContext<'a> {
    /// What boxes and answers say about the signal.
    pub(super) fn form(&self, target: &Range<usize>, verdict: &mut Verdict<'a>) {
        let view = self.machine.words.view;
        let Some(token) = view.tokens.get(target.start) else {
            return;
        };
        let sentence = view.sentence(target.start);
        // The item's own box stands before its clause.
        let item = view.clause(target.start);
        let own = view.tokens.get(item.start).map_or(0, |t| t.flags);
        let boxed = if own & UNTICKED != 0 {
            Some(("absent", "form.unticked"))
        } else if own & TICKED != 0 {
            // A ticked risk is one that was seen.
            Some(("present", "form.ticked"))
        } else {
            None
        };
        if let Some((presence, rule)) = boxed {
            let at = item.start..item.start + 1;
            self.say(
                verdict,
                Property::Temporality,
                "current",
                "box",
                rule,
                at.clone(),
            );
            return self.say(verdict, Property::Presence, presence, "box", rule, at);
        }
        if self.boxes(target, &sentence, verdict) {
            return;
        }
        // A row: the item, a wide gap or colon, the answer up to the end of the line.
        let wide = |t: usize| is_cell(view, t) || view.gap(t).contains(':');
        // "Weglopen    ?"
        let cell = view.gap(target.end).strip_prefix("  ");
        let cell = cell.or_else(|| view.gap(target.end).strip_prefix(['\t', '|']));
        if cell.is_some_and(|c| c.trim_start().starts_with('?')) {
            return self.answered(verdict, &Answer::Unsure, "form.mark", target.clone());
        }
        // A minus right behind the item: "schulden (-)", "alcohol -, drugs -".
        let behind = view.gap(target.end).trim_start();
        if behind.starts_with("(-)") || behind.starts_with("-,") || behind.starts_with("-;") {
            return self.minus(target, verdict);
        }
        // Several fields in a row: the answer right behind the item is its own.
        if target.end < sentence.end && (wide(target.end) || view.gap(target.end) == " - ") {
            let field = target.end..view.clause(target.end).end.min(sentence.end);
            let comma = |t: &usize| view.tokens.get(*t).is_some_and(|t| t.has(HARD));
            let end = (field.start + 1..field.end)
                .find(comma)
                .unwrap_or(field.end);
            if self.printed(field.start..field.end, verdict) {
                return;
            }
            if end - field.start <= 4
                && let Some(answer) = self.answer(field.start..end)
            {
                return self.answered(verdict, &answer, "form.row", field.start..field.start + 1);
            }
        }
        // "Oma: suïcidepoging; opa: nvt": what follows a semicolon is another row.
        let row_end = (target.end..sentence.end)
            .find(|t| view.gap(*t).contains(';'))
            .unwrap_or(sentence.end);
        if let Some(at) = (target.end..row_end).rev().find(|t| wide(*t))
            && row_end == sentence.end
            && sentence.end - at <= 4
            && let Some(answer) = self.answer(at..sentence.end)
        {
            return self.answered(verdict, &answer, "form.row", at..at + 1);
        }
        let tail = view
            .gap(sentence.end)
            .split('\n')
            .next()
            .unwrap_or_default()
            .trim_end();
        if tail.ends_with(": -") || tail.ends_with(":-") || tail.trim() == "-" {
            return self.minus(target, verdict);
        }
        let next = self.after_label(sentence.end..view.sentence(sentence.end).end);
        let printed = self.choice(&next);
        let reply = || {
            let start = printed.as_ref().map_or(next.start, |p| p.end);
            self.answer(start..(start + 4).min(next.end))
        };
        let question = view
            .sentences
            .get(token.sentence as usize)
            .is_some_and(|s| s.question);
        // What is asked stands in the last clause: "Ik heb geen oudere vriend, waar halen jullie dat vandaan?" is no question about it.
        if question && view.clause(target.end.max(1) - 1).end >= sentence.end {
            let doubted = verdict.value(Property::Presence) == Some("uncertain");
            // A question with its answer behind it, a doubt, one that will be looked into, or a question in general.
            match reply() {
                Some(answer) => {
                    self.answered(verdict, &answer, "form.answer", next.start..next.start + 1)
                }
                None if view.gap(sentence.end).starts_with("  ")
                    || self.is_doubt(target, &sentence) =>
                {
                    self.answered(verdict, &Answer::Unsure, "form.mark", target.clone())
                }
                None if self.detector.answers.follow_up.begin(&self.machine, &next) => self
                    .answered(
                        verdict,
                        &Answer::Unsure,
                        "form.follow_up",
                        next.start..next.start + 1,
                    ),
                None if printed.is_some() => self.unanswered(verdict, printed.unwrap_or_default()),
                None if doubted => {}
                None => self.say(
                    verdict,
                    Property::Generic,
                    "yes",
                    "question",
                    "form.question",
                    target.clone(),
                ),
            }
            return;
        }
        // "Ik vroeg of iemand haar iets belooft. Nee, schudde ze."
        if verdict.kind(Property::Generic) == Some("question")
            && let Some(answer) = reply()
        {
            return self.answered(verdict, &answer, "form.answer", next.start..next.start + 1);
        }
        let after = view
            .headings
            .partition_point(|h| h.label.start <= target.start);
        if let Some(heading) = after.checked_sub(1).and_then(|n| view.headings.get(n))
            && target.end <= heading.label.end
        {
            let body = heading.label.end;
            if heading.inline {
                let printed = self.choice(&(body..heading.paragraph_end));
                let from = printed.as_ref().map_or(body, |p| p.end);
                if let Some(answer) = self.answer(from..(from + 4).min(heading.paragraph_end)) {
                    self.answered(verdict, &answer, "form.field", from..from + 1);
                } else if let Some(printed) = printed {
                    self.unanswered(verdict, printed);
                } else if view.gap(body).contains(": -") || view.gap(body).trim_end().ends_with('-')
                {
                    self.minus(target, verdict);
                }
            }
        }
    }

    /// An answer without its label: "A: nee", "Antw.: ja".
    fn after_label(&self, range: Range<usize>) -> Range<usize> {
        let view = self.machine.words.view;
        let labelled = range.len() > 1
            && view
                .gap(range.start + 1)
                .trim_start_matches('.')
                .starts_with(':');
        range.start + usize::from(labelled)..range.end
    }

    /// A printed choice at the start of `range`: "(ja/nee/onbekend)", "ja / nee". It is no answer by itself.
    fn choice(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let view = self.machine.words.view;
        let end = (range.start + 1..range.end)
            .find(|t| view.gap(*t).trim() != "/")
            .unwrap_or(range.end);
        let kinds = (range.start..end)
            .filter_map(|t| self.answer(t..t + 1).or_else(|| letter(view.word(t))))
            .map(|a| std::mem::discriminant(&a));
        let kinds: Vec<_> = kinds.collect();
        (kinds.len() > 1 && kinds.first() != kinds.get(1)).then_some(range.start..end)
    }

    /// Whether a printed choice begins the range; says what is answered behind it, if anything.
    fn printed(&self, range: Range<usize>, verdict: &mut Verdict<'a>) -> bool {
        let Some(printed) = self.choice(&range) else {
            return false;
        };
        match self.answer(printed.end..range.end) {
            Some(answer) => {
                let at = printed.end..printed.end + 1;
                self.answered(verdict, &answer, "form.row", at);
            }
            None => self.unanswered(verdict, printed),
        }
        true
    }

    /// A minus behind the item.
    fn minus(&self, target: &Range<usize>, verdict: &mut Verdict<'a>) {
        let at = target.clone();
        self.say(
            verdict,
            Property::Presence,
            "absent",
            "minus",
            "form.minus",
            at,
        );
    }

    /// A printed choice that nobody filled in.
    pub(super) fn unanswered(&self, verdict: &mut Verdict<'a>, at: Range<usize>) {
        self.say(
            verdict,
            Property::Generic,
            "yes",
            "unanswered",
            "form.unanswered",
            at,
        );
    }

    /// A fragment with a question mark is a doubt: "Soa?? uitslag vrijdag", "Indruk: uitbuiting?"; a sentence with a verb in front, or one
    /// that speaks to somebody, asks.
    fn is_doubt(&self, target: &Range<usize>, sentence: &Range<usize>) -> bool {
        let view = self.machine.words.view;
        let start = view.clause(target.start).start.max(sentence.start);
        let asks = (self.detector.answers.asks).begin(&self.machine, &(start..sentence.end));
        let next = view.sentence(sentence.end);
        let listed = view
            .tokens
            .get(next.start)
            .and_then(|t| view.sentences.get(t.sentence as usize))
            .is_some_and(|s| s.question);
        sentence.end - start <= FRAGMENT && target.end == sentence.end && !asks && !listed
    }

    /// The answer that the range begins with: in words, or a letter or number at the end of a line ("Schulden J/N: N").
    pub(super) fn answer(&self, range: Range<usize>) -> Option<Answer> {
        let view = self.machine.words.view;
        let word = view.word(range.start);
        let last = || view.tokens.get(range.start + 1).is_none_or(|t| t.has(LINE));
        self.said(range.clone()).or_else(|| {
            (!range.is_empty() && last())
                .then(|| letter(word).or_else(|| self.scale(word)))
                .flatten()
        })
    }

    /// The answer in words that the range begins with.
    fn said(&self, range: Range<usize>) -> Option<Answer> {
        let range = range.start..range.end.min(self.machine.words.view.tokens.len());
        let mut said = self.detector.answers.said.iter();
        if range.is_empty() {
            return None;
        }
        said.find(|(openings, _)| openings.begin(&self.machine, &range))
            .map(|(_, answer)| *answer)
    }

    /// What a number stands for by the legend of the form: "0 = afwezig, 1 = mogelijk, 2 = aanwezig".
    fn scale(&self, number: &str) -> Option<Answer> {
        let view = self.machine.words.view;
        let legend = self.legend.get_or_init(|| {
            let digit = |t: &usize| view.tokens.get(*t).is_some_and(|t| t.has(DIGIT));
            let numbers = (0..view.tokens.len()).filter(digit);
            let explained = numbers.filter(|t| view.gap(t + 1).trim() == "=");
            explained
                .filter_map(|t| Some((view.word(t), self.said(t + 1..t + 3)?)))
                .collect()
        });
        let known = legend.len() > 1;
        let found = legend.iter().find(|(n, _)| known && *n == number);
        found.map(|(_, answer)| *answer)
    }

    pub(super) fn answered(
        &self,
        verdict: &mut Verdict<'a>,
        answer: &Answer,
        rule: &'a str,
        at: Range<usize>,
    ) {
        let value = match answer {
            Answer::Yes => "present",
            Answer::No => "absent",
            Answer::Unsure => "uncertain",
        };
        self.say(verdict, Property::Generic, "no", "answer", rule, at.clone());
        self.say(verdict, Property::Presence, value, "answer", rule, at);
    }

    pub(super) fn say(
        &self,
        verdict: &mut Verdict<'a>,
        property: Property,
        value: &'a str,
        kind: &'a str,
        rule: &'a str,
        at: Range<usize>,
    ) {
        let claim = Claim {
            property,
            value,
            kind,
            rule: Cow::Borrowed(rule),
            at,
        };
        verdict.offer(FORM_PRIORITY, 0, claim);
    }
}
