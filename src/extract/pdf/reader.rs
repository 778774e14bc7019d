//! Reads the pages of an opened document one after another and judges each.

use std::borrow::Cow;
use std::collections::HashSet;

use lopdf::{Dictionary, Document, Object, ObjectId};

use super::columns::unweave;
use super::form::add_annotations;
use super::limits::{Budget, Limit};
use super::lines::page_text;
use super::object::{decode, get, get_dict, get_name, get_numbers, resolve};
use super::page::{Facts, FontCache, Interpreter};
use super::state::Matrix;
use super::types::{PageStatus, PageText};

/// So many curves are letters drawn as outlines, about forty of them, or a drawing.
const OUTLINES: usize = 500;
/// A page with fewer letters than this may be an image with a page number.
const FEW_LETTERS: usize = 25;
/// The part of the page that its images cover at least, to be a page image.
const PAGE_IMAGE: f64 = 0.4;
/// Pixels that a page image has at least.
const PAGE_IMAGE_PIXELS: f64 = 150_000.0;
/// Unknown characters from this part on make a page garbled: one in five.
const GARBLED_PART: usize = 5;
/// A page of this many words, of which one in so many is a single letter, has fallen apart.
const SPLIT_WORDS: usize = 50;
const SPLIT_PART: usize = 4;
/// Levels of the page tree that values are inherited through.
const MAX_PARENTS: usize = 64;

/// The pages of one attempt at a document.
#[derive(Debug, Default)]
pub(super) struct Pages {
    pub(super) pages: Vec<PageText>,
    /// Letters on all pages.
    pub(super) letters: usize,
    /// Pages whose dictionary or content is missing or damaged.
    pub(super) broken: usize,
}

impl Pages {
    /// Whether it is worth trying to read the file in another way.
    pub(super) fn doubtful(&self) -> bool {
        let explained =
            |p: &PageText| matches!(p.status, PageStatus::NeedsOcr | PageStatus::Garbled);
        self.broken > 0 || self.letters == 0 && !self.pages.iter().any(explained)
    }
}

/// The content of one page before it is read.
pub(super) struct Source<'d> {
    /// The content, and whether a part of it is missing.
    pub(super) content: Cow<'d, [u8]>,
    pub(super) broken: bool,
    pub(super) resources: Vec<&'d Dictionary>,
    /// Area of the page in its own units.
    pub(super) area: f64,
    pub(super) page: Option<&'d Dictionary>,
}

/// Reads the pages of the page tree.
pub(super) fn read_tree(doc: &Document, budget: &mut Budget) -> Pages {
    let ids = tree_pages(doc, budget);
    read_pages(doc, &ids, budget)
}

/// The pages of the page tree.
pub(super) fn tree_pages(doc: &Document, budget: &mut Budget) -> Vec<ObjectId> {
    let limit = budget.limits().max_pages;
    let mut seen = HashSet::new();
    let mut ids: Vec<ObjectId> = doc
        .page_iter()
        .filter(|&id| seen.insert(id))
        .take(limit.saturating_add(1))
        .collect();
    // Where the tree has lost a page, pages that it no longer names may still be there.
    if ids.iter().any(|&id| doc.get_dictionary(id).is_err()) {
        ids.extend(page_objects(doc).into_iter().filter(|&id| seen.insert(id)));
    }
    if ids.len() > limit {
        ids.truncate(limit);
        budget.hit(Limit::Pages);
    }
    ids
}

/// The page objects of a document in the order of their numbers.
pub(super) fn page_objects(doc: &Document) -> Vec<ObjectId> {
    let is_page = |object: &Object| {
        object
            .as_dict()
            .is_ok_and(|dict| get_name(doc, dict, b"Type") == Some(b"Page"))
    };
    doc.objects
        .iter()
        .filter(|(_, object)| is_page(object))
        .map(|(&id, _)| id)
        .collect()
}

/// Reads the given pages.
pub(super) fn read_pages(doc: &Document, ids: &[ObjectId], budget: &mut Budget) -> Pages {
    let mut fonts = FontCache::default();
    let mut out = Pages::default();
    for &id in ids {
        budget.begin_page();
        if budget.out_of_time() {
            budget.hit(Limit::Deadline);
            out.pages.push(PageText::without_text(
                PageStatus::Unread,
                Some(Limit::Deadline.as_str()),
            ));
            continue;
        }
        let Some(page) = doc.get_object(id).ok().and_then(|o| o.as_dict().ok()) else {
            out.broken = out.broken.saturating_add(1);
            out.pages.push(PageText::without_text(
                PageStatus::Unread,
                Some("page object missing or damaged"),
            ));
            continue;
        };
        let source = page_source(doc, page, budget);
        read_source(doc, &source, &mut fonts, budget, &mut out);
    }
    out
}

