//! The one fold of check events into a report, and the report's verdict and conclusions.

use serde::{Serialize, Serializer, ser::SerializeStruct};

use super::{Cause, Check, CheckId, Severity, Side, Target};

/// What happens while checks run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckEvent {
    /// This row is being looked at.
    Started(CheckId),
    /// This row is done.
    Done(Check),
}

/// The rows seen so far, in the order in which they were announced, so that no row ever jumps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    rows: Vec<Row>,
}

/// A row that is running (no check yet) or done.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    id: CheckId,
    check: Option<Check>,
}

/// The report in one word (design §5, `verdict`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing to say.
    Ok,
    /// Steps are left.
    ToDo,
    /// It works, and deserves a look.
    Warning,
    /// Something is wrong.
    Failed,
    /// Could not be found out.
    Unknown,
}

/// One independent root cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conclusion {
    /// What is wrong.
    pub cause: Cause,
    /// The row that says so; null where no check stands behind it.
    pub check: Option<CheckId>,
    /// Which side said so.
    pub from: Option<Side>,
    /// How much it weighs.
    pub severity: Severity,
}

impl Serialize for Conclusion {
    /// `from` is null where no check stands behind it (design §5), whoever said it.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Conclusion", 4)?;
        object.serialize_field("cause", &self.cause)?;
        object.serialize_field("check", &self.check)?;
        object.serialize_field("from", &self.check.and(self.from))?;
        object.serialize_field("severity", &self.severity)?;
        object.end()
    }
}

impl Conclusion {
    /// A conclusion that no check stands behind.
    pub fn alone(cause: Cause) -> Self {
        Self { cause, check: None, from: None, severity: cause.severity() }
    }
}

impl Report {
    /// Takes one event in. The same row done twice: the later one counts.
    pub fn apply(&mut self, event: CheckEvent) {
        let (id, check) = match event {
            CheckEvent::Started(id) => (id, None),
            CheckEvent::Done(check) => (check.id, Some(check)),
        };
        match self.rows.iter_mut().find(|row| row.id == id) {
            Some(row) => row.check = check,
            None => self.rows.push(Row { id, check }),
        }
    }

    /// The row of this id, if it is done.
    pub fn get(&self, id: CheckId) -> Option<&Check> {
        self.rows.iter().find(|row| row.id == id)?.check.as_ref()
    }

    /// Whether this row is announced and not done.
    pub fn running(&self, id: CheckId) -> bool {
        self.rows.iter().any(|row| row.id == id && row.check.is_none())
    }

    /// All rows, each with its check if it is done.
    pub fn rows(&self) -> impl Iterator<Item = (CheckId, Option<&Check>)> {
        self.rows.iter().map(|row| (row.id, row.check.as_ref()))
    }

    /// The rows that are done.
    pub fn checks(&self) -> impl Iterator<Item = &Check> {
        self.rows.iter().filter_map(|row| row.check.as_ref())
    }

    /// The same rows, as a list of their own.
    pub fn to_checks(&self) -> Vec<Check> {
        self.checks().cloned().collect()
    }

    /// All independent root causes, the most urgent first.
    pub fn conclusions(&self) -> Vec<Conclusion> {
        conclusions(self.checks())
    }

    /// The report in one word.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(&self.conclusions())
    }
}

impl Verdict {
    /// The word for a list of conclusions: that of the most urgent one.
    pub fn of(conclusions: &[Conclusion]) -> Self {
        match conclusions.first().map(|c| c.severity) {
            None => Self::Ok,
            Some(Severity::Failed) => Self::Failed,
            Some(Severity::Unknown) => Self::Unknown,
            Some(Severity::Warning) => Self::Warning,
            Some(Severity::ToDo) => Self::ToDo,
        }
    }
}

/// The independent roots among these rows: rows with a cause that follow from no other row, without what
/// another cause explains, the same cause once, the most urgent first; within one severity installation and
/// file first, then along the ladder.
pub fn conclusions<'a>(checks: impl IntoIterator<Item = &'a Check>) -> Vec<Conclusion> {
    let mut found: Vec<Conclusion> = checks
        .into_iter()
        .filter(|check| check.because.is_none())
        .filter_map(|check| {
            Some(Conclusion {
                cause: check.cause?,
                check: Some(check.id),
                from: Some(check.id.from),
                severity: check.state.severity()?,
            })
        })
        .collect();
    found.sort_by_key(|c| (c.severity, c.check.map(place)));
    let mut roots: Vec<Conclusion> = Vec::new();
    for conclusion in found {
        let said = roots.iter().any(|root| root.cause == conclusion.cause);
        if !said {
            roots.push(conclusion);
        }
    }
    let causes: Vec<Cause> = roots.iter().map(|root| root.cause).collect();
    roots.retain(|root| !causes.iter().any(|other| root.cause.follows(*other)));
    roots
}

/// Where a row stands among those of its severity: installation, file, then along the ladder.
fn place(id: CheckId) -> (bool, Side, super::Stage, Target) {
    (id.target != Target::Install, id.from, id.stage, id.target)
}

#[cfg(test)]
mod tests {
    use super::super::{Finding, Stage};
    use super::*;

    fn id(from: Side, target: Target, stage: Stage) -> CheckId {
        CheckId::new(from, target, stage)
    }

    #[test]
    fn the_most_urgent_root_comes_first_and_what_follows_is_muted() {
        let mut report = Report::default();
        let tls = id(Side::Machine, Target::Identity, Stage::Tls);
        let http = id(Side::Machine, Target::Identity, Stage::Http);
        let off = id(Side::File, Target::Env, Stage::State);
        let connection = id(Side::Server, Target::Connection, Stage::State);
        for check in [
            Check::found(connection, Finding::new(Cause::ConnectionMissing)),
            Check::found(off, Finding::new(Cause::ConfigCloudCommunicationOff)),
            Check::found(tls, Finding::new(Cause::TlsUntrusted)),
            Check::not_run(http, tls),
        ] {
            report.apply(CheckEvent::Done(check));
        }
        let causes: Vec<_> = report.conclusions().iter().map(|c| c.cause).collect();
        assert_eq!(causes, [Cause::TlsUntrusted, Cause::ConfigCloudCommunicationOff]);
        assert_eq!(report.verdict(), Verdict::Failed);
    }

    #[test]
    fn the_same_cause_on_two_hosts_is_one_conclusion() {
        let rows: Vec<_> = [Target::Identity, Target::Api]
            .map(|t| Check::found(id(Side::Machine, t, Stage::Name), Finding::new(Cause::DnsNotFound)))
            .into();
        assert_eq!(conclusions(&rows).len(), 1);
    }

    #[test]
    fn a_running_row_keeps_its_place() {
        let mut report = Report::default();
        let first = id(Side::Machine, Target::Identity, Stage::Name);
        let second = id(Side::Machine, Target::Api, Stage::Name);
        report.apply(CheckEvent::Started(first));
        report.apply(CheckEvent::Done(Check::passed(second)));
        report.apply(CheckEvent::Done(Check::passed(first)));
        let order: Vec<_> = report.rows().map(|(id, _)| id).collect();
        assert_eq!(order, [first, second]);
    }
}
