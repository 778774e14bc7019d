//! Files and folders that only their owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};

/// Makes a folder, with those above it, unless it is there.
///
/// # Errors
/// When it cannot be made.
pub fn make_directory(directory: &Path) -> Result<()> {
    if directory.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
        .create(directory)
        .map_err(Error::io("write", directory))
}

/// Opens an empty file for writing.
///
/// # Errors
/// What the system answers.
pub fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Writes a file under a temporary name, syncs it and renames it: it is there in full, or as it was. One process at a time writes a file;
/// a link is followed, and what is no file (a device, a pipe) is left alone.
///
/// # Errors
/// The file that could not be written, or what `content` answers.
pub fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let path = &target(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.tmp"));
    let error = |e| Error::Io {
        action: "write",
        path: path.to_owned(),
        source: e,
    };
    let file = exclusive(&temporary).map_err(error)?.ok_or_else(|| {
        let path = path.display();
        Error::Output(format!("write {path}: another process is writing it"))
    })?;
    // The lock lasts as long as this handle: until the file has its name, or is gone.
    let _held = file.try_clone().map_err(error)?;
    let written =
        fill(file, path, content).and_then(|()| fs::rename(&temporary, path).map_err(error));
    if written.is_err() {
        // Half of it is of use to nobody.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Where a file is to be written.
fn target(path: &Path) -> Result<PathBuf> {
    match fs::canonicalize(path) {
        Ok(target) if target.is_file() => Ok(target),
        Ok(_) => Err(Error::Output(format!(
            "write {}: it is there and is no file",
            path.display()
        ))),
        Err(_) => Ok(path.to_owned()),
    }
}

/// An empty file for this process alone; none when another one has it.
fn exclusive(path: &Path) -> io::Result<Option<File>> {
    loop {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        match file.try_lock() {
            // Some file systems know no locks.
            Ok(()) | Err(fs::TryLockError::Error(_)) => {}
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
        }
        // It may have been renamed by its owner in between.
        if is_at(&file, path) {
            file.set_len(0)?;
            return Ok(Some(file));
        }
    }
}

/// Whether an open file is still the one at a path.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let same = |a: &fs::Metadata, b: &fs::Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
        matches!((file.metadata(), fs::metadata(path)), (Ok(a), Ok(b)) if same(&a, &b))
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

fn fill(file: File, path: &Path, content: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let error = |e| Error::Io {
        action: "write",
        path: path.to_owned(),
        source: e,
    };
    let mut out = BufWriter::new(file);
    // What the content says of its writing does not name the file.
    content(&mut out).map_err(|e| match e {
        Error::Output(why) => Error::Output(format!("write {}: {why}", path.display())),
        other => other,
    })?;
    out.flush().map_err(error)?;
    let file = out.into_inner().map_err(|e| error(e.into_error()))?;
    file.sync_all().map_err(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_or_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x");
        let put = |text: &'static str| {
            write(&file, |out| {
                out.write_all(text.as_bytes())
                    .map_err(Error::io("write", "x"))
            })
        };
        put("een").unwrap();
        let failing = write(&file, |out| {
            out.write_all(b"twee").map_err(Error::io("write", "x"))?;
            // Meanwhile nobody else writes it.
            assert!(
                put("drie")
                    .unwrap_err()
                    .to_string()
                    .contains("another process")
            );
            Err(Error::Output("vol".to_owned()))
        });
        assert!(failing.unwrap_err().to_string().ends_with("x: vol"));
        assert_eq!(fs::read_to_string(&file).unwrap(), "een");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        // What a killed process left is in nobody's way.
        fs::write(folder.path().join(".x.tmp"), "een heel lange rest").unwrap();
        put("vier").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "vier");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_and_what_is_no_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("x"), folder.path().join("link"));
        fs::write(&file, "een").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        write(&link, |out| {
            out.write_all(b"twee").map_err(Error::io("write", "x"))
        })
        .unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "twee");
        for other in [Path::new("/dev/null"), folder.path()] {
            assert!(write(other, |_| Ok(())).is_err());
            assert!(other.exists() && !other.is_file());
        }
    }
}
