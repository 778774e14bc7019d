//! Messages: `eml` (and `mbox`, many of them) known by their `headers` and cut into parts by `mime`, `msg` of Outlook with its `lzfu`; both become a `letter`, in which `quoting`
//! marks what is quoted from another one.

pub(in crate::extract) mod eml;
mod headers;
mod letter;
mod lzfu;
pub(in crate::extract) mod mbox;
mod mime;
pub(in crate::extract) mod msg;
mod quoting;
