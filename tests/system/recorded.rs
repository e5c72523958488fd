//! Every recorded run of the script that concerns a restart (`contract/script-calls.json`), played again: the
//! same calls of Docker in the same order, the same lines, exit code and end state. What is said of it must be
//! what was recorded: up, down, or unchanged.

use std::{fs, process::Command};

use bwsync::tested::{
    domain::{
        check::Cause,
        restart::{Answers, Heard, Part, ProgramEnd, Seen, judge, unchanged},
    },
    system::{containers, process::Runner, standing},
};
use serde_json::Value;

use super::fixture::Fixture;

/// What stands in for `docker` and `docker-compose`: keeps which containers there are, and since when.
const ENGINE: &str = r#"#!/bin/sh
root=${0%/bin/*}
me=${0##*/}
show() {
    [ -f "$root/up" ] || return 0
    read generation count <"$root/up"
    for service in api identity nginx web; do
        [ "$count" -gt 0 ] || break
        count=$((count - 1))
        number=$((generation * 10 + count))
        if [ "$1" = ids ]; then
            echo "a$number"
        else
            echo "{\"id\":\"a$number\",\"name\":\"/bitwarden-$service\",\"image\":\"ghcr.io/bitwarden/$service:2026.8.0\",\"labels\":{\"com.docker.compose.service\":\"$service\"},\"mounts\":[{\"Source\":\"$root/bwdata/core\"}],\"state\":{\"Running\":true}}"
        fi
    done
}
case "$me $1" in
"docker ps") show ids; exit ;;
"docker inspect") show; exit ;;
esac
echo "$me $*" >>"$root/calls"
[ "$me" = docker-compose ] || { [ "$1" = compose ] && shift; } || exit 0
case "$1" in
down)
    [ "$BREAKS" = down ] && exit 1
    rm -f "$root/up"
    ;;
up)
    [ "$BREAKS" = up ] && exit 1
    read generation count <"$root/made"
    echo "$((generation + 1)) 4" >"$root/made"
    cp "$root/made" "$root/up"
    ;;
esac
exit 0
"#;

fn words(call: &Value) -> Vec<&str> {
    call.as_array().unwrap().iter().map(|word| word.as_str().unwrap()).collect()
}

fn shell(call: &Value) -> String {
    words(call).iter().map(|word| format!("'{word}' ")).collect::<String>() + "\n"
}

fn lines(run: &Value) -> Vec<String> {
    let of = |which: &str| {
        run[which]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line.as_str().unwrap().trim_end().to_owned())
            .collect::<Vec<_>>()
    };
    [of("stdout_lines"), of("stderr_lines")].concat().into_iter().filter(|line| !line.is_empty()).collect()
}

/// A script that does what the recorded one did.
struct Play {
    script: String,
    /// What goes on when the script itself was killed.
    inner: Option<String>,
}

fn play(run: &Value) -> Play {
    let name = run["name"].as_str().unwrap();
    let calls = run["calls"].as_array().unwrap();
    let code = run["exit"].as_i64().unwrap();
    let fails = run["fails_at"].as_str().unwrap_or_default();
    let breaks = match fails {
        // It went half of its way.
        _ if name.ends_with("up-partly") => "",
        fails if fails.contains("compose up") => "up",
        fails if fails.contains("compose down") => "down",
        _ => "",
    };
    let asked = if run["stdin"] == "pipe" && !calls.is_empty() {
        "read -r answer; [ \"$answer\" = y ] || exit 97\n"
    } else {
        ""
    };
    let head = format!("#!/bin/sh\n{asked}cat lines\nexport BREAKS={breaks}\n");
    let signal = code - 128;
    if name.ends_with("script-no-terminal") {
        // Killed alone in the middle of the pull: what it had started goes on to the end.
        let middle = calls.iter().position(|call| words(call).ends_with(&["pull"])).unwrap() + 1;
        let part = |calls: &[Value]| calls.iter().map(shell).collect::<String>();
        let (before, after) = calls.split_at(middle);
        let inner =
            format!("#!/bin/sh\n{}kill -{signal} $PPID\n{}echo end >done\n", part(before), part(after));
        return Play { script: format!("{head}sh ./inner.sh &\nwait\n"), inner: Some(inner) };
    }
    // What a signal ended is ended by that signal here too.
    let end = if (129..160).contains(&code) { format!("kill -{signal} $$") } else { format!("exit {code}") };
    let calls: String = calls.iter().map(shell).collect();
    Play { script: format!("{head}{calls}{end}\n"), inner: None }
}

