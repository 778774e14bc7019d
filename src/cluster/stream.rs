//! One line in, one row out.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;

use rayon::prelude::*;

use super::line::{Line, Lines};
use super::row::{Code, Engine, Row};
use super::task::{Fault, Task, What, of_path};
use crate::analyze::{Analysis, Analyzer};
use crate::document::{Document, Status, content_id};
use crate::dossier;
use crate::error::Error;
use crate::extract::{self, FAILED, Note, Room, Settings, Source};
use crate::pipeline::Pipeline;

/// Rows are written out when there are so many bytes of them, if not before.
const PENDING: usize = 64 << 10;
/// Lines that are answered side by side: so many a thread, or so many bytes.
const LINES: usize = 8;
const BYTES: usize = 4 << 20;

/// Answers lines; see the [module](super).
pub struct Stream<'a> {
    /// What reads and analyses.
    pub pipeline: &'a Pipeline<'a>,
    /// What scores dossiers.
    pub analyzer: &'a Analyzer,
    /// How files are read.
    pub settings: &'a Settings,
    /// What the rows say they were made with.
    pub engine: Engine,
    /// Longest line, in bytes without its end.
    pub max_line: usize,
    /// Asked between lines whether to go on.
    pub check: &'a (dyn Fn() -> crate::error::Result<()> + Sync),
    /// For tests: waits so long before each answer.
    pub pause: Duration,
    /// For tests: called with each text before it is analysed.
    pub before: fn(&str),
}

/// What was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Lines, and so rows.
    pub rows: u64,
    /// Rows with an error, by its code.
    pub errors: BTreeMap<String, u64>,
}

impl Counts {
    /// Rows with an error.
    #[must_use]
    pub fn failed(&self) -> u64 {
        self.errors.values().sum()
    }

    /// Counts a row.
    pub(super) fn add(&mut self, row: &Row) {
        self.rows += 1;
        if let Some(error) = &row.error {
            *self.errors.entry(error.clone()).or_default() += 1;
        }
    }
}

/// Why a stream ended before its lines did.
#[derive(Debug)]
pub enum Failure {
    /// Whoever read the rows is gone.
    ReaderGone,
    /// Lines cannot be read, or rows cannot be written.
    Error(Error),
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream")
            .field("engine", &self.engine)
            .field("max_line", &self.max_line)
            .finish_non_exhaustive()
    }
}

