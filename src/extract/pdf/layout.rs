//! From placed glyphs to lines.
//!
//! Lines keep the order in which their text was drawn, which for nearly every producer is the
//! reading order, columns included. A glyph goes to the line drawn last if it stands on its
//! baseline, to one of the few lines before if it continues that without a gap, and else begins
//! a new line.

use super::line::{BACK, BLANK, Line, Run, Span, TAB};
use super::marks::{combining, is_combining};

/// Glyphs whose baselines differ less than this part of an em stand on one line.
const BASELINE: f64 = 0.35;
/// Superscripts and subscripts may stand this far off.
const RAISED: f64 = 0.6;
/// A run smaller than this part of its line may be a superscript or subscript.
const SMALL: f64 = 0.95;
/// How many lines back a line may be continued.
const OPEN_LINES: usize = 4;
/// How wide the gap may be when a line other than the last is continued.
const OPEN_GAP: f64 = 0.5;
/// How many lines back a superscript is put into a gap of its line, and how many spans that may have.
const RAISED_LINES: usize = 8;
const RAISED_SPANS: usize = 256;

/// Places glyphs on lines.
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub(super) lines: Vec<Line>,
    /// The line and span that the last glyph went to.
    current: Option<(usize, usize)>,
}

impl Layout {
    /// Places one glyph, or a piece of text drawn as one, at (`x`, `y`).
    pub(super) fn glyph(&mut self, run: &Run, x: f64, y: f64, advance: f64, text: &str) {
        if text.is_empty() {
            return;
        }
        let (u, v) = run.turn(x, y);
        let end = u + if advance.is_finite() {
            advance.max(0.0)
        } else {
            0.0
        };
        let blank = text.chars().all(char::is_whitespace);
        if let Some((line_at, span_at)) = self.current
            && let Some(line) = self.lines.get_mut(line_at)
            && on_line(line, run, v, u)
        {
            let raised = is_raised(line, run, v);
            let Some(span) = line.spans.get_mut(span_at) else {
                return;
            };
            if add(span, run, u, end, text, raised) != Added::Yes && !blank {
                line.spans.push(Span::new(u, end, text, raised));
                self.current = Some((line_at, line.spans.len().saturating_sub(1)));
            }
            return;
        }
        if !blank
            && !self.continue_line(run, u, v, end, text)
            && !self.fill_gap(run, u, v, end, text)
        {
            self.current = Some((self.lines.len(), 0));
            self.lines.push(Line {
                run: *run,
                v,
                spans: vec![Span::new(u, end, text, false)],
            });
        }
    }

    /// Goes on with one of the last lines.
    fn continue_line(&mut self, run: &Run, u: f64, v: f64, end: f64, text: &str) -> bool {
        let count = self.lines.len();
        for line_at in (count.saturating_sub(OPEN_LINES)..count).rev() {
            let Some(line) = self.lines.get_mut(line_at) else {
                continue;
            };
            if !on_line(line, run, v, u) {
                continue;
            }
            let raised = is_raised(line, run, v);
            let Some(span) = line.spans.last_mut() else {
                continue;
            };
            if (u - span.u1) / run.em > OPEN_GAP {
                continue;
            }
            match add(span, run, u, end, text, raised) {
                Added::Far => continue,
                Added::Apart => line.spans.push(Span::new(u, end, text, raised)),
                Added::Yes => {}
            }
            self.current = Some((line_at, line.spans.len().saturating_sub(1)));
            return true;
        }
        false
    }

    /// Puts a superscript or subscript that is drawn later into the gap left for it.
    fn fill_gap(&mut self, run: &Run, u: f64, v: f64, end: f64, text: &str) -> bool {
        let count = self.lines.len();
        for line_at in (count.saturating_sub(RAISED_LINES)..count).rev() {
            let Some(line) = self.lines.get_mut(line_at) else {
                continue;
            };
            let size = line.run.size;
            if run.size < SMALL * size
                && line.run.same_direction(run)
                && (v - line.v).abs() <= RAISED * size
                && line.spans.len() <= RAISED_SPANS
                && u > line.start()
                && u < line.end() + 0.4 * size
                && line.is_free(u, end, 0.15 * size)
            {
                line.spans.push(Span::new(u, end, text, true));
                self.current = Some((line_at, line.spans.len().saturating_sub(1)));
                return true;
            }
        }
        false
    }

    /// Moves the end of the line past a glyph whose text has been placed already.
    pub(super) fn extend(&mut self, run: &Run, x: f64, y: f64, advance: f64) {
        let (u, v) = run.turn(x, y);
        if let Some((line_at, span_at)) = self.current
            && let Some(line) = self.lines.get_mut(line_at)
            && on_line(line, run, v, u)
            && let Some(span) = line.spans.get_mut(span_at)
            && advance.is_finite()
        {
            span.u1 = span.u1.max(u + advance);
        }
    }
}

/// Whether a glyph stands on the line, or is a small raised or lowered one right after its end.
fn on_line(line: &Line, run: &Run, v: f64, u: f64) -> bool {
    if !line.run.same_direction(run) {
        return false;
    }
    let off = (v - line.v).abs();
    if off <= BASELINE * line.run.size.min(run.size) {
        return true;
    }
    let near = |s: &Span| (-0.2..0.4).contains(&((u - s.u1) / line.run.em));
    run.size < SMALL * line.run.size
        && off <= RAISED * line.run.size
        && line.spans.last().is_some_and(near)
}

