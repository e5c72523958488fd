//! Commands, keywords and what stands between them; and which of them belong to which function.

use std::collections::BTreeMap;

use super::tokens::Token;

/// A piece of a script that matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// A reserved word where a command may begin.
    Keyword(String),
    /// A simple command without assignments and redirections; `fed` says that it reads from elsewhere.
    Command { words: Vec<String>, line: usize, fed: bool },
    /// `;`, `&&`, `||`, `|`, `(`, `)` …; a line's end counts as `;`.
    Separator(&'static str),
}

const KEYWORDS: [&str; 16] = [
    "if", "then", "elif", "else", "fi", "while", "until", "for", "select", "do", "done", "case", "esac", "{",
    "}", "!",
];
/// Words before a command that change nothing here.
const PREFIXES: [&str; 4] = ["builtin", "command", "exec", "time"];

#[derive(Default)]
struct Build {
    items: Vec<Item>,
    words: Vec<String>,
    line: usize,
    fed: bool,
    /// The next word belongs to a redirection.
    redirect: bool,
    /// The words up to the next separator are no command (`for x in …`, `case x in`).
    header: bool,
    /// What comes next is behind a pipe.
    piped: bool,
}

pub(super) fn items(tokens: &[Token]) -> Vec<Item> {
    let mut build = Build::default();
    for token in tokens {
        match token {
            Token::Word { text, quoted, line } => build.word(text, *quoted, *line),
            Token::Operator("<") => (build.fed, build.redirect) = (true, true),
            Token::Operator(">") => build.redirect = true,
            Token::Operator(operator) => build.separate(operator),
            Token::Newline => build.separate(";"),
        }
    }
    build.separate(";");
    build.items
}

impl Build {
    fn word(&mut self, text: &str, quoted: bool, line: usize) {
        if std::mem::take(&mut self.redirect) || self.header && !matches!(text, "in" | "do") {
            return;
        }
        if self.words.is_empty() {
            self.line = line;
            if !quoted && (KEYWORDS.contains(&text) || text == "in") {
                self.header = matches!(text, "for" | "select" | "case");
                self.items.push(Item::Keyword(text.to_owned()));
                return;
            }
            if is_assignment(text) || (!quoted && PREFIXES.contains(&text)) {
                return;
            }
        }
        self.words.push(text.to_owned());
    }

    fn separate(&mut self, separator: &'static str) {
        self.redirect = false;
        self.header = false;
        let fed = std::mem::take(&mut self.fed) || self.piped;
        // Behind `|` comes what the pipe feeds; a line's end or a bracket may stand in between.
        self.piped = separator == "|" || (self.piped && self.words.is_empty());
        if !self.words.is_empty() {
            let words = std::mem::take(&mut self.words);
            self.items.push(Item::Command { words, line: self.line, fed });
        }
        self.items.push(Item::Separator(separator));
    }
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        let name = name.trim_end_matches('+');
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

/// What stands outside of functions, and the bodies of functions by name.
pub(super) fn functions(items: &[Item]) -> (Vec<Item>, BTreeMap<String, Vec<Item>>) {
    let mut main = Vec::new();
    let mut functions = BTreeMap::new();
    let mut rest = items;
    while let Some((item, after)) = rest.split_first() {
        rest = after;
        let Some((name, begins)) = definition(item, rest) else {
            main.push(item.clone());
            continue;
        };
        let inside = rest.get(begins..).unwrap_or_default();
        let ends = end_of(inside);
        functions.insert(name, inside.get(..ends).unwrap_or_default().to_vec());
        rest = inside.get(ends + 1..).unwrap_or_default();
    }
    (main, functions)
}

/// The name of a function that begins here, and how many items later its body does: `function NAME`,
/// `NAME ()`, both with `{` on this line or a later one.
fn definition(item: &Item, rest: &[Item]) -> Option<(String, usize)> {
    let Item::Command { words, .. } = item else { return None };
    let brackets = matches!(rest, [Item::Separator("("), Item::Separator(")"), ..]);
    let name = match words.as_slice() {
        [word, name, brace] if word == "function" && brace == "{" => return Some((name.clone(), 0)),
        [word, name] if word == "function" => name,
        [name] if brackets => name,
        _ => return None,
    };
    let between = rest.iter().take_while(|item| matches!(item, Item::Separator(_))).count();
    let brace = matches!(rest.get(between), Some(Item::Keyword(word)) if word == "{");
    brace.then(|| (name.clone(), between + 1))
}

/// How many items stand before the brace that ends a body.
fn end_of(body: &[Item]) -> usize {
    let mut depth = 0_usize;
    for (at, item) in body.iter().enumerate() {
        match item {
            Item::Keyword(word) if word == "{" => depth += 1,
            Item::Keyword(word) if word == "}" && depth == 0 => return at,
            Item::Keyword(word) if word == "}" => depth -= 1,
            _ => {}
        }
    }
    body.len()
}
