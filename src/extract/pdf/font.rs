//! A font of the page: from the bytes of a string to text and widths.
//!
//! The text of a code is taken from the first of these that knows it: the `ToUnicode` map, the
//! glyph names of the encoding, the embedded font program, and else U+FFFD, which counts as garbled.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object};

use super::cmap::CMap;
use super::embedded::{GlyphTexts, texts_by_glyph};
use super::encoding::{BaseEncoding, private_use};
use super::limits::Budget;
use super::object::{
    decode, get, get_array, get_dict, get_name, get_number, get_stream, number, resolve,
};
use super::simple::{self, SimpleFont};

/// What a code stands for when nothing tells.
pub(super) const UNKNOWN: &str = "\u{FFFD}";

/// Work accounted for reading an embedded font program.
const PROGRAM_WORK: usize = 20_000;

/// One drawn glyph.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub(super) text: Rc<str>,
    /// Width for font size 1.
    pub(super) width: f64,
    /// Whether word spacing applies: the single byte 32.
    pub(super) word_space: bool,
}

/// A font, ready for use.
#[derive(Debug)]
pub(super) struct Font {
    kind: Kind,
    /// The height of an em for font size 1; only Type 3 fonts differ from 1.
    pub(super) em: f64,
}

#[derive(Debug)]
enum Kind {
    Simple(SimpleFont),
    Composite(Box<Composite>),
}

impl Font {
    /// Reads a font dictionary.
    pub(super) fn load(doc: &Document, dict: &Dictionary, budget: &mut Budget) -> Self {
        if get_name(doc, dict, b"Subtype") == Some(b"Type0") {
            let font = Composite::load(doc, dict, budget);
            return Self {
                kind: Kind::Composite(Box::new(font)),
                em: 1.0,
            };
        }
        let (font, em) = simple::load(doc, dict, budget);
        Self {
            kind: Kind::Simple(font),
            em,
        }
    }

    /// A font for text whose font is missing: codes as `WinAnsiEncoding`.
    pub(super) fn missing() -> Self {
        Self {
            kind: Kind::Simple(SimpleFont::fallback()),
            em: 1.0,
        }
    }

    /// About how many glyphs a string has.
    pub(super) fn count(&self, bytes: &[u8]) -> usize {
        match self.kind {
            Kind::Simple(_) => bytes.len(),
            Kind::Composite(_) => bytes.len() / 2,
        }
    }

    /// Calls `draw` for every glyph of a string, until it says false.
    pub(super) fn each_glyph(&self, bytes: &[u8], mut draw: impl FnMut(&Slot) -> bool) {
        match &self.kind {
            Kind::Simple(font) => {
                for &code in bytes {
                    if !draw(font.slot(code)) {
                        return;
                    }
                }
            }
            Kind::Composite(font) => {
                let mut rest = bytes;
                while let Some((code, len)) = font.next_code(rest) {
                    rest = rest.get(len..).unwrap_or_default();
                    if !draw(&font.slot(code, len)) {
                        return;
                    }
                }
            }
        }
    }
}

/// The `ToUnicode` map of a font.
pub(super) fn to_unicode(doc: &Document, dict: &Dictionary, budget: &mut Budget) -> Option<CMap> {
    let stream = get_stream(doc, dict, b"ToUnicode")?;
    let map = CMap::parse(&decode(doc, stream, budget)?);
    map.has_text().then_some(map)
}

/// The embedded font program.
pub(super) fn program(
    doc: &Document,
    descriptor: Option<&Dictionary>,
    budget: &mut Budget,
) -> Option<Vec<u8>> {
    let descriptor = descriptor?;
    let stream = [b"FontFile2".as_slice(), b"FontFile3", b"FontFile"]
        .iter()
        .find_map(|key| get_stream(doc, descriptor, key))?;
    if !budget.work(PROGRAM_WORK) {
        return None;
    }
    decode(doc, stream, budget).map(std::borrow::Cow::into_owned)
}

/// The name of a font without its subset tag.
pub(super) fn base_name(doc: &Document, dict: &Dictionary) -> String {
    let name = get_name(doc, dict, b"BaseFont")
        .or_else(|| get_name(doc, dict, b"Name"))
        .unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 => rest.to_owned(),
        _ => name.into_owned(),
    }
}

/// Whether a text names real characters: not empty, no control or replacement characters.
pub(super) fn is_usable(text: &str) -> bool {
    !text.is_empty()
        && text.chars().all(|c| {
            c != char::REPLACEMENT_CHARACTER && (c >= ' ' || matches!(c, '\t' | '\n' | '\r'))
        })
}

/// How the codes of a composite font are told apart and named.
#[derive(Debug)]
enum Codes {
    /// Two bytes; the code is the glyph number.
    Identity,
    /// Two bytes of UTF-16.
    Unicode,
    /// An embedded `CMap`.
    Map(CMap),
}

#[derive(Debug)]
struct Composite {
    codes: Codes,
    to_unicode: Option<CMap>,
    glyph_texts: GlyphTexts,
    symbol: Option<BaseEncoding>,
    widths: HashMap<u32, f64>,
    width_ranges: Vec<(u32, u32, f64)>,
    default_width: f64,
    cache: RefCell<HashMap<u32, Slot>>,
}

/// Most single widths kept of one font.
const MAX_WIDTHS: usize = 70_000;

