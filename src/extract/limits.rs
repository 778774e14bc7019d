//! All limits and settings of reading, in one place.

use super::isolate::Worker;
use super::pdf;

/// Limits; each is reported when hit.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest file, in bytes.
    pub max_file_bytes: u64,
    /// Largest text of one document, in bytes.
    pub max_text_bytes: usize,
    /// Most rows of one export.
    pub max_rows: usize,
    /// Limits of one PDF.
    pub pdf: pdf::Limits,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 100 << 20,
            max_text_bytes: 64 << 20,
            max_rows: 5_000_000,
            pdf: pdf::Limits::default(),
        }
    }
}

/// Columns of an export; what is not named is guessed from the header.
#[derive(Clone, Debug, Default)]
pub struct Mapping {
    /// Column with the note's id.
    pub id: Option<String>,
    /// Column with the date.
    pub date: Option<String>,
    /// Column with the client or dossier.
    pub dossier: Option<String>,
    /// Column with the year or date of birth.
    pub birth_year: Option<String>,
    /// Column with the text.
    pub text: Option<String>,
    /// Delimiter of CSV files.
    pub delimiter: Option<char>,
}

/// How files are read.
#[derive(Clone, Default)]
pub struct Settings {
    /// Limits.
    pub limits: Limits,
    /// Columns of exports.
    pub mapping: Mapping,
    /// Passwords to try on encrypted files.
    pub passwords: Vec<Vec<u8>>,
    /// The process that reads PDFs; none reads them here.
    pub worker: Option<Worker>,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("limits", &self.limits)
            .field("mapping", &self.mapping)
            .field("passwords", &self.passwords.len())
            .field("worker", &self.worker)
            .finish()
    }
}
