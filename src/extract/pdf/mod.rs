//! The text of PDF files, page by page.
//!
//! lopdf reads the objects of the file; everything from there to the text is done here. The way of
//! a glyph:
//!
//! 1. `load` opens the file, unlocks it and, if need be, rebuilds its object table; `recover`
//!    does the same for a file that has lost its page tree.
//! 2. `reader` takes the pages one by one, decodes their content (`object`) and judges the
//!    result: text, image, garbled, empty or unread.
//! 3. `content` cuts the bytes of the content into tokens without copying them.
//! 4. `page` carries out the operators with the state of `state`; `show` shows the strings: where
//!    and in which font. `form` adds form fields and text annotations.
//! 5. `font` and `simple` turn the bytes of a shown string into characters and widths, with the
//!    help of `cmap` (the font's own map), `encoding` and `glyphs` (tables) and `embedded`
//!    (the font program).
//! 6. `layout` puts the placed characters on lines; `line` finds the blanks between words and the
//!    tabs between cells; `columns` parts columns drawn across; `marks` cleans single characters; `lines` makes the text of the page.
//!
//! Pages that are images give a picture instead: `pictures` takes the images out (`image`, `codecs`, `samples`), `canvas` puts
//! them where the page has them.
//!
//! Everything has a limit (`limits`), nothing is taken to be well-formed, and no error or debug
//! output holds text of the file.

mod canvas;
mod cmap;
mod codecs;
mod columns;
mod content;
mod embedded;
mod encoding;
mod font;
mod form;
mod glyphs;
mod image;
mod layout;
mod limits;
mod line;
mod lines;
mod load;
mod marks;
mod object;
mod page;
mod picture;
mod pictures;
mod reader;
mod recover;
mod samples;
mod show;
mod simple;
mod state;
mod tables;
#[cfg(test)]
mod tests;
mod types;

pub use limits::Limits;
pub use picture::Picture;
pub use pictures::pictures;
pub use types::{NoPicture, PageStatus, PageText, PdfError, PdfText, Way};

use limits::Budget;
use load::{Mode, open};
use lopdf::Document;
use lopdf::xref::XrefRecovery;
use reader::{Pages, created, read_tree};
use recover::{open_remains, read_remains};

/// The text of a PDF.
///
/// Files that are encrypted with an owner password only are opened without one; `password` is tried
/// for the others. Damaged files are read as far as they go: see [`PdfText::repaired`] and the
/// status of each page.
///
/// # Errors
///
/// [`PdfError`] when no page could be read at all.
pub fn read(bytes: &[u8], password: Option<&[u8]>, limits: &Limits) -> Result<PdfText, PdfError> {
    let mut budget = Budget::new(limits);
    let mut best: Option<Attempt> = None;
    let mut error = None;
    for (mode, way) in [
        (Mode::AsWritten, Way::AsWritten),
        (Mode::Rebuilt, Way::Rebuilt),
    ] {
        match open(bytes, password, limits, mode) {
            Ok(doc) => {
                budget.begin_attempt();
                let pages = read_tree(&doc, &mut budget);
                best = better(best, Attempt::new(pages, &doc, &budget, way));
            }
            Err(PdfError::Encrypted) => return Err(PdfError::Encrypted),
            Err(e) => error = error.or(Some(e)),
        }
        if best.as_ref().is_some_and(|a| !a.pages.doubtful()) || budget.out_of_time() {
            break;
        }
    }
    if best.as_ref().is_none_or(|a| a.pages.pages.is_empty()) && !budget.out_of_time() {
        match open_remains(bytes, limits) {
            Ok(doc) => {
                budget.begin_attempt();
                let pages = read_remains(&doc, &mut budget);
                best = better(best, Attempt::new(pages, &doc, &budget, Way::Remains));
            }
            Err(PdfError::Encrypted) => return Err(PdfError::Encrypted),
            Err(e) => error = error.or(Some(e)),
        }
    }
    match best {
        Some(attempt) if !attempt.pages.pages.is_empty() => Ok(attempt.into_text()),
        _ if budget.out_of_time() => Err(PdfError::Timeout),
        _ => Err(error.unwrap_or_else(|| PdfError::Damaged("it has no pages".to_owned()))),
    }
}

/// What one way of reading the file gave.
struct Attempt {
    pages: Pages,
    created: Option<String>,
    limits_hit: Vec<String>,
    repaired: bool,
    way: Way,
}

impl Attempt {
    fn new(pages: Pages, doc: &Document, budget: &Budget, way: Way) -> Self {
        Self {
            created: created(doc),
            limits_hit: budget.hits(),
            repaired: way != Way::AsWritten
                || doc.xref_recovery == Some(XrefRecovery::Reconstructed),
            way,
            pages,
        }
    }

    fn into_text(self) -> PdfText {
        let repaired = self.repaired || self.pages.broken > 0;
        PdfText {
            pages: self.pages.pages,
            created: self.created,
            limits_hit: self.limits_hit,
            repaired,
            way: self.way,
        }
    }
}

/// The attempt with more text; the earlier one when they are equal.
fn better(before: Option<Attempt>, now: Attempt) -> Option<Attempt> {
    match before {
        Some(before)
            if before.pages.letters > now.pages.letters
                || before.pages.letters == now.pages.letters
                    && before.pages.pages.len() >= now.pages.pages.len() =>
        {
            Some(before)
        }
        _ => Some(now),
    }
}
