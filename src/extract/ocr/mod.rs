//! Text recognised from pictures by another program, `tesseract`; only where it is asked for.
//!
//! The pictures go to its standard input and the words come from its standard output, each with a confidence: nothing is put on disk but
//! the cache, where there is one. The cache holds case text.

mod cache;
mod run;
mod tsv;

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

pub use cache::forget;
pub use run::Failure;
pub use tsv::Recognised;

use super::pdf::{PageStatus, Picture};
use crate::error::{Error, Result};

/// The language data that is used.
const LANGUAGE: &str = "nld";
/// How to get the program.
const ADVICE: &str =
    "install it, on Debian and Ubuntu with `apt-get install tesseract-ocr tesseract-ocr-nld`";
/// Most bytes of the words of one page.
const MAX_OUTPUT: u64 = 64 << 20;
/// Longest side, in pixels, of a page that `pdftoppm` draws: A4 at 300 dpi.
const DRAWN_SIDE: &str = "3508";
const DRAWN_DPI: u32 = 300;
/// Below this mean confidence the page is handwriting or a bad copy: what was read cannot be relied on.
const UNSURE: f64 = 50.0;
/// Below these the page may lie on its side: worth another look.
const DOUBTFUL: f64 = 70.0;
const FEW_WORDS: usize = 5;
/// A page with less ink than this is blank.
const BLANK: f64 = 0.001;

/// How text is recognised.
#[derive(Clone, Debug)]
pub struct Ocr {
    /// The program.
    pub program: PathBuf,
    /// Its version, as it says it.
    pub version: String,
    /// Whether it can tell how a page is turned.
    pub turns: bool,
    /// Draws pages whose images cannot be taken out; none leaves them.
    pub renderer: Option<PathBuf>,
    /// Folder that keeps what was recognised; it holds case text.
    pub cache: Option<PathBuf>,
    /// Longest time for one page.
    pub deadline: Duration,
    /// Most pixels of one picture.
    pub max_pixels: usize,
}

impl Ocr {
    /// Looks for the program and its Dutch data.
    ///
    /// # Errors
    /// What is missing, and how to get it.
    pub fn find(deadline: Duration) -> Result<Self> {
        let program = PathBuf::from("tesseract");
        let said = |argument: &str| run::said(Command::new(&program).arg(argument));
        let version = said("--version")
            .ok_or_else(|| Error::Usage(format!("--ocr needs the program tesseract; {ADVICE}")))?;
        let languages = said("--list-langs").unwrap_or_default();
        let has = |language: &str| languages.lines().any(|l| l.trim() == language);
        if !has(LANGUAGE) {
            return Err(Error::Usage(format!(
                "--ocr needs the Dutch data of tesseract ({LANGUAGE}); {ADVICE}"
            )));
        }
        let renderer = PathBuf::from("pdftoppm");
        let draws = run::said(Command::new(&renderer).arg("-v")).is_some();
        Ok(Self {
            program,
            version: version.lines().next().unwrap_or_default().to_owned(),
            turns: has("osd"),
            renderer: draws.then_some(renderer),
            cache: None,
            deadline,
            max_pixels: 100_000_000,
        })
    }

    /// The text of a picture, given as a file of any kind that the program reads.
    ///
    /// # Errors
    /// When the program fails or takes too long.
    pub fn recognise(
        &self,
        file: &[u8],
        dpi: Option<u32>,
    ) -> std::result::Result<Recognised, Failure> {
        let options = format!("{LANGUAGE}\0{}\0{dpi:?}\0{}", self.version, self.turns);
        let key = cache::key(file, &options);
        if let Some(known) = self.cache.as_deref().and_then(|c| cache::get(c, &key)) {
            return Ok(known);
        }
        let mut best = self.tesseract(file, dpi, "3")?;
        if self.turns && (best.confidence < DOUBTFUL || best.words < FEW_WORDS) {
            // Pages that lie on their side are found out this way; it costs more and errs on short texts.
            if let Ok(turned) = self.tesseract(file, dpi, "1")
                && turned.weight() > best.weight()
            {
                best = turned;
            }
        }
        best.key.clone_from(&key);
        if let Some(cache) = &self.cache {
            // Without it the next run takes as long as this one.
            let _ = cache::put(cache, &key, &best);
        }
        Ok(best)
    }

    fn tesseract(
        &self,
        file: &[u8],
        dpi: Option<u32>,
        segmentation: &str,
    ) -> std::result::Result<Recognised, Failure> {
        let mut command = Command::new(&self.program);
        command
            .args(["stdin", "stdout", "-l", LANGUAGE, "--psm", segmentation])
            .args(["-c", "tessedit_create_tsv=1"])
            .env("OMP_THREAD_LIMIT", "1");
        if let Some(dpi) = dpi {
            command.args(["--dpi", &dpi.to_string()]);
        }
        let output = run::run(&mut command, file.to_vec(), self.deadline, MAX_OUTPUT)?;
        Ok(tsv::read(&String::from_utf8_lossy(&output)))
    }

    /// Page `number` (from 1) of a PDF, drawn by another program; none where there is no such program.
    #[must_use]
    pub fn draw(&self, pdf: &[u8], number: usize) -> Option<Picture> {
        let number = number.to_string();
        let mut command = Command::new(self.renderer.as_ref()?);
        command
            .args(["-f", &number, "-l", &number, "-gray"])
            .args(["-scale-to", DRAWN_SIDE, "-"]);
        let most = self.max_pixels as u64 + 64;
        let drawn = run::run(&mut command, pdf.to_vec(), self.deadline, most).ok()?;
        Picture::from_pgm(&drawn, DRAWN_DPI)
    }

    /// What a failure means for the page.
    #[must_use]
    pub fn says(&self, failure: Failure) -> String {
        match failure {
            Failure::Timeout => format!(
                "its recognition took longer than {} seconds; see --ocr-seconds",
                self.deadline.as_secs()
            ),
            Failure::Failed => "tesseract could not read its image".to_owned(),
        }
    }
}

impl Recognised {
    /// How far the text of a page can be trusted, and why not; `ink` is the part of the page that is dark, where known.
    #[must_use]
    pub fn judge(&self, ink: Option<f64>) -> (PageStatus, Option<String>) {
        if self.words == 0 && ink.is_some_and(|ink| ink < BLANK) {
            (PageStatus::Empty, None)
        } else if self.words == 0 {
            let why = "no text is recognised on it: handwriting, a photo or a drawing";
            (PageStatus::Garbled, Some(why.to_owned()))
        } else if self.confidence < UNSURE {
            let sure = self.confidence;
            let why = format!(
                "recognised with a confidence of {sure:.0} of 100: handwriting or a bad copy"
            );
            (PageStatus::Garbled, Some(why))
        } else {
            (PageStatus::Ok, None)
        }
    }

    /// How much was read, and how surely.
    fn weight(&self) -> f64 {
        self.confidence * self.text.chars().filter(|c| c.is_alphanumeric()).count() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_judged_by_what_was_read() {
        let read = |words, confidence| Recognised {
            text: String::new(),
            words,
            confidence,
            key: String::new(),
        };
        let status = |words, confidence, ink| read(words, confidence).judge(ink).0;
        assert_eq!(status(100, 95.0, Some(0.1)), PageStatus::Ok);
        assert_eq!(status(100, 30.0, Some(0.1)), PageStatus::Garbled);
        assert_eq!(status(0, 0.0, Some(0.1)), PageStatus::Garbled);
        assert_eq!(status(0, 0.0, Some(0.0)), PageStatus::Empty);
        assert_eq!(status(0, 0.0, None), PageStatus::Garbled);
    }
}
