//! What the first bytes of an image file tell: its kind and its size in pixels.

/// A kind of image file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Png,
    Jpeg,
    Tiff,
    Bmp,
    Gif,
}

/// The kind of image that a file is.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    if starts(b"\x89PNG\r\n\x1A\n") {
        Some(Kind::Png)
    } else if starts(b"\xFF\xD8\xFF") {
        Some(Kind::Jpeg)
    } else if starts(b"II*\0") || starts(b"MM\0*") {
        Some(Kind::Tiff)
    } else if starts(b"GIF87a") || starts(b"GIF89a") {
        Some(Kind::Gif)
    } else if starts(b"BM") && is_bmp(bytes) {
        Some(Kind::Bmp)
    } else {
        None
    }
}

/// Two letters are too few to tell an image by: its reserved bytes are zero, and the size of its second header is a known one.
fn is_bmp(bytes: &[u8]) -> bool {
    bytes.get(6..10) == Some(&[0; 4])
        && matches!(
            little(bytes, 14, 4),
            Some(12 | 40 | 52 | 56 | 64 | 108 | 124)
        )
}

/// Width and height in pixels; for a TIFF each page tells its own.
pub(super) fn size(bytes: &[u8], kind: Kind) -> Option<(u64, u64)> {
    match kind {
        Kind::Png => Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?)),
        Kind::Gif => Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?)),
        Kind::Bmp if little(bytes, 14, 4) == Some(12) => {
            Some((little(bytes, 18, 2)?, little(bytes, 20, 2)?))
        }
        Kind::Bmp => {
            // A negative height tells that the rows run down.
            let height = i32::from_le_bytes(bytes.get(22..26)?.try_into().ok()?);
            Some((little(bytes, 18, 4)?, u64::from(height.unsigned_abs())))
        }
        Kind::Jpeg => jpeg(bytes),
        Kind::Tiff => None,
    }
}

/// The size in the first frame header of a JPEG.
fn jpeg(bytes: &[u8]) -> Option<(u64, u64)> {
    let mut at = 2;
    loop {
        while *bytes.get(at)? == 0xFF && bytes.get(at + 1) == Some(&0xFF) {
            at += 1;
        }
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        at += 2;
        match marker {
            0x01 | 0xD0..=0xD8 => {}
            0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Some((big(bytes, at + 5, 2)?, big(bytes, at + 3, 2)?));
            }
            0xD9 | 0xDA => return None,
            _ => at += usize::try_from(big(bytes, at, 2)?).ok()?.max(2),
        }
    }
}

/// A number of `length` bytes, the highest first.
pub(super) fn big(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().fold(0, |n, b| n << 8 | u64::from(*b)))
}

/// A number of `length` bytes, the lowest first.
pub(super) fn little(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at.checked_add(length)?)?;
    Some(bytes.iter().rev().fold(0, |n, b| n << 8 | u64::from(*b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bytes: &[u8]) -> (Option<Kind>, Option<(u64, u64)>) {
        let kind = kind(bytes);
        (kind, kind.and_then(|k| size(bytes, k)))
    }

    #[test]
    fn sizes_in_headers() {
        let png = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\x01\0\0\0\x02\0";
        assert_eq!(of(png), (Some(Kind::Png), Some((256, 512))));
        let jpeg = b"\xFF\xD8\xFF\xE0\0\x04ab\xFF\xC0\0\x11\x08\0\x07\0\x09\x01";
        assert_eq!(of(jpeg), (Some(Kind::Jpeg), Some((9, 7))));
        assert_eq!(of(b"GIF89a\x05\0\x06\0"), (Some(Kind::Gif), Some((5, 6))));
        let mut bmp = [0; 26];
        bmp[..2].copy_from_slice(b"BM");
        (bmp[14], bmp[18]) = (40, 3);
        bmp[22..].copy_from_slice(&(-4i32).to_le_bytes());
        assert_eq!(of(&bmp), (Some(Kind::Bmp), Some((3, 4))));
    }

    #[test]
    fn text_is_no_image_and_a_cut_header_has_no_size() {
        assert_eq!(of(b"BMI van de jongere: onbekend").0, None);
        assert_eq!(of(b"GIF, een afkorting").0, None);
        assert_eq!(of(b"\x89PNG\r\n\x1A\n"), (Some(Kind::Png), None));
        assert_eq!(of(b"\xFF\xD8\xFF\xFF\xFF"), (Some(Kind::Jpeg), None));
        assert_eq!(
            of(b"\xFF\xD8\xFF\xE0\0\0\xFF\xE0"),
            (Some(Kind::Jpeg), None)
        );
    }
}
