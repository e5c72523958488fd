//! The restart as the engine sees it: whether it is possible, the pull before it, the script, the way up. What it
//! left is judged elsewhere ([`crate::engine::changing::verdict`]).

use std::collections::VecDeque;

use crate::{
    domain::{
        action::{Act, Action, Contents, Set},
        check::{AdviceCode, Cause, Finding},
        installation::Flavour,
        journal::Entry,
        request::{Change, Event, FileAfter, Problem, RestartPlan, RestartResult, Restarting, Risk},
        restart::Part,
    },
    system::{
        compose::{self, Compose},
        containers::Container,
        keeper::{self, Following, Order, Told, Waiting},
        preflight,
        process::Runner,
        progress,
        restart::{self as script, RestartJob},
        state::Journal,
        user,
    },
};

use crate::engine::{
    asking::reach,
    case::Case,
    changing::hold::Hold,
    conclude::{Done, Stop, Stopped},
    run::Run,
    seeing::{
        docker::{self, Containers, runner},
        survey::Survey,
    },
};

/// What the restart would be.
pub(crate) fn plan(survey: &Survey, needed: bool) -> RestartPlan {
    let found = &survey.installation;
    let commands = match found.flavour {
        Flavour::Standard if found.script.is_none() => compose::commands_up(found, survey.runs.compose()),
        // Where bwsync restarts nothing itself, this is what a person runs.
        _ => compose::restart_commands(found, survey.runs.compose()),
    };
    let command = (!commands.is_empty()).then(|| commands.join(" && "));
    let run_as = command.is_some().then(|| found.owner.to_string());
    RestartPlan { needed, command, run_as, last_took: None }
}

/// How long the server did not answer at the last restart by bwsync that came out well, in seconds.
pub(crate) async fn last_took(case: &Case<'_>) -> Option<u64> {
    let state = case.state();
    let runs = tokio::task::spawn_blocking(move || state.runs()).await.ok()?;
    runs.iter().rev().find_map(|(_, run)| {
        let at = |wanted: &dyn Fn(&Entry) -> bool| {
            run.lines.iter().find(|line| wanted(&line.entry)).map(|line| line.at)
        };
        let began = at(&|entry| matches!(entry, Entry::Intent { action: Act::Restart, .. }))?;
        let ended = at(&|entry| matches!(entry, Entry::Done { action: Act::AwaitAnswer, ok: true, .. }))?;
        u64::try_from((ended - began).whole_seconds()).ok()
    })
}

/// A restart that did not take place.
pub(crate) fn not_run(plan: RestartPlan) -> RestartResult {
    RestartResult { plan, ran: false, exit: None, up: None, file: FileAfter::AsTold }
}

/// What stands in the way of a restart that Docker has a part in. An installation of which root sees no container
/// does not run on this Docker: then it is no fault that its owner may not ask it, and the script is tried.
async fn obstacle(case: &Case<'_>) -> Option<Finding> {
    let found = &case.survey.installation;
    if !docker::may_be_asked(case.run) {
        return preflight::preflight(found).err();
    }
    let findings = preflight::preflight_all(found, &runner(case)).await;
    let elsewhere = findings.iter().any(|finding| finding.cause == Cause::RestartDockerUnreachable)
        && case.survey.user.is_root()
        && matches!(docker::containers(case).await, Containers::Seen(all) if all.is_empty());
    findings.into_iter().find(|finding| !(elsewhere && finding.cause == Cause::RestartDockerUnreachable))
}

/// Whether bwsync may and can restart this server.
///
/// # Errors
/// Why not: no script, the script's own faults, an installation that root owns.
pub(crate) async fn possible(case: &Case<'_>, restarting: Restarting, command: &str) -> Result<(), Stopped> {
    let found = &case.survey.installation;
    if restarting == Restarting::No {
        return Ok(());
    }
    reach::askable(case).map_err(Stop::of_file)?;
    if restarting == Restarting::WithoutPull {
        return Ok(());
    }
    if found.flavour != Flavour::Standard {
        let write = format!("bwsync {command} --dir {}", user::quote_path(&found.dir));
        let commands = std::iter::once(write)
            .chain(compose::restart_commands(found, case.survey.runs.compose()))
            .collect();
        return Err(Problem::CannotRestart { commands }.into());
    }
    if let Some(finding) = obstacle(case).await {
        return Err(Stop::of_file(finding).into());
    }
    let of_root = found.owner.uid == 0;
    if of_root && !case.options().accepted.contains(&Risk::RootInstallation) {
        return Err(Problem::RootInstallation.into());
    }
    Ok(())
}

