//! What each story of runs is told as, and what is seen now.

use super::*;
use crate::domain::action::Set;
use time::{Duration, macros::datetime};

const BEGAN: OffsetDateTime = datetime!(2026-11-30 19:00:00 UTC);

/// A run whose lines are written as a person would tell them, one second apart.
fn run(id: u32, command: Command, told: &str) -> Run {
    let takes_back = told.split(' ').find_map(|word| word.strip_prefix("of:")).map(str::to_owned);
    let done = |action, ok| Entry::Done { action, ok, result: None };
    let begun = |action| Entry::Intent { action, file: None };
    let entries = told.split(' ').filter_map(|word| {
        Some(match word.split_once('>') {
            Some((before, after)) => Entry::Intent {
                action: Act::Write,
                file: Some(FileChange {
                    path: "/opt/bitwarden/bwdata/env/global.override.env".into(),
                    before: before.to_owned(),
                    after: after.to_owned(),
                    backup: None,
                    changes: vec![Set { key: "globalSettings__x".into(), to: None }],
                }),
            },
            None => match word {
                "wrote" => done(Act::Write, true),
                "put-back" => done(Act::PutBack, true),
                "restart" => begun(Act::Restart),
                "up" => begun(Act::Up),
                "silent" => Entry::Seen { up: false },
                "answers" => Entry::Seen { up: true },
                "saved" => done(Act::SaveConnection, true),
                "removed" => done(Act::RemoveConnection, true),
                "good" => Entry::End { result: Ending::Success },
                "bad" => Entry::End { result: Ending::Failure },
                "rolled-back" => Entry::End { result: Ending::RolledBack },
                _ => return None,
            },
        })
    });
    let entries = std::iter::once(Entry::Start { command, takes_back }).chain(entries);
    let at = |n: u32| BEGAN + Duration::minutes(i64::from(id)) + Duration::seconds(i64::from(n));
    let lines = entries.zip(0..).map(|(entry, n)| Line { seq: n + 1, at: at(n), order: None, entry });
    Run { id: id.to_string(), lines: lines.collect() }
}

/// What is told of the settings and the server, in a few words.
fn told(standing: &Standing) -> String {
    let restarted = |restarted: Option<bool>| match restarted {
        Some(true) => "restarted",
        Some(false) => "not restarted",
        None => "restart not seen",
    };
    let settings = match &standing.settings {
        Settings::Unknown => "unknown".to_owned(),
        Settings::Untouched => "untouched".to_owned(),
        Settings::Written(written) => format!(
            "{:?}{} {}",
            written.by,
            if written.edited { " edited" } else { "" },
            restarted(written.restarted)
        ),
        Settings::Back { since: None, .. } => "back by hand".to_owned(),
        Settings::Back { restarted: seen, .. } => format!("back, {}", restarted(*seen)),
    };
    let since = standing.server.since().map(|at| format!(" {:02}:{:02}", at.minute(), at.second()));
    format!("{settings}; {}{}", standing.server.word(), since.unwrap_or_default())
}

/// What it is about, the runs, the file now, and what is told.
type Case<'a> = (&'a str, &'a [(Command, &'a str)], &'a str, &'a str);

