//! A stretch to be masked, and the text with all of them masked.

use crate::span::Span;

/// What a stretch identifies somebody by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Name of a person.
    Name,
    /// Citizen service number.
    Bsn,
    /// Date of birth, with its place.
    Birth,
    /// Telephone number.
    Phone,
    /// Mail address.
    Mail,
    /// Postcode without an address.
    Postcode,
    /// Bank account.
    Iban,
    /// Web address.
    Url,
    /// Name on a social network.
    Account,
    /// Street and number, with postcode and town where they follow.
    Address,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Name,
        Self::Bsn,
        Self::Birth,
        Self::Phone,
        Self::Mail,
        Self::Postcode,
        Self::Iban,
        Self::Url,
        Self::Account,
        Self::Address,
    ];

    /// What stands in the text instead.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Name => "[naam]",
            Self::Bsn => "[bsn]",
            Self::Birth => "[geboortedatum]",
            Self::Phone => "[telefoon]",
            Self::Mail => "[e-mail]",
            Self::Postcode => "[postcode]",
            Self::Iban => "[iban]",
            Self::Url => "[url]",
            Self::Account => "[account]",
            Self::Address => "[adres]",
        }
    }
}

/// A stretch to be masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mask {
    pub(super) span: Span,
    pub(super) kind: Kind,
}

/// Of masks that overlap the longest, in order of place.
pub(super) fn settle(mut masks: Vec<Mask>) -> Vec<Mask> {
    masks.retain(|m| !m.span.is_empty());
    masks.sort_by_key(|m| (std::cmp::Reverse(m.span.len()), m.span.start, m.kind));
    let mut kept: std::collections::BTreeMap<usize, Mask> = std::collections::BTreeMap::new();
    for mask in masks {
        let before = kept.range(..mask.span.end).next_back();
        if before.is_none_or(|(_, b)| b.span.end <= mask.span.start) {
            kept.insert(mask.span.start, mask);
        }
    }
    kept.into_values().collect()
}

/// The text with tags for the masks, which are in order and apart.
pub(super) fn write(text: &str, masks: &[Mask]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for mask in masks {
        out.push_str(Span::new(at, mask.span.start.max(at)).slice(text));
        out.push_str(mask.kind.tag());
        at = mask.span.end;
    }
    out.push_str(Span::new(at, text.len().max(at)).slice(text));
    out
}

/// Stands for each byte of a tag: no rule looks into tags or past them.
pub(super) const BARRIER: char = '\u{1}';

/// The text with its tags made unreadable, byte by byte.
pub(super) fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let tag = Kind::ALL
            .iter()
            .map(|k| k.tag())
            .find(|t| from.starts_with(t));
        let length = tag.map_or(1, str::len);
        match tag {
            Some(_) => out.extend(std::iter::repeat_n(BARRIER, length)),
            None => out.push('['),
        }
        rest = from.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_of_overlapping_masks_wins() {
        let mask = |start, end, kind| Mask {
            span: Span::new(start, end),
            kind,
        };
        let masks = settle(vec![
            mask(0, 3, Kind::Name),
            mask(2, 9, Kind::Mail),
            mask(8, 12, Kind::Phone),
            mask(12, 14, Kind::Bsn),
        ]);
        assert_eq!(masks.len(), 2);
        assert_eq!(write("abcdefghijklmnop", &masks), "ab[e-mail]jkl[bsn]op");
    }

    #[test]
    fn tags_are_hidden_byte_by_byte() {
        let text = "a [naam] [x] [e-mail";
        let hidden = without_tags(text);
        assert_eq!(hidden.len(), text.len());
        assert!(hidden.ends_with(" [x] [e-mail") && !hidden.contains("naam"));
    }
}
