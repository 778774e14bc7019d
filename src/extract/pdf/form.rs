//! Form fields and text annotations: their text lies outside the content of the page.

use lopdf::{Dictionary, Object, Stream};

use super::layout::Layout;
use super::line::{Line, Run};
use super::marks::clean;
use super::object::{
    get, get_array, get_dict, get_name, get_number, get_numbers, resolve, text_string,
};
use super::page::Interpreter;
use super::state::Matrix;

/// Most annotations read of a page.
const MAX_ANNOTATIONS: usize = 5_000;
/// Levels of the field tree that values are inherited through.
const MAX_PARENTS: usize = 32;
/// A field and its label stand on one line when their baselines differ less than this part of an em.
const SAME_LINE: f64 = 0.6;

/// Adds the text of the annotations that show on the page.
pub(super) fn add_annotations<'d>(
    page_reader: &mut Interpreter<'d, '_>,
    page: &'d Dictionary,
    resources: &[&'d Dictionary],
) {
    let doc = page_reader.doc;
    let annotations = get_array(doc, page, b"Annots").unwrap_or_default();
    for annotation in annotations.iter().take(MAX_ANNOTATIONS) {
        let Some(dict) = resolve(doc, annotation).and_then(|o| o.as_dict().ok()) else {
            continue;
        };
        let subtype = get_name(doc, dict, b"Subtype");
        if matches!(
            subtype,
            Some(b"Text" | b"Highlight" | b"Underline" | b"Squiggly" | b"StrikeOut" | b"Caret")
        ) {
            note(page_reader, dict);
            continue;
        }
        if !matches!(subtype, Some(b"Widget" | b"FreeText" | b"Stamp"))
            || is_hidden(page_reader, dict)
        {
            continue;
        }
        let Some(rect) = get_numbers::<4>(doc, dict, b"Rect").map(Rect::new) else {
            continue;
        };
        // Each annotation has a layout of its own, which is then put at its place on the page.
        let body = std::mem::take(&mut page_reader.layout);
        if let Some(stream) = appearance(page_reader, dict) {
            let ctm = placement(page_reader, stream, &rect);
            page_reader.form(stream, resources, ctm, 1);
        }
        if page_reader.layout.lines.is_empty() && subtype == Some(b"Widget") {
            page_reader.layout = value_layout(page_reader, dict, &rect);
        }
        let own = std::mem::replace(&mut page_reader.layout, body);
        insert(&mut page_reader.layout.lines, own.lines);
        // Finding the place takes a look at the whole page.
        if !page_reader.budget.work(1 + page_reader.facts.glyphs / 64) {
            return;
        }
    }
}

/// A remark that opens when it is clicked on: its text comes behind that of the page.
fn note(reader: &mut Interpreter<'_, '_>, dict: &Dictionary) {
    let Some(Object::String(bytes, _)) = get(reader.doc, dict, b"Contents") else {
        return;
    };
    let text = text_string(bytes).replace("\r\n", "\n");
    let size = 10.0;
    let mut layout = Layout::default();
    // Far below whatever the page holds, so that each is a paragraph.
    let y = (reader.layout.lines.iter().map(|l| l.v)).fold(0.0, f64::min) - 10.0 * size;
    write(&mut layout, text.split(['\n', '\r']), 0.0, y, size);
    reader.layout.lines.append(&mut layout.lines);
}

/// A rectangle with its corners in order.
struct Rect {
    x0: f64,
    y0: f64,
    x1: f64,
    y1: f64,
}

impl Rect {
    fn new([xa, ya, xb, yb]: [f64; 4]) -> Self {
        Self {
            x0: xa.min(xb),
            y0: ya.min(yb),
            x1: xa.max(xb),
            y1: ya.max(yb),
        }
    }

    fn height(&self) -> f64 {
        self.y1 - self.y0
    }
}

/// Bit 2: hidden. Bit 6: not for viewing.
fn is_hidden(reader: &Interpreter<'_, '_>, dict: &Dictionary) -> bool {
    let flags = get_number(reader.doc, dict, b"F").unwrap_or(0.0);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a set of bits; a wild number has no meaning"
    )]
    let flags = flags as i64;
    flags & 0b10_0010 != 0
}

/// The normal appearance, in the present state of a check box.
fn appearance<'d>(reader: &Interpreter<'d, '_>, dict: &'d Dictionary) -> Option<&'d Stream> {
    let doc = reader.doc;
    match get(doc, get_dict(doc, dict, b"AP")?, b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dictionary(states) => {
            let state = get_name(doc, dict, b"AS")?;
            get(doc, states, state)?.as_stream().ok()
        }
        _ => None,
    }
}

