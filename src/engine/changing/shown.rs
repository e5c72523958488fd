//! What somebody saw who agreed to a change: the file and the journal as they stood. It is looked at once more with
//! the lock held, so that nothing is done that was not shown.

use std::path::Path;

use crate::{
    domain::request::Shown,
    system::{
        Rights,
        files::{self, read_bounded},
        state::{self, State},
    },
};

use crate::engine::seeing::survey::Survey;

/// What is seen now; none where the journal could not be read.
pub(crate) async fn now(survey: &Survey, state: State) -> Option<Shown> {
    let runs = tokio::task::spawn_blocking(move || state.runs()).await.ok()?;
    let runs: Vec<_> = runs.into_iter().map(|(_, run)| run).collect();
    Some(Shown { file: survey.file.sha256.clone(), journal: Some(state::mark(&runs)) })
}

/// Whether what was shown still holds; asked with the lock held.
pub(crate) fn still(shown: &Shown, state: &State, file: &Path, rights: &Rights) -> bool {
    let read = rights.run(|| read_bounded(file, files::ENV_FILE));
    let same = read.is_ok_and(|read| read.is_ok_and(|bytes| files::sha256(&bytes) == shown.file));
    let runs = || state.runs().into_iter().map(|(_, run)| run).collect::<Vec<_>>();
    same && shown.journal.as_ref().is_none_or(|mark| state::mark(&runs()) == *mark)
}
