//! PDF: from pages of text to a document.

use std::collections::BTreeSet;

use crate::document::{Document, Page, Status};
use crate::extract::pdf::{self, PageStatus, PdfError, PdfText};
use crate::extract::scanned::{self, File};
use crate::extract::{Extractor, Settings, Source, finish, head, with_metadata_date};
use crate::span::Span;

/// PDF.
pub(super) struct Pdf;

impl Extractor for Pdf {
    fn name(&self) -> &'static str {
        "pdf"
    }
    fn version(&self) -> u32 {
        2
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["pdf"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        head(bytes).windows(5).any(|w| w == b"%PDF-")
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let read = |password: Option<&[u8]>| match &settings.worker {
            Some(worker) => worker.read(bytes, password, &settings.limits.pdf),
            None => pdf::read(bytes, password, &settings.limits.pdf),
        };
        let mut result = read(None);
        let mut opened = None;
        for password in &settings.passwords {
            if !matches!(result, Err(PdfError::Encrypted)) {
                break;
            }
            opened = Some(password.as_slice());
            result = read(opened);
        }
        match result {
            Ok(mut text) => {
                let file = File {
                    bytes,
                    password: opened,
                };
                if let Some(ocr) = &settings.ocr {
                    scanned::recognise(&mut text, file, settings, ocr);
                }
                out(finish(
                    document(self.name(), &text, source, settings),
                    settings,
                ));
            }
            Err(error) => {
                let status = match error {
                    PdfError::Encrypted => Status::Encrypted,
                    PdfError::TooLarge(_) => Status::TooLarge,
                    PdfError::Timeout => Status::Timeout,
                    PdfError::Died(_) => Status::Panic,
                    _ => Status::Damaged,
                };
                let detail = if status == Status::Encrypted {
                    "needs a password; see --password-file".to_owned()
                } else {
                    error.to_string()
                };
                out(Document::unread(
                    source.shown,
                    source.dossier,
                    self.name(),
                    status,
                    detail,
                ));
            }
        }
    }
}

/// The document that pages make.
pub(super) fn document(
    format: &str,
    text: &PdfText,
    source: Source<'_>,
    settings: &Settings,
) -> Document {
    let mut document = Document::from_text(source.shown, String::new());
    source.dossier.clone_into(&mut document.dossier);
    format.clone_into(&mut document.format);
    document.language.clear();
    for (n, page) in text.pages.iter().enumerate() {
        if n > 0 {
            document.text.push('\n');
        }
        let start = document.text.len();
        document.text.push_str(&page.text);
        let status = match page.status {
            PageStatus::Ok => Status::Ok,
            PageStatus::NeedsOcr => Status::NeedsOcr,
            PageStatus::Garbled => Status::Garbled,
            PageStatus::Empty => Status::Empty,
            PageStatus::Unread => Status::Damaged,
        };
        document.pages.push(Page {
            number: n as u32 + 1,
            span: Span::new(start, document.text.len()),
            status,
            ocr: page.recognised.is_some(),
        });
        document.ocr_keys.extend(page.recognised.clone());
    }
    if text.pages.iter().any(|p| p.ocr_layer) {
        document.quality.push("ocr_layer".to_owned());
    }
    if text.pages.iter().any(|p| p.recognised.is_some()) {
        document.quality.push("ocr".to_owned());
    }
    if text.repaired {
        document.quality.push("repaired".to_owned());
    }
    document
        .quality
        .extend(text.limits_hit.iter().map(|l| format!("limit:{l}")));
    let all = document.pages.len();
    let count = |status: Status| document.pages.iter().filter(|p| p.status == status).count();
    let (ok, ocr, garbled, empty) = (
        count(Status::Ok),
        count(Status::NeedsOcr),
        count(Status::Garbled),
        count(Status::Empty),
    );
    // What could be read of a page that broke off is read all the same.
    let has_letters = |p: &pdf::PageText| p.text.contains(char::is_alphabetic);
    let broken_off = (text.pages.iter())
        .filter(|p| p.status == PageStatus::Unread && has_letters(p))
        .count();
    let limits = text.limits_hit.join("; ");
    let (status, detail) = if all == 0 || empty == all {
        (Status::Empty, "no text on any page".to_owned())
    } else if ok + empty == all {
        let status = if limits.is_empty() {
            Status::Ok
        } else {
            Status::Partial
        };
        (status, limits)
    } else if ok + broken_off > 0 {
        let mut detail = format!(
            "{} of {all} pages not read, or not in full",
            all - ok - empty
        );
        if !limits.is_empty() {
            detail = format!("{detail}: {limits}");
        }
        (Status::Partial, detail)
    } else if ocr >= garbled && ocr > 0 {
        let advice = match settings.ocr {
            Some(_) => "images of text only",
            None => "images of text only; read them with --ocr",
        };
        (Status::NeedsOcr, advice.to_owned())
    } else if garbled > 0 {
        let recognised = text.pages.iter().any(|p| p.recognised.is_some());
        let detail = if recognised {
            "images whose text was not recognised well"
        } else {
            "letters that cannot be mapped"
        };
        (Status::Garbled, detail.to_owned())
    } else if !limits.is_empty() {
        let detail = format!("no page could be read: {limits}");
        (Status::TooLarge, detail)
    } else {
        (Status::Damaged, "no page could be read".to_owned())
    };
    document.status = status;
    document.status_detail = detail;
    if settings.ocr.is_some() && !matches!(status, Status::Ok | Status::Empty) {
        let reasons: BTreeSet<&str> = (text.pages.iter())
            .filter(|p| matches!(p.status, PageStatus::NeedsOcr | PageStatus::Garbled))
            .filter_map(|p| p.detail.as_deref())
            .collect();
        for reason in reasons {
            document.status_detail.push_str("; ");
            document.status_detail.push_str(reason);
        }
    }
    if document.date.is_none() {
        if let Some((date, certainty)) =
            crate::extract::date::own_date(&document.text, source.shown)
        {
            document.date = Some(date);
            document.date_certainty = Some(certainty);
        }
        with_metadata_date(
            &mut document,
            text.created.as_deref().and_then(crate::extract::date::iso),
        );
    }
    document
}
