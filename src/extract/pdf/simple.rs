//! Simple fonts: one byte, one glyph.

use std::collections::HashMap;

use lopdf::{Dictionary, Document, Object};

use super::embedded::texts_by_code;
use super::encoding::{BaseEncoding, private_use, standard_width};
use super::font::{Slot, UNKNOWN, base_name, is_usable, program, to_unicode};
use super::glyphs::glyph_text;
use super::limits::Budget;
use super::object::{get, get_array, get_dict, get_name, get_number, get_numbers, number, resolve};

/// The 256 glyphs of a simple font.
#[derive(Debug)]
pub(super) struct SimpleFont {
    slots: Vec<Slot>,
    /// Never reached: `slots` has an entry for every byte.
    none: Slot,
}

impl SimpleFont {
    fn new(slot: impl FnMut(u8) -> Slot) -> Self {
        let none = Slot {
            text: "".into(),
            width: 0.0,
            word_space: false,
        };
        Self {
            slots: (0..=255).map(slot).collect(),
            none,
        }
    }

    pub(super) fn slot(&self, code: u8) -> &Slot {
        self.slots.get(usize::from(code)).unwrap_or(&self.none)
    }

    /// Codes as `WinAnsiEncoding`, unknown where that has no character.
    pub(super) fn fallback() -> Self {
        Self::new(|code| {
            let c = BaseEncoding::WinAnsi.char(code).filter(|_| code >= 0x20);
            let text = c.map_or_else(|| UNKNOWN.to_owned(), String::from);
            Slot {
                text: text.into(),
                width: standard_width("", c.unwrap_or('a')) / 1000.0,
                word_space: code == 32,
            }
        })
    }
}

/// The parts of a font dictionary that name its characters.
struct Encoding {
    base: Option<BaseEncoding>,
    names: HashMap<u8, String>,
    built_in: HashMap<u8, String>,
    symbol: Option<BaseEncoding>,
    embedded: bool,
    type3: bool,
}

/// Reads a simple font: its glyphs and the height of its em for size 1.
pub(super) fn load(doc: &Document, dict: &Dictionary, budget: &mut Budget) -> (SimpleFont, f64) {
    let name = base_name(doc, dict);
    let descriptor = get_dict(doc, dict, b"FontDescriptor");
    let type3 = get_name(doc, dict, b"Subtype") == Some(b"Type3");
    let matrix = get_numbers::<6>(doc, dict, b"FontMatrix").filter(|_| type3);
    let scale = matrix.map_or(0.001, |m| m.first().copied().unwrap_or(0.001).abs());
    let map = to_unicode(doc, dict, budget);
    let encoding = encoding(doc, dict, descriptor, &name, map.is_some(), budget);

    let first = get_number(doc, dict, b"FirstChar").unwrap_or(0.0);
    let widths = get_array(doc, dict, b"Widths");
    let missing = descriptor.and_then(|d| get_number(doc, d, b"MissingWidth"));
    let font = SimpleFont::new(|code| {
        let mapped = map
            .as_ref()
            .and_then(|m| m.text(u32::from(code)))
            .filter(|t| is_usable(t));
        let text = mapped.unwrap_or_else(|| encoding.text(code));
        let text: String = text
            .chars()
            .map(|c| private_use(c, encoding.symbol))
            .collect();
        let given = widths.and_then(|list| {
            let at = f64::from(code) - first;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked just before"
            )]
            let object = (at >= 0.0)
                .then_some(at as usize)
                .and_then(|at| list.get(at))?;
            resolve(doc, object).and_then(number)
        });
        let width = match (given, widths.is_some(), missing) {
            (Some(width), _, _) => width * scale,
            (None, true, Some(width)) => width * scale,
            (None, true, None) => 0.0,
            (None, false, _) => standard_width(&name, text.chars().next().unwrap_or('a')) / 1000.0,
        };
        Slot {
            text: text.into(),
            width,
            word_space: code == 32,
        }
    });
    let em = if type3 && !(0.0005..=0.002).contains(&scale) {
        type3_em(&font)
    } else {
        1.0
    };
    (font, em)
}

