//! The command line: definitions, one file a command, printing.
//!
//! A command line becomes a [`Call`] ([`parse`]), a call becomes a request to the engine, and the outcome a
//! page or one JSON object and an exit code ([`command`]). Nothing here knows the screen.

mod advice;
mod apply;
mod args;
mod check;
mod demo;
mod disable;
mod environment;
#[cfg(test)]
mod examples;
mod inputs;
mod json;
mod look;
mod out;
mod page;
mod perform;
mod plan;
mod print;
mod progress;
mod prompt;
mod refuse;
mod resume;
mod secret_file;
mod status;
mod stop;
mod sync;
#[cfg(test)]
mod tests;
mod token;
mod undo;
mod values;

use std::{collections::BTreeSet, ffi::OsString};

use clap::{CommandFactory, Parser, error::ErrorKind};

pub use crate::engine::signals::Signals;
pub use args::{Cli, Command, Common};
pub use demo::DemoArgs;
pub use environment::Environment;
pub use json::Run;
pub use look::Look;
pub use out::{line, talk};
pub use perform::{command, unexpected};
pub use prompt::restore as restore_terminal;
pub use stop::Stop;

use crate::domain::{exit::Exit, request::Options};

/// A command line that was understood.
#[derive(Debug)]
pub struct Call {
    /// What to do; none: the wizard.
    pub command: Option<Command>,
    /// The flags of all commands, with what the environment gives.
    pub common: Common,
    /// How to speak.
    pub look: Look,
    /// Where variables come from.
    pub environment: Environment,
    /// The command line as it was given, without the program's name.
    pub arguments: Vec<OsString>,
    /// Its name and when it began.
    pub run: Run,
}

impl Call {
    /// What holds for the whole run, as the engine takes it.
    pub fn options(&self) -> Options {
        let common = &self.common;
        Options {
            dir: common.dir.clone(),
            server: common.server.clone(),
            org: common.org.clone(),
            region: common.region,
            cacert: common.cacert.clone(),
            connect_to: common.connect_to.clone(),
            state_dir: common.state_dir.clone(),
            timeout: common.timeout,
            offline: common.offline,
            accepted: common.accept_risk.iter().copied().collect(),
            mapped_only: self.environment.is_demo(),
            path: self.environment.get("PATH").filter(|_| self.environment.is_demo()),
            keeper: None,
            machine: self.environment.machine(),
        }
    }

    /// The command's name, as schemas have it.
    pub fn name(&self) -> &'static str {
        match self.command {
            None | Some(Command::Setup) => "setup",
            Some(Command::Check(_)) => "check",
            Some(Command::Status(_)) => "status",
            Some(Command::Plan(_)) => "plan",
            Some(Command::Apply(_)) => "apply",
            Some(Command::Undo(_)) => "undo",
            Some(Command::Resume) => "resume",
            Some(Command::Disable(_)) => "disable",
            Some(Command::Token(_)) => "token",
            Some(Command::Sync(_)) => "sync",
            Some(Command::Demo(_)) => "demo",
        }
    }
}

/// Reads a command line (without the program's name). What is printed instead (help, version, why it cannot
/// be carried out) is printed here; the exit code is what is left.
pub fn parse(arguments: Vec<OsString>, environment: Environment) -> Result<Call, Exit> {
    let run = Run::begin();
    let refused = |stop: &Stop| Err(unread(&arguments, &environment, run).stopped(stop, BTreeSet::new()));
    if let Err(stop) = refuse::secrets_in_arguments(&arguments) {
        return refused(&stop);
    }
    let words = std::iter::once(OsString::from("bwsync")).chain(arguments.iter().cloned());
    let Cli { command, mut common } = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => return Err(told_by_clap(&error, unread(&arguments, &environment, run))),
    };
    if let Err(stop) = environment.complete(&mut common) {
        return refused(&stop);
    }
    let look = Look::new(&common, &environment);
    Ok(Call { command, common, look, environment, arguments, run })
}

/// The short help, for where the wizard cannot be.
pub fn short_help() -> String {
    Cli::command().render_help().to_string()
}

/// As much of a call as a command line gives that could not be read: how to say so.
fn unread(arguments: &[OsString], environment: &Environment, run: Run) -> Call {
    let mut common = Common::default();
    let own = arguments.iter().take_while(|argument| *argument != "--");
    for argument in own {
        match argument.to_str() {
            Some("--json") => common.json = true,
            Some("--ascii") => common.ascii = true,
            Some("--no-color") => common.no_color = true,
            Some(text) if text.starts_with("--lang=") => {
                common.lang = values::language(text.trim_start_matches("--lang=")).ok();
            }
            _ => {}
        }
    }
    // A bad variable is what may have to be said; it must not stop the saying.
    let _ = environment.complete_manners(&mut common);
    let look = Look::new(&common, environment);
    Call { command: None, common, look, environment: environment.clone(), arguments: arguments.to_vec(), run }
}

fn told_by_clap(error: &clap::Error, call: Call) -> Exit {
    let text = error.render().to_string();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => call.tell(&text, Exit::Good),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !call.look.json => {
            talk(&text);
            Exit::Usage
        }
        _ if call.look.json => {
            let message = text.trim_start_matches("error: ").trim().to_owned();
            call.stopped(&Stop::usage(move |_| message.clone()), BTreeSet::new())
        }
        _ => {
            talk(&text);
            Exit::Usage
        }
    }
}