/// Whether the run is a superscript or subscript of the line.
fn is_raised(line: &Line, run: &Run, v: f64) -> bool {
    run.size < SMALL * line.run.size && (v - line.v).abs() > 0.1 * line.run.size
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Added {
    Yes,
    /// It comes after a blank: a new span of the line.
    Apart,
    /// It may not belong to the line at all.
    Far,
}

/// Adds a glyph to a span if it fits there.
fn add(span: &mut Span, run: &Run, u: f64, end: f64, text: &str, raised: bool) -> Added {
    let gap = (u - span.u1) / run.em;
    let first = text.chars().next().unwrap_or(' ');
    if is_combining(first) {
        span.text.push_str(text);
        return Added::Yes;
    }
    if !first.is_whitespace() && gap < -0.05 && overprint(span, run, u, end, text, gap) {
        return Added::Yes;
    }
    if !(-BACK..=TAB).contains(&gap) {
        return Added::Far;
    }
    if first.is_whitespace() {
        if !span.text.ends_with(' ') {
            span.text.push(' ');
        }
        span.u1 = end.max(span.u0);
        return Added::Yes;
    }
    if gap > BLANK || raised != span.raised {
        return Added::Apart;
    }
    span.push(u, end, text);
    Added::Yes
}

/// Deals with a glyph drawn over the one before it: the same again, or an accent and its letter.
fn overprint(span: &mut Span, run: &Run, u: f64, end: f64, text: &str, gap: f64) -> bool {
    let before = span.last_text();
    let back = (u - span.last_u0) / run.em;
    if back.abs() < 0.1 && before == text {
        return true;
    }
    // An accent drawn first, then its letter over it.
    if text.starts_with(char::is_alphabetic)
        && let Some(mark) = lone(before).and_then(combining)
        && back < 0.5
    {
        span.text.truncate(span.last_start);
        if span.text.is_empty() {
            span.u0 = u;
        }
        span.push(u, end, &undotted(text));
        span.text.push(mark);
        return true;
    }
    // A letter, then its accent over it.
    if let Some(mark) = lone(text).and_then(combining)
        && gap < -0.15
        && lone(before).is_some_and(char::is_alphabetic)
    {
        let letter = undotted(before);
        span.text.truncate(span.last_start);
        span.text.push_str(&letter);
        span.text.push(mark);
        return true;
    }
    false
}

/// The only character of a text.
fn lone(text: &str) -> Option<char> {
    let mut chars = text.chars();
    chars.next().filter(|_| chars.next().is_none())
}

fn undotted(text: &str) -> String {
    text.replace('ı', "i").replace('ȷ', "j")
}

#[cfg(test)]
mod tests {
    use super::super::lines::page_text;
    use super::*;

    /// Draws words at (x, y) in a font of size 10 whose glyphs are half an em wide.
    fn draw(words: &[(f64, f64, &str)]) -> String {
        let mut layout = Layout::default();
        let run = Run::new(10.0, 0.0, 10.0);
        for &(x, y, word) in words {
            let mut at = x;
            for c in word.chars() {
                layout.glyph(&run, at, y, 5.0, c.encode_utf8(&mut [0; 4]));
                at += 5.0;
            }
        }
        page_text(layout.lines)
    }

    #[test]
    fn gaps_become_blanks_and_tabs() {
        assert_eq!(
            draw(&[(0.0, 0.0, "een"), (18.0, 0.0, "twee"), (80.0, 0.0, "drie")]),
            "een twee\tdrie"
        );
        assert_eq!(draw(&[(0.0, 0.0, "een"), (15.5, 0.0, "heel")]), "eenheel");
    }

    #[test]
    fn lines_and_paragraphs() {
        let text = draw(&[
            (0.0, 100.0, "a"),
            (0.0, 88.0, "b"),
            (0.0, 76.0, "c"),
            (0.0, 50.0, "d"),
        ]);
        assert_eq!(text, "a\nb\nc\n\nd");
    }

    #[test]
    fn columns_are_not_mixed() {
        let text = draw(&[
            (0.0, 100.0, "links"),
            (0.0, 88.0, "onder,"),
            (200.0, 100.0, "rechts"),
            (200.0, 88.0, "laatst"),
        ]);
        assert_eq!(text, "links\nonder,\n\nrechts\nlaatst");
    }

    #[test]
    fn accents_drawn_apart() {
        assert_eq!(
            draw(&[(0.0, 0.0, "co"), (10.0, 0.0, "¨"), (10.0, 0.0, "ordinatie")]),
            "coördinatie"
        );
        assert_eq!(
            draw(&[(0.0, 0.0, "e"), (0.5, 0.0, "´"), (5.0, 0.0, "n")]),
            "én"
        );
    }

    #[test]
    fn bold_by_drawing_twice() {
        assert_eq!(draw(&[(0.0, 0.0, "vet"), (0.3, 0.0, "vet")]), "vet");
    }

    #[test]
    fn hyphens_at_the_end_of_a_line_stay() {
        let text = draw(&[
            (0.0, 100.0, "weg\u{AD}"),
            (0.0, 88.0, "loop\u{AD}gedrag-"),
            (0.0, 76.0, "x"),
        ]);
        assert_eq!(text, "weg-\nloopgedrag-\nx");
    }

    #[test]
    fn wild_numbers_do_no_harm() {
        let mut layout = Layout::default();
        let run = Run::new(f64::NAN, f64::INFINITY, -1.0);
        layout.glyph(&run, f64::NAN, f64::NEG_INFINITY, f64::NAN, "a");
        layout.glyph(&run, 1e300, 1e300, 1e300, "b");
        assert!(page_text(layout.lines).contains('a'));
    }
}
