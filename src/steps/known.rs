//! What is known so far: the one fold of the engine's events and results into what the steps read.

use std::path::PathBuf;

use crate::domain::{
    check::{Cause, CheckEvent, CheckId, Report, Side, Stage, State, Target},
    installation::{Installation, Organization},
    region::Region,
    request::{
        Body, Changed, Event, Later, LookBody, Outcome, PlanBody, RegionBy, Root, StatusBody, Undoing,
    },
    sync::{Snapshot, StepName, StepState},
};

/// What was found out, as far as it went. Unknown is None, never a default that reads as "no".
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// The installation.
    pub installation: Option<Installation>,
    /// The organization that all this is about.
    pub organization: Option<Organization>,
    /// The hosts that are asked, named before they are.
    pub hosts: Vec<String>,
    /// The checks, running and done.
    pub report: Report,
    /// What would change.
    pub plan: Option<PlanBody>,
    /// How the sync stands.
    pub status: Option<StatusBody>,
    /// All independent roots of the last look, the most urgent first.
    pub roots: Vec<Root>,
    /// Whether the cloud accepted the installation's own key.
    pub key_accepted: Option<bool>,
    /// Whether the cloud knows the license's organization.
    pub license_known: Option<bool>,
    /// All organizations on this server.
    pub organizations: Vec<Organization>,
    /// Installations to choose from; empty where there is nothing to choose.
    pub installations: Vec<PathBuf>,
    /// What `undo` would take back, as it was last seen: a yes counts for that alone.
    pub undoing: Option<Undoing>,
}

impl Known {
    /// Takes an event of a look in.
    pub fn hear(&mut self, event: &Event) {
        match event {
            Event::Found(installation, organization) => {
                self.installation = Some((**installation).clone());
                if organization.is_some() {
                    self.organization.clone_from(organization);
                }
            }
            Event::Asking(hosts) => {
                for host in hosts {
                    if !self.hosts.contains(host) {
                        self.hosts.push(host.clone());
                    }
                }
            }
            Event::Check(check) => self.report.apply(check.clone()),
            Event::Phase(..)
            | Event::Output(_)
            | Event::Container(_)
            | Event::Command(_)
            | Event::Stopped(_)
            | Event::Stands(_)
            | Event::Down(_) => {}
        }
    }

    /// Takes the result of a request in.
    pub fn settle(&mut self, outcome: &Outcome) {
        match &outcome.body {
            Body::Apply(apply) if apply.undoing.is_some() => self.undoing.clone_from(&apply.undoing),
            _ if outcome.changed.contains(&Changed::Settings) => self.undoing = None,
            _ => {}
        }
        match &outcome.body {
            Body::Look(look) => {
                self.roots.clone_from(&outcome.roots);
                self.settle_look(look);
            }
            Body::Plan(plan) => self.plan = Some((**plan).clone()),
            Body::Apply(apply) if outcome.exit.is_ok() => {
                if let Some(plan) = &mut self.plan {
                    plan.changes.clear();
                    plan.diff.lines.clear();
                    plan.restart.needed = apply.restart.plan.needed && !apply.restart.ran;
                }
                // Known at once: who leaves before all is read again must not be told that this step is next.
                let done = apply.restart.up == Some(true) && apply.proved != Some(false);
                if let Some(status) = self.status.as_mut().filter(|_| done) {
                    status.steps.configure = StepState::Done;
                }
            }
            // Refused before anything was written: what it would have done is the newest plan.
            Body::Apply(apply) if outcome.changed.is_empty() => {
                self.plan = Some(PlanBody {
                    dir: apply.dir.clone(),
                    region: apply.region,
                    file: apply.file.clone(),
                    changes: apply.changes.clone(),
                    diff: apply.diff.clone(),
                    restart: apply.restart.plan.clone(),
                    later: Later::default(),
                });
            }
            Body::Status(status) => self.status = Some((**status).clone()),
            Body::Token(token) => {
                if let (Some(connection), Some(status)) = (&token.connection, &mut self.status) {
                    status.connection = Some(connection.clone());
                    if connection.has_token {
                        status.steps.obtain_token = StepState::Done;
                        status.steps.apply_token = StepState::Done;
                    }
                }
            }
            Body::Sync(sync) => {
                let unsaved = |root: &Root| root.conclusion.cause.undone() == Some(StepName::ApplyToken);
                if let Some(status) = self.status.as_mut().filter(|_| outcome.roots.iter().any(unsaved)) {
                    status.steps.apply_token = StepState::ToDo;
                    status.steps.trigger_sync = StepState::ToDo;
                } else if let Some(status) =
                    self.status.as_mut().filter(|_| sync.after != Snapshot::default())
                {
                    status.license = Some(sync.after.terms.clone());
                    status.license_sync.state = sync.after.state;
                    status.license_sync.last = sync.after.last;
                    if outcome.exit.is_ok() {
                        status.steps.trigger_sync = StepState::Done;
                    }
                }
            }
            Body::Check(_) | Body::Apply(_) | Body::Undo(_) | Body::Nothing => {}
        }
    }

