//! Runs the content of a page: operators in, placed glyphs and image areas out.

use std::collections::HashMap;
use std::rc::Rc;

use lopdf::{Dictionary, Document, Object, Stream};

use super::content::{Token, Tokenizer};
use super::font::Font;
use super::layout::Layout;
use super::limits::Budget;
use super::object::{
    as_dict, decode, get, get_array, get_dict, get_name, get_number, get_numbers, resolve,
};
use super::show::Mark;
use super::state::{GraphicsState, Matrix, StateStack, TextObject, numbers};

/// Most operands kept for one operator.
const MAX_OPERANDS: usize = 100_000;

/// Most images taken from a page.
const MAX_IMAGES: usize = 10_000;

/// Most fonts that are kept ready; few files use as many.
const KEPT_FONTS: usize = 128;

/// The fonts of one document, by the address of their dictionaries.
#[derive(Debug, Default)]
pub(super) struct FontCache {
    fonts: HashMap<usize, Rc<Font>>,
    missing: Option<Rc<Font>>,
}

impl FontCache {
    fn get(&mut self, doc: &Document, dict: &Dictionary, budget: &mut Budget) -> Rc<Font> {
        let key = std::ptr::from_ref(dict).addr();
        if let Some(font) = self.fonts.get(&key) {
            return Rc::clone(font);
        }
        // A joined file has the fonts of all its parts; those of pages gone by are not needed any more.
        if self.fonts.len() >= KEPT_FONTS {
            self.fonts.clear();
        }
        let font = Rc::new(Font::load(doc, dict, budget));
        self.fonts.insert(key, Rc::clone(&font));
        font
    }

    pub(super) fn missing(&mut self) -> Rc<Font> {
        Rc::clone(self.missing.get_or_insert_with(|| Rc::new(Font::missing())))
    }
}

/// What the page shows besides its text.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Facts {
    /// Sum of the areas of the images drawn, in page units.
    pub(super) image_area: f64,
    /// Sum of the pixels of these images.
    pub(super) image_pixels: f64,
    /// Sum of the areas of those among them whose data stands in the content.
    pub(super) inline_area: f64,
    /// Curves drawn.
    pub(super) curves: usize,
    pub(super) glyphs: usize,
    pub(super) invisible_glyphs: usize,
    /// Whether the content ends inside a text object or without an operator, as cut-off content does.
    pub(super) cut: bool,
}

/// Reads one page, or one form of it.
pub(super) struct Interpreter<'d, 'b> {
    pub(super) doc: &'d Document,
    pub(super) fonts: &'b mut FontCache,
    pub(super) budget: &'b mut Budget,
    pub(super) layout: Layout,
    pub(super) facts: Facts,
    pub(super) marks: Vec<Mark>,
    /// The images drawn and their places, where they are asked for.
    pub(super) images: Option<Vec<(&'d Stream, Matrix)>>,
    /// Marks below this were begun outside the form being run.
    mark_floor: usize,
}

impl<'d, 'b> Interpreter<'d, 'b> {
    pub(super) fn new(doc: &'d Document, fonts: &'b mut FontCache, budget: &'b mut Budget) -> Self {
        Self {
            doc,
            fonts,
            budget,
            layout: Layout::default(),
            facts: Facts::default(),
            marks: Vec::new(),
            images: None,
            mark_floor: 0,
        }
    }

