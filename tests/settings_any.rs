//! What must hold for any env file: only our lines change, twice is once, undo gives the file back byte for byte,
//! for each of the readers; dotenvy reads our lines as Compose does; nothing that is shown holds a secret; a later
//! rebuild is told line by line. That our reading is Compose's own is held by `tests/compose.rs`.
//!
//! 500 cases by default; ten thousand: `PROPTEST_CASES=10000 cargo test --test settings_any`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use bwsync::tested::domain::{
    check::Cause,
    env_file::{EnvFile, LineEdit, Quote, Reader},
    region::Region,
    settings::{self, INSTALLATION_KEY, Layers, Setting},
};
use proptest::prelude::*;

const SECRET: &str = "S3cr3tS3cr3tS3cr3tX";

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("\"true\"".to_owned()),
        Just("'False' # note".to_owned()),
        Just(String::new()),
        Just("EU".to_owned()),
        Just("US".to_owned()),
        Just("eu # x".to_owned()),
        Just("Gov".to_owned()),
        Just("https://identity.bitwarden.eu".to_owned()),
        Just("https://identity.bitwarden.com/".to_owned()),
        Just("\"https://api.bitwarden.eu\"".to_owned()),
        Just("https://api.bitwarden-gov.com".to_owned()),
        Just("https://push.bitwarden.com".to_owned()),
        Just("REPLACE".to_owned()),
        Just("'a\nb'".to_owned()),
        Just("\"x\"y".to_owned()),
        Just("$HOME${B:-d}$$".to_owned()),
        Just(SECRET.to_owned()),
        Just(format!("\"{SECRET}\n{SECRET}\"")),
        "[ -~é]{0,12}",
    ]
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(Setting::ALL.map(|s| s.key().to_owned()).to_vec()),
        1 => Just("GLOBALSETTINGS__ENABLECLOUDCOMMUNICATION".to_owned()),
        1 => Just(INSTALLATION_KEY.to_owned()),
        4 => "[A-D]",
        1 => "[a-zé_.-]{1,4}",
    ]
}

fn text_line() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (key(), value()).prop_map(|(key, value)| format!("{key}={value}")),
        1 => (key(), value()).prop_map(|(key, value)| format!(" export {key} = {value} ")),
        1 => (key(), value()).prop_map(|(key, value)| format!("#{key}={value}")),
        1 => key(),
        1 => Just(format!("# {SECRET}")),
        1 => Just(String::new()),
        1 => Just("  \t".to_owned()),
    ]
}

fn file() -> impl Strategy<Value = String> {
    let lines = proptest::collection::vec((text_line(), any::<bool>()), 0..12);
    (lines, any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>()).prop_map(
        |(lines, bom, mixed, crlf, last_newline)| {
            let mut text = if bom { "\u{feff}".to_owned() } else { String::new() };
            let count = lines.len();
            for (index, (line, other)) in lines.into_iter().enumerate() {
                text.push_str(&line);
                if index + 1 < count || last_newline {
                    text.push_str(if crlf != (mixed && other) { "\r\n" } else { "\n" });
                }
            }
            text
        },
    )
}

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(500);
    ProptestConfig { cases, failure_persistence: None, max_global_rejects: cases * 20, ..Default::default() }
}

/// All entries that are none of the five, as they read.
fn others(file: &EnvFile) -> Vec<(String, Option<String>)> {
    file.entries()
        .iter()
        .filter(|entry| Setting::of_key(&entry.key).is_none())
        .map(|entry| (entry.key.clone(), entry.value.as_ref().map(|v| v.expose().to_owned())))
        .collect()
}

/// The bytes outside the lines of the five, line ends at the very end aside.
fn outside(file: &EnvFile) -> Vec<u8> {
    let ours: Vec<_> = file.entries().iter().filter(|e| Setting::of_key(&e.key).is_some()).collect();
    let mut kept = Vec::new();
    for (index, line) in file.bytes().split_inclusive(|b| *b == b'\n').enumerate() {
        if !ours.iter().any(|entry| (entry.line..=entry.last_line).contains(&(index + 1))) {
            kept.extend_from_slice(line);
        }
    }
    while kept.last().is_some_and(|b| b"\r\n".contains(b)) {
        kept.pop();
    }
    if kept == b"\xef\xbb\xbf" { Vec::new() } else { kept }
}

