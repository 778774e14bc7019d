//! The numbers of list items and headings in a Word file: it keeps how they are counted, not what they are.

use std::collections::HashMap;

use super::styles::value;
use crate::extract::numerals::{self, Style};
use crate::extract::xml::{Event, Xml};

/// Levels that a list may have.
const LEVELS: usize = 9;

#[derive(Clone, Debug, Default)]
struct Level {
    /// What is written: `%1.%2` is the number of the first level, a point, that of the second.
    text: String,
    /// How this level's number is written; none for a bullet.
    style: Option<Style>,
    start: Option<u32>,
}

/// The lists of a document by their ids.
#[derive(Debug, Default)]
pub(in crate::extract) struct Numbering {
    lists: HashMap<String, Vec<Level>>,
    /// The numbers that each list has come to.
    counters: HashMap<String, [u32; LEVELS]>,
}

fn style(name: &str) -> Option<Style> {
    match name {
        "bullet" | "none" => None,
        "lowerLetter" => Some(Style::Letter),
        "upperLetter" => Some(Style::CapitalLetter),
        "lowerRoman" => Some(Style::Roman),
        "upperRoman" => Some(Style::CapitalRoman),
        _ => Some(Style::Decimal),
    }
}

impl Numbering {
    /// From the part `numbering.xml`.
    pub(in crate::extract) fn read(text: &str) -> Self {
        let mut kinds: HashMap<String, Vec<Level>> = HashMap::new();
        let mut lists = HashMap::new();
        let (mut kind, mut list, mut at) = (String::new(), String::new(), 0);
        let mut levels = vec![Level::default(); LEVELS];
        for event in Xml::new(text) {
            match event {
                Event::Open(tag) => {
                    let number =
                        |name: &str| tag.attribute(name).and_then(|n| n.parse::<u32>().ok());
                    match tag.name() {
                        "abstractNum" => {
                            kind = tag.attribute("abstractNumId").unwrap_or_default();
                            levels = vec![Level::default(); LEVELS];
                        }
                        "num" => {
                            list = tag.attribute("numId").unwrap_or_default();
                            levels = vec![Level::default(); LEVELS];
                        }
                        "abstractNumId" => {
                            levels = kinds.get(&value(&tag)).cloned().unwrap_or(levels);
                        }
                        "lvl" | "lvlOverride" => at = number("ilvl").unwrap_or(0) as usize,
                        name => {
                            let Some(level) = levels.get_mut(at) else {
                                continue;
                            };
                            match name {
                                "numFmt" => level.style = style(&value(&tag)),
                                "lvlText" => level.text = value(&tag),
                                "start" | "startOverride" => level.start = number("val"),
                                _ => {}
                            }
                        }
                    }
                }
                Event::Close(name) => match name.as_str() {
                    "abstractNum" => {
                        kinds.insert(std::mem::take(&mut kind), levels.clone());
                    }
                    "num" => {
                        lists.insert(std::mem::take(&mut list), levels.clone());
                    }
                    _ => {}
                },
                Event::Text(_) => {}
            }
        }
        Self {
            lists,
            counters: HashMap::new(),
        }
    }

    /// What stands before the next paragraph of a list: `2.`, `a)`, or a dash for a bullet.
    pub(in crate::extract) fn next(&mut self, list: &str, level: usize) -> String {
        let dash = || "-".to_owned();
        let Some(levels) = self.lists.get(list) else {
            return dash();
        };
        let level = level.min(LEVELS - 1);
        let start = |n: usize| levels.get(n).and_then(|l| l.start).unwrap_or(1);
        let counters = self
            .counters
            .entry(list.to_owned())
            .or_insert_with(|| std::array::from_fn(|n| start(n).saturating_sub(1)));
        for (n, counter) in counters.iter_mut().enumerate() {
            // The levels below begin anew; one above that was left out counts as begun.
            match n.cmp(&level) {
                std::cmp::Ordering::Less => *counter = (*counter).max(start(n)),
                std::cmp::Ordering::Equal => *counter = counter.saturating_add(1),
                std::cmp::Ordering::Greater => *counter = start(n).saturating_sub(1),
            }
        }
        let Some(own) = levels.get(level) else {
            return dash();
        };
        if own.style.is_none() {
            return dash();
        }
        let mut text = own.text.clone();
        for (n, counter) in counters.iter().enumerate() {
            let style = levels.get(n).and_then(|l| l.style).unwrap_or_default();
            let place = format!("%{}", n + 1);
            if text.contains(&place) {
                text = text.replace(&place, &numerals::write(*counter, style));
            }
        }
        if text.trim().is_empty() {
            dash()
        } else {
            text.trim().to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_count_as_word_shows_them() {
        let level = |n: usize, format: &str, text: &str| {
            format!(
                "<w:lvl w:ilvl='{n}'><w:start w:val='1'/><w:numFmt w:val='{format}'/><w:lvlText w:val='{text}'/></w:lvl>"
            )
        };
        let text = format!(
            "<w:numbering><w:abstractNum w:abstractNumId='0'>{}{}</w:abstractNum><w:abstractNum w:abstractNumId='1'>{}</w:abstractNum>\
             <w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='1'/></w:num>\
             <w:num w:numId='3'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num></w:numbering>",
            level(0, "decimal", "%1."),
            level(1, "lowerLetter", "%1.%2)"),
            level(0, "bullet", "·"),
        );
        let mut numbering = Numbering::read(&text);
        let seen: Vec<String> = [
            ("1", 0),
            ("1", 1),
            ("1", 1),
            ("1", 0),
            ("1", 1),
            ("2", 0),
            ("3", 0),
            ("9", 0),
        ]
        .iter()
        .map(|(list, level)| numbering.next(list, *level))
        .collect();
        assert_eq!(seen, ["1.", "1.a)", "1.b)", "2.", "2.a)", "-", "5.", "-"]);
    }
}
