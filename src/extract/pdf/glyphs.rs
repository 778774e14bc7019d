//! Names of glyphs to characters.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::tables::ZAPF_NAMES;

/// The Adobe Glyph List, under the BSD-3-Clause licence at its head.
const GLYPH_LIST: &str = include_str!("glyphlist.txt");

fn glyph_list() -> &'static HashMap<&'static str, &'static str> {
    static LIST: OnceLock<HashMap<&'static str, &'static str>> = OnceLock::new();
    LIST.get_or_init(|| {
        let rows = GLYPH_LIST.lines().filter(|line| !line.starts_with('#'));
        rows.filter_map(|line| line.split_once(';')).collect()
    })
}

/// The characters of the glyph `name`, or `None` when the name tells nothing.
///
/// Knows the Adobe Glyph List, the names of `ZapfDingbats`, `uni` or `u` with the number of the
/// character in hexadecimal digits, parts joined by `_` (`f_f_i`) and suffixes (`a.sc`).
pub(super) fn glyph_text(name: &str) -> Option<String> {
    let base = match name.split_once('.') {
        Some(("", _)) => return None,
        Some((base, _)) => base,
        None => name,
    };
    if let Some(text) = component(base) {
        return Some(text);
    }
    if base.contains('_') && base.len() <= 64 {
        return base.split('_').map(component).collect();
    }
    None
}

fn component(name: &str) -> Option<String> {
    if let Some(codes) = glyph_list().get(name) {
        return codes
            .split(' ')
            .map(|code| u32::from_str_radix(code, 16).ok().and_then(char::from_u32))
            .collect();
    }
    if let Ok(at) = ZAPF_NAMES.binary_search_by_key(&name, |row| row.0) {
        return ZAPF_NAMES.get(at).map(|row| row.1.to_string());
    }
    if let Some(hex) = name.strip_prefix("uni")
        && hex.len() >= 4
        && hex.len() <= 32
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
    {
        let units = hex.as_bytes().chunks_exact(4).map(|four| {
            std::str::from_utf8(four)
                .ok()
                .and_then(|four| u16::from_str_radix(four, 16).ok())
        });
        return String::from_utf16(&units.collect::<Option<Vec<u16>>>()?).ok();
    }
    let hex = name.strip_prefix('u')?;
    if !(4..=6).contains(&hex.len()) || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    u32::from_str_radix(hex, 16)
        .ok()
        .and_then(char::from_u32)
        .map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_kinds() {
        for (name, want) in [
            ("A", "A"),
            ("edieresis", "ë"),
            ("Euro", "€"),
            ("uni00EB", "ë"),
            ("u20AC", "€"),
            ("f_f_i", "ffi"),
            ("ffi", "ﬃ"),
            ("a.sc", "a"),
            ("uni00660069", "fi"),
            ("a20", "✔"),
        ] {
            assert_eq!(glyph_text(name).as_deref(), Some(want), "{name}");
        }
        for name in [".notdef", "g123", "", "uniXYZW", "glyph_1", "u1"] {
            assert_eq!(glyph_text(name), None, "{name}");
        }
    }

    #[test]
    fn zapf_names_are_sorted() {
        assert!(ZAPF_NAMES.is_sorted_by_key(|row| row.0));
    }
}
