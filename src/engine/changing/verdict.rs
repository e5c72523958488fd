//! Judges a restart after its program has ended: asks the server, by every way that there is, and looks at its
//! containers, until the judge ([`domain::restart`](crate::domain::restart)) has its last word; and says what was
//! found in codes.

use std::time::{Duration, Instant};

use crate::{
    domain::{
        check::{AdviceCode, Cause, Finding, Reached},
        request::Event,
        restart::{
            self as rules, Answers, Fault, Part, Patience, ProgramEnd, Seen, State, Verdict, Watch, judge,
        },
    },
    system::{compose, ports, standing},
};

use crate::engine::{
    asking::reach,
    case::Case,
    changing::restart::Ended,
    run::Run,
    seeing::{docker, survey::Survey},
};

/// What was found out about a restart.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) verdict: Verdict,
    /// The setting that the last words of a part blame.
    pub(crate) blamed: Option<Blamed>,
    /// The containers at the last look; none where nobody could look.
    pub(crate) now: Option<Vec<Part>>,
    answers: Answers,
    /// The last words of the parts that the verdict names, in its order.
    words: Vec<Option<String>>,
}

/// A setting that a part could not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Blamed {
    /// The part, as in `api`.
    pub(crate) service: String,
    /// The setting as the env file spells it; none where the words name none.
    pub(crate) key: Option<String>,
}

/// Looks until the verdict is final (design §11): at once where it is good, or where a part says that it cannot read
/// a setting, which no waiting mends.
pub(crate) async fn await_verdict(case: &Case<'_>, ended: &Ended, before: Option<&[Part]>) -> Judged {
    let reach = reach::ways(&case.contact());
    let (end, went_down) = (end_of(ended), ended.went_down);
    let (began, mut watch, mut said_up) = (Instant::now(), Watch::default(), false);
    loop {
        let answers = match &reach {
            Some(reach) => reach.hear().await,
            None => Answers::default(),
        };
        let now = docker::parts(case).await.map(|parts| watch.look(parts));
        let seen = Seen { end, went_down, before, now: now.as_deref(), answers };
        let (verdict, patience) = judge(&seen);
        if verdict.up() == Some(true) && !std::mem::replace(&mut said_up, true) {
            case.run.say(Event::Down(false));
        }
        let spoken = listen(case, verdict.faults()).await;
        let patience = match patience {
            Patience::Long if spoken.for_good => Patience::Short,
            patience => patience,
        };
        let blamed = spoken.blamed.filter(|_| patience != Patience::None);
        if blamed.is_some() || began.elapsed() >= limit(case.run, patience) {
            if verdict.up() == Some(false) {
                case.run.say(Event::Down(true));
            }
            let verdict = with_codes(verdict, &watch);
            return Judged { verdict, blamed, now, answers, words: spoken.words };
        }
        tokio::time::sleep(case.run.waits.pause).await;
    }
}

/// How the program ended, as far as it is known.
fn end_of(ended: &Ended) -> ProgramEnd {
    match ended.stopped {
        Some(_) => ProgramEnd::Stopped,
        None => ended.exit.map_or(ProgramEnd::Unknown, ProgramEnd::Code),
    }
}

fn limit(run: &Run<'_>, patience: Patience) -> Duration {
    match patience {
        Patience::None => Duration::ZERO,
        Patience::Short => run.waits.after_failure,
        Patience::Long => run.waits.answer,
    }
}

fn with_codes(verdict: Verdict, watch: &Watch) -> Verdict {
    match verdict {
        Verdict::Worse(faults) => Verdict::Worse(watch.with_codes(faults)),
        Verdict::Down(faults) => Verdict::Down(watch.with_codes(faults)),
        other => other,
    }
}

#[derive(Default)]
struct Spoken {
    words: Vec<Option<String>>,
    blamed: Option<Blamed>,
    /// A part that an answer comes through says what no waiting mends.
    for_good: bool,
}

