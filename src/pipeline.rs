//! Many inputs at once: reads, analyses, keeps the order, and never stops for one bad document.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use rayon::prelude::*;

use crate::analyze::{Analysis, Analyzer};
use crate::document::{Document, Status};
use crate::error::{Error, Result};
use crate::extract::{FAILED, Settings};
use crate::passage::Snippets;
use crate::source::{self, DossierRule, Input};
use crate::store::{Known, Made, Named, What, content_key};

/// Told about progress, from any thread.
pub trait Observer: Sync {
    /// An input is done: bytes of the file, documents it held.
    fn input_done(&self, bytes: u64, documents: usize);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {
    fn input_done(&self, _bytes: u64, _documents: usize) {}
}

/// Time spent per stage, summed over threads, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct StageSeconds {
    /// Reading and extracting.
    pub extract: f64,
    /// Finding, context, score.
    pub analyze: f64,
    /// Writing into the store; by one thread, while the next window is made.
    pub store: f64,
    /// Putting dossiers together and scoring them.
    pub dossiers: f64,
}

/// What a run gives when all of it is kept.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One analysis a document, in the order of the inputs.
    pub analyses: Vec<Analysis>,
    /// Time per stage.
    pub seconds: StageSeconds,
}

/// Takes what is made, in the order of the inputs, some at a time.
pub type Sink<'s> = dyn FnMut(Vec<Made>) -> Result<()> + 's;

/// An input to read.
#[derive(Clone, Debug)]
pub struct Task<'a> {
    /// The input.
    pub input: &'a Input,
    /// Hash of its bytes when it was read before: with this hash it is not read again.
    pub known_hash: String,
}

impl<'a> Task<'a> {
    /// An input that is read in any case.
    #[must_use]
    pub const fn new(input: &'a Input) -> Self {
        Self {
            input,
            known_hash: String::new(),
        }
    }
}

/// Stack of a worker; nested PDF forms and the like need more than the default.
const STACK: usize = 8 * 1024 * 1024;
/// Small files are read side by side, so many of them or so many bytes at a time.
const GROUP_FILES: usize = 512;
const GROUP_BYTES: u64 = 32 << 20;
/// The documents of a large file are handed on when there are so many of them, or so many bytes of text.
const WINDOW_DOCUMENTS: usize = 512;
const WINDOW_BYTES: usize = 4 << 20;

/// Inputs to analyses with a fixed number of threads.
#[derive(Debug)]
pub struct Pipeline<'a> {
    analyzer: &'a Analyzer,
    settings: &'a Settings,
    pool: rayon::ThreadPool,
    /// What is kept of texts; all when none.
    snippets: Option<Snippets>,
    dossiers: DossierRule,
}

/// What is to be done, and who is told.
#[derive(Clone, Copy)]
struct Work<'a> {
    tasks: &'a [Task<'a>],
    known: &'a Known,
    observer: &'a dyn Observer,
    watch: &'a Watch,
}

/// Some documents of an input, or its end and whether it was not read because it is as before.
enum Window<'a> {
    Documents(&'a [Document]),
    End(source::Read, bool),
}

/// Nanoseconds per stage.
#[derive(Default)]
struct Watch {
    extract: AtomicU64,
    analyze: AtomicU64,
}

fn add(counter: &AtomicU64, time: Duration) {
    let nanoseconds = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    counter.fetch_add(nanoseconds, Ordering::Relaxed);
}

impl Watch {
    fn seconds(&self) -> StageSeconds {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64 / 1e9;
        StageSeconds {
            extract: of(&self.extract),
            analyze: of(&self.analyze),
            ..StageSeconds::default()
        }
    }
}

