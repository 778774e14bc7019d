//! The compressed RTF of Outlook messages (`LZFu`, MS-OXRTFCP).

/// What every text may refer back to.
const START: &[u8] = b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const WINDOW: usize = 4096;

/// Unpacks at most `limit` bytes, as far as the data goes; `None` for what is no such data.
pub(in crate::extract) fn unpack(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let number = |at: usize| {
        let field = bytes.get(at..at + 4)?;
        Some(
            field
                .iter()
                .rev()
                .fold(0_usize, |n, b| n << 8 | usize::from(*b)),
        )
    };
    let size = number(4)?.min(limit);
    let data = bytes.get(16..)?;
    match bytes.get(8..12)? {
        b"MELA" => return Some(data.get(..size).unwrap_or(data).to_vec()),
        b"LZFu" => {}
        _ => return None,
    }
    let mut window = vec![0; WINDOW];
    window.iter_mut().zip(START).for_each(|(w, b)| *w = *b);
    let mut write = START.len();
    let mut out = Vec::new();
    let mut data = data.iter().copied();
    'all: while let Some(control) = data.next() {
        for bit in 0..8 {
            if out.len() >= size {
                break 'all;
            }
            let Some(first) = data.next() else {
                break 'all;
            };
            if control >> bit & 1 == 0 {
                put(first, &mut window, &mut write, &mut out);
                continue;
            }
            let Some(second) = data.next() else {
                break 'all;
            };
            let from = usize::from(first) << 4 | usize::from(second) >> 4;
            // A reference to where the next byte goes ends the data.
            if from == write {
                break 'all;
            }
            for step in 0..usize::from(second & 0xF) + 2 {
                let byte = window.get((from + step) % WINDOW).copied().unwrap_or(0);
                put(byte, &mut window, &mut write, &mut out);
            }
        }
    }
    Some(out)
}

fn put(byte: u8, window: &mut [u8], write: &mut usize, out: &mut Vec<u8>) {
    if let Some(slot) = window.get_mut(*write) {
        *slot = byte;
    }
    *write = (*write + 1) % WINDOW;
    out.push(byte);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unpack_rows() {
        // Both examples of MS-OXRTFCP.
        let simple = b"\x2d\x00\x00\x00\x2b\x00\x00\x00LZFu\xf1\xc5\xc7\xa7\x03\x00\x0a\x00rcpg125\x42\x32\x0a\xf3\x20hel\x09\x00\x20bw\x05\xb0ld}\x0a\x80\x0f\xa0";
        let text = unpack(simple, 1 << 20).unwrap();
        assert_eq!(text, b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        let crossing = b"\x1a\x00\x00\x00\x1c\x00\x00\x00LZFu\xe2\xd4\x4b\x51\x41\x00\x04\x20WXYZ\x0d\x6e}\x01\x0e\xb0";
        let text = unpack(crossing, 1 << 20).unwrap();
        assert_eq!(text, b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
        assert_eq!(
            unpack(b"xxxx\x02\x00\x00\x00MELAyyyyabc", 9).unwrap(),
            b"ab"
        );
        assert_eq!(unpack(b"rommel", 9), None);
        for n in 0..simple.len() {
            unpack(&simple[..n], 1 << 20);
        }
        assert_eq!(unpack(simple, 10).map(|t| t.len() < 40), Some(true));
    }
}
