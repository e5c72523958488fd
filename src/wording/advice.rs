//! What to do next, in words: a sentence and the command that it announces.

use super::{Medium, word};
use crate::{
    domain::check::{Advice, AdviceCode, Cause},
    steps,
    text::Texts,
};

/// One piece of advice: a sentence, a command alone on its line, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The sentence; none where it stands above already, with another command.
    pub sentence: Option<String>,
    /// The command, whole, to be copied.
    pub command: Option<String>,
}

/// Advice against a cause, in the order given. On the screen a step does what a command does elsewhere, and is named in
/// its place.
pub fn advice(texts: &Texts, advice: &[Advice], against: Option<Cause>, medium: Medium) -> Vec<Line> {
    let mut before = None;
    let mut lines = Vec::new();
    for advice in advice {
        // Several commands of one advice stand below its sentence.
        let goes_on = before.replace(advice.code) == Some(advice.code);
        let step =
            against.filter(|_| medium == Medium::Screen).and_then(|cause| steps::doing(advice.code, cause));
        let command = advice.command.clone().filter(|_| step.is_none());
        let sentence = word(texts, "advice", advice.code.code());
        // A colon announces a command; without one it is a sentence.
        let sentence = match (&command, sentence.strip_suffix(':')) {
            (None, Some(sentence)) => format!("{sentence}."),
            _ => sentence,
        };
        let sentence = match step {
            Some(step) => texts.screen_advice_step(sentence, step.number()),
            None => sentence,
        };
        let line = Line { sentence: Some(sentence).filter(|_| !goes_on), command };
        if line.sentence.is_some() || line.command.is_some() {
            lines.push(line);
        }
    }
    lines
}

/// The words after `bwsync` of the command that follows an advice, where bwsync itself can.
pub fn own_command(code: AdviceCode) -> Option<&'static str> {
    Some(match code {
        AdviceCode::ApplySettings => "apply --yes",
        AdviceCode::WriteOnly => "apply --yes --no-restart",
        AdviceCode::Undo => "undo --yes",
        AdviceCode::SaveToken => "token set --token-file FILE --api-key-file FILE",
        AdviceCode::TriggerSync => "sync --api-key-file FILE",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn a_colon_announces_a_command_and_a_step_takes_its_place_on_the_screen() {
        let texts = Texts::new(Language::En);
        let given = [
            Advice::with_command(AdviceCode::LookAtLogs, "docker logs a"),
            Advice::with_command(AdviceCode::LookAtLogs, "docker logs b"),
            Advice::new(AdviceCode::StartServer),
            Advice::with_command(AdviceCode::ApplySettings, "bwsync apply --yes"),
        ];
        let said = |medium| {
            advice(&texts, &given, Some(Cause::ConfigCloudCommunicationOff), medium)
                .into_iter()
                .map(|line| {
                    format!("{}|{}", line.sentence.unwrap_or_default(), line.command.unwrap_or_default())
                })
                .collect::<Vec<_>>()
        };
        let both = ["Look at the server's logs:|docker logs a", "|docker logs b", "Start the server.|"];
        let command = "Have bwsync write the settings and restart:|bwsync apply --yes";
        assert_eq!(said(Medium::Command), [&both[..], &[command]].concat());
        let step = "Have bwsync write the settings and restart. Step 1 does it.|";
        assert_eq!(said(Medium::Screen), [&both[..], &[step]].concat());
    }
}
