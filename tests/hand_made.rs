//! The sample of a standard installation, laid out by hand with a license and a script, and the binary on it
//! against clouds and a server with genuine names and a private authority: the whole road, and what bad input gets.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on may stop, or says why it is skipped"
)]

#[path = "support/held.rs"]
mod held;
#[path = "support/needs.rs"]
mod needs;
#[path = "support/pty.rs"]
mod pty;
#[path = "support/sample.rs"]
mod sample;

use std::{
    fs,
    os::unix::{fs::MetadataExt, fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Command, Stdio},
};

use bwsync::tested::{domain::region::Region, simulator::scenario::facts};
use held::Held;
use pty::Screen;
use sample::{House, Ran, files};
use serde_json::{Value, json};

/// Owner, group and mode.
fn rights(path: &Path) -> (u32, u32, u32) {
    let found = fs::metadata(path).unwrap();
    (found.uid(), found.gid(), found.mode() & 0o7777)
}

fn never_refused(house: &House) {
    for region in Region::ALL {
        let heard = house.running.clouds.heard(region);
        let refused: Vec<_> = heard.iter().filter(|heard| heard.status == 429).collect();
        assert!(refused.is_empty(), "the cloud said 429: {refused:?}");
    }
}

/// No file of the state but the backups holds a secret, and all belong to the owner alone.
fn state_is_clean(house: &House) {
    for file in files(&house.state()) {
        assert_eq!(rights(&file), (house.owner.0, house.owner.1, 0o600), "{}", file.display());
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        if file.parent().unwrap().ends_with("backups") {
            continue;
        }
        for secret in house.secrets() {
            assert!(!text.contains(&secret), "{} holds a secret", file.display());
        }
    }
}

/// Nothing was written: the env file is as it was, nothing stands beside it, and there is no state.
fn untouched(house: &House, before: &[u8]) {
    assert_eq!(house.env_bytes(), before, "the env file was written");
    assert_eq!(fs::read_dir(house.dir.join("bwdata/env")).unwrap().count(), 3, "something stands beside it");
    let left = files(&house.state());
    assert!(!left.iter().any(|file| file.parent().unwrap().ends_with("backups")), "{left:?}");
}

fn causes(object: &Value) -> Vec<&str> {
    object["conclusions"].as_array().unwrap().iter().filter_map(|c| c["cause"].as_str()).collect()
}

/// The evidence of the row with this cause.
fn evidence(object: &Value, cause: &str) -> Value {
    let rows = object["checks"].as_array().unwrap();
    rows.iter().find(|row| row["cause"] == cause).unwrap_or_else(|| panic!("{object:#}"))["evidence"].clone()
}

#[test]
fn the_whole_road_through_the_binary_and_back() {
    let house = House::new();
    let (before, mode) = (house.env_bytes(), rights(&house.env_path()));
    let token = house.running.token_file.display().to_string();
    let key = house.running.api_key_file.display().to_string();

    let check = house.runs(&["check", "--json"]).ends(0).json("check");
    assert_eq!(check["conclusion"]["cause"], "config.cloud_communication_off");
    house.runs(&["plan", "--check", "--json"]).ends(10).json("plan");
    let plan = house.runs(&["plan"]).ends(0);
    assert!(plan.out.contains("globalSettings__enableCloudCommunication=true"), "{plan:?}");
    untouched(&house, &before);
    assert!(!house.state().exists(), "a command that only reads left something behind");

    let apply = house.runs(&["apply", "--yes", "--json"]).ends(0).json("apply");
    assert_eq!(apply["changed"], json!(["settings", "restart"]));
    assert_eq!((&apply["restart"]["ran"], &apply["restart"]["up"]), (&json!(true), &json!(true)));
    assert_eq!(rights(&house.env_path()), mode, "owner and mode are kept");
    assert_eq!(rights(&house.state()), (house.owner.0, house.owner.1, 0o700));
    assert!(house.running.server.running().unwrap().cloud_communication);
    let mut wanted = before.clone();
    wanted.extend_from_slice(b"globalSettings__enableCloudCommunication=true\n");
    assert_eq!(house.env_bytes(), wanted);
    house.runs(&["apply", "--yes"]).ends(0);

    let undo = house.runs(&["undo", "--yes", "--restart", "--json"]).ends(0).json("undo");
    assert_eq!(undo["changed"], json!(["settings", "restart"]));
    assert_eq!(house.env_bytes(), before, "undo after apply is the file before");
    assert_eq!(rights(&house.env_path()), mode);
    assert!(!house.running.server.running().unwrap().cloud_communication);

    let verify = house.runs(&["token", "verify", "--token-file", &token, "--json"]).ends(0).json("token");
    assert_eq!(verify["accepted"], true);
    house.runs(&["apply", "--yes"]).ends(0);
    let set = ["token", "set", "--token-file", &token, "--api-key-file", &key, "--json"];
    assert_eq!(house.runs(&set).ends(0).json("token")["changed"], json!(["connection"]));
    let sync = house.runs(&["sync", "--api-key-file", &key, "--json"]).ends(0).json("sync");
    assert_eq!((&sync["before"]["state"], &sync["after"]["state"]), (&json!("never"), &json!("done")));
    house.runs(&["status", "--api-key-file", &key, "--json"]).ends(0).json("status");
    state_is_clean(&house);
    never_refused(&house);
}

