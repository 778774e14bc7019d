//! Small helpers over lopdf objects: following references and decoding streams.

use std::borrow::Cow;

use lopdf::{DecompressError, Dictionary, Document, Error, Object, Stream};

use super::limits::Budget;

/// Follows references; `None` for a missing object or `null`.
pub(super) fn resolve<'d>(doc: &'d Document, object: &'d Object) -> Option<&'d Object> {
    match object {
        Object::Reference(_) => doc.dereference(object).ok().map(|(_, o)| o),
        other => Some(other),
    }
    .filter(|o| !o.is_null())
}

/// The value of a dictionary entry with references followed.
pub(super) fn get<'d>(doc: &'d Document, dict: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    dict.get(key).ok().and_then(|object| resolve(doc, object))
}

/// The dictionary at an entry; for a stream its dictionary.
pub(super) fn get_dict<'d>(
    doc: &'d Document,
    dict: &'d Dictionary,
    key: &[u8],
) -> Option<&'d Dictionary> {
    get(doc, dict, key).and_then(as_dict)
}

/// The stream at an entry.
pub(super) fn get_stream<'d>(
    doc: &'d Document,
    dict: &'d Dictionary,
    key: &[u8],
) -> Option<&'d Stream> {
    get(doc, dict, key).and_then(|o| o.as_stream().ok())
}

/// The array at an entry.
pub(super) fn get_array<'d>(
    doc: &'d Document,
    dict: &'d Dictionary,
    key: &[u8],
) -> Option<&'d [Object]> {
    get(doc, dict, key)
        .and_then(|o| o.as_array().ok())
        .map(Vec::as_slice)
}

/// The name at an entry.
pub(super) fn get_name<'d>(
    doc: &'d Document,
    dict: &'d Dictionary,
    key: &[u8],
) -> Option<&'d [u8]> {
    get(doc, dict, key).and_then(|o| o.as_name().ok())
}

/// The number at an entry.
pub(super) fn get_number(doc: &Document, dict: &Dictionary, key: &[u8]) -> Option<f64> {
    get(doc, dict, key).and_then(number)
}

/// The numbers of an array entry.
pub(super) fn get_numbers<const N: usize>(
    doc: &Document,
    dict: &Dictionary,
    key: &[u8],
) -> Option<[f64; N]> {
    let items = get_array(doc, dict, key)?;
    let mut out = [0.0; N];
    for (at, slot) in out.iter_mut().enumerate() {
        *slot = number(resolve(doc, items.get(at)?)?)?;
    }
    Some(out)
}

/// A finite number.
#[expect(
    clippy::cast_precision_loss,
    reason = "coordinates and widths are far below 2^52"
)]
pub(super) fn number(object: &Object) -> Option<f64> {
    match object {
        Object::Integer(i) => Some(*i as f64),
        Object::Real(r) => Some(f64::from(*r)).filter(|r| r.is_finite()),
        _ => None,
    }
}

/// The dictionary of a dictionary or stream object.
pub(super) fn as_dict(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dict) => Some(dict),
        Object::Stream(stream) => Some(&stream.dict),
        _ => None,
    }
}

/// A text string: UTF-16 or UTF-8 with a mark, else `PDFDocEncoding`.
pub(super) fn text_string(bytes: &[u8]) -> String {
    if let Some(rest) = bytes.strip_prefix(b"\xFE\xFF") {
        return utf16(rest, u16::from_be_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(rest).into_owned();
    }
    let object = Object::String(bytes.to_vec(), lopdf::StringFormat::Literal);
    lopdf::decode_text_string(&object).unwrap_or_default()
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes
        .chunks_exact(2)
        .filter_map(|pair| pair.try_into().ok())
        .map(unit);
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// The decoded bytes of a stream, within the budget.
///
/// lopdf follows neither an indirect `/Filter` nor the short filter names, so both are put right
/// first. `None` for images and whatever cannot be decoded.
pub(super) fn decode<'d>(
    doc: &Document,
    stream: &'d Stream,
    budget: &mut Budget,
) -> Option<Cow<'d, [u8]>> {
    let filters = filter_names(doc, &stream.dict);
    let room = budget.stream_room();
    if filters.is_empty() {
        if stream.content.len() > room {
            budget.stream_too_large();
            return None;
        }
        budget.stream(stream.content.len());
        return Some(Cow::Borrowed(&stream.content));
    }
    if let [first @ .., b"FlateDecode"] = filters.as_slice()
        && !first.is_empty()
        && !stream.dict.has(b"DecodeParms")
        && let Ok(inner) =
            normalised(doc, stream, first.to_vec()).decompressed_content_with_limit(room)
    {
        // One at a time, so that the checksum of the last can be looked at.
        let mut dict = Dictionary::new();
        dict.set("Filter", Object::Name(b"FlateDecode".to_vec()));
        let bytes = decode(doc, &Stream::new(dict, inner), budget)?.into_owned();
        return Some(Cow::Owned(bytes));
    }
    let decoded = if is_plain(&stream.dict) {
        stream.decompressed_content_with_limit(room)
    } else {
        normalised(doc, stream, filters).decompressed_content_with_limit(room)
    };
    match decoded {
        Ok(bytes) => {
            budget.stream(bytes.len());
            if !is_whole(stream, &bytes) {
                budget.damage();
            }
            Some(Cow::Owned(bytes))
        }
        Err(Error::Decompress(DecompressError::MemoryLimitExceeded { .. })) => {
            budget.stream_too_large();
            None
        }
        Err(_) => None,
    }
}

