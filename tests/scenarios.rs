//! Every scenario of the simulator through the binary: each command ends in its listed exit code and its own
//! cause (the lists stand in `assets/scenarios`), and nothing is written where nothing should be.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::Value;

/// What a scenario says that a command ends in.
#[derive(Debug, PartialEq, Eq)]
struct Expected {
    exit: i32,
    cause: Option<String>,
}

fn scenarios() -> BTreeMap<String, BTreeMap<String, Expected>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/scenarios");
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        let scenario: Value = serde_json::from_str(&text).unwrap();
        let expect = scenario["expect"].as_object().unwrap().iter().map(|(command, expected)| {
            let exit = i32::try_from(expected["exit"].as_i64().unwrap()).unwrap();
            let cause = expected["cause"].as_str().map(str::to_owned);
            (command.clone(), Expected { exit, cause })
        });
        all.insert(scenario["name"].as_str().unwrap().to_owned(), expect.collect());
    }
    all
}

/// One command on a fresh scenario, with `--json`.
fn run(scenario: &str, command: &str) -> (i32, Value) {
    let mut words: Vec<&str> = command.split(' ').collect();
    if matches!(words.as_slice(), ["apply" | "undo", ..]) {
        words.push("--yes");
    }
    words.push("--json");
    let output = Command::new(env!("CARGO_BIN_EXE_bwsync"))
        .args(["demo", scenario, "--"])
        .args(&words)
        .env_remove("BWSYNC_DIR")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let json = serde_json::from_str(&text).unwrap_or_else(|error| {
        panic!("{scenario} {command}: {error}\n{text}\n{}", String::from_utf8_lossy(&output.stderr))
    });
    (output.status.code().unwrap_or(-1), json)
}

#[test]
fn every_command_of_every_scenario_ends_as_listed() {
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (scenario, commands) in scenarios() {
        for (command, expected) in commands {
            let (exit, json) = run(&scenario, &command);
            let found = Expected { exit, cause: json["conclusion"]["cause"].as_str().map(str::to_owned) };
            asked += 1;
            if found != expected {
                wrong.push(format!(
                    "{scenario}: {command}: wanted {expected:?}, found {found:?}: {}",
                    json["error"]
                ));
            }
            let may_change = exit == 0 || exit == 5 || exit == 6;
            let changed = json["changed"].as_array().map_or(0, Vec::len);
            if changed > 0 && !may_change {
                wrong.push(format!("{scenario}: {command}: changed {} and ended in {exit}", json["changed"]));
            }
            if json["ok"].as_bool() != Some(matches!(exit, 0 | 10)) {
                wrong.push(format!("{scenario}: {command}: ok is {} with exit {exit}", json["ok"]));
            }
        }
    }
    println!("{asked} commands asked");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
