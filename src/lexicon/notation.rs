//! The pattern notation of the lexicon, read into a tree.
//!
//! `lexicons/README.md` explains it to the people who write terms; this parser is its only reader.

use serde::{Deserialize, Serialize};

use crate::text::fold;

/// One pattern as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// Parts joined by `&`; nearly always one.
    pub parts: Vec<Vec<Item>>,
}

/// A piece of a pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    /// One word, folded.
    Word(String),
    /// A compound part, folded.
    Compound {
        /// Something may stand before it in the word.
        before: bool,
        /// What the part is.
        stem: Stem,
        /// Something may stand after it in the word.
        after: bool,
    },
    /// Forms of these lemmas.
    Lemma(Vec<String>),
    /// A word class by name.
    Class(String),
    /// Alternatives; an empty one makes the item optional.
    Alternatives(Vec<Vec<Item>>),
    /// In quotation marks.
    Quoted(Vec<Item>),
    /// At most `max` words between, in the same clause or sentence.
    Gap {
        /// Most words between.
        max: u8,
        /// May cross clause borders.
        sentence: bool,
    },
    /// `#name` with an optional bound.
    Recogniser {
        /// The name, without `#`.
        name: String,
        /// The bound on its value.
        bound: Bound,
    },
}

/// What stands beside the `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Stem {
    /// A literal.
    Word(String),
    /// Forms of these lemmas.
    Lemma(Vec<String>),
}

/// Inclusive bounds on a recogniser's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bound {
    /// Smallest value.
    pub min: u32,
    /// Largest value.
    pub max: u32,
}

impl Bound {
    /// Any value.
    pub const ANY: Self = Self {
        min: 0,
        max: u32::MAX,
    };

    /// Whether the value lies within.
    #[must_use]
    pub const fn holds(self, value: u32) -> bool {
        self.min <= value && value <= self.max
    }
}

/// Longest gap of `..` without a number.
pub const GAP: u8 = 6;
/// Longest gap of `...`.
pub const SENTENCE_GAP: u8 = 25;

/// What is wrong with a pattern, and where (code points from 0).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Place in the pattern.
    pub at: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads a pattern.
