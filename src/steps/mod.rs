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
    check::{AdviceCode, Evidence},
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

/// The step that does what the advice says.
pub fn mending(advice: AdviceCode) -> Option<StepName> {
    match advice {
        AdviceCode::ApplySettings | AdviceCode::RestartServer => Some(StepName::Configure),
        AdviceCode::GenerateToken => Some(StepName::ObtainToken),
        AdviceCode::SaveToken => Some(StepName::ApplyToken),
        AdviceCode::TriggerSync => Some(StepName::TriggerSync),
        _ => None,
    }
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

    #[test]
    fn every_step_is_found_by_its_name() {
        for (name, listed) in StepName::ALL.into_iter().zip(ALL) {
            assert_eq!(listed.name, name);
            assert_eq!(step(name).code, listed.code);
        }
    }
}
