//! Image files: photos of pages and scans that lie in no PDF. Read by recognition only.

mod header;
mod tiff;

use std::borrow::Cow;

use rayon::prelude::*;

use crate::document::{Document, Status};
use crate::extract::ocr::Ocr;
use crate::extract::paged::document;
use crate::extract::pdf::{PageStatus, PageText, PdfText, Way};
use crate::extract::{Extractor, Settings, Source, finish};
use header::{Kind, kind, size};

/// Images: PNG, JPEG, TIFF, BMP, GIF.
pub(super) struct Image;

impl Extractor for Image {
    fn name(&self) -> &'static str {
        "image"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["png", "jpg", "jpeg", "tif", "tiff", "bmp", "gif"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        kind(bytes).is_some()
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let mut unread = |status, detail: &str| {
            let Source { shown, dossier, .. } = source;
            out(Document::unread(
                shown,
                dossier,
                self.name(),
                status,
                detail,
            ));
        };
        let Some(kind) = kind(bytes) else {
            return unread(Status::Unsupported, "not an image of a kind that is read");
        };
        let Some(ocr) = &settings.ocr else {
            return unread(Status::NeedsOcr, "an image; read it with --ocr");
        };
        let pages = match pages(bytes, kind, settings.limits.pdf.max_pages, ocr) {
            Ok(pages) => pages,
            Err((status, detail)) => return unread(status, detail),
        };
        let text = PdfText {
            pages: pages.par_iter().map(|page| read(page, ocr)).collect(),
            created: None,
            limits_hit: Vec::new(),
            repaired: false,
            way: Way::AsWritten,
        };
        out(finish(
            document(self.name(), &text, source, settings),
            settings,
        ));
    }
}

/// One page: all of the file, or a TIFF that shows another of its pages first.
enum Page<'a> {
    Whole(&'a [u8]),
    Of(tiff::Page<'a>),
}

fn pages<'a>(
    bytes: &'a [u8],
    kind: Kind,
    most: usize,
    ocr: &Ocr,
) -> Result<Vec<Page<'a>>, (Status, &'static str)> {
    let damaged = (Status::Damaged, "the size of the image cannot be read");
    let fits = |(width, height): (u64, u64)| match width.checked_mul(height) {
        Some(0) => Err(damaged),
        Some(pixels) if pixels <= ocr.max_pixels as u64 => Ok(()),
        _ => Err((Status::TooLarge, "the image has more pixels than the limit")),
    };
    if kind != Kind::Tiff {
        fits(size(bytes, kind).ok_or(damaged)?)?;
        return Ok(vec![Page::Whole(bytes)]);
    }
    let pages = tiff::pages(bytes, most.saturating_add(1));
    if pages.len() > most {
        return Err((Status::TooLarge, "the image has more pages than the limit"));
    }
    if pages.is_empty() {
        return Err(damaged);
    }
    for page in &pages {
        fits(page.size)?;
    }
    Ok(pages.into_iter().map(Page::Of).collect())
}

fn read(page: &Page<'_>, ocr: &Ocr) -> PageText {
    let file = match page {
        Page::Whole(bytes) => Cow::Borrowed(*bytes),
        Page::Of(page) => Cow::Owned(page.file()),
    };
    let (read, status, detail) = match ocr.recognise(&file, None) {
        Ok(read) => {
            let (status, detail) = read.judge(None);
            (Some(read), status, detail)
        }
        Err(failure) => (None, PageStatus::NeedsOcr, Some(ocr.says(failure))),
    };
    let (text, recognised) = read.map_or_else(Default::default, |r| (r.text, Some(r.key)));
    PageText {
        text,
        status,
        ocr_layer: false,
        recognised,
        detail: detail.map(Cow::Owned),
    }
}
