//! The reader against Docker Compose's own answers: 1,562 files, values and refusals (`tests/data/compose`).
//! `COMPOSE_VECTORS` names another file of the same form, to ask more.

use std::collections::BTreeMap;

use bwsync::tested::domain::env_file::{EnvFile, RefusalReason};
use serde_json::Value;

/// The reason and the line in Compose's own words.
fn compose_says(error: &str) -> (Option<RefusalReason>, Option<usize>) {
    let line = error
        .strip_prefix("line ")
        .and_then(|rest| rest.split(':').next())
        .and_then(|number| number.parse().ok());
    let words = [
        ("key cannot contain a space", RefusalReason::SpaceInKey),
        ("unexpected character", RefusalReason::UnexpectedCharacter),
        ("unterminated quoted value", RefusalReason::UnterminatedQuote),
        ("Invalid template", RefusalReason::BadReference),
        ("is missing a value", RefusalReason::MissingVariable),
        ("zero length string", RefusalReason::NothingToExport),
    ];
    (words.iter().find(|(words, _)| error.contains(words)).map(|(_, reason)| *reason), line)
}

#[test]
fn every_file_reads_as_compose_reads_it() {
    let more = std::env::var("COMPOSE_VECTORS").ok().map(|path| std::fs::read_to_string(path).unwrap());
    let text = more.as_deref().unwrap_or(include_str!("data/compose/compose-vectors.json"));
    let vectors: Value = serde_json::from_str(text).unwrap();
    let lookup = |name: &str| vectors["lookup"][name].as_str().map(str::to_owned);
    let cases = vectors["cases"].as_array().unwrap();
    let (mut values, mut refusals) = (0, 0);
    let mut wrong = Vec::new();
    for case in cases {
        let input = case["input"].as_str().unwrap();
        let compose = case["compose"].as_object().unwrap();
        let ours = EnvFile::parse_with(input.as_bytes(), &lookup);
        // A file may well hold a setting named `error`: a refusal is told by Compose's words.
        let refusal = compose.get("error").and_then(Value::as_str).map(compose_says);
        let good = match (&ours, refusal) {
            (Err(refusal), Some((reason, line))) => {
                refusals += 1;
                Some(refusal.reason) == reason && (line.is_none() || refusal.compose_line == line)
            }
            (Ok(file), None) => {
                values += 1;
                let read: BTreeMap<&str, &str> = file
                    .entries()
                    .iter()
                    .filter_map(|entry| Some((entry.key.as_str(), file.get(&entry.key)?.expose())))
                    .collect();
                let wanted: BTreeMap<&str, &str> =
                    compose.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect();
                read == wanted && file.bytes() == input.as_bytes()
            }
            _ => false,
        };
        if !good {
            wrong.push(format!("{input:?}\n  Compose: {compose:?}\n  ours: {ours:?}"));
        }
    }
    println!("asked {} files: {values} read, {refusals} refused as Compose does", cases.len());
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(more.is_some() || cases.len() == 1_562, "some are missing");
}

#[test]
fn the_places_of_all_entries_are_those_of_their_text() {
    let vectors: Value = serde_json::from_str(include_str!("data/compose/compose-vectors.json")).unwrap();
    for case in vectors["cases"].as_array().unwrap() {
        let input = case["input"].as_str().unwrap();
        let Ok(file) = EnvFile::parse(input.as_bytes()) else { continue };
        let mut pos = 0;
        for entry in file.entries() {
            assert!(entry.key_span.start >= pos, "{input:?}");
            assert_eq!(&input[entry.key_span.clone()], entry.key, "{input:?}");
            assert!(entry.value_span.start >= entry.key_span.end, "{input:?}");
            let line = input[..entry.key_span.start].matches('\n').count() + 1;
            assert_eq!(entry.line, line, "{input:?}");
            pos = entry.value_span.end;
        }
    }
}
