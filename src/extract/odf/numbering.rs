//! How the lists of an OpenDocument text are counted.

use std::collections::HashMap;

use crate::extract::numerals::{self, Style};
use crate::extract::xml::{Event, Xml};

#[derive(Clone, Debug)]
struct Level {
    style: Style,
    before: String,
    after: String,
    start: u32,
    /// How many levels a number shows.
    shown: usize,
}

/// The levels that are counted, by the name of the list's style and the level from 1. All others have bullets.
#[derive(Debug, Default)]
pub(in crate::extract) struct Numbering(HashMap<(String, usize), Level>);

impl Numbering {
    /// Adds the list styles of a part.
    pub(in crate::extract) fn read(&mut self, text: &str) {
        let mut name = String::new();
        for event in Xml::new(text) {
            let Event::Open(tag) = event else { continue };
            let number = |name: &str| tag.attribute(name).and_then(|n| n.parse().ok());
            match tag.name() {
                "list-style" => name = tag.attribute("name").unwrap_or_default(),
                "list-level-style-number" => {
                    let style = match tag.attribute("num-format").as_deref() {
                        None | Some("") => continue,
                        Some("a") => Style::Letter,
                        Some("A") => Style::CapitalLetter,
                        Some("i") => Style::Roman,
                        Some("I") => Style::CapitalRoman,
                        Some(_) => Style::Decimal,
                    };
                    let level = Level {
                        style,
                        before: tag.attribute("num-prefix").unwrap_or_default(),
                        after: tag.attribute("num-suffix").unwrap_or_default(),
                        start: number("start-value").unwrap_or(1),
                        shown: number("display-levels").map_or(1, |n: u32| n as usize),
                    };
                    let at = number("level").map_or(1, |n: u32| n as usize);
                    self.0.insert((name.clone(), at), level);
                }
                // The contents begin; what comes now is read by others.
                "text" | "spreadsheet" | "presentation" => break,
                _ => {}
            }
        }
    }

    /// The first number of a list at a level, from 1.
    pub(in crate::extract) fn start(&self, name: &str, level: usize) -> u32 {
        let found = self.0.get(&(name.to_owned(), level));
        found.map_or(1, |l| l.start)
    }

    /// What stands before an item: `counts` has the numbers of all open lists, the innermost last.
    pub(in crate::extract) fn mark(&self, name: &str, counts: &[u32]) -> String {
        let of = |level: usize| self.0.get(&(name.to_owned(), level));
        let Some(own) = of(counts.len()) else {
            return "-".to_owned();
        };
        let first = counts.len().saturating_sub(own.shown.max(1));
        let numbers: Vec<String> = counts
            .iter()
            .enumerate()
            .skip(first)
            .map(|(n, count)| {
                numerals::write(*count, of(n + 1).map_or(Style::Decimal, |l| l.style))
            })
            .collect();
        let text = format!("{}{}{}", own.before, numbers.join("."), own.after);
        text.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_as_shown() {
        let mut numbering = Numbering::default();
        numbering.read(
            "<a><text:list-style style:name='L1'><text:list-level-style-number text:level='1' style:num-format='1' style:num-suffix='.'/>\
             <text:list-level-style-number text:level='2' style:num-format='a' style:num-suffix=')' text:display-levels='2' text:start-value='3'/>\
             <text:list-level-style-bullet text:level='3'/></text:list-style></a>",
        );
        assert_eq!(numbering.mark("L1", &[2]), "2.");
        assert_eq!(numbering.mark("L1", &[2, 3]), "2.c)");
        assert_eq!(numbering.mark("L1", &[2, 3, 1]), "-");
        assert_eq!(numbering.mark("L2", &[1]), "-");
        assert_eq!(numbering.start("L1", 2), 3);
    }
}
