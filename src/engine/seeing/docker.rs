//! What runs on this machine of the installation, as far as this user may ask; and who asks: commands that change
//! something run with the owner's rights, those that only look with one's own.

use crate::{
    domain::{check::Finding, request::Event, restart::Part},
    net::Net,
    system::{
        Rights,
        containers::{self, Container, Docker},
        process::Runner,
        standing,
    },
};

use crate::engine::{
    run::Run,
    seeing::survey::{self, Survey},
};

/// The installation, with what runs of it.
///
/// # Errors
/// As [`survey::survey`].
pub(crate) async fn surveyed(run: &Run<'_>) -> Result<Survey, Finding> {
    let mut found = survey::survey(run.options).await?;
    observe(run, &mut found).await;
    Ok(found)
}

/// The installation, and the transport for it.
///
/// # Errors
/// As [`surveyed`] and [`Survey::net`].
pub(crate) async fn surveyed_with_net(run: &Run<'_>) -> Result<(Survey, Net), Finding> {
    let found = surveyed(run).await?;
    let net = found.net(run).await?;
    Ok((found, net))
}

/// Looks at what runs of the installation.
pub(crate) async fn observe(run: &Run<'_>, found: &mut Survey) {
    if docker_may_be_asked(run) {
        let looker = looker(run, found);
        found.observe(&looker).await;
    }
}

/// What runs programs for this installation: with its owner's rights, each command said, secrets cut out.
pub(crate) fn runner(run: &Run<'_>, survey: &Survey) -> Runner {
    with_rights(run, survey, survey.rights.clone())
}

/// What only looks: with one's own rights, since root sees containers that the owner may not ask about.
pub(crate) fn looker(run: &Run<'_>, survey: &Survey) -> Runner {
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
pub(crate) fn docker_may_be_asked(run: &Run<'_>) -> bool {
    !run.options.mapped_only || run.options.path.is_some()
}

/// The containers of this installation as they are now; none where this user may not see them, which says nothing
/// about whether there are any.
pub(crate) async fn containers_seen(run: &Run<'_>, survey: &Survey) -> Option<Vec<Container>> {
    let looker = looker(run, survey);
    if !docker_may_be_asked(run) || !matches!(containers::docker(&looker).await, Docker::Answers(_)) {
        return None;
    }
    containers::containers(&looker, &survey.installation.bwdata).await.ok()
}

/// Those that can be seen.
pub(crate) async fn containers_now(run: &Run<'_>, survey: &Survey) -> Vec<Container> {
    containers_seen(run, survey).await.unwrap_or_default()
}

/// The same as the judge of a restart sees them.
pub(crate) async fn parts(run: &Run<'_>, survey: &Survey) -> Option<Vec<Part>> {
    let found = containers_seen(run, survey).await?;
    Some(standing::parts(&looker(run, survey), &found).await)
}
