//! Shards joined: all of them, each whole, all made with the same program, lexicon and settings.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use super::row::Engine;
use super::shard::{Hashed, Shard, apart, name};
use super::sorter::Sorter;
use super::stream::Counts;
use crate::error::{Error, Result};
use crate::private;

/// What was joined.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Number of shards.
    pub shards: usize,
    /// Rows of all of them.
    pub counts: Counts,
}

/// Joins the rows of all files that `manifest` names (lines as `sha256sum` writes them), which stand in the folder `shards` as
/// [`Shard::make`] left them. The rows come by id, those without one last; the file is the same for any number of shards. `check` is
/// asked now and then whether to go on.
///
/// # Errors
/// All that is missing, does not fit or differs, at once; nothing is written then.
pub fn merge(
    manifest: &Path,
    shards: &Path,
    out: &Path,
    check: &dyn Fn() -> Result<()>,
) -> Result<Merged> {
    apart(manifest, out)?;
    let wanted = Wanted::read(manifest)?;
    let mut problems = Vec::new();
    let found = find(shards, out, &mut problems)?;
    let mut used: Vec<&(PathBuf, Shard)> = Vec::new();
    for (file, hash) in &wanted.hashes {
        match found.get(file).map(Vec::as_slice) {
            None | Some([]) => problems.push(format!("{file}: there are no rows of it")),
            Some([one]) if one.1.input_sha256 == *hash => used.push(one),
            Some([_]) => {
                problems.push(format!(
                    "{file}: the rows are of other lines than the manifest has"
                ));
            }
            Some(several) => {
                let names: Vec<String> = several.iter().map(|(rows, _)| name(rows)).collect();
                let names = names.join(", ");
                problems.push(format!(
                    "{file}: there are several files of rows of it: {names}"
                ));
            }
        }
    }
    for (file, shards) in found
        .iter()
        .filter(|(f, _)| !wanted.hashes.contains_key(*f))
    {
        for (rows, _) in shards {
            let rows = name(rows);
            problems.push(format!(
                "{rows}: its lines, {file}, are not in the manifest; move it away"
            ));
        }
    }
    let mut engines: BTreeMap<String, &str> = BTreeMap::new();
    for (_, shard) in &used {
        let Engine {
            program,
            lexicon,
            engine,
        } = &shard.made_with;
        let made_with = format!("{program}, lexicon {lexicon}, settings and readers {engine}");
        engines.entry(made_with).or_insert(&shard.input);
    }
    if engines.len() > 1 {
        let list = engines.iter().map(|(e, file)| format!("{file} with {e}"));
        problems.push(format!(
            "the shards were made with different programs, lexicons or settings: {}",
            list.collect::<Vec<_>>().join("; ")
        ));
    }
    let folder = out.parent().filter(|p| !p.as_os_str().is_empty());
    let sorter = Sorter::new(folder.unwrap_or(Path::new(".")))?;
    let mut merged = Merged {
        shards: used.len(),
        counts: Counts::default(),
    };
    for (source, (rows, shard)) in used.iter().enumerate() {
        check()?;
        if !take(rows, source, shard, &sorter)? {
            let file = name(rows);
            problems.push(format!("{file}: not as it was written; make it anew"));
        }
        merged.counts.rows += shard.rows;
        for (code, count) in &shard.errors {
            *merged.counts.errors.entry(code.clone()).or_default() += count;
        }
    }
    if let Some((a, b)) = sorter.twice()? {
        let name = |n: usize| used.get(n).map_or_else(String::new, |(rows, _)| name(rows));
        let (a, b) = (name(a), name(b));
        problems.push(format!(
            "{a}, {b}: two rows have the same id, so it is in the input twice"
        ));
    }
    refuse(&problems)?;
    let mut hash = String::new();
    private::write(out, |file| {
        let mut file = Hashed::new(file);
        sorter.each(&mut |line| {
            file.write_all(line.as_bytes())
                .and_then(|()| file.write_all(b"\n"))
                .map_err(|e| Error::Output(e.to_string()))
        })?;
        hash = file.finish();
        Ok(())
    })?;
    let whole = Shard {
        input: name(manifest),
        input_sha256: wanted.hash,
        rows: merged.counts.rows,
        errors: merged.counts.errors.clone(),
        rows_sha256: hash,
        made_with: (used.first()).map_or_else(Engine::default, |(_, s)| s.made_with.clone()),
    };
    whole.write(out)?;
    Ok(merged)
}

