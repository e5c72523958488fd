//! The real binary on a real terminal: walked by keys, resized, ended by every kind of signal. Whatever happens,
//! the terminal is as before, and nobody saw a secret.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

#[path = "support/held.rs"]
mod held;
#[path = "support/pty.rs"]
mod pty;

use std::fs;

use bwsync::tested::{
    domain::region::Region,
    simulator::{self, Running},
};
use held::Held;
use pty::{Screen, colours, holds};
use rustix::process::Signal;

const ENTER: &str = "\r";
const ESC: &str = "\u{1b}";
const DOWN: &str = "\u{1b}[B";
const RIGHT: &str = "\u{1b}[C";
const INTERRUPT: &str = "\u{3}";

/// The wizard on a simulated world that outlives it.
fn wizard(running: &Running, arguments: &[&str], variables: &[(&str, String)]) -> Screen {
    let mut all = running.environment();
    // The wizard takes secrets from a person.
    all.retain(|(name, _)| !matches!(*name, "BWSYNC_TOKEN_FILE" | "BWSYNC_API_KEY_FILE"));
    all.extend(variables.iter().cloned());
    Screen::start(arguments, &all)
}

/// Asked, looked, ready for the first step.
fn ready(screen: &mut Screen) -> &mut Screen {
    screen.shows("License in the cloud").shows("Hosts asked")
}

/// A line of the screen that begins with this, whole: paths stand alone, from column 0, and may go on.
fn path_on(screen: &Screen, beginning: &str) -> String {
    let contents = screen.contents();
    contents.lines().find(|line| line.starts_with(beginning)).unwrap().trim_end().to_owned()
}

fn env_file(running: &Running) -> String {
    fs::read_to_string(running.dir.join("bwdata/env/global.override.env")).unwrap()
}

fn no_refusal(running: &Running) {
    for region in Region::ALL {
        let heard = running.clouds.heard(region);
        let refused: Vec<_> = heard.iter().filter(|heard| heard.status == 429).collect();
        assert!(refused.is_empty(), "the cloud said 429: {refused:?}");
    }
}

#[test]
fn the_demo_is_walked_with_the_keyboard_alone() {
    let mut screen = Screen::start(&["demo"], &[]);
    let secrets = simulated_secrets();
    secrets.iter().for_each(|secret| screen.hides(secret));
    ready(&mut screen).shows("DEMO").types(ENTER).shows("One setting changes");
    screen.types("a").shows("Restart the server?").types("y");
    screen.shows("the server was restarted and answers.").shows("Server restarted, up.");
    screen.types(ENTER).shows("The address of that page:");
    screen.types(ENTER).shows("Enter on the empty field takes it");
    let token = path_on(&screen, "/");
    screen.types(&token).types(ENTER).shows("The cloud accepts it for Acme Example");
    screen.types("2").shows("Enter on the empty fields takes it");
    let key = path_on(&screen, "/");
    assert_ne!(token, key);
    screen.types(&key).types(ENTER);
    screen.until("the key to be read or the sign-in to begin", |screen| {
        screen.contents().contains("user.") || screen.contents().contains("Two equal ways")
    });
    if !screen.contents().contains("Two equal ways") {
        screen.types(ENTER);
    }
    screen.shows("Two equal ways").types("t").shows("The license is synced.");
    screen.shows("Changed: 1 setting, connection, license.");
    screen.types(ENTER).shows("Billing sync").types("q");
    let ended = screen.ends();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    assert!(ended.text.contains("is set up and synced"), "{}", ended.text);
    assert!(ended.text.contains("changed"), "{}", ended.text);
    assert!(!std::path::Path::new(&token).exists(), "the demo leaves its folder behind");
}