#[test]
fn the_same_road_on_the_screen() {
    let house = House::new();
    let mut screen = Screen::start(&[], &house.variables());
    house.secrets().iter().for_each(|secret| screen.hides(secret));
    screen.shows("License in the cloud").shows("Hosts asked").types("\r").shows("One setting changes");
    screen.types("a").shows("Restart the server?").types("y").shows("Server restarted, up.");
    screen.types("\r").shows("The address of that page:").types("\r").shows("Who saves it");
    screen.pastes(facts::BILLING_SYNC_TOKEN).types("\r").shows("The cloud accepts it for Acme Example");
    screen.types("2").shows("client_secret").pastes(&format!("user.{}", facts::USER_ID)).types("\t");
    screen.pastes(facts::USER_API_KEY).types("\r").shows("Two equal ways").types("t");
    screen.shows("The license is synced.").types("q");
    let ended = screen.ends();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(ended.text.contains("is set up and synced"), "{}", ended.text);
    state_is_clean(&house);
    never_refused(&house);
}

#[test]
fn without_a_restart_only_the_file_changes_and_the_restart_stays_to_be_done() {
    let house = House::new();
    let apply = house.runs(&["apply", "--yes", "--no-restart", "--json"]).ends(0).json("apply");
    assert_eq!((&apply["changed"], &apply["restart"]["ran"]), (&json!(["settings"]), &json!(false)));
    assert!(!house.running.server.running().unwrap().cloud_communication);
    house.runs(&["plan", "--check", "--json"]).ends(10).json("plan");
    let again = house.runs(&["apply", "--yes", "--json"]).ends(0).json("apply");
    assert_eq!(again["changed"], json!(["restart"]), "a restart that is pending is made up for");
    assert!(house.running.server.running().unwrap().cloud_communication);
}

#[test]
fn a_file_that_compose_would_refuse_is_told_by_line_and_column() {
    let house = House::new();
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/env/unterminated-quote.env");
    house.set_env(fs::read(data).unwrap());
    let before = house.env_bytes();
    let check = house.runs(&["check", "--json"]).ends(3).json("check");
    assert_eq!(check["conclusion"]["cause"], "env.unparsable");
    let evidence = evidence(&check, "env.unparsable");
    let place = ["line", "column"].map(|name| evidence[name].as_str().unwrap().parse::<usize>().unwrap());
    assert!(place[0] > 1 && place[1] > 0, "{evidence}");
    for command in [&["plan"][..], &["apply", "--yes"], &["apply", "--yes", "--no-restart"]] {
        let ran = house.runs(command).ends(3);
        assert!(ran.out.contains("(env.unparsable)"), "{ran:?}");
        assert!(ran.out.contains(&place[0].to_string()), "{ran:?}");
    }
    untouched(&house, &before);
}

#[test]
fn what_cannot_be_set_safely_is_refused_with_its_line() {
    let off = "globalSettings__enableCloudCommunication=false";
    let shouted = "GLOBALSETTINGS__ENABLECLOUDCOMMUNICATION=false";
    let glued = "globalSettings__hibpApiKey=REPLACE globalSettings__enableCloudCommunication=true";
    for (lines, cause, line) in [
        (format!("{off}\n{shouted}\n"), "env.two_spellings", "23"),
        (format!("{glued}\n"), "env.several_settings_on_one_line", "22"),
    ] {
        let house = House::new();
        house.add_env(&lines);
        let before = house.env_bytes();
        let check = house.runs(&["check", "--json"]).ends(3).json("check");
        assert!(causes(&check).contains(&cause), "{check:#}");
        assert_eq!(evidence(&check, cause)["line"], line, "{check:#}");
        let apply = house.runs(&["apply", "--yes", "--json"]).ends(3).json("apply");
        assert_eq!((&apply["conclusion"]["cause"], &apply["changed"]), (&json!(cause), &json!([])));
        untouched(&house, &before);
    }
}

/// The command as nobody; none where this process is not root.
fn as_nobody(house: &House, arguments: &[&str]) -> Option<Ran> {
    if !needs::has("root", rustix::process::getuid().is_root() && house.owner.0 != 0) {
        return None;
    }
    let mut command = house.command(arguments);
    command.uid(65_534).gid(65_534);
    Some(house.ran(&mut command))
}

