//! The journal of a run: intent before each act, result after it; what is left, what to undo. Hashes, never
//! secrets (design §7, "Journal").

mod standing;

use std::{collections::BTreeSet, path::PathBuf};

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{
    action::{Act, Set},
    restart::Part,
};

pub use standing::{Rescue, Seen, Server, Settings, Standing, Written, stands};

/// One line of a journal file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Counts from 1 within the run.
    pub seq: u32,
    /// When it was written.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// In a run's first line: its place among all runs of this installation. Older journals have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
    /// What it says.
    #[serde(flatten)]
    pub entry: Entry,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub enum Entry {
    /// The first line.
    Start {
        /// What was asked.
        command: Command,
        /// The run that this one takes back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        takes_back: Option<String>,
    },
    /// About to do it.
    Intent {
        /// What.
        action: Act,
        /// To which file, and what it holds before and after.
        #[serde(default, flatten, skip_serializing_if = "Option::is_none")]
        file: Option<FileChange>,
    },
    /// A keeper is there that does it from here on: whoever comes back can follow it.
    Running {
        /// What.
        action: Act,
        /// The keeper's process id, which leads its session.
        pid: u32,
        /// Where its output goes.
        output: PathBuf,
        /// The containers before: whoever picks it up compares with them. None where nobody could look.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        before: Option<Vec<Part>>,
    },
    /// Did it, or tried.
    Done {
        /// What.
        action: Act,
        /// Whether it went well.
        ok: bool,
        /// A cause code or an exit code, never a text from outside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<String>,
    },
    /// The server was seen to answer, or not to, while it was restarted.
    Seen {
        /// Whether it answered.
        up: bool,
    },
    /// The last line.
    End {
        /// How the run ended.
        result: Ending,
    },
}

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileChange {
    /// The file.
    pub path: PathBuf,
    /// SHA-256 (hex) before.
    pub before: String,
    /// SHA-256 (hex) after.
    pub after: String,
    /// Where the old one is kept.
    pub backup: Option<PathBuf>,
    /// Our settings in it, so that undo knows them.
    #[serde(default)]
    pub changes: Vec<Set>,
}

/// A command that keeps a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// `apply`, or step 1.
    Apply,
    /// `undo`
    Undo,
    /// `disable`
    Disable,
    /// `resume`, or the way up
    Resume,
    /// `token set`, or step 3.
    SetToken,
    /// `sync`, or step 4.
    Sync,
}

impl Command {
    /// Whether what it leaves when it is cut off is to be picked up on this machine. What only asks the server for
    /// something leaves nothing here: how that stands, the server says.
    pub fn is_picked_up(self) -> bool {
        match self {
            Self::Apply | Self::Undo | Self::Disable | Self::Resume => true,
            Self::SetToken | Self::Sync => false,
        }
    }
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// As it was meant to.
    #[serde(rename = "SUCCESS")]
    Success,
    /// Not so; what was written stays.
    #[serde(rename = "FAILURE")]
    Failure,
    /// Not so, and the old file is back.
    #[serde(rename = "ROLLED-BACK")]
    RolledBack,
}

/// A run as its journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its id: a name, which says nothing about which run was the later one ([`Run::place`]).
    pub id: String,
    /// Its lines, in order.
    pub lines: Vec<Line>,
}

/// An apply that can be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoable {
    /// Its id.
    pub run: String,
    /// What it did to the file.
    pub file: FileChange,
}

/// Largest counter that is believed: numbers beyond it are not exact in every JSON reader, and no installation
/// has that many runs.
const ORDERS: u64 = 1 << 53;

impl Run {
    /// A run from the bytes of its journal file, as far as they are whole: a line that was cut off by a kill, or
    /// is none of ours, ends it.
    pub fn parse(id: impl Into<String>, text: &[u8]) -> Self {
        let lines = text.split(|byte| *byte == b'\n');
        Self { id: id.into(), lines: lines.map_while(|line| serde_json::from_slice(line).ok()).collect() }
    }

    /// Its counter: every run has one more than the largest that it found. 0 in journals of older versions.
    pub fn order(&self) -> u64 {
        self.lines.first().and_then(|line| line.order).filter(|order| *order < ORDERS).unwrap_or(0)
    }

    /// Where it stands among all runs: by its counter, never by a clock; runs of older versions, which have no
    /// counter, come first, by their names.
    pub fn place(&self) -> (u64, &str) {
        (self.order(), &self.id)
    }

    /// What was asked.
    pub fn command(&self) -> Option<Command> {
        self.start().map(|(command, _)| command)
    }

    /// How it ended; null where it was killed or still runs.
    pub fn ending(&self) -> Option<Ending> {
        self.lines.iter().rev().find_map(|line| match line.entry {
            Entry::End { result } => Some(result),
            _ => None,
        })
    }

    /// The act that was begun and not finished.
    pub fn unfinished(&self) -> Option<Act> {
        let mut begun = None;
        for line in &self.lines {
            match line.entry {
                Entry::Intent { action, .. } => begun = Some(action),
                Entry::Done { action, .. } if begun == Some(action) => begun = None,
                _ => {}
            }
        }
        begun
    }