/// The matrix that puts the box of an appearance on the rectangle of its annotation.
fn placement(reader: &Interpreter<'_, '_>, stream: &Stream, rect: &Rect) -> Matrix {
    let doc = reader.doc;
    let Some([xa, ya, xb, yb]) = get_numbers::<4>(doc, &stream.dict, b"BBox") else {
        return Matrix::translation(rect.x0, rect.y0);
    };
    let matrix = get_numbers(doc, &stream.dict, b"Matrix").map_or(Matrix::IDENTITY, Matrix::new);
    let corners = [(xa, ya), (xa, yb), (xb, ya), (xb, yb)].map(|(x, y)| matrix.apply(x, y));
    let bound = |pick: fn(&(f64, f64)) -> f64| {
        corners
            .iter()
            .map(pick)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), z| {
                (low.min(z), high.max(z))
            })
    };
    let ((left, right), (low, high)) = (bound(|c| c.0), bound(|c| c.1));
    let scale = |from: f64, to: f64| if from > 1e-6 { to / from } else { 1.0 };
    let (sx, sy) = (
        scale(right - left, rect.x1 - rect.x0),
        scale(high - low, rect.height()),
    );
    Matrix::new([sx, 0.0, 0.0, sy, rect.x0 - left * sx, rect.y0 - low * sy])
}

/// A value of the field or of the nearest field above it.
fn inherited<'d>(
    reader: &Interpreter<'d, '_>,
    dict: &'d Dictionary,
    key: &[u8],
) -> Option<&'d Object> {
    let mut node = dict;
    for _ in 0..MAX_PARENTS {
        if let Some(value) = get(reader.doc, node, key) {
            return Some(value);
        }
        node = get_dict(reader.doc, node, b"Parent")?;
    }
    None
}

/// The value of a field whose appearance gives no text.
fn value_layout<'d>(reader: &Interpreter<'d, '_>, dict: &'d Dictionary, rect: &Rect) -> Layout {
    let text = match inherited(reader, dict, b"FT").and_then(|o| o.as_name().ok()) {
        Some(b"Tx" | b"Ch") => match inherited(reader, dict, b"V") {
            Some(Object::String(bytes, _)) => text_string(bytes),
            Some(Object::Array(values)) => {
                let values = values
                    .iter()
                    .filter_map(|v| v.as_str().ok())
                    .map(text_string);
                values.collect::<Vec<_>>().join(", ")
            }
            _ => String::new(),
        },
        Some(b"Btn") => match get_name(reader.doc, dict, b"AS") {
            Some(b"Off") => "☐".to_owned(),
            Some(_) => "☒".to_owned(),
            None => String::new(),
        },
        _ => String::new(),
    };
    let mut layout = Layout::default();
    let size = rect.height().clamp(6.0, 12.0);
    let text = text.replace("\r\n", "\n");
    let rows: Vec<&str> = text.split(['\n', '\r']).collect();
    // One row stands in the middle of the box, more begin at its top.
    let y = if rows.len() > 1 {
        rect.y1 - size
    } else {
        rect.y0 + (rect.height() - 0.7 * size) / 2.0
    };
    write(&mut layout, rows.into_iter(), rect.x0, y, size);
    layout
}

/// Writes rows below each other, the first at (`x`, `y`).
fn write<'t>(
    layout: &mut Layout,
    rows: impl Iterator<Item = &'t str>,
    x: f64,
    mut y: f64,
    size: f64,
) {
    let run = Run::new(size, 0.0, size);
    for row in rows {
        let row = clean(row);
        let width = f64::from(u32::try_from(row.chars().count()).unwrap_or(u32::MAX));
        layout.glyph(&run, x, y, width * 0.5 * size, row.trim());
        y -= 1.2 * size;
    }
}

/// Puts the lines of an annotation at their place among the lines of the page: a single line
/// beside the text on its own baseline, others after the line above them.
fn insert(page: &mut Vec<Line>, own: Vec<Line>) {
    let Some(first) = own.first() else { return };
    let rise = |line: &Line| (line.v - first.v) / first.size();
    let same_way = |line: &Line| line.same_direction(first);
    let close = |line: &Line| (line.v - first.v).abs() <= SAME_LINE * first.size().min(line.size());
    if own.len() == 1
        && let Some(line) = page
            .iter_mut()
            .filter(|line| {
                same_way(line) && close(line) && line.is_free(first.start(), first.end(), 0.5)
            })
            .min_by(|a, b| rise(a).abs().total_cmp(&rise(b).abs()))
    {
        line.spans.extend(own.into_iter().flat_map(|l| l.spans));
        return;
    }
    let above = page
        .iter()
        .enumerate()
        .filter(|(_, line)| same_way(line) && rise(line) > -SAME_LINE);
    let at = above
        .min_by(|a, b| rise(a.1).total_cmp(&rise(b.1)))
        .map_or(page.len(), |(at, _)| at.saturating_add(1));
    let tail = page.split_off(at.min(page.len()));
    page.extend(own);
    page.extend(tail);
}
