//! Code pages by their Windows numbers.

use encoding_rs::Encoding;

use crate::extract::plain;

/// Decodes bytes of a code page; Windows-1252 for numbers that are not known.
pub(super) fn decode(page: u32, bytes: &[u8]) -> String {
    // The letters of Western Europe have the same places in 437, 850 and 858.
    if matches!(page, 437 | 850 | 858) {
        return plain::cp850(bytes);
    }
    encoding(page)
        .decode_without_bom_handling(bytes)
        .0
        .into_owned()
}

fn encoding(page: u32) -> &'static Encoding {
    let label = match page {
        932 => "shift_jis",
        936 => "gbk",
        949 => "euc-kr",
        950 => "big5",
        874 => "windows-874",
        1250 => "windows-1250",
        1251 => "windows-1251",
        1253 => "windows-1253",
        1254 => "windows-1254",
        1255 => "windows-1255",
        1256 => "windows-1256",
        1257 => "windows-1257",
        1258 => "windows-1258",
        10000 => "macintosh",
        28592 => "iso-8859-2",
        28605 => "iso-8859-15",
        65001 => "utf-8",
        _ => "windows-1252",
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::WINDOWS_1252)
}

/// The code page of a font's character set as RTF numbers it; `None` for the document's own.
pub(super) const fn of_charset(charset: i32) -> Option<u32> {
    Some(match charset {
        0 => 1252,
        77 => 10000,
        128 => 932,
        129 => 949,
        134 => 936,
        136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        254 | 255 => 850,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_rows() {
        for (page, bytes, expected) in [
            (1252, &b"cli\xEBnt \x80"[..], "cliënt €"),
            (850, b"cli\x89nt", "cliënt"),
            (1254, b"\xFE", "ş"),
            (65001, b"\xC3\xAB", "ë"),
            (10000, b"\x91", "ë"),
            (1, b"\xEB", "ë"),
        ] {
            assert_eq!(decode(page, bytes), expected, "{page}");
        }
    }
}
