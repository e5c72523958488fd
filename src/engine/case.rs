//! What a request works with, made once and passed along: the run, the installation as it was found, and the
//! transport with its roots of trust. A request that only needs the self-hosted server, which may be somewhere else
//! (`--server`), works with a [`Contact`].

use url::Url;

use crate::{
    domain::{
        license::License,
        request::{Options, Problem},
    },
    net::Net,
    system::{User, state::State},
};

use super::{
    asking::choice::{self, Choice},
    run::Run,
    seeing::survey::Survey,
};

/// A request on an installation of this machine.
pub(super) struct Case<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) survey: Survey,
    pub(super) net: Net,
}

/// A request on a server.
pub(super) enum Place<'a> {
    /// Its installation is on this machine.
    Here(Box<Case<'a>>),
    /// It is known by its address alone (`--server`).
    Elsewhere(&'a Run<'a>, Net),
}

/// What it takes to ask the self-hosted server, with an installation on this machine or without one.
#[derive(Clone, Copy)]
pub(super) struct Contact<'a> {
    pub(super) run: &'a Run<'a>,
    pub(super) survey: Option<&'a Survey>,
    pub(super) net: &'a Net,
}

impl Case<'_> {
    /// What holds for the whole run.
    pub(super) fn options(&self) -> &Options {
        self.run.options
    }

    /// The server's address: `--server`, else `config.yml`'s.
    pub(super) fn server(&self) -> Option<Url> {
        self.contact().server()
    }

    /// Where the state of this installation is kept.
    pub(super) fn state(&self) -> State {
        self.contact().state()
    }

    /// Which organization is meant.
    pub(super) fn choice(&self) -> Choice<'_> {
        choice::of(&self.survey.licenses, &self.survey.unreadable, self.options())
    }

    /// The license of the organization, if one is chosen.
    pub(super) fn license(&self) -> Option<&License> {
        choice::license(&self.survey.licenses, self.options())
    }

    /// Refuses an `--org` that names none of the organizations.
    ///
    /// # Errors
    /// The organizations that there are.
    pub(super) fn organization_named(&self) -> Result<(), Problem> {
        choice::named(&self.survey.licenses, self.options())
    }

    /// The same to ask the server with.
    pub(super) fn contact(&self) -> Contact<'_> {
        Contact { run: self.run, survey: Some(&self.survey), net: &self.net }
    }
}

impl Place<'_> {
    /// The installation, where it is on this machine.
    pub(super) fn case(&self) -> Option<&Case<'_>> {
        match self {
            Self::Here(case) => Some(case),
            Self::Elsewhere(..) => None,
        }
    }

    /// What it takes to ask the server.
    pub(super) fn contact(&self) -> Contact<'_> {
        match self {
            Self::Here(case) => case.contact(),
            Self::Elsewhere(run, net) => Contact { run, survey: None, net },
        }
    }
}

impl Contact<'_> {
    /// The server's address, as far as it is known.
    pub(super) fn server(&self) -> Option<Url> {
        let of_config = || self.survey.and_then(|survey| survey.installation.server.clone());
        self.run.options.server.clone().or_else(of_config)
    }

    /// Where the state of this installation is kept, or of the server that is all that is known.
    pub(super) fn state(&self) -> State {
        let dir = self.run.options.state_dir.as_deref();
        match self.survey {
            Some(survey) => State::of(&survey.installation, dir, &survey.user),
            None => {
                let server = self.run.options.server.as_ref().map(Url::as_str).unwrap_or_default();
                State::of_server(server, dir, &User::current())
            }
        }
    }

    /// The organization's id on this server, as far as files and flags tell it.
    pub(super) fn organization(&self) -> Option<String> {
        match self.survey {
            Some(survey) => choice::license(&survey.licenses, self.run.options)
                .map(|license| license.self_hosted_id.clone()),
            None => self.run.options.org.clone(),
        }
    }
}
