//! What an embedded font program tells about its characters, for fonts without `ToUnicode`.

use std::collections::HashMap;

use ttf_parser::{Face, GlyphId, PlatformId, cff, cmap};

use super::glyphs::glyph_text;

/// Most glyphs looked at of one font: names are found by walking the font's tables.
const MAX_GLYPHS: u16 = 5_000;
/// How much of a Type 1 font is searched for its encoding.
const MAX_CLEAR_TEXT: usize = 256 << 10;

/// The text of every glyph of a font program, by glyph number.
pub(super) type GlyphTexts = HashMap<u32, String>;

/// The text of the glyphs of a TrueType, OpenType or bare CFF program, by glyph number, or by CID
/// for a font that is keyed by CID.
pub(super) fn texts_by_glyph(program: &[u8]) -> GlyphTexts {
    let mut out = GlyphTexts::new();
    if let Ok(face) = Face::parse(program, 0) {
        if let Some(table) = face.tables().cmap {
            for subtable in table.subtables {
                if subtable.is_unicode() || subtable.platform_id == PlatformId::Windows {
                    reverse(&subtable, &mut out);
                }
            }
        }
        if let Some(post) = face.tables().post {
            for (gid, name) in (0u32..).zip(post.names().take(usize::from(MAX_GLYPHS))) {
                if let Some(text) = glyph_text(name) {
                    out.entry(gid).or_insert(text);
                }
            }
        }
        if let Some(table) = face.tables().cff {
            cff_names(&table, &mut out);
        }
    } else if let Some(table) = cff::Table::parse(program) {
        cff_names(&table, &mut out);
    }
    out
}

/// Adds the characters of a `cmap` table; the probed range bounds the work whatever the table says.
fn reverse(subtable: &cmap::Subtable<'_>, out: &mut GlyphTexts) {
    for code in (0x20..0x3000).chain(0xE000..0xFFFE) {
        if let (Some(gid), Some(c)) = (subtable.glyph_index(code), char::from_u32(code))
            && gid.0 != 0
        {
            let slot = out.entry(u32::from(gid.0)).or_insert_with(|| c.to_string());
            // A real letter is better than a character of the private use area, and a plain blank
            // or hyphen better than its variants, which come later.
            if is_private(slot) && !(0xE000..0xF900).contains(&code) {
                *slot = c.to_string();
            }
        }
    }
}

fn is_private(text: &str) -> bool {
    text.chars().all(|c| ('\u{E000}'..='\u{F8FF}').contains(&c))
}

fn cff_names(table: &cff::Table<'_>, out: &mut GlyphTexts) {
    for gid in 1..table.number_of_glyphs().min(MAX_GLYPHS) {
        if let Some(text) = table.glyph_name(GlyphId(gid)).and_then(glyph_text) {
            out.entry(u32::from(gid)).or_insert(text);
        }
    }
}

/// The text of the codes of a simple font by its built-in encoding.
pub(super) fn texts_by_code(program: &[u8]) -> HashMap<u8, String> {
    if let Ok(face) = Face::parse(program, 0) {
        return truetype_codes(&face, &texts_by_glyph(program));
    }
    if let Some(table) = cff::Table::parse(program) {
        let name = |code: u8| {
            table
                .glyph_index(code)
                .and_then(|gid| table.glyph_name(gid))
        };
        let row = |code: u8| Some((code, glyph_text(name(code)?)?));
        return (0..=255).filter_map(row).collect();
    }
    type1_codes(program)
}

/// A symbolic TrueType font: code to glyph by its (3,0) or (1,0) table, glyph to text by any other.
fn truetype_codes(face: &Face<'_>, texts: &GlyphTexts) -> HashMap<u8, String> {
    let mut out = HashMap::new();
    let Some(table) = face.tables().cmap else {
        return out;
    };
    for subtable in table.subtables {
        let offsets: &[u32] = match (subtable.platform_id, subtable.encoding_id) {
            (PlatformId::Windows, 0) => &[0xF000, 0, 0xF100],
            (PlatformId::Macintosh, _) => &[0],
            _ => continue,
        };
        for code in 0..=255u8 {
            let gid = offsets
                .iter()
                .find_map(|base| subtable.glyph_index(base + u32::from(code)));
            if let Some(text) = gid
                .filter(|gid| gid.0 != 0)
                .and_then(|gid| texts.get(&u32::from(gid.0)))
            {
                out.entry(code).or_insert_with(|| text.clone());
            }
        }
    }
    out
}

/// The encoding in the clear text of a Type 1 font: lines `dup 65 /A put`.
fn type1_codes(program: &[u8]) -> HashMap<u8, String> {
    let clear = program
        .get(..MAX_CLEAR_TEXT.min(program.len()))
        .unwrap_or_default();
    let end = clear
        .windows(5)
        .position(|w| w == b"eexec")
        .unwrap_or(clear.len());
    let clear = String::from_utf8_lossy(clear.get(..end).unwrap_or_default());
    let Some((_, encoding)) = clear.split_once("/Encoding") else {
        return HashMap::new();
    };
    let mut out = HashMap::new();
    let spaced = encoding.replace('/', " /");
    let words: Vec<&str> = spaced.split_ascii_whitespace().collect();
    for window in words.windows(4) {
        if let ["dup", code, name, "put"] = window
            && let (Ok(code), Some(name)) = (code.parse(), name.strip_prefix('/'))
            && let Some(text) = glyph_text(name)
        {
            out.insert(code, text);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type1_clear_text() {
        let codes = texts_by_code(
            b"%!PS-AdobeFont\n/Encoding 256 array\ndup 1/edieresis put\ndup 65 /A put\n\
              readonly def\ncurrentfile eexec dup 66 /B put",
        );
        assert_eq!(codes.get(&1).map(String::as_str), Some("ë"));
        assert_eq!(codes.get(&65).map(String::as_str), Some("A"));
        assert_eq!(codes.len(), 2);
    }

    #[test]
    fn rubbish_gives_nothing() {
        assert!(texts_by_code(b"").is_empty());
        assert!(texts_by_glyph(&[0xFF; 300]).is_empty());
    }
}
