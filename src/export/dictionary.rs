//! What the columns of exports mean.

use std::fmt::Write as _;

use super::Table;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, maybe of a document.
    Text,
    /// One of a few words.
    Word,
    /// A whole number.
    Number,
    /// `true` or `false`.
    Flag,
    /// A date, `2024-03-02`, or a time in UTC, `2024-03-02T07:30:00Z`; empty when unknown.
    Date,
    /// A list; in CSV with blanks between its items.
    List,
    /// Objects; in CSV as JSON.
    Json,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Word => "word",
            Self::Number => "number",
            Self::Flag => "flag",
            Self::Date => "date",
            Self::List => "list",
            Self::Json => "json",
        }
    }
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Its name, the same in JSON, CSV and the types of the library.
    pub name: &'static str,
    /// What stands in it.
    pub kind: Kind,
    /// What it means.
    pub about: &'static str,
}

const fn column(name: &'static str, kind: Kind, about: &'static str) -> Column {
    Column { name, kind, about }
}

/// The columns of a table, in order.
#[must_use]
pub const fn columns(table: Table) -> &'static [Column] {
    match table {
        Table::Documents => DOCUMENTS,
        Table::Findings => FINDINGS,
        Table::Dossiers => DOSSIERS,
        Table::Decisions => DECISIONS,
    }
}

/// The dictionary in Markdown.
#[must_use]
pub fn markdown() -> String {
    let mut text = String::new();
    for table in Table::ALL {
        let _ = write!(
            text,
            "\n**{}**\n\n| column | kind | meaning |\n|---|---|---|\n",
            table.name()
        );
        for c in columns(table) {
            let _ = writeln!(text, "| `{}` | {} | {} |", c.name, c.kind.name(), c.about);
        }
    }
    text
}

use Kind::{Date, Flag, Json, List, Number, Text, Word};

const DOCUMENTS: &[Column] = &[
    column(
        "id",
        Text,
        "hash of its text (SHA-256, 16 hex digits), or of path and status where nothing was read; copies have the same one; `document` elsewhere",
    ),
    column(
        "path",
        Text,
        "path as given; what lies in a file follows `/`, rows of an export `#`",
    ),
    column("dossier", Text, "its dossier"),
    column("format", Word, "`txt`, `pdf`, `docx`, `csv`, ..."),
    column("pages", Number, "number of pages; 0 for formats without"),
    column("characters", Number, "code points of its text"),
    column("language", Word, "ISO 639-1; empty when too short to tell"),
    column(
        "genre",
        Word,
        "`record` or `policy` (information in general)",
    ),
    column("date", Date, "its own date"),
    column(
        "status",
        Word,
        "`ok`, `partial`, `needs_ocr`, `garbled`, `empty`, `encrypted`, `damaged`, `unsupported`, `too_large`, `timeout`, `unreadable`, `not_dutch`, `panic`",
    ),
    column("status_detail", Text, "why"),
    column("pages_unread", List, "pages that were not read"),
    column("quality", List, "notes on how it was read"),
    column("score", Number, "0 to 100; empty unless something was read"),
    column(
        "label",
        Word,
        "`geen`, `laag`, `midden`, `hoog`; empty unless something was read",
    ),
    column("reason", Text, "why, in Dutch; quotes the text"),
    column("urgent", Flag, "a sign of suicide risk is in it"),
    column("points", Json, "points by category"),
    column("stage_bonus", Number, "points for stages beyond the first"),
    column(
        "vanished",
        Date,
        "since when its file is not where it was; empty when it is there",
    ),
];

const FINDINGS: &[Column] = &[
    column("document", Text, "`id` of the document"),
    column("dossier", Text, "its dossier"),
    column(
        "person",
        Text,
        "which person, where a document is about several; empty for the one client",
    ),
    column("page", Number, "page, from 1; empty for formats without"),
    column("line", Number, "line, from 1"),
    column(
        "start",
        Number,
        "first code point in the text of the document",
    ),
    column("end", Number, "one past the last code point"),
    column("byte_start", Number, "first byte (UTF-8)"),
    column("byte_end", Number, "one past the last byte"),
    column("text", Text, "the words of the document"),
    column("category", Word, "one of the eighteen categories"),
    column("stage", Word, "stage of the category"),
    column("term", Text, "term of the lexicon that found it"),
    column(
        "tier",
        Word,
        "`background` (vulnerability), `soft` and `firm` (risk), `hard` (actual harm)",
    ),
    column("presence", Word, "`present`, `absent`, `uncertain`"),
    column("temporality", Word, "`current`, `historical`, `future`"),
    column("experiencer", Word, "`client`, `other`"),
    column("generic", Flag, "information in general, about nobody"),
    column(
        "cues",
        Json,
        "what decided: property, value, kind, rule, text, start, end",
    ),
    column("source", Text, "who reports it, where the text says so"),
    column("date", Date, "of the entry or document it stands in"),
    column(
        "date_certainty",
        Word,
        "`column` of an export, `entry` of a journal, `text`, file `name`, file `metadata`",
    ),
    column("approximate", Flag, "a word was one edit off"),
    column("ocr", Flag, "from recognised text"),
    column("quoted", Flag, "in a message that is quoted"),
    column("urgent", Flag, "a sign of suicide risk"),
    column(
        "protective",
        Flag,
        "a protective fact: shown, never counted",
    ),
    column(
        "suppressed_by",
        Text,
        "why it does not count: a condition of its term, or another finding",
    ),
    column(
        "cleared_by",
        Text,
        "`id` of the later document that clears it; set in dossiers only, empty here",
    ),
    column("active", Flag, "counts for score and label"),
    column(
        "points",
        Number,
        "points before the caps of its category: the sum of a document's findings may be more than its points",
    ),
    column(
        "path",
        Text,
        "`path` of the document: tells copies of the same text apart, which have one `id`",
    ),
    column(
        "snippet",
        Text,
        "the text around it; empty with `--snippets none`, and for suppressed findings",
    ),
];