    /// What a keeper was last begun for, and where its output goes.
    pub fn kept(&self) -> Option<(Act, &PathBuf)> {
        self.lines.iter().rev().find_map(|line| match &line.entry {
            Entry::Running { action, output, .. } => Some((*action, output)),
            _ => None,
        })
    }

    /// The containers before the first thing that took them down or up; null where nobody could look.
    pub fn before(&self) -> Option<&[Part]> {
        self.lines.iter().find_map(|line| match &line.entry {
            Entry::Running { before, .. } => Some(before.as_deref()),
            _ => None,
        })?
    }

    /// Whether an act was begun.
    pub fn began(&self, act: Act) -> bool {
        let begins = |entry: &Entry| matches!(entry, Entry::Intent { action, .. } if *action == act);
        self.lines.iter().any(|line| begins(&line.entry))
    }

    /// How an act went; null where it was not begun or not finished.
    pub fn done(&self, act: Act) -> Option<bool> {
        self.lines.iter().rev().find_map(|line| match line.entry {
            Entry::Done { action, ok, .. } if action == act => Some(ok),
            _ => None,
        })
    }

    fn start(&self) -> Option<(Command, Option<&str>)> {
        match &self.lines.first()?.entry {
            Entry::Start { command, takes_back } => Some((*command, takes_back.as_deref())),
            _ => None,
        }
    }

    /// What it meant to do to the file.
    pub fn written_file(&self) -> Option<&FileChange> {
        self.lines.iter().rev().find_map(|line| match &line.entry {
            Entry::Intent { action: Act::Write, file } => file.as_ref(),
            _ => None,
        })
    }

    /// What it did to the file, if it did: finished, or killed in between and the file stands so.
    fn written(&self, stands: Option<&str>) -> Option<&FileChange> {
        let put_back = self.ending() == Some(Ending::RolledBack) || self.done(Act::PutBack) == Some(true);
        let file = self.lines.iter().rev().find_map(|line| match &line.entry {
            Entry::Intent { action: Act::Write, file } => file.as_ref(),
            _ => None,
        })?;
        let wrote = self.done(Act::Write).unwrap_or(stands == Some(file.after.as_str()));
        (wrote && !put_back).then_some(file)
    }
}

