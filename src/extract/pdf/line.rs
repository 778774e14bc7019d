//! Runs, spans and lines: pieces of text with their place, turned so that text runs to the right.
//!
//! `u` is the place along the line, `v` the height of the baseline.

/// A gap wider than this part of an em is a blank.
pub(super) const BLANK: f64 = 0.14;
/// A gap wider than this is a tab: the next cell of a table, or a tab stop.
pub(super) const TAB: f64 = 1.8;
/// How far a glyph may reach back into the one before it.
pub(super) const BACK: f64 = 0.5;
/// A line has to have this many spans before it can count as letter-spaced.
const SPACED_SPANS: usize = 6;

/// What the glyphs of one string have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    /// Direction of the baseline, of length 1.
    cos: f64,
    sin: f64,
    /// Height of an em.
    pub(super) size: f64,
    /// Width of an em.
    pub(super) em: f64,
}

impl Run {
    /// A run in the direction (`dx`, `dy`) with an em `height` high; (`dx`, `dy`) is one em long.
    pub(super) fn new(dx: f64, dy: f64, height: f64) -> Self {
        let em = dx.hypot(dy);
        let sane = |x: f64| if x.is_finite() && x > 1e-6 { x } else { 1.0 };
        let (mut cos, mut sin) = if em.is_finite() && em > 1e-9 {
            (dx / em, dy / em)
        } else {
            (1.0, 0.0)
        };
        // Nearly straight is straight.
        if sin.abs() < 0.05 {
            (cos, sin) = (cos.signum(), 0.0);
        } else if cos.abs() < 0.05 {
            (cos, sin) = (0.0, sin.signum());
        }
        Self {
            cos,
            sin,
            size: sane(height),
            em: sane(em),
        }
    }

    pub(super) fn turn(&self, x: f64, y: f64) -> (f64, f64) {
        let finite = |z: f64| if z.is_finite() { z } else { 0.0 };
        (
            finite(x * self.cos + y * self.sin),
            finite(y * self.cos - x * self.sin),
        )
    }

    pub(super) fn same_direction(&self, other: &Self) -> bool {
        self.cos * other.cos + self.sin * other.sin > 0.99
    }
}

/// Text without a gap.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) u0: f64,
    pub(super) u1: f64,
    pub(super) text: String,
    /// The glyph added last: where it stands, and where its text begins.
    pub(super) last_u0: f64,
    pub(super) last_start: usize,
    /// Whether it is a superscript or subscript.
    pub(super) raised: bool,
}

impl Span {
    pub(super) fn new(u0: f64, u1: f64, text: &str, raised: bool) -> Self {
        Self {
            u0,
            u1,
            text: text.trim_start().to_owned(),
            last_u0: u0,
            last_start: 0,
            raised,
        }
    }

    /// Adds a glyph at the end.
    pub(super) fn push(&mut self, u0: f64, u1: f64, text: &str) {
        self.last_u0 = u0;
        self.last_start = self.text.len();
        self.text.push_str(text);
        self.u1 = u1.max(self.u0);
    }

    /// The text of the glyph added last.
    pub(super) fn last_text(&self) -> &str {
        self.text.get(self.last_start..).unwrap_or_default()
    }
}

/// One line of text.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) run: Run,
    pub(super) v: f64,
    pub(super) spans: Vec<Span>,
}

impl Line {
    /// Height of an em.
    pub(super) fn size(&self) -> f64 {
        self.run.size
    }

    pub(super) fn same_direction(&self, other: &Self) -> bool {
        self.run.same_direction(&other.run)
    }

    pub(super) fn start(&self) -> f64 {
        self.spans
            .iter()
            .map(|s| s.u0)
            .fold(f64::INFINITY, f64::min)
    }

    pub(super) fn end(&self) -> f64 {
        self.spans
            .iter()
            .map(|s| s.u1)
            .fold(f64::NEG_INFINITY, f64::max)
    }

    /// Whether nothing of the line stands between `u0` and `u1`, give or take `slack`.
    pub(super) fn is_free(&self, u0: f64, u1: f64, slack: f64) -> bool {
        self.spans
            .iter()
            .all(|s| u1 <= s.u0 + slack || u0 >= s.u1 - slack)
    }

    /// The text: spans from left to right, a blank or a tab where there is a gap.
    pub(super) fn text(&mut self) -> String {
        self.spans.sort_by(|a, b| a.u0.total_cmp(&b.u0));
        let blank = self.blank_gap();
        let mut out = String::with_capacity(self.spans.iter().map(|s| s.text.len() + 1).sum());
        let mut before: Option<&Span> = None;
        for span in &self.spans {
            let mut text = span.text.as_str();
            if let Some(before) = before {
                // Text drawn twice, a little apart, to look bold.
                if before.text == span.text && (before.u0 - span.u0).abs() < 0.3 * self.run.em {
                    continue;
                }
                text = text.trim_start_matches(' ');
                let gap = (span.u0 - before.u1) / self.run.em;
                // A footnote number must not become part of the word.
                let footnote = span.raised
                    && text.starts_with(|c: char| c.is_ascii_digit())
                    && out.ends_with(char::is_alphabetic);
                if gap > TAB {
                    let len = out.trim_end_matches(' ').len();
                    out.truncate(len);
                    out.push('\t');
                } else if (gap > blank || gap < -BACK || footnote) && !out.ends_with(' ') {
                    out.push(' ');
                }
            }
            out.push_str(text);
            before = Some(span);
        }
        out
    }

    /// The gap that makes a blank: more in a line whose letters are set apart.
    fn blank_gap(&self) -> f64 {
        let lone = |s: &&Span| {
            let mut chars = s.text.trim_end().chars();
            chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
        };
        let count = self.spans.len();
        if count < SPACED_SPANS || self.spans.iter().filter(lone).count() * 5 < count * 4 {
            return BLANK;
        }
        let gap = |pair: &[Span]| match pair {
            [a, b] => (b.u0 - a.u1) / self.run.em,
            _ => 0.0,
        };
        let mut gaps: Vec<f64> = self.spans.windows(2).map(gap).collect();
        gaps.sort_by(f64::total_cmp);
        let median = gaps.get(gaps.len() / 2).copied().unwrap_or(0.0);
        (median * 1.5).clamp(BLANK, TAB)
    }
}
