//! Where you stand: the sentence, the four steps, the facts, what you will need. Rows keep their place while
//! results come in.

use ratatui::style::Style;
use unicode_width::UnicodeWidthStr;

use super::{
    found,
    glyphs::Mark,
    page::{LABEL, Page, cut_front, fit},
};
use crate::{
    app::{What, keymap},
    domain::{
        check::{Cause, CheckId, Severity, Side, State, Target},
        installation::Flavour,
        region::Lookup,
        sync::{LicenseTerms, StepName, StepState},
    },
    steps::{self, configure},
    wording,
};

/// Where values begin.
const VALUE: usize = 24;
/// Where notes begin at least.
const NOTE: usize = 40;

pub(super) fn page(page: &mut Page<'_>) {
    sentence(page);
    page.gap();
    four_steps(page);
    let known = &page.context.state.known;
    let nowhere = known.installation.is_none() && page.context.state.running(What::Look).is_none();
    if nowhere {
        return;
    }
    page.gap();
    facts(page);
    if page.context.state.known.done() < StepName::ALL.len() {
        page.gap();
        needs(page);
    }
}

/// Two lines, always.
fn sentence(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let done = state.known.done();
    let about =
        if state.look.demo.is_some() { texts.screen_overview_demo() } else { texts.screen_overview_about() };
    let looking = state.running(What::Look).is_some();
    let outcome = state.ended(What::Look).map(|ended| &ended.outcome);
    let failed =
        state.known.roots.first().filter(|root| {
            matches!(root.conclusion.severity, Severity::Failed | Severity::Unknown) && !looking
        });
    if let Some(root) = state.why_down() {
        found::headline(page, root, None, false);
        page.say(LABEL + 2, &texts.screen_overview_mended_hint(StepName::Configure.number()));
    } else if let Some((problem, exit)) =
        outcome.and_then(|outcome| Some((outcome.problem.as_ref()?, outcome.exit)))
    {
        found::problem(page, problem, exit);
    } else if let Some(root) = failed {
        found::headline(page, root, None, false);
        if state.known.installation.is_none() {
            found::evidence(page, &root.finding);
            found::advice(page, &root.finding);
        } else {
            let mended = steps::mending(&root.finding);
            page.say(
                LABEL + 2,
                &match mended {
                    Some(step) => texts.screen_overview_mended_hint(step.number()),
                    None => texts.screen_overview_failed_hint(),
                },
            );
        }
    } else if looking && state.known.status.is_none() {
        page.say(LABEL, &texts.screen_overview_looking());
        page.say(LABEL, &about);
    } else {
        let (text, more) = match done {
            // What is not seen is not said to be missing.
            1.. if keymap::unseen(state) => {
                (texts.screen_overview_unseen(), texts.screen_overview_unseen_hint())
            }
            0 => (texts.screen_overview_none(), about),
            4 => (texts.screen_overview_all(), texts.screen_overview_about_done()),
            _ => (texts.status_not_set_up(done), about),
        };
        page.say_in(LABEL, &text, page.context.theme.strong());
        let warning = state.known.roots.iter().find(|root| root.conclusion.severity == Severity::Warning);
        match warning.filter(|_| !looking) {
            Some(root) => found::headline(page, root, None, false),
            None => page.say(LABEL, &more),
        }
    }
}

fn four_steps(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let title = |name: StepName| page.context.glyphs.fold(&wording::step_title(texts, name)).into_owned();
    let widest = StepName::ALL.into_iter().map(|name| title(name).width()).max().unwrap_or(0);
    let column = (8 + widest + 3).max(NOTE);
    let rows: Vec<_> = StepName::ALL.into_iter().map(|name| (name, title(name))).collect();
    for (name, title) in rows {
        let standing = state.known.standing(name);
        let focus = state.chosen == name;
        let looking = state.running(What::Look).is_some() && standing == StepState::Unknown;
        let restarting = name == StepName::Configure
            && (state.running(What::Apply).or(state.running(What::Undo))).is_some();
        let has_token =
            name == StepName::ObtainToken && standing != StepState::Done && state.token_accepted();
        let mark = match () {
            () if looking || restarting => Mark::Running,
            () if has_token => Mark::Good,
            () => standing.into(),
        };
        let note = if restarting {
            wording::step_note(texts, "configure-running", "")
        } else if has_token {
            wording::step_note(texts, "obtain-token-accepted", "")
        } else if looking {
            wording::step_note(texts, "looking", "")
        } else {
            let note = (steps::step(name).note)(&state.known);
            wording::step_note(texts, note.code, &note.value)
        };
        let style = if focus { page.context.theme.strong() } else { Style::new() };
        let mut spans = page.gutter(focus, mark);
        spans.push(page.span(&format!("{}  ", name.number()), style));
        spans.push(page.span(&fit(&title, column.saturating_sub(8)), style));
        spans.push(page.span(&note, Style::new()));
        page.line(spans);
        if focus {
            page.focus(1);
        }
    }
}