/// The newest apply that wrote settings and was not taken back. `stands` is the file's SHA-256 now: an apply
/// that was killed counts if the file stands as it meant to leave it. A later apply that only restarted does
/// not stand in the way.
pub fn undoable(runs: &[Run], stands: Option<&str>) -> Option<Undoable> {
    let taken_back: BTreeSet<&str> = runs
        .iter()
        .filter(|run| run.written(stands).is_some())
        .filter_map(|run| run.start())
        .filter(|(command, _)| *command == Command::Undo)
        .filter_map(|(_, takes_back)| takes_back)
        .collect();
    runs.iter()
        .filter(|run| run.command() == Some(Command::Apply) && !taken_back.contains(run.id.as_str()))
        .filter_map(|run| Some((run, run.written(stands)?)))
        .max_by(|(a, _), (b, _)| a.place().cmp(&b.place()))
        .map(|(run, file)| Undoable { run: run.id.clone(), file: file.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::restart::State;
    use time::macros::datetime;

    fn run(id: &str, entries: Vec<Entry>) -> Run {
        let at = datetime!(2026-11-24 23:21:50 UTC);
        let number = |n: usize| u32::try_from(n).unwrap() + 1;
        let lines = entries.into_iter().enumerate();
        let lines = lines.map(|(n, entry)| Line { seq: number(n), at, order: None, entry }).collect();
        Run { id: id.into(), lines }
    }

    fn start(command: Command, takes_back: Option<&str>) -> Entry {
        Entry::Start { command, takes_back: takes_back.map(Into::into) }
    }

    fn write(after: &str) -> Entry {
        let changes =
            vec![Set { key: "globalSettings__enableCloudCommunication".into(), to: Some("true".into()) }];
        let (path, before) = ("/opt/bitwarden/bwdata/env/global.override.env".into(), "old".into());
        let file = Some(FileChange { path, before, after: after.into(), backup: None, changes });
        Entry::Intent { action: Act::Write, file }
    }

    fn done(action: Act, ok: bool) -> Entry {
        Entry::Done { action, ok, result: None }
    }

    fn end(result: Ending) -> Entry {
        Entry::End { result }
    }

    fn applied(id: &str, ending: Ending) -> Run {
        run(id, vec![start(Command::Apply, None), write(id), done(Act::Write, true), end(ending)])
    }

    #[test]
    fn the_newest_apply_that_wrote_and_stands_is_taken_back() {
        use Command::{Apply, Undo};
        use Ending::{Failure, RolledBack, Success};
        let undo = |id: &str, of: &str, ok| {
            run(id, vec![start(Undo, Some(of)), write("back"), done(Act::Write, ok), end(Success)])
        };
        let killed = run("3", vec![start(Apply, None), write("three")]);
        let restarted = run(
            "3",
            vec![
                start(Apply, None),
                Entry::Intent { action: Act::Restart, file: None },
                done(Act::Restart, true),
                end(Success),
            ],
        );
        let cases = [
            ("nothing", Vec::new(), None::<&str>, None::<&str>),
            ("one", vec![applied("1", Success)], None, Some("1")),
            ("two, newest", vec![applied("2", Success), applied("1", Success)], None, Some("2")),
            ("failed restart counts", vec![applied("1", Failure)], None, Some("1")),
            ("rolled back does not", vec![applied("1", Success), applied("2", RolledBack)], None, Some("1")),
            ("taken back", vec![applied("1", Success), undo("2", "1", true)], None, None),
            ("undo that failed", vec![applied("1", Success), undo("2", "1", false)], None, Some("1")),
            ("only restarted", vec![applied("1", Success), restarted], None, Some("1")),
            ("killed, stands", vec![applied("1", Success), killed.clone()], Some("three"), Some("3")),
            ("killed, not written", vec![applied("1", Success), killed], Some("1"), Some("1")),
        ];
        for (name, runs, stands, wanted) in cases {
            assert_eq!(undoable(&runs, stands).map(|u| u.run).as_deref(), wanted, "{name}");
        }
    }

    #[test]
    fn a_journal_reads_back_and_a_cut_line_ends_it() {
        let run = applied("1", Ending::Success);
        let mut text = String::new();
        for line in &run.lines {
            text.push_str(&serde_json::to_string(line).unwrap());
            text.push('\n');
        }
        assert!(text.contains(r#""result":"SUCCESS""#) && text.contains(r#""mark":"intent""#), "{text}");
        assert_eq!(Run::parse("1", text.as_bytes()), run);
        let cut = &text[..text.len() - 12];
        let killed = Run::parse("1", cut.as_bytes());
        assert_eq!((killed.lines.len(), killed.ending()), (3, None));
        assert_eq!(run.unfinished(), None);
        let two: Vec<&str> = text.lines().take(2).collect();
        assert_eq!(Run::parse("1", two.join("\n").as_bytes()).unfinished(), Some(Act::Write));
    }

    #[test]
    fn the_counter_orders_runs_and_their_names_do_not() {
        let counted = |id: &str, order: Option<u64>| {
            let mut run = applied(id, Ending::Success);
            run.lines[0].order = order;
            run
        };
        // The clock went back, then to the year 9999, then back again.
        let runs = [
            counted("20261124T232150Z", Some(7)),
            counted("99991231T235959Z", Some(8)),
            counted("19690101T000000Z", Some(9)),
            counted("99990101T000000Z", None),
            counted("99990102T000000Z", Some(u64::MAX)),
        ];
        assert_eq!(undoable(&runs, None).unwrap().run, "19690101T000000Z");
        assert_eq!(runs[4].order(), 0, "no run can have that one");
        assert!(runs[3].place() < runs[0].place(), "older journals come first");
    }

    #[test]
    fn bytes_that_are_no_journal_end_it() {
        let whole = serde_json::to_vec(&applied("1", Ending::Success).lines[0]).unwrap();
        let tails: [&[u8]; 5] = [b"\xff\xfe", b"{", b"{}\n", b"[[[[[", &[b'['; 100_000]];
        for tail in tails {
            let text = [&whole[..], b"\n", tail].concat();
            assert_eq!(Run::parse("1", &text).lines.len(), 1);
            assert_eq!(Run::parse("1", tail).lines.len(), 0);
        }
        let far = r#"{"seq":1,"at":"9999-12-31T23:59:59.999Z","mark":"end","result":"SUCCESS"}"#;
        assert_eq!(Run::parse("1", far.as_bytes()).ending(), Some(Ending::Success));
    }

    #[test]
    fn a_restart_that_still_runs_can_be_found_again() {
        let restart = || Entry::Intent { action: Act::Restart, file: None };
        let running =
            |before| Entry::Running { action: Act::Restart, pid: 7, output: "restart/1.log".into(), before };
        let begun = run("1", vec![start(Command::Apply, None), restart(), running(None)]);
        assert_eq!(begun.kept(), Some((Act::Restart, &"restart/1.log".into())));
        assert!(begun.began(Act::Restart) && !begun.began(Act::PutBack) && begun.before().is_none());
        let not_yet = run("1", vec![start(Command::Apply, None), restart()]);
        assert_eq!(not_yet.kept(), None);
        let part = |state| Part {
            id: "f3".into(),
            name: "bitwarden-api".into(),
            service: "api".into(),
            lite: false,
            state,
            started: Some(datetime!(2026-11-24 23:21:50.123456789 UTC)),
            restarts: 2,
            grew: false,
        };
        let before = vec![part(State::Healthy), part(State::Loops(Some(134))), part(State::Ended(None))];
        let twice =
            vec![start(Command::Apply, None), running(Some(before.clone())), running(Some(Vec::new()))];
        let line = serde_json::to_vec(&run("1", twice.clone()).lines[1]).unwrap();
        assert_eq!(Run::parse("1", &line).before(), Some(&before[..]), "it reads back");
        assert_eq!(run("1", twice).before(), Some(&before[..]), "the first counts");
    }
}
