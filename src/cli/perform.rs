//! Carries one command out: the request to the engine, its events to standard error, its outcome to standard
//! output, and a signal in the middle to an end that says what stands.

use std::{collections::BTreeSet, pin::Pin, sync::Arc, time::Duration};

use super::{
    Call, advice, apply,
    args::Command,
    inputs::{self, Inputs},
    json::Ending,
    out, print,
    progress::{Progress, Standing},
    prompt,
    stop::Stop,
    token::TokenCommand,
};
use crate::{
    domain::{
        exit::Exit,
        request::{Body, Changed, Changes, Options, Outcome, Problem, Request, Shown},
    },
    engine::{Engine, signals::Signals},
    wording,
};

/// How much longer than its own `--timeout` a request that only asks is waited for.
const GRACE: Duration = Duration::from_secs(2);
/// How long a signal waits for the answer to what the server was asked to change.
const ANSWER: Duration = Duration::from_secs(10);

/// Carries out the command of `call`; `engine` makes an engine for its options.
pub async fn command(call: Arc<Call>, engine: impl FnOnce(Options) -> Engine) -> Exit {
    let progress = Progress::new(call.look.clone());
    let mut signals = match Signals::listen() {
        Ok(signals) => signals,
        Err(error) => return call.stopped(&unexpected(&error.to_string()), BTreeSet::new()),
    };
    let work = carry_out(&call, &progress, engine);
    tokio::pin!(work);
    let ended = tokio::select! {
        ended = &mut work => ended,
        signalled = signals.next() => {
            prompt::restore();
            answered(&call, &progress, &mut signals, work).await;
            let standing = progress.standing();
            let changed = standing.changed();
            Err((Stop::new(signalled, move |texts| stands(texts, signalled, &standing)), changed))
        }
    };
    match ended {
        Ok(Done { exit, page }) => call.tell(&page, exit),
        Err((stop, changed)) => call.stopped(&stop, changed),
    }
}

/// What the server was asked to change is never cut short: a signal waits for the answer, within a bound, and a second
/// signal does not. What comes after the answer is not begun where the change was only a part of the request.
async fn answered(
    call: &Call,
    progress: &Progress,
    signals: &mut Signals,
    work: Pin<&mut impl Future<Output = Ended>>,
) {
    let standing = progress.standing();
    if standing.sending.is_none() {
        return;
    }
    out::line(&call.look.ornaments(&call.look.texts.cli_waits_for_answer()));
    tokio::select! {
        biased;
        () = progress.settled(), if standing.changes != Changes::Server => {}
        _ = work => {}
        _ = signals.next() => {}
        () = tokio::time::sleep(ANSWER) => {}
    }
}

/// How a command ended that was carried out: what is printed, and of what.
struct Done {
    exit: Exit,
    page: String,
}

type Ended = Result<Done, (Stop, BTreeSet<Changed>)>;

/// What comes after the inputs are there.
enum Next {
    /// Ask the engine.
    Ask(Request),
    /// There is nothing left to ask.
    Done(Done),
}

async fn carry_out(
    call: &Arc<Call>,
    progress: &Arc<Progress>,
    engine: impl FnOnce(Options) -> Engine,
) -> Ended {
    let unchanged = |stop| (stop, BTreeSet::new());
    let asking = Arc::clone(call);
    // Files and the terminal block; a signal must get through meanwhile.
    let inputs = tokio::task::spawn_blocking(move || inputs::gather(&asking))
        .await
        .map_err(|error| unchanged(unexpected(&error.to_string())))?
        .map_err(unchanged)?;
    let engine = engine(call.options());
    let request = match request(call, inputs, &engine, progress).await.map_err(unchanged)? {
        Next::Ask(request) => request,
        Next::Done(done) => return Ok(done),
    };
    let outcome = perform(call, &engine, request, progress).await;
    let outcome = match &call.command {
        Some(Command::Apply(args)) => apply::as_not_applied(outcome, !args.no_restart),
        _ => outcome,
    };
    Ok(Done { exit: outcome.exit, page: print::outcome(call, &outcome, &progress.standing().stands) })
}

/// The request for the command; a change that was not consented to is shown and asked about first.
async fn request(
    call: &Arc<Call>,
    inputs: Inputs,
    engine: &Engine,
    progress: &Arc<Progress>,
) -> Result<Next, Stop> {
    let Inputs { token, login } = inputs;
    Ok(Next::Ask(match (&call.command, token, login) {
        (Some(Command::Check(args)), _, login) => {
            Request::Check { only: args.only.clone(), skip: args.skip.clone(), strict: args.strict, login }
        }
        (Some(Command::Status(_)), _, login) => Request::Status { login },
        (Some(Command::Plan(args)), ..) => Request::Plan { check: args.check },
        (Some(Command::Apply(args)), ..) if args.check => Request::Plan { check: true },
        (Some(Command::Apply(args)), _, login) => {
            let restart = args.restarting();
            if !call.common.yes {
                let plan = perform(call, engine, Request::Plan { check: true }, progress).await;
                let plan = apply::as_not_applied(plan, !args.no_restart);
                return consent(call, plan, progress, |shown| Request::Apply {
                    restart,
                    planned_for: shown.map(|shown| shown.file),
                    login,
                })
                .await;
            }
            Request::Apply { restart, planned_for: None, login }
        }
        (Some(Command::Undo(args)), ..) => {
            let restart = args.restarting();
            if !call.common.yes {
                let asked = Request::Undo { restart, confirmed: false, shown_for: None };
                let plan = perform(call, engine, asked, progress).await;
                let yes = |shown_for| Request::Undo { restart, confirmed: true, shown_for };
                return consent(call, plan, progress, yes).await;
            }
            Request::Undo { restart, confirmed: true, shown_for: None }
        }
        (Some(Command::Resume), ..) => Request::Resume,
        (Some(Command::Disable(args)), _, login) => {
            let restart = args.restarting();
            if !call.common.yes {
                let asked =
                    Request::Disable { restart, confirmed: false, shown_for: None, login: login.clone() };
                let plan = perform(call, engine, asked, progress).await;
                let yes = |shown_for| Request::Disable { restart, confirmed: true, shown_for, login };
                return consent(call, plan, progress, yes).await;
            }
            Request::Disable { restart, confirmed: true, shown_for: None, login }
        }
        (Some(Command::Token(TokenCommand::Verify(_))), Some(token), _) => Request::VerifyToken { token },
        (Some(Command::Token(TokenCommand::Set(_))), Some(token), Some(login)) => {
            Request::SetToken { token, login }
        }
        (Some(Command::Sync(_)), _, Some(login)) => Request::Sync { login },
        _ => return Err(unexpected("this command has no request")),
    }))
}

