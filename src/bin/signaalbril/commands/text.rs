//! `text`: what the matcher sees.

use signaalbril::document::Status;
use signaalbril::{Document, Error, Result, source};

use super::{print, settings};
use crate::args::Text;
use crate::exit::Code;
use crate::progress::say;

pub(crate) fn run(args: &Text) -> Result<Code> {
    let documents = read(&args.file, &args.reading)?;
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

/// The documents of one file.
pub(super) fn read(file: &str, reading: &crate::args::Reading) -> Result<Vec<Document>> {
    let settings = settings(reading)?;
    let inputs = source::collect(
        &[file.to_owned()],
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
    Ok(documents)
}
