//! Pages of PDFs that are images: their pictures taken out, their text recognised, several pages at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use crate::extract::Settings;
use crate::extract::ocr::{Ocr, Recognised};
use crate::extract::pdf::{self, NoPicture, PageStatus, PageText, PdfError, PdfText, Picture, Way};

/// Pictures taken out at once; each may be large.
const AT_ONCE: usize = 4;

/// A PDF as it was read.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) password: Option<&'a [u8]>,
}

/// Recognises the pages that are images. A page that cannot be read keeps its status, and tells why.
pub(super) fn recognise(text: &mut PdfText, file: File<'_>, settings: &Settings, ocr: &Ocr) {
    let wanted: Vec<usize> = (text.pages.iter().enumerate())
        .filter(|(_, page)| page.status == PageStatus::NeedsOcr)
        .map(|(n, _)| n)
        .collect();
    // Another program numbers the pages of a damaged file as it likes, and would show a password to whoever lists processes.
    let drawn = text.way == Way::AsWritten && !text.repaired && file.password.is_none();
    let page = |(&n, picture): (&usize, Result<Picture, NoPicture>)| {
        let picture = picture.or_else(|why| {
            let draw = (drawn && why.may_be_drawn()).then(|| ocr.draw(file.bytes, n + 1));
            draw.flatten().ok_or_else(|| why.as_str().to_owned())
        });
        (n, picture.and_then(|picture| of_picture(&picture, ocr)))
    };
    // Each thread has a process of its own that takes pictures out; opening the file costs the more the larger it is.
    let some = (wanted.len() / rayon::current_num_threads()).clamp(1, AT_ONCE);
    let done: Vec<(usize, Result<Read, String>)> = (wanted.par_chunks(some))
        .flat_map_iter(|pages| {
            let pictures = pictures(pages, text.way, file, settings, ocr);
            pages.iter().zip(pictures).map(page)
        })
        .collect();
    for (n, result) in done {
        if let Some(page) = text.pages.get_mut(n) {
            put(page, result);
        }
    }
}

type Read = (Recognised, PageStatus, Option<String>);

fn of_picture(picture: &Picture, ocr: &Ocr) -> Result<Read, String> {
    let read = ocr.recognise(&picture.to_pgm(), Some(picture.dpi));
    let read = read.map_err(|failure| ocr.says(failure))?;
    let (status, detail) = read.judge(Some(picture.ink()));
    Ok((read, status, detail))
}

/// Writes what was recognised into the page, below the few letters that it had.
fn put(page: &mut PageText, result: Result<Read, String>) {
    match result {
        Ok((read, status, detail)) => {
            let few = std::mem::take(&mut page.text);
            let parts = [few.trim_end(), &read.text];
            page.text = parts
                .map(str::to_owned)
                .join("\n")
                .trim_start_matches('\n')
                .to_owned();
            page.status = status;
            page.detail = detail.map(Into::into);
            page.recognised = Some(read.key);
        }
        Err(why) => page.detail = Some(why.into()),
    }
}

/// The pictures of some pages. When they take their reader down, each is tried by itself.
fn pictures(
    pages: &[usize],
    way: Way,
    file: File<'_>,
    settings: &Settings,
    ocr: &Ocr,
) -> Vec<Result<Picture, NoPicture>> {
    let limits = &settings.limits.pdf;
    let File { bytes, password } = file;
    let all = match &settings.worker {
        Some(worker) => worker.pictures(bytes, password, limits, way, pages, ocr.max_pixels),
        None => catch_unwind(AssertUnwindSafe(|| {
            pdf::pictures(bytes, password, limits, way, pages, ocr.max_pixels)
        }))
        .unwrap_or_else(|_| Err(PdfError::Died("it failed inside".to_owned()))),
    };
    match all {
        Ok(pictures) => pictures,
        Err(_) if pages.len() > 1 => (pages.iter())
            .flat_map(|&page| pictures(&[page], way, file, settings, ocr))
            .collect(),
        Err(PdfError::Timeout) => vec![Err(NoPicture::Timeout); pages.len()],
        Err(_) => vec![Err(NoPicture::Died); pages.len()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> PageText {
        PageText {
            text: "Bijlage 3\n".to_owned(),
            status: PageStatus::NeedsOcr,
            ocr_layer: false,
            recognised: None,
            detail: Some("page is an image".into()),
        }
    }

    #[test]
    fn the_few_letters_of_a_page_stand_above_what_is_recognised() {
        let read = Recognised {
            text: "Verslag".to_owned(),
            words: 1,
            confidence: 90.0,
            key: "beeld".to_owned(),
        };
        let mut scanned = page();
        put(&mut scanned, Ok((read, PageStatus::Ok, None)));
        assert_eq!(scanned.text, "Bijlage 3\nVerslag");
        assert!(scanned.recognised.is_some() && scanned.detail.is_none());
        let mut failed = page();
        put(&mut failed, Err("too slow".to_owned()));
        assert_eq!(
            (failed.status, failed.text),
            (PageStatus::NeedsOcr, page().text)
        );
        assert_eq!(failed.detail.as_deref(), Some("too slow"));
    }
}
