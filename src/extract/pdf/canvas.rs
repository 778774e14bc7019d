//! Puts the images of a page where the page has them: strips join, turned pages stand upright, masks cut.

use super::image::{Layer, Raster};
use super::picture::Picture;
use super::state::Matrix;

/// An image and the place of its unit square on the page.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) layer: Layer,
    pub(super) matrix: Matrix,
}

/// A rectangle of the page in its own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) x0: f64,
    pub(super) y0: f64,
    pub(super) x1: f64,
    pub(super) y1: f64,
}

/// Images that cover less than this part of the picture do not decide how fine it is.
const SMALL: f64 = 0.05;
/// Below so many pixels an inch letters are too small to be recognised well.
const COARSE: f64 = 180.0;
/// A picture is made finer up to so many pixels.
const FINE_PIXELS: f64 = 12e6;

impl Area {
    /// The corners of the unit square under a matrix.
    fn of(matrix: &Matrix) -> Self {
        let corners = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)];
        let all = corners.map(|(x, y)| matrix.apply(x, y));
        let fold = |pick: fn(f64, f64) -> f64, axis: fn(&(f64, f64)) -> f64| {
            all.iter().map(axis).reduce(pick).unwrap_or(0.0)
        };
        Self {
            x0: fold(f64::min, |p| p.0),
            y0: fold(f64::min, |p| p.1),
            x1: fold(f64::max, |p| p.0),
            y1: fold(f64::max, |p| p.1),
        }
    }

    fn with(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    fn within(self, other: Self) -> Self {
        Self {
            x0: self.x0.max(other.x0),
            y0: self.y0.max(other.y0),
            x1: self.x1.min(other.x1),
            y1: self.y1.min(other.y1),
        }
    }

    pub(super) fn size(self) -> (f64, f64) {
        (self.x1 - self.x0, self.y1 - self.y0)
    }
}

/// The picture of a page of `quarters` turns to the right, of at most `max_pixels`. `go_on` is asked between images.
pub(super) fn paint(
    images: &[Placed],
    page: Area,
    quarters: u8,
    max_pixels: usize,
    go_on: impl Fn() -> bool,
) -> Option<Picture> {
    let images: Vec<&Placed> = (images.iter())
        .filter(|i| i.matrix.area().is_finite() && i.matrix.area() > 0.0)
        .collect();
    let drawn = images.iter().map(|i| Area::of(&i.matrix));
    let area = drawn.reduce(Area::with)?.within(page);
    let (across, up) = area.size();
    if !(across > 0.0 && up > 0.0) {
        return None;
    }
    let big = |i: &&&Placed| i.matrix.area() >= SMALL * across * up;
    let mut scale = images
        .iter()
        .filter(big)
        .map(|i| fineness(i))
        .fold(0.0, f64::max);
    if scale == 0.0 {
        scale = images.iter().map(|i| fineness(i)).fold(0.0, f64::max);
    }
    while scale * 72.0 < COARSE && across * up * (scale * 2.0).powi(2) <= FINE_PIXELS {
        scale *= 2.0;
    }
    #[expect(clippy::cast_precision_loss, reason = "pixels are far below 2^52")]
    let most = (max_pixels as f64 / (across * up)).sqrt();
    scale = scale.min(most);
    let to_picture = upright(area, quarters, scale);
    let (wide, high) = if quarters.is_multiple_of(2) {
        (across, up)
    } else {
        (up, across)
    };
    let (width, height) = (pixels(wide * scale), pixels(high * scale));
    if width == 0 || height == 0 || width.checked_mul(height)? > max_pixels.saturating_add(width) {
        return None;
    }
    let mut picture = Picture {
        width,
        height,
        dpi: u32::try_from(pixels(scale * 72.0)).ok()?.clamp(70, 2400),
        pixels: vec![255; width * height],
    };
    for image in images {
        if !go_on() {
            return None;
        }
        draw(&mut picture, image, &to_picture);
    }
    Some(picture.on_white())
}

#[expect(clippy::cast_possible_truncation, reason = "a side of a picture")]
#[expect(clippy::cast_sign_loss, reason = "not below zero")]
fn pixels(length: f64) -> usize {
    length.round().clamp(0.0, 1e9) as usize
}

