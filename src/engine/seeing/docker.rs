//! What runs on this machine of the installation, as far as this user may ask; and who asks: commands that change
//! something run with the owner's rights, those that only look with one's own.

use crate::{
    domain::{env_file::Reader, request::Event, restart::Part, settings::Setting},
    system::{
        Rights,
        compose::{self, Kind},
        containers::{self, Container, Docker},
        process::Runner,
        standing,
    },
};

use crate::engine::{
    case::Case,
    run::Run,
    seeing::survey::{Observed, Runs, Survey},
};

/// Looks at what runs of the installation, where this user may ask Docker; each command is said.
pub(crate) async fn observe(run: &Run<'_>, survey: &mut Survey) {
    let looker = with_rights(run, survey, Rights::Own);
    survey.runs = match seen(run, survey, &looker).await {
        Containers::Seen(found) => Runs::Seen(observed(survey, &found, &looker).await),
        Containers::Unseen => Runs::Unseen,
    };
}

async fn observed(survey: &Survey, found: &[Container], looker: &Runner) -> Observed {
    let keys: Vec<&str> = Setting::ALL.iter().map(|setting| setting.key()).collect();
    let services = standing::live(looker, found, &keys).await;
    let started = found.iter().filter(|container| container.runs("api")).find_map(|api| api.started);
    let file_is_newer = matches!((started, survey.modified), (Some(started), Some(at)) if started < at);
    let compose = compose::detect(looker, &survey.installation).await.map(|found| found.kind);
    let reader = match &compose {
        Some(Kind::V2 { .. }) => Reader::ComposeV2,
        Some(Kind::V1 { .. }) => Reader::ComposeV1,
        None => Reader::default(),
    };
    Observed { services, started, compose, reader, file_is_newer }
}

/// What runs programs for this installation: with its owner's rights, each command said, secrets cut out.
pub(crate) fn runner(case: &Case<'_>) -> Runner {
    with_rights(case.run, &case.survey, case.survey.rights.clone())
}

/// What only looks: with one's own rights, since root sees containers that the owner may not ask about.
pub(crate) fn looker(case: &Case<'_>) -> Runner {
    with_rights(case.run, &case.survey, Rights::Own)
}

fn with_rights(run: &Run<'_>, survey: &Survey, rights: Rights) -> Runner {
    let sink = run.sink.clone();
    let say = std::sync::Arc::new(move |line| sink(Event::Command(line)));
    let runner = Runner::new(rights, survey.redactor.clone(), say);
    match &run.options.path {
        Some(path) => runner.with_path(path.clone()),
        None => runner,
    }
}

/// Whether Docker may be asked at all: in the demo only its stand-in.
pub(crate) fn may_be_asked(run: &Run<'_>) -> bool {
    !run.options.mapped_only || run.options.path.is_some()
}

/// The containers of this installation.
pub(crate) enum Containers {
    /// All of them; there may be none.
    Seen(Vec<Container>),
    /// This user may not see them, or Docker does not answer: that says nothing about whether there are any.
    Unseen,
}

impl Containers {
    /// Those that were seen.
    pub(crate) fn seen(self) -> Option<Vec<Container>> {
        match self {
            Self::Seen(found) => Some(found),
            Self::Unseen => None,
        }
    }
}

/// The containers of this installation as they are now.
pub(crate) async fn containers(case: &Case<'_>) -> Containers {
    seen(case.run, &case.survey, &looker(case)).await
}

async fn seen(run: &Run<'_>, survey: &Survey, looker: &Runner) -> Containers {
    if !may_be_asked(run) || !matches!(containers::docker(looker).await, Docker::Answers(_)) {
        return Containers::Unseen;
    }
    match containers::containers(looker, &survey.installation.bwdata).await {
        Ok(found) => Containers::Seen(found),
        Err(_) => Containers::Unseen,
    }
}

/// The same as the judge of a restart sees them; none where nobody could look.
pub(crate) async fn parts(case: &Case<'_>) -> Option<Vec<Part>> {
    let found = containers(case).await.seen()?;
    Some(standing::parts(&looker(case), &found).await)
}
