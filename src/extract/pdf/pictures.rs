//! The pictures of pages that are images: what recognition of text is given.

use lopdf::{Dictionary, Document, ObjectId};

use super::canvas::{Area, Placed, paint};
use super::image::Layer;
use super::limits::{Budget, Limits};
use super::load::{Mode, open};
use super::object::{get_number, get_numbers};
use super::page::{FontCache, Interpreter};
use super::picture::Picture;
use super::reader::{inherited, page_objects, page_source, tree_pages};
use super::recover::open_remains;
use super::state::Matrix;
use super::types::{NoPicture, PdfError, Way};

/// Bytes that a pixel may take while it is decoded.
const BYTES_A_PIXEL: usize = 4;

/// Images in the content of a page are not taken out; up to this part of the page they are no more than signs.
const INLINE: f64 = 0.1;

/// The pictures of the pages `wanted` (from 0), each as the page shows its images; or why there is none.
///
/// `way` is how [`super::read`] read the file: pages have the same numbers only so.
///
/// # Errors
///
/// [`PdfError`] when the file cannot be opened in that way.
pub fn pictures(
    bytes: &[u8],
    password: Option<&[u8]>,
    limits: &Limits,
    way: Way,
    wanted: &[usize],
    max_pixels: usize,
) -> Result<Vec<Result<Picture, NoPicture>>, PdfError> {
    let room = max_pixels.saturating_mul(BYTES_A_PIXEL);
    let limits = Limits {
        max_stream_bytes: room,
        max_file_stream_bytes: room.max(limits.max_file_stream_bytes),
        ..limits.clone()
    };
    let doc = match way {
        Way::AsWritten => open(bytes, password, &limits, Mode::WithImages)?,
        Way::Rebuilt => open(bytes, password, &limits, Mode::Rebuilt)?,
        Way::Remains => open_remains(bytes, &limits)?,
    };
    let mut budget = Budget::new(&limits);
    let ids = match way {
        Way::Remains => page_objects(&doc),
        _ => tree_pages(&doc, &mut budget),
    };
    let mut picture = |&n: &usize| {
        budget.begin_attempt();
        let page = ids.get(n).copied().and_then(|id| dictionary(&doc, id));
        let page = page.ok_or(NoPicture::Damaged)?;
        page_picture(&doc, page, &mut budget, max_pixels)
    };
    Ok(wanted.iter().map(&mut picture).collect())
}

fn dictionary(doc: &Document, id: ObjectId) -> Option<&Dictionary> {
    doc.get_object(id).ok()?.as_dict().ok()
}

fn page_picture(
    doc: &Document,
    page: &Dictionary,
    budget: &mut Budget,
    max_pixels: usize,
) -> Result<Picture, NoPicture> {
    let mut fonts = FontCache::default();
    let source = page_source(doc, page, budget);
    let mut interpreter = Interpreter::new(doc, &mut fonts, budget);
    interpreter.images = Some(Vec::new());
    interpreter.run(&source.content, &source.resources, Matrix::IDENTITY, 0);
    let drawn = interpreter.images.take().unwrap_or_default();
    let inline = interpreter.facts.inline_area > INLINE * source.area;
    if drawn.is_empty() || inline {
        return Err(NoPicture::NoImage);
    }
    let mut left = max_pixels;
    let mut placed = Vec::new();
    let mut failure = None;
    for (stream, matrix) in drawn {
        if budget.out_of_time() {
            return Err(NoPicture::Timeout);
        }
        match Layer::load(doc, stream, budget, left) {
            Ok(layer) => {
                left = left.saturating_sub(layer.grey.pixels.len());
                placed.push(Placed { layer, matrix });
            }
            Err(why) => failure = Some(why),
        }
    }
    // A page without one of its images would seem to be read in full.
    if let Some(failure) = failure {
        return Err(failure);
    }
    let page_box = |key: &[u8]| inherited(doc, page, |dict| get_numbers::<4>(doc, dict, key));
    let area = [b"CropBox".as_slice(), b"MediaBox"]
        .iter()
        .filter_map(|key| page_box(key))
        .map(|[x0, y0, x1, y1]| Area {
            x0: x0.min(x1),
            y0: y0.min(y1),
            x1: x0.max(x1),
            y1: y0.max(y1),
        })
        .find(|area| area.size().0 > 1.0 && area.size().1 > 1.0)
        .unwrap_or(Area {
            x0: 0.0,
            y0: 0.0,
            x1: 595.0,
            y1: 842.0,
        });
    let turned = inherited(doc, page, |dict| get_number(doc, dict, b"Rotate")).unwrap_or(0.0);
    #[expect(clippy::cast_possible_truncation, reason = "from 0 to 4")]
    #[expect(clippy::cast_sign_loss, reason = "not below zero")]
    let quarters = (turned.rem_euclid(360.0) / 90.0).round() as u8;
    paint(&placed, area, quarters, max_pixels, || {
        !budget.out_of_time()
    })
    .ok_or(NoPicture::Damaged)
}
