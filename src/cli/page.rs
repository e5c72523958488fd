//! A page of the result: sentences, facts in two columns, commands alone from column 0.

use time::OffsetDateTime;

use super::look::{Look, Tone, tone};
use crate::{
    domain::{
        check::{Advice, AdviceCode, Cause, Evidence, Severity},
        journal::{Rescue, Standing},
        outside,
        request::Root,
    },
    text::Texts,
    wording::{self, Mark, Medium},
};

/// Column of the values beside their labels.
const VALUES: usize = 22;

/// Text that grows line by line, in one language and look.
#[derive(Debug)]
pub struct Page<'a> {
    /// How to speak.
    pub look: &'a Look,
    /// Now, for ages.
    pub now: OffsetDateTime,
    out: String,
    /// Advice that stands there already, and is not said twice.
    said: Vec<Advice>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub fn new(look: &'a Look, now: OffsetDateTime) -> Self {
        Self { look, now, out: String::new(), said: Vec::new() }
    }

    /// The texts.
    pub fn texts(&self) -> &'a Texts {
        &self.look.texts
    }

    /// The page as text, without an empty line at its end.
    pub fn into_text(mut self) -> String {
        self.out.truncate(self.out.trim_end().len());
        self.out.push('\n');
        self.out
    }

    /// The sentence that answers.
    pub fn answer(&mut self, mark: impl Into<Mark>, sentence: &str) {
        let glyph = self.mark(mark.into());
        let sentence = self.look.paint(Tone::Strong, &self.look.ornaments(sentence));
        self.out.push_str(&format!("{glyph} {sentence}\n"));
    }

    /// A mark in its colour.
    fn mark(&self, mark: Mark) -> String {
        self.look.paint(tone(mark), mark.sign(self.look.ascii))
    }

    /// A line.
    pub fn line(&mut self, text: &str) {
        self.out.push_str(self.look.ornaments(text).trim_end());
        self.out.push('\n');
    }

    /// An empty line, never two.
    pub fn gap(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A label and its value; the value of an outsider is cleaned.
    pub fn fact(&mut self, label: &str, value: &str) {
        let label = self.look.ornaments(label);
        let width = label.chars().count();
        let gap = VALUES.saturating_sub(width + 2).max(2);
        self.out.push_str(&format!("  {label}{}{}\n", " ".repeat(gap), outside::clean(value)));
    }

    /// A command or an address, whole and alone, to be copied.
    pub fn command(&mut self, command: &str) {
        self.out.push_str(&outside::clean(command));
        self.out.push('\n');
    }

    /// All roots, each with its evidence and what mends it.
    pub fn roots(&mut self, roots: &[Root]) {
        for (at, root) in roots.iter().enumerate() {
            self.gap();
            self.root(root, (roots.len() > 1).then_some(at + 1));
        }
    }

    fn root(&mut self, root: &Root, number: Option<usize>) {
        let glyph = self.mark(root.conclusion.severity.into());
        let number = number.map(|number| format!("{number} ")).unwrap_or_default();
        let title = self.look.ornaments(&wording::title(self.texts(), &root.finding));
        let title = match root.conclusion.severity {
            Severity::Failed => self.look.paint(Tone::Strong, &title),
            _ => title,
        };
        self.out.push_str(&format!("{glyph} {number}{title} ({})\n", root.finding.cause.code()));
        self.evidence(&root.finding.evidence, Some(root.finding.cause));
        self.advice(&root.finding.advice);
    }

    /// Facts seen, by their labels.
    pub fn evidence(&mut self, evidence: &Evidence, cause: Option<Cause>) {
        for (label, value) in wording::facts(self.texts(), evidence, cause) {
            self.fact(&label, &value);
        }
    }

    /// The way up of a server that is down; advice that says the same is not said again.
    pub fn way_up(&mut self, stands: &Standing, rescue: &Rescue) {
        self.line(&wording::way_up(self.texts(), stands, rescue));
        for command in &rescue.commands {
            self.command(command);
            let plain = command.strip_prefix("sudo ").unwrap_or(command).to_owned();
            self.said.push(Advice::with_command(AdviceCode::StartWithoutPull, plain));
        }
    }

    /// What to do next, each with its command alone on its line.
    pub fn advice(&mut self, advice: &[Advice]) {
        let mut fresh = Vec::new();
        for advice in advice {
            if !self.said.contains(advice) {
                self.said.push(advice.clone());
                fresh.push(advice.clone());
            }
        }
        for line in wording::advice(self.texts(), &fresh, None, Medium::Command) {
            if let Some(sentence) = line.sentence {
                self.line(&format!("  {sentence}"));
            }
            if let Some(command) = line.command {
                self.command(&command);
            }
        }
    }
}