#[test]
fn the_demo_is_walked_with_enter_and_one_yes_as_the_readme_says() {
    let mut screen = Screen::start(&["demo"], &[]);
    ready(&mut screen).types(ENTER).shows("One setting changes");
    screen.types(ENTER).shows("Restart the server?").types("y").shows("Server restarted, up.");
    screen.types(ENTER).shows("The address of that page:").types(ENTER).shows("Who saves it");
    screen.types(ENTER).shows("The cloud accepts it").types(ENTER).shows("client_secret");
    screen
        .types(ENTER)
        .shows("The token is saved on this server.")
        .types(ENTER)
        .shows("The license is synced.");
    screen.types(ENTER).shows("Billing sync is set up and works.").types("q");
    assert_eq!(screen.ends().code, Some(0));
}

/// The secrets of the simulated world, which are the same in every scenario.
fn simulated_secrets() -> [&'static str; 4] {
    use bwsync::tested::simulator::scenario::facts;
    [facts::BILLING_SYNC_TOKEN, facts::USER_API_KEY, facts::INSTALLATION_KEY, facts::LICENSE_KEY]
}

#[test]
fn pasted_secrets_are_never_seen_and_the_cloud_never_asks_to_wait() {
    let running = simulator::start("happy-us").unwrap();
    let mut screen = wizard(&running, &[], &[]);
    let [token, key, ..] = simulated_secrets();
    simulated_secrets().iter().for_each(|secret| screen.hides(secret));
    ready(&mut screen).pastes(token).shows("That paste was dropped: a token goes in step 3.");
    let key_file = fs::read_to_string(&running.api_key_file).unwrap();
    let id = key_file.lines().next().unwrap().trim_start_matches("BW_CLIENTID=");
    screen.types(ENTER).shows("One setting changes").types("a").shows("Restart the server?");
    screen.pastes(token).types("y").shows("the server was restarted and answers.");
    screen.types(ENTER).shows("The address of that page:").types(ENTER).shows("Who saves it");
    screen.pastes(token).shows("jS0").types(ENTER).shows("The cloud accepts it for Acme Example");
    screen.types("2").shows("client_secret").pastes(id).shows("user.").types("\t").pastes(key).shows("rT0");
    screen.types(ENTER).shows("Two equal ways").types("t").shows("The license is synced.").types("q");
    let ended = screen.ends();
    assert_eq!(ended.code, Some(0), "{}", ended.text);
    // A line that the terminal wrapped where its picture ends reads as two.
    let text = ended.text.replace('\n', "");
    assert!(text.contains("is set up and synced") && text.contains("token ends in jS0"), "{}", ended.text);
    no_refusal(&running);
}

#[test]
fn it_works_at_any_size_and_comes_back() {
    let mut screen = Screen::start(&["demo"], &[]);
    ready(&mut screen);
    screen.resize(20, 5).until("a small screen", |screen| screen.contents().lines().count() <= 5);
    screen.shows("Enter step 1").types("1").shows("1 Configure").types("?").shows("Keys");
    screen.types(ESC).shows("1 Configure").types(ESC).shows("Enter step 1").types(DOWN).shows("Enter step 2");
    screen.resize(1, 1).resize(200, 60).shows("You will need").shows("Hosts asked");
    screen.resize(20, 5).resize(80, 24).shows("You will need").shows("Hosts asked");
    screen.types("1").shows("One setting changes").resize(40, 10).types("a");
    screen.until("the question", |screen| screen.contents().contains("Yes"));
    screen.resize(80, 24).shows("Restart the server?").resize(20, 5).types("y");
    screen.resize(80, 24).shows("the server was restarted and answers.").types("q");
    assert_eq!(screen.ends().code, Some(0));
}

#[test]
fn control_c_leaves_from_anywhere() {
    let running = simulator::start("happy-us").unwrap();
    let before = env_file(&running);
    for way in [&[][..], &["1"], &["3", "abc"], &["?"], &["1", "g"]] {
        let mut screen = wizard(&running, &["setup", "--offline"], &[]);
        screen.shows("bwsync").shows("Nothing changed yet.").shows("Hosts asked");
        for keys in way {
            let seen = screen.contents();
            screen.types(keys).until("another screen", |screen| screen.contents() != seen);
        }
        screen.types(INTERRUPT);
        let ended = screen.ends();
        assert_eq!(ended.code, Some(130), "{way:?}: {}", ended.text);
        assert!(ended.text.contains("nothing was changed"), "{way:?}: {}", ended.text);
    }
    assert_eq!(env_file(&running), before);
}