/// Whether the checksum at the end of Flate data fits; lopdf gives what it has when it does not.
fn is_whole(stream: &Stream, bytes: &[u8]) -> bool {
    let plain =
        matches!(stream.dict.get(b"Filter"), Ok(Object::Name(name)) if name == b"FlateDecode");
    if !plain || stream.dict.has(b"DecodeParms") {
        return true;
    }
    // Line ends may follow the data.
    let end = stream.content.len().saturating_sub(8);
    let tail = stream.content.get(end..).unwrap_or_default();
    let sum = adler32(bytes).to_be_bytes();
    tail.windows(4).any(|w| w == sum)
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    // So many bytes fit before the sums have to be reduced.
    for chunk in bytes.chunks(5_552) {
        for &byte in chunk {
            a = a.wrapping_add(u32::from(byte));
            b = b.wrapping_add(a);
        }
        a %= 65_521;
        b %= 65_521;
    }
    (b << 16) | a
}

/// The filter names as they stand.
pub(super) fn raw_filters<'d>(doc: &'d Document, dict: &'d Dictionary) -> Vec<&'d [u8]> {
    match get(doc, dict, b"Filter").or_else(|| get(doc, dict, b"F")) {
        Some(Object::Name(name)) => vec![name],
        Some(Object::Array(items)) => items
            .iter()
            .filter_map(|o| resolve(doc, o))
            .filter_map(|o| o.as_name().ok())
            .collect(),
        _ => Vec::new(),
    }
}

/// The full filter names, without `Crypt`.
fn filter_names(doc: &Document, dict: &Dictionary) -> Vec<&'static [u8]> {
    let full = |name: &&[u8]| -> Option<&'static [u8]> {
        match *name {
            b"Crypt" => None,
            b"FlateDecode" | b"Fl" => Some(b"FlateDecode"),
            b"LZWDecode" | b"LZW" => Some(b"LZWDecode"),
            b"ASCII85Decode" | b"A85" => Some(b"ASCII85Decode"),
            b"ASCIIHexDecode" | b"AHx" => Some(b"ASCIIHexDecode"),
            b"RunLengthDecode" | b"RL" => Some(b"RunLengthDecode"),
            b"BrotliDecode" => Some(b"BrotliDecode"),
            _ => Some(b"Unknown"),
        }
    };
    raw_filters(doc, dict).iter().filter_map(full).collect()
}

/// Whether lopdf can read the filter entries as they are.
fn is_plain(dict: &Dictionary) -> bool {
    let long = |o: &Object| matches!(o, Object::Name(name) if name.len() > 8);
    let filter = match dict.get(b"Filter") {
        Ok(Object::Array(items)) => items.iter().all(long),
        Ok(filter) => long(filter),
        Err(_) => false,
    };
    let direct = |o: &Object| !matches!(o, Object::Reference(_));
    let params = match dict.get(b"DecodeParms") {
        Ok(Object::Array(items)) => items.iter().all(direct),
        Ok(Object::Dictionary(params)) => params.iter().all(|(_, value)| direct(value)),
        Ok(_) => false,
        Err(_) => !dict.has(b"DP"),
    };
    filter && params
}

fn normalised(doc: &Document, stream: &Stream, filters: Vec<&'static [u8]>) -> Stream {
    let params = get(doc, &stream.dict, b"DecodeParms").or_else(|| get(doc, &stream.dict, b"DP"));
    let direct = |object: &Object| -> Object {
        let Some(params) = resolve(doc, object).and_then(as_dict) else {
            return Object::Null;
        };
        let mut out = Dictionary::new();
        for (key, value) in params {
            if let Some(value) = resolve(doc, value) {
                out.set(key.clone(), value.clone());
            }
        }
        Object::Dictionary(out)
    };
    let mut dict = Dictionary::new();
    match params {
        Some(Object::Array(items)) => {
            dict.set(
                "DecodeParms",
                Object::Array(items.iter().map(direct).collect()),
            );
        }
        Some(params) => dict.set("DecodeParms", direct(params)),
        None => {}
    }
    let names = filters
        .into_iter()
        .map(|name| Object::Name(name.to_vec()))
        .collect();
    dict.set("Filter", Object::Array(names));
    Stream::new(dict, ascii85_end(stream.content.clone()))
}

/// lopdf wants `~>` at the very end of ASCII85 data; white space often follows it.
fn ascii85_end(mut content: Vec<u8>) -> Vec<u8> {
    let len = content.trim_ascii_end().len();
    content.truncate(len);
    content
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;

    #[test]
    fn short_and_indirect_filters() {
        let mut doc = Document::new();
        let id = doc.add_object(Object::Name(b"AHx".to_vec()));
        let mut dict = Dictionary::new();
        dict.set("Filter", Object::Reference(id));
        let stream = Stream::new(dict, b"48 69>".to_vec());
        let mut budget = Budget::new(&Limits::default());
        assert_eq!(
            decode(&doc, &stream, &mut budget).as_deref(),
            Some(b"Hi".as_slice())
        );
    }

    #[test]
    fn a_stream_over_the_limit_is_noted() {
        let doc = Document::new();
        let stream = Stream::new(Dictionary::new(), vec![b' '; 100]);
        let mut budget = Budget::new(&Limits {
            max_stream_bytes: 10,
            ..Limits::default()
        });
        assert!(decode(&doc, &stream, &mut budget).is_none());
        assert_eq!(budget.hits().len(), 1);
    }

    #[test]
    fn checksums() {
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        assert_eq!(adler32(b""), 1);
    }

    #[test]
    fn text_strings() {
        assert_eq!(text_string(b"\xFE\xFF\x00\xEB"), "ë");
        assert_eq!(text_string(b"a\xEB"), "aë");
        assert_eq!(text_string(b"\xEF\xBB\xBF\xC3\xAB"), "ë");
    }
}
