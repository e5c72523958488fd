//! Tells how things stand across all runs (design §12-4): reads the journals and the file, lets `domain` judge,
//! and finds the way up of a server that is down. What a request saw of the server is taken in.

use std::path::PathBuf;

use crate::{
    domain::{
        check::{Cause, Check, From, Report, State as CheckState, Target},
        installation::Installation,
        journal::{self, Rescue, Seen, Server, Standing},
        request::Event,
        settings,
    },
    system::{
        Rights, compose,
        containers::{self, Docker},
        files::{ENV_FILE, read_bounded, sha256},
        process::Runner,
        resume::at_work,
        state::State,
    },
};

use crate::engine::{
    asking::reach,
    run::Run,
    seeing::{
        docker::{docker_may_be_asked, looker, runner},
        survey::Survey,
    },
};

/// Where the journals of a request's installation lie, and who would bring its server up.
#[derive(Clone)]
pub(crate) struct Ground {
    state: State,
    installation: Installation,
    file: PathBuf,
    rights: Rights,
    /// Whether the running containers had the file's settings when they were looked at.
    effective: Option<bool>,
    root: bool,
    /// Who asks Docker for this user, and for the owner.
    own: Runner,
    owners: Runner,
    docker: bool,
}

impl Ground {
    pub(crate) fn of(run: &Run<'_>, survey: &Survey) -> Self {
        let views = survey.layers().map(|layers| settings::read(&layers)).unwrap_or_default();
        let effective: Vec<_> = views.iter().filter_map(|view| view.effective).collect();
        Self {
            state: survey.state(run.options),
            installation: survey.installation.clone(),
            file: survey.file.path.clone(),
            rights: survey.rights.clone(),
            effective: (!effective.is_empty()).then(|| effective.iter().all(|effective| *effective)),
            root: survey.user.is_root(),
            own: looker(run, survey),
            owners: runner(run, survey),
            docker: docker_may_be_asked(run),
        }
    }

    /// After a change what the containers had before counts no more.
    pub(crate) fn changed(&mut self) {
        self.effective = None;
    }

    /// How it stands by the journals and the file; blocks.
    fn judge(&self, answers: Option<bool>) -> Standing {
        if self.state.readable(&self.installation.owner).is_err() {
            return Standing::default();
        }
        let runs: Vec<_> = self.state.runs().into_iter().map(|(_, run)| run).collect();
        let file = self.rights.run(|| read_bounded(&self.file, ENV_FILE)).ok().and_then(Result::ok);
        let file = file.map(|bytes| sha256(&bytes));
        let seen = Seen {
            file: file.as_deref(),
            answers,
            effective: self.effective,
            at_work: at_work(&self.state).is_some(),
        };
        journal::stands(&runs, &seen)
    }

    /// The way up: by bwsync where Docker answers whom it runs programs as, and the commands in any case.
    async fn rescue(&self) -> Rescue {
        let answers =
            async |runner| self.docker && matches!(containers::docker(runner).await, Docker::Answers(_));
        let sudo = if self.root || answers(&self.own).await { "" } else { "sudo " };
        let commands = compose::commands_up(&self.installation);
        Rescue {
            by_us: answers(&self.owners).await,
            commands: commands.into_iter().map(|command| format!("{sudo}{command}")).collect(),
        }
    }
}

/// Says how it stands, with what was seen so far.
pub(crate) async fn tell(run: &Run<'_>) -> Option<Standing> {
    let ground = run.ground()?;
    let (answers, reader) = (run.answers().or_else(|| answer_in(&run.report())), ground.clone());
    let mut standing = tokio::task::spawn_blocking(move || reader.judge(answers)).await.ok()?;
    if standing.needs_rescue() {
        standing.rescue = Some(ground.rescue().await);
    }
    run.say(Event::Stands(Box::new(standing.clone())));
    Some(standing)
}

/// The same; where the journals leave open how the server stands now, it is asked.
pub(crate) async fn look(run: &Run<'_>, survey: &Survey) -> Standing {
    let standing = tell(run).await.unwrap_or_default();
    if !standing.asks_for_a_look() || run.options.offline {
        return standing;
    }
    let Some(reach) = reach::reach(run, survey).await else { return standing };
    let answers = match reach.answers().await {
        Ok(_) => Some(true),
        Err(finding) if is_silence(finding.cause) => Some(false),
        Err(_) => None,
    };
    run.saw(answers);
    match answers {
        Some(_) => tell(run).await.unwrap_or(standing),
        None => standing,
    }
}

/// Whether the rows say that the server answers; none where they do not say.
fn answer_in(report: &Report) -> Option<bool> {
    let of_server = |check: &&Check| check.id.from == From::Machine && check.id.target == Target::Server;
    let rows: Vec<_> = report.checks().filter(of_server).collect();
    if rows.iter().any(|check| check.cause.is_some_and(is_silence)) {
        return Some(false);
    }
    let answered = |check: &&&Check| {
        check.id.stage == crate::domain::check::Stage::Http
            && matches!(check.state, CheckState::Passed | CheckState::Warning)
    };
    rows.iter().find(answered).map(|_| true)
}

/// A fault that means that nothing answers there. A certificate or a name that is wrong does not.
fn is_silence(cause: Cause) -> bool {
    matches!(cause, Cause::ServerDown | Cause::ServerStarting | Cause::TcpRefused)
}

/// Whether a run left the server down: then what is put back comes up without a pull.
pub(crate) fn is_down(standing: &Standing) -> bool {
    matches!(standing.server, Server::Down(_)) && !standing.at_work
}
