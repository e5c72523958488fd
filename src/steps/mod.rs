//! The four steps, one file each, as data: what a step needs, asks, does and proves.
//!
//! The screen and the line prompts read the same [`Known`] through the same steps, so that they never say
//! different things. Sentences are made elsewhere: a step speaks in codes (`step-…` in the locale files).

pub mod apply_token;
pub mod configure;
mod known;
pub mod obtain_token;
pub mod trigger_sync;

use crate::domain::{
    check::{AdviceCode, Cause, Evidence, Finding},
    request::Phase,
    sync::StepName,
};

pub use known::Known;

/// What is said beside a step on the overview: the message `step-note-CODE`, with a value where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Code of the text.
    pub code: &'static str,
    /// What the text names.
    pub value: String,
}

impl Note {
    fn new(code: &'static str) -> Self {
        Self { code, value: String::new() }
    }

    fn with(code: &'static str, value: impl Into<String>) -> Self {
        Self { code, value: value.into() }
    }
}

/// One of the four steps.
#[derive(Debug)]
pub struct Step {
    /// Which one.
    pub name: StepName,
    /// Code of its texts: `step-title-CODE`, `step-tab-CODE`.
    pub code: &'static str,
    /// What is said beside it on the overview.
    pub note: fn(&Known) -> Note,
    /// The phases of what it does, in order; none where a person does it elsewhere.
    pub phases: &'static [Phase],
}

/// All four, in order.
pub const ALL: [Step; 4] = [configure::STEP, obtain_token::STEP, apply_token::STEP, trigger_sync::STEP];

/// The step of a name.
pub fn step(name: StepName) -> &'static Step {
    static STEPS: [Step; 4] = ALL;
    match name {
        StepName::Configure => &STEPS[0],
        StepName::ObtainToken => &STEPS[1],
        StepName::ApplyToken => &STEPS[2],
        StepName::TriggerSync => &STEPS[3],
    }
}

/// The step that does what is advised against this cause: the one that mends the cause, where that is what it does.
pub fn doing(advice: AdviceCode, cause: Cause) -> Option<StepName> {
    let step = cause.mended_by_step()?;
    let does: &[AdviceCode] = match step {
        StepName::Configure => &[AdviceCode::ApplySettings, AdviceCode::RestartServer],
        StepName::ObtainToken => &[AdviceCode::GenerateToken],
        StepName::ApplyToken => &[AdviceCode::SaveToken],
        StepName::TriggerSync => &[AdviceCode::TriggerSync],
    };
    does.contains(&advice).then_some(step)
}

/// The step that mends what was found, where its finder does not say that it takes something else.
pub fn mending(finding: &Finding) -> Option<StepName> {
    finding.advice.iter().find_map(|advice| doing(advice.code, finding.cause))
}

/// Whether a fact tells a person anything that the other facts do not: JSON is what these hosts are expected to
/// answer, and what was expected may be the region that stands there already.
pub fn tells(evidence: &Evidence, name: &str, value: &str) -> bool {
    match name {
        "content_type" => !value.starts_with("application/json"),
        "expected" => !evidence.get("region").is_some_and(|region| region.eq_ignore_ascii_case(value)),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a step does for one cause it does not do for another: elsewhere the same advice is a person's to follow.
    #[test]
    fn a_step_is_offered_where_the_table_says_that_it_mends_the_cause() {
        let advice = [
            (AdviceCode::ApplySettings, StepName::Configure),
            (AdviceCode::RestartServer, StepName::Configure),
            (AdviceCode::GenerateToken, StepName::ObtainToken),
            (AdviceCode::SaveToken, StepName::ApplyToken),
            (AdviceCode::TriggerSync, StepName::TriggerSync),
        ];
        for cause in Cause::ALL.iter().copied() {
            for (code, step) in advice {
                let offered = mending(&Finding::new(cause).advise(AdviceCode::LookAtLogs).advise(code));
                let wanted = cause.mended_by_step().filter(|mends| *mends == step);
                assert_eq!(offered, wanted, "{} with {}", cause.code(), code.code());
            }
            assert_eq!(mending(&Finding::new(cause)), None);
        }
        for (cause, code, wanted) in [
            (Cause::ConfigCloudCommunicationOff, AdviceCode::ApplySettings, Some(StepName::Configure)),
            (Cause::RestartPending, AdviceCode::RestartServer, Some(StepName::Configure)),
            (Cause::TokenRejected, AdviceCode::GenerateToken, Some(StepName::ObtainToken)),
            (Cause::ConnectionMissing, AdviceCode::SaveToken, Some(StepName::ApplyToken)),
            (Cause::SyncNever, AdviceCode::TriggerSync, Some(StepName::TriggerSync)),
            // `kubectl rollout restart` is no restart of ours.
            (Cause::InstallUnsupportedFlavour, AdviceCode::RestartServer, None),
        ] {
            assert_eq!(mending(&Finding::new(cause).advise(code)), wanted, "{}", cause.code());
        }
    }

    #[test]
    fn every_step_is_found_by_its_name() {
        for (name, listed) in StepName::ALL.into_iter().zip(ALL) {
            assert_eq!(listed.name, name);
            assert_eq!(step(name).code, listed.code);
        }
    }
}