impl Composite {
    fn load(doc: &Document, dict: &Dictionary, budget: &mut Budget) -> Self {
        let descendant = get_array(doc, dict, b"DescendantFonts")
            .and_then(|fonts| fonts.first())
            .and_then(|font| resolve(doc, font))
            .and_then(|font| font.as_dict().ok());
        let codes = match get(doc, dict, b"Encoding") {
            Some(Object::Stream(stream)) => {
                let map = decode(doc, stream, budget).map(|bytes| CMap::parse(&bytes));
                map.filter(|m| m.has_codespaces() || m.has_cids())
                    .map_or(Codes::Identity, Codes::Map)
            }
            Some(Object::Name(name)) if name.windows(4).any(|w| w == b"UCS2" || w == b"UTF1") => {
                Codes::Unicode
            }
            _ => Codes::Identity,
        };
        let to_unicode = to_unicode(doc, dict, budget);
        let glyph_texts = match descendant {
            Some(font) if to_unicode.is_none() => glyph_texts(doc, font, budget),
            _ => GlyphTexts::new(),
        };
        let mut font = Self {
            codes,
            to_unicode,
            glyph_texts,
            symbol: BaseEncoding::of_symbol_font(&base_name(doc, dict)),
            widths: HashMap::new(),
            width_ranges: Vec::new(),
            default_width: 1.0,
            cache: RefCell::default(),
        };
        if let Some(descendant) = descendant {
            font.default_width = get_number(doc, descendant, b"DW").unwrap_or(1000.0) / 1000.0;
            font.read_widths(doc, get_array(doc, descendant, b"W").unwrap_or_default());
        }
        font
    }

    /// Reads `/W`: `c [w w ...]` or `first last w`.
    fn read_widths(&mut self, doc: &Document, items: &[Object]) {
        let mut items = items.iter().filter_map(|o| resolve(doc, o));
        while let (Some(first), Some(second)) = (items.next().and_then(cid), items.next()) {
            if let Object::Array(list) = second {
                let widths = list.iter().map(|o| resolve(doc, o).and_then(number));
                for (cid, width) in (first..).zip(widths) {
                    if self.widths.len() > MAX_WIDTHS {
                        return;
                    }
                    if let Some(width) = width {
                        self.widths.insert(cid, width / 1000.0);
                    }
                }
            } else if let (Some(last), Some(width)) = (cid(second), items.next().and_then(number)) {
                self.width_ranges.push((first, last, width / 1000.0));
            }
        }
        self.width_ranges.sort_by_key(|r| r.0);
    }

    fn next_code(&self, bytes: &[u8]) -> Option<(u32, usize)> {
        match &self.codes {
            Codes::Map(map) => map.next_code(bytes),
            Codes::Identity | Codes::Unicode => match *bytes {
                [] => None,
                [byte] => Some((u32::from(byte), 1)),
                [high, low, ..] => Some((u32::from(high) << 8 | u32::from(low), 2)),
            },
        }
    }

    fn slot(&self, code: u32, len: usize) -> Slot {
        if let Some(slot) = self.cache.borrow().get(&code) {
            return slot.clone();
        }
        let cid = match &self.codes {
            Codes::Map(map) if map.has_cids() => map.cid(code).unwrap_or(0),
            _ => code,
        };
        let slot = Slot {
            text: self.text(code, cid).into(),
            width: self.width(cid),
            word_space: len == 1 && code == 32,
        };
        let mut cache = self.cache.borrow_mut();
        if cache.len() < MAX_WIDTHS {
            cache.insert(code, slot.clone());
        }
        slot
    }

    fn text(&self, code: u32, cid: u32) -> String {
        let own = |c: char| private_use(c, self.symbol);
        if let Some(text) = self
            .to_unicode
            .as_ref()
            .and_then(|m| m.text(code))
            .filter(|t| is_usable(t))
        {
            return text.chars().map(own).collect();
        }
        if matches!(self.codes, Codes::Unicode)
            && let Some(c) = char::from_u32(code)
        {
            return own(c).to_string();
        }
        match self.glyph_texts.get(&cid) {
            Some(text) => text.chars().map(own).collect(),
            // Glyph 0 is the box for a missing glyph: nothing was meant to be read.
            None if cid == 0 => String::new(),
            None => UNKNOWN.to_owned(),
        }
    }

    fn width(&self, cid: u32) -> f64 {
        if let Some(&width) = self.widths.get(&cid) {
            return width;
        }
        let after = self.width_ranges.partition_point(|r| r.0 <= cid);
        let range = after
            .checked_sub(1)
            .and_then(|at| self.width_ranges.get(at));
        range
            .filter(|r| cid <= r.1)
            .map_or(self.default_width, |r| r.2)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked just before"
)]
fn cid(object: &Object) -> Option<u32> {
    number(object)
        .filter(|n| (0.0..1e7).contains(n))
        .map(|n| n as u32)
}

/// The texts by CID of an embedded program, by way of `/CIDToGIDMap` when that is a stream.
fn glyph_texts(doc: &Document, font: &Dictionary, budget: &mut Budget) -> GlyphTexts {
    let Some(program) = program(doc, get_dict(doc, font, b"FontDescriptor"), budget) else {
        return GlyphTexts::new();
    };
    let texts = texts_by_glyph(&program);
    let Some(map) = get_stream(doc, font, b"CIDToGIDMap").and_then(|s| decode(doc, s, budget))
    else {
        return texts;
    };
    let glyphs = map
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |gid, &b| gid << 8 | u32::from(b)));
    (0u32..0x1_0000)
        .zip(glyphs)
        .filter_map(|(cid, gid)| Some((cid, texts.get(&gid)?.clone())))
        .collect()
}
