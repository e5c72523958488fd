//! What a restart left: the one judge of it, for the script, for Compose's `up`, for the way back and for a run that
//! is picked up. It weighs what was seen, and nothing else: how the program ended, the containers before and
//! after, and what was heard when the server was asked after the program had ended (design §11, §12).
//!
//! An exit code alone decides nothing. The server is up only if it answered; down only if it was seen down; else
//! nobody saw it.

mod part;
mod words;

#[cfg(test)]
mod tests;

pub use part::{Fault, Ill, Part, State, Watch, unchanged};
pub use words::{blamed, is_for_good, last_words, leftover, no_images, port_named, telling, why};

use super::check::{Cause, Finding, Reached};

/// How the program that took the server down and up ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProgramEnd {
    /// With this code.
    Code(i32),
    /// It ended; with which code nobody knows.
    #[default]
    Unknown,
    /// It did not end: it stands still.
    Stopped,
}

impl ProgramEnd {
    /// Whether it is known to have ended well.
    pub fn is_good(self) -> bool {
        self == Self::Code(0)
    }

    /// The code, where it is known.
    pub fn code(self) -> Option<i32> {
        match self {
            Self::Code(code) => Some(code),
            Self::Unknown | Self::Stopped => None,
        }
    }
}

/// What came of asking the server for api and identity by one way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Both answered as Bitwarden's do.
    Answered,
    /// nginx answered in their place that nobody is behind it (502, 503, 504).
    Gateway,
    /// Something answered, and not as Bitwarden's do.
    Other(Cause),
    /// Nobody listens there.
    Refused,
    /// Nothing was heard, or not to the end.
    Silent(Cause),
    /// It could not even be asked: its name, its certificate, a proxy, its address.
    CouldNotAsk(Cause),
}

impl Heard {
    /// What a fault of asking means.
    pub fn of(finding: &Finding) -> Self {
        let cause = finding.cause;
        // Told to stay at home, nobody asked.
        if finding.evidence.get("reason") == Some("offline") {
            return Self::CouldNotAsk(cause);
        }
        match cause.reached() {
            Reached::ClosedPort => Self::Refused,
            Reached::Gateway => Self::Gateway,
            Reached::Silence => Self::Silent(cause),
            Reached::Nothing => Self::CouldNotAsk(cause),
            Reached::Answer => Self::Other(cause),
        }
    }

    /// The cause that kept it from an answer, as a code.
    fn reason(self) -> Option<Cause> {
        match self {
            Self::Answered => None,
            Self::Gateway => Some(Cause::ServerStarting),
            Self::Refused => Some(Cause::ServerDown),
            Self::Other(cause) | Self::Silent(cause) | Self::CouldNotAsk(cause) => Some(cause),
        }
    }
}

/// What was heard by each way: under the server's name, and at the port that it publishes on this machine; none
/// where there is no such way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answers {
    /// Under its name.
    pub by_name: Option<Heard>,
    /// On 127.0.0.1.
    pub by_port: Option<Heard>,
}

impl Answers {
    fn all(self) -> impl Iterator<Item = Heard> {
        self.by_name.into_iter().chain(self.by_port)
    }

    /// Whether api and identity answered.
    pub fn answered(self) -> bool {
        self.all().any(|heard| heard == Heard::Answered)
    }

    /// Whether the server's own port refuses.
    fn refused(self) -> bool {
        match self.by_port {
            Some(heard) => heard == Heard::Refused,
            None => self.by_name == Some(Heard::Refused),
        }
    }

    /// Whether what was heard shows that the server is down. A name may lead elsewhere: that nobody listens there
    /// counts only where no container says the opposite.
    fn show_down(self, all_work: bool) -> bool {
        self.by_port == Some(Heard::Refused)
            || self.all().any(|heard| heard == Heard::Gateway)
            || (self.refused() && !all_work)
    }

    fn could_not_ask(self) -> bool {
        self.all().all(|heard| matches!(heard, Heard::CouldNotAsk(_)))
    }

    /// What kept it from an answer: what the port said is nearer than what the name did.
    pub fn reason(self) -> Option<Cause> {
        let told = |heard: &Heard| !matches!(heard, Heard::CouldNotAsk(_));
        let heard = self.by_port.filter(told).or(self.by_name).or(self.by_port)?;
        heard.reason()
    }
}

