//! Files and folders that only their owner can read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

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

/// Writes a file under a temporary name, syncs it and renames it: it is there in full, or as it was.
///
/// # Errors
/// The file that could not be written, or what `content` answers.
pub fn write(path: &Path, content: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = path.with_file_name(format!(".{name}.tmp"));
    let written = write_temporary(path, &temporary, content);
    if written.is_err() {
        // Half of it is of use to nobody.
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write_temporary(
    path: &Path,
    temporary: &Path,
    content: impl FnOnce(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let error = |e| Error::Io {
        action: "write",
        path: path.to_owned(),
        source: e,
    };
    let mut out = BufWriter::new(create(temporary).map_err(error)?);
    // What the content says of its writing does not name the file.
    content(&mut out).map_err(|e| match e {
        Error::Output(why) => Error::Output(format!("write {}: {why}", path.display())),
        other => other,
    })?;
    out.flush().map_err(error)?;
    let file = out.into_inner().map_err(|e| error(e.into_error()))?;
    file.sync_all().map_err(error)?;
    fs::rename(temporary, path).map_err(error)
}
