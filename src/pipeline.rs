//! Many inputs at once: reads, analyses, keeps the order, and never stops for one bad document.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use rayon::prelude::*;

use crate::analyze::{Analysis, Analyzer};
use crate::document::{Document, Status};
use crate::error::{Error, Result};
use crate::extract::Settings;
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

/// What a run gives.
#[derive(Debug, Default)]
pub struct Outcome {
    /// One analysis a document, in the order of the inputs.
    pub analyses: Vec<Analysis>,
    /// Time per stage.
    pub seconds: StageSeconds,
}

/// Stack of a worker; nested PDF forms and the like need more than the default.
const STACK: usize = 8 * 1024 * 1024;

/// Inputs to analyses with a fixed number of threads.
#[derive(Debug)]
pub struct Pipeline<'a> {
    analyzer: &'a Analyzer,
    settings: &'a Settings,
    pool: rayon::ThreadPool,
    keep_texts: bool,
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

    /// Lets go of each text once it is analysed: no report shows it.
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

    /// Reads and analyses all inputs. The result does not depend on the number of threads.
    #[must_use]
    pub fn run(&self, inputs: &[Input], observer: &dyn Observer) -> Outcome {
        let extract_time = AtomicU64::new(0);
        let analyze_time = AtomicU64::new(0);
        let timed = |counter: &AtomicU64, since: Instant| {
            counter.fetch_add(
                u64::try_from(since.elapsed().as_nanos()).unwrap_or(u64::MAX),
                Ordering::Relaxed,
            );
        };
        let groups: Vec<Vec<Analysis>> = self.pool.install(|| {
            inputs
                .par_iter()
                .with_max_len(1)
                .map(|input| {
                    let start = Instant::now();
                    let documents = self.read(input);
                    timed(&extract_time, start);
                    let analyses: Vec<Analysis> = documents
                        .par_iter()
                        .with_min_len(16)
                        .map(|document| {
                            let start = Instant::now();
                            let mut analysis = self.analyze(document);
                            if !self.keep_texts {
                                analysis.text = String::new();
                            }
                            timed(&analyze_time, start);
                            analysis
                        })
                        .collect();
                    observer.input_done(input.size, analyses.len());
                    analyses
                })
                .collect()
        });
        let seconds = |counter: &AtomicU64| counter.load(Ordering::Relaxed) as f64 / 1e9;
        Outcome {
            analyses: groups.into_iter().flatten().collect(),
            seconds: StageSeconds {
                extract: seconds(&extract_time),
                analyze: seconds(&analyze_time),
            },
        }
    }

    /// The documents of one input. A panic on the way is a document with its status.
    #[must_use]
    pub fn read(&self, input: &Input) -> Vec<Document> {
        let mut documents = Vec::new();
        let result = catch_unwind(AssertUnwindSafe(|| {
            let mut list = Vec::new();
            source::read(input, self.settings, &mut |document| list.push(document));
            list
        }));
        match result {
            Ok(list) => documents.extend(list),
            Err(_) => documents.push(Document::unread(
                &input.shown,
                &input.dossier,
                "",
                Status::Panic,
                "the program failed while reading this file; please report it without the file",
            )),
        }
        documents
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