    /// Runs content with the resources to look names up in, the nearest last. False when a limit
    /// ended it.
    pub(super) fn run(
        &mut self,
        content: &[u8],
        resources: &[&'d Dictionary],
        ctm: Matrix,
        depth: usize,
    ) -> bool {
        let mut tokenizer = Tokenizer::new(content);
        let mut operands: Vec<Token<'_>> = Vec::new();
        let mut frame = Frame {
            state: GraphicsState::new(ctm),
            text: TextObject::new(),
            stack: StateStack::default(),
        };
        while let Some(token) = tokenizer.next_token() {
            let Token::Operator(op) = token else {
                if operands.len() < MAX_OPERANDS {
                    operands.push(token);
                }
                continue;
            };
            if matches!(op, b"true" | b"false" | b"null") {
                operands.push(Token::Operator(op));
                continue;
            }
            if !self.budget.work(1) {
                return false;
            }
            if op == b"ID" {
                self.inline_image(&operands, frame.state.ctm);
                tokenizer.skip_inline_image();
            } else if !self.operator(op, &operands, &mut frame, resources, depth) {
                return false;
            }
            operands.clear();
        }
        if depth == 0 {
            self.facts.cut = frame.text.open || !operands.is_empty();
            self.marks.clear();
        }
        true
    }

    fn operator(
        &mut self,
        op: &[u8],
        operands: &[Token<'_>],
        frame: &mut Frame,
        resources: &[&'d Dictionary],
        depth: usize,
    ) -> bool {
        let Frame { state, text, stack } = frame;
        let one = || numbers::<1>(operands).map(|[n]| n);
        match op {
            b"Tj" | b"TJ" => return self.show_all(operands, frame),
            b"'" => {
                text.next_line(0.0, -state.leading);
                return self.show_all(operands, frame);
            }
            b"\"" => {
                if let [word, char, ..] = operands {
                    state.word_space = word.number().unwrap_or(state.word_space);
                    state.char_space = char.number().unwrap_or(state.char_space);
                }
                text.next_line(0.0, -state.leading);
                return self.show_all(operands.get(2..).unwrap_or_default(), frame);
            }
            b"Td" => {
                if let Some([x, y]) = numbers(operands) {
                    text.next_line(x, y);
                }
            }
            b"TD" => {
                if let Some([x, y]) = numbers(operands) {
                    state.leading = -y;
                    text.next_line(x, y);
                }
            }
            b"T*" => text.next_line(0.0, -state.leading),
            b"Tm" => {
                if let Some(m) = numbers(operands) {
                    text.set(Matrix::new(m));
                }
            }
            b"Tf" => {
                state.size = one().unwrap_or(state.size);
                let name = operands.iter().find_map(Token::name);
                let dict = name
                    .and_then(|name| lookup(self.doc, resources, b"Font", name))
                    .and_then(as_dict);
                state.font = Some(match dict {
                    Some(dict) => self.fonts.get(self.doc, dict, self.budget),
                    None => self.fonts.missing(),
                });
            }
            b"Tc" => state.char_space = one().unwrap_or(0.0),
            b"Tw" => state.word_space = one().unwrap_or(0.0),
            b"Tz" => state.stretch = one().unwrap_or(100.0) / 100.0,
            b"TL" => state.leading = one().unwrap_or(0.0),
            b"Ts" => state.rise = one().unwrap_or(0.0),
            b"Tr" => state.invisible = one().is_some_and(|mode| (2.5..3.5).contains(&mode)),
            b"BT" => {
                *text = TextObject {
                    open: true,
                    ..TextObject::new()
                }
            }
            b"ET" => text.open = false,
            b"q" => stack.push(state),
            b"Q" => {
                if let Some(saved) = stack.pop() {
                    *state = saved;
                }
            }
            b"cm" => {
                if let Some(m) = numbers(operands) {
                    state.ctm = Matrix::new(m).then(&state.ctm);
                }
            }
            b"gs" => self.graphics_state(operands, state, resources),
            b"Do" => {
                let name = operands.iter().find_map(Token::name);
                let object = name.and_then(|name| lookup(self.doc, resources, b"XObject", name));
                if let Some(Object::Stream(stream)) = object {
                    return self.draw(stream, resources, state.ctm, depth);
                }
            }
            b"c" | b"v" | b"y" => self.facts.curves = self.facts.curves.saturating_add(1),
            b"BDC" => self.begin_mark(operands, resources),
            b"BMC" => self.push_mark(None),
            b"EMC" if self.marks.len() > self.mark_floor => {
                self.marks.pop();
            }
            _ => {}
        }
        true
    }

    /// A font set by an extended graphics state.
    fn graphics_state(
        &mut self,
        operands: &[Token<'_>],
        state: &mut GraphicsState,
        resources: &[&'d Dictionary],
    ) {
        let name = operands.iter().find_map(Token::name);
        let dict = name
            .and_then(|name| lookup(self.doc, resources, b"ExtGState", name))
            .and_then(as_dict);
        let Some([font, size]) = dict.and_then(|d| get_array(self.doc, d, b"Font")) else {
            return;
        };
        if let Some(dict) = resolve(self.doc, font).and_then(as_dict) {
            state.font = Some(self.fonts.get(self.doc, dict, self.budget));
            state.size = resolve(self.doc, size)
                .and_then(super::object::number)
                .unwrap_or(state.size);
        }
    }

    /// Draws an image or a form object.
    fn draw(
        &mut self,
        stream: &'d Stream,
        resources: &[&'d Dictionary],
        ctm: Matrix,
        depth: usize,
    ) -> bool {
        match get_name(self.doc, &stream.dict, b"Subtype") {
            Some(b"Image") => {
                let side = |key: &[u8]| get_number(self.doc, &stream.dict, key).unwrap_or(0.0);
                self.image(side(b"Width"), side(b"Height"), ctm);
                if let Some(images) = self.images.as_mut().filter(|i| i.len() < MAX_IMAGES) {
                    images.push((stream, ctm));
                }
                true
            }
            Some(b"Form") | None => self.form(stream, resources, ctm, depth.saturating_add(1)),
            _ => true,
        }
    }

    /// Runs a form object; a limit on forms skips the form, not the page.
    pub(super) fn form(
        &mut self,
        stream: &'d Stream,
        resources: &[&'d Dictionary],
        ctm: Matrix,
        depth: usize,
    ) -> bool {
        if !self.budget.form(depth) {
            return true;
        }
        let Some(content) = decode(self.doc, stream, self.budget) else {
            return true;
        };
        let matrix =
            get_numbers(self.doc, &stream.dict, b"Matrix").map_or(Matrix::IDENTITY, Matrix::new);
        let mut chain = resources.to_vec();
        chain.extend(get_dict(self.doc, &stream.dict, b"Resources"));
        // The form may end only the marks that it began.
        let outer = self.marks.len();
        let floor = std::mem::replace(&mut self.mark_floor, outer);
        let go_on = self.run(&content, &chain, matrix.then(&ctm), depth);
        self.marks.truncate(outer);
        self.mark_floor = floor;
        go_on
    }

    fn image(&mut self, width: f64, height: f64, ctm: Matrix) {
        let area = ctm.area();
        if area.is_finite() {
            self.facts.image_area += area;
            self.facts.image_pixels += width * height;
        }
    }

    fn inline_image(&mut self, operands: &[Token<'_>], ctm: Matrix) {
        let side = |long: &[u8], short: &[u8]| {
            let mut pairs = operands.windows(2);
            pairs.find_map(|pair| match pair {
                [Token::Name(key), Token::Number(n)] if **key == *long || **key == *short => {
                    Some(*n)
                }
                _ => None,
            })
        };
        if let (Some(width), Some(height)) = (side(b"Width", b"W"), side(b"Height", b"H")) {
            self.image(width, height, ctm);
            self.facts.inline_area += Some(ctm.area()).filter(|a| a.is_finite()).unwrap_or(0.0);
        }
    }
}

/// The state of one content stream.
pub(super) struct Frame {
    pub(super) state: GraphicsState,
    pub(super) text: TextObject,
    stack: StateStack,
}

/// A named resource: of the nearest dictionary that has it.
pub(super) fn lookup<'d>(
    doc: &'d Document,
    resources: &[&'d Dictionary],
    kind: &[u8],
    name: &[u8],
) -> Option<&'d Object> {
    resources
        .iter()
        .rev()
        .find_map(|dict| get_dict(doc, dict, kind).and_then(|names| get(doc, names, name)))
}
