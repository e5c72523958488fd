//! Which checks were asked for: `--only` and `--skip`, by id or its beginning up to a dot.

use crate::domain::check::CheckId;

/// The selection of one run; empty lists select everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    only: Vec<String>,
    skip: Vec<String>,
}

/// What becomes of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// It is run and shown.
    Yes,
    /// It is shown as skipped.
    Skipped,
    /// It is not shown.
    No,
}

impl Selection {
    pub(crate) fn new(only: Vec<String>, skip: Vec<String>) -> Self {
        Self { only, skip }
    }

    /// What becomes of this row.
    pub(crate) fn of(&self, id: CheckId) -> Wanted {
        if !self.only.is_empty() && !self.only.iter().any(|pattern| id.matches(pattern)) {
            Wanted::No
        } else if self.skip.iter().any(|pattern| id.matches(pattern)) {
            Wanted::Skipped
        } else {
            Wanted::Yes
        }
    }

    /// Whether any row among these is to be run: a host with none is not contacted.
    pub(crate) fn any(&self, ids: impl IntoIterator<Item = CheckId>) -> bool {
        ids.into_iter().any(|id| self.of(id) == Wanted::Yes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check::{Side, Stage, Target};

    #[test]
    fn an_id_is_selected_by_its_beginning_up_to_a_dot() {
        let id = CheckId::new(Side::Machine, Target::Api, Stage::Tls);
        let of = |only: &[&str], skip: &[&str]| {
            let list = |words: &[&str]| words.iter().map(ToString::to_string).collect();
            Selection::new(list(only), list(skip)).of(id)
        };
        assert_eq!(of(&[], &[]), Wanted::Yes);
        assert_eq!(of(&["machine.api"], &[]), Wanted::Yes);
        assert_eq!(of(&["machine.ap"], &[]), Wanted::No);
        assert_eq!(of(&["file"], &[]), Wanted::No);
        assert_eq!(of(&[], &["machine"]), Wanted::Skipped);
    }
}
