//! The containers of an installation as the judge of a restart sees them: which parts there are, how each stands,
//! and what several looks together tell that one does not (a container that is started again and again runs, too,
//! at most of the moments at which somebody looks).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// Services without which the server does not do its work, in the order in which they depend on each other: the
/// first that does not work is the reason why the others do not either. The database is there only with the
/// built-in one.
pub const ESSENTIAL: [&str; 5] = ["mssql", "identity", "api", "admin", "nginx"];
/// Those of them that an answer comes through.
const ANSWERING: [&str; 3] = ["identity", "api", "nginx"];

/// One container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its id; a container that is made anew has another.
    pub id: String,
    /// Its name, as in `bitwarden-api`.
    pub name: String,
    /// Its service in Compose, as in `api`.
    pub service: String,
    /// Whether it is the lite edition's, which does the work of all.
    pub lite: bool,
    /// How it stands.
    pub state: State,
    /// When it was last started.
    #[serde(default, with = "time::serde::rfc3339::option")]
    pub started: Option<OffsetDateTime>,
    /// How often Docker has started it again.
    pub restarts: u64,
    /// Whether that number grew while it was watched.
    #[serde(skip)]
    pub grew: bool,
}

/// How a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It runs, and its check says that it works, or says the opposite for a reason that is known to be none.
    Healthy,
    /// It runs and has no check.
    Runs,
    /// It runs, and its check has not decided yet.
    Starting,
    /// It runs, and its check says that it does not work.
    Unhealthy,
    /// Docker starts it again and again: the exit code of the last time.
    Loops(Option<i64>),
    /// It does not run: its exit code, where it ran at all.
    Ended(Option<i64>),
}

/// How much of its work a container does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Works,
    Unhealthy,
    Down,
}

/// What is wrong with a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ill {
    /// It runs and does not work.
    Unhealthy,
    /// It is started again and again.
    Loops,
    /// It does not run.
    Ended,
    /// It was there before and is there no more.
    Gone,
}

/// A part that does not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its service.
    pub service: String,
    /// What is wrong with it.
    pub ill: Ill,
    /// The exit code of its last end.
    pub code: Option<i64>,
    /// The container, where there is one.
    pub id: Option<String>,
    /// When that was last started: what it said before is of another time.
    pub started: Option<OffsetDateTime>,
}

impl Part {
    /// Whether the server does not do its work without it.
    pub fn is_essential(&self) -> bool {
        self.lite || ESSENTIAL.contains(&self.service.as_str())
    }

    /// Whether an answer of the server comes through it.
    fn answers(&self) -> bool {
        self.lite || ANSWERING.contains(&self.service.as_str())
    }

    pub(super) fn rank(&self) -> Rank {
        match self.state {
            State::Healthy | State::Runs | State::Starting => Rank::Works,
            State::Unhealthy => Rank::Unhealthy,
            State::Loops(_) | State::Ended(_) => Rank::Down,
        }
    }

    /// Whether it may still become better or worse by itself.
    pub(super) fn is_open(&self) -> bool {
        self.state == State::Starting || (self.grew && self.state != State::Healthy)
    }

    /// What is wrong with it: where the server does not answer, one that Docker had to start again counts as one
    /// that does not stay up, although it may run just now.
    fn fault(&self, answered: bool) -> Option<Fault> {
        let (ill, code) = match self.state {
            State::Loops(code) => (Ill::Loops, code),
            State::Ended(code) => (Ill::Ended, code),
            _ if self.grew && !answered && self.state != State::Healthy => (Ill::Loops, None),
            State::Unhealthy => (Ill::Unhealthy, None),
            State::Healthy | State::Runs | State::Starting => return None,
        };
        let (service, id, started) = (self.service.clone(), Some(self.id.clone()), self.started);
        Some(Fault { service, ill, code, id, started })
    }
}

impl Fault {
    /// Whether it does not run, or not for long.
    pub fn is_down(&self) -> bool {
        self.ill != Ill::Unhealthy
    }

    /// Whether the server cannot answer without it.
    pub(super) fn silences(&self, parts: &[Part]) -> bool {
        let lite = || parts.iter().any(|part| part.lite && part.service == self.service);
        ANSWERING.contains(&self.service.as_str()) || lite()
    }
}

