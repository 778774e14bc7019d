//! Whole records made shareable: hashes for what names a document, dossier or person, masks in free text.

use super::Pseudonymiser;
use crate::analyze::DocumentRecord;
use crate::decision::Decision;
use crate::dossier::DossierRecord;
use crate::finding::Finding;

/// Kinds of hashes: the same value gives the same hash wherever its kind is the same.
const DOCUMENT: &str = "i";
const DOSSIER: &str = "d";
const PERSON: &str = "n";
const PATH: &str = "p";
const REVIEWER: &str = "r";
const TEXT: &str = "t";

impl Pseudonymiser {
    /// A finding: document, dossier and person become hashes, its texts are masked, with `names` that are known beside its own. Its places
    /// refer to the original text.
    pub fn finding(&self, finding: &mut Finding, names: &[String]) {
        let own = [finding.dossier.clone(), finding.person.clone()];
        let own: Vec<&str> = own.iter().chain(names).map(String::as_str).collect();
        self.mask(&mut finding.text, &own);
        self.mask(&mut finding.source, &own);
        for cue in &mut finding.cues {
            self.mask(&mut cue.text, &own);
        }
        // Another finding or a condition names itself there, a name does not; a rule's id stays as it is.
        self.hash(DOCUMENT, &mut finding.document);
        self.hash(DOCUMENT, &mut finding.cleared_by);
        self.hash(DOSSIER, &mut finding.dossier);
        self.hash(PERSON, &mut finding.person);
    }

    /// The record of a document: id, path and dossier become hashes, its texts are masked, with `names` that are known.
    pub fn document(&self, record: &mut DocumentRecord, names: &[String]) {
        let own = [record.dossier.clone(), record.path.clone()];
        let own: Vec<&str> = own.iter().chain(names).map(String::as_str).collect();
        self.mask(&mut record.reason, &own);
        self.mask(&mut record.status_detail, &own);
        for note in &mut record.quality {
            self.mask(note, &own);
        }
        self.hash(DOCUMENT, &mut record.id);
        self.hash(PATH, &mut record.path);
        self.hash(DOSSIER, &mut record.dossier);
    }

    /// The record of a dossier: its name and the ids of its documents become hashes, its reason is masked, with `names` that are known.
    pub fn dossier(&self, record: &mut DossierRecord, names: &[String]) {
        let own = [record.dossier.clone()];
        let own: Vec<&str> = own.iter().chain(names).map(String::as_str).collect();
        self.mask(&mut record.reason, &own);
        self.hash(DOSSIER, &mut record.dossier);
        for id in &mut record.document_ids {
            self.hash(DOCUMENT, id);
        }
    }

    /// A decision: document, path, dossier, reviewer and the hash of the text become hashes, reason and note are masked, with
    /// `names` that are known. The keys of its marks stay: they hold a term and a place.
    pub fn decision(&self, decision: &mut Decision, names: &[String]) {
        let own = [decision.dossier.clone(), decision.reviewer.clone()];
        let own: Vec<&str> = own.iter().chain(names).map(String::as_str).collect();
        self.mask(&mut decision.reason, &own);
        self.mask(&mut decision.note, &own);
        self.hash(DOCUMENT, &mut decision.document);
        self.hash(PATH, &mut decision.path);
        self.hash(DOSSIER, &mut decision.dossier);
        self.hash(REVIEWER, &mut decision.reviewer);
        self.hash(TEXT, &mut decision.text_hash);
    }

    fn hash(&self, kind: &str, value: &mut String) {
        *value = self.name(kind, value);
    }

    fn mask(&self, text: &mut String, own: &[&str]) {
        if !text.is_empty() {
            *text = self.text(text, own);
        }
    }
}