/// Pixels a unit of the page, in the finer direction.
#[expect(clippy::cast_precision_loss, reason = "sides are far below 2^52")]
fn fineness(image: &Placed) -> f64 {
    let Matrix { a, b, c, d, .. } = image.matrix;
    let Raster { width, height, .. } = image.layer.finest();
    (*width as f64 / a.hypot(b)).max(*height as f64 / c.hypot(d))
}

impl Layer {
    /// Its pixels, or those of its mask where they are more.
    fn finest(&self) -> &Raster {
        let alpha = self.alpha.as_ref();
        alpha
            .filter(|a| a.width > self.grey.width)
            .unwrap_or(&self.grey)
    }
}

/// From the page to the picture: turned to the right, the first row at the top.
fn upright(area: Area, quarters: u8, scale: f64) -> Matrix {
    let Area { x0, y0, x1, y1 } = area;
    let s = scale;
    Matrix::new(match quarters % 4 {
        0 => [s, 0.0, 0.0, -s, -x0 * s, y1 * s],
        1 => [0.0, s, s, 0.0, -y0 * s, -x0 * s],
        2 => [-s, 0.0, 0.0, s, x1 * s, -y0 * s],
        _ => [0.0, -s, -s, 0.0, y1 * s, x1 * s],
    })
}

