//! Matrices and the part of the graphics state that text depends on.

use std::rc::Rc;

use super::content::Token;
use super::font::Font;

/// A transformation `[a b c d e f]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    pub(super) e: f64,
    pub(super) f: f64,
}

impl Matrix {
    pub(super) const IDENTITY: Self = Self {
        a: 1.0,
        b: 0.0,
        c: 0.0,
        d: 1.0,
        e: 0.0,
        f: 0.0,
    };

    pub(super) fn new([a, b, c, d, e, f]: [f64; 6]) -> Self {
        Self { a, b, c, d, e, f }
    }

    pub(super) fn translation(e: f64, f: f64) -> Self {
        Self {
            e,
            f,
            ..Self::IDENTITY
        }
    }

    /// First `self`, then `next`.
    pub(super) fn then(&self, next: &Self) -> Self {
        Self {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: self.e * next.a + self.f * next.c + next.e,
            f: self.e * next.b + self.f * next.d + next.f,
        }
    }

    pub(super) fn apply(&self, x: f64, y: f64) -> (f64, f64) {
        (
            x * self.a + y * self.c + self.e,
            x * self.b + y * self.d + self.f,
        )
    }

    /// The area of the unit square after the transformation.
    pub(super) fn area(&self) -> f64 {
        (self.a * self.d - self.b * self.c).abs()
    }
}

/// The numbers among the operands, `N` of them from the end.
pub(super) fn numbers<const N: usize>(operands: &[Token<'_>]) -> Option<[f64; N]> {
    let from = operands.len().checked_sub(N)?;
    let mut out = [0.0; N];
    for (slot, token) in out.iter_mut().zip(operands.get(from..)?) {
        *slot = token.number()?;
    }
    Some(out)
}

/// The state that `q` saves and `Q` restores.
#[derive(Debug, Clone)]
pub(super) struct GraphicsState {
    pub(super) ctm: Matrix,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) char_space: f64,
    pub(super) word_space: f64,
    /// Horizontal scaling, 1 for 100 %.
    pub(super) stretch: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    /// Rendering mode 3: invisible.
    pub(super) invisible: bool,
}

impl GraphicsState {
    pub(super) fn new(ctm: Matrix) -> Self {
        Self {
            ctm,
            font: None,
            size: 0.0,
            char_space: 0.0,
            word_space: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            invisible: false,
        }
    }
}

/// The two matrices of a text object.
#[derive(Debug, Clone, Copy)]
pub(super) struct TextObject {
    pub(super) matrix: Matrix,
    pub(super) line: Matrix,
    pub(super) open: bool,
}

impl TextObject {
    pub(super) fn new() -> Self {
        Self {
            matrix: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            open: false,
        }
    }

    pub(super) fn set(&mut self, matrix: Matrix) {
        self.matrix = matrix;
        self.line = matrix;
    }

    /// Moves to the next line at an offset from the start of this one.
    pub(super) fn next_line(&mut self, x: f64, y: f64) {
        self.set(Matrix::translation(x, y).then(&self.line));
    }

    /// Moves along the line.
    pub(super) fn advance(&mut self, tx: f64) {
        self.matrix.e += tx * self.matrix.a;
        self.matrix.f += tx * self.matrix.b;
    }
}

/// Saved states, with a limit; states past the limit are counted but not kept.
#[derive(Debug, Default)]
pub(super) struct StateStack {
    saved: Vec<GraphicsState>,
    uncounted: usize,
}

/// Deepest nesting of `q` that is kept.
const MAX_SAVED: usize = 256;

impl StateStack {
    pub(super) fn push(&mut self, state: &GraphicsState) {
        if self.saved.len() < MAX_SAVED {
            self.saved.push(state.clone());
        } else {
            self.uncounted = self.uncounted.saturating_add(1);
        }
    }

    pub(super) fn pop(&mut self) -> Option<GraphicsState> {
        if self.uncounted > 0 {
            self.uncounted -= 1;
            return None;
        }
        self.saved.pop()
    }
}