const DOSSIERS: &[Column] = &[
    column("dossier", Text, "its name"),
    column("documents", Number, "number of documents"),
    column(
        "unread",
        Number,
        "documents that were not read, or not in full",
    ),
    column(
        "vanished",
        Number,
        "documents whose files are not where they were; they still count",
    ),
    column(
        "score",
        Number,
        "0 to 100 from the union of its findings; empty when nothing was read",
    ),
    column(
        "label",
        Word,
        "`geen`, `laag`, `midden`, `hoog`; empty when nothing was read",
    ),
    column("reason", Text, "why, in Dutch; quotes the text"),
    column("urgent", Flag, "a sign of suicide risk is in it"),
    column("points", Json, "points by category"),
    column(
        "timeline",
        Json,
        "by stage: first and last date, number of active findings, and how many a month",
    ),
    column("first_firm", Date, "first present firm or hard finding"),
    column("first_hard", Date, "first present hard finding"),
    column(
        "first_named",
        Date,
        "first active finding that names exploitation",
    ),
    column(
        "gap_days",
        Number,
        "days from `first_firm` to `first_named`; empty when one is missing",
    ),
    column(
        "document_ids",
        List,
        "`id`s of its documents, by date and path",
    ),
    column(
        "reviewed",
        Date,
        "when it, or one of its documents, was last decided on",
    ),
    column(
        "new_documents",
        Number,
        "documents that came in after that; all when it never was",
    ),
];

const DECISIONS: &[Column] = &[
    column(
        "document",
        Text,
        "`id` of the document; empty for a decision on the dossier",
    ),
    column("path", Text, "`path` of the document then"),
    column("dossier", Text, "its dossier"),
    column(
        "text_hash",
        Text,
        "hash of the text that was read; of a dossier, of the `id`s of its documents",
    ),
    column("reviewer", Text, "who decided"),
    column("at", Date, "when"),
    column(
        "verdict",
        Word,
        "`opvolgen`, `geen_actie`, `twijfel`; empty while only findings are marked",
    ),
    column("reason", Text, "why, from a short list"),
    column("note", Text, "free note"),
    column(
        "marks",
        Json,
        "findings (`term@start-end`) marked `juist`, `onjuist` or `context`, and how the context should be",
    ),
    column(
        "missed",
        Json,
        "signals that were not found: start, end, category",
    ),
    column("undo", Flag, "takes the one before back"),
    column(
        "informed",
        Flag,
        "made after seeing what another reviewer decided",
    ),
    column(
        "drawn",
        Word,
        "`laag` or `controle`: drawn at random, with its label covered",
    ),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::decision::Decision;

    #[test]
    fn the_dictionary_has_the_fields_of_the_records() {
        let decision = Decision::default();
        for table in Table::ALL {
            let record = match table {
                Table::Documents => serde_json::to_value(crate::DocumentRecord::default()),
                Table::Findings => serde_json::to_value(super::super::Row {
                    finding: &crate::Finding::default(),
                    path: "",
                    snippet: "",
                }),
                Table::Dossiers => serde_json::to_value(crate::DossierRecord::default()),
                Table::Decisions => serde_json::to_value(&decision),
            };
            let record = record.unwrap();
            let fields: BTreeSet<&str> = record
                .as_object()
                .unwrap()
                .keys()
                .map(String::as_str)
                .collect();
            let listed: BTreeSet<&str> = columns(table).iter().map(|c| c.name).collect();
            assert_eq!(fields, listed, "{}", table.name());
            assert_eq!(listed.len(), columns(table).len());
        }
    }
}
