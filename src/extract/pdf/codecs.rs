//! The image formats inside PDFs: JPEG, CCITT fax, JBIG2, JPEG 2000.

use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::samples::{Samples, Space};
use super::types::NoPicture;

/// Largest side of an image.
const MAX_SIDE: usize = 65_535;
/// Most scans of a progressive JPEG.
const MAX_SCANS: usize = 64;

/// The pixels of an image of that size, if there are any and not too many.
pub(super) fn fits(width: usize, height: usize, max_pixels: usize) -> Result<usize, NoPicture> {
    match width.checked_mul(height) {
        Some(0) => Err(NoPicture::Damaged),
        Some(pixels) if pixels <= max_pixels => Ok(pixels),
        _ => Err(NoPicture::TooLarge),
    }
}

/// A JPEG; its own header tells the colours, not the PDF.
pub(super) fn jpeg(data: &[u8], max_pixels: usize) -> Result<(Samples, Space), NoPicture> {
    let options = DecoderOptions::new_safe()
        .set_strict_mode(false)
        .set_max_width(MAX_SIDE)
        .set_max_height(MAX_SIDE)
        .jpeg_set_max_scans(MAX_SCANS);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(data), options);
    let damaged = |_| NoPicture::Damaged;
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or(NoPicture::Damaged)?;
    fits(width, height, max_pixels)?;
    let (wanted, space) = match decoder.input_colorspace() {
        Some(ColorSpace::Luma | ColorSpace::YCbCr) => (ColorSpace::Luma, Space::Grey),
        _ => (ColorSpace::RGB, Space::Rgb),
    };
    decoder.set_options(options.jpeg_set_out_colorspace(wanted));
    let data = decoder.decode().map_err(damaged)?;
    let components = space.components();
    Ok((bytes(width, height, components, data)?, space))
}

/// A JPEG 2000 image.
pub(super) fn jpeg2000(data: &[u8], max_pixels: usize) -> Result<(Samples, Space), NoPicture> {
    let settings = hayro_jpeg2000::DecodeSettings::default();
    let image = hayro_jpeg2000::Image::new(data, &settings).map_err(|_| NoPicture::Damaged)?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    fits(width, height, max_pixels)?;
    let colours = usize::from(image.color_space().num_channels());
    let components = colours + usize::from(image.has_alpha());
    let space = match colours {
        3 => Space::Rgb,
        4 => Space::Cmyk,
        _ => Space::Grey,
    };
    let mut data = image.decode().map_err(|_| NoPicture::Damaged)?;
    if components != space.components() {
        let kept = space.components().min(components);
        let pixels = data.chunks_exact(components);
        data = pixels.flat_map(|p| p.iter().take(kept).copied()).collect();
    }
    let components = space.components();
    Ok((bytes(width, height, components, data)?, space))
}

fn bytes(
    width: usize,
    height: usize,
    components: usize,
    data: Vec<u8>,
) -> Result<Samples, NoPicture> {
    if data.len() != width * height * components {
        return Err(NoPicture::Damaged);
    }
    Ok(Samples {
        width,
        height,
        components,
        max: 255,
        data,
    })
}

/// A JBIG2 image with the segments that it shares with others; black is 0, as in the PDF.
pub(super) fn jbig2(
    data: &[u8],
    globals: Option<&[u8]>,
    max_pixels: usize,
) -> Result<Samples, NoPicture> {
    let image = hayro_jbig2::Image::new_embedded(data, globals).map_err(|_| NoPicture::Damaged)?;
    let (width, height) = (image.width() as usize, image.height() as usize);
    let mut out = Bits::new(fits(width, height, max_pixels)?, true);
    image.decode(&mut out).map_err(|_| NoPicture::Damaged)?;
    out.samples(width, height)
}

/// The parameters of CCITT fax data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fax {
    pub(super) k: i64,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) end_of_line: bool,
    pub(super) end_of_block: bool,
    pub(super) byte_align: bool,
    pub(super) black_is_1: bool,
}

