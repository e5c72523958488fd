//! A body being written, line by line: columns, wrapping and the focus are decided here and nowhere else.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{Context, glyphs::Mark};

/// Where labels begin, and text beside them.
pub(super) const LABEL: usize = 3;
/// Where text beside a mark begins.
pub(super) const TEXT: usize = 5;
/// Text is not set wider than this: the eye would lose the line.
const WIDEST: usize = 100;

/// A body.
pub(super) struct Page<'a> {
    pub context: &'a Context<'a>,
    lines: Vec<Line<'static>>,
    cursor: Option<(usize, usize)>,
}

impl<'a> Page<'a> {
    pub(super) fn new(context: &'a Context<'a>) -> Self {
        Self { context, lines: Vec::new(), cursor: None }
    }

    pub(super) fn lines(&self) -> &[Line<'static>] {
        &self.lines
    }

    pub(super) fn cursor(&self) -> Option<(usize, usize)> {
        self.cursor
    }

    /// Rows that are left on the screen.
    pub(super) fn room(&self) -> usize {
        self.context.height.saturating_sub(self.lines.len())
    }

    /// The cursor stands in this column of the line written last.
    pub(super) fn focus(&mut self, column: usize) {
        self.cursor = Some((self.lines.len().saturating_sub(1), column));
    }

    /// The cursor stands in this column of a line written before.
    pub(super) fn focus_row(&mut self, row: usize, column: usize) {
        self.cursor = Some((row, column));
    }

    /// Right edge of text.
    pub(super) fn edge(&self) -> usize {
        self.context.width.saturating_sub(1).clamp(1, WIDEST)
    }

    /// A piece of text in a style.
    pub(super) fn span(&self, text: &str, style: Style) -> Span<'static> {
        Span::styled(self.context.glyphs.fold(text).into_owned(), style)
    }

    /// A line of pieces, cut at the right edge of the screen.
    pub(super) fn line(&mut self, spans: impl IntoIterator<Item = Span<'static>>) {
        let mut room = self.context.width;
        let mut kept = Vec::new();
        for span in spans {
            let width = span.content.width();
            if width <= room {
                room -= width;
                kept.push(span);
            } else {
                kept.push(Span::styled(cut(&span.content, room, self.context.glyphs.cut), span.style));
                break;
            }
        }
        self.lines.push(Line::from(kept));
    }

    /// An empty line.
    pub(super) fn gap(&mut self) {
        self.lines.push(Line::default());
    }

    /// Text from a column on, wrapped.
    pub(super) fn say(&mut self, indent: usize, text: &str) {
        self.say_in(indent, text, Style::new());
    }

    /// The same in a style.
    pub(super) fn say_in(&mut self, indent: usize, text: &str, style: Style) {
        let text = self.context.glyphs.fold(text).into_owned();
        for part in wrap(&text, self.edge().saturating_sub(indent)) {
            self.line([Span::raw(" ".repeat(indent)), Span::styled(part, style)]);
        }
    }

    /// A mark and text beside it, wrapped under itself.
    pub(super) fn marked(&mut self, mark: Mark, text: &str) {
        self.marked_in(mark, text, Style::new());
    }

    /// The same in a style.
    pub(super) fn marked_in(&mut self, mark: Mark, text: &str, style: Style) {
        let text = self.context.glyphs.fold(text).into_owned();
        for (at, part) in wrap(&text, self.edge().saturating_sub(TEXT)).into_iter().enumerate() {
            let mut spans =
                if at == 0 { self.gutter(false, mark) } else { vec![Span::raw(" ".repeat(TEXT))] };
            spans.push(Span::styled(part, style));
            self.line(spans);
        }
    }

    /// The pieces of the five columns before a row: focus, mark, blank.
    pub(super) fn gutter(&self, focus: bool, mark: Mark) -> Vec<Span<'static>> {
        let glyphs = self.context.glyphs;
        let (before, after) = glyphs.gutter(focus);
        let style = self.context.theme.mark(mark);
        vec![
            Span::styled(before, self.context.theme.strong()),
            Span::styled(glyphs.mark(mark), style),
            Span::raw(after),
        ]
    }

    /// A label and its value, wrapped under itself.
    pub(super) fn labelled(&mut self, label: &str, column: usize, value: &str) {
        self.labelled_in(label, column, value, Style::new());
    }

    /// The same in a style.
    pub(super) fn labelled_in(&mut self, label: &str, column: usize, value: &str, style: Style) {
        let value = self.context.glyphs.fold(value).into_owned();
        let label = self.context.glyphs.fold(label).into_owned();
        let label = format!("{}{}", " ".repeat(LABEL), fit(&label, column.saturating_sub(LABEL)));
        for (at, part) in wrap(&value, self.edge().saturating_sub(column)).into_iter().enumerate() {
            let before = if at == 0 { label.clone() } else { " ".repeat(column) };
            self.line([Span::raw(before), Span::styled(part, style)]);
        }
    }

    /// A strong label and text beside it that begins in a column, wrapped under itself.
    pub(super) fn pair(&mut self, indent: usize, label: &str, column: usize, text: &str) {
        let text = self.context.glyphs.fold(text).into_owned();
        let label = self.context.glyphs.fold(label).into_owned();
        for (at, part) in wrap(&text, self.edge().saturating_sub(column)).into_iter().enumerate() {
            let label = if at == 0 { label.as_str() } else { "" };
            let label = fit(label, column.saturating_sub(indent));
            let strong = self.context.theme.strong();
            self.line([Span::raw(" ".repeat(indent)), Span::styled(label, strong), Span::raw(part)]);
        }
    }

    /// Something to be copied: alone, from column 0, whole; longer than the screen it runs on unbroken.
    pub(super) fn whole(&mut self, text: &str) {
        let text = self.context.glyphs.fold(text).into_owned();
        let style = self.context.theme.link();
        for part in chunks(&text, self.context.width.max(1)) {
            self.lines.push(Line::from(Span::styled(part, style)));
        }
    }

    /// Pieces at the left and a text that ends at the right edge; the text goes first where both do not fit.
    pub(super) fn with_right(&mut self, mut spans: Vec<Span<'static>>, right: &str) {
        let right = self.context.glyphs.fold(right).into_owned();
        let used: usize = spans.iter().map(|span| span.content.width()).sum();
        if let Some(room) = self.edge().checked_sub(used + right.width()).filter(|room| *room >= 2) {
            spans.push(Span::raw(" ".repeat(room)));
            spans.push(Span::raw(right));
        }
        self.line(spans);
    }
}