#[test]
fn a_signal_gives_the_terminal_back() {
    let running = simulator::start("happy-us").unwrap();
    let before = env_file(&running);
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut screen = wizard(&running, &["--offline"], &[]);
        screen.shows("Hosts asked").signal(signal);
        let ended = screen.ends();
        assert_eq!(ended.code, Some(code), "{}", ended.text);
        assert!(ended.text.contains("nothing was changed"), "{}", ended.text);
    }
    assert_eq!(env_file(&running), before);
}

#[test]
fn a_terminal_that_is_gone_ends_it() {
    let running = simulator::start("happy-us").unwrap();
    let mut screen = wizard(&running, &["--offline"], &[]);
    screen.shows("Hosts asked");
    assert_eq!(screen.hang_up("?"), Some(129));
}

#[test]
fn a_signal_in_the_middle_of_a_restart_lets_the_restart_go_on() {
    for (signal, code) in [(Some(Signal::TERM), 143), (Some(Signal::HUP), 129), (None, 129)] {
        let running = simulator::start("happy-us").unwrap();
        let held = Held::before(&running.dir);
        let mut screen = wizard(&running, &[], &[]);
        ready(&mut screen).types("1").shows("One setting changes").types("a").shows("Restart the server?");
        screen.types("y");
        held.begun();
        screen.shows("Held in the middle");
        match signal {
            Some(signal) => {
                let ended = {
                    screen.signal(signal);
                    screen.ends()
                };
                assert_eq!(ended.code, Some(code), "{}", ended.text);
                for said in ["1 setting", "the restart goes on", "bwsync undo"] {
                    assert!(ended.text.contains(said), "{said}: {}", ended.text);
                }
            }
            None => assert_eq!(screen.hang_up("?"), Some(code)),
        }
        held.goes_on();
        assert_eq!(held.ended(), 0, "the restart was cut off");
        assert!(env_file(&running).contains("globalSettings__enableCloudCommunication=true"));
        assert!(running.server.running().unwrap().cloud_communication);
    }
}

#[test]
fn the_wizard_and_a_command_at_once_restart_it_once() {
    let command = |running: &Running| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_bwsync"));
        command.args(["apply", "--yes", "--json"]).envs(running.environment());
        command.stdin(std::process::Stdio::null()).stdout(std::process::Stdio::piped());
        command.stderr(std::process::Stdio::null());
        command
    };
    let restarts = |running: &Running| {
        let listed = fs::read_dir(running.state_dir.join("restart")).unwrap();
        listed
            .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|end| end == "log"))
            .count()
    };
    for screen_first in [true, false] {
        let running = simulator::start("happy-us").unwrap();
        let held = Held::before(&running.dir);
        let mut screen = wizard(&running, &[], &[]);
        ready(&mut screen).types("1").shows("One setting changes").types("a").shows("Restart the server?");
        if screen_first {
            screen.types("y");
            held.begun();
            let second = command(&running).output().unwrap();
            assert_eq!(second.status.code(), Some(9), "{second:?}");
            held.goes_on();
            assert_eq!(held.ended(), 0);
            screen.shows("the server was restarted and answers.");
        } else {
            let first = command(&running).spawn().unwrap();
            held.begun();
            // The file is not as it was shown any more, and the server not as it was found.
            screen.types("y").shows("A restart is at work since").shows("Nothing was written.");
            held.goes_on();
            assert_eq!(held.ended(), 0);
            assert_eq!(first.wait_with_output().unwrap().status.code(), Some(0));
        }
        assert_eq!(restarts(&running), 1);
        assert!(running.server.running().unwrap().cloud_communication);
        screen.types(INTERRUPT);
        screen.ends();
    }
}