impl Stream<'_> {
    /// Answers all lines of `input`, in order. Rows are written out whenever the next line is not there yet.
    ///
    /// # Errors
    /// When lines cannot be read or rows cannot be written; some rows are missing then.
    pub fn run(&self, input: impl Read, output: impl Write) -> Result<Counts, Failure> {
        let read = |e| Failure::Error(Error::io("read", Path::new("the lines"))(e));
        let write = |e: std::io::Error| match e.kind() {
            ErrorKind::BrokenPipe => Failure::ReaderGone,
            _ => Failure::Error(Error::io("write", Path::new("the rows"))(e)),
        };
        let mut lines = Lines::new(input, self.max_line);
        let mut out = BufWriter::with_capacity(PENDING, output);
        let mut counts = Counts::default();
        let mut number = 0;
        loop {
            let (batch, is_last) = self.batch(&mut lines, &mut number).map_err(read)?;
            (self.check)().map_err(Failure::Error)?;
            for (row, line) in self.answer_all(&batch) {
                counts.add(&row);
                out.write_all(&line).map_err(write)?;
            }
            if is_last || !lines.is_ready() {
                out.flush().map_err(write)?;
            }
            if is_last {
                return Ok(counts);
            }
        }
    }

    /// Waits for a line, and takes those that are there with it; and whether there are no others.
    fn batch(
        &self,
        lines: &mut Lines<impl Read>,
        number: &mut u64,
    ) -> std::io::Result<(Vec<(u64, Line)>, bool)> {
        let jobs = self.pipeline.jobs();
        let most = if jobs > 1 { jobs * LINES } else { 1 };
        let (mut batch, mut bytes) = (Vec::new(), 0);
        while batch.len() < most && bytes < BYTES && (batch.is_empty() || lines.is_ready()) {
            let Some(line) = lines.next()? else {
                return Ok((batch, true));
            };
            if let Line::Whole(line) = &line {
                bytes += line.len();
            }
            *number += 1;
            batch.push((*number, line));
        }
        Ok((batch, false))
    }

    /// The rows of some lines, as records and as written.
    fn answer_all(&self, batch: &[(u64, Line)]) -> Vec<(Row, Vec<u8>)> {
        let answer = |(number, line): &(u64, Line)| {
            let row = self.answer(*number, line);
            // Numbers and text always can be written.
            let mut written = serde_json::to_vec(&row).unwrap_or_default();
            written.push(b'\n');
            (row, written)
        };
        (self.pipeline).install(|| batch.par_iter().map(answer).collect())
    }

    fn answer(&self, number: u64, line: &Line) -> Row {
        if !self.pause.is_zero() {
            std::thread::sleep(self.pause);
        }
        let task = match line {
            Line::Whole(line) => Task::parse(line),
            Line::TooLong(_) => Err(Fault {
                id: None,
                dossier: None,
                code: Code::TooLong,
                detail: format!("more than {} bytes; see --max-line-mb", self.max_line),
            }),
        };
        match task {
            Ok(task) => self.row(task),
            Err(fault) => self.fault(number, line, fault),
        }
    }

    fn row(&self, task: Task) -> Row {
        let Task {
            id,
            dossier,
            date,
            birth,
            what,
        } = task;
        let row = Row {
            id: Some(id.clone()),
            ..Row::of(&self.engine)
        };
        let note = Note {
            path: &id,
            format: "note",
            id: &id,
            dossier: &dossier,
            date: date.as_deref(),
            birth: birth.as_deref(),
        };
        let read = match what {
            What::Dossier(rows) => return self.dossier(row, &id, rows),
            What::Note(text) => catch_unwind(AssertUnwindSafe(|| {
                (self.before)(&text);
                note.read(&text, self.settings)
            })),
            What::File(bytes) => catch_unwind(AssertUnwindSafe(|| self.file(&note, &bytes))),
        };
        let document =
            read.unwrap_or_else(|_| Document::unread(&id, &dossier, "", Status::Panic, FAILED));
        row.with_document(self.pipeline.analyze(&document))
    }

    /// The one document of a file, or the message of one that has attachments.
    fn file(&self, note: &Note<'_>, bytes: &[u8]) -> Document {
        let unread =
            |status, why: String| Document::unread(note.path, note.dossier, "", status, why);
        let room = Room::new(self.settings);
        let source = Source {
            room: Some(&room),
            ..Source::new(note.path, note.dossier)
        };
        let mut first = None;
        let mut count = 0;
        let size = Some(bytes.len() as u64);
        let read = extract::from_reader(&mut &*bytes, size, source, self.settings, &mut |d| {
            count += 1;
            // The others are only counted.
            first.get_or_insert(d);
        });
        match (read, first) {
            (Ok(_), Some(document)) if count == 1 => note.named(document),
            (Ok(_), Some(mut document)) if document.path == note.path => {
                let why = format!("{} more document(s) inside were not read", count - 1);
                if document.status == Status::Ok {
                    document.status = Status::Partial;
                    document.status_detail = why;
                }
                note.named(document)
            }
            (Ok(_), _) => {
                let why = format!(
                    "it holds {count} documents, and a line is one; give each a line of its own"
                );
                unread(Status::Unsupported, why)
            }
            (Err(error), _) => unread(
                Status::Unreadable,
                format!("cannot be read: {}", error.kind()),
            ),
        }
    }

    fn dossier(&self, row: Row, name: &str, rows: Vec<Row>) -> Row {
        if rows.iter().any(|r| r.made_with() != self.engine) {
            return Row {
                error: Some(Code::OtherEngine.as_str().to_owned()),
                detail: "its rows come from another program, lexicon or settings".to_owned(),
                ..row
            };
        }
        let documents: Vec<Analysis> = rows.into_iter().filter_map(Row::into_analysis).collect();
        row.with_dossier(dossier::dossier(self.analyzer, name, documents))
    }

    /// The row of a line that cannot be answered: a document that was not read, so that it is listed with the others.
    fn fault(&self, number: u64, line: &Line, fault: Fault) -> Row {
        let hash = || match line {
            Line::Whole(bytes) => content_id(bytes),
            Line::TooLong(hash) => hash.clone(),
        };
        let (path, line) = match &fault.id {
            Some(id) => (id.clone(), None),
            None => (format!("line-{}", hash()), Some(number)),
        };
        let status = fault.code.status();
        let dossier = fault.dossier.as_deref().unwrap_or_else(|| of_path(&path));
        let document = Document::unread(&path, dossier, "", status, &fault.detail);
        Row {
            id: fault.id,
            line,
            error: Some(fault.code.as_str().to_owned()),
            ..Row::of(&self.engine).with_document(self.pipeline.analyze(&document))
        }
    }
}
