//! Whether what runs has the settings that the file has: proved by the containers, else by the server itself;
//! and whether a restart is still pending.

use crate::{
    domain::{
        action::{Act, Set},
        journal::{self},
        request::ApiKey,
        settings::{self, Layers, Setting},
    },
    system::standing,
};

use super::{
    machine::{containers_now, looker},
    person,
    run::Run,
    survey::Survey,
};

/// Whether the running server has older settings than the file (design §4): the containers differ from the
/// file, else the api is older than the file, else our journal says so; none of these known: none.
pub(super) async fn pending(run: &Run<'_>, survey: &Survey) -> Option<bool> {
    if let (Some(observed), Some(layers)) = (&survey.observed, survey.layers())
        && let Some(same) = observed.has(&values(&layers))
    {
        return Some(!same);
    }
    let state = survey.state(run.options);
    let stands = survey.file.sha256.clone();
    let runs = tokio::task::spawn_blocking(move || state.runs()).await.ok()?;
    let runs: Vec<_> = runs.into_iter().map(|(_, run)| run).collect();
    pending_by_journal(&runs, &stands)
}

/// The newest run that wrote the file as it stands, and whether a restart that came out well followed it.
fn pending_by_journal(runs: &[journal::Run], stands: &str) -> Option<bool> {
    let wrote = runs.iter().rposition(|run| {
        run.lines.iter().any(|line| {
            matches!(&line.entry, journal::Entry::Intent { action: Act::Write, file: Some(file) }
                if file.after == stands)
        })
    })?;
    // A restart after which the proof failed gave the server nothing of the file.
    let came_out_well =
        |run: &journal::Run| run.done(Act::AwaitAnswer) == Some(true) && run.done(Act::Prove) != Some(false);
    let restarted = runs.iter().skip(wrote).any(came_out_well);
    Some(!restarted)
}

/// Whether the running api has these values; none where nobody could look.
///
/// Docker tells exactly; without it, and with an owner's key, the server says whether it may talk to the cloud.
pub(super) async fn prove(
    run: &Run<'_>,
    survey: &Survey,
    values: &[Set],
    login: Option<&ApiKey>,
) -> Option<bool> {
    let keys: Vec<&str> = values.iter().map(|set| set.key.as_str()).collect();
    let found = containers_now(run, survey).await;
    let services = standing::live(&looker(run, survey), &found, &keys).await;
    if let Some(same) = have(&services, values) {
        return Some(same);
    }
    let net = survey.net(run.options).await.ok()?;
    let url = survey.server(run.options);
    let person = person::sign_in(run, url, &net, login?, Some(survey)).await.ok()?;
    person.server.connections_enabled(&person.bearer).await.ok()
}

/// Whether all these services have these values; none where there is no service to look at.
pub(super) fn have(services: &[(String, Vec<(String, String)>)], values: &[Set]) -> Option<bool> {
    let has = |environment: &[(String, String)], set: &Set| {
        environment.iter().any(|(key, value)| {
            key.replace(':', "__").eq_ignore_ascii_case(&set.key) && Some(value.trim()) == set.to.as_deref()
        })
    };
    (!services.is_empty())
        .then(|| services.iter().all(|(_, environment)| values.iter().all(|set| has(environment, set))))
}

/// The five settings that the files give a value, with that value.
pub(super) fn values(layers: &Layers<'_>) -> Vec<Set> {
    settings::read(layers)
        .into_iter()
        .filter(|view| Setting::of_key(&view.key).is_some() && view.value.is_some())
        .map(|view| Set { to: view.value.map(|value| value.trim().to_owned()), key: view.key })
        .collect()
}
