//! The text of documents, read again from their files: the store keeps only what stands around findings.

use std::sync::{Arc, Mutex, PoisonError};

use super::link::Query;
use super::{Answer, Desk};
use crate::document::Document;
use crate::error::{Error, Result};
use crate::extract::Settings;
use crate::source;
use crate::store::Origin;

/// How many texts are kept: the reader goes to and fro between neighbours.
const KEPT: usize = 6;

/// Texts that were read.
#[derive(Debug)]
pub(super) struct Texts {
    settings: Settings,
    /// The last one read is the last.
    kept: Mutex<Vec<Arc<Document>>>,
}

impl Texts {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            settings,
            kept: Mutex::default(),
        }
    }

    /// The text of a document; the error says why it is not there.
    pub(super) fn read(&self, origins: &[Origin]) -> Result<Arc<Document>> {
        let id = origins.first().map_or("", |o| o.id.as_str());
        let kept = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(document) = kept().iter().find(|d| d.id == id) {
            return Ok(Arc::clone(document));
        }
        let document = Arc::new(source::reread_any(origins, &self.settings)?);
        let mut kept = kept();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Arc::clone(&document));
        Ok(document)
    }
}

impl Desk {
    /// Where a document can be read from: at its path first.
    pub(super) fn origins(&self, id: &str, path: &str) -> Result<Vec<Origin>> {
        let mut origins = self.store().origins(id)?;
        origins.retain(|o| o.id == id);
        origins.sort_by_key(|o| o.path != path);
        Ok(origins)
    }
}

/// Whether the file that a document was read from can be shown by a browser, which is so for PDFs that are files of their own.
pub(super) fn has_original(format: &str, origin: &Origin) -> bool {
    format == "pdf" && origin.file == origin.path
}

/// The PDF that a document was read from, as long as it is the one that was read.
pub(super) fn original(desk: &Desk, query: &Query) -> Result<Answer> {
    let (id, path) = (query.get("id"), query.get("pad"));
    let Some(seq) = desk.store().find(id, path)? else {
        return Ok(desk.missing("Dit document is niet (meer) in het archief."));
    };
    let Some(analysis) = desk.store().document(seq)? else {
        return Ok(desk.missing("Dit document is niet (meer) in het archief."));
    };
    let record = &analysis.document;
    let origins = desk.origins(&record.id, &record.path)?;
    let Some(origin) = origins.first().filter(|o| has_original(&record.format, o)) else {
        return Ok(desk.missing("Van dit document kan het origineel hier niet getoond worden."));
    };
    let file = std::path::Path::new(&origin.location);
    let limit = desk.texts.settings.limits.max_file_bytes;
    if std::fs::metadata(file).is_ok_and(|m| m.len() > limit) {
        return Ok(desk.missing("Het bestand is te groot om hier te tonen."));
    }
    let bytes = std::fs::read(file).map_err(Error::io("read", file))?;
    if source::hash_of(&bytes) != origin.hash || !bytes.starts_with(b"%PDF") {
        return Ok(desk.missing(
            "Het bestand is gewijzigd sinds het gelezen is; scan het opnieuw om het te tonen.",
        ));
    }
    Ok(Answer::File("application/pdf", None, bytes))
}