/// All that is known when a restart is judged.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// How the program ended.
    pub end: ProgramEnd,
    /// Whether the server was seen going down meanwhile.
    pub went_down: bool,
    /// The containers before; none where nobody could look, which is not the same as that there were none.
    pub before: Option<&'a [Part]>,
    /// The containers after it ended.
    pub now: Option<&'a [Part]>,
    /// What was heard after it ended.
    pub answers: Answers,
}

/// What a restart left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It answers, and nothing is worse than before.
    Good,
    /// The same, although the program ended with an error: a warning.
    GoodDespite,
    /// It answers; the program ended with an error, and nothing shows that it restarted anything.
    NotRestarted,
    /// It answers; these parts are worse than before.
    Worse(Vec<Fault>),
    /// It does not answer and was seen down; these parts do not run, as far as that could be seen.
    Down(Vec<Fault>),
    /// Nobody saw whether it answers.
    NotSeen,
}

impl Verdict {
    /// Whether the server answers; none where nobody saw it.
    pub fn up(&self) -> Option<bool> {
        match self {
            Self::Good | Self::GoodDespite | Self::NotRestarted | Self::Worse(_) => Some(true),
            Self::Down(_) => Some(false),
            Self::NotSeen => None,
        }
    }

    /// Whether it is good enough for a success.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Good | Self::GoodDespite)
    }

    /// The parts that it names.
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Worse(faults) | Self::Down(faults) => faults,
            Self::Good | Self::GoodDespite | Self::NotRestarted | Self::NotSeen => &[],
        }
    }

    /// The cause of what is wrong, by the parts alone; none where they say nothing.
    pub fn cause_by_parts(&self) -> Option<Cause> {
        let faults = self.faults();
        // One that was taken down and not made again did not end: why it is not there, the program says.
        if faults.iter().any(|fault| matches!(fault.ill, Ill::Ended | Ill::Loops)) {
            Some(Cause::RestartContainerEnded)
        } else {
            let unhealthy = faults.iter().any(|fault| fault.ill == Ill::Unhealthy);
            unhealthy.then_some(Cause::RestartContainerUnhealthy)
        }
    }
}

/// How long a verdict may still change by itself (design §11: 5 min, 15 s).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It is final.
    None,
    /// Nothing speaks for it.
    Short,
    /// A server takes minutes to start.
    Long,
}

/// What holds now, and how long to wait for something better.
pub fn judge(seen: &Seen<'_>) -> (Verdict, Patience) {
    if seen.answers.answered() { answered(seen) } else { unanswered(seen) }
}

fn answered(seen: &Seen<'_>) -> (Verdict, Patience) {
    if seen.end == ProgramEnd::Stopped {
        // It goes on one day, and may take down what answers now.
        return (Verdict::NotSeen, Patience::None);
    }
    let faults = seen.now.map(|now| part::worse(seen.before, now, true)).unwrap_or_default();
    if !faults.is_empty() {
        return (Verdict::Worse(faults), Patience::Long);
    }
    let failed = seen.end.code().is_some_and(|code| code != 0);
    let verdict = match (failed, seen.now) {
        (false, _) => Verdict::Good,
        (true, None) if !seen.went_down => Verdict::NotRestarted,
        (true, _) => Verdict::GoodDespite,
    };
    let open = seen.now.is_some_and(|now| part::open(seen.before, now));
    (verdict, if open { Patience::Long } else { Patience::None })
}

fn unanswered(seen: &Seen<'_>) -> (Verdict, Patience) {
    let faults = seen.now.map(|now| part::down(seen.before, now)).unwrap_or_default();
    let all_work = seen.now.is_some_and(part::all_work);
    // Of a part that runs, only its own check says that it does not work, and it did before.
    let silenced = seen.now.is_some_and(|now| {
        let parts: Vec<Part> = now.iter().chain(seen.before.unwrap_or_default()).cloned().collect();
        faults.iter().any(|fault| fault.silences(&parts))
    });
    if !silenced && !seen.answers.show_down(all_work) {
        let nothing_more = seen.answers.could_not_ask() && (all_work || seen.now.is_none());
        return (Verdict::NotSeen, if nothing_more { Patience::Short } else { Patience::Long });
    }
    let front = |fault: &Fault| fault.is_down() && fault.service == "nginx";
    let hopeless = seen.answers.refused() || faults.iter().any(front);
    let short = !seen.end.is_good() && hopeless;
    (Verdict::Down(faults), if short { Patience::Short } else { Patience::Long })
}
