//! Files inside files: entries of an archive, attachments of a message. Counted over the outermost file, whatever the nesting.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Settings, Source, from_bytes};
use crate::document::{Document, Status};

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

    /// Bytes that the next file inside may have.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes.get()
    }

    /// Takes room for one file of `bytes`; false when there is none left.
    fn take(&self, bytes: u64) -> bool {
        let (Some(files), Some(left)) = (
            self.files.get().checked_sub(1),
            self.bytes.get().checked_sub(bytes),
        ) else {
            return false;
        };
        self.files.set(files);
        self.bytes.set(left);
        true
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

/// Reads a file that lies inside the file of `source` under `name`. A failure of the program in it is a document with its status.
pub(super) fn read(
    name: &str,
    bytes: &[u8],
    source: Source<'_>,
    settings: &Settings,
    out: &mut dyn FnMut(Document),
) {
    let shown = path_inside(source.shown, name);
    let own = Room::new(settings);
    let room = source.room.unwrap_or(&own);
    let mut unread = |status, detail: String| {
        out(Document::unread(&shown, source.dossier, "", status, detail));
    };
    if source.depth >= settings.limits.max_inside_depth {
        return unread(
            Status::TooLarge,
            format!(
                "files inside files more than {} deep",
                settings.limits.max_inside_depth
            ),
        );
    }
    if !room.take(bytes.len() as u64) {
        return unread(
            Status::TooLarge,
            "more files, or more bytes, inside one file than the limit".to_owned(),
        );
    }
    let inner = Source {
        shown: &shown,
        dossier: source.dossier,
        depth: source.depth + 1,
        room: Some(room),
    };
    if catch_unwind(AssertUnwindSafe(|| from_bytes(bytes, inner, settings, out))).is_err() {
        out(Document::unread(
            &shown,
            source.dossier,
            "",
            Status::Panic,
            "the program failed while reading this file; please report it without the file",
        ));
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
