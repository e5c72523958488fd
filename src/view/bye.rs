//! What stays in the scrollback after leaving: what changed, what is left, how to go on, how to undo.

use unicode_width::UnicodeWidthStr;

use super::page::fit;
use crate::{
    app::Summary,
    domain::{
        journal::Settings,
        request::{Changed, Changes},
    },
    text::Texts,
    wording,
};

/// At most six lines or so; of a server that is down first how it is brought up.
pub fn summary(summary: &Summary, texts: &Texts) -> Vec<String> {
    let stands = &summary.ledger.stands;
    let mut rows = changes(summary, texts);
    if let Some(finding) = &summary.wrong {
        let (text, code) = (wording::title(texts, finding), finding.cause.code());
        rows.push((texts.screen_bye_wrong(), format!("{text} ({code})")));
    }
    match summary.running {
        Some(Changes::Installation) => {
            rows.push((texts.screen_bye_running(), texts.screen_bye_running_restart()));
        }
        // What was sent may have come about: nothing that was not heard is told as "nothing".
        Some(Changes::Server) => rows.push((texts.screen_bye_running(), texts.screen_bye_running_other())),
        Some(Changes::Nothing) | None => {}
    }
    // In the demo everything is gone once the program ends: there is nothing to go on with.
    if !summary.demo {
        let whole = |words: &str| wording::whole(words, &summary.options, summary.dir.as_deref());
        if stands.at_work || summary.running.is_some() {
            rows.push((texts.screen_bye_resume(), whole("resume")));
        }
        if stands.undoable {
            rows.push((texts.screen_bye_undo(), whole(&format!("undo --yes{}", stands.restart_flags()))));
        }
        match summary.next {
            Some(_) => rows.push((texts.screen_bye_go_on(), whole(""))),
            None => rows.push((texts.screen_bye_look(), whole("status"))),
        }
    }
    let mut lines = vec![first(summary, texts)];
    lines.extend(down(summary, texts));
    let column = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0) + 2;
    lines.extend(rows.into_iter().map(|(label, value)| format!("  {}{value}", fit(&label, column))));
    lines
}

/// How the server stands where it does not answer, or may not, and the way up, whole, to be copied.
fn down(summary: &Summary, texts: &Texts) -> Vec<String> {
    let stands = &summary.ledger.stands;
    let Some(sentence) = wording::server(texts, stands, summary.at) else { return Vec::new() };
    let mut lines = vec![sentence];
    let rescue = stands.rescue.as_ref().filter(|_| stands.needs_rescue() && !summary.demo);
    if let Some(rescue) = rescue.filter(|rescue| !rescue.commands.is_empty()) {
        lines.push(wording::way_up(texts, stands, rescue));
        lines.extend(rescue.commands.iter().cloned());
    }
    lines
}

/// What was changed, by this run and by earlier ones.
fn changes(summary: &Summary, texts: &Texts) -> Vec<(String, String)> {
    let ledger = &summary.ledger;
    let mut values = Vec::new();
    match &ledger.stands.settings {
        Settings::Written(written) if ledger.settings_are_mine() => {
            let path = written.path.display().to_string();
            let settings = texts.screen_bye_settings(written.count, path);
            values.push(match written.restarted {
                Some(false) => format!("{settings}, {}", texts.stands_not_restarted()),
                _ => settings,
            });
        }
        Settings::Back { .. } if ledger.settings_are_mine() => values.push(texts.screen_bye_put_back()),
        _ => {}
    }
    values.extend(ledger.connection.as_ref().map(|tail| match tail.as_str() {
        "" => texts.screen_bye_connection(),
        tail => texts.screen_bye_connection_tail(tail),
    }));
    values.extend(ledger.license.then(|| texts.screen_bye_license()));
    values.extend(ledger.unheard.map(|what| match what {
        Changed::License => texts.screen_bye_perhaps_license(),
        _ => texts.screen_bye_perhaps_connection(),
    }));
    if values.is_empty() && summary.running != Some(Changes::Server) {
        values.push(texts.screen_bye_nothing());
    }
    let mut rows: Vec<_> = values.into_iter().map(|value| (texts.screen_bye_changed(), value)).collect();
    let before = matches!(ledger.stands.settings, Settings::Written(_) | Settings::Back { .. });
    if before && !ledger.settings_are_mine() {
        let sentences = wording::changed(texts, &ledger.stands, ledger.began, &[]);
        rows.extend(sentences.into_iter().map(|sentence| (texts.screen_bye_before(), sentence)));
    }
    rows
}

fn first(summary: &Summary, texts: &Texts) -> String {
    let server = summary.server.clone().unwrap_or_else(|| texts.screen_bye_this_server());
    let region = summary.region.map(|region| region.setting().to_owned());
    let details: Vec<String> = [summary.organization.clone(), region].into_iter().flatten().collect();
    let name = if details.is_empty() { server } else { format!("{server} ({})", details.join(", ")) };
    match summary.next {
        None => texts.screen_bye_synced(name),
        Some(step) => texts.screen_bye_open(name, step.number(), wording::step_title(texts, step)),
    }
}