    fn settle_look(&mut self, look: &LookBody) {
        self.installation.clone_from(&look.check.installation);
        self.organization.clone_from(&look.organization);
        for check in &look.check.checks {
            self.report.apply(CheckEvent::Done(check.clone()));
        }
        self.plan.clone_from(&look.plan);
        self.status = Some(look.status.clone());
        self.key_accepted = look.key_accepted;
        self.license_known = look.license_known;
        self.organizations.clone_from(&look.organizations);
        self.installations.clone_from(&look.installations);
        self.undoing.clone_from(&look.undoing);
    }

    /// Where a step stands; unknown until somebody looked.
    pub fn standing(&self, step: StepName) -> StepState {
        self.status.as_ref().map_or(StepState::Unknown, |status| status.steps.of(step))
    }

    /// Whether it is open which installation is meant.
    pub fn installation_open(&self) -> bool {
        self.installation.is_none() && self.installations.len() > 1
    }

    /// Whether it is open which organization is meant.
    pub fn organization_open(&self) -> bool {
        self.organization.is_none() && self.organizations.len() > 1
    }

    /// How many steps are done.
    pub fn done(&self) -> usize {
        StepName::ALL.into_iter().filter(|step| self.standing(*step) == StepState::Done).count()
    }

    /// The step to go on with: the first that is not done, the last where all are.
    pub fn next_step(&self) -> StepName {
        let open = |step: &StepName| self.standing(*step) != StepState::Done;
        StepName::ALL.into_iter().find(open).unwrap_or(StepName::TriggerSync)
    }

    /// Whether the last look concluded this cause.
    pub fn has(&self, cause: Cause) -> bool {
        self.roots.iter().any(|root| root.conclusion.cause == cause)
            || self.report.checks().any(|check| check.cause == Some(cause))
    }

    /// The server's name, as its address has it.
    pub fn server(&self) -> Option<&str> {
        self.installation.as_ref()?.server.as_ref()?.host_str()
    }

    /// The region, where somebody said it; not where the plan only takes the file's word.
    pub fn region(&self) -> Option<Region> {
        let region = &self.plan.as_ref()?.region;
        (region.concluded.is_some() || region.by != RegionBy::File).then_some(region.planned)
    }

    /// The rows of one side and target, in the order in which they were announced.
    pub fn stages(&self, from: Side, target: Target) -> impl Iterator<Item = CheckId> {
        self.report.rows().map(|(id, _)| id).filter(move |id| id.from == from && id.target == target)
    }

    /// Whether this side looked at anything, or is about to.
    pub fn looked_from(&self, from: Side) -> bool {
        self.report
            .rows()
            .filter(|(id, _)| id.from == from && id.stage != Stage::State)
            .any(|(_, check)| check.is_none_or(|check| check.state != State::Skipped))
    }
}