fn facts(page: &mut Page<'_>) {
    let (state, texts) = (page.context.state, page.context.texts);
    let known = &state.known;
    let waiting = waiting(page);
    let installation = known.installation.as_ref().map(|found| {
        let flavour = match found.flavour {
            Flavour::Standard => texts.screen_flavour_standard(),
            Flavour::Lite => texts.screen_flavour_lite(),
            Flavour::HandMade => texts.screen_flavour_hand_made(),
        };
        let version = found.version.clone().unwrap_or_else(|| "?".to_owned());
        let owner = found.owner.to_string();
        let value = |path: &str| {
            texts.screen_overview_installation_value(flavour.as_str(), owner.as_str(), path, version.as_str())
        };
        // One line: of a long path the end is what tells it from others.
        let room = page.edge().saturating_sub(VALUE + value("").width());
        value(&cut_front(&found.dir.display().to_string(), room, page.context.glyphs.cut))
    });
    page.labelled(&texts.label_installation(), VALUE, &installation.unwrap_or_else(|| waiting.clone()));
    page.labelled(
        &texts.screen_overview_id(),
        VALUE,
        &installation_id(page).unwrap_or_else(|| waiting.clone()),
    );
    page.labelled(&texts.label_license(), VALUE, &license(page).unwrap_or_else(|| waiting.clone()));
    hosts(page, Side::Machine);
    if known.looked_from(Side::Container) {
        hosts(page, Side::Container);
    }
    let in_cloud = match known.license_known {
        Some(true) if known.standing(StepName::ApplyToken) == StepState::Done => None,
        Some(true) if known.standing(StepName::ApplyToken) == StepState::ToDo => {
            Some(texts.screen_cloud_license_token_missing())
        }
        Some(true) => Some(texts.screen_cloud_license_known()),
        Some(false) => Some(texts.screen_cloud_license_unknown()),
        None => Some(waiting),
    };
    if let Some(in_cloud) = in_cloud {
        page.labelled(&texts.screen_overview_cloud_license(), VALUE, &in_cloud);
    }
    // The server itself stands in the head.
    let hosts: Vec<&str> =
        known.hosts.iter().map(String::as_str).filter(|host| Some(*host) != known.server()).collect();
    let asked = if hosts.is_empty() { texts.screen_overview_hosts_none() } else { hosts.join(", ") };
    page.labelled(&texts.screen_overview_hosts(), VALUE, &asked);
}

/// What stands where nothing is known yet.
fn waiting(page: &Page<'_>) -> String {
    let texts = page.context.texts;
    if page.context.state.running(What::Look).is_some() {
        format!("{} {}", page.context.glyphs.mark(Mark::Running), wording::step_note(texts, "looking", ""))
    } else {
        texts.unknown()
    }
}

fn installation_id(page: &Page<'_>) -> Option<String> {
    let (known, texts) = (&page.context.state.known, page.context.texts);
    let region = &known.plan.as_ref()?.region;
    let name = region.planned.setting();
    let answers = [region.us, region.eu];
    Some(match region.concluded {
        Some(_) if answers.contains(&Lookup::Enabled) => match known.key_accepted {
            Some(true) => texts.screen_id_known_key(name),
            Some(false) => texts.screen_id_known_key_rejected(name),
            None => texts.screen_id_known(name),
        },
        _ if answers.contains(&Lookup::Disabled) => texts.screen_id_disabled(name),
        _ if answers.iter().all(|answer| *answer == Lookup::NotFound) => texts.screen_id_unknown(),
        _ => texts.screen_id_open(name),
    })
}

fn license(page: &Page<'_>) -> Option<String> {
    let (state, texts) = (page.context.state, page.context.texts);
    let status = state.known.status.as_ref()?;
    // One line: the seats are of the status page.
    let terms = status.license.as_ref().map(|terms| LicenseTerms {
        plan: terms.plan.clone().or_else(|| state.known.organization.as_ref()?.plan.clone()),
        seats: None,
        ..terms.clone()
    });
    Some(wording::license(texts, terms.as_ref(), state.known.has(Cause::LicenseMissing), state.now))
}

/// How far the two hosts answer one side.
fn hosts(page: &mut Page<'_>, from: Side) {
    let label = wording::side(page.context.texts, from);
    let mut spans = vec![page.span(&format!("   {}", fit(&label, VALUE - LABEL)), Style::new())];
    for target in [Target::Identity, Target::Api] {
        let name = wording::target(page.context.texts, target);
        let (mark, text) = reach(page, from, target);
        spans.push(page.span(&format!("{name} "), Style::new()));
        spans.push(page.span(page.context.glyphs.mark(mark), page.context.theme.mark(mark)));
        spans.push(page.span(&format!(" {text}   "), Style::new()));
    }
    page.line(spans);
}

/// The rung that counts: the first that did not pass, the one that runs, or all of them with their time.
fn reach(page: &Page<'_>, from: Side, target: Target) -> (Mark, String) {
    let (known, texts) = (&page.context.state.known, page.context.texts);
    let rows: Vec<CheckId> = known.stages(from, target).collect();
    let stage = |id: &CheckId| wording::stage(texts, id.stage);
    let mut milliseconds = 0;
    let mut looked = false;
    for id in &rows {
        let Some(check) = known.report.get(*id) else { return (Mark::Running, stage(id)) };
        match check.state {
            State::Passed | State::Warning => {
                looked = true;
                milliseconds += check.duration_ms.unwrap_or(0);
            }
            State::Skipped => {}
            state => return (Mark::from(state), stage(id)),
        }
    }
    if !looked {
        let running = page.context.state.running(What::Look).is_some();
        return if running {
            (Mark::Running, String::new())
        } else {
            (Mark::Skipped, texts.screen_not_asked())
        };
    }
    (Mark::Good, texts.screen_ms(milliseconds))
}

fn needs(page: &mut Page<'_>) {
    let (known, texts) = (&page.context.state.known, page.context.texts);
    let open = |step| known.standing(step) != StepState::Done;
    let needs = [
        (StepName::Configure, texts.screen_overview_need_restart(configure::RESTART_SECONDS)),
        (StepName::ObtainToken, texts.screen_overview_need_cloud()),
        (StepName::TriggerSync, texts.screen_overview_need_owner()),
    ];
    let mut label = texts.screen_overview_need();
    for (_, need) in needs.into_iter().filter(|(step, _)| open(*step)) {
        page.labelled(&std::mem::take(&mut label), VALUE, &need);
    }
}
