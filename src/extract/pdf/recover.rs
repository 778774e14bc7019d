//! Reads what is left of a file that has lost its catalog or page tree, such as a half copy.
//!
//! An own catalog and trailer are put after the bytes, so that lopdf rebuilds the file around
//! them; then every page object is read in the order of the object numbers, or, where there is none, every
//! stream that draws text.

use lopdf::{Dictionary, Document, Object};

use super::limits::{Budget, Limit, Limits};
use super::load::{Mode, open};
use super::object::{as_dict, decode, get_dict};
use super::page::FontCache;
use super::reader::{Pages, Source, page_objects, read_pages, read_source};
use super::types::PdfError;

/// Largest object number that lopdf takes from a scan.
const MAX_OBJECT_NUMBER: u32 = 1_000_000;

/// Opens a file without catalog or trailer.
pub(super) fn open_remains(bytes: &[u8], limits: &Limits) -> Result<Document, PdfError> {
    let number = highest_number(bytes).saturating_add(1);
    let mut whole = Vec::with_capacity(bytes.len().saturating_add(256));
    whole.extend_from_slice(b"%PDF-1.7\n");
    whole.extend_from_slice(bytes);
    let tail = format!(
        "\nendstream\nendobj\n{number} 0 obj\n<</Type/Catalog/Pages {pages} 0 R>>\nendobj\n\
         {pages} 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n\
         trailer\n<</Root {number} 0 R/Size {size}>>\nstartxref\n0\n%%EOF\n",
        pages = number.saturating_add(1),
        size = number.saturating_add(2),
    );
    whole.extend_from_slice(tail.as_bytes());
    let doc = open(&whole, None, limits, Mode::Rebuilt)?;
    if doc.objects.values().filter_map(as_dict).any(is_encryption) {
        return Err(PdfError::Encrypted);
    }
    Ok(doc)
}

/// The encryption dictionary of a file that has lost its trailer.
fn is_encryption(dict: &Dictionary) -> bool {
    matches!(dict.get(b"Filter"), Ok(Object::Name(name)) if name == b"Standard")
        && dict.has(b"O")
        && dict.has(b"U")
}

/// The highest number of an object header `N G obj`.
fn highest_number(bytes: &[u8]) -> u32 {
    let ends = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, w)| w == b" obj")
        .map(|(at, _)| at);
    let number = |at: usize| {
        let head = bytes.get(at.saturating_sub(24)..at)?;
        let mut words = head
            .rsplit(|b| !b.is_ascii_digit())
            .filter(|w| !w.is_empty());
        let (_generation, number) = (words.next()?, words.next()?);
        std::str::from_utf8(number).ok()?.parse::<u32>().ok()
    };
    ends.filter_map(number)
        .filter(|&n| n < MAX_OBJECT_NUMBER - 2)
        .max()
        .unwrap_or(0)
}

/// Reads the pages of what is left.
pub(super) fn read_remains(doc: &Document, budget: &mut Budget) -> Pages {
    let mut ids = page_objects(doc);
    if ids.len() > budget.limits().max_pages {
        ids.truncate(budget.limits().max_pages);
        budget.hit(Limit::Pages);
    }
    if !ids.is_empty() {
        let pages = read_pages(doc, &ids, budget);
        if pages.letters > 0 {
            return pages;
        }
    }
    read_streams(doc, budget)
}

/// Reads the streams that draw text, each as a page.
fn read_streams(doc: &Document, budget: &mut Budget) -> Pages {
    let resources = all_resources(doc);
    let mut fonts = FontCache::default();
    let mut out = Pages::default();
    for stream in doc.objects.values().filter_map(|o| o.as_stream().ok()) {
        let dict = &stream.dict;
        let other_kind = [
            b"Type".as_slice(),
            b"Subtype",
            b"Length1",
            b"FunctionType",
            b"N",
            b"ShadingType",
        ];
        if other_kind.iter().any(|key| dict.has(key))
            || out.pages.len() >= budget.limits().max_pages
        {
            continue;
        }
        budget.begin_page();
        if budget.out_of_time() {
            budget.hit(Limit::Deadline);
            break;
        }
        let Some(content) = decode(doc, stream, budget) else {
            continue;
        };
        if !draws_text(&content) {
            continue;
        }
        let source = Source {
            content,
            broken: true,
            resources: vec![&resources],
            area: 595.0 * 842.0,
            page: None,
        };
        read_source(doc, &source, &mut fonts, budget, &mut out);
    }
    out
}

fn draws_text(content: &[u8]) -> bool {
    let has = |word: &[u8]| content.windows(2).any(|w| w == word);
    has(b"BT") && (has(b"Tj") || has(b"TJ"))
}

/// The fonts and forms of all resource dictionaries together: the best guess for content whose page
/// is lost.
fn all_resources(doc: &Document) -> Dictionary {
    let mut out = Dictionary::new();
    for kind in [b"Font".as_slice(), b"XObject", b"Properties"] {
        let mut all = Dictionary::new();
        for dict in doc.objects.values().filter_map(as_dict) {
            let nested = get_dict(doc, dict, b"Resources").and_then(|r| get_dict(doc, r, kind));
            let names = nested.into_iter().chain(get_dict(doc, dict, kind));
            for (name, value) in names.flat_map(Dictionary::iter) {
                if !all.has(name) {
                    all.set(name.clone(), value.clone());
                }
            }
        }
        out.set(kind.to_vec(), all);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_numbers() {
        assert_eq!(highest_number(b"%PDF\n12 0 obj\n<<>>\nendobj\n7 0 obj"), 12);
        assert_eq!(highest_number(b"no objects"), 0);
        assert_eq!(highest_number(b"4294967295 0 obj 3 0 obj"), 3);
    }
}