/// The em of a Type 3 font with units of its own: letters are about half an em wide.
fn type3_em(font: &SimpleFont) -> f64 {
    let widths: Vec<f64> = font
        .slots
        .iter()
        .map(|s| s.width.abs())
        .filter(|&w| w > 0.0)
        .collect();
    if widths.is_empty() {
        return 1.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "at most 256")]
    let mean = widths.iter().sum::<f64>() / widths.len() as f64;
    (mean * 2.0).clamp(1e-3, 1e3)
}

fn encoding(
    doc: &Document,
    dict: &Dictionary,
    descriptor: Option<&Dictionary>,
    name: &str,
    mapped: bool,
    budget: &mut Budget,
) -> Encoding {
    let symbol = BaseEncoding::of_symbol_font(name);
    let entry = get(doc, dict, b"Encoding");
    let named = match entry {
        Some(Object::Name(name)) => BaseEncoding::from_name(name),
        Some(Object::Dictionary(d)) => {
            get_name(doc, d, b"BaseEncoding").and_then(BaseEncoding::from_name)
        }
        _ => None,
    };
    let names = entry
        .and_then(|e| e.as_dict().ok())
        .map(|d| differences(doc, d))
        .unwrap_or_default();
    let embedded = descriptor.is_some_and(|d| {
        [b"FontFile".as_slice(), b"FontFile2", b"FontFile3"]
            .iter()
            .any(|k| d.has(k))
    });
    let wants_program = embedded && !mapped && named.is_none();
    let built_in = if wants_program {
        program(doc, descriptor, budget)
            .map(|p| texts_by_code(&p))
            .unwrap_or_default()
    } else {
        HashMap::new()
    };
    let truetype = get_name(doc, dict, b"Subtype") == Some(b"TrueType");
    let base = match named {
        // The codes of a symbol font are its own, whatever the dictionary says.
        Some(BaseEncoding::WinAnsi | BaseEncoding::MacRoman) if symbol.is_some() => symbol,
        Some(base) => Some(base),
        None if symbol.is_some() => symbol,
        None if truetype => Some(BaseEncoding::WinAnsi),
        None => Some(BaseEncoding::Standard),
    };
    Encoding {
        base,
        names,
        built_in,
        symbol,
        embedded,
        type3: get_name(doc, dict, b"Subtype") == Some(b"Type3"),
    }
}

/// The glyph names of `/Differences` by code.
fn differences(doc: &Document, encoding: &Dictionary) -> HashMap<u8, String> {
    let mut out = HashMap::new();
    let mut code = Some(0u8);
    for item in get_array(doc, encoding, b"Differences").unwrap_or_default() {
        match resolve(doc, item) {
            Some(Object::Integer(i)) => code = u8::try_from(*i).ok(),
            Some(Object::Name(name)) => {
                if let Some(at) = code {
                    out.insert(at, String::from_utf8_lossy(name).into_owned());
                    code = at.checked_add(1);
                }
            }
            _ => {}
        }
    }
    out
}

impl Encoding {
    fn text(&self, code: u8) -> String {
        if let Some(name) = self.names.get(&code) {
            if let Some(text) = glyph_text(name) {
                return text.chars().map(super::encoding::plain_mark).collect();
            }
            if name == ".notdef" {
                return String::new();
            }
            if !self.type3 {
                // A name made up by the producer: the program may still know the code.
                return self
                    .built_in
                    .get(&code)
                    .cloned()
                    .unwrap_or_else(|| UNKNOWN.to_owned());
            }
        }
        if let Some(text) = self.built_in.get(&code) {
            return text.clone();
        }
        let base = if self.type3 {
            Some(BaseEncoding::WinAnsi)
        } else {
            self.base
        };
        match base.and_then(|b| b.char(code)) {
            Some(c) => c.to_string(),
            None if matches!(code, 9 | 10 | 13) => " ".to_owned(),
            None if self.embedded && code != 0 => UNKNOWN.to_owned(),
            None => String::new(),
        }
    }
}