/// The write of an edit; none where it changes nothing.
pub(crate) fn write(survey: &Survey, changes: &[Change], bytes: &[u8]) -> Option<Action> {
    (!changes.is_empty()).then(|| Action::Write {
        file: survey.file.path.clone(),
        expected: survey.file.sha256.clone(),
        contents: Contents::new(bytes.to_vec()),
        changes: changes.iter().map(|c| Set { key: c.key.clone(), to: c.to.clone() }).collect(),
    })
}

/// The write and what has to go before and after it, in the order of design §11.
pub(crate) fn around(write: Option<Action>, restarting: Restarting, values: Option<Vec<Set>>) -> Vec<Action> {
    let mut actions = Vec::new();
    if restarting == Restarting::Script {
        actions.push(Action::Pull);
    }
    actions.extend(write);
    let up = match restarting {
        Restarting::No => {
            // Whoever restarts later must not find a file that Compose refuses.
            if !actions.is_empty() {
                actions.push(Action::ComposeConfig);
            }
            return actions;
        }
        Restarting::Script => Action::Restart,
        Restarting::WithoutPull => Action::Up,
    };
    actions.extend([Action::ComposeConfig, up, Action::AwaitAnswer]);
    actions.extend(values.map(|values| Action::Prove { values }));
    actions
}

/// Pulls images while the server runs; no need where no container of this installation runs, no way where none can
/// be seen or no Compose is.
///
/// # Errors
/// `restart.registry_unreachable`, `restart.env_refused` and what else Compose says; nothing was written.
pub(crate) async fn pull(case: &Case<'_>) -> Result<Done, Finding> {
    let running = |all: &[Container]| all.iter().any(|container| container.running);
    let Some(compose) = compose_of(case, running).await else { return Ok(Done::NoNeed) };
    let mut say = |line: String| case.run.say(Event::Output(line));
    compose.pull(&runner(case), &mut say).await.map(|()| Done::Yes)
}

/// Whether Compose reads the env files as they stand; no need where there is no Compose to ask.
///
/// # Errors
/// `restart.env_refused`.
pub(crate) async fn compose_reads(case: &Case<'_>) -> Result<Done, Finding> {
    let any = |all: &[Container]| !all.is_empty();
    let Some(compose) = compose_of(case, any).await else { return Ok(Done::NoNeed) };
    match compose.config_quiet(&runner(case)).await {
        Ok(()) => Ok(Done::Yes),
        Err(finding) if finding.cause == Cause::RestartEnvRefused => Err(finding),
        // Compose could not be asked; the script may still do.
        Err(_) => Ok(Done::NoNeed),
    }
}

/// The Compose of this installation, where its containers were seen and are as they must be for it to be asked.
async fn compose_of(case: &Case<'_>, are: impl Fn(&[Container]) -> bool) -> Option<Compose> {
    match docker::containers(case).await {
        Containers::Seen(all) if are(&all) => compose::detect(&runner(case), &case.survey.installation).await,
        // Without them the script, which asks Docker with the owner's rights, is all there is.
        Containers::Seen(_) | Containers::Unseen => None,
    }
}

/// Lines of the script's output that are kept to tell why it failed.
const KEPT: usize = 20;

/// How the script ended.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    pub(crate) exit: Option<i32>,
    /// Whether the server was seen down while it ran.
    pub(crate) went_down: bool,
    /// The end of what it said, cleaned.
    pub(crate) said: Vec<String>,
    /// Whether the script was run, which pulls after it has taken the containers down.
    pub(crate) by_script: bool,
    /// Whether anything was begun.
    pub(crate) began: bool,
    /// It was stopped from outside and is not waited for any longer.
    pub(crate) stopped: Option<u32>,
    /// It could not be run: the system's number.
    pub(crate) refused: Option<Option<i32>>,
}

/// Runs `./bitwarden.sh restart` to its end; its lines are told as they come.
///
/// # Errors
/// The script could not be started.
pub(crate) async fn restart(
    case: &Case<'_>,
    hold: &mut Hold,
    before: Option<&[Part]>,
) -> Result<Ended, Stop> {
    let (runner, dir) = (runner(case), &case.survey.installation.dir);
    let job = RestartJob {
        dir,
        answer_root_prompt: case.survey.user.is_root() && case.survey.installation.owner.uid == 0,
        keeper: case.run.options.keeper.as_deref(),
        lock: Some(&hold.lock),
        files: hold.state.keeper_files(&case.run.id.to_string()).map_err(Stop::of_file)?,
    };
    let waiting = script::prepare(job, &runner).map_err(|error| unkept(&error))?;
    let work = Work { act: Act::Restart, waiting, before };
    let ended = keep(case, &runner, work, hold).await?;
    match ended.refused {
        Some(errno) => Err(Stop::of_file(script::not_begun(dir, errno))),
        None => Ok(Ended { by_script: true, ..ended }),
    }
}

