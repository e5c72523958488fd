//! Words and operators of a shell script, with the lines that they stand on. Quoted text, comments and
//! here-documents are told from commands; nothing is expanded.

/// A piece of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word without its quotes; `quoted` ones are never keywords.
    Word {
        text: String,
        quoted: bool,
        line: usize,
    },
    Operator(&'static str),
    Newline,
}

/// Operators, longest first.
const OPERATORS: [&str; 12] = ["<<<", "<<-", ";;", "&&", "||", "<<", ";", "|", "&", "<", ">", "("];

struct Scan<'a> {
    rest: &'a str,
    line: usize,
    tokens: Vec<Token>,
    word: Option<(String, bool, usize)>,
    /// Here-documents that begin at the next line: their last lines.
    documents: Vec<String>,
    /// The next word is a here-document's last line.
    delimiter: bool,
    /// For each open bracket: whether it stands in double quotes.
    brackets: Vec<bool>,
}

pub(super) fn tokens(script: &str) -> Vec<Token> {
    let mut scan = Scan {
        rest: script,
        line: 1,
        tokens: Vec::new(),
        word: None,
        documents: Vec::new(),
        delimiter: false,
        brackets: Vec::new(),
    };
    while scan.step() {}
    scan.end_word();
    scan.tokens
}

impl Scan<'_> {
    /// Takes the next character.
    fn take(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..).unwrap_or_default();
        if c == '\n' {
            self.line += 1;
        }
        Some(c)
    }

    fn skip(&mut self, text: &str) -> bool {
        let there = self.rest.starts_with(text);
        if there {
            for _ in text.chars() {
                self.take();
            }
        }
        there
    }

    fn add(&mut self, c: Option<char>, quoted: bool) {
        let (text, was, _) = self.word.get_or_insert_with(|| (String::new(), false, self.line));
        text.extend(c);
        *was |= quoted;
    }

    fn end_word(&mut self) {
        let Some((text, quoted, line)) = self.word.take() else { return };
        if std::mem::take(&mut self.delimiter) {
            self.documents.push(text);
        } else {
            self.tokens.push(Token::Word { text, quoted, line });
        }
    }

    fn step(&mut self) -> bool {
        let starts = self.word.is_none();
        if self.skip("\\\n") {
        } else if self.skip("\n") {
            self.end_word();
            self.tokens.push(Token::Newline);
            self.skip_documents();
        } else if self.skip("\\") {
            let c = self.take();
            self.add(c, true);
        } else if self.skip("'") {
            self.add(None, true);
            while let Some(c) = self.take().filter(|c| *c != '\'') {
                self.add(Some(c), true);
            }
        } else if self.skip("\"") {
            self.add(None, true);
            self.quoted();
        } else if self.skip("$((") {
            self.until("))");
        } else if self.skip("${") {
            self.until("}");
        } else if self.skip("$(") {
            self.open(false);
        } else if starts && self.rest.starts_with('#') {
            let end = self.rest.find('\n').unwrap_or(self.rest.len());
            self.rest = self.rest.get(end..).unwrap_or_default();
        } else if self.rest.starts_with(')') {
            self.take();
            self.end_word();
            self.tokens.push(Token::Operator(")"));
            if self.brackets.pop() == Some(true) {
                self.add(None, true);
                self.quoted();
            }
        } else if let Some(operator) = OPERATORS.iter().find(|operator| self.rest.starts_with(**operator)) {
            self.operator(operator);
        } else {
            match self.take() {
                None => return false,
                Some(c) if c.is_whitespace() => self.end_word(),
                Some(c) => self.add(Some(c), false),
            }
        }
        true
    }

    fn operator(&mut self, operator: &'static str) {
        self.skip(operator);
        // A number before it names what is redirected, and is no word.
        if matches!(operator, "<" | ">")
            && self.word.as_ref().is_some_and(|word| word.0.parse::<u8>().is_ok())
        {
            self.word = None;
        }
        self.end_word();
        match operator {
            "(" => self.brackets.push(false),
            "<<" | "<<-" => self.delimiter = true,
            _ => {}
        }
        self.tokens.push(Token::Operator(if operator.starts_with('<') { "<" } else { operator }));
    }

    /// A command in a word: what stands in it is a command too.
    fn open(&mut self, in_quotes: bool) {
        self.end_word();
        self.brackets.push(in_quotes);
        self.tokens.push(Token::Operator("("));
    }

    /// The text of double quotes, up to their end or to a command in them.
    fn quoted(&mut self) {
        loop {
            if self.skip("\\") {
                let c = self.take();
                self.add(c, true);
            } else if self.skip("$((") {
                self.until("))");
            } else if self.skip("$(") {
                return self.open(true);
            } else {
                match self.take() {
                    None | Some('"') => return,
                    Some(c) => self.add(Some(c), true),
                }
            }
        }
    }

    fn until(&mut self, end: &str) {
        self.add(None, true);
        while !self.skip(end) && self.take().is_some() {}
    }

    fn skip_documents(&mut self) {
        for end in std::mem::take(&mut self.documents) {
            while !self.rest.is_empty() {
                let line = self.rest.lines().next().unwrap_or_default();
                let last = line.trim_start_matches('\t') == end;
                let length = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
                self.rest = self.rest.get(length..).unwrap_or_default();
                self.line += 1;
                if last {
                    break;
                }
            }
        }
    }
}