fn refuse(problems: &[String]) -> Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::Usage(format!(
        "the shards cannot be joined; nothing was written:\n  {}",
        problems.join("\n  ")
    )))
}

/// Files of lines with their hashes.
struct Wanted {
    hashes: BTreeMap<String, String>,
    /// Hash of the list.
    hash: String,
}

impl Wanted {
    fn read(manifest: &Path) -> Result<Self> {
        let file = File::open(manifest).map_err(Error::io("read", manifest))?;
        let mut reader = BufReader::new(Hashed::new(file));
        let mut hashes = BTreeMap::new();
        let mut line = String::new();
        for number in 1.. {
            line.clear();
            let read = reader.read_line(&mut line);
            if read.map_err(Error::io("read", manifest))? == 0 {
                break;
            }
            let bad = |why: &str| {
                let file = manifest.display();
                Error::Usage(format!(
                    "{file}:{number}: {why}; make it with `sha256sum FILE...`"
                ))
            };
            let (hash, path) = line
                .trim_end_matches(['\r', '\n'])
                .split_once(' ')
                .ok_or_else(|| bad("not a hash and a file"))?;
            if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(bad("not a SHA-256 hash"));
            }
            let file = name(Path::new(path.trim_start_matches([' ', '*'])));
            if hashes.insert(file, hash.to_lowercase()).is_some() {
                return Err(bad("two files of the same name"));
            }
        }
        let hash = reader.into_inner().finish();
        if hashes.is_empty() {
            let file = manifest.display();
            return Err(Error::Usage(format!("{file} names no files")));
        }
        Ok(Self { hashes, hash })
    }
}

/// Files of rows with what is said of them, by the name of their lines.
type Found = BTreeMap<String, Vec<(PathBuf, Shard)>>;

fn find(folder: &Path, out: &Path, problems: &mut Vec<String>) -> Result<Found> {
    let mut found = Found::new();
    let entries = std::fs::read_dir(folder).map_err(Error::io("read", folder))?;
    for entry in entries {
        let place = entry.map_err(Error::io("read", folder))?.path();
        let text = place.to_string_lossy();
        let Some(rows) = text.strip_suffix(Shard::SUFFIX) else {
            continue;
        };
        // What an earlier merge left is no shard.
        if Path::new(rows) == out {
            continue;
        }
        match Shard::read(&place) {
            Ok(shard) => {
                let list = found.entry(shard.input.clone()).or_default();
                list.push((rows.into(), shard));
            }
            Err(error) => problems.push(error.to_string()),
        }
    }
    Ok(found)
}

/// Gives all rows of a file to the sorter; answers whether they are what is said of them.
fn take(rows: &Path, source: usize, shard: &Shard, sorter: &Sorter) -> Result<bool> {
    let file = File::open(rows).map_err(Error::io("read", rows))?;
    let mut reader = BufReader::new(Hashed::new(file));
    let mut bytes = Vec::new();
    let mut count = 0;
    loop {
        bytes.clear();
        let read = reader.read_until(b'\n', &mut bytes);
        if read.map_err(Error::io("read", rows))? == 0 {
            break;
        }
        let line = std::str::from_utf8(&bytes).ok();
        let taken = match line.and_then(|l| l.strip_suffix('\n')) {
            Some(line) => sorter.take(line, source)?,
            None => None,
        };
        if taken.is_none_or(|made_with| made_with != shard.made_with) {
            return Ok(false);
        }
        count += 1;
    }
    Ok((count, reader.into_inner().finish()) == (shard.rows, shard.rows_sha256.clone()))
}
