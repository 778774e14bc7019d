//! PDFs and old workbooks read by a process of their own: what hangs, runs out of memory or overflows the stack takes down that process and one document.
//!
//! Each thread keeps one such process and gives it file after file; when it dies or takes too long, the next file gets a new one.
//! A message is its length (eight bytes, little endian) and as many bytes. A request is two messages, what is asked as JSON and
//! the file; the answer is one, JSON too, and one more for the pixels of each picture. Case text goes through these pipes only.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::extract::pdf::{self, Limits, NoPicture, PdfError, PdfText, Picture, Way};
use crate::extract::sheet::xls::{NoSheets, Sheet, sheets};

/// How to start a process that answers as [`serve`] does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worker {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
}

/// The first half of a request.
#[derive(Serialize, Deserialize)]
struct Request {
    password: Option<Vec<u8>>,
    limits: Limits,
    task: Task,
}

/// What is to be done with a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
enum Task {
    Text,
    Pictures {
        way: Way,
        pages: Vec<usize>,
        max_pixels: usize,
    },
    Sheets,
}

/// Pictures of pages, or why there is none.
type Pictures = Vec<Result<Picture, NoPicture>>;

/// What a process answers.
#[derive(Serialize, Deserialize)]
enum Answer {
    Read(Result<PdfText, PdfError>),
    Pictures(Result<Pictures, PdfError>),
    Sheets(Result<Vec<Sheet>, NoSheets>),
    Panicked,
}

/// Longer than the deadline of a document that the process keeps by itself.
const GRACE: Duration = Duration::from_secs(5);
/// Largest message that is taken: texts are limited far below.
const LARGEST: u64 = 4 << 30;
/// Most that is reserved for a message before it is there.
const RESERVED: usize = 128 << 20;
/// Why an answer is none.
const STRANGE: &str = "its answer makes no sense";
/// So much of what a dying process says is looked at.
const LAST_WORDS: u64 = 4096;

thread_local! {
    static RUNNING: RefCell<Option<Running>> = const { RefCell::new(None) };
}

impl Worker {
    /// Reads a PDF as [`pdf::read`] does, in another process.
    ///
    /// # Errors
    /// As [`pdf::read`], and [`PdfError::Died`] or [`PdfError::Timeout`] when the process did not live to answer.
    pub fn read(
        &self,
        bytes: &[u8],
        password: Option<&[u8]>,
        limits: &Limits,
    ) -> Result<PdfText, PdfError> {
        match self.ask(bytes, password, limits, Task::Text) {
            Answer::Read(result) => result,
            _ => Err(died(STRANGE)),
        }
    }

    /// Takes the pictures of pages out of a PDF as [`pdf::pictures`] does, in another process.
    ///
    /// # Errors
    /// As [`pdf::pictures`], and as [`Worker::read`].
    pub fn pictures(
        &self,
        bytes: &[u8],
        password: Option<&[u8]>,
        limits: &Limits,
        way: Way,
        pages: &[usize],
        max_pixels: usize,
    ) -> Result<Pictures, PdfError> {
        let pages = pages.to_vec();
        let task = Task::Pictures {
            way,
            pages,
            max_pixels,
        };
        match self.ask(bytes, password, limits, task) {
            Answer::Pictures(result) => result,
            Answer::Read(Err(error)) => Err(error),
            _ => Err(died(STRANGE)),
        }
    }

    /// Reads the sheets of an old workbook, in another process.
    pub(in crate::extract) fn sheets(
        &self,
        bytes: &[u8],
        limits: &Limits,
    ) -> Result<Vec<Sheet>, NoSheets> {
        match self.ask(bytes, None, limits, Task::Sheets) {
            Answer::Sheets(result) => result,
            Answer::Read(Err(PdfError::TooLarge(_))) => Err(NoSheets::TooLarge),
            Answer::Read(Err(PdfError::Timeout)) => Err(NoSheets::Timeout),
            _ => Err(NoSheets::Damaged),
        }
    }

