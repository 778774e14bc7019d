//! `text`: what the matcher sees.

use std::path::Path;

use signaalbril::document::Status;
use signaalbril::{Document, Error, Result, Store, source};

use super::{print, settings, settings_in};
use crate::args::{Reading, Text};
use crate::exit::Code;
use crate::progress::{printable, say};

pub(crate) fn run(args: &Text) -> Result<Code> {
    let documents = read(&args.file, args.store.as_deref(), &args.reading)?;
    let mut code = Code::Done;
    for document in &documents {
        if document.status != Status::Ok {
            say(&format!(
                "{}: {} {}",
                document.path,
                document.status.as_str(),
                document.status_detail
            ));
            code = Code::Unread;
        }
        if document.pages.is_empty() {
            print(&document.text)?;
            if !document.text.ends_with('\n') {
                print("\n")?;
            }
        }
        for (n, page) in document.pages.iter().enumerate() {
            print(if n > 0 { "\n\u{c}" } else { "" })?;
            print(page.span.slice(&document.text))?;
        }
        if !document.pages.is_empty() {
            print("\n")?;
        }
    }
    Ok(code)
}

/// The documents of one file, or one document of a store.
pub(super) fn read(file: &str, store: Option<&Path>, reading: &Reading) -> Result<Vec<Document>> {
    if let Some(directory) = store {
        let settings = settings_in(directory, reading)?;
        let origins = Store::read(directory)?.origins(file)?;
        return source::reread_any(&origins, &settings).map(|d| vec![d]);
    }
    let settings = settings(reading)?;
    let outer = outer(file);
    let inputs = source::collect(
        &[outer.unwrap_or(file).to_owned()],
        &source::Options::default(),
        &mut std::io::empty(),
    )?;
    if inputs.is_empty() {
        return Err(Error::Usage(format!("{file}: nothing to read")));
    }
    let mut documents = Vec::new();
    for input in &inputs {
        source::read(input, &settings, &mut |document| documents.push(document));
    }
    if let Some(outer) = outer {
        let paths: Vec<String> = documents.iter().map(|d| d.path.clone()).collect();
        documents.retain(|d| d.path == file);
        if documents.is_empty() {
            let some: Vec<String> = paths.iter().take(3).map(|p| printable(p)).collect();
            return Err(Error::Usage(format!(
                "{outer} holds no document of that name; it holds {}, as {}",
                paths.len(),
                some.join(", ")
            )));
        }
    }
    Ok(documents)
}

/// The file that holds a document of this name: `export.csv` of `export.csv#3`, `brief.eml` of `brief.eml/bijlage.docx`.
fn outer(name: &str) -> Option<&str> {
    if Path::new(name).exists() {
        return None;
    }
    (name.rmatch_indices(['#', '/']))
        .map(|(at, _)| name.get(..at).unwrap_or_default())
        .find(|outer| Path::new(outer).is_file())
}
