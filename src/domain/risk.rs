//! The risks that a person accepts by name (`--accept-risk`).

/// A risk that a person accepts by name (`--accept-risk`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Go on although checks failed.
    FailedChecks,
    /// Go on although checks could not be run.
    Unchecked,
    /// Store a token that the cloud could not be asked about.
    UnverifiedToken,
    /// Run the script as root on an installation that root owns.
    RootInstallation,
}

impl Risk {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::FailedChecks, Self::Unchecked, Self::UnverifiedToken, Self::RootInstallation];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::FailedChecks => "failed-checks",
            Self::Unchecked => "unchecked",
            Self::UnverifiedToken => "unverified-token",
            Self::RootInstallation => "root-installation",
        }
    }
}
