//! What comes out of a PDF.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// How far the text of a page can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PageStatus {
    /// The page has text.
    Ok,
    /// The page is an image: it may hold text that only recognition can read.
    NeedsOcr,
    /// The page has glyphs whose characters are not known.
    Garbled,
    /// The page has neither text nor a page image.
    Empty,
    /// The page, or a part of it, could not be read.
    Unread,
}

impl PageStatus {
    /// The name used in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::NeedsOcr => "needs_ocr",
            Self::Garbled => "garbled",
            Self::Empty => "empty",
            Self::Unread => "unread",
        }
    }
}

impl fmt::Display for PageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text of one page. `Debug` shows no text.
#[derive(Clone, Serialize, Deserialize)]
pub struct PageText {
    /// The text: lines parted by `\n`, paragraphs by a blank line, table cells by a tab.
    pub text: String,
    /// How far the text can be trusted.
    pub status: PageStatus,
    /// Whether most of the text is an invisible layer over a page image, so made by recognition.
    pub ocr_layer: bool,
    /// Where its text was recognised here: the name of that in the cache of recognition.
    pub recognised: Option<String>,
    /// Why the page has its status; never case text.
    pub detail: Option<Cow<'static, str>>,
}

impl PageText {
    /// A page without text.
    pub(super) fn without_text(status: PageStatus, detail: Option<&'static str>) -> Self {
        Self {
            text: String::new(),
            status,
            ocr_layer: false,
            recognised: None,
            detail: detail.map(Cow::Borrowed),
        }
    }
}

impl fmt::Debug for PageText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageText")
            .field("text_bytes", &self.text.len())
            .field("status", &self.status)
            .field("ocr_layer", &self.ocr_layer)
            .field("detail", &self.detail)
            .finish()
    }
}

/// How the file was read in the end; see [`super::pictures`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// By its cross-reference table.
    AsWritten,
    /// By looking for its objects.
    Rebuilt,
    /// By looking for its pages, without catalog or page tree.
    Remains,
}

/// Why there is no picture of a page that is an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NoPicture {
    /// It shows no image object: its letters are outlines, or the image stands in its content.
    NoImage,
    /// The data of an image is damaged, or of a kind that is not known.
    Damaged,
    /// More pixels than the limit.
    TooLarge,
    /// The time limit was reached.
    Timeout,
    /// The process that looked for it died or failed.
    Died,
}

impl NoPicture {
    /// The reason in words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoImage => "it has no image that can be taken out",
            Self::Damaged => "its image is damaged or of an unknown kind",
            Self::TooLarge => "its image has more pixels than the limit",
            Self::Timeout => "taking out its image took longer than the limit",
            Self::Died => "taking out its image failed",
        }
    }

    /// Whether another program may draw the page: what broke a limit here is not to break another.
    #[must_use]
    pub fn may_be_drawn(self) -> bool {
        matches!(self, Self::NoImage | Self::Damaged)
    }
}

/// The text of one PDF. `Debug` shows no text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PdfText {
    /// The pages in order.
    pub pages: Vec<PageText>,
    /// ISO date of the file's making, or of its last change when that is all it tells.
    pub created: Option<String>,
    /// The limits that were reached; when not empty, text may be missing.
    pub limits_hit: Vec<String>,
    /// Whether the file is damaged and was read from what is left; pages may be missing.
    pub repaired: bool,
    /// How it was read.
    pub way: Way,
}

/// Why a PDF has no text at all. The messages hold no case text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PdfError {
    /// The file needs a password, or another than the one given.
    Encrypted,
    /// The file cannot be read.
    Damaged(String),
    /// The file is larger than a limit allows.
    TooLarge(String),
    /// The time limit was reached before a page was read.
    Timeout,
    /// The process that read it died or failed.
    Died(String),
}

impl fmt::Display for PdfError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Encrypted => f.write_str("pdf needs a password"),
            Self::Damaged(why) => write!(f, "damaged pdf: {why}"),
            Self::TooLarge(why) => write!(f, "pdf too large: {why}"),
            Self::Timeout => f.write_str("pdf took longer than the time limit"),
            Self::Died(why) => write!(f, "the reader of this pdf gave up: {why}"),
        }
    }
}

impl std::error::Error for PdfError {}