impl<'a> Pipeline<'a> {
    /// `jobs` 0 means one thread a core.
    ///
    /// # Errors
    /// When threads cannot be started.
    pub fn new(analyzer: &'a Analyzer, settings: &'a Settings, jobs: usize) -> Result<Self> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .stack_size(STACK)
            .build()
            .map_err(|e| Error::Usage(format!("cannot start {jobs} threads: {e}; try --jobs 1")))?;
        Ok(Self {
            analyzer,
            settings,
            pool,
            snippets: None,
            dossiers: DossierRule::default(),
        })
    }

    /// Keeps of each text only what stands around findings, or nothing.
    #[must_use]
    pub const fn with_snippets(mut self, snippets: Snippets) -> Self {
        self.snippets = Some(snippets);
        self
    }

    /// Puts documents into dossiers by another rule.
    #[must_use]
    pub fn with_dossiers(mut self, rule: DossierRule) -> Self {
        self.dossiers = rule;
        self
    }

    /// Number of threads.
    #[must_use]
    pub fn jobs(&self) -> usize {
        self.pool.current_num_threads()
    }

    /// Reads and analyses all inputs, and keeps everything.
    #[must_use]
    pub fn collect(&self, inputs: &[Input], observer: &dyn Observer) -> Outcome {
        let mut analyses = Vec::new();
        let tasks: Vec<Task<'_>> = inputs.iter().map(Task::new).collect();
        let seconds = self.run(&tasks, &Known::default(), observer, &mut |some| {
            analyses.extend(some.into_iter().filter_map(Made::into_analysis));
            Ok(())
        });
        Outcome {
            analyses,
            seconds: seconds.unwrap_or_default(),
        }
    }

    /// Reads all inputs, analyses the documents that are not `known`, and hands over what is made in windows, so that memory stays
    /// bounded. What is handed over, and in which order, does not depend on the number of threads.
    ///
    /// # Errors
    /// What `sink` answers first; the rest is then left.
    pub fn run(
        &self,
        tasks: &[Task<'_>],
        known: &Known,
        observer: &dyn Observer,
        sink: &mut Sink<'_>,
    ) -> Result<StageSeconds> {
        let watch = Watch::default();
        // One window is handed over while the next one is made.
        let (send, receive) = sync_channel::<Vec<Made>>(1);
        std::thread::scope(|scope| {
            let make = || {
                let work = Work {
                    tasks,
                    known,
                    observer,
                    watch: &watch,
                };
                self.make(work, &mut |window| send.send(window).is_ok());
                drop(send);
            };
            let maker = std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, make)
                .map_err(|e| Error::Usage(format!("cannot start a thread: {e}")))?;
            // Leaving the loop early drops the receiver, which stops the maker.
            let result = receive.into_iter().try_for_each(sink);
            if let Err(panic) = maker.join() {
                std::panic::resume_unwind(panic);
            }
            result
        })?;
        Ok(watch.seconds())
    }

    /// Makes the windows; `hand_over` answers whether to go on.
    fn make(&self, work: Work<'_>, hand_over: &mut dyn FnMut(Vec<Made>) -> bool) {
        let mut at = 0;
        while let Some(first) = work.tasks.get(at) {
            let go_on = if source::is_large(first.input) {
                self.large(work, at, hand_over)
            } else {
                let mut bytes = 0;
                let rest = work.tasks.get(at..).unwrap_or_default();
                let group = rest
                    .iter()
                    .take(GROUP_FILES)
                    .take_while(|task| {
                        bytes += task.input.stat.size;
                        bytes <= GROUP_BYTES && !source::is_large(task.input)
                    })
                    .count()
                    .max(1);
                let window = self.small(work, at..at + group);
                at += group - 1;
                hand_over(window)
            };
            at += 1;
            if !go_on {
                return;
            }
        }
    }

    /// Files side by side.
    fn small(&self, work: Work<'_>, tasks: std::ops::Range<usize>) -> Vec<Made> {
        // The largest first, so that none is left over at the end while other threads wait; handed on in the order of the inputs.
        let size = |number: &usize| work.tasks.get(*number).map_or(0, |t| t.input.stat.size);
        let mut order: Vec<usize> = tasks.collect();
        order.sort_by_key(|number| std::cmp::Reverse(size(number)));
        let mut groups: Vec<(usize, Vec<Made>)> = self.pool.install(|| {
            order
                .into_par_iter()
                .with_max_len(1)
                .map(|number| {
                    let mut made = Vec::new();
                    self.windows(work, number, &mut |window| {
                        made.extend(self.make_all(work, number, window));
                    });
                    (number, made)
                })
                .collect()
        });
        groups.sort_unstable_by_key(|group| group.0);
        groups.into_iter().flat_map(|group| group.1).collect()
    }

    /// One file with many documents, window by window; the analyses of a window are made side by side.
    fn large(
        &self,
        work: Work<'_>,
        number: usize,
        hand_over: &mut dyn FnMut(Vec<Made>) -> bool,
    ) -> bool {
        let mut go_on = true;
        self.windows(work, number, &mut |window| {
            if go_on {
                let made = self.pool.install(|| self.make_all(work, number, window));
                go_on = hand_over(made);
            }
        });
        go_on
    }

    /// The documents of one input, window by window, since a small file may hold a lot of text, too; and its end.
    fn windows(&self, work: Work<'_>, number: usize, each: &mut dyn FnMut(Window<'_>)) {
        let Some(Task { input, known_hash }) = work.tasks.get(number) else {
            return;
        };
        let (mut window, mut bytes, mut count) = (Vec::new(), 0, 0);
        let mut elsewhere = Duration::ZERO;
        let start = Instant::now();
        let mut unchanged = None;
        if !known_hash.is_empty() {
            unchanged = source::hash(&input.path).filter(|read| read.hash == *known_hash);
        }
        let read = match unchanged {
            Some(read) => (read, true),
            None => {
                let read = self.read_each(input, &mut |document| {
                    bytes += document.text.len();
                    count += 1;
                    window.push(document);
                    if window.len() >= WINDOW_DOCUMENTS || bytes >= WINDOW_BYTES {
                        bytes = 0;
                        let since = Instant::now();
                        each(Window::Documents(&window));
                        window.clear();
                        elsewhere += since.elapsed();
                    }
                });
                (read, false)
            }
        };
        let since = Instant::now();
        each(Window::Documents(&window));
        each(Window::End(read.0, read.1));
        elsewhere += since.elapsed();
        add(
            &work.watch.extract,
            start.elapsed().saturating_sub(elsewhere),
        );
        work.observer.input_done(input.stat.size, count);
    }

    fn make_all(&self, work: Work<'_>, input: usize, window: Window<'_>) -> Vec<Made> {
        let documents = match window {
            Window::Documents(documents) => documents,
            Window::End(read, same) => {
                return vec![Made::End {
                    input,
                    hash: read.hash,
                    stat: read.stat,
                    same,
                }];
            }
        };
        documents
            .par_iter()
            .with_min_len(16)
            .map(|document| {
                let start = Instant::now();
                let key = content_key(document);
                let what = match work.known.row(key) {
                    Some(row) => What::Known(row, Box::new(Named::of(document))),
                    None => What::Analysis(Box::new(self.analyze(document))),
                };
                add(&work.watch.analyze, start.elapsed());
                Made::Document { input, key, what }
            })
            .collect()
    }

    /// The documents of one input. A panic on the way is a document with its status.
    #[must_use]
    pub fn read(&self, input: &Input) -> Vec<Document> {
        let mut documents = Vec::new();
        let _ = self.read_each(input, &mut |document| documents.push(document));
        documents
    }

    /// The documents of one input, one by one; those before a panic stay.
    fn read_each(&self, input: &Input, out: &mut dyn FnMut(Document)) -> source::Read {
        let mut out = |mut document: Document| {
            self.dossiers.apply(input, &mut document);
            out(document);
        };
        let result = catch_unwind(AssertUnwindSafe(|| {
            source::read(input, self.settings, &mut out)
        }));
        result.unwrap_or_else(|_| {
            let (shown, dossier) = (&input.shown, &input.dossier);
            out(Document::unread(shown, dossier, "", Status::Panic, FAILED));
            source::Read::default()
        })
    }

    /// The analysis of one document, with as much of its text as is kept. A panic on the way is a document with its status.
    #[must_use]
    pub fn analyze(&self, document: &Document) -> Analysis {
        let analyze = || self.analyzer.analyze(document);
        let mut analysis = catch_unwind(AssertUnwindSafe(analyze)).unwrap_or_else(|_| {
            let failed = Document::unread(
                &document.path,
                &document.dossier,
                &document.format,
                Status::Panic,
                "the program failed while analysing this document; please report it without the document",
            );
            self.analyzer.analyze(&failed)
        });
        if let Some(snippets) = self.snippets {
            analysis.cut(self.analyzer.lexicon(), snippets);
        }
        analysis
    }

    /// Runs `work` on the threads of this pipeline.
    pub fn install<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pool.install(work)
    }
}