/// The last words of the parts that do not stay up, since each was last started.
async fn listen(case: &Case<'_>, faults: &[Fault]) -> Spoken {
    let looker = docker::looker(case);
    let mut spoken = Spoken::default();
    for fault in faults {
        let Some(id) = fault.id.as_ref().filter(|_| fault.is_down()) else {
            spoken.words.push(None);
            continue;
        };
        let lines = standing::last_lines(&looker, id, fault.started).await;
        let named = lines.iter().rev().find_map(|line| rules::blamed(line));
        if let Some(named) = named.filter(|_| spoken.blamed.is_none()) {
            spoken.blamed = Some(Blamed { service: fault.service.clone(), key: named.key });
        }
        spoken.for_good |= fault.service == "nginx" && lines.iter().any(|line| rules::is_for_good(line));
        spoken.words.push(rules::last_words(&lines));
    }
    spoken
}

/// `restart.script_failed`: the program ended with an error and left the server as good as before.
pub(crate) fn despite(ended: &Ended) -> Finding {
    let finding = of_program(Finding::new(Cause::RestartScriptFailed), ended);
    match rules::leftover(&ended.said) {
        Some(name) => finding.command(AdviceCode::RemoveLeftover, format!("docker rm -f {name}")),
        None => finding,
    }
}

/// Why a restart did not come out well, with the way up where the server is down; `undo` is the command that
/// takes the settings back, where they stand.
pub(crate) fn finding(survey: &Survey, judged: &Judged, ended: &Ended, undo: bool) -> Finding {
    let stopped = |finding: Finding| match ended.stopped {
        Some(pid) => of_stopped(finding, pid),
        None => finding,
    };
    let mut finding = match &judged.verdict {
        Verdict::NotSeen => return stopped(not_seen(judged)),
        verdict => {
            let (cause, by) = cause(verdict, ended);
            of_parts(cause, by, judged, ended)
        }
    };
    if finding.cause == Cause::RestartPortInUse {
        finding = of_port(finding, ended);
    }
    if ended.stopped.is_some() {
        // It goes on one day: nothing is to be begun beside it.
        return stopped(finding);
    }
    if judged.verdict.up() == Some(false) {
        for command in compose::commands_up(&survey.installation, survey.runs.compose()) {
            finding = finding.command(AdviceCode::StartWithoutPull, command);
        }
    }
    if undo { finding.command(AdviceCode::Undo, "bwsync undo --yes --restart") } else { finding }
}

/// That what restarted the server was stopped from outside, and how it goes on.
pub(crate) fn of_stopped(finding: Finding, pid: u32) -> Finding {
    let finding = finding.with("words", format!("stopped (process {pid})"));
    finding.command(AdviceCode::Continue, format!("kill -CONT -{pid}"))
}

/// What shows the cause, and so is quoted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Program,
    Parts,
}

/// Evidence in its order: what the program's words show, else what the parts do, else that it failed.
fn cause(verdict: &Verdict, ended: &Ended) -> (Cause, By) {
    let failed = !matches!(ended.exit, Some(0) | None);
    let by_words = || rules::why(&ended.said, ended.by_script).filter(|_| failed).map(by_program);
    let by_parts = || verdict.cause_by_parts().map(|cause| (cause, By::Parts));
    let at_a_loss = if failed { Cause::RestartComposeFailed } else { Cause::ServerDown };
    match verdict {
        Verdict::Down(_) => by_words().or_else(by_parts).unwrap_or(by_program(at_a_loss)),
        Verdict::NotRestarted => by_words().unwrap_or(by_program(Cause::RestartComposeFailed)),
        Verdict::Worse(_) | Verdict::Good | Verdict::GoodDespite | Verdict::NotSeen => {
            by_parts().unwrap_or((Cause::RestartContainerUnhealthy, By::Parts))
        }
    }
}

fn by_program(cause: Cause) -> (Cause, By) {
    (cause, By::Program)
}

