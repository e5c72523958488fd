//! What runs on this machine of the installation, as far as this user may ask; and who asks: commands that change
//! something run with the owner's rights, those that only look with one's own.

use crate::{
    domain::{check::Finding, installation::ConfigurationError, request::Event},
    net::Net,
    system::{
        Rights,
        containers::{self, Container, Docker},
        process::Runner,
        standing::{self, Standing},
    },
};

use super::{
    run::Run,
    survey::{self, Survey},
};

/// The installation, with what runs of it.
///
/// # Errors
/// As [`survey::survey`].
pub(super) async fn surveyed(run: &Run<'_>) -> Result<Survey, Finding> {
    let mut found = survey::survey(run.options).await?;
    observe(run, &mut found).await;
    Ok(found)
}

/// The installation, and the transport for it.
///
/// # Errors
/// As [`surveyed`] and [`Survey::net`].
pub(super) async fn surveyed_with_net(run: &Run<'_>) -> Result<(Survey, Net), Finding> {
    let found = surveyed(run).await?;
    let net = found.net(run.options).await?;
    Ok((found, net))
}

/// Looks at what runs of the installation.
pub(super) async fn observe(run: &Run<'_>, found: &mut Survey) {
    if docker_may_be_asked(run) {
        let looker = looker(run, found);
        found.observe(&looker).await;
    }
}

/// What runs programs for this installation: with its owner's rights, each command said, secrets cut out.
pub(super) fn runner(run: &Run<'_>, survey: &Survey) -> Runner {
    with_rights(run, survey, survey.rights.clone())
}

/// What only looks: with one's own rights, since root sees containers that the owner may not ask about.
pub(super) fn looker(run: &Run<'_>, survey: &Survey) -> Runner {
    with_rights(run, survey, Rights::Own)
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
pub(super) fn docker_may_be_asked(run: &Run<'_>) -> bool {
    !run.options.mapped_only || run.options.path.is_some()
}

/// The containers of this installation as they are now, as far as this user may see them.
pub(super) async fn containers_now(run: &Run<'_>, survey: &Survey) -> Vec<Container> {
    let looker = looker(run, survey);
    if !docker_may_be_asked(run) || !matches!(containers::docker(&looker).await, Docker::Answers(_)) {
        return Vec::new();
    }
    containers::containers(&looker, &survey.installation.bwdata).await.unwrap_or_default()
}

/// The service that ended because of a setting, with the setting where its log names one: waiting does not help.
pub(super) async fn setting_at_fault(run: &Run<'_>, survey: &Survey) -> Option<ConfigurationError> {
    let found = containers_now(run, survey).await;
    if found.iter().all(|container| container.running) {
        return None;
    }
    standing::configuration_errors(&looker(run, survey), &found).await.into_iter().next()
}

/// How the containers that decide stand together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Health {
    /// None says that it does not work, as far as this user may ask.
    Good,
    /// Some have not decided yet.
    Starting,
    /// These services say that they do not work, or do not run.
    Bad(Vec<String>),
}

/// Services without which billing sync does not work.
const DECIDING: [&str; 4] = ["api", "identity", "admin", "nginx"];

/// How the deciding containers stand; the alarm that is known to be false counts as good (`bitwarden.md` A6-4).
pub(super) async fn health(run: &Run<'_>, survey: &Survey) -> Health {
    let mut found = containers_now(run, survey).await;
    found.retain(|container| DECIDING.iter().any(|service| container.runs(service)));
    let Ok(standings) = standing::standings(&looker(run, survey), &found).await else { return Health::Good };
    let bad = |standing: &Standing| matches!(standing, Standing::Unhealthy | Standing::Ended(_));
    let services: Vec<_> =
        found.iter().zip(&standings).filter(|(_, s)| bad(s)).map(|(c, _)| c.service.clone()).collect();
    if !services.is_empty() {
        Health::Bad(services)
    } else if standings.contains(&Standing::Starting) {
        Health::Starting
    } else {
        Health::Good
    }
}
