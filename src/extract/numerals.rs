//! Numbers that list items and headings are counted by.

/// How a number is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Style {
    /// 1, 2, 3.
    #[default]
    Decimal,
    /// a, b, c; after z comes aa.
    Letter,
    /// A, B, C.
    CapitalLetter,
    /// i, ii, iii.
    Roman,
    /// I, II, III.
    CapitalRoman,
}

/// The number in its style; from 1.
pub(super) fn write(number: u32, style: Style) -> String {
    match style {
        Style::Decimal => number.to_string(),
        Style::Letter => letters(number),
        Style::CapitalLetter => letters(number).to_uppercase(),
        Style::Roman => roman(number),
        Style::CapitalRoman => roman(number).to_uppercase(),
    }
}

fn letters(number: u32) -> String {
    let Some(n) = number.checked_sub(1) else {
        return "0".to_owned();
    };
    let letter = u8::try_from(n % 26).map_or('a', |n| char::from(b'a' + n));
    // As word processors go on: z, aa, bb.
    let times = usize::try_from(n / 26 + 1).unwrap_or(1).min(8);
    letter.to_string().repeat(times)
}

fn roman(number: u32) -> String {
    const PARTS: [(u32, &str); 13] = [
        (1000, "m"),
        (900, "cm"),
        (500, "d"),
        (400, "cd"),
        (100, "c"),
        (90, "xc"),
        (50, "l"),
        (40, "xl"),
        (10, "x"),
        (9, "ix"),
        (5, "v"),
        (4, "iv"),
        (1, "i"),
    ];
    if number == 0 || number > 3999 {
        return number.to_string();
    }
    let mut left = number;
    let mut text = String::new();
    for (value, part) in PARTS {
        while left >= value {
            text.push_str(part);
            left -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn write_rows() {
        for (number, style, expected) in [
            (12, Style::Decimal, "12"),
            (1, Style::Letter, "a"),
            (27, Style::CapitalLetter, "AA"),
            (4, Style::Roman, "iv"),
            (1994, Style::CapitalRoman, "MCMXCIV"),
            (0, Style::Letter, "0"),
            (5000, Style::Roman, "5000"),
        ] {
            assert_eq!(write(number, style), expected);
        }
    }
}
