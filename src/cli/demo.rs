//! `bwsync demo`: the flags; what they do is composed in the front, the only place that knows the simulator.

use std::ffi::OsString;

use clap::Args;

/// Flags of `demo`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Nothing outside this machine is contacted, and nothing of a real installation is touched.

Examples:
  bwsync demo                                the wizard, where all goes well
  bwsync demo wrong-region                   the wizard, where something is wrong
  bwsync demo happy-eu -- check              one command on it
  bwsync demo happy-us --serve               leave it running, for other programs")]
pub struct DemoArgs {
    /// What the simulated world is like; an unknown name lists them all
    #[arg(value_name = "SCENARIO", default_value = "happy-us")]
    pub scenario: String,
    /// Print how to reach it and run until INT or TERM
    #[arg(long, conflicts_with = "arguments")]
    pub serve: bool,
    /// A bwsync command line to run on it, after --
    #[arg(last = true, value_name = "ARGS", allow_hyphen_values = true)]
    pub arguments: Vec<OsString>,
}
