//! Exports that can be shared with fewer people knowing whom they are about: keyed hashes for ids, paths and names of dossiers,
//! and tags such as `[naam]` for what identifies somebody in a snippet of text.
//!
//! This is pseudonymisation in the sense of article 4(5) of the AVG (GDPR), no anonymisation: the result is still personal data.
//! What it does not promise:
//!
//! - Names without a word next to them that announces one ("vriend", "mw.", "genaamd", an age) stay, and so do names without a
//!   capital, unless the same text or the name of the dossier gives them away. So do nicknames that are Dutch words.
//! - Rare facts identify a person: a school, a place, the date of an incident, what happened. They stay.
//! - Positions, scores, labels, dates and counts stay. Positions (`start`, `end`, ...) refer to the original text, not to the masked one.
//! - Whoever has the key and a list of names, paths or documents can find out which hash is whose. Keep the key apart from the
//!   exports; without it, and without the originals, hashes cannot be undone.
//!
//! What stands around the masks is never changed, and masking a masked text changes nothing.

mod address;
mod birth;
mod key;
mod known;
mod mask;
mod number;
mod online;
mod parts;
mod person;
mod record;
mod scan;
mod token;
mod words;

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

pub use key::Key;
pub use mask::Kind;

use crate::error::{Error, Result};
use crate::lexicon::Lexicon;

/// Bytes of a hash that are shown: 16 hex digits.
const SHOWN: usize = 8;
/// Longest extension that a hashed path keeps.
const EXTENSION: usize = 5;
/// A mask can bring out another one that it touched; texts settle in two or three rounds. This is where a hostile one ends.
const ROUNDS: usize = 32;

/// Makes names into hashes and masks texts. Built once, used by many threads.
pub struct Pseudonymiser {
    mac: Hmac<Sha256>,
    words: words::Words,
    numbers: number::Numbers,
    births: birth::Births,
    online: online::Online,
    addresses: address::Addresses,
}

impl fmt::Debug for Pseudonymiser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pseudonymiser(key hidden)")
    }
}

impl Pseudonymiser {
    /// With a key; the lexicon says which words are Dutch and which are abbreviations.
    ///
    /// # Errors
    /// Never, as long as the tests of the embedded word lists pass.
    pub fn new(key: &Key, lexicon: &Lexicon) -> Result<Self> {
        let words = words::Words::new(lexicon)?;
        Ok(Self {
            mac: Hmac::new_from_slice(key.bytes())
                .map_err(|e| Error::Usage(format!("the key does not fit: {e}")))?,
            numbers: number::Numbers::new(&words)?,
            births: birth::Births::new(&words)?,
            online: online::Online::new(&words)?,
            addresses: address::Addresses::new(&words)?,
            words,
        })
    }

    /// The hash of an id, path or name, `d-1a2b3c4d5e6f7081`: the same for the same kind, value and key. Empty stays empty; what
    /// has a short extension keeps it, where the kind is `p` (a path).
    #[must_use]
    pub fn name(&self, kind: &str, value: &str) -> String {
        use fmt::Write;

        if value.is_empty() {
            return String::new();
        }
        let mut mac = self.mac.clone();
        // The length keeps kinds and values apart.
        mac.update(&(kind.len() as u64).to_le_bytes());
        mac.update(kind.as_bytes());
        mac.update(value.as_bytes());
        let mut out = format!("{kind}-");
        for byte in mac.finalize().into_bytes().iter().take(SHOWN) {
            // Writing to a string does not fail.
            let _ = write!(out, "{byte:02x}");
        }
        if kind == "p"
            && let Some(extension) = extension(value)
        {
            out.push('.');
            out.push_str(&extension);
        }
        out
    }

    /// The words of a dossier's name or a path that may be names, in lower case: three letters or more, no digits, none that
    /// files are usually named by. Dutch words ("Roos") are among them; they are masked only where they are written as a name.
    #[must_use]
    pub fn own_names(&self, dossier_or_path: &str) -> Vec<String> {
        known::candidates(dossier_or_path, &self.words)
    }

    /// The names that a text gives away by the words beside them ("haar vriend Mo"), in lower case: known in one text, they can be masked
    /// in others of the same dossier.
    #[must_use]
    pub fn names_in(&self, text: &str) -> Vec<String> {
        let text = mask::without_tags(text);
        person::names(&token::tokens(&text, &self.words), &self.words).1
    }

    /// The text with tags for names, numbers, dates of birth, addresses and accounts. `own_names` are names of dossiers, paths or
    /// people that the caller knows; their words are masked wherever they stand.
    #[must_use]
    pub fn text(&self, text: &str, own_names: &[&str]) -> String {
        let mut own: Vec<String> = own_names.iter().flat_map(|n| self.own_names(n)).collect();
        own.sort();
        own.dedup();
        let mut text = text.to_owned();
        for _ in 0..ROUNDS {
            let masks = self.masks(&text, &own);
            if masks.is_empty() {
                break;
            }
            text = mask::write(&text, &masks);
        }
        text
    }

    /// What one round masks.
    fn masks(&self, text: &str, own: &[String]) -> Vec<mask::Mask> {
        let text = mask::without_tags(text);
        let tokens = token::tokens(&text, &self.words);
        let (mut masks, learned) = person::names(&tokens, &self.words);
        masks.extend(known::occurrences(&tokens, &self.words, &learned, own));
        self.numbers.masks(&text, &mut masks);
        self.births.masks(&text, &mut masks);
        self.online.masks(&text, &self.words, &mut masks);
        self.addresses
            .masks(&text, &tokens, &self.words, &mut masks);
        mask::settle(masks)
    }
}

/// A short extension of plain letters and digits, in lower case.
fn extension(path: &str) -> Option<String> {
    let name = path.rsplit(['/', '\\']).next()?;
    let (stem, extension) = name.rsplit_once('.')?;
    let plain = (1..=EXTENSION).contains(&extension.len())
        && extension.bytes().all(|b| b.is_ascii_alphanumeric());
    (plain && !stem.is_empty()).then(|| extension.to_ascii_lowercase())
}

#[cfg(test)]
mod tests;
