//! What `v` prints outside the full screen: what is to be copied, or read whole, without anything around it.

use crate::{
    app::{Base, Place, Stage, State, What},
    domain::sync::StepName,
    steps::obtain_token,
    text::Texts,
    wording,
};

use super::banner;

/// The lines, the hint how to get back last.
pub fn plain(state: &State, texts: &Texts) -> Vec<String> {
    let mut lines = banner::sentences(state, texts);
    if let Some(rescue) = &state.ledger.stands.rescue {
        lines.extend(rescue.commands.iter().cloned());
    }
    lines.extend(match state.place {
        Place::Base(Base::Step(StepName::Configure)) => output(state),
        Place::Base(Base::Step(StepName::ObtainToken)) => vec![
            texts.screen_obtain_path(),
            format!("{} / {}", texts.screen_obtain_first(), texts.screen_obtain_again()),
            obtain_token::address(&state.known).unwrap_or_else(|| obtain_token::start(&state.known)),
        ],
        Place::Base(Base::Step(StepName::ApplyToken)) if state.stage == Stage::Browser => vec![
            texts.screen_browser_where(),
            format!("1 {}", texts.screen_browser_1()),
            format!("2 {}", texts.screen_browser_2()),
            format!("3 {}", texts.screen_browser_3()),
            format!("4 {}", texts.screen_browser_4()),
        ],
        Place::Diagnose(_) => selected(state, texts),
        Place::Base(_) | Place::Status(_) => Vec::new(),
    });
    lines.push(String::new());
    lines.push(texts.screen_plain_back());
    lines
}

fn output(state: &State) -> Vec<String> {
    let run = state
        .running(What::Apply)
        .or_else(|| state.running(What::Undo))
        .or_else(|| state.ended(What::Apply).map(|ended| &ended.run));
    let Some(run) = run else { return Vec::new() };
    let mut lines: Vec<String> = run.command.iter().cloned().collect();
    lines.extend(run.output.iter().cloned());
    if let Some(ended) = state.ended(What::Apply) {
        let advice = ended.outcome.roots.iter().flat_map(|root| &root.finding.advice);
        lines.extend(advice.filter_map(|advice| advice.command.clone()));
    }
    lines
}

fn selected(state: &State, texts: &Texts) -> Vec<String> {
    let Some(root) = state.known.roots.get(state.conclusion) else { return Vec::new() };
    let mut lines = vec![wording::title(texts, &root.finding)];
    let facts = wording::facts(texts, &root.finding.evidence, Some(root.finding.cause));
    lines.extend(facts.into_iter().map(|(name, value)| format!("{name}: {value}")));
    lines.extend(root.finding.advice.iter().filter_map(|advice| advice.command.clone()));
    lines
}
