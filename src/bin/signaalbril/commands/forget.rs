//! `forget`: every trace of a dossier or document is removed.

use std::path::Path;

use signaalbril::extract::ocr;
use signaalbril::report::{self, Manifest, REPORTS, Run};
use signaalbril::store::{Forget as What, Forgotten};
use signaalbril::{Analyzer, Error, Result, Store};

use super::load;
use crate::args::Forget;
use crate::exit::Code;
use crate::progress::say;

pub(crate) fn run(args: &Forget) -> Result<Code> {
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
    let forgotten = store.forget(&what)?;
    for key in &forgotten.ocr {
        ocr::forget(&args.dir.join("ocr"), key)?;
    }
    let analyzer = Analyzer::new(lexicon)?;
    store.score_dossiers(&analyzer)?;
    reports(&mut store, &analyzer, &args.dir, &forgotten)?;
    exports(&mut store, &args.dir, &forgotten)?;
    // What was written since may lie in the log.
    store.shrink()?;
    say(&format!(
        "forgotten: {} document(s), {} finding(s), {} decision(s), {} recognised image(s)",
        forgotten.documents,
        forgotten.findings,
        forgotten.decisions,
        forgotten.ocr.len()
    ));
    if !forgotten.sources.is_empty() {
        say(&format!(
            "{} source file(s) are still there; a scan of them reads them again:",
            forgotten.sources.len()
        ));
        for source in &forgotten.sources {
            say(&format!("  {source}"));
        }
    }
    Ok(Code::Done)
}

/// Makes the reports that are there anew.
fn reports(
    store: &mut Store,
    analyzer: &Analyzer,
    directory: &Path,
    forgotten: &Forgotten,
) -> Result<()> {
    let there: Vec<String> = REPORTS
        .iter()
        .filter(|r| directory.join(r.file_name()).exists())
        .map(|r| r.name().to_owned())
        .collect();
    if there.is_empty() {
        return Ok(());
    }
    let mut manifest = Manifest::read(directory, analyzer.lexicon(), store)?;
    manifest.forget(|text| forgotten.is_in(text));
    let run = Run {
        lexicon: analyzer.lexicon(),
        store,
        manifest: &manifest,
    };
    let written = report::write(&run, directory, &there)?;
    report::note(&written, &manifest, store)
}

/// Removes exports that lie in the folder, and names the others.
fn exports(store: &mut Store, directory: &Path, forgotten: &Forgotten) -> Result<()> {
    let directory = std::path::absolute(directory).map_err(Error::io("read", directory))?;
    for file in &forgotten.exports {
        if !file.exists() {
            continue;
        }
        if file.starts_with(&directory) {
            std::fs::remove_file(file).map_err(Error::io("remove", file))?;
            say(&format!("removed:   {} (export it again)", file.display()));
        } else {
            say(&format!(
                "{} was exported before and may hold it; it lies elsewhere and is left",
                file.display()
            ));
        }
    }
    store.exports_are_gone()
}