    fn ask(&self, bytes: &[u8], password: Option<&[u8]>, limits: &Limits, task: Task) -> Answer {
        let request = Request {
            password: password.map(<[u8]>::to_vec),
            limits: limits.clone(),
            task,
        };
        RUNNING.with_borrow_mut(|slot| {
            let running = match slot.take().filter(|r| r.worker == *self) {
                Some(running) => running,
                // Without a process of its own the file is still read.
                None => match Running::start(self) {
                    Ok(running) => running,
                    Err(_) => return request.answer(bytes),
                },
            };
            match running.ask(&request, bytes) {
                (Ok(answer), running) => {
                    *slot = running;
                    answer
                }
                (Err(error), running) => {
                    *slot = running;
                    Answer::Read(Err(error))
                }
            }
        })
    }
}

impl Request {
    /// Does what is asked, here.
    fn answer(&self, bytes: &[u8]) -> Answer {
        let password = self.password.as_deref();
        match &self.task {
            Task::Text => Answer::Read(pdf::read(bytes, password, &self.limits)),
            Task::Sheets => Answer::Sheets(sheets(bytes)),
            Task::Pictures {
                way,
                pages,
                max_pixels,
            } => {
                let limits = &self.limits;
                let pictures = pdf::pictures(bytes, password, limits, *way, pages, *max_pixels);
                Answer::Pictures(pictures)
            }
        }
    }
}

impl Answer {
    /// The pictures in it, whose pixels are messages of their own.
    fn pictures(&mut self) -> impl Iterator<Item = &mut Picture> {
        let list = match self {
            Self::Pictures(Ok(list)) => list.as_mut_slice(),
            _ => &mut [],
        };
        list.iter_mut().filter_map(|p| p.as_mut().ok())
    }
}

/// A process that waits for files.
struct Running {
    worker: Worker,
    child: Child,
    input: ChildStdin,
    answers: Receiver<Vec<u8>>,
}

