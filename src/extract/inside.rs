//! Files inside files: entries of an archive, attachments of a message. Counted over the outermost file, whatever the nesting.

use std::cell::Cell;
use std::io::{ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::document::{Document, Status};
use crate::extract::{Settings, Source, from_reader};

/// What is said of a file on which the program failed.
pub const FAILED: &str =
    "the program failed while reading this file; please report it without the file";

/// What the files inside one outermost file may still take.
#[derive(Debug)]
pub struct Room {
    files: Cell<usize>,
    bytes: Cell<u64>,
}

impl Room {
    /// All that the limits allow.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            files: Cell::new(settings.limits.max_inside_files),
            bytes: Cell::new(settings.limits.max_inside_bytes),
        }
    }

    /// Bytes that files inside may still have.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.get()
    }
}

/// The recorded path of a file inside another: never absolute, never above it, without control characters.
pub(super) fn path_inside(outer: &str, name: &str) -> String {
    let clean: String = name
        .chars()
        .map(|c| match c {
            '\\' => '/',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let parts: Vec<&str> = clean
        .split('/')
        .map(str::trim)
        .filter(|p| !p.is_empty() && *p != "." && *p != "..")
        .collect();
    if parts.is_empty() {
        format!("{outer}/(zonder naam)")
    } else {
        format!("{outer}/{}", parts.join("/"))
    }
}

/// Names of what programs leave behind in folders: nobody's document.
#[must_use]
pub fn is_clutter(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with('.')
        || name.starts_with("~$")
        || matches!(
            name.as_str(),
            "__macosx" | "thumbs.db" | "desktop.ini" | "ehthumbs.db"
        )
}

/// Whether nothing more inside this outermost file will be read.
pub(super) fn is_full(source: Source<'_>) -> bool {
    (source.room).is_some_and(|r| r.files.get() == 0 || r.bytes.get() == 0)
}

/// Reads a file that lies inside the file of `source` under `name`. A failure of the program in it is a document with its status.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    source: Source<'_>,
    settings: &Settings,
    out: &mut dyn FnMut(Document),
) {
    read_from(name, &mut &*bytes, u64::MAX, source, settings, out);
}

/// As [`read`], bit by bit, up to `limit` bytes; what can be read as a stream is.
pub(super) fn read_from(
    name: &str,
    file: &mut dyn Read,
    limit: u64,
    source: Source<'_>,
    settings: &Settings,
    out: &mut dyn FnMut(Document),
) {
    let shown = path_inside(source.shown, name);
    let own = Room::new(settings);
    let room = source.room.unwrap_or(&own);
    let inner = Source {
        shown: &shown,
        dossier: source.dossier,
        depth: source.depth + 1,
        room: Some(room),
    };
    let result = catch_unwind(AssertUnwindSafe(|| {
        within(file, limit, inner, room, settings, out)
    }));
    let (status, detail) = match result {
        Ok(Ok(())) => return,
        Ok(Err(unread)) => unread,
        Err(_) => (Status::Panic, FAILED.to_owned()),
    };
    out(Document::unread(&shown, source.dossier, "", status, detail));
}

fn within(
    file: &mut dyn Read,
    limit: u64,
    source: Source<'_>,
    room: &Room,
    settings: &Settings,
    out: &mut dyn FnMut(Document),
) -> Result<(), (Status, String)> {
    let depth = settings.limits.max_inside_depth;
    if source.depth > depth {
        let detail = format!("files inside files more than {depth} deep");
        return Err((Status::TooLarge, detail));
    }
    let Some(files) = room.files.get().checked_sub(1) else {
        return Err((Status::TooLarge, FULL.to_owned()));
    };
    room.files.set(files);
    let mut file = Counted {
        file,
        left: limit,
        room,
    };
    let broken = |error: std::io::Error| match error.kind() {
        ErrorKind::QuotaExceeded if room.bytes.get() == 0 => (Status::TooLarge, FULL.to_owned()),
        ErrorKind::QuotaExceeded => (
            Status::TooLarge,
            format!(
                "unpacks to more than {} times its size",
                settings.limits.max_ratio
            ),
        ),
        _ => (Status::Damaged, "cannot be unpacked".to_owned()),
    };
    from_reader(&mut file, None, source, settings, out)
        .map(drop)
        .map_err(broken)
}

const FULL: &str = "more files, or more bytes, inside one file than the limit";

/// Takes what is read from the room of the outermost file.
struct Counted<'a> {
    file: &'a mut dyn Read,
    /// Bytes that this file may have.
    left: u64,
    room: &'a Room,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let left = self.left.min(self.room.bytes.get());
        // At the limit there may just be nothing more.
        let most = usize::try_from(left).unwrap_or(usize::MAX).max(1);
        let most = most.min(buffer.len());
        let read = self.file.read(buffer.get_mut(..most).unwrap_or_default())?;
        let taken = read as u64;
        if taken > left {
            return Err(ErrorKind::QuotaExceeded.into());
        }
        self.left -= taken;
        self.room.bytes.set(self.room.bytes.get() - taken);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_inside_stays_inside() {
        for (name, expected) in [
            ("a/b.txt", "x.zip/a/b.txt"),
            ("../../etc/passwd", "x.zip/etc/passwd"),
            ("/etc/passwd", "x.zip/etc/passwd"),
            ("C:\\map\\..\\a.txt", "x.zip/C:/map/a.txt"),
            ("a\u{7}\n.txt", "x.zip/a__.txt"),
            ("..", "x.zip/(zonder naam)"),
        ] {
            assert_eq!(path_inside("x.zip", name), expected);
        }
    }

    #[test]
    fn what_is_too_deep_or_too_much_is_told() {
        let mut settings = Settings::default();
        settings.limits.max_inside_files = 1;
        let room = Room::new(&settings);
        let source = Source {
            room: Some(&room),
            ..Source::new("x.zip", "x")
        };
        let statuses = |source: Source<'_>| {
            let mut list = Vec::new();
            read(
                "a.txt",
                b"Cl. kwam niet thuis.",
                source,
                &settings,
                &mut |d| list.push(d.status),
            );
            list
        };
        assert_eq!(statuses(source), [Status::Ok]);
        assert_eq!(statuses(source), [Status::TooLarge]);
        let deep = Source {
            depth: settings.limits.max_inside_depth,
            ..Source::new("x.zip", "x")
        };
        assert_eq!(statuses(deep), [Status::TooLarge]);
    }
}
