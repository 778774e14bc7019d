//! Styles of a Word file, as far as they make list items and headings, and the values of properties.

use std::collections::HashMap;

use crate::extract::xml::{Event, Tag, Xml};

/// Paragraph styles that make list items, and headings.
#[derive(Default)]
pub(super) struct Styles(HashMap<String, Style>);

#[derive(Clone, Default)]
struct Style {
    base: String,
    /// Id of its list; `0` for none.
    list: Option<String>,
    level: Option<usize>,
    is_heading: bool,
}

impl Styles {
    pub(super) fn read(text: &str) -> Self {
        let (mut styles, mut id, mut style) = (HashMap::new(), String::new(), Style::default());
        for event in Xml::new(text) {
            match event {
                Event::Open(tag) => match tag.name() {
                    "style" => {
                        id = tag.attribute("styleId").unwrap_or_default();
                        style = Style::default();
                    }
                    "name" => style.is_heading |= is_heading(&value(&tag)),
                    "basedOn" => style.base = value(&tag),
                    "numId" => style.list = Some(value(&tag)),
                    "ilvl" => style.level = value(&tag).parse().ok(),
                    "outlineLvl" => style.is_heading = true,
                    _ => {}
                },
                Event::Close(name) if name == "style" => {
                    styles.insert(std::mem::take(&mut id), std::mem::take(&mut style));
                }
                _ => {}
            }
        }
        Self(styles)
    }

    /// The list and level of paragraphs in this style, and whether they are headings.
    pub(super) fn of(&self, id: &str) -> (Option<&String>, Option<usize>, bool) {
        let (mut id, mut list, mut level, mut heading) = (id, None, None, is_heading(id));
        for _ in 0..10 {
            let Some(style) = self.0.get(id) else {
                break;
            };
            list = list.or(style.list.as_ref());
            level = level.or(style.level);
            heading |= style.is_heading;
            id = &style.base;
        }
        (list, level, heading)
    }
}

fn is_heading(name: &str) -> bool {
    let name = name.to_lowercase();
    ["heading", "kop", "title", "titel"].iter().any(|h| {
        name.strip_prefix(h)
            .is_some_and(|rest| rest.trim().chars().all(|c| c.is_ascii_digit()))
    })
}

/// The value of a property.
pub(super) fn value(tag: &Tag<'_>) -> String {
    tag.attribute("val").unwrap_or_default()
}

/// Whether a switch is on; one without value is.
pub(super) fn is_on(tag: &Tag<'_>) -> bool {
    !matches!(&*value(tag), "0" | "false" | "off")
}
