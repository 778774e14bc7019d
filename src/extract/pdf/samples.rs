//! Samples of an image to grey pixels: bits, colour spaces, `Decode`.

use lopdf::{Dictionary, Document, Object};

use super::object::{get, get_array, get_number, get_numbers, number, resolve};

/// Deepest nesting of colour spaces.
const MAX_SPACES: usize = 4;

/// The samples of an image, one byte each, those of a pixel together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Samples {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Samples a pixel.
    pub(super) components: usize,
    /// The largest value a sample can have.
    pub(super) max: u8,
    pub(super) data: Vec<u8>,
}

/// What the samples of a pixel mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Space {
    Grey,
    Rgb,
    Cmyk,
    /// The grey of each index.
    Indexed(Vec<u8>),
    /// Ink: more is darker.
    Tint(usize),
}

impl Space {
    /// The colour space of an image dictionary; grey where it says none.
    pub(super) fn of(doc: &Document, dict: &Dictionary) -> Self {
        let entry = get(doc, dict, b"ColorSpace").or_else(|| get(doc, dict, b"CS"));
        entry.map_or(Self::Grey, |object| Self::read(doc, object, MAX_SPACES))
    }

    fn read(doc: &Document, object: &Object, depth: usize) -> Self {
        let parts = match object {
            Object::Name(name) => {
                return match name.as_slice() {
                    b"DeviceRGB" | b"RGB" | b"CalRGB" => Self::Rgb,
                    b"DeviceCMYK" | b"CMYK" => Self::Cmyk,
                    _ => Self::Grey,
                };
            }
            Object::Array(parts) if depth > 0 => parts.as_slice(),
            _ => return Self::Grey,
        };
        let part = |n: usize| parts.get(n).and_then(|o| resolve(doc, o));
        match part(0).and_then(|o| o.as_name().ok()) {
            Some(b"ICCBased") => {
                let dict = part(1).and_then(super::object::as_dict);
                match dict.and_then(|d| get_number(doc, d, b"N")) {
                    Some(3.0) => Self::Rgb,
                    Some(4.0) => Self::Cmyk,
                    _ => Self::Grey,
                }
            }
            Some(b"CalRGB" | b"DeviceRGB" | b"Lab") => Self::Rgb,
            Some(b"DeviceCMYK") => Self::Cmyk,
            Some(b"Separation") => Self::Tint(1),
            Some(b"DeviceN") => {
                Self::Tint(part(1).and_then(|o| o.as_array().ok()).map_or(1, Vec::len))
            }
            Some(b"Indexed" | b"I") => {
                let base = part(1).map_or(Self::Rgb, |o| Self::read(doc, o, depth - 1));
                let table = match part(3) {
                    Some(Object::String(bytes, _)) => bytes.clone(),
                    Some(Object::Stream(stream)) => stream
                        .decompressed_content_with_limit(1 << 16)
                        .unwrap_or_else(|_| stream.content.clone()),
                    _ => Vec::new(),
                };
                let colours = table.chunks_exact(base.components());
                Self::Indexed(colours.take(256).map(|c| base.grey(c)).collect())
            }
            _ => Self::Grey,
        }
    }

    pub(super) fn components(&self) -> usize {
        match self {
            Self::Grey | Self::Indexed(_) => 1,
            Self::Rgb => 3,
            Self::Cmyk => 4,
            Self::Tint(inks) => (*inks).clamp(1, 32),
        }
    }

    /// The grey of the samples of one pixel, each from 0 to 255.
    fn grey(&self, pixel: &[u8]) -> u8 {
        match (self, pixel) {
            (Self::Rgb, &[r, g, b]) => luma(r, g, b),
            (Self::Cmyk, &[c, m, y, k]) => luma(255 - c, 255 - m, 255 - y).saturating_sub(k),
            (Self::Tint(_), inks) => inks.iter().fold(255, |g: u8, ink| g.saturating_sub(*ink)),
            (Self::Indexed(table), &[index]) => {
                table.get(usize::from(index)).copied().unwrap_or(255)
            }
            (_, pixel) => pixel.first().copied().unwrap_or(255),
        }
    }
}

fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = u32::from(r) * 77 + u32::from(g) * 151 + u32::from(b) * 28;
    (sum >> 8) as u8
}

impl Samples {
    /// Takes rows of packed samples apart; each row begins at a byte, and what is missing is zero.
    pub(super) fn unpack(
        packed: &[u8],
        (width, height): (usize, usize),
        components: usize,
        bits: usize,
    ) -> Option<Self> {
        let a_row = width.checked_mul(components)?;
        let row_bytes = a_row.checked_mul(bits)?.div_ceil(8);
        let mut data = Vec::with_capacity(a_row.checked_mul(height)?);
        for y in 0..height {
            let row = packed.get(y * row_bytes..).unwrap_or_default();
            let byte = |at: usize| row.get(at).copied().unwrap_or(0);
            match bits {
                8 => data.extend((0..a_row).map(byte)),
                16 => data.extend((0..a_row).map(|n| byte(2 * n))),
                1 | 2 | 4 => {
                    let mask = (1u8 << bits) - 1;
                    data.extend((0..a_row).map(|n| {
                        let bit = n * bits;
                        (byte(bit / 8) >> (8 - bits - bit % 8)) & mask
                    }));
                }
                _ => return None,
            }
        }
        let max = if bits < 8 { (1u8 << bits) - 1 } else { 255 };
        Some(Self {
            width,
            height,
            components,
            max,
            data,
        })
    }

