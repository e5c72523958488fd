//! Arguments to wizard, one command or demo: the only place that composes.

use std::{ffi::OsString, fs::OpenOptions, io::IsTerminal, panic, process::ExitCode, sync::Arc};

use tokio::runtime::Runtime;

use crate::{
    cli::{self, Call, Command, DemoArgs, Environment, Stop},
    domain::exit::Exit,
    engine::Engine,
};

/// The commands that work without the screen, for a terminal that cannot show one.
const HEADLESS: &[&str] = &[
    "check",
    "status",
    "plan",
    "apply",
    "undo",
    "token verify",
    "token set",
    "sync",
    "demo SCENARIO -- COMMAND",
];

/// Reads the command line, does what it says, and gives the exit code.
pub fn run() -> ExitCode {
    hide_panics();
    let arguments = std::env::args_os().skip(1).collect();
    let exit = match Runtime::new() {
        Ok(runtime) => {
            let carried = panic::AssertUnwindSafe(|| carry_out(&runtime, arguments, Environment::Process));
            let exit = panic::catch_unwind(carried).unwrap_or(Exit::Unexpected);
            // A question that nobody answered any more must not hold the program.
            runtime.shutdown_background();
            exit
        }
        Err(error) => {
            cli::line(&format!("bwsync: {error}"));
            Exit::Unexpected
        }
    };
    cli::restore_terminal();
    ExitCode::from(exit.code())
}

fn carry_out(runtime: &Runtime, arguments: Vec<OsString>, environment: Environment) -> Exit {
    let call = match cli::parse(arguments, environment) {
        Ok(call) => call,
        Err(exit) => return exit,
    };
    match &call.command {
        None | Some(Command::Setup) => wizard(runtime, &call),
        Some(Command::Demo(args)) => demo(runtime, &call, args),
        Some(_) => runtime.block_on(cli::command(Arc::new(call), Engine::new)),
    }
}

/// The wizard, where there is a terminal that can show it.
fn wizard(_runtime: &Runtime, call: &Call) -> Exit {
    if call.look.json || call.common.no_input {
        return call.stopped(&Stop::usage(|texts| texts.cli_wizard_needs_a_person()), Default::default());
    }
    if !on_a_terminal() {
        cli::talk(&cli::short_help());
        return Exit::Usage;
    }
    if call.environment.get("TERM").is_none_or(|term| term == "dumb") {
        let commands: Vec<_> = HEADLESS.iter().map(|command| format!("bwsync {command}\n")).collect();
        cli::talk(&format!("{}\n{}", call.look.texts.cli_terminal_is_dumb(), commands.concat()));
        return Exit::Usage;
    }
    call.stopped(&cli::unexpected("the screen is not joined yet"), Default::default())
}

/// Whether the screen has somewhere to be: output on a terminal, and keys from standard input or `/dev/tty`.
fn on_a_terminal() -> bool {
    let keys = std::io::stdin().is_terminal() || OpenOptions::new().read(true).open("/dev/tty").is_ok();
    keys && std::io::stdout().is_terminal()
}

/// The demo: the wizard, one command, or nothing but the simulated world itself.
fn demo(_runtime: &Runtime, call: &Call, _args: &DemoArgs) -> Exit {
    if call.environment.is_demo() {
        return call.stopped(&Stop::usage(|texts| texts.cli_demo_in_demo()), Default::default());
    }
    call.stopped(&cli::unexpected("the simulator is not joined yet"), Default::default())
}

/// A panic is told in one line, without a backtrace and without what it was about: its message could quote
/// anything. Where it happened is what a report of it needs. Debug builds keep the whole.
fn hide_panics() {
    if cfg!(debug_assertions) {
        return;
    }
    panic::set_hook(Box::new(|info| {
        cli::restore_terminal();
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        cli::line(&format!("bwsync: an error in bwsync itself ({place}). Nothing secret is in this line."));
    }));
}
