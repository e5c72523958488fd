//! A run that was cut off: where it stands, and the keeper's work that may still go on (design §11, `resume`).

use std::path::PathBuf;

use crate::domain::{
    action::Act,
    journal::{Command, Run},
    restart::Part,
};

use super::{
    keeper::{Process, Record},
    state::State,
};

/// A run without an end, or one that was left while its work goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Its journal.
    pub run: Run,
    /// What a keeper was begun for, if it got that far.
    pub work: Option<Work>,
    /// The containers before anything was taken down or up; none where nobody could look.
    pub before: Option<Vec<Part>>,
}

/// Work of a keeper, as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// What.
    pub act: Act,
    /// Where its output goes.
    pub output: PathBuf,
}

/// The newest run, if it has no end or its work still goes on. What only asks the server for something does not count
/// ([`Command::is_picked_up`]); and a `resume` that was cut off itself leaves what it was to pick up.
/// Whether it is still carried out by another bwsync, [`State::is_tended`] says.
pub fn unfinished(state: &State) -> Option<Unfinished> {
    let runs: Vec<Run> = state.runs().into_iter().map(|(_, run)| run).collect();
    let counts = |run: &&Run| run.command().is_some_and(Command::is_picked_up);
    let cut_off = runs.iter().rev().filter(counts).take_while(|run| run.ending().is_none());
    let (mut found, mut work, mut before) = (None, None, None);
    for run in cut_off {
        found = Some(run);
        work = work.or_else(|| newest_work(run));
        before = run.before().or(before);
        if run.command() != Some(Command::Resume) {
            break;
        }
    }
    if found.is_none() {
        let last = runs.iter().rev().find_map(|run| Some((run, newest_work(run)?)));
        if let Some((run, its)) = last.filter(|(_, its)| process(state, its).is_some()) {
            (found, work, before) = (Some(run), Some(its), run.before());
        }
    }
    Some(Unfinished { run: found?.clone(), work, before: before.map(<[_]>::to_vec) })
}

/// Who still works for the newest run that had a keeper. The lock alone does not tell: a keeper that was killed
/// holds it no more, and its program goes on.
pub fn at_work(state: &State) -> Option<Process> {
    let runs = state.runs();
    let work = runs.iter().rev().find_map(|(_, run)| newest_work(run))?;
    process(state, &work)
}

fn newest_work(run: &Run) -> Option<Work> {
    run.kept().map(|(act, output)| Work { act, output: output.clone() })
}

fn process(state: &State, work: &Work) -> Option<Process> {
    Record::read(&state.reopen(&work.output).ok()?.record).at_work()
}
