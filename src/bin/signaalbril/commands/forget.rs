//! `forget`: every trace of a dossier or document is removed.

use std::path::Path;

use signaalbril::extract::ocr;
use signaalbril::report::{self, Manifest, REPORTS, Run};
use signaalbril::store::{Forget as What, Forgotten, Unfinished};
use signaalbril::{Analyzer, Error, Result, Store};

use super::load;
use crate::args::Forget;
use crate::exit::Code;
use crate::progress::say;

pub(crate) fn run(args: &Forget) -> Result<Code> {
    forget(args).map_err(|error| super::at(&args.dir, error))
}

fn forget(args: &Forget) -> Result<Code> {
    let what = match (&args.dossier, &args.document) {
        (Some(name), _) => What::Dossier(name.clone()),
        (None, Some(id)) => What::Document(id.clone()),
        (None, None) => return Err(Error::Usage("name a --dossier or a --document".to_owned())),
    };
    // Before it is made by opening it.
    drop(Store::read(&args.dir)?);
    let mut store = Store::open(&args.dir, None)?;
    let lexicon = load(&args.lexicon)?;
    let last = store.runs()?.into_iter().find(|r| r.state == "done");
    if last.is_some_and(|r| r.lexicon_hash != lexicon.hash) {
        return Err(Error::Usage(
            "the last scan used another lexicon, and the dossiers that stay are scored with it; give the same --lexicon and --overlay, or scan again first"
                .to_owned(),
        ));
    }
    let was_cut_short = store.unfinished()?.is_some();
    let forgotten = match store.forget(&what) {
        // It was, and what was made of it is still there.
        Err(Error::Usage(_)) if was_cut_short => Forgotten::default(),
        result => result?,
    };
    let there = reports(&args.dir);
    let mut manifest = Manifest::read(&args.dir);
    if let Some(manifest) = &mut manifest {
        manifest.forget(|text| forgotten.is_in(text));
    }
    let recognised = finish(&mut store, &args.dir)?;
    let analyzer = Analyzer::new(lexicon)?;
    store.score_dossiers(&analyzer)?;
    write(&mut store, &analyzer, &args.dir, &there, manifest)?;
    // What was written since may lie in the log.
    store.shrink()?;
    tell(&forgotten, recognised);
    Ok(Code::Done)
}

/// The names of the reports that are there.
fn reports(directory: &Path) -> Vec<String> {
    REPORTS
        .iter()
        .filter(|r| directory.join(r.file_name()).exists())
        .map(|r| r.name().to_owned())
        .collect()
}

/// Removes what was made of forgotten documents, and empties pages and log of the store: also after a `forget` that was cut short.
/// Answers the number of recognised images.
pub(super) fn finish(store: &mut Store, directory: &Path) -> Result<usize> {
    let Some(Unfinished { ocr, exports }) = store.unfinished()? else {
        return Ok(0);
    };
    for report in REPORTS {
        remove(&directory.join(report.file_name()))?;
        remove(&directory.join(format!(".{}.tmp", report.file_name())))?;
    }
    for key in &ocr {
        ocr::forget(&directory.join("ocr"), key)?;
    }
    let inside = std::path::absolute(directory).map_err(Error::io("read", directory))?;
    for file in exports.iter().filter(|f| f.exists()) {
        if file.starts_with(&inside) {
            remove(file)?;
            say(&format!("removed:   {} (export it again)", file.display()));
        } else {
            say(&format!(
                "{} was exported before and may hold what is forgotten; it lies elsewhere and is left",
                file.display()
            ));
        }
    }
    store.shrink()?;
    store.forgotten()?;
    Ok(ocr.len())
}

fn remove(file: &Path) -> Result<()> {
    match std::fs::remove_file(file) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Error::io("remove", file)(e)),
        _ => Ok(()),
    }
}

/// Makes the reports anew that were there.
fn write(
    store: &mut Store,
    analyzer: &Analyzer,
    directory: &Path,
    there: &[String],
    manifest: Option<Manifest>,
) -> Result<()> {
    if there.is_empty() {
        return Ok(());
    }
    let mut manifest = match manifest {
        Some(manifest) => manifest,
        None => Manifest::new(analyzer.lexicon(), store, std::collections::BTreeMap::new())?,
    };
    manifest.count(store)?;
    let run = Run {
        since: None,
        lexicon: analyzer.lexicon(),
        store,
        manifest: &manifest,
    };
    let written = report::write(&run, directory, there)?;
    report::note(&written, &manifest, store)
}

fn tell(forgotten: &Forgotten, recognised: usize) {
    say(&format!(
        "forgotten: {} document(s) of {}, {} finding(s), {} decision(s), {recognised} recognised image(s)",
        forgotten.documents,
        if forgotten.dossiers.is_empty() {
            "an earlier run".to_owned()
        } else {
            forgotten.dossiers.join(", ")
        },
        forgotten.findings,
        forgotten.decisions,
    ));
    let list = |head: String, paths: &[String]| {
        if !paths.is_empty() {
            say(&head);
            paths.iter().for_each(|path| say(&format!("  {path}")));
        }
    };
    list(
        format!(
            "{} source file(s) are still there; a scan of them reads them again:",
            forgotten.sources.len()
        ),
        &forgotten.sources,
    );
    list(
        format!(
            "{} document(s) with the same text stay; forget them, too, if they should go:",
            forgotten.copies.len()
        ),
        &forgotten.copies,
    );
}