/// The parts, their exit codes and last words; where no part is to blame, the program's.
fn of_parts(cause: Cause, by: By, judged: &Judged, ended: &Ended) -> Finding {
    let finding = Finding::new(cause);
    let faults = judged.verdict.faults();
    let named = |fault: &Fault| match fault.code {
        Some(code) if fault.is_down() => format!("{} ({code})", fault.service),
        _ => fault.service.clone(),
    };
    let finding = match faults.is_empty() {
        true => finding,
        false => finding.with("candidates", faults.iter().map(named).collect::<Vec<_>>().join(", ")),
    };
    if by == By::Program {
        return of_program(finding, ended);
    }
    let mut finding = finding;
    // The first that has something to say is the one that others depend on.
    let speaks = faults.iter().zip(&judged.words).find_map(|(fault, words)| Some((fault, words.clone()?)));
    let first = speaks.as_ref().map(|(fault, _)| *fault).or(faults.first());
    if let Some((_, words)) = &speaks {
        finding = finding.with("words", words.clone());
    }
    if let Some(code) = first.and_then(|fault| fault.code) {
        finding = finding.with("status", code.to_string());
    }
    if let Some(key) = judged.blamed.as_ref().and_then(|blamed| blamed.key.clone()) {
        finding = finding.with("key", key);
    }
    match first.and_then(|fault| fault.id.as_ref()).and_then(|id| name_of(judged, id)) {
        Some(name) => finding.command(AdviceCode::LookAtLogs, format!("docker logs --tail 100 {name}")),
        None => finding.advise(AdviceCode::LookAtLogs),
    }
}

fn name_of<'j>(judged: &'j Judged, id: &str) -> Option<&'j str> {
    let plain = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    judged.now.iter().flatten().find(|part| part.id == id).map(|part| part.name.as_str()).filter(plain)
}

/// The program's exit code and last words.
fn of_program(mut finding: Finding, ended: &Ended) -> Finding {
    if let Some(words) = rules::telling(&ended.said) {
        finding = finding.with("words", words);
    }
    match ended.exit {
        Some(exit) => finding.with("status", exit.to_string()),
        None => finding,
    }
}

fn of_port(finding: Finding, ended: &Ended) -> Finding {
    match rules::port_named(&ended.said) {
        Some(port) => {
            finding.with("port", port.to_string()).command(AdviceCode::FreePort, ports::who_listens(port))
        }
        None => finding.advise(AdviceCode::FreePort),
    }
}

/// `server.not_seen`, with what was seen of it.
fn not_seen(judged: &Judged) -> Finding {
    let finding = Finding::new(Cause::ServerNotSeen);
    let reason = judged.answers.reason();
    let finding = match reason {
        Some(cause) => finding.with("reason", cause.code()),
        None => finding,
    };
    let stands = |part: &Part| format!("{} ({})", part.service, standing_code(part));
    let parts: Vec<_> = judged.now.iter().flatten().filter(|part| part.is_essential()).map(stands).collect();
    let finding = if parts.is_empty() { finding } else { finding.with("candidates", parts.join(", ")) };
    // What stood before the server is mended as it is anywhere; after that, as where it only is silent, one looks again.
    let before = reason.filter(|cause| cause.reached() == Reached::Nothing);
    match before.and_then(Cause::mended_by_person) {
        Some(AdviceCode::GiveCaCertificate) => {
            finding.command(AdviceCode::GiveCaCertificate, "bwsync check --cacert FILE")
        }
        Some(advice) => finding.advise(advice).command(AdviceCode::WaitAndRetry, "bwsync check"),
        None => finding.command(AdviceCode::WaitAndRetry, "bwsync check"),
    }
}

fn standing_code(part: &Part) -> &'static str {
    match part.state {
        State::Healthy => "healthy",
        State::Runs => "running",
        State::Starting => "starting",
        State::Unhealthy => "unhealthy",
        State::Loops(_) => "restarting",
        State::Ended(_) => "exited",
    }
}

/// Whether a part of these stands in the way of the server's doing its work.
pub(crate) fn is_of_settings(fault_service: &str) -> bool {
    matches!(fault_service, "api" | "identity")
}
