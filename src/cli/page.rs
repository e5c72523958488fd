//! A page of the result: sentences, facts in two columns, commands alone from column 0.

use time::OffsetDateTime;

use super::look::{Look, Tone, state_of, tone};
use crate::{
    domain::{
        check::{Advice, AdviceCode, Cause, Evidence, Severity, State},
        journal::Rescue,
        outside,
        request::Root,
    },
    steps,
    text::Texts,
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
    pub fn answer(&mut self, state: State, sentence: &str) {
        let glyph = self.look.paint(tone(state), self.look.glyph(state));
        let sentence = self.look.paint(Tone::Strong, &self.look.ornaments(sentence));
        self.out.push_str(&format!("{glyph} {sentence}\n"));
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
        let cause = root.conclusion.cause;
        let state = state_of(root.conclusion.severity);
        let glyph = self.look.paint(tone(state), self.look.glyph(state));
        let number = number.map(|number| format!("{number} ")).unwrap_or_default();
        let title = title(self.texts(), cause.code());
        // Which of the hosts it was is half of the answer.
        let title = match root.finding.evidence.get("host").filter(|_| cause.is_of_the_way()) {
            Some(host) => format!("{host}: {title}"),
            None => title,
        };
        let title = self.look.ornaments(&title);
        let title = match root.conclusion.severity {
            Severity::Failed => self.look.paint(Tone::Strong, &title),
            _ => title,
        };
        self.out.push_str(&format!("{glyph} {number}{title} ({})\n", cause.code()));
        self.evidence(&root.finding.evidence, Some(cause));
        self.advice(&root.finding.advice);
    }

    /// Facts seen, by their labels.
    pub fn evidence(&mut self, evidence: &Evidence, cause: Option<Cause>) {
        let mut facts: Vec<_> =
            evidence.iter().filter(|(name, value)| steps::tells(evidence, name, value)).collect();
        facts.sort_by_key(|(name, _)| Evidence::place(name));
        for (name, value) in facts {
            let label = self.label(name, cause);
            self.fact(&label, &self.value(name, value, cause));
        }
    }

    /// A fact's label; some facts mean something of their own under a cause.
    fn label(&self, name: &str, cause: Option<Cause>) -> String {
        self.under(cause, "evidence", name).unwrap_or_else(|| name.replace('_', " "))
    }

    /// A fact's value; codes among them have words.
    fn value(&self, name: &str, value: &str, cause: Option<Cause>) -> String {
        let family = match name {
            "value" if cause == Some(Cause::TokenWrongKind) => "other",
            "reason" | "note" => "reason",
            "errno" => return system_error(value),
            _ => return value.to_owned(),
        };
        self.under(cause, family, &value.replace(' ', "_")).unwrap_or_else(|| value.to_owned())
    }

    /// The text for a code as it is under this cause, else as it is anywhere.
    fn under(&self, cause: Option<Cause>, family: &str, code: &str) -> Option<String> {
        cause
            .and_then(|cause| self.texts().by_code(family, &format!("{code}.{}", cause.code())))
            .or_else(|| self.texts().by_code(family, code))
    }

    /// The way up of a server that is down; advice that says the same is not said again.
    pub fn way_up(&mut self, rescue: &Rescue) {
        let texts = self.texts();
        self.line(&if rescue.by_us { texts.stands_way_up() } else { texts.stands_way_up_root() });
        for command in &rescue.commands {
            self.command(command);
            let plain = command.strip_prefix("sudo ").unwrap_or(command).to_owned();
            self.said.push(Advice::with_command(AdviceCode::StartWithoutPull, plain));
        }
    }

    /// What to do next, each with its command alone on its line.
    pub fn advice(&mut self, advice: &[Advice]) {
        let mut before = None;
        for advice in advice {
            if self.said.contains(advice) {
                continue;
            }
            // Several commands of one advice stand below its sentence.
            let goes_on = before.replace(advice.code) == Some(advice.code);
            self.said.push(advice.clone());
            if let Some(text) = self.texts().by_code("advice", advice.code.code()).filter(|_| !goes_on) {
                // A colon announces a command; without one it is a sentence.
                let text = match (&advice.command, text.strip_suffix(':')) {
                    (None, Some(sentence)) => format!("{sentence}."),
                    _ => text,
                };
                self.line(&format!("  {text}"));
            }
            if let Some(command) = &advice.command {
                self.command(command);
            }
        }
    }

    /// A word of a family, or the code itself where the languages have none yet.
    pub fn word(&self, family: &str, code: &str) -> String {
        self.texts().by_code(family, code).unwrap_or_else(|| code.replace('_', " "))
    }

    /// A time with its age, or the word for what is not there.
    pub fn moment(&self, moment: Option<OffsetDateTime>, otherwise: &str) -> String {
        let Some(moment) = moment else { return otherwise.to_owned() };
        format!("{} ({})", exact(moment), age(self.texts(), self.now - moment))
    }
}

/// An error number with this system's words for it.
fn system_error(number: &str) -> String {
    match number.parse() {
        Ok(code) => std::io::Error::from_raw_os_error(code).to_string(),
        Err(_) => number.to_owned(),
    }
}

/// The title of a cause.
pub fn title(texts: &Texts, code: &str) -> String {
    texts.by_code("cause", code).unwrap_or_else(|| code.to_owned())
}

/// A time to the minute, in UTC.
pub fn exact(moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(time::UtcOffset::UTC);
    format!(
        "{:04}-{:02}-{:02} {:02}:{:02} UTC",
        moment.year(),
        u8::from(moment.month()),
        moment.day(),
        moment.hour(),
        moment.minute()
    )
}

/// A day, in UTC.
pub fn day(moment: OffsetDateTime) -> String {
    exact(moment).chars().take(10).collect()
}

/// How long ago, in the largest unit that says enough; the future has its own words.
pub fn age(texts: &Texts, passed: time::Duration) -> String {
    let ahead = passed.is_negative();
    let minutes = passed.abs().whole_minutes();
    match (ahead, minutes) {
        (_, 0) => texts.cli_now(),
        (false, 1..60) => texts.cli_ago_minutes(minutes),
        (false, 60..2_880) => texts.cli_ago_hours(minutes / 60),
        (false, _) => texts.cli_ago_days(minutes / 1_440),
        (true, 1..60) => texts.cli_in_minutes(minutes),
        (true, 60..2_880) => texts.cli_in_hours(minutes / 60),
        (true, _) => texts.cli_in_days(minutes / 1_440),
    }
}
