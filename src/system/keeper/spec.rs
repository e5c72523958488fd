//! What a keeper is told to do, through a pipe that nobody else can read: it holds secrets, so that they can be
//! taken out of the output.

use std::{ffi::OsString, os::fd::RawFd, sync::Arc, time::Duration};

use serde::{Deserialize, Serialize};

use super::super::{
    Rights,
    process::{Call, Runner},
    redact::Redactor,
    user,
};

/// A keeper's work.
#[derive(Serialize, Deserialize)]
pub(super) struct Spec {
    /// The descriptors of log and record; that of the lock needs only to be open.
    pub(super) log: RawFd,
    pub(super) record: RawFd,
    /// What to run, one after the other, as long as each ends with 0.
    pub(super) steps: Vec<Step>,
    /// What stands on the standard input of each.
    pub(super) input: Option<String>,
    /// Whose rights they get: user and group.
    pub(super) owner: Option<(u32, u32)>,
    pub(super) path: Option<OsString>,
    pub(super) redactor: Redactor,
}

/// A program with its arguments.
#[derive(Serialize, Deserialize)]
pub(super) struct Step {
    program: String,
    args: Vec<String>,
    dir: Option<OsString>,
    envs: Vec<(String, String)>,
}

impl From<&Call> for Step {
    fn from(call: &Call) -> Self {
        Self {
            program: call.program.clone(),
            args: call.args.clone(),
            dir: call.dir.as_ref().map(|dir| dir.clone().into_os_string()),
            envs: call.envs.clone(),
        }
    }
}

impl Step {
    pub(super) fn call(&self) -> Call {
        Call {
            program: self.program.clone(),
            args: self.args.clone(),
            dir: self.dir.clone().map(Into::into),
            envs: self.envs.clone(),
            limit: Duration::MAX,
        }
    }
}

impl Spec {
    /// What runs them. Each was said when the keeper was told of it.
    pub(super) fn runner(&self) -> Runner {
        let rights = self.owner.map_or(Rights::Own, |(uid, gid)| {
            let owner = user::owner(uid, gid);
            Rights::Of { groups: user::groups_of(&owner), owner }
        });
        let runner = Runner::new(rights, self.redactor.clone(), Arc::new(|_| {}));
        match &self.path {
            Some(path) => runner.with_path(path),
            None => runner,
        }
    }
}
