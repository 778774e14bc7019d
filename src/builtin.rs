//! The lexicon that is part of the program, compiled when the program was built.

use std::path::Path;

use crate::error::Result;
use crate::lexicon::{Files, Lexicon, compiled};

static BUILTIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/lexicon.bin"));

impl Lexicon {
    /// Id, version and hash of the lexicon that is part of the program.
    pub const BUILTIN: &'static str = env!("SIGNAALBRIL_LEXICON");

    /// The lexicon that is part of the program.
    ///
    /// # Errors
    /// None: the build fails first.
    pub fn builtin() -> Result<Self> {
        compiled::read(BUILTIN)
    }

    /// The lexicon in `directory`, or the built-in one, with overlays added in order.
    ///
    /// # Errors
    /// All problems of all files, or the file that could not be read.
    pub fn load(directory: Option<&Path>, overlays: &[impl AsRef<Path>]) -> Result<Self> {
        let mut files = match directory {
            Some(directory) => Files::read(directory)?,
            None if overlays.is_empty() => return Self::builtin(),
            None => Files::builtin(),
        };
        for overlay in overlays {
            files.overlay(Files::read(overlay.as_ref())?);
        }
        Self::from_files(&files)
    }
}
