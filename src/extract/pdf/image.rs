//! An image object: its data, decoded to grey, and what of it is painted.

use std::borrow::Cow;

use lopdf::{Dictionary, Document, Object, Stream};

use super::codecs::{Fax, fax, fits, jbig2, jpeg, jpeg2000};
use super::limits::Budget;
use super::object::{as_dict, decode, get, get_number, get_stream, raw_filters, resolve};
use super::samples::{Samples, Space, is_inverted};
use super::types::NoPicture;

/// Columns of fax data that does not say.
const FAX_COLUMNS: usize = 1728;

/// Data may end early by one part in so many.
const MISSING: usize = 50;

/// Grey pixels, rows from the top.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Raster {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) pixels: Vec<u8>,
}

/// An image to paint.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) grey: Raster,
    /// How much of each place is painted; all of it where there is none.
    pub(super) alpha: Option<Raster>,
}

impl Layer {
    /// Decodes an image object. A mask paints black; what hides part of an image hides it here too.
    pub(super) fn load(
        doc: &Document,
        stream: &Stream,
        budget: &mut Budget,
        max_pixels: usize,
    ) -> Result<Self, NoPicture> {
        let raster = raster(doc, stream, budget, max_pixels)?;
        if is_mask(doc, &stream.dict) {
            let black = Raster {
                width: 1,
                height: 1,
                pixels: vec![0],
            };
            return Ok(Self {
                grey: black,
                alpha: Some(raster.turned()),
            });
        }
        let soft = get_stream(doc, &stream.dict, b"SMask");
        let hard = get_stream(doc, &stream.dict, b"Mask");
        // An image whose mask cannot be read is shown whole.
        let mut mask = |stream: &Stream| raster_of(doc, stream, budget, max_pixels);
        let alpha = match (soft, hard) {
            (Some(soft), _) => mask(soft),
            (None, Some(hard)) => mask(hard).map(Raster::turned),
            _ => None,
        };
        Ok(Self {
            grey: raster,
            alpha,
        })
    }
}

impl Raster {
    fn turned(mut self) -> Self {
        self.pixels.iter_mut().for_each(|p| *p = 255 - *p);
        self
    }
}

fn raster_of(
    doc: &Document,
    stream: &Stream,
    budget: &mut Budget,
    max_pixels: usize,
) -> Option<Raster> {
    raster(doc, stream, budget, max_pixels).ok()
}

fn is_mask(doc: &Document, dict: &Dictionary) -> bool {
    matches!(get(doc, dict, b"ImageMask"), Some(Object::Boolean(true)))
}

fn raster(
    doc: &Document,
    stream: &Stream,
    budget: &mut Budget,
    max_pixels: usize,
) -> Result<Raster, NoPicture> {
    let dict = &stream.dict;
    let side = |key: &[u8]| number(doc, dict, key).unwrap_or(0);
    let (width, height) = (side(b"Width"), side(b"Height"));
    fits(width, height, max_pixels)?;
    let (data, codec, params) = image_data(doc, stream, budget)?;
    let of_pdf = |samples: Samples| (samples, Space::of(doc, dict));
    let (samples, space) = match codec {
        Codec::Jpeg => jpeg(&data, max_pixels)?,
        Codec::Jpeg2000 => jpeg2000(&data, max_pixels)?,
        Codec::Jbig2 => {
            let globals = params.and_then(|p| get_stream(doc, p, b"JBIG2Globals"));
            let globals = globals.and_then(|s| decode(doc, s, budget));
            of_pdf(jbig2(&data, globals.as_deref(), max_pixels)?)
        }
        Codec::Fax => of_pdf(fax(&data, fax_params(doc, params, height), max_pixels)?),
        Codec::Raw => {
            let mask = is_mask(doc, dict);
            let bits = if mask {
                1
            } else {
                number(doc, dict, b"BitsPerComponent").unwrap_or(8)
            };
            let space = if mask {
                Space::Grey
            } else {
                Space::of(doc, dict)
            };
            let size = (width, height);
            let wanted = width.saturating_mul(space.components() * bits) / 8 * height;
            if data.len() < wanted - wanted / MISSING {
                return Err(NoPicture::Damaged);
            }
            let samples = Samples::unpack(&data, size, space.components(), bits);
            (samples.ok_or(NoPicture::Damaged)?, space)
        }
    };
    // A fax in three colours there is not: what does not go together is taken for grey.
    let space = if space.components() == samples.components {
        space
    } else {
        Space::Grey
    };
    Ok(Raster {
        width: samples.width,
        height: samples.height,
        pixels: samples.grey(&space, is_inverted(doc, dict)),
    })
}

fn number(doc: &Document, dict: &Dictionary, key: &[u8]) -> Option<usize> {
    let number = get_number(doc, dict, key)?;
    #[expect(clippy::cast_sign_loss, reason = "not below zero")]
    #[expect(clippy::cast_possible_truncation, reason = "a side of an image")]
    (0.0..1e9).contains(&number).then_some(number as usize)
}

/// The format that the data of an image is in once the general filters are taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Codec {
    Raw,
    Jpeg,
    Jpeg2000,
    Jbig2,
    Fax,
}