/// How many containers ran before.
fn before(run: &Value) -> usize {
    match run["server_before"].as_str().unwrap() {
        "down" => 0,
        "up" => 4,
        some => some.split_whitespace().find_map(|word| word.parse().ok()).unwrap(),
    }
}

/// What the containers alone tell of a restart: nobody answers, and what is not seen down is not down.
fn left(before: &[Part], now: &[Part]) -> &'static str {
    if unchanged(before, now) {
        return "unchanged";
    }
    let answers = Answers { by_name: Some(Heard::Silent(Cause::HttpTimeout)), by_port: None };
    let end = ProgramEnd::Unknown;
    let seen = Seen { end, went_down: false, before: Some(before), now: Some(now), answers };
    if judge(&seen).0.up() == Some(false) { "down" } else { "up" }
}

async fn played(fixture: &Fixture, runner: &Runner, run: &Value) {
    let name = run["name"].as_str().unwrap();
    for old in ["calls", "up", "done"] {
        let _ = fs::remove_file(fixture.path(old));
    }
    let play = play(run);
    fixture.put("lines", &lines(run).iter().map(|line| format!("{line}\n")).collect::<String>(), 0o644);
    fixture.put("made", "1 4\n", 0o644);
    fixture.put("calls", "", 0o644);
    if before(run) > 0 {
        fixture.put("up", &format!("1 {}\n", before(run)), 0o644);
    }
    fixture.put("bitwarden.sh", &play.script, 0o755);
    let mut goes_on = None;
    if let Some(inner) = &play.inner {
        fixture.put("inner.sh", inner, 0o644);
        let done = fixture.path("done");
        assert!(Command::new("mkfifo").arg(&done).status().unwrap().success());
        goes_on = Some(tokio::task::spawn_blocking(move || fs::read_to_string(done).unwrap()));
    }
    let bwdata = fixture.path("bwdata");
    let stood = containers::containers(runner, &bwdata).await.unwrap();
    let keeper = fixture.keeper(name, run["stdin"] == "pipe", runner);
    let (end, told) = fixture.restarted(keeper, runner).await;
    let code = end.code.unwrap();
    if let Some(goes_on) = goes_on {
        assert_eq!(goes_on.await.unwrap(), "end\n");
    }
    let stands = containers::containers(runner, &bwdata).await.unwrap();

    assert_eq!((i64::from(code), told), (run["exit"].as_i64().unwrap(), lines(run)), "{name}");
    let calls: Vec<String> =
        run["calls"].as_array().unwrap().iter().map(|call| words(call).join(" ")).collect();
    let made = fs::read_to_string(fixture.path("calls")).unwrap();
    assert_eq!(made.lines().collect::<Vec<_>>(), calls, "{name}");
    let (stood, stands) = (standing::parts(runner, &stood).await, standing::parts(runner, &stands).await);
    assert_eq!(left(&stood, &stands), run["server_left"].as_str().unwrap(), "{name}");
}

#[tokio::test]
async fn every_recorded_restart_is_played_and_told_as_it_was() {
    let recorded = fs::read("tests/data/contract/script-calls.json").unwrap();
    let recorded: Value = serde_json::from_slice(&recorded).unwrap();
    let fixture = Fixture::new();
    for program in ["bin/docker", "bin/docker-compose"] {
        fixture.put(program, ENGINE, 0o755);
    }
    fixture.put("bwdata/core/x", "", 0o644);
    let runner = fixture.runner().with_path(format!("{}:/usr/bin:/bin", fixture.path("bin").display()));
    let (mut count, mut left_out) = (0, Vec::new());
    for run in recorded["runs"].as_array().unwrap() {
        match run["command"].as_str() {
            // The same code of the script; renewcert differs in one word of one call.
            Some("restart" | "start" | "renewcert") => {
                played(&fixture, &runner, run).await;
                count += 1;
            }
            _ => left_out.push(run["name"].as_str().unwrap()),
        }
    }
    println!("{count} recorded runs played");
    println!(
        "{} left out, since they restart nothing and bwsync never runs them: {}",
        left_out.len(),
        left_out.join(", ")
    );
    assert_eq!((count, count + left_out.len()), (68, 121));
}
