//! Carries actions out, one after the other; the screen, the commands and `resume` only follow. A failure stops the
//! rest and is told with what stands then: what changed, and whether the server answers.

use crate::domain::{
    action::Action,
    check::{Conclusion, Finding, Severity, Side},
    request::Root,
    restart::Part,
};

use crate::engine::{
    case::Case,
    changing::{
        carried::{Carried, ending},
        hold::{self, ChangeRequest},
        restart::Ended,
        step::step,
        way_back,
    },
    conclude::Stopped,
};

/// Does all of them, in order.
///
/// # Errors
/// Nothing could be begun: locked by another run, no place for the journal.
pub(crate) async fn carry_out(
    case: &Case<'_>,
    asked: ChangeRequest,
    actions: Vec<Action>,
) -> Result<Carried, Stopped> {
    go_through(case, asked, actions, Carried::default()).await
}

/// What is known of a run that another process began.
#[derive(Debug, Default)]
pub(crate) struct Begun {
    /// The containers before its first restart; none where nobody could look.
    pub(crate) before: Option<Vec<Part>>,
    /// How what it began ended, as far as that was seen.
    pub(crate) ended: Ended,
    /// Whether what it wrote stands.
    pub(crate) stands: bool,
}

/// The same for a run that another process began.
///
/// # Errors
/// As [`carry_out`].
pub(crate) async fn pick_up(
    case: &Case<'_>,
    asked: ChangeRequest,
    actions: Vec<Action>,
    begun: Begun,
) -> Result<Carried, Stopped> {
    let Begun { before, ended, stands } = begun;
    let ran = ended.began || !actions.is_empty();
    let begun = Carried { ran, before, ended, stands, ..Carried::default() };
    go_through(case, asked, actions, begun).await
}

async fn go_through(
    case: &Case<'_>,
    asked: ChangeRequest,
    actions: Vec<Action>,
    mut carried: Carried,
) -> Result<Carried, Stopped> {
    let mut hold = hold::begin(&case.contact(), asked).await?;
    case.run.forget_what_was_seen();
    for action in actions {
        if let Err(stop) = step(case, &mut hold, action, &mut carried).await {
            carried.stopped = Some(stop);
            break;
        }
    }
    if let Some(blamed) = carried.blamed.take() {
        way_back::go(case, &mut hold, &mut carried, blamed).await;
    }
    if let Some(finding) = carried.unwritten.take().filter(|_| carried.stopped.is_none()) {
        carried.noted.push(not_noted(finding));
    }
    hold.end(case.run, ending(&carried));
    Ok(carried)
}

/// The journal could not be written while something went on that was done all the same.
fn not_noted(finding: Finding) -> Root {
    let (cause, severity) = (finding.cause, Severity::Warning);
    Root { conclusion: Conclusion { cause, check: None, from: Some(Side::File), severity }, finding }
}
