//! The limits of one PDF and the account of what has been used of them.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

/// Limits of one PDF; all explicit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Limits {
    /// Largest decompressed size of one stream, in bytes.
    pub max_stream_bytes: usize,
    /// Largest sum of the decompressed streams of one file, in bytes.
    pub max_file_stream_bytes: usize,
    /// Most pages read of one file.
    pub max_pages: usize,
    /// Most content operators and glyphs of one page.
    pub max_operators: usize,
    /// Deepest nesting of form objects.
    pub max_form_depth: usize,
    /// Most form objects drawn on one page.
    pub max_forms_per_page: usize,
    /// Time one document may take.
    pub deadline: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_stream_bytes: 30 << 20,
            max_file_stream_bytes: 512 << 20,
            max_pages: 5_000,
            max_operators: 5_000_000,
            max_form_depth: 12,
            max_forms_per_page: 2_000,
            deadline: Duration::from_secs(60),
        }
    }
}

/// A limit that was reached, in the words of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    StreamBytes,
    FileStreamBytes,
    Pages,
    Operators,
    FormDepth,
    Forms,
    Deadline,
}

impl Limit {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::StreamBytes => "stream larger than the limit",
            Self::FileStreamBytes => "streams of the file together larger than the limit",
            Self::Pages => "more pages than the limit",
            Self::Operators => "more operators on a page than the limit",
            Self::FormDepth => "form objects nested deeper than the limit",
            Self::Forms => "more form objects on a page than the limit",
            Self::Deadline => "time limit of the document reached",
        }
    }
}

/// What one document has used of its limits.
#[derive(Debug)]
pub(super) struct Budget {
    limits: Limits,
    start: Instant,
    stream_bytes: usize,
    operators: usize,
    forms: usize,
    next_clock: usize,
    hit: Vec<Limit>,
    /// The limit that was reached on the page being read.
    page_hit: Option<Limit>,
    /// Whether a stream of the page being read is damaged.
    page_damaged: bool,
}

/// Operators between two looks at the clock.
const CLOCK_STEP: usize = 4_096;

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: limits.clone(),
            start: Instant::now(),
            stream_bytes: 0,
            operators: 0,
            forms: 0,
            next_clock: 0,
            hit: Vec::new(),
            page_hit: None,
            page_damaged: false,
        }
    }

    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Begins another way of reading the same file; only the clock goes on.
    pub(super) fn begin_attempt(&mut self) {
        self.stream_bytes = 0;
        self.hit.clear();
        self.begin_page();
    }

    pub(super) fn begin_page(&mut self) {
        self.operators = 0;
        self.forms = 0;
        self.next_clock = 0;
        self.page_hit = None;
        self.page_damaged = false;
    }

    pub(super) fn page_hit(&self) -> Option<Limit> {
        self.page_hit
    }

    /// Notes that a stream of the page is damaged.
    pub(super) fn damage(&mut self) {
        self.page_damaged = true;
    }

    pub(super) fn page_damaged(&self) -> bool {
        self.page_damaged
    }

    /// Notes that a limit was reached.
    pub(super) fn hit(&mut self, limit: Limit) {
        self.page_hit.get_or_insert(limit);
        if !self.hit.contains(&limit) {
            self.hit.push(limit);
        }
    }

    pub(super) fn hits(&self) -> Vec<String> {
        self.hit.iter().map(|l| l.as_str().to_owned()).collect()
    }

    pub(super) fn out_of_time(&self) -> bool {
        self.start.elapsed() >= self.limits.deadline
    }

    /// Accounts for `n` operators or glyphs; false when the page has to stop.
    pub(super) fn work(&mut self, n: usize) -> bool {
        self.operators = self.operators.saturating_add(n);
        if self.operators > self.limits.max_operators {
            self.hit(Limit::Operators);
            return false;
        }
        if self.operators >= self.next_clock {
            self.next_clock = self.operators.saturating_add(CLOCK_STEP);
            if self.out_of_time() {
                self.hit(Limit::Deadline);
                return false;
            }
        }
        true
    }

    /// Accounts for one form object at `depth`; false when it must not be drawn.
    pub(super) fn form(&mut self, depth: usize) -> bool {
        self.forms = self.forms.saturating_add(1);
        if depth > self.limits.max_form_depth {
            self.hit(Limit::FormDepth);
            return false;
        }
        if self.forms > self.limits.max_forms_per_page {
            self.hit(Limit::Forms);
            return false;
        }
        true
    }

    /// The bytes the next stream may decompress to.
    pub(super) fn stream_room(&self) -> usize {
        let left = self
            .limits
            .max_file_stream_bytes
            .saturating_sub(self.stream_bytes);
        left.min(self.limits.max_stream_bytes)
    }

    /// Accounts for the decompressed bytes of a stream.
    pub(super) fn stream(&mut self, bytes: usize) {
        self.stream_bytes = self.stream_bytes.saturating_add(bytes);
    }

    /// Notes a stream that did not fit in [`Budget::stream_room`].
    pub(super) fn stream_too_large(&mut self) {
        let left = self
            .limits
            .max_file_stream_bytes
            .saturating_sub(self.stream_bytes);
        // The attempt cost that much work, whatever came of it.
        let room = self.stream_room();
        self.stream(room);
        self.hit(if left < self.limits.max_stream_bytes {
            Limit::FileStreamBytes
        } else {
            Limit::StreamBytes
        });
    }
}