impl Running {
    fn start(worker: &Worker) -> io::Result<Self> {
        let mut child = Command::new(&worker.program)
            .args(&worker.arguments)
            // What the program's allocator reserves ahead (in KiB) counts as its memory, and huge pages take more than is asked for.
            .env("MIMALLOC_ARENA_RESERVE", "32768")
            .env("MIMALLOC_ALLOW_THP", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let missing = || io::Error::from(io::ErrorKind::BrokenPipe);
        let input = child.stdin.take().ok_or_else(missing)?;
        let mut output = child.stdout.take().ok_or_else(missing)?;
        // A thread waits for answers, so that this one can stop waiting.
        let (send, answers) = sync_channel(1);
        std::thread::Builder::new().spawn(move || {
            while let Ok(Some(answer)) = receive(&mut output) {
                if send.send(answer).is_err() {
                    break;
                }
            }
        })?;
        Ok(Self {
            worker: worker.clone(),
            child,
            input,
            answers,
        })
    }

    /// The answer, and the process if it goes on.
    fn ask(mut self, request: &Request, bytes: &[u8]) -> (Result<Answer, PdfError>, Option<Self>) {
        let sent = serde_json::to_vec(request)
            .map_err(io::Error::from)
            .and_then(|head| send(&mut self.input, &head))
            .and_then(|()| send(&mut self.input, bytes))
            .and_then(|()| self.input.flush());
        if sent.is_err() {
            return (Err(self.last_words()), None);
        }
        let until = Instant::now() + request.limits.deadline + GRACE;
        match self.answer(until) {
            Ok(Answer::Panicked) => (Err(died("it failed inside")), Some(self)),
            Ok(answer) => (Ok(answer), Some(self)),
            Err(error) => (Err(error), None),
        }
    }

    fn answer(&mut self, until: Instant) -> Result<Answer, PdfError> {
        let strange = |_| died(STRANGE);
        let mut answer: Answer = serde_json::from_slice(&self.message(until)?).map_err(strange)?;
        for picture in answer.pictures() {
            picture.pixels = self.message(until)?;
            if picture.pixels.len() != picture.width.saturating_mul(picture.height) {
                return Err(died(STRANGE));
            }
        }
        Ok(answer)
    }

    fn message(&mut self, until: Instant) -> Result<Vec<u8>, PdfError> {
        let wait = until.saturating_duration_since(Instant::now());
        match self.answers.recv_timeout(wait) {
            Ok(message) => Ok(message),
            Err(RecvTimeoutError::Timeout) => Err(PdfError::Timeout),
            Err(RecvTimeoutError::Disconnected) => Err(self.last_words()),
        }
    }

    /// Why the process died, as far as it says so.
    fn last_words(&mut self) -> PdfError {
        let _ = self.child.kill();
        let mut words = String::new();
        if let Some(stderr) = self.child.stderr.take() {
            let _ = stderr.take(LAST_WORDS).read_to_string(&mut words);
        }
        if words.contains("memory allocation of") {
            PdfError::TooLarge("it needs more memory than the limit".to_owned())
        } else if words.contains("overflowed its stack") {
            died("its objects are nested too deeply")
        } else {
            died("it ended without an answer")
        }
    }
}

fn died(why: &str) -> PdfError {
    PdfError::Died(why.to_owned())
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn send(out: &mut impl Write, message: &[u8]) -> io::Result<()> {
    out.write_all(&(message.len() as u64).to_le_bytes())?;
    out.write_all(message)
}

/// The next message; none when there is no other.
fn receive(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match input.read_exact(&mut length) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u64::from_le_bytes(length);
    if length > LARGEST {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // Growing would take up to twice the room; a wrong length must not take any.
    let room = usize::try_from(length).unwrap_or(0).min(RESERVED);
    let mut message = Vec::with_capacity(room);
    input.take(length).read_to_end(&mut message)?;
    if message.len() as u64 == length {
        Ok(Some(message))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// Answers requests until there are none: the other end of [`Worker::read`]. `before` sees each file first; the program's own
/// does nothing, that of tests fails in all ways that a process can.
///
/// # Errors
/// When the pipes break.
pub fn serve(
    input: &mut impl Read,
    output: &mut impl Write,
    before: impl Fn(&[u8]),
) -> io::Result<()> {
    while let Some(head) = receive(input)? {
        let request: Request = serde_json::from_slice(&head)?;
        let Some(bytes) = receive(input)? else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let read = || {
            before(&bytes);
            request.answer(&bytes)
        };
        let mut answer = catch_unwind(AssertUnwindSafe(read)).unwrap_or(Answer::Panicked);
        send(output, &serde_json::to_vec(&answer)?)?;
        for picture in answer.pictures() {
            send(output, &picture.pixels)?;
        }
        output.flush()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_back_whole_or_not_at_all() {
        let mut pipe = Vec::new();
        send(&mut pipe, b"een").unwrap();
        send(&mut pipe, b"").unwrap();
        let mut input = pipe.as_slice();
        assert_eq!(receive(&mut input).unwrap(), Some(b"een".to_vec()));
        assert_eq!(receive(&mut input).unwrap(), Some(Vec::new()));
        assert_eq!(receive(&mut input).unwrap(), None);
        assert!(receive(&mut &pipe[..10]).is_err());
        assert!(receive(&mut [0xff; 8].as_slice()).is_err());
    }

    #[test]
    fn a_panic_is_an_answer_and_the_next_file_is_read() {
        let mut input = Vec::new();
        let head = serde_json::to_vec(&Request {
            password: None,
            limits: Limits::default(),
            task: Task::Text,
        })
        .unwrap();
        for file in [b"%PDF-een", b"%PDF-twe"] {
            send(&mut input, &head).unwrap();
            send(&mut input, file).unwrap();
        }
        let mut output = Vec::new();
        let fail = |bytes: &[u8]| assert!(!bytes.ends_with(b"een"));
        serve(&mut input.as_slice(), &mut output, fail).unwrap();
        let mut output = output.as_slice();
        let mut next = || receive(&mut output).unwrap().unwrap();
        let first: Answer = serde_json::from_slice(&next()).unwrap();
        assert!(matches!(first, Answer::Panicked));
        let second: Answer = serde_json::from_slice(&next()).unwrap();
        assert!(matches!(second, Answer::Read(Err(PdfError::Damaged(_)))));
    }
}
