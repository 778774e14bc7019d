//! The reviewer's screen: pages in Dutch from a store, decisions into it, served to the browser of this machine only.
//!
//! [`Desk`] makes the pages and takes the decisions, without a network; [`server`] is the one place in the library that opens a socket, on
//! 127.0.0.1, and only whoever has the address with its token is answered.

mod act;
mod decide;
mod document;
mod dossier;
mod frame;
mod item;
mod leaf;
mod link;
mod list;
mod register;
pub mod server;
mod sheet;
mod texts;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use maud::Markup;

use crate::analyze::Analyzer;
use crate::error::{Error, Result};
use crate::extract::Settings;
use crate::pseudonym::{Key, Pseudonymiser};
use crate::store::{Range, Store};
use link::Query;
use texts::Texts;

/// What a screen is opened with.
#[derive(Debug)]
pub struct Options {
    /// Folder of the store.
    pub directory: PathBuf,
    /// Who reads.
    pub reviewer: String,
    /// For each document that the ranking puts high, so many of the low ones are drawn into the list; 0 draws none.
    pub mix: f64,
    /// How files are read: as in the scan.
    pub settings: Settings,
    /// The key of pseudonyms; none makes others each time.
    pub key: Option<Key>,
}

/// A reviewer's desk: the store, the lexicon it was made with, and who sits there.
#[derive(Debug)]
pub struct Desk {
    store: Mutex<Store>,
    analyzer: Analyzer,
    pseudonymiser: Pseudonymiser,
    texts: Texts,
    reviewer: String,
    /// What its lists can be about, as of a state of the store: it takes a look at all documents.
    range: Mutex<(i64, Arc<Range>)>,
    style: String,
    /// What forms carry: a page of another site cannot know it.
    form_token: String,
}

/// What a request is answered with.
#[derive(Debug)]
pub enum Answer {
    /// A page.
    Page(Markup),
    /// Parts of the page by their `id`, to take the place of those that are there; and what to tell.
    Parts(Vec<(String, Markup)>, String),
    /// Go and see there.
    See(String),
    /// A file: its type, its name (none to show it), its bytes.
    File(&'static str, Option<&'static str>, Vec<u8>),
    /// It is not there, or not allowed: HTTP status and a page that says so.
    Refused(u16, Markup),
}

/// Longest note, in code points.
const LONGEST_NOTE: usize = 2000;
/// Longest name of a reviewer, in bytes.
const LONGEST_NAME: usize = 100;

impl Desk {
    /// Opens a desk; documents are drawn here.
    ///
    /// # Errors
    /// When there is no store, or it cannot be read.
    pub fn open(options: Options, analyzer: Analyzer) -> Result<Self> {
        let reviewer = options.reviewer.trim().to_owned();
        if reviewer.is_empty()
            || reviewer.len() > LONGEST_NAME
            || reviewer.contains(char::is_control)
        {
            return Err(Error::Usage(format!(
                "the name of a reviewer has 1 to {LONGEST_NAME} letters, and no line breaks"
            )));
        }
        let mut store = Store::review(&options.directory)?;
        if options.mix > 0.0 {
            store.draw(options.mix)?;
        }
        let key = options.key.map_or_else(Key::random, Ok)?;
        let pseudonymiser = Pseudonymiser::new(&key, analyzer.lexicon())?;
        Ok(Self {
            range: Mutex::new((store.written_by_others()?, Arc::new(store.range()?))),
            store: Mutex::new(store),
            style: crate::html::style(analyzer.lexicon()),
            analyzer,
            pseudonymiser,
            texts: Texts::new(options.settings),
            reviewer,
            form_token: token()?,
        })
    }

    /// Answers a request for a page; `query` is what stands after the `?`, as sent.
    #[must_use]
    pub fn get(&self, path: &str, query: &str) -> Answer {
        let query = Query::parse(query);
        let answer = match path {
            "/" => list::page(self, &query),
            "/document" => document::page(self, &query),
            "/dossier" => dossier::page(self, &query),
            "/signalenoverzicht" => sheet::page(self, &query),
            "/uitleg" => Ok(frame::explanation(self)),
            "/origineel" => texts::original(self, &query),
            "/opvolgen.csv" => register::file(self),
            "/stijl.css" => Ok(Answer::File(
                "text/css; charset=utf-8",
                None,
                self.style.clone().into_bytes(),
            )),
            "/script.js" => Ok(Answer::File(
                "text/javascript; charset=utf-8",
                None,
                include_bytes!("review.js").to_vec(),
            )),
            _ => Ok(self.missing("Deze pagina bestaat niet.")),
        };
        answer.unwrap_or_else(|error| self.failed(&error))
    }

    /// Takes what a form sends; `parts` asks for the changed parts of the page only.
    #[must_use]
    pub fn post(&self, path: &str, body: &str, parts: bool) -> Answer {
        let form = Query::parse(body);
        if !same(form.get("sleutel"), &self.form_token) {
            return self.refused(403, "Dit formulier komt niet van deze pagina.");
        }
        let answer = match path {
            "/besluit" | "/markering" | "/gemist" | "/terug" => act::act(self, path, &form, parts),
            _ => Ok(self.missing("Deze pagina bestaat niet.")),
        };
        answer.unwrap_or_else(|error| self.failed(&error))
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        // A panic while it was held left no transaction open.
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lists can be about, now.
    fn range(&self) -> Result<Arc<Range>> {
        let store = self.store();
        let now = store.written_by_others()?;
        let mut kept = self.range.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.0 != now {
            *kept = (now, Arc::new(store.range()?));
        }
        Ok(Arc::clone(&kept.1))
    }

    /// A refusal that leads back to a page.
    fn refused_at(&self, status: u16, why: &str, place: &str) -> Answer {
        Answer::Refused(status, frame::refusal(self, why, Some(place)))
    }

    fn missing(&self, why: &str) -> Answer {
        self.refused(404, why)
    }

    fn refused(&self, status: u16, why: &str) -> Answer {
        Answer::Refused(status, frame::refusal(self, why, None))
    }

    fn failed(&self, error: &Error) -> Answer {
        let why = match error {
            Error::Store(why) => format!(
                "Het archief kan niet gelezen of geschreven worden; er is niets opgeslagen. Is de map verplaatst of verwijderd, start het programma dan opnieuw. (technisch: {why})"
            ),
            other => format!("Er ging iets mis; er is niets opgeslagen. (technisch: {other})"),
        };
        self.refused(500, &why)
    }
}

/// A random token: 32 hex digits.
///
/// # Errors
/// When the system gives no random bytes.
pub(crate) fn token() -> Result<String> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes)
        .map_err(|e| Error::Usage(format!("the system gives no random bytes: {e}")))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}

/// Whether two secrets are the same; how long it takes tells nothing of where they differ.
pub(crate) fn same(given: &str, secret: &str) -> bool {
    use sha2::{Digest, Sha256};

    !secret.is_empty() && Sha256::digest(given) == Sha256::digest(secret)
}

/// The name of a folder or file, last part only.
fn short(path: &str) -> &str {
    Path::new(path)
        .file_name()
        .and_then(|n| n.to_str())
        .unwrap_or(path)
}
