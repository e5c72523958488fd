//! Whether what runs has the settings that the file has, as far as it can be seen without asking the server: what
//! the containers have, and whether a restart is still pending.

use crate::domain::{
    action::{Act, Set},
    env_file::EnvFile,
    journal,
    settings::{self, Layers, Setting},
};

use crate::engine::{
    case::Case,
    seeing::survey::{Service, Survey},
};

/// Whether the running server has older settings than the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pending {
    Yes,
    No,
    /// Nothing told.
    Unknown,
}

impl Pending {
    fn of(pending: bool) -> Self {
        if pending { Self::Yes } else { Self::No }
    }
}

/// What the containers show of settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Have {
    /// All of them have all of these.
    All,
    /// Some of them have another value of some.
    NotAll,
    /// There is none that could be looked at.
    Unseen,
}

/// Whether a restart is pending (design §4): the containers differ from the file, else the api is older than the
/// file, else our journal says so.
pub(crate) async fn pending(case: &Case<'_>) -> Pending {
    if let (Some(observed), Ok(layers)) = (case.survey.runs.seen(), case.survey.layers()) {
        match have(&observed.services, &values(&layers)) {
            Have::All => return Pending::No,
            Have::NotAll => return Pending::Yes,
            Have::Unseen => {}
        }
    }
    let (state, stands) = (case.state(), case.survey.file.sha256.clone());
    let Ok(runs) = tokio::task::spawn_blocking(move || state.runs()).await else { return Pending::Unknown };
    let runs: Vec<_> = runs.into_iter().map(|(_, run)| run).collect();
    pending_by_journal(&runs, &stands)
}

/// The newest run that wrote the file as it stands, and whether a restart that came out well followed it.
fn pending_by_journal(runs: &[journal::Run], stands: &str) -> Pending {
    let wrote = runs.iter().rposition(|run| {
        run.lines.iter().any(|line| {
            matches!(&line.entry, journal::Entry::Intent { action: Act::Write, file: Some(file) }
                if file.after == stands)
        })
    });
    let Some(wrote) = wrote else { return Pending::Unknown };
    // A restart after which the proof failed gave the server nothing of the file.
    let came_out_well =
        |run: &journal::Run| run.done(Act::AwaitAnswer) == Some(true) && run.done(Act::Prove) != Some(false);
    let restarted = runs.iter().skip(wrote).any(came_out_well);
    Pending::of(!restarted)
}

/// Whether all these services have these values.
pub(crate) fn have(services: &[Service], values: &[Set]) -> Have {
    let has = |environment: &[(String, String)], set: &Set| {
        environment.iter().any(|(key, value)| {
            key.replace(':', "__").eq_ignore_ascii_case(&set.key) && Some(value.trim()) == set.to.as_deref()
        })
    };
    let all = || services.iter().all(|(_, environment)| values.iter().all(|set| has(environment, set)));
    match services.is_empty() {
        true => Have::Unseen,
        false if all() => Have::All,
        false => Have::NotAll,
    }
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