/// The best container of each essential service: what a scaled or half removed one leaves beside it does not count.
fn best(parts: &[Part]) -> BTreeMap<(usize, &str), &Part> {
    let mut found: BTreeMap<(usize, &str), &Part> = BTreeMap::new();
    for part in parts.iter().filter(|part| part.is_essential()) {
        let place = ESSENTIAL.iter().position(|known| *known == part.service).unwrap_or(0);
        let best = found.entry((place, &part.service)).or_insert(part);
        if part.rank() < best.rank() {
            *best = part;
        }
    }
    found
}

/// The essential parts that are worse than before, or, where nothing is known of before, that do not work; those
/// that others depend on first.
pub(super) fn worse(before: Option<&[Part]>, now: &[Part], answered: bool) -> Vec<Fault> {
    // Where there was nothing, there is nothing to compare with.
    let before = before.filter(|parts| parts.iter().any(Part::is_essential)).map(best);
    let now = best(now);
    let mut faults: BTreeMap<(usize, &str), Fault> = BTreeMap::new();
    for (key, part) in &now {
        let was = match &before {
            None => Rank::Works,
            Some(before) => before.get(key).map_or(Rank::Down, |part| part.rank()),
        };
        let Some(fault) = part.fault(answered) else { continue };
        let is = if fault.is_down() { Rank::Down } else { Rank::Unhealthy };
        if is > was {
            faults.insert(*key, fault);
        }
    }
    for (key, part) in
        before.iter().flatten().filter(|(key, part)| part.rank() < Rank::Down && !now.contains_key(*key))
    {
        let fault =
            Fault { service: part.service.clone(), ill: Ill::Gone, code: None, id: None, started: None };
        faults.insert(*key, fault);
    }
    faults.into_values().collect()
}

/// The essential parts that do not run, worse than before or not: why the server does not answer.
pub(super) fn down(before: Option<&[Part]>, now: &[Part]) -> Vec<Fault> {
    let mut faults = worse(before, now, false);
    for part in best(now).into_values() {
        let known = faults.iter().any(|fault| fault.service == part.service);
        faults.extend(part.fault(false).filter(|fault| fault.is_down() && !known));
    }
    let place = |fault: &Fault| ESSENTIAL.iter().position(|known| *known == fault.service);
    faults.sort_by_key(place);
    faults
}

/// Whether all that an answer comes through is there and works.
pub(super) fn all_work(now: &[Part]) -> bool {
    let mut answering = best(now).into_values().filter(|part| part.answers()).peekable();
    answering.peek().is_some() && answering.all(|part| part.rank() == Rank::Works && !part.is_open())
}

/// Whether an essential part may still change by itself in a way that counts: one that did not work before may
/// stay as it is.
pub(super) fn open(before: Option<&[Part]>, now: &[Part]) -> bool {
    let before = before.map(best).unwrap_or_default();
    best(now).into_iter().any(|(key, part)| {
        part.is_open() && before.get(&key).is_none_or(|before| before.rank() == Rank::Works)
    })
}

/// Whether the same essential containers run as before: nothing was taken down or up.
pub fn unchanged(before: &[Part], now: &[Part]) -> bool {
    let running = |parts: &[Part]| -> Vec<(String, Option<OffsetDateTime>)> {
        let mut running: Vec<_> = parts
            .iter()
            .filter(|part| part.rank() < Rank::Down)
            .map(|part| (part.id.clone(), part.started))
            .collect();
        running.sort();
        running
    };
    running(before) == running(now)
}

/// What several looks at the containers tell together.
#[derive(Debug, Default)]
pub struct Watch {
    restarts: BTreeMap<String, u64>,
    codes: BTreeMap<String, i64>,
}

impl Watch {
    /// Takes a look in: marks the containers that Docker started again since the first look, and keeps the exit
    /// code of one that happens to run just now.
    pub fn look(&mut self, mut parts: Vec<Part>) -> Vec<Part> {
        for part in &mut parts {
            let first = *self.restarts.entry(part.id.clone()).or_insert(part.restarts);
            part.grew = part.restarts > first;
            match &mut part.state {
                State::Loops(code) | State::Ended(code) => match code {
                    Some(code) => {
                        self.codes.insert(part.id.clone(), *code);
                    }
                    None => *code = self.codes.get(&part.id).copied(),
                },
                _ => {}
            }
        }
        parts
    }

    /// The faults with the exit codes that were seen at any look.
    pub fn with_codes(&self, mut faults: Vec<Fault>) -> Vec<Fault> {
        for fault in faults.iter_mut().filter(|fault| fault.code.is_none() && fault.is_down()) {
            fault.code = fault.id.as_ref().and_then(|id| self.codes.get(id).copied());
        }
        faults
    }
}
