//! A grey picture.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A grey picture: one byte a pixel, 0 is black, rows from the top. `Debug` shows no pixels.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// Pixels an inch on the page.
    pub dpi: u32,
    /// The pixels; they travel between processes as they are, beside the rest.
    #[serde(skip)]
    pub pixels: Vec<u8>,
}

/// Darker than this counts as ink.
const INK: u8 = 128;

impl Picture {
    /// The picture as a PGM file.
    #[must_use]
    pub fn to_pgm(&self) -> Vec<u8> {
        let mut out = format!("P5\n{} {}\n255\n", self.width, self.height).into_bytes();
        out.extend_from_slice(&self.pixels);
        out
    }

    /// A picture from a PGM file of one byte a pixel.
    #[must_use]
    pub fn from_pgm(file: &[u8], dpi: u32) -> Option<Self> {
        let mut rest = file.strip_prefix(b"P5")?;
        let mut number = || {
            rest = rest.trim_ascii_start();
            let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
            let (digits, after) = rest.split_at_checked(digits)?;
            rest = after;
            std::str::from_utf8(digits).ok()?.parse::<usize>().ok()
        };
        let (width, height, max) = (number()?, number()?, number()?);
        // One blank ends the header.
        let pixels = rest.get(1..)?.to_vec();
        (max == 255 && width.checked_mul(height)? == pixels.len()).then_some(Self {
            width,
            height,
            dpi,
            pixels,
        })
    }

    /// The part of the picture that is dark.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "pixels are far below 2^52")]
    pub fn ink(&self) -> f64 {
        let dark = self.pixels.iter().filter(|&&p| p < INK).count();
        dark as f64 / self.pixels.len().max(1) as f64
    }

    /// Black on white, whatever the file said: paper is light.
    pub(super) fn on_white(mut self) -> Self {
        if self.ink() > 0.6 {
            self.pixels.iter_mut().for_each(|p| *p = 255 - *p);
        }
        self
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("width", &self.width)
            .field("height", &self.height)
            .field("dpi", &self.dpi)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_dark_on_light() {
        let picture = |pixels: &[u8]| Picture {
            width: pixels.len(),
            height: 1,
            dpi: 300,
            pixels: pixels.to_vec(),
        };
        assert_eq!(
            picture(&[0, 0, 0, 255]).on_white().pixels,
            [255, 255, 255, 0]
        );
        assert_eq!(
            picture(&[0, 255, 255, 255]).on_white().pixels,
            [0, 255, 255, 255]
        );
        assert_eq!(picture(&[0, 255]).to_pgm(), b"P5\n2 1\n255\n\x00\xFF");
        let pgm = picture(&[0, 10]).to_pgm();
        assert_eq!(Picture::from_pgm(&pgm, 300), Some(picture(&[0, 10])));
        assert_eq!(Picture::from_pgm(&pgm[..pgm.len() - 1], 300), None);
        assert!(!format!("{:?}", picture(&[7])).contains("pixels"));
    }
}
