//! Reads as much of a shell script as it takes to find a question in the middle: which functions a command
//! reaches, and where one of them waits for an answer that nobody can give (`bitwarden.md` A8, certbot).

mod items;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use items::{Item, functions};

/// Functions that call one another are followed this deep.
const DEPTH: usize = 40;

/// A place where a script waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Question {
    /// The line, from 1.
    pub(super) line: usize,
    /// The line as it stands.
    pub(super) text: String,
}

/// The first question that is reached by the script itself or by its function `root`, where there is no
/// terminal: a `read` without an input of its own, whose failure ends a script under `set -e` or makes it wait.
pub(super) fn question(script: &str, root: &str) -> Option<Question> {
    let items = items::items(&tokens::tokens(script));
    let (main, functions) = functions(&items);
    let mut walk = Walk { functions: &functions, seen: BTreeSet::new() };
    // The main part calls a function for each command (`case $1 in`): only the one for `root` is followed.
    let line = walk.body(&main, false, 0).or_else(|| walk.call(root, 0))?;
    let text = script.lines().nth(line.saturating_sub(1)).unwrap_or_default().trim().to_owned();
    Some(Question { line, text })
}

struct Walk<'a> {
    functions: &'a BTreeMap<String, Vec<Item>>,
    seen: BTreeSet<String>,
}

/// An `if`, `while` or `until` around a command.
#[derive(Debug, Default)]
struct Block {
    /// `while` or `until`.
    repeats: bool,
    /// Its condition is being read.
    condition: bool,
    /// What the condition says of a terminal; turned round in the `else`.
    terminal: Option<bool>,
}

/// What is known where a command stands.
#[derive(Debug, Default)]
struct Place {
    blocks: Vec<Block>,
    /// What the commands before `&&` or `||` say of a terminal.
    list: Option<bool>,
    /// Without a terminal the rest is never reached.
    ended: bool,
    negated: bool,
}

impl Walk<'_> {
    fn call(&mut self, name: &str, depth: usize) -> Option<usize> {
        let body = self.functions.get(name)?;
        if depth >= DEPTH || !self.seen.insert(name.to_owned()) {
            return None;
        }
        self.body(body, true, depth + 1)
    }

    fn body(&mut self, body: &[Item], follow: bool, depth: usize) -> Option<usize> {
        let mut place = Place::default();
        let mut brackets = 0_usize;
        for (at, item) in body.iter().enumerate() {
            match item {
                Item::Keyword(word) => place.enter(word),
                Item::Separator(separator) => {
                    match *separator {
                        "(" => brackets += 1,
                        ")" => brackets = brackets.saturating_sub(1),
                        _ => {}
                    }
                    place.separate(separator);
                }
                Item::Command { words, line, fed } => {
                    let next = match body.get(at + 1) {
                        Some(Item::Separator(separator)) => *separator,
                        _ => ";",
                    };
                    // A word before a bracket that nothing opened is a pattern of `case`.
                    let pattern = next == ")" && brackets == 0;
                    if pattern || place.learn(words, next) || place.has_terminal() {
                        continue;
                    }
                    let name = words.first().map(String::as_str).unwrap_or_default();
                    if name == "read" {
                        if !fed && place.waits(words, next) {
                            return Some(*line);
                        }
                    } else if matches!(name, "return" | "exit") && place.has_none() {
                        place.ended = true;
                    } else if follow && let Some(line) = self.call(name, depth) {
                        return Some(line);
                    }
                }
            }
        }
        None
    }
}

impl Place {
    fn enter(&mut self, word: &str) {
        match word {
            "if" => self.blocks.push(Block { condition: true, ..Block::default() }),
            "while" | "until" => {
                self.blocks.push(Block { condition: true, repeats: true, ..Block::default() });
            }
            "for" | "select" => self.blocks.push(Block::default()),
            "fi" | "done" => drop(self.blocks.pop()),
            "!" => self.negated = true,
            _ => {}
        }
        let Some(block) = self.blocks.last_mut() else { return };
        match word {
            "then" | "do" => block.condition = false,
            "else" => block.terminal = block.terminal.map(|terminal| !terminal),
            "elif" => (block.condition, block.terminal) = (true, None),
            _ => {}
        }
    }

    fn separate(&mut self, separator: &str) {
        self.negated = false;
        if !matches!(separator, "&&" | "||") {
            self.list = None;
        }
    }