/// Paints one image: every pixel of the picture asks where in the image it lies.
#[expect(clippy::cast_precision_loss, reason = "sides are far below 2^52")]
fn draw(picture: &mut Picture, image: &Placed, to_picture: &Matrix) {
    let matrix = image.matrix.then(to_picture);
    let Matrix { a, b, c, d, e, f } = matrix;
    let determinant = a * d - b * c;
    if determinant == 0.0 || !determinant.is_finite() {
        return;
    }
    let place = Area::of(&matrix);
    let (left, right) = (pixels(place.x0), pixels(place.x1).min(picture.width));
    let (top, bottom) = (pixels(place.y0), pixels(place.y1).min(picture.height));
    let Layer { grey, alpha } = &image.layer;
    for y in top..bottom {
        let from = y * picture.width;
        let Some(row) = picture.pixels.get_mut(from + left..from + right.max(left)) else {
            continue;
        };
        let dy = y as f64 + 0.5 - f;
        for (n, pixel) in row.iter_mut().enumerate() {
            let dx = (left + n) as f64 + 0.5 - e;
            let u = (d * dx - c * dy) / determinant;
            // Rows of an image run down, the unit square runs up.
            let v = 1.0 - (a * dy - b * dx) / determinant;
            if !(0.0..=1.0).contains(&u) || !(0.0..=1.0).contains(&v) {
                continue;
            }
            let paint = sample(grey, u, v);
            let share = alpha.as_ref().map_or(255.0, |alpha| sample(alpha, u, v)) / 255.0;
            *pixel = mix(f64::from(*pixel), paint, share);
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "between 0 and 255")]
#[expect(clippy::cast_sign_loss, reason = "between 0 and 255")]
fn mix(under: f64, over: f64, share: f64) -> u8 {
    (under + (over - under) * share).round().clamp(0.0, 255.0) as u8
}

/// The grey at a place of the unit square, between the pixels around it.
#[expect(clippy::cast_precision_loss, reason = "sides are far below 2^52")]
#[expect(clippy::cast_possible_truncation, reason = "inside the raster")]
#[expect(clippy::cast_sign_loss, reason = "not below zero")]
fn sample(raster: &Raster, u: f64, v: f64) -> f64 {
    let (x, x_part) = split(u * raster.width as f64 - 0.5);
    let (y, y_part) = split(v * raster.height as f64 - 0.5);
    let at = |x: f64, y: f64| {
        let column = (x.max(0.0) as usize).min(raster.width.saturating_sub(1));
        let row = (y.max(0.0) as usize).min(raster.height.saturating_sub(1));
        let pixel = raster.pixels.get(row * raster.width + column);
        f64::from(pixel.copied().unwrap_or(255))
    };
    let between = |a: f64, b: f64, part: f64| a + (b - a) * part;
    let upper = between(at(x, y), at(x + 1.0, y), x_part);
    if y_part == 0.0 {
        return upper;
    }
    let lower = between(at(x, y + 1.0), at(x + 1.0, y + 1.0), x_part);
    between(upper, lower, y_part)
}

/// Whole part and the rest; what is next to nothing is nothing, so that an image at its own size stays as it is.
fn split(n: f64) -> (f64, f64) {
    let whole = (n + 1e-3).floor();
    let part = n - whole;
    (whole, if part < 1e-2 { 0.0 } else { part })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Area = Area {
        x0: 0.0,
        y0: 0.0,
        x1: 600.0,
        y1: 800.0,
    };

    fn raster(width: usize, pixels: &[u8]) -> Raster {
        Raster {
            width,
            height: pixels.len() / width,
            pixels: pixels.to_vec(),
        }
    }

    fn placed(width: usize, pixels: &[u8], matrix: [f64; 6]) -> Placed {
        Placed {
            layer: Layer {
                grey: raster(width, pixels),
                alpha: None,
            },
            matrix: Matrix::new(matrix),
        }
    }

    fn rows(images: &[Placed], quarters: u8) -> Vec<Vec<u8>> {
        let picture = paint(images, PAGE, quarters, 1_000_000, || true).unwrap();
        let rows = picture.pixels.chunks(picture.width);
        rows.map(<[u8]>::to_vec).collect()
    }

    /// Ten pixels a unit: fine enough not to be made finer.
    const SIDES: [f64; 2] = [0.2, 0.2];

    #[test]
    fn an_image_at_its_own_size_stays_as_it_is() {
        let [w, h] = SIDES;
        let image = [placed(
            2,
            &[10, 250, 200, 220],
            [w, 0.0, 0.0, h, 30.0, 40.0],
        )];
        assert_eq!(rows(&image, 0), [[10, 250], [200, 220]]);
        assert_eq!(rows(&image, 1), [[200, 10], [220, 250]]);
        assert_eq!(rows(&image, 2), [[220, 200], [250, 10]]);
        assert_eq!(rows(&image, 3), [[250, 220], [10, 200]]);
    }

    #[test]
    fn a_matrix_turns_and_mirrors() {
        let [w, h] = SIDES;
        // A quarter to the left, and upside down.
        let turned = [placed(
            2,
            &[10, 250, 200, 220],
            [0.0, h, -w, 0.0, 30.2, 40.0],
        )];
        assert_eq!(rows(&turned, 0), [[250, 220], [10, 200]]);
        let mirrored = [placed(
            2,
            &[10, 250, 200, 220],
            [w, 0.0, 0.0, -h, 30.0, 40.2],
        )];
        assert_eq!(rows(&mirrored, 0), [[200, 220], [10, 250]]);
    }

    #[test]
    fn strips_join_top_to_bottom() {
        let [w, h] = SIDES;
        let strips = [
            placed(2, &[5, 250, 200, 220], [w, 0.0, 0.0, h, 30.0, 40.2]),
            placed(2, &[210, 220, 230, 240], [w, 0.0, 0.0, h, 30.0, 40.0]),
        ];
        let expected = [[5, 250], [200, 220], [210, 220], [230, 240]];
        assert_eq!(rows(&strips, 0), expected);
    }

    #[test]
    fn a_mask_lets_the_image_below_through() {
        let [w, h] = SIDES;
        let place = [w, 0.0, 0.0, h, 30.0, 40.0];
        let mut mask = placed(1, &[0], place);
        mask.layer.alpha = Some(raster(2, &[255, 0, 0, 0]));
        let images = [placed(2, &[200; 4], place), mask];
        assert_eq!(rows(&images, 0), [[0, 200], [200, 200]]);
    }

    #[test]
    fn limits_and_nonsense() {
        let huge = [placed(1, &[0], [1e300, 0.0, 0.0, 1e300, 0.0, 0.0])];
        assert!(paint(&huge, PAGE, 0, 100, || true).is_none_or(|p| p.pixels.len() <= 200));
        let outside = [placed(1, &[0], [1.0, 0.0, 0.0, 1.0, 9e3, 9e3])];
        assert_eq!(paint(&outside, PAGE, 0, 100, || true), None);
        let flat = [placed(1, &[0], [0.0; 6])];
        assert_eq!(paint(&flat, PAGE, 0, 100, || true), None);
        let coarse = [placed(1, &[200], [72.0, 0.0, 0.0, 72.0, 0.0, 0.0])];
        let picture = paint(&coarse, PAGE, 0, 400, || true).unwrap();
        assert_eq!((picture.width, picture.height), (20, 20));
    }
}