/// Starts the containers from the images that are here, then nginx (`--no-pull`, and the way up).
///
/// # Errors
/// `restart.docker_unreachable` where there is no Compose to do it.
pub(crate) async fn up(case: &Case<'_>, hold: &mut Hold, before: Option<&[Part]>) -> Result<Ended, Stop> {
    let unreachable =
        || Stop::of_file(Finding::new(Cause::RestartDockerUnreachable).advise(AdviceCode::GiveDockerRights));
    if !docker::may_be_asked(case.run) {
        return Err(unreachable());
    }
    let runner = runner(case);
    let compose = compose::detect(&runner, &case.survey.installation).await.ok_or_else(unreachable)?;
    let order = Order {
        program: case.run.options.keeper.as_deref(),
        calls: compose.up(),
        input: None,
        lock: Some(&hold.lock),
        files: hold.state.keeper_files(&case.run.id.to_string()).map_err(Stop::of_file)?,
    };
    let waiting = keeper::prepare(order, &runner).map_err(|error| unkept(&error))?;
    let work = Work { act: Act::Up, waiting, before };
    let ended = keep(case, &runner, work, hold).await?;
    if ended.refused.is_some() {
        return Err(unreachable());
    }
    Ok(ended)
}

/// What a keeper is to do, with the containers as they stood before.
struct Work<'a> {
    act: Act,
    waiting: Waiting,
    before: Option<&'a [Part]>,
}

/// Writes down that there is a keeper, tells it to begin, and follows it to the end.
async fn keep(case: &Case<'_>, runner: &Runner, work: Work<'_>, hold: &mut Hold) -> Result<Ended, Stop> {
    let Work { act, waiting, before } = work;
    let pid = waiting.pid().unwrap_or_default();
    let output = waiting.output().to_owned();
    // Where that cannot be written nothing is begun: nobody would find it again.
    hold.journal
        .write(Entry::Running { action: act, pid, output, before: before.map(<[_]>::to_vec) })
        .map_err(Stop::of_file)?;
    let following = waiting.go().await.map_err(|error| unkept(&error))?;
    let ended = follow(case, runner, following, Some(&mut hold.journal)).await;
    if ended.began { Ok(ended) } else { Err(unkept(&std::io::ErrorKind::BrokenPipe.into())) }
}

fn unkept(error: &std::io::Error) -> Stop {
    Stop::Problem(Problem::Unexpected(format!("the restart could not be begun: {error}")))
}

/// Follows what a keeper does, whoever began it; the journal of who began it notes when the server goes down.
pub(crate) async fn follow(
    case: &Case<'_>,
    runner: &Runner,
    following: Following,
    mut journal: Option<&mut Journal>,
) -> Ended {
    let mut said = VecDeque::with_capacity(KEPT);
    let mut went_down = false;
    let end = {
        let mut tell = |told| match told {
            Told::Line(line) => hear(case.run, &mut said, line),
            Told::Stopped(pid) => case.run.say(Event::Stopped(pid)),
        };
        let work = following.to_the_end(runner, case.run.waits.answer, &mut tell);
        let down = watch_down(case);
        tokio::pin!(work, down);
        loop {
            tokio::select! {
                biased;
                end = &mut work => break end,
                () = &mut down, if !went_down => {
                    went_down = true;
                    // Whoever comes back after a kill reads since when; its loss changes nothing.
                    let _ = journal.as_mut().map(|journal| journal.write(Entry::Seen { up: false }));
                }
            }
        }
    };
    Ended {
        began: end.began,
        exit: end.code,
        refused: end.refused,
        stopped: end.stopped,
        went_down,
        said: said.into(),
        by_script: false,
    }
}

/// Shows a line of what runs as it comes, and keeps the last of them.
fn hear(run: &Run<'_>, said: &mut VecDeque<String>, line: String) {
    if said.len() == KEPT {
        said.pop_front();
    }
    said.push_back(line.clone());
    if let Some(progress) = progress::parse(&line) {
        run.say(Event::Container(progress));
    }
    run.say(Event::Output(line));
}

/// Ends when the server does not answer any more, and says so.
async fn watch_down(case: &Case<'_>) {
    let Some(reach) = reach::ways(&case.contact()) else { return std::future::pending().await };
    if !reach.hear().await.answered() {
        // It was down before: there is nothing to be seen going down.
        return std::future::pending().await;
    }
    while reach.hear().await.answered() {
        tokio::time::sleep(case.run.waits.pause).await;
    }
    case.run.say(Event::Down(true));
}
