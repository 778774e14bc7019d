//! The headers of a message: by them a file is known for one.

/// Headers that only mail programs write, and those that people may write too.
const SURE: &[&str] = &[
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "delivered-to",
    "dkim-signature",
    "content-transfer-encoding",
    "x-mailer",
    "thread-index",
    "in-reply-to",
    "authentication-results",
    "user-agent",
    "references",
    "x-originating-ip",
    "received-spf",
];
const COMMON: &[&str] = &[
    "from", "to", "subject", "date", "cc", "bcc", "reply-to", "sender",
];
/// Bytes that are looked at.
const HEAD: usize = 8192;

/// From the first line that is not empty.
pub(super) fn from_text(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let start = bytes.iter().position(|b| !matches!(b, b'\r' | b'\n'));
    bytes.get(start.unwrap_or(0)..).unwrap_or(bytes)
}

/// Whether a file begins with the headers of a message.
pub(super) fn begins_with_headers(bytes: &[u8]) -> bool {
    let bytes = from_text(bytes);
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    let (mut sure, mut common, mut address) = (0, 0, false);
    for line in head.split_inclusive(|b| *b == b'\n') {
        if line.trim_ascii().is_empty() {
            break;
        }
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            if sure + common == 0 {
                return false;
            }
            continue;
        }
        let Some(colon) = line.iter().position(|b| *b == b':') else {
            // The last line may have been cut off.
            if line.ends_with(b"\n") {
                return false;
            }
            break;
        };
        let name = line.get(..colon).unwrap_or_default();
        let is_name = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        if name.is_empty() || !name.iter().all(is_name) {
            return false;
        }
        let name = String::from_utf8_lossy(name).to_lowercase();
        if SURE.contains(&name.as_str()) {
            sure += 1;
        } else if COMMON.contains(&name.as_str()) {
            common += 1;
            address |= name == "from" && line.contains(&b'@');
        }
    }
    sure >= 1 && sure + common >= 2 || common >= 3 && address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn begins_with_headers_rows() {
        for (text, expected) in [
            (
                "Datum: 12-3\nVan: begeleider\nAan: team\n\nCl. was moe.",
                false,
            ),
            ("Date: 12-3\nFrom: Jan\nTo: team\n\nx", false),
            ("Subject: x\n\ny", false),
            ("\r\n\nFrom: Jan <j@x.nl>\nTo: team\nSubject: x\n\ny", true),
            ("\n\nCl. was moe.\nSubject: x", false),
            ("From: Jan <j@x.nl>\nTo: team\nSubject: x\n\ny", true),
            ("Received: from a\n by b\nDate: x\n\ny", true),
            (
                "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\ny",
                true,
            ),
            (
                "Hallo\nMIME-Version: 1.0\nContent-Type: text/plain\n\ny",
                false,
            ),
        ] {
            assert_eq!(begins_with_headers(text.as_bytes()), expected, "{text}");
        }
    }
}
