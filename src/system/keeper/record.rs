//! What a keeper began and how it ended, as lines of a file: it tells who runs when both bwsync and the keeper are
//! gone. Process numbers are given away again, so each stands with the time of the kernel at which it was in
//! use: whoever has the number and began later is another process.

use std::{
    fs::File,
    io::{self, Write},
    os::unix::fs::FileExt,
};

use serde::{Deserialize, Serialize};

use super::super::files;

/// Longest record that is read, in bytes.
const LONGEST: usize = 64 << 10;

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "mark", rename_all = "snake_case")]
pub(super) enum Mark {
    /// The first: which start of this machine it is.
    Boot {
        /// `/proc/sys/kernel/random/boot_id`.
        id: String,
    },
    /// A process is there and about to run: the keeper, then each of its programs. They write it themselves
    /// ([`super::super::process::child`]).
    Began {
        /// Its number.
        pid: u32,
        /// When, in hundredths of a second since the machine's start.
        at: u64,
    },
    /// It could not be run.
    Refused {
        /// Why, as the system numbers it.
        errno: Option<i32>,
    },
    /// It ended.
    Ended {
        /// Its exit code; 128 + n where signal n ended it.
        code: i32,
    },
    /// Nothing more comes.
    End,
}

/// A process that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Process {
    /// Its number, which leads its session.
    pub pid: u32,
    at: u64,
    boot: String,
}

/// How a process stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It runs.
    Runs,
    /// It was stopped (SIGSTOP and the like) and waits to be continued.
    Stopped,
    /// There is none any more.
    Gone,
}

/// A record as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    boot: String,
    marks: Vec<Mark>,
}

/// Writes a line.
pub(super) fn note(mut file: &File, mark: &Mark) -> io::Result<()> {
    let mut line = serde_json::to_vec(mark)?;
    line.push(b'\n');
    file.write_all(&line)
}

/// Begins a record.
pub(super) fn begin(file: &File) -> io::Result<()> {
    note(file, &Mark::Boot { id: boot() })
}

fn boot() -> String {
    files::read_proc("/proc/sys/kernel/random/boot_id").trim().to_owned()
}

impl Record {
    /// As far as it is written.
    pub fn read(file: &File) -> Self {
        let mut bytes = vec![0; LONGEST];
        let length = file.read_at(&mut bytes, 0).unwrap_or_default();
        Self::parse(&String::from_utf8_lossy(bytes.get(..length).unwrap_or_default()))
    }

    fn parse(text: &str) -> Self {
        let mut marks = text.lines().map_while(|line| serde_json::from_str(line).ok());
        let Some(Mark::Boot { id: boot }) = marks.next() else { return Self::default() };
        Self { boot, marks: marks.collect() }
    }

    fn processes(&self) -> impl Iterator<Item = Process> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Began { pid, at } => Some(Process { pid: *pid, at: *at, boot: self.boot.clone() }),
            _ => None,
        })
    }

    /// The keeper.
    pub fn keeper(&self) -> Option<Process> {
        self.processes().next()
    }

    /// The newest program, if it was not seen to end.
    pub fn program(&self) -> Option<Process> {
        match self.marks.iter().rev().find(|mark| !matches!(mark, Mark::End)) {
            Some(Mark::Began { .. }) => self.processes().skip(1).last(),
            _ => None,
        }
    }

    /// Whether anything was begun.
    pub fn began(&self) -> bool {
        self.processes().nth(1).is_some()
    }

    /// Whether nothing more comes.
    pub fn is_whole(&self) -> bool {
        self.marks.contains(&Mark::End)
    }

    /// The exit code of the last program that was seen to end.
    pub fn code(&self) -> Option<i32> {
        self.marks.iter().rev().find_map(|mark| match mark {
            Mark::Ended { code } => Some(*code),
            _ => None,
        })
    }

    /// Why a program could not be run; within, its number where the system gave one.
    pub fn refused(&self) -> Option<Option<i32>> {
        self.marks.iter().find_map(|mark| match mark {
            Mark::Refused { errno } => Some(*errno),
            _ => None,
        })
    }

    /// Whoever still works of it: the program that runs, else the keeper.
    pub fn at_work(&self) -> Option<Process> {
        let runs = |process: &Process| process.stands() != Stands::Gone;
        self.program().filter(runs).or_else(|| self.keeper().filter(runs))
    }
}

