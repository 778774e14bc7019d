//! Opens a file with lopdf. This is the only place that calls its loader.

use lopdf::{Document, Error, FilterFunc, LoadOptions, Object, ObjectId};

use super::limits::Limits;
use super::types::PdfError;

/// How to open the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// By its cross-reference table, without the data of images.
    AsWritten,
    /// The same with that data.
    WithImages,
    /// By looking for its objects.
    Rebuilt,
}

/// Least size allowed for one object stream, whatever their number.
const MIN_OBJECT_STREAM: usize = 1 << 20;

/// Opens a document and unlocks it.
pub(super) fn open(
    bytes: &[u8],
    password: Option<&[u8]>,
    limits: &Limits,
    mode: Mode,
) -> Result<Document, PdfError> {
    let object_streams = object_streams(bytes);
    let filter: FilterFunc = if object_streams == 0 {
        drop_image_data_only
    } else {
        drop_image_data
    };
    let options = LoadOptions {
        password: password.map(password_text),
        filter: (mode == Mode::AsWritten).then_some(filter),
        max_decompressed_size: Some(object_stream_limit(object_streams, limits)),
        force_reconstruct: mode == Mode::Rebuilt,
        ..LoadOptions::default()
    };
    let doc = Document::load_mem_with_options(bytes, options).map_err(|error| describe(&error))?;
    // lopdf takes the entry away once the password fits.
    if doc.trailer.has(b"Encrypt") {
        return Err(PdfError::Encrypted);
    }
    Ok(doc)
}

/// The data of images is never looked at; only their dictionaries are.
///
/// For an object of its own lopdf keeps what `object` then is; for one out of an object stream it
/// keeps what is returned.
fn drop_image_data(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object {
        if matches!(stream.dict.get(b"Subtype"), Ok(Object::Name(name)) if name == b"Image") {
            stream.content = Vec::new();
        }
        // Object streams hold no streams.
        return Some((id, Object::Null));
    }
    Some((id, object.clone()))
}

/// The same for a file without object streams.
#[expect(clippy::unnecessary_wraps, reason = "the type of a lopdf filter")]
fn drop_image_data_only(id: ObjectId, object: &mut Object) -> Option<(ObjectId, Object)> {
    if let Object::Stream(stream) = object
        && matches!(stream.dict.get(b"Subtype"), Ok(Object::Name(name)) if name == b"Image")
    {
        stream.content = Vec::new();
    }
    Some((id, Object::Null))
}

fn object_streams(bytes: &[u8]) -> usize {
    bytes.windows(7).filter(|w| w == b"/ObjStm").count()
}

/// lopdf inflates all object streams while it loads and knows a limit for one stream only: share
/// the limit of the file among them.
fn object_stream_limit(object_streams: usize, limits: &Limits) -> usize {
    let share = limits.max_file_stream_bytes / object_streams.max(1);
    share.max(MIN_OBJECT_STREAM).min(limits.max_stream_bytes)
}

/// Passwords are UTF-8, or Latin-1 where the bytes are not.
fn password_text(password: &[u8]) -> String {
    match std::str::from_utf8(password) {
        Ok(text) => text.to_owned(),
        Err(_) => password.iter().map(|&b| char::from(b)).collect(),
    }
}

/// An error without anything out of the file.
fn describe(error: &Error) -> PdfError {
    let why = match error {
        Error::InvalidPassword | Error::Decryption(_) => return PdfError::Encrypted,
        Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded { .. }) => {
            return PdfError::TooLarge("an object stream is larger than the limit".to_owned());
        }
        Error::Parse(lopdf::ParseError::InvalidFileHeader) => "no pdf header",
        Error::Xref(_) | Error::MissingXrefEntry => "cross-reference table cannot be read",
        Error::Parse(_) => "its structure cannot be read",
        _ => "its objects cannot be read",
    };
    PdfError::Damaged(why.to_owned())
}