///
/// # Errors
/// The first problem found, with its place.
pub fn parse(pattern: &str) -> Result<Pattern, Problem> {
    let mut parser = Parser {
        chars: pattern.chars().collect(),
        at: 0,
    };
    let mut parts = Vec::new();
    loop {
        let items = parser.sequence(0)?;
        if items.is_empty() || items.iter().all(|i| matches!(i, Item::Gap { .. })) {
            return Err(parser.problem("nothing to match here"));
        }
        if matches!(items.first(), Some(Item::Gap { .. }))
            || matches!(items.last(), Some(Item::Gap { .. }))
        {
            return Err(parser.problem("a gap must stand between two things"));
        }
        parts.push(items);
        match parser.peek() {
            Some('&') => parser.at += 1,
            None => break,
            Some(c) => return Err(parser.problem(&format!("unexpected `{c}`"))),
        }
    }
    Ok(Pattern { parts })
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn problem(&self, message: &str) -> Problem {
        Problem {
            at: self.at,
            message: message.to_owned(),
        }
    }

    fn eat(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c);
        if hit {
            self.at += 1;
        }
        hit
    }

    fn expect(&mut self, c: char) -> Result<(), Problem> {
        if self.eat(c) {
            Ok(())
        } else {
            Err(self.problem(&format!("`{c}` is missing")))
        }
    }

    fn until(&mut self, end: char) -> Result<String, Problem> {
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == end {
                let text = self.chars[start..self.at].iter().collect();
                self.at += 1;
                return Ok(text);
            }
            self.at += 1;
        }
        self.at = start;
        Err(self.problem(&format!("`{end}` is missing")))
    }

    fn sequence(&mut self, depth: usize) -> Result<Vec<Item>, Problem> {
        if depth > 8 {
            return Err(self.problem("nested too deeply"));
        }
        let mut items = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                ' ' | '-' | '/' => self.at += 1,
                '&' if depth == 0 => break,
                '|' | ')' | ']' if depth > 0 => break,
                '(' => {
                    self.at += 1;
                    let alternatives = self.alternatives(depth, ')')?;
                    items.push(Item::Alternatives(alternatives));
                }
                '[' => {
                    self.at += 1;
                    let mut alternatives = self.alternatives(depth, ']')?;
                    alternatives.push(Vec::new());
                    items.push(Item::Alternatives(alternatives));
                }
                '"' => {
                    self.at += 1;
                    let inside = self.until('"')?;
                    let inner = parse(&inside)?;
                    match <[Vec<Item>; 1]>::try_from(inner.parts) {
                        Ok([part]) => items.push(Item::Quoted(part)),
                        Err(_) => {
                            return Err(self.problem("`&` has no place inside quotation marks"));
                        }
                    }
                }
                '<' => {
                    self.at += 1;
                    items.push(Item::Class(self.until('>')?));
                }
                '#' => {
                    self.at += 1;
                    items.push(self.recogniser()?);
                }
                '.' => items.push(self.gap()?),
                '*' | '{' => items.push(self.compound()?),
                c if c.is_alphanumeric() || c == '€' => self.words(&mut items),
                c => return Err(self.problem(&format!("`{c}` has no meaning here"))),
            }
        }
        Ok(items)
    }

    fn alternatives(&mut self, depth: usize, end: char) -> Result<Vec<Vec<Item>>, Problem> {
        let mut list = Vec::new();
        loop {
            let items = self.sequence(depth + 1)?;
            if items.is_empty() {
                return Err(self.problem("an empty alternative; use [...] for something optional"));
            }
            list.push(items);
            if !self.eat('|') {
                break;
            }
        }
        self.expect(end)?;
        Ok(list)
    }

    fn gap(&mut self) -> Result<Item, Problem> {
        let mut dots = 0;
        while self.eat('.') {
            dots += 1;
        }
        let mut digits = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            digits.push(c);
            self.at += 1;
        }
        let number = if digits.is_empty() {
            None
        } else {
            Some(
                digits
                    .parse()
                    .map_err(|_| self.problem("a gap is at most 40 words"))?,
            )
        };
        match (dots, number) {
            (2, n) => Ok(Item::Gap {
                max: n.unwrap_or(GAP).min(40),
                sentence: false,
            }),
            (3, n) => Ok(Item::Gap {
                max: n.unwrap_or(SENTENCE_GAP).min(40),
                sentence: true,
            }),
            _ => Err(self.problem("a gap is `..`, `..4` or `...`")),
        }
    }

    fn recogniser(&mut self) -> Result<Item, Problem> {
        let start = self.at;
        while self.peek().is_some_and(char::is_alphabetic) {
            self.at += 1;
        }
        let name: String = self.chars[start..self.at].iter().collect();
        let mut operator = String::new();
        while let Some(c) = self.peek().filter(|c| matches!(c, '>' | '<' | '=')) {
            operator.push(c);
            self.at += 1;
        }
        let mut digits = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            digits.push(c);
            self.at += 1;
        }
        let value = digits.parse().unwrap_or(0);
        let bound = match operator.as_str() {
            "" if digits.is_empty() => Bound::ANY,
            ">=" if !digits.is_empty() => Bound {
                min: value,
                max: u32::MAX,
            },
            "<=" if !digits.is_empty() => Bound { min: 0, max: value },
            "=" if !digits.is_empty() => Bound {
                min: value,
                max: value,
            },
            _ => return Err(self.problem("a bound is `>=5`, `<=5` or `=5`")),
        };
        Ok(Item::Recogniser { name, bound })
    }

    fn compound(&mut self) -> Result<Item, Problem> {
        let before = self.eat('*');
        let stem = if self.eat('{') {
            let names = self.until('}')?;
            Stem::Lemma(names.split('|').map(|n| n.trim().to_lowercase()).collect())
        } else {
            let mut list = Vec::new();
            self.words(&mut list);
            match list.as_slice() {
                [Item::Word(word)] => Stem::Word(word.clone()),
                [
                    Item::Compound {
                        before: false,
                        stem: Stem::Word(word),
                        after: true,
                    },
                ] => {
                    return Ok(Item::Compound {
                        before,
                        stem: Stem::Word(word.clone()),
                        after: true,
                    });
                }
                _ => return Err(self.problem("`*` needs one word or {word} beside it")),
            }
        };
        let after = self.eat('*');
        Ok(match stem {
            Stem::Lemma(names) if !before && !after => Item::Lemma(names),
            stem => Item::Compound {
                before,
                stem,
                after,
            },
        })
    }

    /// A run of letters and digits; cut the same way as texts are.
    fn words(&mut self, items: &mut Vec<Item>) {
        let start = self.at;
        while self
            .peek()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}' | '€'))
        {
            self.at += 1;
        }
        let run: String = self.chars[start..self.at].iter().collect();
        let folded = fold(&run);
        let mut word = String::new();
        for c in folded.chars() {
            let digit = c.is_ascii_digit();
            if !c.is_alphanumeric() || word.ends_with(|p: char| p.is_ascii_digit() != digit) {
                if !word.is_empty() {
                    items.push(Item::Word(std::mem::take(&mut word)));
                }
                if !c.is_alphanumeric() {
                    continue;
                }
            }
            word.push(c);
        }
        if !word.is_empty() {
            if self.eat('*') {
                items.push(Item::Compound {
                    before: false,
                    stem: Stem::Word(word),
                    after: true,
                });
            } else {
                items.push(Item::Word(word));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(w: &str) -> Item {
        Item::Word(w.to_owned())
    }

    #[test]
    fn parse_rows() {
        let check = |pattern: &str, expected: Vec<Item>| {
            assert_eq!(parse(pattern).unwrap().parts, [expected], "{pattern}")
        };
        check(
            "dure merk-kleding",
            vec![word("dure"), word("merk"), word("kleding")],
        );
        check("3mmc", vec![word("3"), word("mmc")]);
        check(
            "{weglopen|verdwijnen}",
            vec![Item::Lemma(vec!["weglopen".into(), "verdwijnen".into()])],
        );
        check(
            "loverboy*",
            vec![Item::Compound {
                before: false,
                stem: Stem::Word("loverboy".into()),
                after: true,
            }],
        );
        check(
            "*{telefoon}",
            vec![Item::Compound {
                before: true,
                stem: Stem::Lemma(vec!["telefoon".into()]),
                after: false,
            }],
        );
        check(
            "*drugs*",
            vec![Item::Compound {
                before: true,
                stem: Stem::Word("drugs".into()),
                after: true,
            }],
        );
        check(
            "a .. b ..3 c ... d",
            vec![
                word("a"),
                Item::Gap {
                    max: 6,
                    sentence: false,
                },
                word("b"),
                Item::Gap {
                    max: 3,
                    sentence: false,
                },
                word("c"),
                Item::Gap {
                    max: 25,
                    sentence: true,
                },
                word("d"),
            ],
        );
        check(
            "[van hem] (x|y z)",
            vec![
                Item::Alternatives(vec![vec![word("van"), word("hem")], vec![]]),
                Item::Alternatives(vec![vec![word("x")], vec![word("y"), word("z")]]),
            ],
        );
        check(
            "vriend van #leeftijd>=18",
            vec![
                word("vriend"),
                word("van"),
                Item::Recogniser {
                    name: "leeftijd".into(),
                    bound: Bound {
                        min: 18,
                        max: u32::MAX,
                    },
                },
            ],
        );
        check("\"werken\"", vec![Item::Quoted(vec![word("werken")])]);
        assert_eq!(parse("<klant> & <hotel>").unwrap().parts.len(), 2);
    }

    #[test]
    fn parse_refuses() {
        for pattern in [
            "",
            "..",
            "a ..",
            "(a",
            "a)",
            "{x",
            "<y",
            "a & ",
            "[]",
            "(a|)",
            "#leeftijd>",
            "a . b",
            "%",
        ] {
            assert!(parse(pattern).is_err(), "{pattern}");
        }
    }
}