/// A CCITT fax image: as many rows as come out.
pub(super) fn fax(data: &[u8], fax: Fax, max_pixels: usize) -> Result<Samples, NoPicture> {
    let pixels = fits(fax.columns, fax.rows, max_pixels)?;
    let side = |n: usize| u32::try_from(n).map_err(|_| NoPicture::TooLarge);
    let settings = DecodeSettings {
        columns: side(fax.columns)?,
        rows: side(fax.rows)?,
        end_of_block: fax.end_of_block,
        end_of_line: fax.end_of_line,
        rows_are_byte_aligned: fax.byte_align,
        encoding: match fax.k {
            ..0 => EncodingMode::Group4,
            0 => EncodingMode::Group3_1D,
            k => EncodingMode::Group3_2D {
                k: u32::try_from(k).unwrap_or(u32::MAX),
            },
        },
        invert_black: false,
    };
    let mut out = Bits::new(pixels, fax.black_is_1);
    // What is damaged may have begun well.
    let whole = hayro_ccitt::decode(data, &mut out, &mut DecoderContext::new(settings)).is_ok();
    let rows = out.data.len() / fax.columns;
    if rows == 0 || !whole && rows < fax.rows / 2 {
        return Err(NoPicture::Damaged);
    }
    out.data.truncate(rows * fax.columns);
    out.samples(fax.columns, rows)
}

/// Takes pixels as decoders push them, no more than there is room for.
struct Bits {
    data: Vec<u8>,
    room: usize,
    inverted: bool,
}

impl Bits {
    fn new(room: usize, inverted: bool) -> Self {
        Self {
            data: Vec::with_capacity(room),
            room,
            inverted,
        }
    }

    fn push(&mut self, bit: bool, count: usize) {
        let to = (self.data.len().saturating_add(count)).min(self.room);
        self.data.resize(to, u8::from(bit != self.inverted));
    }

    fn samples(self, width: usize, height: usize) -> Result<Samples, NoPicture> {
        if self.data.len() != width * height {
            return Err(NoPicture::Damaged);
        }
        Ok(Samples {
            width,
            height,
            components: 1,
            max: 1,
            data: self.data,
        })
    }
}

impl hayro_ccitt::Decoder for Bits {
    fn push_pixel(&mut self, white: bool) {
        self.push(white, 1);
    }
    fn push_pixel_chunk(&mut self, white: bool, chunk_count: u32) {
        self.push(white, chunk_count as usize * 8);
    }
    fn next_line(&mut self) {}
}

impl hayro_jbig2::Decoder for Bits {
    fn push_pixel(&mut self, black: bool) {
        self.push(black, 1);
    }
    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        self.push(black, chunk_count as usize * 8);
    }
    fn next_line(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    const FAX: Fax = Fax {
        k: -1,
        columns: 8,
        rows: 2,
        end_of_line: false,
        end_of_block: true,
        byte_align: false,
        black_is_1: false,
    };

    #[test]
    fn group_4() {
        // Vertical mode 0 for a white line is `1`; the end-of-block code follows two of them.
        let data = [0b1100_0000, 0b0000_0100, 0b0000_0000, 0b0100_0000];
        let white = fax(&data, FAX, 100).unwrap();
        assert_eq!((white.width, white.height, white.data), (8, 2, vec![1; 16]));
        let inverted = Fax {
            black_is_1: true,
            ..FAX
        };
        assert_eq!(fax(&data, inverted, 100).unwrap().data, [0; 16]);
        assert_eq!(fax(&data, FAX, 15), Err(NoPicture::TooLarge));
        assert_eq!(fax(&[0; 4], FAX, 100), Err(NoPicture::Damaged));
    }

    #[test]
    fn junk_is_damaged() {
        assert_eq!(
            jpeg(b"\xFF\xD8\xFF\xE0junk", 100).err(),
            Some(NoPicture::Damaged)
        );
        assert_eq!(
            jpeg2000(b"\xFF\x4F\xFF\x51", 100).err(),
            Some(NoPicture::Damaged)
        );
        assert_eq!(jbig2(b"junk", None, 100).err(), Some(NoPicture::Damaged));
    }
}
