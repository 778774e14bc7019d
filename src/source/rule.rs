//! Which documents make a dossier.

use super::Input;
use crate::document::Document;
use crate::error::{Error, Result};

/// Which documents make a dossier.
#[derive(Clone, Debug, Default)]
pub enum DossierRule {
    /// Those of a first-level subfolder of an input, or of the client column of an export; a loose file is its own.
    #[default]
    Folder,
    /// Those of a file.
    File,
    /// Those in whose path, as recorded, the expression matches with the same group `dossier`, or first group, or match. Where it does
    /// not match, as by [`Folder`](Self::Folder).
    Path(regex::Regex),
}

impl DossierRule {
    /// Reads `folder`, `file` or `path=REGEX`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once('=') {
            None if text == "folder" => Ok(Self::Folder),
            None if text == "file" => Ok(Self::File),
            Some(("path", pattern)) => match regex::Regex::new(pattern) {
                Ok(regex) => Ok(Self::Path(regex)),
                Err(error) => Err(Error::Usage(format!("path={pattern}: {error}"))),
            },
            _ => Err(Error::Usage(format!(
                "{text} is no rule for dossiers: folder, file or path=REGEX"
            ))),
        }
    }

    /// In a few words.
    #[must_use]
    pub const fn about(&self) -> &'static str {
        match self {
            Self::Folder => {
                "each subfolder is a dossier; a loose file is its own; exports by client column"
            }
            Self::File => "each file is a dossier",
            Self::Path(_) => {
                "by what the expression matches in the path; else each subfolder is a dossier, a loose file its own, exports by client column"
            }
        }
    }

    /// Puts a document of an input into its dossier.
    pub fn apply(&self, input: &Input, document: &mut Document) {
        match self {
            Self::Folder => {}
            Self::File => input.shown.clone_into(&mut document.dossier),
            Self::Path(regex) => {
                let found = regex.captures(&document.path).and_then(|c| {
                    let named = c.name("dossier").or_else(|| c.get(1));
                    named.or_else(|| c.get(0)).map(|m| m.as_str().to_owned())
                });
                if let Some(name) = found.filter(|name| !name.is_empty()) {
                    document.dossier = name;
                }
            }
        }
    }
}

impl std::fmt::Display for DossierRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Folder => f.write_str("folder"),
            Self::File => f.write_str("file"),
            Self::Path(regex) => write!(f, "path={regex}"),
        }
    }
}
