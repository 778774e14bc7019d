//! Forms: tick boxes, answered and unanswered questions, headings without content.

use std::borrow::Cow;
use std::ops::Range;

use super::{Claim, DocumentContext, FORM_PRIORITY, Verdict, in_label};
use crate::lexicon::Property;
use crate::text::fold::{BOX_EMPTY, BOX_TICKED};
use crate::text::{HARD, TICKED, UNTICKED, View};

/// Whether `answer` answers the label or question that holds the signal.
pub(super) fn is_answer(view: &View, signal: &Range<usize>, answer: &Range<usize>) -> bool {
    in_label(view, signal) && !in_label(view, answer) && answer.start >= signal.end
}

/// Most words of a fragment.
const FRAGMENT: usize = 6;

enum Answer {
    Yes,
    No,
    Unsure,
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
        if own & UNTICKED != 0 {
            self.say(
                verdict,
                Property::Temporality,
                "current",
                "box",
                "form.unticked",
                item.start..item.start + 1,
            );
            return self.say(
                verdict,
                Property::Presence,
                "absent",
                "box",
                "form.unticked",
                item.start..item.start + 1,
            );
        }
        if own & TICKED != 0 {
            // A ticked risk is one that was seen.
            self.say(
                verdict,
                Property::Temporality,
                "current",
                "box",
                "form.ticked",
                item.start..item.start + 1,
            );
            return self.say(
                verdict,
                Property::Presence,
                "present",
                "box",
                "form.ticked",
                item.start..item.start + 1,
            );
        }
        if self.boxes(target, &sentence, verdict) {
            return;
        }
        // A row: the item, a wide gap or colon, the answer up to the end of the line.
        let wide = |t: usize| {
            let gap = view.gap(t);
            gap.contains("  ") || gap.contains(['\t', ':', '|'])
        };
        // A minus right behind the item: "schulden (-)", "alcohol -, drugs -".
        let behind = view.gap(target.end).trim_start();
        if behind.starts_with("(-)") || behind.starts_with("-,") || behind.starts_with("-;") {
            return self.say(
                verdict,
                Property::Presence,
                "absent",
                "minus",
                "form.minus",
                target.clone(),
            );
        }
        // Several fields in a row: the answer right behind the item is its own.
        if target.end < sentence.end && (wide(target.end) || view.gap(target.end) == " - ") {
            let field = target.end..view.clause(target.end).end.min(sentence.end);
            let comma = |t: &usize| view.tokens.get(*t).is_some_and(|t| t.has(HARD));
            let end = (field.start + 1..field.end)
                .find(comma)
                .unwrap_or(field.end);
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
            return self.say(
                verdict,
                Property::Presence,
                "absent",
                "minus",
                "form.minus",
                target.clone(),
            );
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
                None if self.begins(&self.lexicon.answers.follow_up, &next) => self.answered(
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
        if let Some(heading) = view
            .headings
            .iter()
            .find(|h| h.label.start <= target.start && target.end <= h.label.end)
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
                    self.say(
                        verdict,
                        Property::Presence,
                        "absent",
                        "minus",
                        "form.minus",
                        target.clone(),
                    );
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
            .filter_map(|t| self.answer(t..t + 1))
            .map(|a| std::mem::discriminant(&a));
        let kinds: Vec<_> = kinds.collect();
        (kinds.len() > 1 && kinds.first() != kinds.get(1)).then_some(range.start..end)
    }

    /// A printed choice that nobody filled in.
    fn unanswered(&self, verdict: &mut Verdict<'a>, at: Range<usize>) {
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
        let asks = self.begins(&self.lexicon.answers.asks, &(start..sentence.end));
        let next = view.sentence(sentence.end);
        let listed = view
            .tokens
            .get(next.start)
            .and_then(|t| view.sentences.get(t.sentence as usize))
            .is_some_and(|s| s.question);
        sentence.end - start <= FRAGMENT && target.end == sentence.end && !asks && !listed
    }

    /// Boxes behind the item, before or after their answers: "Loverboy ☐ ja ☒ nee", "Loverboy ja ☐ nee ☒".
    fn boxes(
        &self,
        target: &Range<usize>,
        sentence: &Range<usize>,
        verdict: &mut Verdict<'a>,
    ) -> bool {
        let view = self.machine.words.view;
        let mark = |t: usize| {
            view.gap(t)
                .split('\n')
                .next()
                .and_then(|g| g.chars().find(|c| matches!(*c, BOX_EMPTY | BOX_TICKED)))
        };
        let behind = mark(sentence.end).is_some();
        let mut boxes = 0;
        for t in target.end..sentence.end {
            let Some(mark) = mark(if behind { t + 1 } else { t }) else {
                continue;
            };
            let start = if behind {
                (target.end..=t)
                    .rev()
                    .find(|s| *s == target.end || view.gap(*s).len() > 1)
                    .unwrap_or(t)
            } else {
                t
            };
            let end = if behind {
                t + 1
            } else {
                view.clause(t).end.min(sentence.end)
            };
            let Some(answer) = self.answer(start..end) else {
                continue;
            };
            boxes += 1;
            if mark == BOX_TICKED {
                self.answered(verdict, &answer, "form.box", start..end);
                return true;
            }
        }
        // A row of a table: only boxes behind the item, their answers in the row on top.
        let row: Vec<char> = view
            .gap(sentence.end)
            .split('\n')
            .next()
            .unwrap_or_default()
            .chars()
            .filter(|c| matches!(*c, BOX_EMPTY | BOX_TICKED))
            .collect();
        if boxes == 0 && !row.is_empty() {
            boxes = row.len();
            if let Some(column) = row.iter().position(|c| *c == BOX_TICKED) {
                let answer = if row.len() == 1 {
                    Answer::Yes
                } else {
                    self.column(target.start, column)
                };
                self.answered(verdict, &answer, "form.row_box", target.clone());
                return true;
            }
            if row.len() == 1 {
                self.say(
                    verdict,
                    Property::Presence,
                    "absent",
                    "box",
                    "form.row_box",
                    target.clone(),
                );
                return true;
            }
        }
        if boxes > 0 {
            self.unanswered(verdict, target.clone());
        }
        boxes > 0
    }

    /// What the column number `column` of the nearest row above stands for that names at least two answers.
    fn column(&self, token: usize, column: usize) -> Answer {
        let view = self.machine.words.view;
        let sentence = view.tokens.get(token).map_or(0, |t| t.sentence as usize);
        for above in view
            .sentences
            .get(..sentence)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(60)
        {
            let mut answers = Vec::new();
            let mut t = above.tokens.start;
            while t < above.tokens.end {
                let cell = view.clause(t);
                answers.extend(self.answer(cell.clone()));
                t = cell.end.max(t + 1);
            }
            if answers.len() >= 2 {
                return answers.into_iter().nth(column).unwrap_or(Answer::Unsure);
            }
        }
        // Forms put "ja" first.
        if column == 0 { Answer::Yes } else { Answer::No }
    }

    fn answer(&self, range: Range<usize>) -> Option<Answer> {
        let range = range.start..range.end.min(self.machine.words.view.tokens.len());
        let answers = &self.lexicon.answers;
        if range.is_empty() {
            None
        } else if self.begins(&answers.unsure, &range) {
            Some(Answer::Unsure)
        } else if self.begins(&answers.no, &range) {
            Some(Answer::No)
        } else if self.begins(&answers.yes, &range) {
            Some(Answer::Yes)
        } else {
            None
        }
    }

    fn answered(
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

    fn say(
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
