//! What was recognised before, by the hash of the picture: one file each, readable by the owner only. It holds case text.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use super::tsv::Recognised;
use crate::error::{Error, Result};
use crate::private;

/// Raised when what is made of the same picture changes.
const VERSION: &str = "1";

/// Removes what is kept under a name; it may not be there.
///
/// # Errors
/// When it cannot be removed.
pub fn forget(folder: &Path, key: &str) -> Result<()> {
    let path = folder.join(format!("{key}.txt"));
    match fs::remove_file(&path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", &path)(e)),
        _ => Ok(()),
    }
}

/// The name of what is recognised in `picture` with `options`.
pub(super) fn key(picture: &[u8], options: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(picture);
    hash.update(format!("\0{options}\0{VERSION}"));
    let digest = hash.finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is kept under a name.
pub(super) fn get(folder: &Path, key: &str) -> Option<Recognised> {
    let file = fs::read_to_string(folder.join(format!("{key}.txt"))).ok()?;
    let (head, text) = file.split_once('\n')?;
    let (words, confidence) = head.split_once(' ')?;
    Some(Recognised {
        text: text.to_owned(),
        words: words.parse().ok()?,
        confidence: confidence.parse().ok()?,
        key: key.to_owned(),
    })
}

/// Keeps what was recognised: written under another name first, as another thread may read it.
pub(super) fn put(folder: &Path, key: &str, recognised: &Recognised) -> Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    private::make_directory(folder)?;
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!(".{}-{count}.tmp", std::process::id()));
    let Recognised {
        text,
        words,
        confidence,
        ..
    } = recognised;
    private::create(&temporary)
        .and_then(|mut file| {
            write!(file, "{words} {confidence}\n{text}")?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&temporary, folder.join(format!("{key}.txt"))))
        .map_err(Error::io("write", &temporary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("uit/ocr");
        let key = key(b"beeld", "nld");
        let kept = Recognised {
            text: "Eerste regel\n\nTweede".to_owned(),
            words: 3,
            confidence: 91.25,
            key: key.clone(),
        };
        assert_eq!(get(&folder, &key), None);
        put(&folder, &key, &kept).unwrap();
        assert_eq!(get(&folder, &key), Some(kept));
        assert_ne!(key, super::key(b"beeld", "eng"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            for path in [folder.clone(), folder.join(format!("{key}.txt"))] {
                assert_eq!(path.metadata().unwrap().permissions().mode() & 0o077, 0);
            }
        }
        forget(&folder, &key).unwrap();
        forget(&folder, &key).unwrap();
        assert_eq!(get(&folder, &key), None);
        // A file that was cut off is as good as none.
        fs::write(folder.join(format!("{key}.txt")), "").unwrap();
        assert_eq!(get(&folder, &key), None);
    }
}
