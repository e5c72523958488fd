//! A run that was cut off: where it stands, whether its script still runs, and following that to its end from
//! another terminal (design §11, `resume`).

use std::{fs::File, path::PathBuf, time::Duration};

use time::OffsetDateTime;
use tokio::time::sleep;

use crate::domain::journal::{Command, Entry, Run};

use super::{files, process::Runner, restart::Output, state::State};

/// How often the script and its output are looked at.
const GLANCE: Duration = Duration::from_millis(150);
/// Ticks a second in `/proc`; the kernel tells programs 100 whatever it uses itself.
const TICKS: i64 = 100;
/// How far the kernel's clock of starts and the journal's may be apart.
const SLACK: time::Duration = time::Duration::seconds(3);

/// A run without an end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its journal.
    pub run: Run,
    /// Its script, if it got that far.
    pub script: Option<Script>,
}

/// The script of a run that was cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its process id.
    pub pid: u32,
    /// Where its output goes.
    pub output: PathBuf,
    /// Since when it runs, by the journal.
    pub since: OffsetDateTime,
}

/// The newest run, if it has no end. What only asks the server for something does not count
/// ([`Command::is_picked_up`]); and a `resume` that was cut off itself leaves what it was to pick up. Whether it is still carried out
/// by another bwsync, the lock says ([`super::lock`]).
pub fn unfinished(state: &State) -> Option<Unfinished> {
    let runs = state.runs();
    let counts = |run: &&Run| run.command().is_some_and(Command::is_picked_up);
    let cut_off =
        runs.iter().rev().map(|(_, run)| run).filter(counts).take_while(|run| run.ending().is_none());
    let mut found = None;
    for run in cut_off {
        found = Some(run);
        if run.command() != Some(Command::Resume) {
            break;
        }
    }
    let run = found?.clone();
    Some(Unfinished { script: script(&run), run })
}

fn script(run: &Run) -> Option<Script> {
    let (action, pid, output) = run.running()?;
    let line = run.lines.iter().rev().find(|line| {
        matches!(&line.entry, Entry::Running { action: of, pid: its, .. } if *of == action && *its == pid)
    })?;
    Some(Script { pid, output: output.clone(), since: line.at })
}

impl Script {
    /// Whether it still runs: a process of this number that is a `bitwarden.sh` and was started before the
    /// journal's line. A number that was given to another process since is told by either.
    pub fn runs(&self) -> bool {
        let stat = files::read_proc(&format!("/proc/{}/stat", self.pid));
        let boot = files::read_proc("/proc/stat");
        let Some((state, started)) = parse(&stat, &boot) else { return false };
        let words = files::read_proc(&format!("/proc/{}/cmdline", self.pid));
        state != 'Z' && started <= self.since.saturating_add(SLACK) && words.contains("bitwarden.sh")
    }

    /// Tells each line of its output from the beginning, until it ends; then takes secrets out of the file. Its
    /// exit code is not known to anybody but its parent: containers and answers decide. False where there is no
    /// output to read.
    pub async fn follow(
        &self,
        state: &State,
        runner: &Runner,
        on_line: &mut (dyn FnMut(String) + Send),
    ) -> bool {
        let (state, path) = (state.clone(), self.output.clone());
        let opened = tokio::task::spawn_blocking(move || state.open_restart_log(&path)).await;
        let file: Option<File> = opened.ok().and_then(Result::ok);
        let read = file.is_some();
        let mut output = file.map(Output::new);
        loop {
            let script = self.clone();
            let runs = tokio::task::spawn_blocking(move || script.runs()).await.unwrap_or(false);
            if let Some(output) = &mut output {
                output.glance(runner, on_line).await;
            }
            if !runs {
                break;
            }
            sleep(GLANCE).await;
        }
        if let Some(output) = output {
            output.finish(runner, on_line).await;
        }
        read
    }
}

/// State and start of a process: `/proc/PID/stat`, and the boot time of `/proc/stat`.
fn parse(stat: &str, boot: &str) -> Option<(char, OffsetDateTime)> {
    // The name in brackets may hold anything, brackets too.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    let ticks: i64 = fields.nth(18)?.parse().ok()?;
    let booted: i64 = boot.lines().find_map(|line| line.strip_prefix("btime "))?.trim().parse().ok()?;
    let started = OffsetDateTime::from_unix_timestamp(booted.checked_add(ticks / TICKS)?).ok()?;
    Some((state, started))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_process_is_known_by_its_start() {
        let boot = "cpu 1\nbtime 1700000000\nprocesses 9\n";
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 1 1 0 0 0 0 0 0 20 0 1 0 12345 1 1";
        let (state, started) = parse(stat, boot).unwrap();
        assert_eq!((state, started), ('S', datetime!(2023-11-14 22:15:23 UTC)));
        assert_eq!(parse("", boot), None);
        let own = Script { pid: std::process::id(), output: "/x".into(), since: OffsetDateTime::now_utc() };
        assert!(!own.runs(), "a test is no bitwarden.sh");
    }
}
