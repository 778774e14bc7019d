//! Zip archives: each entry is read as a file in a folder of the archive's name, within limits that hold for all of them together.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use crate::document::{Document, Status};
use crate::extract::package::{Kind, kind};
use crate::extract::{Extractor, Settings, Source, inside, plain};

/// Zip.
pub(super) struct Zip;

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// What even a small entry may unpack to.
const FLOOR: u64 = 1 << 20;
/// What even a small archive may unpack to.
const ARCHIVE_FLOOR: u64 = 64 << 20;

impl Extractor for Zip {
    fn name(&self) -> &'static str {
        "zip"
    }
    fn version(&self) -> u32 {
        1
    }
    fn extensions(&self) -> &'static [&'static str] {
        &["zip"]
    }
    fn recognises(&self, bytes: &[u8]) -> bool {
        // An empty archive is only its end.
        kind(bytes) == Some(Kind::Zip) || bytes.starts_with(b"PK\x05\x06")
    }
    fn extract(
        &self,
        bytes: &[u8],
        source: Source<'_>,
        settings: &Settings,
        out: &mut dyn FnMut(Document),
    ) {
        let unread = |status, detail: &str| {
            Document::unread(source.shown, source.dossier, "zip", status, detail)
        };
        let own = inside::Room::new(settings);
        let source = Source {
            room: source.room.or(Some(&own)),
            ..source
        };
        let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else {
            return out(unread(
                Status::Damaged,
                "the archive has lost its list of files; a program that repairs archives may bring them back",
            ));
        };
        let entries = entries(&archive);
        if entries.is_empty() {
            return out(unread(Status::Empty, "an archive without files"));
        }
        // Each entry may be within its limit and all of them the same bytes.
        let ratio = settings.limits.max_ratio;
        let most = (bytes.len() as u64)
            .saturating_mul(ratio)
            .max(ARCHIVE_FLOOR);
        let room = source.room.map_or(0, inside::Room::bytes);
        for (n, (name, index)) in entries.iter().enumerate() {
            let taken = room - source.room.map_or(0, inside::Room::bytes);
            let limit = if inside::is_full(source) {
                "more files, or more bytes, than the limit".to_owned()
            } else if taken > most {
                format!("they unpack to more than {ratio} times the size of the archive")
            } else {
                entry(&mut archive, *index, name, source, settings, out);
                continue;
            };
            let detail = format!("{} files inside are not read: {limit}", entries.len() - n);
            return out(unread(Status::TooLarge, &detail));
        }
    }
}

/// The files in the archive by name, with their numbers; folders and clutter left out.
fn entries(archive: &Archive<'_>) -> Vec<(String, usize)> {
    let mut entries: Vec<(String, usize)> = archive
        .file_names_raw()
        .enumerate()
        .map(|(n, raw)| (name(raw), n))
        .filter(|(name, _)| !name.ends_with(['/', '\\']))
        .filter(|(name, _)| {
            !inside::path_inside("", name)
                .split('/')
                .any(inside::is_clutter)
        })
        .collect();
    entries.sort();
    entries
}

/// Reads one entry, with the passwords where it needs one.
fn entry(
    archive: &mut Archive<'_>,
    index: usize,
    name: &str,
    source: Source<'_>,
    settings: &Settings,
    out: &mut dyn FnMut(Document),
) {
    let shown = inside::path_inside(source.shown, name);
    let mut unread = |status, detail: &str| {
        out(Document::unread(&shown, source.dossier, "", status, detail));
    };
    let ratio = settings.limits.max_ratio;
    let limit = |file: &ZipFile<'_, _>| {
        file.compressed_size()
            .saturating_mul(ratio)
            .saturating_add(FLOOR)
    };
    match archive.by_index(index) {
        Ok(mut file) => {
            let limit = limit(&file);
            return inside::read_from(name, &mut file, limit, source, settings, out);
        }
        Err(error) if needs_password(&error) => {}
        Err(ZipError::UnsupportedArchive(_)) => {
            return unread(
                Status::Unsupported,
                "packed in a way that is not read; unpack the archive first",
            );
        }
        Err(_) => return unread(Status::Damaged, "an entry that cannot be unpacked"),
    }
    for password in &settings.passwords {
        let mut bytes = Vec::new();
        // A wrong password may open it; what comes out then does not add up.
        let Ok(mut file) = archive.by_index_decrypt(index, password) else {
            continue;
        };
        let limit = limit(&file);
        let most = limit.min(settings.limits.max_file_bytes);
        if (&mut file).take(most + 1).read_to_end(&mut bytes).is_ok() {
            return inside::read_from(name, &mut bytes.as_slice(), limit, source, settings, out);
        }
    }
    unread(Status::Encrypted, "needs a password; see --password-file");
}

fn needs_password(error: &ZipError) -> bool {
    match error {
        ZipError::InvalidPassword => true,
        ZipError::UnsupportedArchive(reason) => *reason == ZipError::PASSWORD_REQUIRED,
        _ => false,
    }
}

