//! How things stand, in sentences: how the server stands and since when, and what runs of bwsync changed.

use time::OffsetDateTime;

use crate::{
    domain::journal::{Command, Rescue, Server, Settings, Standing, Written},
    text::Texts,
};

/// A moment in UTC: `14:02:31`, on another day `2026-11-21 14:02:31`.
pub fn moment(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let (hour, minute, second) = at.to_hms();
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    if at.date() == now.date() { clock } else { format!("{} {clock}", at.date()) }
}

/// How the server stands, where a run of bwsync has to do with it that it does not answer, or may not.
pub fn server(texts: &Texts, stands: &Standing, now: OffsetDateTime) -> Option<String> {
    Some(match stands.server {
        Server::Untouched | Server::Up => return None,
        Server::Silent => texts.stands_silent(),
        Server::Restarting(since) => texts.stands_restarting(moment(since, now)),
        Server::Down(since) if stands.at_work => texts.stands_down_at_work(moment(since, now)),
        Server::Down(since) => texts.stands_down(moment(since, now)),
        Server::NotSeen(since) => texts.stands_not_seen(moment(since, now)),
    })
}

/// What stands above the commands that bring the server up: whoever did not see it down does not say that it is.
pub fn way_up(texts: &Texts, stands: &Standing, rescue: &Rescue) -> String {
    match (matches!(stands.server, Server::NotSeen(_)), rescue.by_us) {
        (false, true) => texts.stands_way_up(),
        (false, false) => texts.stands_way_up_root(),
        (true, true) => texts.stands_way_up_perhaps(),
        (true, false) => texts.stands_way_up_perhaps_root(),
    }
}

/// So many settings.
pub fn settings_count(texts: &Texts, count: usize) -> String {
    texts.screen_changed_settings(count)
}

/// What runs of bwsync changed and that stands, the run since `began` without a date; `with` is what that run
/// changed beside the settings.
pub fn changed(texts: &Texts, stands: &Standing, began: OffsetDateTime, with: &[String]) -> Vec<String> {
    let earlier = |since: &OffsetDateTime| *since < began;
    let mut sentences = Vec::new();
    let mut mine = Vec::new();
    match &stands.settings {
        Settings::Written(written) if earlier(&written.since) => {
            sentences.push(written_before(texts, written));
        }
        Settings::Written(written) if written.restarted == Some(false) => {
            mine.push(settings_count(texts, written.count));
            mine.push(texts.stands_not_restarted());
        }
        Settings::Written(written) => mine.push(settings_count(texts, written.count)),
        Settings::Back { since, restarted } => sentences.push(back(texts, *since, *restarted, began)),
        Settings::Unknown | Settings::Untouched => {}
    }
    mine.extend_from_slice(with);
    if !mine.is_empty() {
        sentences.push(texts.screen_foot_changed(mine.join(", ")));
    }
    if let Some(since) = stands.connection.filter(earlier).filter(|_| with.is_empty()) {
        sentences.push(texts.stands_connection(since.date().to_string()));
    }
    if sentences.is_empty() {
        sentences.push(match stands.settings {
            // Nobody read the journals yet, or may.
            Settings::Unknown => texts.stands_nothing_here(),
            _ => texts.screen_foot_nothing(),
        });
    }
    sentences
}

/// What an earlier run wrote.
fn written_before(texts: &Texts, written: &Written) -> String {
    let date = written.since.date().to_string();
    let what = settings_count(texts, written.count);
    match (written.by, written.edited, written.restarted) {
        (Command::Disable, _, Some(false)) => texts.stands_disabled_not_restarted(date),
        (Command::Disable, ..) => texts.stands_disabled(date),
        (_, true, _) => texts.stands_changed_edited(date, what),
        (_, _, Some(true)) => texts.stands_changed_restarted(date, what),
        (_, _, Some(false)) => texts.stands_changed_not_restarted(date, what),
        (_, _, None) => texts.stands_changed(date, what),
    }
}

/// That the old settings are back.
fn back(
    texts: &Texts,
    since: Option<OffsetDateTime>,
    restarted: Option<bool>,
    began: OffsetDateTime,
) -> String {
    match since {
        None => texts.stands_back_by_hand(),
        Some(since) if since >= began => texts.screen_foot_put_back(),
        Some(since) if restarted == Some(false) => texts.stands_back_not_restarted(since.date().to_string()),
        Some(since) => texts.stands_back(since.date().to_string()),
    }
}