#[test]
fn without_colour_the_selection_is_seen() {
    let running = simulator::start("happy-us").unwrap();
    let coloured = {
        let mut screen = wizard(&running, &["--offline"], &[]);
        screen.shows("Hosts asked").types("q");
        screen.ends().bytes
    };
    assert!(!colours(&coloured).is_empty());
    for (name, value) in [("NO_COLOR", "1"), ("BWSYNC_COLOR", "never")] {
        let mut screen = wizard(&running, &[], &[(name, value.to_owned())]);
        ready(&mut screen).types(DOWN).shows("› ? 2").types("1").shows("One setting changes").types("a");
        screen.shows("Restart the server?");
        assert!(reversed(&screen, "No, go back"), "the selected answer is not reversed");
        screen.types(RIGHT).until("the other answer", |screen| reversed(screen, "Yes, write and restart"));
        assert!(!reversed(&screen, "No, go back"));
        screen.types(INTERRUPT);
        let ended = screen.ends();
        assert_eq!(colours(&ended.bytes), [] as [u16; 0], "{name}");
    }
}

/// Whether this text stands on the screen reversed.
fn reversed(screen: &Screen, text: &str) -> bool {
    let shown: Vec<String> = screen.picture().rows(0, 80).collect();
    let Some(row) = shown.iter().position(|line| line.contains(text)) else { return false };
    let column = shown[row].split(text).next().unwrap().chars().count();
    let at = |number: usize| u16::try_from(number).unwrap();
    screen.picture().cell(at(row), at(column)).is_some_and(vt100::Cell::inverse)
}

#[test]
fn ascii_is_ascii_and_a_locale_asks_for_it() {
    let running = simulator::start("happy-us").unwrap();
    for (arguments, variables) in [
        (&["--offline", "--ascii"][..], &[][..]),
        (&["--offline"], &[("LANG", "C".to_owned())]),
        (&["--offline", "--lang", "nl", "--ascii"], &[]),
    ] {
        let mut screen = wizard(&running, arguments, variables);
        screen.shows("1001").types("1").shows("+22").types("?").shows("[+]").types(ESC).shows("+22");
        screen.types(ESC).shows(">[*] 1").types("3").shows("Token").types(INTERRUPT);
        let ended = screen.ends();
        let other = ended.bytes.iter().filter(|byte| !byte.is_ascii()).count();
        assert_eq!(other, 0, "{arguments:?} {variables:?}: {}", ended.text);
    }
}

#[test]
fn it_speaks_dutch_and_changes_language_on_the_way() {
    let mut screen = Screen::start(&["demo", "--lang", "nl"], &[]);
    screen.shows("Licentie in de cloud").shows("Dit is nodig").types("l").shows("You will need");
    screen.types("l").shows("Dit is nodig").types("q");
    let ended = screen.ends();
    assert_eq!(ended.code, Some(0));
    assert!(ended.text.contains("niets gewijzigd"), "{}", ended.text);
}

#[test]
fn a_dumb_terminal_is_left_alone() {
    for arguments in [&["demo"][..], &[]] {
        let ended = Screen::start(arguments, &[("TERM", "dumb".to_owned())]).ends();
        assert_eq!(ended.code, Some(2), "{}", ended.text);
        assert!(ended.text.contains("bwsync check"), "{}", ended.text);
        assert!(!holds(&ended.bytes, b"\x1b"), "{}", ended.text);
    }
}

#[test]
fn what_is_printed_plainly_can_be_copied_and_a_key_comes_back() {
    let mut screen = Screen::start(&["demo"], &[]);
    ready(&mut screen).types("2").shows("The address of that page:").types("v");
    screen.until("the plain page", |screen| !screen.picture().alternate_screen());
    screen.shows("https://vault.bitwarden.com/#/organizations/");
    screen.types(" ").until("the screen again", |screen| screen.picture().alternate_screen());
    screen.shows("The address of that page:").types("q");
    assert_eq!(screen.ends().code, Some(0));
}