/// The text filled up with blanks to a width; never cut, but always followed by a blank.
pub(super) fn fit(text: &str, width: usize) -> String {
    let room = width.saturating_sub(text.width()).max(1);
    format!("{text}{}", " ".repeat(room))
}

/// The text cut to a width, with a sign that it was.
pub(super) fn cut(text: &str, width: usize, sign: char) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut room = width.saturating_sub(1);
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        kept.push(c);
    }
    if width > 0 {
        kept.push(sign);
    }
    kept
}

/// The end of the text, with a sign that it had a beginning.
pub(super) fn cut_front(text: &str, width: usize, sign: char) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = Vec::new();
    let mut room = width.saturating_sub(1);
    for c in text.chars().rev() {
        let columns = c.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        kept.push(c);
    }
    std::iter::once(sign).chain(kept.into_iter().rev()).collect()
}

/// The text in lines of at most `width` columns, broken between words, inside one only where it must be.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last().map_or(0, |line| line.width());
        if line > 0 && line + 1 + word.width() > width {
            lines.push(String::new());
        } else if line > 0
            && let Some(last) = lines.last_mut()
        {
            last.push(' ');
        }
        if word.width() > width {
            for (at, part) in chunks(word, width).into_iter().enumerate() {
                match lines.last_mut().filter(|last| at == 0 && last.is_empty()) {
                    Some(last) => last.push_str(&part),
                    None => lines.push(part),
                }
            }
        } else if let Some(last) = lines.last_mut() {
            last.push_str(word);
        }
    }
    lines
}

/// The text in pieces of at most this many columns, broken anywhere.
pub(super) fn chunks(text: &str, width: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut used = 0;
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if used + columns > width && used > 0 {
            parts.push(String::new());
            used = 0;
        }
        used += columns;
        if let Some(last) = parts.last_mut() {
            last.push(c);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_between_words_and_inside_one_only_where_it_must() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("a b", 0), ["a", "b"]);
        assert_eq!(chunks("abcdef", 4), ["abcd", "ef"]);
        assert_eq!(cut("abcdef", 4, '…'), "abc…");
        assert_eq!(cut("日本語", 4, '…'), "日…");
        assert_eq!(cut("abc", 0, '…'), "");
        assert_eq!(cut_front("/opt/bitwarden", 10, '…'), "…bitwarden");
    }
}
