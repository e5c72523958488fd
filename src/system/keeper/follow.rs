//! Following what a keeper does, by its two files: the same for who began it and for who comes back.

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{process::Child, task::spawn_blocking, time::sleep};

use super::{
    super::process::{Lines, Runner},
    Files,
    record::{Process, Record, Stands},
};

/// How often is looked.
const GLANCE: Duration = Duration::from_millis(150);
/// Most of the output that is taken in at once, in bytes.
const PART: usize = 64 << 10;

/// Work of a keeper that is followed. Dropping it leaves the work alone.
#[derive(Debug)]
pub struct Following {
    log: Arc<File>,
    record: Arc<File>,
    read: u64,
    lines: Lines,
    since: Instant,
    child: Option<Child>,
}

/// How the work ended, or was left. It says little: containers and answers decide (design §11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Whether any program was begun.
    pub began: bool,
    /// The exit code of the program that ended it; 128 + n where signal n ended it. Null where nobody saw it.
    pub code: Option<i32>,
    /// A program could not be run: the system's number.
    pub refused: Option<Option<i32>>,
    /// It was stopped, and is no longer waited for: who `kill -CONT -PID` lets go on.
    pub stopped: Option<u32>,
    /// How long it was followed.
    pub took: Duration,
}

/// What is told while following.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A line of the output.
    Line(String),
    /// It was stopped: who `kill -CONT -PID` lets go on.
    Stopped(u32),
}

impl Following {
    pub(super) fn of_child(files: Files, child: Child) -> Self {
        Self { child: Some(child), ..Self::of(files) }
    }

    /// Work that another process began.
    pub fn of(files: Files) -> Self {
        Self {
            log: Arc::new(files.log),
            record: Arc::new(files.record),
            read: 0,
            lines: Lines::default(),
            since: Instant::now(),
            child: None,
        }
    }

    /// Tells each line as it comes, until all of it ended, or was stopped for as long as `patience`.
    pub async fn to_the_end(
        mut self,
        runner: &Runner,
        patience: Duration,
        tell: &mut (dyn FnMut(Told) + Send),
    ) -> End {
        let mut stopped: Option<(u32, Instant)> = None;
        loop {
            let (record, stands) = self.look().await;
            self.glance(runner, tell).await;
            match stands {
                Work::Over => return self.ended(&record, None, runner, tell).await,
                Work::Runs => stopped = None,
                Work::Stopped(pid) => {
                    let since = match stopped {
                        Some((known, since)) if known == pid => since,
                        _ => {
                            tell(Told::Stopped(pid));
                            Instant::now()
                        }
                    };
                    if since.elapsed() >= patience {
                        return self.ended(&record, Some(pid), runner, tell).await;
                    }
                    stopped = Some((pid, since));
                }
            }
            sleep(GLANCE).await;
        }
    }

    /// How the work stands, then the record: what is written after the look is in it.
    async fn look(&mut self) -> (Record, Work) {
        let file = Arc::clone(&self.record);
        // Whoever began it must also hear that it ended, else it stays in the list of processes.
        let ended = self.child.as_mut().is_some_and(|child| !matches!(child.try_wait(), Ok(None)));
        let looked = spawn_blocking(move || {
            let before = Record::read(&file);
            let stands = if ended { Work::of_programs(&before) } else { Work::of(&before) };
            (Record::read(&file), stands)
        });
        looked.await.unwrap_or((Record::default(), Work::Over))
    }

    async fn ended(
        mut self,
        record: &Record,
        stopped: Option<u32>,
        runner: &Runner,
        tell: &mut (dyn FnMut(Told) + Send),
    ) -> End {
        self.glance(runner, tell).await;
        if let Some(line) = self.lines.rest() {
            tell(Told::Line(runner.redactor().line(&line)));
        }
        End {
            began: record.began(),
            code: record.code().filter(|_| record.is_whole()),
            refused: record.refused(),
            stopped,
            took: self.since.elapsed(),
        }
    }

    async fn glance(&mut self, runner: &Runner, tell: &mut (dyn FnMut(Told) + Send)) {
        while let Some(bytes) = self.part().await {
            let full = bytes.len() == PART;
            for line in self.lines.push(&bytes) {
                tell(Told::Line(runner.redactor().line(&line)));
            }
            if !full {
                break;
            }
        }
    }

    async fn part(&mut self) -> Option<Vec<u8>> {
        let (file, from) = (Arc::clone(&self.log), self.read);
        let read = spawn_blocking(move || {
            let mut bytes = vec![0; PART];
            let length = file.read_at(&mut bytes, from)?;
            bytes.truncate(length);
            io::Result::Ok(bytes)
        });
        let bytes = read.await.ok()?.ok().filter(|bytes| !bytes.is_empty())?;
        self.read += bytes.len() as u64;
        Some(bytes)
    }
}

/// How the work stands.
enum Work {
    Runs,
    Stopped(u32),
    Over,
}

impl Work {
    fn of(record: &Record) -> Self {
        match (Self::of_programs(record), record.keeper()) {
            (Self::Over, Some(keeper)) => Self::of_process(&keeper),
            (stands, _) => stands,
        }
    }

    /// The same where the keeper is gone.
    fn of_programs(record: &Record) -> Self {
        record.program().map_or(Self::Over, |program| Self::of_process(&program))
    }

    fn of_process(process: &Process) -> Self {
        match process.stands() {
            Stands::Runs => Self::Runs,
            Stands::Stopped => Self::Stopped(process.pid),
            Stands::Gone => Self::Over,
        }
    }
}