fn readable(bytes: &[u8]) -> Option<std::collections::HashMap<String, String>> {
    dotenvy::from_read_iter(bytes).collect::<Result<_, _>>().ok()
}

/// The same as Compose reads it.
fn compose(file: &EnvFile) -> std::collections::HashMap<String, String> {
    file.readings().into_iter().map(|(key, value)| (key.to_owned(), value.expose().to_owned())).collect()
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_plan_changes_our_lines_only_and_undo_takes_it_back(text in file(), eu: bool, push_off: bool, with_global: bool) {
        let bytes = text.as_bytes();
        let Ok(before) = EnvFile::parse(bytes) else { return Err(TestCaseError::reject("refused")) };
        let global = EnvFile::parse(include_bytes!("data/env/docker/global.env")).unwrap();
        let region = if eu { Region::Eu } else { Region::Us };
        let layers = Layers::new(with_global.then_some(&global), &before, push_off);
        for finding in settings::findings(&layers, Some(region)) {
            prop_assert!(!finding.to_string().contains("S3cr3t"), "{finding}");
        }
        for note in settings::notes(&layers) {
            prop_assert!(note.evidence.iter().all(|(_, fact)| !fact.contains("S3cr3t")), "{note:?}");
        }
        let Ok(edit) = settings::plan(&layers, region, "x.env") else { return Ok(()) };

        let now = EnvFile::parse(&edit.bytes).unwrap();
        prop_assert_eq!(others(&before), others(&now));
        prop_assert_eq!(outside(&before), outside(&now));
        prop_assert_eq!(before.bytes().ends_with(b"\n") || before.entries().is_empty(),
            now.bytes().ends_with(b"\n") || before.entries().is_empty());

        let hostile = EnvFile::parse_with(&edit.bytes, &|_| Some("hostile".to_owned()));
        for change in &edit.changes {
            let reads = |file: &EnvFile| file.entries().iter().rev()
                .find(|e| Setting::of_key(&e.key) == Setting::of_key(&change.key))
                .and_then(|e| e.value.as_ref().map(|v| v.expose().to_owned()));
            prop_assert_eq!(reads(&now), change.to.clone());
            prop_assert_eq!(reads(hostile.as_ref().unwrap()), change.to.clone());
            let entry = now.entries().iter().rev()
                .find(|e| Setting::of_key(&e.key) == Setting::of_key(&change.key)).unwrap();
            if now.ends_line(entry) && entry.quote == Quote::None {
                for reader in Reader::ALL {
                    let there = now.reading(entry, reader).map(str::trim);
                    prop_assert_eq!(there, change.to.as_deref(), "{:?}", reader);
                }
            }
        }

        let after = Layers { over: &now, ..layers };
        let again = settings::plan(&after, region, "x.env").unwrap();
        prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
        prop_assert_eq!(&again.bytes, &edit.bytes);
        let wrong = [Cause::ConfigCloudCommunicationOff, Cause::ConfigHalfRegion, Cause::ConfigBadUrl,
            Cause::InstallationWrongRegion];
        if edit.left.is_empty() && !(push_off && eu) {
            let left: Vec<_> = settings::findings(&after, Some(region)).into_iter()
                .filter(|f| wrong.contains(&f.cause)).collect();
            prop_assert!(left.is_empty(), "{:?}", left);
        }

        let undo = settings::undo(&now, &before, &edit.changes).unwrap();
        prop_assert!(undo.left.is_empty());
        prop_assert_eq!(&undo.bytes, bytes);

        // What somebody else wrote in between stays where it is.
        if bytes.ends_with(b"\n") && edit.bytes.ends_with(b"\n") {
            let theirs = b"# theirs\nTHEIRS=1\n";
            let edited = EnvFile::parse(&[&edit.bytes[..], theirs].concat()).unwrap();
            let undo = settings::undo(&edited, &before, &edit.changes).unwrap();
            prop_assert!(undo.left.is_empty());
            prop_assert_eq!(undo.bytes, [bytes, theirs].concat());
        }

        for line in &edit.diff.lines {
            prop_assert!(!line.text.contains("S3cr3t"), "{}", line.text);
        }
        // Where dotenvy reads the old file as Compose does, it reads the new one so too.
        if readable(bytes).is_some_and(|old| old == compose(&before)) {
            prop_assert_eq!(readable(&edit.bytes), Some(compose(&now)), "dotenvy");
        }
    }

    #[test]
    fn the_other_readers_get_our_values_too_and_the_file_comes_back(text in file(), eu: bool, push_off: bool, v1: bool) {
        let Ok(before) = EnvFile::parse(text.as_bytes()) else { return Err(TestCaseError::reject("refused")) };
        let reader = if v1 { Reader::ComposeV1 } else { Reader::DockerRun };
        let region = if eu { Region::Eu } else { Region::Us };
        let layers = Layers::new(None, &before, push_off).read_by(reader);
        for finding in settings::findings(&layers, Some(region)) {
            prop_assert!(!finding.to_string().contains("S3cr3t"), "{finding}");
        }
        let Ok(edit) = settings::plan(&layers, region, "x.env") else { return Ok(()) };
        let now = EnvFile::parse(&edit.bytes).unwrap();
        prop_assert_eq!(others(&before), others(&now));
        prop_assert_eq!(outside(&before), outside(&now));
        for change in &edit.changes {
            let setting = Setting::of_key(&change.key);
            let entry = now.entries().iter().rev().find(|e| Setting::of_key(&e.key) == setting).unwrap();
            for reader in [Reader::ComposeV2, reader] {
                prop_assert_eq!(now.reading(entry, reader), change.to.as_deref(), "{:?}", reader);
            }
        }
        let again = settings::plan(&Layers { over: &now, ..layers }, region, "x.env").unwrap();
        prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
        let undo = settings::undo(&now, &before, &edit.changes).unwrap();
        prop_assert!(undo.left.is_empty());
        prop_assert_eq!(&undo.bytes[..], before.bytes());
    }

    #[test]
    fn a_rebuild_accounts_for_every_line(text in file(), push_off: bool) {
        let Ok(before) = EnvFile::parse(text.as_bytes()) else { return Err(TestCaseError::reject("refused")) };
        let after = settings::rebuilt(&before, push_off, None);
        let lines = text.trim_start_matches('\u{feff}').lines().count();
        let new = String::from_utf8(after.bytes.to_vec()).unwrap();
        prop_assert_eq!(new.lines().count() + after.dropped.len(), lines + after.comes_back.len());
        prop_assert!(after.moved.iter().all(|line| !after.dropped.contains(line)));
        prop_assert!(new.ends_with('\n') && !new.contains('\r') && new.lines().all(|line| line.contains('=')));
        for line in text.trim_start_matches('\u{feff}').lines() {
            let key = line.split_once('=').map(|(key, _)| key);
            let there = |key: &str| new.lines().any(|line| line.split_once('=').map(|(key, _)| key) == Some(key));
            prop_assert!(key.is_none_or(|key| there(key) || key == Setting::PushRelayBaseUri.key()), "{line}");
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused_and_kept(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(file) = EnvFile::parse(&bytes) {
            prop_assert_eq!(file.bytes(), &bytes[..]);
        }
    }

    #[test]
    fn any_text_of_the_dialect_is_read_or_refused(text in "[AB=:'\"\\\\$#{}?+-0-9n \t\r\né\u{85}\u{a0}\u{2003}]{0,60}") {
        if let Ok(file) = EnvFile::parse(text.as_bytes()) {
            for entry in file.entries() {
                prop_assert!(text.is_char_boundary(entry.key_span.start));
                prop_assert!(text.is_char_boundary(entry.value_span.end));
            }
        }
    }

    #[test]
    fn any_value_reads_back(text in file(), value in "\\PC{0,24}|[ -~\n\r\t]{0,24}|(\\\\|'|\"|\\$|0|\\{|#| ){0,8}", place: prop::sample::Index) {
        let bytes = text.as_bytes();
        let Ok(before) = EnvFile::parse(bytes) else { return Err(TestCaseError::reject("refused")) };
        let edit = if before.entries().is_empty() {
            LineEdit::Append("NEW", &value)
        } else {
            LineEdit::Value(place.index(before.entries().len()), &value)
        };
        if let Ok(new) = before.edited(&[edit]) {
            let index = if before.entries().is_empty() { 0 } else { place.index(before.entries().len()) };
            prop_assert_eq!(new.entries()[index].value.as_ref().unwrap().expose(), value.as_str());
        }
        let fresh = EnvFile::parse(b"A=1\n").unwrap().edited(&[LineEdit::Append("NEW", &value)]);
        prop_assert!(fresh.is_ok(), "{:?}", fresh);
    }
}
