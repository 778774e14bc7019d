//! Past one machine: the work of a scan as lines in and lines out, for engines that own files, machines and failures.
//!
//! A [`Stream`] answers every line with exactly one [`Row`], in order, in bounded memory; it is what Apache Spark runs for each of its
//! tasks. Without an engine a [`Shard`] is one file of lines with its rows and a word on both, and [`merge`](merge()) joins shards. [`Rows`] takes
//! what either left into a store.

mod import;
mod line;
mod merge;
mod row;
mod schema;
mod shard;
mod sorter;
mod stream;
mod task;

pub use import::Rows;
pub use merge::{Merged, merge};
pub use row::{Code, Engine, Row};
pub use schema::SparkSchema;
pub use shard::Shard;
pub use stream::{Counts, Failure, Stream};

/// The program for Apache Spark that runs [`Stream`]s: PySpark, one file.
pub const SPARK_DRIVER: &str = include_str!("scan_on_spark.py");
