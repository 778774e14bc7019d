//! Reads Dutch case notes and reports, finds signals that a young person may be a victim of exploitation, decides from
//! context whether each is about this young person, now and really so, and scores documents and dossiers for reading order.
//!
//! It ranks for reading and never decides. It works offline; nothing in this library opens a connection.
//!
//! The main types: a [`Document`] is a text with pages and notes on quality; an [`Analyzer`] holds the [`Lexicon`] and turns
//! a document into an [`Analysis`] with [`Finding`]s, label, score and reason; a [`Pipeline`] does so for many files.
//!
//! ```
//! use signaalbril::{Analyzer, Document};
//!
//! let analyzer = Analyzer::builtin()?;
//! let note = "Geen aanwijzingen voor een loverboy, wel dure spullen en een vriend van 26.";
//! let analysis = analyzer.analyze(&Document::from_text("notitie.txt", note));
//! let active: Vec<&str> = analysis.findings.iter().filter(|f| f.active).map(|f| f.category.as_str()).collect();
//! assert_eq!(active, ["geschenken_geld", "oudere_partner"]);
//! # Ok::<(), signaalbril::Error>(())
//! ```
//!
//! Modules import only from modules above them in this list (a test asserts it):
//! [`span`], [`error`], [`private`]; [`document`], [`text`]; [`lexicon`], [`extract`]; [`matcher`]; [`context`]; [`finding`]; [`copies`], [`passage`], [`score`];
//! [`reason`]; [`analyze`]; [`dossier`]; [`html`], [`pseudonym`], [`store`]; [`source`]; [`pipeline`]; [`screening`], [`cluster`]; beside these [`report`],
//! [`export`], [`evaluate`], and `review`.

pub mod analyze;
mod builtin;
pub mod cluster;
pub mod context;
pub mod copies;
pub mod decision;
pub mod document;
pub mod dossier;
pub mod error;
pub mod escape;
pub mod evaluate;
pub mod export;
pub mod extract;
pub mod finding;
pub mod html;
pub mod lexicon;
pub mod matcher;
pub mod passage;
pub mod pipeline;
pub mod private;
pub mod pseudonym;
pub mod reason;
pub mod report;
#[cfg(feature = "review")]
pub mod review;
pub mod score;
pub mod screening;
pub mod source;
pub mod span;
pub mod store;
pub mod text;

pub use analyze::{Analysis, Analyzer, DocumentRecord};
pub use document::{Document, Status};
pub use dossier::{Dossier, DossierRecord};
pub use error::{Diagnostic, Error, Result};
pub use finding::Finding;
pub use lexicon::{Lexicon, Qualifiers};
pub use pipeline::Pipeline;
pub use score::{Label, Score};
pub use screening::Screening;
pub use span::Span;
pub use store::Store;
