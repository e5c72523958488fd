//! What is needed to tell at any moment how things stand with an installation: its journals, its file, and who would
//! bring its server up.

use std::path::PathBuf;

use crate::{
    domain::{
        installation::Installation,
        journal::{self, Rescue, Seen, Standing},
    },
    system::{
        Rights, compose,
        containers::{self, Docker},
        files::{ENV_FILE, read_bounded, sha256},
        process::Runner,
        resume::at_work,
        state::State,
    },
};

/// Where the journals of a request's installation lie, and who would bring its server up.
#[derive(Clone)]
pub(crate) struct Ground {
    pub(crate) state: State,
    pub(crate) installation: Installation,
    pub(crate) file: PathBuf,
    pub(crate) rights: Rights,
    /// Whether the running containers had the file's settings when they were looked at.
    pub(crate) effective: Option<bool>,
    pub(crate) root: bool,
    /// Who asks Docker for this user, and for the owner.
    pub(crate) own: Runner,
    pub(crate) owners: Runner,
    pub(crate) docker: bool,
}

impl Ground {
    /// After a change what the containers had before counts no more.
    pub(crate) fn changed(&mut self) {
        self.effective = None;
    }

    /// How it stands by the journals and the file; blocks.
    pub(crate) fn judge(&self, answers: Option<bool>) -> Standing {
        if self.state.readable(&self.installation.owner).is_err() {
            return Standing::default();
        }
        let runs: Vec<_> = self.state.runs().into_iter().map(|(_, run)| run).collect();
        let file = self.rights.run(|| read_bounded(&self.file, ENV_FILE)).ok().and_then(Result::ok);
        let file = file.map(|bytes| sha256(&bytes));
        let seen = Seen {
            file: file.as_deref(),
            answers,
            effective: self.effective,
            at_work: at_work(&self.state).is_some(),
        };
        journal::stands(&runs, &seen)
    }

    /// The way up: by bwsync where Docker answers whom it runs programs as, and the commands in any case.
    pub(crate) async fn rescue(&self) -> Rescue {
        let answers =
            async |runner| self.docker && matches!(containers::docker(runner).await, Docker::Answers(_));
        let sudo = if self.root || answers(&self.own).await { "" } else { "sudo " };
        // Whoever runs them asks Docker, or root does: what answers either is what they find.
        let detected =
            async |runner| compose::detect(runner, &self.installation).await.map(|found| found.kind);
        let kind = if self.docker { detected(&self.own).await } else { None };
        let commands = compose::commands_up(&self.installation, kind.as_ref());
        Rescue {
            by_us: answers(&self.owners).await,
            commands: commands.into_iter().map(|command| format!("{sudo}{command}")).collect(),
        }
    }
}
