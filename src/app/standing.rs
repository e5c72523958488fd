//! How it stands when one leaves: what is wrong, why the server is down, and what is said in the scrollback.

use super::{Run, State, Summary, What};
use crate::domain::{
    check::{Finding, Severity},
    exit::Exit,
    journal::Server,
    request::Root,
    sync::StepName,
};

impl State {
    /// Why the server is down, where this run took it down: that tells more than that it does not answer.
    pub fn why_down(&self) -> Option<&Root> {
        let down = matches!(self.ledger.stands.server, Server::Down(_));
        let ended = self.ended(What::Apply).or_else(|| self.ended(What::Undo)).filter(|_| down)?;
        ended.outcome.roots.first().filter(|_| !ended.outcome.exit.is_ok())
    }

    /// What is wrong: why the last change went wrong, else the most urgent that was found.
    fn wrong(&self) -> Option<Finding> {
        let failed = |what: What| {
            let ended = self.ended(what).filter(|ended| !ended.outcome.exit.is_ok());
            ended.and_then(|ended| ended.outcome.roots.first())
        };
        let found = || {
            let urgent =
                |root: &&Root| matches!(root.conclusion.severity, Severity::Failed | Severity::Unknown);
            self.known.roots.first().filter(urgent)
        };
        let root = failed(What::Apply).or_else(|| failed(What::Undo)).or_else(|| failed(What::Sync));
        root.or_else(found).map(|root| root.finding.clone())
    }

    /// What is said after leaving.
    pub fn summary(&self, exit: Exit) -> Summary {
        let next = self.known.next_step();
        let done = self.known.done() == StepName::ALL.len();
        // Who leaves a server behind that is down leaves with the code that says so (design §4).
        let down = matches!(self.ledger.stands.server, Server::Down(_));
        let exit = if exit == Exit::Good && down { Exit::FailedDown } else { exit };
        Summary {
            exit,
            language: self.look.language,
            server: self.known.server().map(str::to_owned),
            organization: self.known.organization.as_ref().and_then(|organization| organization.name.clone()),
            region: self.known.region(),
            options: self.options.clone(),
            dir: self.known.installation.as_ref().map(|found| found.dir.display().to_string()),
            ledger: self.ledger.clone(),
            wrong: self.wrong(),
            next: (!done).then_some(next),
            running: self.changing().map(Run::changes),
            at: self.now,
            demo: self.look.demo.is_some(),
        }
    }
}