/// Shows the plan on standard error and asks for a yes to exactly that; where there is nothing to consent to,
/// the plan is the result.
async fn consent(
    call: &Arc<Call>,
    plan: Outcome,
    progress: &Progress,
    act: impl FnOnce(Option<Shown>) -> Request,
) -> Result<Next, Stop> {
    let (something, shown) = match &plan.body {
        Body::Apply(body) => {
            let shown = Shown { file: body.file.sha256.clone(), journal: None };
            (plan.exit == Exit::WouldChange, Some(shown))
        }
        Body::Undo(body) => (plan.exit.is_ok() && !body.changes.is_empty(), body.shown.clone()),
        _ => (false, None),
    };
    if !something {
        let page = print::outcome(call, &plan, &progress.standing().stands);
        return Ok(Next::Done(Done { exit: plan.exit, page }));
    }
    out::talk(&print::to_consent(call, &plan, &progress.standing().stands));
    let (question, letters) = (call.look.texts.cli_consent(), call.look.texts.cli_yes_letters());
    let answer = tokio::task::spawn_blocking(move || prompt::yes(&format!("{question} "), &letters)).await;
    if matches!(answer, Ok(Some(true))) {
        Ok(Next::Ask(act(shown)))
    } else {
        Err(Stop::usage(|texts| texts.cli_not_consented()))
    }
}

/// One request. A request that only asks is bounded here too, should the engine not hear of the time.
async fn perform(call: &Call, engine: &Engine, request: Request, progress: &Arc<Progress>) -> Outcome {
    let changes = request.changes();
    progress.begins(changes);
    let sink = progress.sink();
    let asked = engine.perform_as(call.run.id, request, &sink);
    let mut outcome = match call.common.timeout.filter(|_| changes == Changes::Nothing) {
        None => asked.await,
        Some(timeout) => match tokio::time::timeout(timeout + GRACE, asked).await {
            Ok(outcome) => outcome,
            Err(_) => Outcome {
                exit: Exit::TimedOut,
                roots: Vec::new(),
                problem: Some(Problem::TimedOut),
                changed: BTreeSet::new(),
                body: Body::Nothing,
            },
        },
    };
    advice::complete(call, &mut outcome);
    outcome
}

/// What stands after a signal, in a few sentences.
fn stands(texts: &crate::text::Texts, exit: Exit, standing: &Standing) -> String {
    let mut sentences = vec![match exit {
        Exit::Hangup => texts.cli_hung_up(),
        Exit::Terminated => texts.cli_terminated(),
        _ => texts.cli_interrupted(),
    }];
    if standing.changed().is_empty() && !standing.restarting {
        sentences.push(texts.cli_nothing_changed());
    }
    if standing.changed.contains(&Changed::Settings) {
        sentences.push(texts.cli_stands_settings());
    }
    if standing.changed.contains(&Changed::Connection) {
        sentences.push(texts.cli_stands_connection());
    }
    if standing.changed.contains(&Changed::License) {
        sentences.push(texts.cli_stands_license());
    }
    match standing.sending {
        Some(Changed::License) => sentences.push(texts.cli_stands_license_perhaps()),
        Some(_) => sentences.push(texts.cli_stands_connection_perhaps()),
        None => {}
    }
    if standing.restarting {
        sentences.push(texts.cli_stands_restarting());
    }
    match standing.down {
        Some(true) => sentences.push(texts.cli_server_down()),
        Some(false) => sentences.push(texts.cli_server_up()),
        None => {}
    }
    sentences.join(" ")
}

/// Something that should not happen, as the end of a command.
pub fn unexpected(why: &str) -> Stop {
    let problem = Problem::Unexpected(why.to_owned());
    Stop::new(Exit::Unexpected, move |texts| wording::problem(texts, &problem))
}

impl Call {
    /// Writes the result; tells the exit code, which is no good one where nobody could get it.
    pub fn tell(&self, result: &str, exit: Exit) -> Exit {
        match out::result(result) {
            Ok(()) => exit,
            Err(error) => {
                let sentence = self.look.texts.cli_not_written(error.to_string());
                out::line(&format!("bwsync: {}", self.look.ornaments(&sentence)));
                if exit.is_ok() { Exit::Unexpected } else { exit }
            }
        }
    }

    /// Says why it was not carried out, or not to its end.
    pub fn stopped(&self, stop: &Stop, changed: BTreeSet<Changed>) -> Exit {
        if self.look.json {
            let error = Some(stop.message(&self.look.english));
            let ending = Ending { exit: stop.exit, changed, roots: &[], error };
            self.tell(&super::json::object(&self.run, self.name(), ending, &Body::Nothing), stop.exit)
        } else {
            out::line(&format!("bwsync: {}", self.look.ornaments(&stop.message(&self.look.texts))));
            stop.exit
        }
    }
}
