//! A file read bit by bit as UTF-8, whatever it is written in.

use std::io::{BufRead, BufReader, ErrorKind, Read};

use encoding_rs_io::DecodeReaderBytesBuilder;

use crate::extract::plain;

/// So many bytes are looked at to find encoding and delimiter.
const LOOK: usize = 256 << 10;

/// Text as UTF-8 or in an eight-bit encoding, part by part.
pub(super) struct Decoder {
    /// What bytes that are not UTF-8 are taken for: by the first part of the file, or else each for itself.
    eight_bit: Option<&'static str>,
    /// The encoding that was met, when it is not UTF-8.
    pub(super) seen: Option<&'static str>,
}

impl Decoder {
    pub(super) fn new(look: &[u8]) -> Self {
        let broken = std::str::from_utf8(look).is_err_and(|e| e.error_len().is_some());
        Self {
            eight_bit: broken.then(|| plain::eight_bit(look).1),
            seen: None,
        }
    }

    pub(super) fn text(&mut self, bytes: &[u8]) -> String {
        if let Ok(text) = std::str::from_utf8(bytes) {
            return text.to_owned();
        }
        let (text, encoding) = match self.eight_bit {
            Some(encoding) => (plain::eight_bit_as(bytes, encoding), encoding),
            None => plain::eight_bit(bytes),
        };
        self.seen = Some(encoding);
        text
    }
}

/// A file with its first bytes looked at: UTF-16 made UTF-8, the mark taken away.
pub(super) struct Opened<'r> {
    pub(super) reader: BufReader<Box<dyn Read + 'r>>,
    pub(super) decoder: Decoder,
    /// UTF-16, where it was that, or a mark.
    pub(super) encoding: Option<&'static str>,
}

/// Opens a file.
///
/// # Errors
/// When its first bytes cannot be read.
pub(super) fn open<'r>(input: &'r mut dyn Read) -> std::io::Result<Opened<'r>> {
    let mut raw = BufReader::with_capacity(LOOK, input);
    fill(&mut raw)?;
    let utf16 = plain::utf16(raw.buffer());
    let marked = raw.buffer().starts_with(b"\xEF\xBB\xBF");
    let (reader, encoding): (Box<dyn Read + 'r>, _) = match utf16 {
        Some(encoding) => {
            let name = if encoding == encoding_rs::UTF_16LE {
                "utf-16le"
            } else {
                "utf-16be"
            };
            let utf8 = DecodeReaderBytesBuilder::new()
                .encoding(Some(encoding))
                .build(raw);
            (Box::new(utf8), Some(name))
        }
        None => (Box::new(raw), marked.then_some("utf-8-bom")),
    };
    let mut reader = BufReader::with_capacity(LOOK, reader);
    fill(&mut reader)?;
    if reader.buffer().starts_with(b"\xEF\xBB\xBF") {
        reader.consume(3);
    }
    Ok(Opened {
        decoder: Decoder::new(reader.buffer()),
        reader,
        encoding,
    })
}

/// Looks at the first bytes. What a single read gives is enough: files give all that is asked for.
fn fill<R: Read>(reader: &mut BufReader<R>) -> std::io::Result<()> {
    loop {
        match reader.fill_buf() {
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            other => return other.map(|_| ()),
        }
    }
}
