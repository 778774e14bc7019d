//! Shows strings: from the bytes of a text operator to placed glyphs, and the marked content whose
//! text stands for the glyphs in it.

use std::rc::Rc;

use lopdf::Dictionary;

use super::content::Token;
use super::font::Font;
use super::line::Run;
use super::marks::clean;
use super::object::{as_dict, get, text_string};
use super::page::{Frame, Interpreter, lookup};
use super::state::{GraphicsState, TextObject};

/// Most marked-content levels kept.
const MAX_MARKS: usize = 256;
/// Letter spacing up to this part of an em belongs to the word, in a string of some length. In a
/// short one it may be the blank itself: Ghostscript draws `s avonds` as a spaced pair.
const MAX_TRACKING: f64 = 0.6;
/// Strings with fewer glyphs than this are short.
const SPACED_GLYPHS: usize = 4;

/// The text that stands for a stretch of glyphs.
#[derive(Debug)]
pub(super) struct Mark {
    /// `/ActualText`, until a glyph has taken it.
    actual: Option<String>,
    replaces: bool,
}

impl<'d> Interpreter<'d, '_> {
    /// Begins marked content: `/Span << /ActualText (...) >> BDC` or `/Span /MC0 BDC`.
    pub(super) fn begin_mark(&mut self, operands: &[Token<'_>], resources: &[&'d Dictionary]) {
        let actual = match operands {
            [_, Token::Name(name)] => lookup(self.doc, resources, b"Properties", name)
                .and_then(as_dict)
                .and_then(|dict| get(self.doc, dict, b"ActualText"))
                .and_then(|text| text.as_str().ok())
                .map(text_string),
            _ => operands.windows(2).find_map(|pair| match pair {
                [Token::Name(key), Token::Str(text)] if **key == *b"ActualText" => {
                    Some(text_string(text))
                }
                _ => None,
            }),
        };
        self.push_mark(actual.filter(|text| !text.is_empty()));
    }

    pub(super) fn push_mark(&mut self, actual: Option<String>) {
        if self.marks.len() < MAX_MARKS {
            self.marks.push(Mark {
                replaces: actual.is_some(),
                actual,
            });
        }
    }

    /// Shows the strings among the operands, moved by the numbers among them.
    pub(super) fn show_all(&mut self, operands: &[Token<'_>], frame: &mut Frame) -> bool {
        let font = match &frame.state.font {
            Some(font) => Rc::clone(font),
            None => self.fonts.missing(),
        };
        for token in operands {
            let go_on = match token {
                Token::Str(bytes) => self.show(bytes, &font, &frame.state, &mut frame.text),
                Token::Number(n) => {
                    frame
                        .text
                        .advance(-n / 1000.0 * frame.state.size * frame.state.stretch);
                    true
                }
                _ => true,
            };
            if !go_on {
                return false;
            }
        }
        true
    }

    fn show(
        &mut self,
        bytes: &[u8],
        font: &Font,
        state: &GraphicsState,
        text: &mut TextObject,
    ) -> bool {
        let matrix = text.matrix.then(&state.ctm);
        let em = state.size * font.em;
        let wide = em * state.stretch;
        let run = Run::new(
            matrix.a * wide,
            matrix.b * wide,
            matrix.c.hypot(matrix.d) * em.abs(),
        );
        // Advance on the page for one unit of text space, in the direction of the run.
        let unit = matrix.a.hypot(matrix.b) * (state.size * state.stretch).signum();
        let tracking =
            state.char_space.abs() <= MAX_TRACKING * em.abs() && font.count(bytes) >= SPACED_GLYPHS;
        let mut along = 0.0;
        let mut go_on = true;
        font.each_glyph(bytes, |slot| {
            if !self.budget.work(1) {
                go_on = false;
                return false;
            }
            let spacing = state.char_space
                + if slot.word_space {
                    state.word_space
                } else {
                    0.0
                };
            let shown = slot.width * state.size + if tracking { state.char_space } else { 0.0 };
            let (x, y) = matrix.apply(along, state.rise);
            self.facts.glyphs = self.facts.glyphs.saturating_add(1);
            if state.invisible {
                self.facts.invisible_glyphs = self.facts.invisible_glyphs.saturating_add(1);
            }
            self.place(&run, x, y, shown * state.stretch * unit, &slot.text);
            along += (slot.width * state.size + spacing) * state.stretch;
            true
        });
        text.advance(along);
        go_on
    }

    /// Places the text of a glyph, or the text that stands for it.
    fn place(&mut self, run: &Run, x: f64, y: f64, advance: f64, text: &str) {
        if let Some(mark) = self.marks.iter_mut().rev().find(|m| m.replaces) {
            if let Some(actual) = mark.actual.take() {
                self.budget.work(actual.len());
                self.layout.glyph(run, x, y, advance, &clean(&actual));
            } else {
                self.layout.extend(run, x, y, advance);
            }
            return;
        }
        self.layout.glyph(run, x, y, advance, &clean(text));
    }
}
