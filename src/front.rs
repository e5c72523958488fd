//! Arguments to wizard, one command or demo: the only place that composes.

use std::{
    collections::BTreeSet, ffi::OsString, fs::OpenOptions, io::IsTerminal, panic, process::ExitCode,
    sync::Arc,
};

use tokio::runtime::Runtime;

use crate::{
    cli::{self, Call, Command, DemoArgs, Environment, Signals, Stop},
    domain::{exit::Exit, request::Options},
    engine::Engine,
    runtime::{self, DemoNotes, Look},
    simulator::{self, Running},
    system::{self, keeper},
};

/// The commands that work without the screen, for a terminal that cannot show one.
const HEADLESS: &[&str] = &[
    "check",
    "status",
    "plan",
    "apply",
    "undo",
    "resume",
    "disable",
    "token verify",
    "token set",
    "sync",
    "demo SCENARIO -- COMMAND",
];

/// Reads the command line, does what it says, and gives the exit code.
pub fn run() -> ExitCode {
    system::memory::keep_to_ourselves();
    hide_panics();
    if std::env::args_os().nth(1).is_some_and(|word| word == keeper::ARGUMENT) {
        // Nobody listens: what it has to say stands in its record.
        return keeper::keep().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS);
    }
    let arguments = std::env::args_os().skip(1).collect();
    let exit = match Runtime::new() {
        Ok(tokio) => {
            let carried = panic::AssertUnwindSafe(|| carry_out(&tokio, arguments, Environment::Process));
            let exit = panic::catch_unwind(carried).unwrap_or(Exit::Unexpected);
            // A question that nobody answered any more must not hold the program.
            tokio.shutdown_background();
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

fn carry_out(tokio: &Runtime, arguments: Vec<OsString>, environment: Environment) -> Exit {
    let call = match cli::parse(arguments, environment) {
        Ok(call) => call,
        Err(exit) => return exit,
    };
    match &call.command {
        None | Some(Command::Setup) => wizard(tokio, &call),
        Some(Command::Demo(args)) => demo(tokio, &call, args),
        Some(_) => tokio.block_on(cli::command(Arc::new(call), Engine::new)),
    }
}

/// The wizard on this machine's own installation.
fn wizard(tokio: &Runtime, call: &Call) -> Exit {
    match no_screen(call) {
        Some(exit) => exit,
        None => screen(tokio, call, call.options(), None),
    }
}

/// Why the wizard cannot be here, said; none where it can.
fn no_screen(call: &Call) -> Option<Exit> {
    if call.look.json || call.common.no_input {
        return Some(call.stopped(&Stop::usage(|texts| texts.cli_wizard_needs_a_person()), BTreeSet::new()));
    }
    if !on_a_terminal() {
        cli::talk(&cli::short_help());
        return Some(Exit::Usage);
    }
    if call.environment.get("TERM").is_none_or(|term| term == "dumb") {
        let commands: Vec<_> = HEADLESS.iter().map(|command| format!("bwsync {command}\n")).collect();
        cli::talk(&format!("{}\n{}", call.look.texts.cli_terminal_is_dumb(), commands.concat()));
        return Some(Exit::Usage);
    }
    None
}

/// The screen on an engine with these options; what stays of it is printed when it is gone.
fn screen(tokio: &Runtime, call: &Call, options: Options, demo: Option<DemoNotes>) -> Exit {
    let look =
        Look { ascii: call.look.ascii, colour: call.look.colour, language: call.look.texts.language(), demo };
    match tokio.block_on(runtime::run(Arc::new(Engine::new(options)), look)) {
        Ok(ended) => {
            call.tell(&ended.lines.iter().map(|line| format!("{line}\n")).collect::<String>(), ended.exit)
        }
        Err(error) => call.stopped(&cli::unexpected(&format!("{error:#}")), BTreeSet::new()),
    }
}

/// Whether the screen has somewhere to be: output on a terminal, and keys from standard input or `/dev/tty`.
fn on_a_terminal() -> bool {
    let keys = std::io::stdin().is_terminal() || OpenOptions::new().read(true).open("/dev/tty").is_ok();
    keys && std::io::stdout().is_terminal()
}

/// The demo: the wizard, one command, or nothing but the simulated world itself.
fn demo(tokio: &Runtime, call: &Call, args: &DemoArgs) -> Exit {
    if call.environment.is_demo() {
        return call.stopped(&Stop::usage(|texts| texts.cli_demo_in_demo()), BTreeSet::new());
    }
    let scenarios = simulator::scenarios();
    if !scenarios.contains(&args.scenario) {
        let name = args.scenario.clone();
        let list = scenarios.join("\n");
        let stop = Stop::usage(move |t| format!("{}\n{list}", t.cli_demo_unknown_scenario(name.as_str())));
        return call.stopped(&stop, BTreeSet::new());
    }
    let on_screen = !args.serve && args.arguments.is_empty();
    if on_screen && let Some(exit) = no_screen(call) {
        return exit;
    }
    let running = match simulator::start(&args.scenario) {
        Ok(running) => running,
        Err(error) => return call.stopped(&cli::unexpected(&format!("{error:#}")), BTreeSet::new()),
    };
    let notes =
        DemoNotes { token_file: running.token_file.clone(), api_key_file: running.api_key_file.clone() };
    if args.serve {
        serve(tokio, call, &running)
    } else if on_screen {
        screen(tokio, call, running.options(), Some(notes))
    } else {
        let environment = Environment::demo(running.environment()).on(running.machine());
        carry_out(tokio, args.arguments.clone(), environment)
    }
}

/// Says how to reach the simulated world and lets it run until somebody ends it, which is no fault.
fn serve(tokio: &Runtime, call: &Call, running: &Running) -> Exit {
    let lines: Vec<_> = running
        .environment()
        .into_iter()
        .map(|(name, value)| format!("export {name}='{}'\n", value.replace('\'', r"'\''")))
        .collect();
    tokio.block_on(async {
        // Whoever reads "ready" may end it at once.
        let signals = Signals::listen();
        let exit = call.tell(&format!("{}# ready\n", lines.concat()), Exit::Good);
        match signals {
            _ if exit != Exit::Good => {}
            Ok(mut signals) => drop(signals.next().await),
            Err(_) => std::future::pending().await,
        }
        exit
    })
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
