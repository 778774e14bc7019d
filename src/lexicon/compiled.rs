//! The compiled form of a lexicon: bytes that are read back in a fraction of the time that compiling takes.
//!
//! The build script makes it of the built-in lexicon. It is for the same version of the program only, so it is never kept in files.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Lexicon;
use crate::error::{Error, Result};

/// What is written down: the lexicon, and what its word table has learned.
#[derive(Serialize, Deserialize)]
struct Compiled<L> {
    lexicon: L,
    stressed: BTreeMap<String, bool>,
}

fn failed(error: &postcard::Error) -> Error {
    Error::Usage(format!("the compiled lexicon cannot be used: {error}"))
}

/// The bytes of a lexicon.
///
/// # Errors
/// None that is known of.
pub fn write(lexicon: &Lexicon) -> Result<Vec<u8>> {
    let compiled = Compiled {
        stressed: lexicon.words.stressed.clone(),
        lexicon,
    };
    postcard::to_allocvec(&compiled).map_err(|e| failed(&e))
}

/// The lexicon of these bytes.
///
/// # Errors
/// When they are not what [`write()`] made.
pub fn read(bytes: &[u8]) -> Result<Lexicon> {
    let compiled: Compiled<Lexicon> = postcard::from_bytes(bytes).map_err(|e| failed(&e))?;
    let mut lexicon = compiled.lexicon;
    lexicon.words.stressed = compiled.stressed;
    lexicon.set.complete();
    Ok(lexicon)
}
