//! Proves that what runs has the settings that the file has: by the containers, else by the server itself.

use crate::{
    domain::{action::Set, request::ApiKey, restart::Part, settings::Setting},
    system::{containers::Container, standing},
};

use crate::engine::{
    asking::sign_in,
    case::Case,
    seeing::{
        docker::{self, Containers},
        live::{self, Have},
    },
};

/// What a proof came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The running server has the values.
    Proved,
    /// It has others.
    Refuted,
    /// Nobody could look.
    Unseen,
}

impl Proof {
    fn of(proved: bool) -> Self {
        if proved { Self::Proved } else { Self::Refuted }
    }

    /// As it is told: none where nobody could look.
    pub(crate) fn told(self) -> Option<bool> {
        match self {
            Self::Proved => Some(true),
            Self::Refuted => Some(false),
            Self::Unseen => None,
        }
    }
}

/// Whether the running api has these values.
///
/// Docker tells exactly, of containers that were started after `before` (none where that says nothing: Compose
/// leaves those alone that have the values already); without it, and with an owner's key, the server says whether it
/// may talk to the cloud.
pub(crate) async fn prove(
    case: &Case<'_>,
    values: &[Set],
    before: Option<&[Part]>,
    login: Option<&ApiKey>,
) -> Proof {
    let keys: Vec<&str> = values.iter().map(|set| set.key.as_str()).collect();
    if let Containers::Seen(found) = docker::containers(case).await {
        let services = standing::live(&docker::looker(case), &found, &keys).await;
        match live::have(&services, values) {
            Have::All if before.is_none_or(|before| all_anew(before, &found)) => return Proof::Proved,
            Have::NotAll => return Proof::Refuted,
            Have::All | Have::Unseen => {}
        }
    }
    match login {
        Some(login) => by_server(case, values, login).await.map_or(Proof::Unseen, Proof::of),
        None => Proof::Unseen,
    }
}

/// Whether the server says that it may talk to the cloud as the values have it; none where it could not be asked.
async fn by_server(case: &Case<'_>, values: &[Set], login: &ApiKey) -> Option<bool> {
    let person = sign_in::sign_in(&case.contact(), login).await.ok()?;
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
