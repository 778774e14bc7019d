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
use crate::source::{self, Input};

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
}

/// What a run gives when all of it is kept.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One analysis a document, in the order of the inputs.
    pub analyses: Vec<Analysis>,
    /// Time per stage.
    pub seconds: StageSeconds,
}

/// Takes analyses in the order of the inputs, some at a time.
pub type Sink<'s> = dyn FnMut(Vec<Analysis>) -> Result<()> + 's;

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
    keep_texts: bool,
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
            keep_texts: true,
        })
    }

    /// Keeps of each text only the passages around findings.
    #[must_use]
    pub const fn without_texts(mut self) -> Self {
        self.keep_texts = false;
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
        let seconds = self.run(inputs, observer, &mut |some| {
            analyses.extend(some);
            Ok(())
        });
        Outcome {
            analyses,
            seconds: seconds.unwrap_or_default(),
        }
    }

    /// Reads and analyses all inputs and hands the analyses over in windows, so that memory stays bounded. What is handed over, and
    /// in which order, does not depend on the number of threads.
    ///
    /// # Errors
    /// What `sink` answers first; the rest is then left.
    pub fn run(
        &self,
        inputs: &[Input],
        observer: &dyn Observer,
        sink: &mut Sink<'_>,
    ) -> Result<StageSeconds> {
        let watch = Watch::default();
        // One window is handed over while the next one is made.
        let (send, receive) = sync_channel::<Vec<Analysis>>(1);
        std::thread::scope(|scope| {
            let make = || {
                self.make(inputs, observer, &watch, &mut |window| {
                    send.send(window).is_ok()
                });
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
    fn make(
        &self,
        inputs: &[Input],
        observer: &dyn Observer,
        watch: &Watch,
        hand_over: &mut dyn FnMut(Vec<Analysis>) -> bool,
    ) {
        let mut rest = inputs;
        while let Some((first, others)) = rest.split_first() {
            let go_on = if source::is_large(first) {
                rest = others;
                self.large(first, observer, watch, hand_over)
            } else {
                let mut bytes = 0;
                let group: usize = rest
                    .iter()
                    .take(GROUP_FILES)
                    .take_while(|input| {
                        bytes += input.size;
                        bytes <= GROUP_BYTES && !source::is_large(input)
                    })
                    .count();
                let (group, others) = rest.split_at(group.max(1));
                rest = others;
                hand_over(self.small(group, observer, watch))
            };
            if !go_on {
                return;
            }
        }
    }

    /// Files side by side.
    fn small(&self, inputs: &[Input], observer: &dyn Observer, watch: &Watch) -> Vec<Analysis> {
        let groups: Vec<Vec<Analysis>> = self.pool.install(|| {
            inputs
                .par_iter()
                .with_max_len(1)
                .map(|input| {
                    let mut analyses = Vec::new();
                    self.windows(input, watch, &mut |window| {
                        analyses.extend(self.analyze_all(window, watch));
                    });
                    observer.input_done(input.size, analyses.len());
                    analyses
                })
                .collect()
        });
        groups.into_iter().flatten().collect()
    }

    /// One file with many documents, window by window; the analyses of a window are made side by side.
    fn large(
        &self,
        input: &Input,
        observer: &dyn Observer,
        watch: &Watch,
        hand_over: &mut dyn FnMut(Vec<Analysis>) -> bool,
    ) -> bool {
        let (mut count, mut go_on) = (0, true);
        self.windows(input, watch, &mut |window| {
            count += window.len();
            if go_on {
                let analyses = self.pool.install(|| self.analyze_all(window, watch));
                go_on = hand_over(analyses);
            }
        });
        observer.input_done(input.size, count);
        go_on
    }

    /// The documents of one input, window by window: a small file may hold a lot of text, too.
    fn windows(&self, input: &Input, watch: &Watch, each: &mut dyn FnMut(&[Document])) {
        let (mut window, mut bytes) = (Vec::new(), 0);
        let mut elsewhere = Duration::ZERO;
        let start = Instant::now();
        let mut flush = |window: &mut Vec<Document>| {
            let since = Instant::now();
            each(window);
            window.clear();
            elsewhere += since.elapsed();
        };
        self.read_each(input, &mut |document| {
            bytes += document.text.len();
            window.push(document);
            if window.len() >= WINDOW_DOCUMENTS || bytes >= WINDOW_BYTES {
                bytes = 0;
                flush(&mut window);
            }
        });
        flush(&mut window);
        add(&watch.extract, start.elapsed().saturating_sub(elsewhere));
    }

    fn analyze_all(&self, documents: &[Document], watch: &Watch) -> Vec<Analysis> {
        documents
            .par_iter()
            .with_min_len(16)
            .map(|document| {
                let start = Instant::now();
                let mut analysis = self.analyze(document);
                if !self.keep_texts {
                    analysis.cut();
                }
                add(&watch.analyze, start.elapsed());
                analysis
            })
            .collect()
    }

    /// The documents of one input. A panic on the way is a document with its status.
    #[must_use]
    pub fn read(&self, input: &Input) -> Vec<Document> {
        let mut documents = Vec::new();
        self.read_each(input, &mut |document| documents.push(document));
        documents
    }

    /// The documents of one input, one by one; those before a panic stay.
    fn read_each(&self, input: &Input, out: &mut dyn FnMut(Document)) {
        let result = catch_unwind(AssertUnwindSafe(|| source::read(input, self.settings, out)));
        if result.is_err() {
            out(Document::unread(
                &input.shown,
                &input.dossier,
                "",
                Status::Panic,
                FAILED,
            ));
        }
    }

    fn analyze(&self, document: &Document) -> Analysis {
        catch_unwind(AssertUnwindSafe(|| self.analyzer.analyze(document))).unwrap_or_else(|_| {
            let failed = Document::unread(
                &document.path,
                &document.dossier,
                &document.format,
                Status::Panic,
                "the program failed while analysing this document; please report it without the document",
            );
            self.analyzer.analyze(&failed)
        })
    }
}
