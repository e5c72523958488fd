//! Whether what runs has the settings that the file has: proved by the containers, else by the server itself;
//! and whether a restart is still pending.

use crate::{
    domain::{
        action::{Act, Set},
        env_file::EnvFile,
        journal::{self},
        request::ApiKey,
        restart::Part,
        settings::{self, Layers, Setting},
    },
    system::{containers::Container, standing},
};

use crate::engine::{
    asking::sign_in,
    run::Run,
    seeing::{
        docker::{containers_now, looker},
        survey::Survey,
    },
};

/// Whether the running server has older settings than the file (design §4): the containers differ from the
/// file, else the api is older than the file, else our journal says so; none of these known: none.
pub(crate) async fn pending(run: &Run<'_>, survey: &Survey) -> Option<bool> {
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
/// Docker tells exactly, of containers that were started after `before` (none where that says nothing: Compose
/// leaves those alone that have the values already); without it, and with an owner's key, the server says whether it may talk to the cloud.
pub(crate) async fn prove(
    run: &Run<'_>,
    survey: &Survey,
    values: &[Set],
    before: Option<&[Part]>,
    login: Option<&ApiKey>,
) -> Option<bool> {
    let keys: Vec<&str> = values.iter().map(|set| set.key.as_str()).collect();
    let found = containers_now(run, survey).await;
    let services = standing::live(&looker(run, survey), &found, &keys).await;
    match have(&services, values) {
        Some(true) if before.is_none_or(|before| all_anew(before, &found)) => return Some(true),
        Some(false) => return Some(false),
        _ => {}
    }
    let net = survey.net(run).await.ok()?;
    let url = survey.server(run.options);
    let person = sign_in::sign_in(run, url, &net, login?, Some(survey)).await.ok()?;
    let enabled = person.server.connections_enabled(&person.bearer).await.ok()?;
    let switch =
        values.iter().find(|set| Setting::of_key(&set.key) == Some(Setting::EnableCloudCommunication));
    let wanted =
        switch.is_some_and(|set| set.to.as_deref().is_some_and(|to| to.eq_ignore_ascii_case("true")));
    Some(enabled == wanted)
}

/// Whether none of the containers that prove something ran before already: the script takes all of them down.
fn all_anew(before: &[Part], now: &[Container]) -> bool {
    let old = |container: &&Container| {
        before.iter().any(|part| part.id == container.id && part.started == container.started)
    };
    let proving = |container: &&Container| standing::PROVEN.iter().any(|service| container.runs(service));
    !now.iter().filter(proving).any(|container| old(&container))
}

/// Whether all these services have these values; none where there is no service to look at.
pub(crate) fn have(services: &[(String, Vec<(String, String)>)], values: &[Set]) -> Option<bool> {
    let has = |environment: &[(String, String)], set: &Set| {
        environment.iter().any(|(key, value)| {
            key.replace(':', "__").eq_ignore_ascii_case(&set.key) && Some(value.trim()) == set.to.as_deref()
        })
    };
    (!services.is_empty())
        .then(|| services.iter().all(|(_, environment)| values.iter().all(|set| has(environment, set))))
}

/// What the running server must have with this file in place of the one that stands: the five settings as it gives
/// them.
pub(crate) fn values_of(survey: &Survey, bytes: &[u8]) -> Vec<Set> {
    let Ok(over) = EnvFile::parse(bytes) else { return Vec::new() };
    values(&Layers::new(survey.global.as_ref(), &over, survey.installation.push_off))
}

/// The five settings that the files give a value, with that value.
pub(crate) fn values(layers: &Layers<'_>) -> Vec<Set> {
    settings::read(layers)
        .into_iter()
        .filter(|view| Setting::of_key(&view.key).is_some() && view.value.is_some())
        .map(|view| Set { to: view.value.map(|value| value.trim().to_owned()), key: view.key })
        .collect()
}
