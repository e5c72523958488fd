//! What stays in the scrollback after leaving: what changed, what is left, how to go on, how to undo.

use unicode_width::UnicodeWidthStr;

use super::{found, page::fit, words};
use crate::{
    app::{Server, Summary},
    domain::{
        check::{Advice, AdviceCode},
        outside,
        request::{Changed, Changes},
    },
    steps,
    text::Texts,
};

/// At most six lines or so.
pub fn summary(summary: &Summary, texts: &Texts) -> Vec<String> {
    let ledger = &summary.ledger;
    let mut rows: Vec<(String, String)> = Vec::new();
    if let Some((path, count)) = &ledger.settings {
        rows.push((
            texts.screen_bye_changed(),
            texts.screen_bye_settings(*count, path.display().to_string()),
        ));
    }
    if let Some(tail) = &ledger.connection {
        let value = if tail.is_empty() {
            texts.screen_bye_connection()
        } else {
            texts.screen_bye_connection_tail(tail.as_str())
        };
        rows.push((texts.screen_bye_changed(), value));
    }
    if ledger.license {
        rows.push((texts.screen_bye_changed(), texts.screen_bye_license()));
    }
    if ledger.put_back {
        rows.push((texts.screen_bye_changed(), texts.screen_bye_put_back()));
    }
    if let Some(what) = ledger.unheard {
        let perhaps = match what {
            Changed::License => texts.screen_bye_perhaps_license(),
            _ => texts.screen_bye_perhaps_connection(),
        };
        rows.push((texts.screen_bye_changed(), perhaps));
    }
    if rows.is_empty() && summary.running != Some(Changes::Server) {
        rows.push((texts.screen_bye_changed(), texts.screen_bye_nothing()));
    }
    if let Server::Down(since) = ledger.server {
        rows.push((texts.screen_bye_down(), texts.screen_bye_down_value(words::clock(since))));
    }
    if let Some(finding) = &summary.wrong {
        let (text, code) = (found::text(texts, finding), finding.cause.code());
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
        let dir = summary
            .dir
            .as_ref()
            .map(|dir| format!(" --dir {}", outside::word(dir.as_bytes())))
            .unwrap_or_default();
        if ledger.settings.is_some() {
            rows.push((texts.screen_bye_undo(), format!("bwsync undo --yes --restart{dir}")));
        }
        match summary.next {
            Some(_) => rows.push((texts.screen_bye_go_on(), format!("bwsync{dir}"))),
            None => rows.push((texts.screen_bye_look(), format!("bwsync status{dir}"))),
        }
    }
    let column = rows.iter().map(|(label, _)| label.width()).max().unwrap_or(0) + 2;
    let mut lines = vec![first(summary, texts)];
    lines.extend(rows.into_iter().map(|(label, value)| format!("  {}{value}", fit(&label, column))));
    // A server that is down: the way up, to be copied, stands last.
    if let (Server::Down(_), false, Some(finding)) = (ledger.server, summary.demo, &summary.wrong) {
        let up =
            |advice: &&Advice| matches!(advice.code, AdviceCode::StartWithoutPull | AdviceCode::StartServer);
        lines.extend(finding.advice.iter().filter(up).filter_map(|advice| advice.command.clone()));
    }
    lines
}

fn first(summary: &Summary, texts: &Texts) -> String {
    let server = summary.server.clone().unwrap_or_else(|| texts.screen_bye_this_server());
    let region = summary.region.map(|region| region.setting().to_owned());
    let details: Vec<String> = [summary.organization.clone(), region].into_iter().flatten().collect();
    let name = if details.is_empty() { server } else { format!("{server} ({})", details.join(", ")) };
    match summary.next {
        None => texts.screen_bye_synced(name),
        Some(step) => {
            let code = steps::step(step).code;
            let title = texts.by_code("step", &format!("title-{code}")).unwrap_or_default();
            texts.screen_bye_open(name, step.number(), title)
        }
    }
}
