//! The clouds as the server sees them: two services of two regions, or nothing at all.

use std::sync::Arc;

use super::super::{
    cloud::CloudState,
    jwt::Signer,
    message::{Answer, Asked},
    scenario::Clouds,
};
use crate::domain::region::{CloudHost, Region};

/// Why no answer of the cloud arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreached {
    /// Nothing listens there.
    Refused,
    /// No such name.
    NameUnknown,
}

/// The clouds, asked in this process with the requests that the genuine server sends.
pub trait Cloud: Send + Sync {
    /// The answer of identity or api of a region.
    ///
    /// # Errors
    /// Where no answer arrives, why.
    fn ask(&self, region: Region, host: CloudHost, asked: &Asked) -> Result<Answer, Unreached>;

    /// What signs licenses: the server trusts it as the genuine one trusts the licensing certificate.
    fn license_signer(&self) -> &Signer;
}

/// The simulated clouds, reachable or not.
pub struct Simulated {
    /// Both regions.
    pub state: Arc<CloudState>,
    /// Whether the server reaches them.
    pub clouds: Clouds,
}

impl Cloud for Simulated {
    fn ask(&self, region: Region, host: CloudHost, asked: &Asked) -> Result<Answer, Unreached> {
        match self.clouds {
            Clouds::Up => Ok(self.state.answer(region, host, asked)),
            Clouds::Unreachable => Err(Unreached::Refused),
        }
    }

    fn license_signer(&self) -> &Signer {
        self.state.license_signer()
    }
}