    /// Grey pixels; `inverted` says that `Decode` turns the samples around.
    pub(super) fn grey(self, space: &Space, inverted: bool) -> Vec<u8> {
        let indexed = matches!(space, Space::Indexed(_));
        let scale = if indexed || self.max == 255 {
            1
        } else {
            255 / self.max
        };
        let turn = |s: u8| {
            let s = s.saturating_mul(scale);
            if inverted && !indexed { 255 - s } else { s }
        };
        if self.components == 1 {
            // A table of what each value means is faster than asking every time.
            let table: Vec<u8> = (0..=255).map(|s| space.grey(&[turn(s)])).collect();
            let mut data = self.data;
            (data.iter_mut()).for_each(|s| *s = table.get(usize::from(*s)).copied().unwrap_or(255));
            return data;
        }
        let mut pixel = vec![0; self.components];
        (self.data.chunks_exact(self.components))
            .map(|samples| {
                for (to, from) in pixel.iter_mut().zip(samples) {
                    *to = turn(*from);
                }
                space.grey(&pixel)
            })
            .collect()
    }
}

/// Whether the `Decode` array of an image turns its samples around.
pub(super) fn is_inverted(doc: &Document, dict: &Dictionary) -> bool {
    let pair = get_numbers::<2>(doc, dict, b"Decode").or_else(|| {
        let short = get_array(doc, dict, b"D")?;
        let at = |n: usize| number(resolve(doc, short.get(n)?)?);
        Some([at(0)?, at(1)?])
    });
    pair.is_some_and(|[low, high]| low > high)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grey(packed: &[u8], width: usize, space: &Space, bits: usize) -> Vec<u8> {
        Samples::unpack(packed, (width, 1), space.components(), bits)
            .unwrap()
            .grey(space, false)
    }

    #[test]
    fn bits_become_bytes() {
        assert_eq!(grey(&[0b1010_0000], 3, &Space::Grey, 1), [255, 0, 255]);
        assert_eq!(grey(&[0b0001_1011], 4, &Space::Grey, 2), [0, 85, 170, 255]);
        assert_eq!(grey(&[0x0F], 2, &Space::Grey, 4), [0, 255]);
        assert_eq!(grey(&[7, 99, 8, 99], 2, &Space::Grey, 16), [7, 8]);
        // A row begins at a byte, and missing rows are there.
        let two = Samples::unpack(&[0x80, 0x80], (1, 3), 1, 1).unwrap();
        assert_eq!(two.data, [1, 1, 0]);
        assert_eq!(Samples::unpack(&[], (1, 1), 1, 3), None);
    }

    #[test]
    fn colours_become_grey() {
        assert_eq!(grey(&[255, 255, 255, 0, 0, 0], 2, &Space::Rgb, 8), [255, 0]);
        assert_eq!(
            grey(&[0, 0, 0, 0, 0, 0, 0, 255], 2, &Space::Cmyk, 8),
            [255, 0]
        );
        assert_eq!(grey(&[0, 255], 2, &Space::Tint(1), 8), [255, 0]);
        let indexed = Space::Indexed(vec![9, 200]);
        assert_eq!(grey(&[0b0100_0000], 3, &indexed, 1), [9, 200, 9]);
        assert_eq!(grey(&[5], 1, &indexed, 8), [255]);
    }

    #[test]
    fn spaces_are_read() {
        let doc = Document::new();
        let name = |n: &str| Object::Name(n.as_bytes().to_vec());
        let table = Object::string_literal(vec![0, 0, 0, 255, 255, 255]);
        let space = |object: Object| {
            let mut dict = Dictionary::new();
            dict.set("ColorSpace", object);
            Space::of(&doc, &dict)
        };
        assert_eq!(space(name("DeviceRGB")), Space::Rgb);
        let indexed = vec![
            name("Indexed"),
            name("DeviceRGB"),
            Object::Integer(1),
            table,
        ];
        assert_eq!(space(Object::Array(indexed)), Space::Indexed(vec![0, 255]));
        assert_eq!(
            space(Object::Array(vec![name("Separation")])),
            Space::Tint(1)
        );
        assert_eq!(space(Object::Null), Space::Grey);
    }

    #[test]
    fn decode_turns_around() {
        let mut dict = Dictionary::new();
        dict.set("Decode", vec![Object::Integer(1), Object::Integer(0)]);
        assert!(is_inverted(&Document::new(), &dict));
        let samples = Samples::unpack(&[0x80], (2, 1), 1, 1).unwrap();
        assert_eq!(samples.grey(&Space::Grey, true), [0, 255]);
    }
}
