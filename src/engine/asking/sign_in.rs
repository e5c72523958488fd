//! An owner who signs in on the self-hosted server with a personal API key. The key, and the bearer that came of it
//! before, go only to a server that has shown in this very request that it is Bitwarden's (design §9).

use crate::{
    bitwarden::{Device, Genuine, Server},
    domain::{
        answers::UserBearer,
        check::{AdviceCode, Cause, Finding},
        request::{ApiKey, Phase, PhaseState},
        sync::{Connection, Snapshot, SyncState},
    },
};

use crate::engine::{asking::reach, case::Contact};

/// Somebody who is signed in.
pub(crate) struct Person {
    pub(crate) server: Genuine,
    pub(crate) bearer: UserBearer,
}

/// Has the server show itself, then signs in, once a process for the same key and server; the device identifier is
/// stable (design §9).
///
/// # Errors
/// `login.*`, faults of the way to the server, `server.not_bitwarden`; `server.down` where no address is known.
pub(crate) async fn sign_in(contact: &Contact<'_>, login: &ApiKey) -> Result<Person, Finding> {
    let no_address = || Finding::new(Cause::ServerDown).advise(AdviceCode::PointToInstallation);
    let (run, url) = (contact.run, contact.server().ok_or_else(no_address)?);
    run.phase(Phase::SignIn, PhaseState::Started);
    let signed_in = async {
        let net = reach::choose(contact).await;
        let server = Server::new(net, url.clone()).identify().await?;
        let bearer = match run.session.user(login, &url) {
            Some(bearer) => bearer,
            None => server.sign_in(login, &device(contact).await?).await?,
        };
        run.session.keep_user(login, &url, &bearer);
        Ok(Person { server, bearer })
    };
    let signed_in: Result<Person, Finding> = signed_in.await;
    run.phase(Phase::SignIn, if signed_in.is_ok() { PhaseState::Done } else { PhaseState::Failed });
    signed_in
}

async fn device(contact: &Contact<'_>) -> Result<Device, Finding> {
    let state = contact.state();
    let identifier = tokio::task::spawn_blocking(move || state.device())
        .await
        .map_err(|_| Finding::new(Cause::InstallNotWritable))??;
    let host = rustix::system::uname().nodename().to_string_lossy().into_owned();
    Ok(Device { identifier: identifier.to_string(), name: format!("bwsync on {host}") })
}

impl Person {
    /// The organization that this is about: the one that is known from the license or `--org`, else the only
    /// one that the person owns.
    ///
    /// # Errors
    /// `login.org_not_found` or `login.not_owner`.
    pub(crate) fn organization(&self, known: Option<&str>) -> Result<String, Finding> {
        let owned = self.bearer.roles.as_ref().map(|roles| roles.owned.as_slice()).unwrap_or_default();
        match known {
            Some(org) => Ok(org.to_owned()),
            None => match owned {
                [only] => Ok(only.clone()),
                [] => Err(Finding::new(Cause::LoginNotOwner).advise(AdviceCode::UseOwnersKey)),
                _ => Err(Finding::new(Cause::LoginOrgNotFound)
                    .with("candidates", owned.join(", "))
                    .advise(AdviceCode::ChooseOrganization)),
            },
        }
    }

    /// How the sync stands, as the server says.
    ///
    /// # Errors
    /// What the server said to the question for the connection.
    pub(crate) async fn snapshot(&self, org: &str) -> Result<(Snapshot, Connection), Finding> {
        let connection = self.server.connection(&self.bearer, org).await?;
        // A server whose license file is damaged answers 500 here and can still be synced.
        let terms = self.server.subscription(&self.bearer, org).await.unwrap_or_default();
        let last = connection.last_license_sync;
        let state = match (&connection.id, last) {
            (_, Some(_)) => SyncState::Done,
            (Some(_), None) => SyncState::Never,
            (None, None) => SyncState::Unknown,
        };
        Ok((Snapshot { state, last, terms }, connection))
    }
}
