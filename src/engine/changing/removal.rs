//! Removes the connection on the server, as `disable` does, and tells what nobody said as not known.

use crate::{
    bitwarden::Undone,
    domain::{
        check::{AdviceCode, Cause, Finding},
        request::ApiKey,
        sync::Connection,
    },
};

use crate::engine::{asking::sign_in, case::Case};

/// What became of the connection that was to be removed.
pub(crate) enum Removed {
    Yes,
    /// There is none.
    NoNeed,
    Not(Finding),
    /// It was asked for, and nobody said how it went.
    Perhaps(Finding),
}

/// Removes the connection of the organization. Where no answer came the server is asked once more what it has.
pub(crate) async fn remove_connection(case: &Case<'_>, login: Option<&ApiKey>) -> Removed {
    let ready = async {
        let login =
            login.ok_or_else(|| Finding::new(Cause::LoginApiKeyRejected).advise(AdviceCode::GiveApiKey))?;
        let contact = case.contact();
        let person = sign_in::sign_in(&contact, login).await?;
        let org = person.organization(contact.organization().as_deref())?;
        let connection = person.server.connection(&person.bearer, &org).await?;
        Ok::<_, Finding>((person, org, connection))
    };
    let (person, org, connection) = match ready.await {
        Ok(ready) => ready,
        Err(finding) => return Removed::Not(finding),
    };
    let Some(id) = &connection.id else { return Removed::NoNeed };
    match person.server.remove_connection(&person.bearer, &org, id).await {
        Ok(()) => Removed::Yes,
        Err(Undone::Not(finding)) => Removed::Not(finding),
        Err(Undone::Over(finding) | Undone::Unheard(finding)) => {
            match person.server.connection(&person.bearer, &org).await {
                Ok(Connection { id: None, .. }) => Removed::Yes,
                Ok(_) => Removed::Not(finding),
                Err(_) => Removed::Perhaps(finding),
            }
        }
    }
}
