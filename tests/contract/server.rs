//! The simulated self-hosted server is asked what the genuine one was asked, in the same state, and has to give
//! the same status, media type, field names and kinds, error words and log entries.

#[path = "server/compare.rs"]
mod compare;
#[path = "server/documents.rs"]
mod documents;
#[path = "server/given.rs"]
mod given;
#[path = "server/road.rs"]
mod road;
#[path = "server/world.rs"]
mod world;

use std::{io::Write, path::Path};

use given::Given;
use serde_json::Value;
use world::World;

#[test]
fn connections() {
    run("self-connections", given::connections);
}

#[test]
fn license_sync() {
    run("self-license-sync", given::sync);
}

#[test]
fn license_upload() {
    run("self-license-upload", given::upload);
}

#[test]
fn subscription() {
    run("self-subscription", given::subscription);
}

#[test]
fn sponsorships() {
    run("self-sponsorship", given::sponsorship);
}

#[test]
fn misc() {
    run("self-misc", given::misc);
}

#[test]
fn identity() {
    run("identity-misc", given::identity);
}

/// A comparison that sees nothing would pass everything.
#[test]
fn the_comparison_sees_every_kind_of_difference() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/contract/self-license-sync.json");
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let exchanges = recorded["exchanges"].as_array().unwrap();
    let named = |name: &str| exchanges.iter().find(|exchange| exchange["name"] == name).unwrap();
    let count = |recorded: &Value, change: fn(&mut Value)| {
        let mut changed = recorded.clone();
        change(&mut changed);
        compare::differences(&changed, &World::new().ask(recorded)).len()
    };
    let (good, refused) = (named("good"), named("unknown-org"));
    assert_eq!((count(good, |_| ()), count(refused, |_| ())), (0, 0));
    type Change = fn(&mut Value);
    let changes: [(&Value, Change); 7] = [
        (good, |changed| changed["response"]["status"] = 201.into()),
        (good, |changed| changed["log"][7] = "… ended (00000000)".into()),
        (good, |changed| changed["stored_after"]["license_file"]["text"] = "{}".into()),
        (good, |changed| {
            changed["stored_after"]["connections"][0]["Config"]["LastLicenseSync"] = Value::Null
        }),
        (refused, |changed| changed["response"]["body"]["message"] = "Something else.".into()),
        (refused, |changed| changed["response"]["body"]["object"] = Value::Null),
        (refused, |changed| changed["response"]["headers"]["content-type"] = "text/html".into()),
    ];
    for (number, (exchange, change)) in changes.into_iter().enumerate() {
        assert_eq!(count(exchange, change), 1, "change {number}");
    }
    let missing = count(refused, |changed| {
        drop(changed["response"]["body"].as_object_mut().unwrap().remove("message"))
    });
    assert_eq!(missing, 1);
}

fn run(area: &str, given: fn(&str, &Value) -> Given) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/data/contract/{area}.json"));
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (mut asked, mut faults, mut left_out) = (0, Vec::new(), std::collections::BTreeMap::new());
    for exchange in recorded["exchanges"].as_array().unwrap() {
        let name = exchange["name"].as_str().unwrap();
        match given(name, exchange) {
            Given::LeftOut(why) => left_out.entry(why).or_insert_with(Vec::new).push(name),
            Given::Ask(arrange) => {
                let mut world = World::new();
                arrange(&mut world);
                asked += 1;
                let found = world.ask(exchange);
                faults.extend(
                    compare::differences(exchange, &found)
                        .into_iter()
                        .map(|fault| format!("{name}: {fault}")),
                );
            }
        }
    }
    // Written past the test runner, which would keep it for itself.
    let mut out = std::io::stdout().lock();
    let count: usize = left_out.values().map(Vec::len).sum();
    writeln!(out, "{area}.json: asked {asked}, left out {count}").unwrap();
    for (why, names) in left_out {
        writeln!(out, "  left out, {why}: {}", names.join(", ")).unwrap();
    }
    assert!(faults.is_empty(), "{} differ:\n{}", faults.len(), faults.join("\n"));
}