/// Reads one page and adds it to `out`.
pub(super) fn read_source(
    doc: &Document,
    source: &Source<'_>,
    fonts: &mut FontCache,
    budget: &mut Budget,
    out: &mut Pages,
) {
    let mut interpreter = Interpreter::new(doc, fonts, budget);
    let go_on = interpreter.run(&source.content, &source.resources, Matrix::IDENTITY, 0);
    if let Some(page) = source.page
        && go_on
    {
        add_annotations(&mut interpreter, page, &source.resources);
    }
    let facts = interpreter.facts;
    let lines = std::mem::take(&mut interpreter.layout.lines);
    let text = page_text(unweave(lines));
    let (status, detail, letters) = judge(&text, &facts, source, budget);
    out.letters = out.letters.saturating_add(letters);
    let damaged = source.broken || facts.cut || budget.page_damaged();
    if damaged && budget.page_hit().is_none() {
        out.broken = out.broken.saturating_add(1);
    }
    let ocr_layer =
        facts.invisible_glyphs > facts.glyphs / 2 && has_page_image(&facts, source.area);
    out.pages.push(PageText {
        text,
        status,
        ocr_layer,
        recognised: None,
        detail: detail.map(Cow::Borrowed),
    });
}

/// The status of a page, why, and the number of its letters.
fn judge(
    text: &str,
    facts: &Facts,
    source: &Source<'_>,
    budget: &Budget,
) -> (PageStatus, Option<&'static str>, usize) {
    let (mut letters, mut unknown, mut other) = (0usize, 0usize, 0usize);
    for c in text.chars() {
        if c == char::REPLACEMENT_CHARACTER {
            unknown = unknown.saturating_add(1);
        } else if c.is_alphabetic() {
            letters = letters.saturating_add(1);
        } else if !c.is_whitespace() {
            other = other.saturating_add(1);
        }
    }
    let seen = letters.saturating_add(unknown).saturating_add(other);
    let (status, detail) = if let Some(limit) = budget.page_hit() {
        (PageStatus::Unread, Some(limit.as_str()))
    } else if source.broken || budget.page_damaged() {
        (
            PageStatus::Unread,
            Some("content of the page missing or damaged"),
        )
    } else if facts.cut {
        (PageStatus::Unread, Some("content of the page is cut off"))
    } else if unknown > 0 && unknown.saturating_mul(GARBLED_PART) >= seen {
        (
            PageStatus::Garbled,
            Some("characters of the font are not known"),
        )
    } else if falls_apart(text) {
        (PageStatus::Garbled, Some("words are broken into letters"))
    } else if letters < FEW_LETTERS && has_page_image(facts, source.area) {
        (PageStatus::NeedsOcr, Some("page is an image"))
    } else if letters < FEW_LETTERS && facts.curves >= OUTLINES {
        (
            PageStatus::NeedsOcr,
            Some("text is drawn as outlines, or the page is a drawing"),
        )
    } else if seen == 0 {
        (PageStatus::Empty, None)
    } else {
        (PageStatus::Ok, None)
    };
    (status, detail, letters)
}

/// Whether many words are single letters, as when the widths of a font are wrong.
fn falls_apart(text: &str) -> bool {
    let (mut words, mut single) = (0usize, 0usize);
    for word in text
        .split_whitespace()
        .filter(|w| w.starts_with(char::is_alphabetic))
    {
        words = words.saturating_add(1);
        single = single.saturating_add(usize::from(word.chars().nth(1).is_none()));
    }
    words >= SPLIT_WORDS && single.saturating_mul(SPLIT_PART) >= words
}

fn has_page_image(facts: &Facts, area: f64) -> bool {
    facts.image_area >= PAGE_IMAGE * area && facts.image_pixels >= PAGE_IMAGE_PIXELS
}