/// The name of an entry. Old programs write it in the code page of their machine and do not say in which.
fn name(raw: &[u8]) -> String {
    String::from_utf8(raw.to_vec()).unwrap_or_else(|_| plain::eight_bit(raw).0)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::unstable::write::FileOptionsExt;
    use zip::write::SimpleFileOptions;

    use super::*;

    const NOTE: &str = "Cl. kwam gisteravond niet thuis.";

    fn made(entries: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in entries {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn read(bytes: &[u8], settings: &Settings) -> Vec<(String, Status)> {
        let mut list = Vec::new();
        let source = Source::new("x.zip", "x");
        crate::extract::from_bytes(bytes, source, settings, &mut |d| {
            assert_eq!(d.dossier, "x");
            list.push((d.path, d.status));
        });
        list
    }

    fn rows(rows: &[(&str, Status)]) -> Vec<(String, Status)> {
        rows.iter().map(|(p, s)| ((*p).to_owned(), *s)).collect()
    }

    #[test]
    fn entries_are_read_as_files_of_a_folder() {
        let inner = made(&[("b.txt", NOTE.as_bytes())], SimpleFileOptions::default());
        let bytes = made(
            &[
                ("map/twee.txt", NOTE.as_bytes()),
                ("../../een.txt", NOTE.as_bytes()),
                ("__MACOSX/._een.txt", b"x"),
                (".verborgen", b"x"),
                ("leeg.txt", b""),
                ("in.zip", &inner),
            ],
            SimpleFileOptions::default(),
        );
        assert_eq!(
            read(&bytes, &Settings::default()),
            rows(&[
                ("x.zip/een.txt", Status::Ok),
                ("x.zip/in.zip/b.txt", Status::Ok),
                ("x.zip/leeg.txt", Status::Empty),
                ("x.zip/map/twee.txt", Status::Ok),
            ])
        );
        assert_eq!(
            read(
                &made(&[], SimpleFileOptions::default()),
                &Settings::default()
            ),
            rows(&[("x.zip", Status::Empty)])
        );
    }

    #[test]
    fn what_is_locked_opens_with_a_password_only() {
        let options = SimpleFileOptions::default();
        for options in [
            options.with_deprecated_encryption(b"geheim").unwrap(),
            options.with_aes_encryption(zip::AesMode::Aes256, "geheim"),
        ] {
            let bytes = made(&[("a.txt", NOTE.as_bytes())], options);
            let mut settings = Settings::default();
            assert_eq!(
                read(&bytes, &settings),
                rows(&[("x.zip/a.txt", Status::Encrypted)])
            );
            settings.passwords = vec![b"fout".to_vec(), b"geheim".to_vec()];
            assert_eq!(
                read(&bytes, &settings),
                rows(&[("x.zip/a.txt", Status::Ok)])
            );
        }
    }

    #[test]
    fn bombs_and_what_is_broken_have_a_status() {
        let zeros = vec![b'0'; 20 << 20];
        let bytes = made(&[("a.txt", &zeros)], SimpleFileOptions::default());
        let settings = Settings::default();
        assert_eq!(
            read(&bytes, &settings),
            rows(&[("x.zip/a.txt", Status::TooLarge)])
        );
        // Together more than the limit, each below it.
        let mut settings = Settings::default();
        settings.limits.max_inside_bytes = 100;
        let entries: Vec<(String, &[u8])> = (0..9)
            .map(|n| (format!("{n}.txt"), NOTE.as_bytes()))
            .collect();
        let entries: Vec<(&str, &[u8])> = entries.iter().map(|(n, b)| (n.as_str(), *b)).collect();
        let bytes = made(&entries, SimpleFileOptions::default());
        let seen = read(&bytes, &settings);
        assert_eq!(seen.first().unwrap().1, Status::Ok);
        assert_eq!(
            seen.last().unwrap(),
            &("x.zip".to_owned(), Status::TooLarge)
        );
        assert!(seen.len() < 6);
        // Cut off anywhere, and with bytes turned over: a status, no crash.
        let bytes = made(
            &[("a.txt", NOTE.as_bytes()), ("b.txt", NOTE.as_bytes())],
            SimpleFileOptions::default(),
        );
        for end in 1..bytes.len() {
            assert!(!read(&bytes[..end], &Settings::default()).is_empty());
        }
        for at in 0..bytes.len() {
            let mut turned = bytes.clone();
            turned[at] ^= 0xff;
            assert!(!read(&turned, &Settings::default()).is_empty());
        }
    }

    #[test]
    fn names_of_old_programs() {
        assert_eq!(name("cliënt.txt".as_bytes()), "cliënt.txt");
        assert_eq!(name(b"cli\x89nt.txt"), "cliënt.txt");
        assert_eq!(name(b"cli\xEBnt.txt"), "cliënt.txt");
    }
}