type Data<'d> = (Cow<'d, [u8]>, Codec, Option<&'d Dictionary>);

fn image_data<'d>(
    doc: &'d Document,
    stream: &'d Stream,
    budget: &mut Budget,
) -> Result<Data<'d>, NoPicture> {
    let filters = raw_filters(doc, &stream.dict);
    let codec = match filters.last().copied() {
        Some(b"DCTDecode" | b"DCT") => Codec::Jpeg,
        Some(b"JPXDecode") => Codec::Jpeg2000,
        Some(b"JBIG2Decode") => Codec::Jbig2,
        Some(b"CCITTFaxDecode" | b"CCF") => Codec::Fax,
        _ => Codec::Raw,
    };
    if codec == Codec::Raw {
        let data = decode(doc, stream, budget).ok_or(NoPicture::Damaged)?;
        return Ok((data, codec, None));
    }
    let before = filters
        .get(..filters.len().saturating_sub(1))
        .unwrap_or_default();
    let params = get(doc, &stream.dict, b"DecodeParms").or_else(|| get(doc, &stream.dict, b"DP"));
    let own = match params {
        Some(Object::Array(list)) => list.get(before.len()).and_then(|o| resolve(doc, o)),
        other => other,
    };
    let own = own.and_then(as_dict);
    if before.is_empty() {
        return Ok((Cow::Borrowed(&stream.content), codec, own));
    }
    let mut dict = Dictionary::new();
    let names = before.iter().map(|name| Object::Name(name.to_vec()));
    dict.set("Filter", Object::Array(names.collect()));
    if let Some(Object::Array(list)) = params {
        let list = list.iter().take(before.len()).cloned();
        dict.set("DecodeParms", Object::Array(list.collect()));
    }
    let outer = Stream::new(dict, stream.content.clone());
    let data = decode(doc, &outer, budget).ok_or(NoPicture::Damaged)?;
    Ok((Cow::Owned(data.into_owned()), codec, own))
}

fn fax_params(doc: &Document, params: Option<&Dictionary>, height: usize) -> Fax {
    let flag = |key: &[u8], usual: bool| match params.and_then(|p| get(doc, p, key)) {
        Some(Object::Boolean(flag)) => *flag,
        _ => usual,
    };
    let count = |key: &[u8]| params.and_then(|p| number(doc, p, key)).filter(|n| *n > 0);
    let k = params.and_then(|p| get_number(doc, p, b"K")).unwrap_or(0.0);
    Fax {
        #[expect(clippy::cast_possible_truncation, reason = "its sign matters")]
        k: k as i64,
        columns: count(b"Columns").unwrap_or(FAX_COLUMNS),
        rows: count(b"Rows").unwrap_or(height),
        end_of_line: flag(b"EndOfLine", false),
        end_of_block: flag(b"EndOfBlock", true),
        byte_align: flag(b"EncodedByteAlign", false),
        black_is_1: flag(b"BlackIs1", false),
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;

    fn stream(entries: &[(&str, Object)], data: &[u8]) -> Stream {
        let mut dict = Dictionary::new();
        for (key, value) in entries {
            dict.set(*key, value.clone());
        }
        Stream::new(dict, data.to_vec())
    }

    fn load(entries: &[(&str, Object)], data: &[u8]) -> Result<Layer, NoPicture> {
        let mut budget = Budget::new(&Limits::default());
        Layer::load(&Document::new(), &stream(entries, data), &mut budget, 100)
    }

    fn name(name: &str) -> Object {
        Object::Name(name.as_bytes().to_vec())
    }

    #[test]
    fn raw_samples_behind_a_filter() {
        let entries = [
            ("Width", 2.into()),
            ("Height", 1.into()),
            ("BitsPerComponent", 8.into()),
            ("ColorSpace", name("DeviceGray")),
            ("Filter", name("ASCIIHexDecode")),
        ];
        let layer = load(&entries, b"00 FF>").unwrap();
        assert_eq!(layer.grey.pixels, [0, 255]);
        assert!(layer.alpha.is_none());
    }

    #[test]
    fn a_mask_paints_where_it_is_zero() {
        let entries = [
            ("Width", 2.into()),
            ("Height", 1.into()),
            ("ImageMask", true.into()),
        ];
        let layer = load(&entries, &[0b0100_0000]).unwrap();
        assert_eq!(layer.alpha.unwrap().pixels, [255, 0]);
    }

    #[test]
    fn fax_behind_another_filter() {
        let mut params = Dictionary::new();
        params.set("K", -1);
        params.set("Columns", 8);
        let entries = [
            ("Width", 8.into()),
            ("Height", 2.into()),
            ("Filter", vec![name("AHx"), name("CCF")].into()),
            ("DecodeParms", vec![Object::Null, params.into()].into()),
        ];
        let layer = load(&entries, b"C0 04 00 40>").unwrap();
        assert_eq!((layer.grey.width, layer.grey.height), (8, 2));
        assert_eq!(layer.grey.pixels, [255; 16]);
    }

    #[test]
    fn too_many_pixels_are_refused_unseen() {
        let entries = [("Width", 11.into()), ("Height", 10.into())];
        assert_eq!(load(&entries, b"").err(), Some(NoPicture::TooLarge));
    }
}