#[test]
fn the_journals_of_all_runs_tell_how_it_stands() {
    use Command::{Apply, Disable, Resume, Undo};
    let well = "a>b wrote restart silent answers good";
    let down = "a>b wrote restart silent bad";
    let cases: &[Case<'_>] = &[
        ("nothing", &[], "a", "untouched; untouched"),
        ("killed before the write", &[(Apply, "a>b")], "a", "untouched; untouched"),
        ("killed in the write", &[(Apply, "a>b")], "b", "Apply not restarted; untouched"),
        ("killed after the write", &[(Apply, "a>b wrote")], "b", "Apply not restarted; untouched"),
        ("written only", &[(Apply, "a>b wrote good")], "b", "Apply not restarted; untouched"),
        (
            "killed in the script",
            &[(Apply, "a>b wrote restart")],
            "b",
            "Apply restart not seen; not_seen 00:03",
        ),
        (
            "killed, seen down",
            &[(Apply, "a>b wrote restart silent")],
            "b",
            "Apply restart not seen; down 00:04",
        ),
        (
            "nobody could look",
            &[(Apply, "a>b wrote restart bad")],
            "b",
            "Apply restart not seen; not_seen 00:03",
        ),
        ("well", &[(Apply, well)], "b", "Apply restarted; up"),
        ("well, edited since", &[(Apply, well)], "c", "Apply edited restarted; up"),
        ("well, put back by hand", &[(Apply, well)], "a", "back by hand; up"),
        ("down", &[(Apply, down)], "b", "Apply restart not seen; down 00:04"),
        (
            "rescue failed",
            &[(Apply, down), (Resume, "up silent bad")],
            "b",
            "Apply restart not seen; down 00:04",
        ),
        ("rescue killed", &[(Apply, down), (Resume, "up")], "b", "Apply restart not seen; down 00:04"),
        ("rescued", &[(Apply, down), (Resume, "up answers good")], "b", "Apply restarted; up"),
        ("picked up", &[(Apply, "a>b wrote restart"), (Resume, "answers good")], "b", "Apply restarted; up"),
        (
            "rolled back",
            &[(Apply, "a>b wrote restart silent put-back answers rolled-back")],
            "a",
            "back, restarted; up",
        ),
        (
            "refused by Compose",
            &[(Apply, "a>b wrote put-back rolled-back")],
            "a",
            "back, not restarted; untouched",
        ),
        ("undone", &[(Apply, well), (Undo, "of:0 b>a wrote good")], "a", "back, not restarted; up"),
        (
            "undone and up",
            &[(Apply, down), (Undo, "of:0 b>a wrote up answers good")],
            "a",
            "back, restarted; up",
        ),
        (
            "undone and still down",
            &[(Apply, down), (Undo, "of:0 b>a wrote up silent bad")],
            "a",
            "back, restart not seen; down 00:04",
        ),
        ("undo killed before its write", &[(Apply, well), (Undo, "of:0 b>a")], "b", "Apply restarted; up"),
        (
            "undo refused",
            &[(Apply, well), (Undo, "of:0 b>a wrote put-back rolled-back")],
            "b",
            "Apply restarted; up",
        ),
        (
            "the newer of two undone",
            &[(Apply, well), (Apply, "b>c wrote good"), (Undo, "of:1 c>b wrote good")],
            "b",
            "Apply restarted; up",
        ),
        (
            "a later one rolled back",
            &[(Apply, well), (Apply, "b>c wrote put-back rolled-back")],
            "b",
            "Apply restarted; up",
        ),
        (
            "disabled",
            &[(Apply, well), (Disable, "b>a wrote restart answers good")],
            "a",
            "Disable restarted; up",
        ),
    ];
    for (name, runs, file, wanted) in cases {
        let runs: Vec<_> = (0..).zip(*runs).map(|(id, (command, lines))| run(id, *command, lines)).collect();
        let seen = Seen { file: Some(file), ..Seen::default() };
        assert_eq!(told(&stands(&runs, &seen)), *wanted, "{name}");
    }
}

#[test]
fn what_is_seen_now_outranks_the_journal() {
    let down = "a>b wrote restart silent bad";
    let cut = "a>b wrote restart";
    let well = "a>b wrote restart silent answers good";
    let cases = [
        (down, Some(true), None, false, "Apply restart not seen; up"),
        (down, Some(true), Some(true), false, "Apply restarted; up"),
        (down, Some(false), None, false, "Apply restart not seen; down 00:04"),
        (cut, Some(false), None, false, "Apply restart not seen; down 00:03"),
        (cut, Some(true), None, false, "Apply restart not seen; up"),
        (cut, Some(true), None, true, "Apply restart not seen; restarting 00:03"),
        (cut, None, None, true, "Apply restart not seen; restarting 00:03"),
        (well, Some(false), None, false, "Apply restarted; silent"),
        (well, None, Some(false), false, "Apply not restarted; up"),
        ("a>b wrote good", None, Some(true), false, "Apply restarted; untouched"),
        ("", Some(false), None, false, "untouched; silent"),
    ];
    for (lines, answers, effective, at_work, wanted) in cases {
        let runs = [run(0, Command::Apply, lines)];
        let seen = Seen { file: Some("b"), answers, effective, at_work };
        let standing = stands(&runs, &seen);
        assert_eq!(told(&standing), wanted, "{lines} {answers:?} {effective:?}");
        assert!(!standing.needs_rescue() || !at_work);
    }
}

#[test]
fn a_connection_stands_until_a_run_removes_it() {
    let saved = run(0, Command::SetToken, "saved good");
    let seen = Seen::default();
    assert_eq!(stands(std::slice::from_ref(&saved), &seen).connection, Some(saved.lines[1].at));
    let runs = [saved, run(1, Command::Disable, "removed good")];
    assert_eq!(stands(&runs, &seen).connection, None);
}

#[test]
fn json_has_a_word_and_a_time_for_the_server() {
    let json = serde_json::to_value(Standing { server: Server::Down(BEGAN), ..Standing::default() }).unwrap();
    assert_eq!(json["server"], serde_json::json!({ "state": "down", "since": "2026-11-30T19:00:00Z" }));
    assert_eq!(json["settings"]["state"], "unknown");
}
