//! The secret of the hashes: who has it and a list of names can find each hash's name.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use crate::error::{Error, Result};
use crate::private;

/// Bytes of a key.
const LENGTH: usize = 32;
/// A key file is small; a larger one is something else.
const LARGEST: u64 = 4096;

/// The 32 bytes that hashes are made with. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; LENGTH]);

impl Key {
    /// A key of given bytes, for tests and callers that keep their keys elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// A new key from the system's random source.
    ///
    /// # Errors
    /// When the system has none.
    pub fn random() -> Result<Self> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes)
            .map_err(|e| Error::Output(format!("the system gives no random bytes: {e}")))?;
        Ok(Self(bytes))
    }

    /// Reads the key file (64 hex digits), or makes it, readable by its owner only.
    ///
    /// # Errors
    /// When the file holds something else, or cannot be read or made.
    pub fn load_or_create(path: &Path) -> Result<Self> {
        match std::fs::metadata(path) {
            Ok(found) if found.len() <= LARGEST => Self::load(path),
            Ok(_) => Err(wrong(path, "is too large")),
            Err(error) if error.kind() == ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(Error::io("read", path)(error)),
        }
    }

    fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read(path).map_err(Error::io("read", path))?;
        let text = text.trim_ascii();
        if text.is_empty() {
            return Err(wrong(path, "is empty"));
        }
        if text.len() != LENGTH * 2 {
            return Err(wrong(path, "does not have 64 hex digits"));
        }
        let mut bytes = [0; LENGTH];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
            let digits = std::str::from_utf8(pair)
                .ok()
                .filter(|p| p.bytes().all(|b| b.is_ascii_hexdigit()));
            *byte = digits
                .and_then(|d| u8::from_str_radix(d, 16).ok())
                .ok_or_else(|| wrong(path, "has other characters than hex digits"))?;
        }
        if bytes.iter().all(|b| *b == bytes[0]) {
            return Err(wrong(path, "repeats one byte"));
        }
        Ok(Self(bytes))
    }

    fn create(path: &Path) -> Result<Self> {
        let key = Self::random()?;
        private::write(path, |out| {
            let hex: String = key.0.iter().map(|b| format!("{b:02x}")).collect();
            writeln!(out, "{hex}").map_err(|e| Error::Output(e.to_string()))
        })?;
        Ok(key)
    }

    pub(super) const fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

fn wrong(path: &Path, what: &str) -> Error {
    Error::Usage(format!(
        "the key file {} {what}; a key is 64 hex digits (32 bytes): name a file that is not there to have one made, or restore the file",
        path.display()
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sleutel");
        let made = Key::load_or_create(&path).unwrap();
        assert!(made == Key::load_or_create(&path).unwrap());
        assert!(made != Key::random().unwrap());
        assert_eq!(format!("{made:?}"), "Key(hidden)");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(
                &std::fs::metadata(&path).unwrap().permissions(),
            );
            assert_eq!(mode & 0o077, 0);
        }
    }

    #[test]
    fn other_files_are_refused_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sleutel");
        for (content, why) in [
            ("", "is empty"),
            ("geheim", "does not have 64"),
            (&"zz".repeat(32), "other characters"),
            (&"00".repeat(32), "repeats one byte"),
            (&"ab".repeat(4000), "too large"),
        ] {
            std::fs::write(&path, content).unwrap();
            let error = Key::load_or_create(&path).unwrap_err().to_string();
            assert!(error.contains(why), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
    }
}