#[test]
fn who_may_not_read_or_write_gets_the_exact_command() {
    let house = House::new();
    let before = house.env_bytes();
    for command in [&["plan"][..], &["apply", "--yes", "--no-restart"]] {
        let Some(ran) = as_nobody(&house, command) else { return };
        let ran = ran.ends(3);
        assert!(ran.out.contains("(install.not_readable)"), "{ran:?}");
        assert!(ran.out.contains(&format!("sudo -u '#{}' ", house.owner.0)), "{ran:?}");
        assert!(ran.out.contains(command[0]), "{ran:?}");
    }
    fs::set_permissions(house.env_path(), fs::Permissions::from_mode(0o644)).unwrap();
    let ran = as_nobody(&house, &["apply", "--yes", "--no-restart"]).unwrap().ends(3);
    assert!(ran.out.contains("(install.not_writable)"), "{ran:?}");
    let sudo = format!("sudo -u '#{}' ", house.owner.0);
    let line = ran.out.lines().find(|line| line.contains(&sudo)).unwrap_or_else(|| panic!("{ran:?}"));
    assert!(line.contains("apply --yes --no-restart --dir"), "{line}");
    untouched(&house, &before);
}

#[test]
fn a_file_that_changed_since_the_plan_is_left_and_planned_anew() {
    let house = House::new();
    let mut screen = Screen::start(&["apply", "--no-restart"], &house.variables());
    screen.shows("[y/N]");
    house.add_env("globalSettings__baseServiceUri__cloudRegion=EU\n");
    let before = house.env_bytes();
    screen.types("y");
    let ended = screen.ends();
    assert_eq!(ended.code, Some(3), "{}", ended.text);
    assert!(ended.text.matches("enableCloudCommunication=true").count() > 1, "{}", ended.text);
    untouched(&house, &before);
}

#[test]
fn several_licenses_are_a_choice() {
    let house = House::new();
    let second = house.second_organization();
    let ran =
        house.runs(&["token", "verify", "--token-file", &house.running.token_file.display().to_string()]);
    let ran = ran.ends(2);
    assert!(ran.out.contains("--org") || ran.err.contains("--org"), "{ran:?}");
    for id in [second, facts::ORGANIZATION_ID] {
        assert!(ran.out.contains(id) || ran.err.contains(id), "{ran:?}");
    }
    let check = house.runs(&["check", "--org", facts::ORGANIZATION_ID, "--json"]).ends(0).json("check");
    assert_eq!(check["conclusion"]["cause"], "config.cloud_communication_off");
}

#[test]
fn no_installation_is_said_with_the_places_that_were_looked_at() {
    let house = House::new();
    let empty = tempfile::tempdir().unwrap();
    let here = |command: &mut Command| {
        house.flags(command);
        Ran::from(command.current_dir("/").env("HOME", empty.path()).output().unwrap())
    };
    let ran = here(Command::new(assert_cmd::cargo::cargo_bin!("bwsync")).arg("check"));
    if ran.code == 3 {
        for place in ["/opt/bitwarden", "/home/bitwarden", empty.path().to_str().unwrap()] {
            assert!(ran.out.contains(place), "{ran:?}");
        }
        assert!(ran.out.contains("--dir"), "{ran:?}");
    } else {
        println!("skipped: this machine has an installation");
    }
}

#[test]
fn killed_in_the_middle_of_a_restart_undo_still_works() {
    let house = House::new();
    let before = house.env_bytes();
    let held = Held::before(&house.dir);
    let mut apply = house.command(&["apply", "--yes"]);
    let mut child = apply.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    held.begun();
    let locked = house.runs(&["apply", "--yes"]).ends(9);
    assert!(format!("{locked:?}").contains(&child.id().to_string()), "{locked:?}");
    let locked = house.runs(&["undo", "--yes", "--json"]).ends(9).json("undo");
    assert!(locked["error"]["message"].as_str().unwrap().contains(&child.id().to_string()), "{locked}");
    // Who only reads is not kept out.
    house.runs(&["plan"]).ends(0);
    child.kill().unwrap();
    child.wait().unwrap();
    held.goes_on();
    assert_eq!(held.ended(), 0, "the restart was cut off");
    assert!(house.running.server.running().unwrap().cloud_communication);
    let undo = house.runs(&["undo", "--yes", "--json"]).ends(0).json("undo");
    assert_eq!(undo["changed"], json!(["settings"]));
    assert_eq!(house.env_bytes(), before);
    assert_eq!(fs::read_dir(house.dir.join("bwdata/env")).unwrap().count(), 3);
    state_is_clean(&house);
}