pub(super) fn page_source<'d>(
    doc: &'d Document,
    page: &'d Dictionary,
    budget: &mut Budget,
) -> Source<'d> {
    let (content, broken) = page_content(doc, page, budget);
    let resources = inherited(doc, page, |dict| get_dict(doc, dict, b"Resources"));
    Source {
        content,
        broken,
        resources: resources.into_iter().collect(),
        area: inherited(doc, page, |dict| get_numbers::<4>(doc, dict, b"MediaBox"))
            .map(|[x0, y0, x1, y1]| ((x1 - x0) * (y1 - y0)).abs())
            .filter(|&area| area > 1.0)
            .unwrap_or(595.0 * 842.0),
        page: Some(page),
    }
}

/// A value of the page or of the nearest node above it.
pub(super) fn inherited<'d, T>(
    doc: &'d Document,
    page: &'d Dictionary,
    value: impl Fn(&'d Dictionary) -> Option<T>,
) -> Option<T> {
    let mut node = page;
    for _ in 0..MAX_PARENTS {
        if let Some(value) = value(node) {
            return Some(value);
        }
        node = get_dict(doc, node, b"Parent")?;
    }
    None
}

/// The content of a page, and whether a part of it is missing.
fn page_content<'d>(
    doc: &'d Document,
    page: &'d Dictionary,
    budget: &mut Budget,
) -> (Cow<'d, [u8]>, bool) {
    let Ok(entry) = page.get(b"Contents") else {
        return (Cow::Borrowed(&[]), false);
    };
    let entry = match resolve(doc, entry) {
        Some(entry) => entry,
        None => return (Cow::Borrowed(&[]), !entry.is_null()),
    };
    match entry {
        Object::Stream(stream) => match decode(doc, stream, budget) {
            Some(content) => {
                let lost = content.is_empty() && !stream.content.is_empty();
                (content, lost)
            }
            None => (Cow::Borrowed(&[]), true),
        },
        Object::Array(parts) => {
            let mut content = Vec::new();
            let mut broken = false;
            for part in parts {
                let stream = resolve(doc, part).and_then(|o| o.as_stream().ok());
                let Some(bytes) = stream.and_then(|s| decode(doc, s, budget)) else {
                    broken = true;
                    continue;
                };
                if content.len().saturating_add(bytes.len()) > budget.limits().max_stream_bytes {
                    budget.hit(Limit::StreamBytes);
                    break;
                }
                content.extend_from_slice(&bytes);
                content.push(b'\n');
            }
            (Cow::Owned(content), broken)
        }
        _ => (Cow::Borrowed(&[]), true),
    }
}

/// The ISO date of the making of the file, or else of its last change.
pub(super) fn created(doc: &Document) -> Option<String> {
    let info = get_dict(doc, &doc.trailer, b"Info")?;
    [b"CreationDate".as_slice(), b"ModDate"]
        .iter()
        .find_map(|key| {
            get(doc, info, key)
                .and_then(|o| o.as_str().ok())
                .and_then(iso_date)
        })
}

/// The date of `D:YYYYMMDD...`.
fn iso_date(bytes: &[u8]) -> Option<String> {
    let text = super::object::text_string(bytes);
    let digits = text.strip_prefix("D:").unwrap_or(&text);
    let part = |from: usize, to: usize| {
        digits
            .get(from..to)
            .filter(|s| s.bytes().all(|b| b.is_ascii_digit()))
    };
    let (year, month, day) = (part(0, 4)?, part(4, 6)?, part(6, 8)?);
    let within = |s: &str, low: u32, high: u32| s.parse().is_ok_and(|n| (low..=high).contains(&n));
    (within(year, 1980, 2199) && within(month, 1, 12) && within(day, 1, 31))
        .then(|| format!("{year}-{month}-{day}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_fall_apart() {
        assert!(falls_apart(&"v an de mac ht i gi ng t ot ".repeat(20)));
        assert!(!falls_apart(
            &"van de machtiging tot N. of een J. ".repeat(20)
        ));
        assert!(!falls_apart("a b c"));
    }

    #[test]
    fn dates() {
        assert_eq!(
            iso_date(b"D:20250314101500+01'00'").as_deref(),
            Some("2025-03-14")
        );
        assert_eq!(iso_date(b"20240229").as_deref(), Some("2024-02-29"));
        for bad in [
            b"D:2025".as_slice(),
            b"",
            b"D:20251340",
            b"D:2025\xE9\xE901",
            b"vandaag",
        ] {
            assert_eq!(iso_date(bad), None);
        }
    }
}