impl Process {
    /// How it stands: by its number, its start and its session.
    pub fn stands(&self) -> Stands {
        if self.boot != boot() {
            return Stands::Gone;
        }
        let stat = files::read_proc(&format!("/proc/{}/stat", self.pid));
        match parse(&stat) {
            Some((state, session, started)) if session == self.pid && started <= self.at + 1 => match state {
                'Z' | 'X' => Stands::Gone,
                'T' => Stands::Stopped,
                _ if self.waits_for_what_is_stopped() => Stands::Stopped,
                _ => Stands::Runs,
            },
            _ => Stands::Gone,
        }
    }

    /// Whether it cannot go on because a child was stopped: a shell that a stop meets between fork and exec waits
    /// without being stopped itself, and so does one whose program alone was stopped.
    fn waits_for_what_is_stopped(&self) -> bool {
        let children = files::read_proc(&format!("/proc/{0}/task/{0}/children", self.pid));
        let state =
            |pid: &str| parse(&files::read_proc(&format!("/proc/{pid}/stat"))).map(|(state, ..)| state);
        children.split_whitespace().any(|pid| state(pid) == Some('T'))
    }

    /// What it is, as its command line says.
    pub fn command(&self) -> String {
        files::read_proc(&format!("/proc/{}/cmdline", self.pid)).replace('\0', " ").trim().to_owned()
    }
}

/// State, session and start (in hundredths since the machine's start, which is how the kernel tells programs) of
/// `/proc/PID/stat`.
fn parse(stat: &str) -> Option<(char, u32, u64)> {
    // The name in brackets may hold anything, brackets too.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    let state = fields.next()?.chars().next()?;
    let session = fields.nth(2)?.parse().ok()?;
    Some((state, session, fields.nth(15)?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_known_by_its_start_and_its_session() {
        let stat = "7 (a) b (c) S 1 7 7 0 -1 4194304 1 1 0 0 0 0 0 0 20 0 1 0 12345 1 1";
        assert_eq!(parse(stat), Some(('S', 7, 12_345)));
        assert_eq!(parse(""), None);
        let own = std::process::id();
        let stat = files::read_proc(&format!("/proc/{own}/stat"));
        let (_, session, started) = parse(&stat).unwrap();
        let leads = session == own;
        let process = |at, boot| Process { pid: own, at, boot };
        assert_eq!(process(started, boot()).stands() != Stands::Gone, leads);
        assert_eq!(process(started.saturating_sub(5), boot()).stands(), Stands::Gone, "began later");
        assert_eq!(process(started, "another".into()).stands(), Stands::Gone, "another start of the machine");
    }

    #[test]
    fn who_waits_for_what_is_stopped_is_stopped_too() {
        use crate::system::process::child::{Given, apart};
        let mut command = std::process::Command::new("/bin/sh");
        command.args(["-c", "sh -c 'kill -STOP $$'; :"]).stdin(std::process::Stdio::null());
        apart(&mut command, &Given::default());
        let mut child = command.spawn().unwrap();
        let process = Process { pid: child.id(), at: u64::MAX - 1, boot: boot() };
        while process.stands() == Stands::Runs {
            std::thread::yield_now();
        }
        assert_eq!(process.stands(), Stands::Stopped);
        let group = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process_group(group, rustix::process::Signal::CONT).unwrap();
        assert!(child.wait().unwrap().success());
        assert_eq!(process.stands(), Stands::Gone);
    }

    #[test]
    fn a_record_tells_who_runs_and_how_it_ended() {
        let lines = [
            r#"{"mark":"boot","id":"b"}"#,
            r#"{"mark":"began","pid":7,"at":100}"#,
            r#"{"mark":"began","pid":8,"at":110}"#,
            r#"{"mark":"ended","code":0}"#,
            r#"{"mark":"began","pid":9,"at":120}"#,
            r#"{"mark":"ended","code":3}"#,
            r#"{"mark":"end"}"#,
        ];
        let told = |count: usize| Record::parse(&lines[..count].join("\n"));
        let stands = |count| {
            let record = told(count);
            let pid = |process: Option<Process>| process.map(|process| process.pid);
            (pid(record.keeper()), pid(record.program()), record.began(), record.code(), record.is_whole())
        };
        assert_eq!(stands(0), (None, None, false, None, false));
        assert_eq!(stands(2), (Some(7), None, false, None, false));
        assert_eq!(stands(3), (Some(7), Some(8), true, None, false));
        assert_eq!(stands(4), (Some(7), None, true, Some(0), false));
        assert_eq!(stands(5), (Some(7), Some(9), true, Some(0), false));
        assert_eq!(stands(7), (Some(7), None, true, Some(3), true));
    }
}
