//! What setup, check, apply and status do: joins domain, probe, bitwarden and system.

use crate::domain::request::{Options, Outcome, Request, Sink};

/// One run of bwsync: keeps what was found and the bearer of this process between requests.
#[derive(Debug)]
pub struct Engine {
    options: Options,
}

impl Engine {
    /// An engine for this run's options.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    /// What holds for the whole run.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Does what is asked, says what it does through `sink`, and tells how it ended.
    pub async fn perform(&self, _request: Request, _sink: &Sink) -> Outcome {
        unreachable!("not joined yet")
    }
}