    /// Whether this command asks if there is a terminal; then what follows is known.
    fn learn(&mut self, words: &[String], next: &str) -> bool {
        let asks = words.windows(2).any(|pair| matches!(pair, [flag, fd] if flag == "-t" && fd == "0"));
        if !asks && words.first().is_none_or(|word| word != "tty") {
            return false;
        }
        let positive = !(self.negated || words.iter().any(|word| word == "!"));
        match self.blocks.last_mut() {
            Some(block) if block.condition => block.terminal = Some(positive),
            _ if next == "&&" => self.list = Some(positive),
            _ if next == "||" => self.list = Some(!positive),
            _ => {}
        }
        true
    }

    fn known(&self, what: bool) -> bool {
        let branch = |block: &Block| !block.condition && block.terminal == Some(what);
        self.list == Some(what) || self.blocks.iter().any(branch)
    }

    fn has_terminal(&self) -> bool {
        self.ended || self.known(true)
    }

    fn has_none(&self) -> bool {
        self.known(false)
    }

    /// Whether a `read` that gets nothing stops the script, or repeats for ever.
    fn waits(&self, words: &[String], next: &str) -> bool {
        let has = |flag: char| words.iter().skip(1).any(|word| word.starts_with('-') && word.contains(flag));
        if has('u') {
            return false;
        }
        match self.blocks.last() {
            // `while read line` takes lines of a pipe or a file; with a text it asks a person again and again.
            Some(block) if block.condition => block.repeats && has('p'),
            _ => next != "||",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(script: &str) -> Option<usize> {
        question(script, "restart").map(|question| question.line)
    }

    /// Shaped like an installed script: a function for each command, and a dispatch at the end.
    fn script(body: &str, more: &str) -> String {
        format!(
            "#!/bin/bash\nset -e\nfunction install() {{\n  read NAME # asks, and may\n}}\n\
             function restart() {{\n{body}\n}}\n{more}\ncase $1 in\n  \"install\")\n    install\n    ;;\n  \"start\" | \"restart\")\n    restart\n    ;;\nesac\n"
        )
    }

    #[test]
    fn a_question_that_the_restart_reaches_is_found() {
        let cleanup = "function cleanup() {\n  if [[ -z $(docker ps -a --quiet) ]]\n  then\n    echo -e -n \"(!) purge it? (y/N): ${NC}\"\n    read RESPONSE\n  fi\n}\n\
            renew() {\n  if [ -d \"${OUT}/live\" ]; then\n    docker pull certbot; cleanup\n  fi\n}";
        let asks = [
            (script("docker compose down\nrenew\ndocker compose up -d", cleanup), 15),
            (script("read -p 'go on? ' answer", ""), 7),
            (script("true && read -rp \"go on? \" answer", ""), 7),
            (script("if [ -t 0 ]; then echo; else read x; fi", ""), 7),
            (script("while true; do read -p again? x; done", ""), 7),
            (script("until read -p again? x; do :; done", ""), 7),
            (script("builtin read x", ""), 7),
            (script("( read x )", ""), 7),
            (script("x=\"$(ask)\"", "ask () { read y; echo $y; }"), 9),
            ("#!/bin/sh\nread x\n".to_owned(), 2),
        ];
        for (script, wanted) in asks {
            assert_eq!(line(&script), Some(wanted), "{script}");
        }
    }

    #[test]
    fn what_cannot_wait_is_left_alone() {
        let bodies = [
            "echo \"read this\"; grep read <file; docker compose up -d",
            "while read -r line; do echo \"$line\"; done <file",
            "docker ps | while read line; do echo; done; docker ps | read x",
            "read x <file; read y <<<\"$z\"; read -u 3 q",
            "read z <<EOF\nanswer\nEOF\ncat <<'END'\nread nothing\nEND",
            "if [ -t 0 ]; then read -p 'go on? ' x; fi",
            "if ! [ -t 0 ]; then echo; else read x; fi",
            "[ -t 0 ] && read x",
            "[[ ! -t 0 ]] || read x",
            "if test ! -t 0; then return 0; fi\nread x",
            "tty -s || exit 1\nread x",
            "read x || true",
            "if read x; then echo; fi",
            "# read x\necho \"multi\nread x\nline\" 'a\nread b'",
            "echo $(( 1 + 2 )) ${read:-x} `date`; [ -t 0 ] && ask",
        ];
        for body in bodies {
            assert_eq!(line(&script(body, "ask() {\n read y\n}")), None, "{body}");
        }
        assert_eq!(line("<!DOCTYPE html>\n<p>read (this"), None);
        assert_eq!(line(&"$(".repeat(5_000)), None);
        assert_eq!(line(&script("a", "a() { b; }\nb() { a; }")), None);
    }
}
