//! Printing, tried on outcomes of every kind: JSON against its schema, pages against what they were, in all
//! languages.

use std::{fs, path::Path};

use serde_json::{Value, json};
use time::macros::datetime;

use super::{Call, Environment, examples, parse, print};
use crate::{
    domain::journal::Standing,
    text::{Language, Texts},
};

fn call(words: &[&str]) -> Call {
    let environment = Environment::demo([("TERM", "xterm"), ("BWSYNC_LANG", "en")]);
    parse(words.iter().map(Into::into).collect(), environment).unwrap()
}

fn page(words: &[&str], outcome: &crate::domain::request::Outcome, language: Language) -> String {
    let mut call = call(words);
    call.environment = Environment::Process;
    call.look = super::Look { texts: Texts::new(language), ..super::Look::plain() };
    print::at(&call, outcome, &Standing::default(), datetime!(2026-11-21 14:10 UTC))
}

fn schema(command: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/schema/{command}.v1.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The schema that also refuses members that it does not name: what we print must be written down, though
/// readers must take more.
fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            if map.contains_key("properties") && map.contains_key("type") {
                map.insert("additionalProperties".into(), json!(false));
            }
            for (_, value) in map.iter_mut() {
                *value = closed(value.take());
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| *value = closed(value.take())),
        _ => {}
    }
    schema
}

#[test]
fn what_is_printed_as_json_is_what_the_schemas_say() {
    for (name, words, outcome) in examples::all() {
        let mut words = words.to_vec();
        words.push("--json");
        let call = call(&words);
        let printed = print::outcome(&call, &outcome, &Standing::default());
        assert_eq!(printed.matches('\n').count(), 1, "{name}: one line");
        let object: Value = serde_json::from_str(&printed).unwrap();
        let schema = schema(call.name());
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
        if let Err(error) = jsonschema::validate(&closed(schema), &object) {
            panic!("{name}: {error} at {}\n{printed}", error.instance_path());
        }
        assert_eq!(object["ok"], outcome.exit.is_ok(), "{name}");
        assert_eq!(object["conclusion"].is_null(), outcome.roots.is_empty(), "{name}");
        assert_eq!(object["error"].is_null(), outcome.problem.is_none() || outcome.exit.is_ok(), "{name}");
    }
}

#[test]
fn every_member_of_a_schema_is_there_even_where_nothing_was_found_out() {
    for command in ["check", "plan", "apply", "undo", "resume", "disable", "token", "sync", "status"] {
        let schema = schema(command);
        let members = super::json::members(command);
        let required = schema["then"]["required"].as_array().unwrap();
        assert_eq!(&members.iter().map(|member| json!(member)).collect::<Vec<_>>(), required, "{command}");
    }
}

#[test]
fn pages_answer_first_and_fit() {
    let mut pages = String::new();
    for (name, words, outcome) in examples::all() {
        pages.push_str(&format!(
            "=== {name}: bwsync {}\n{}\n",
            words.join(" "),
            page(words, &outcome, Language::En)
        ));
    }
    insta::assert_snapshot!(pages);
}

#[test]
fn a_server_that_is_down_is_said_first_with_the_way_up() {
    let mut pages = String::new();
    for (name, words, outcome) in examples::all() {
        if !["check-good", "plan-changes", "apply-down", "undo-done", "status-some"].contains(&name) {
            continue;
        }
        for (who, by_us) in [("the owner", true), ("who may not ask Docker", false)] {
            let mut stands = examples::standing();
            stands.rescue.as_mut().unwrap().by_us = by_us;
            let mut call = call(words);
            call.environment = Environment::Process;
            let page = print::at(&call, &outcome, &stands, datetime!(2026-11-21 14:10 UTC));
            assert!(page.lines().next().unwrap().contains("down since 2026-11-20 19:02:14 UTC"), "{page}");
            let head: Vec<_> = page.lines().take(8).collect();
            pages.push_str(&format!("=== {name}, {who}\n{}\n\n", head.join("\n")));
        }
    }
    insta::assert_snapshot!(pages);
}

#[test]
fn pages_are_whole_in_every_language() {
    for language in Language::ALL {
        for (name, words, outcome) in examples::all() {
            let page = page(words, &outcome, *language);
            for line in page.lines() {
                // A key that found no text would stand there as itself.
                let left = ["cli-", "cause-", "advice-", "evidence-", "problem-", "why-"];
                assert!(
                    !left.iter().any(|family| line.contains(family)),
                    "{name} {}: {line}",
                    language.code()
                );
            }
        }
    }
}

#[test]
fn no_colour_goes_where_no_terminal_is() {
    for (name, words, outcome) in examples::all() {
        let plain = page(words, &outcome, Language::En);
        assert!(!plain.contains('\u{1b}'), "{name}");
        let mut coloured = call(words);
        coloured.look = super::Look { colour: true, ..super::Look::plain() };
        let coloured = print::at(&coloured, &outcome, &Standing::default(), datetime!(2026-11-21 14:10 UTC));
        assert!(super::out::shown(&coloured).contains('\u{1b}'), "{name}");
        assert!(!super::out::shown(&coloured).contains('\u{fdd0}'), "{name}");
        let mut ascii = call(words);
        ascii.look = super::Look { ascii: true, ..super::Look::plain() };
        let ascii = print::at(&ascii, &outcome, &Standing::default(), datetime!(2026-11-21 14:10 UTC));
        // What stands in the person's own file stands as it is, mask included.
        let ours: String = ascii.chars().filter(|c| !c.is_ascii() && *c != '•').collect();
        assert_eq!(ours, "", "{name}");
    }
}

#[test]
fn the_demo_contacts_nothing_but_what_is_mapped() {
    assert!(call(&["check"]).options().mapped_only);
}

/// Every end of a restart that the judge knows, with every answer to what became of the file: the words say of the
/// server what `up` says, and no more.
#[test]
fn what_is_said_of_the_server_is_what_was_seen_of_it() {
    use crate::domain::{
        check::Cause,
        exit::{Exit, after_change},
        request::{Changed, FileAfter},
        restart::{Fault, Ill, Verdict},
    };
    let fault = Fault { service: "api".into(), ill: Ill::Ended, code: Some(134), id: None, started: None };
    let verdicts = [
        (Verdict::Good, None),
        (Verdict::GoodDespite, Some(Cause::RestartScriptFailed)),
        (Verdict::NotRestarted, Some(Cause::RestartComposeFailed)),
        (Verdict::Worse(vec![fault.clone()]), Some(Cause::RestartContainerEnded)),
        (Verdict::Down(vec![fault]), Some(Cause::RestartPortInUse)),
        (Verdict::NotSeen, Some(Cause::ServerNotSeen)),
    ];
    let files = [
        FileAfter::AsTold,
        FileAfter::PutBack,
        FileAfter::CouldNotPutBack,
        FileAfter::StaysUnproven,
        FileAfter::StaysOtherSetting,
    ];
    let changes: [&[Changed]; 3] = [&[], &[Changed::Restart], &[Changed::Settings, Changed::Restart]];
    for (verdict, cause) in verdicts {
        let up = verdict.up();
        for file in files.into_iter().take(if verdict.is_good() { 1 } else { files.len() }) {
            for changed in changes {
                let of_roots = match (verdict.is_good(), up) {
                    (true, _) => Exit::Good,
                    (false, None) => Exit::CouldNotAsk,
                    (false, _) => Exit::Wrong,
                };
                let exit = after_change(of_roots, !changed.is_empty(), true, up);
                let outcome = examples::ended(exit, cause, up, file, changed);
                let words: &[&str] = &["apply", "--yes"];
                let said = page(words, &outcome, Language::En);
                let object: Value = serde_json::from_str(&print::outcome(
                    &call(&["apply", "--yes", "--json"]),
                    &outcome,
                    &Standing::default(),
                ))
                .unwrap();
                let name = format!("{verdict:?} {file:?} {changed:?}\n{said}");
                assert_eq!(object["ok"] == true, verdict.is_good(), "{name}");
                assert_eq!(object["restart"]["up"].as_bool(), up, "{name}");
                assert_eq!(exit == Exit::FailedDown, up == Some(false), "{name}");
                assert_eq!(exit == Exit::CouldNotAsk, up.is_none(), "{name}");
                let answers = ["The server answers.", "and answers.", "runs with it"];
                assert!(up == Some(true) || !answers.iter().any(|text| said.contains(text)), "{name}");
                assert_eq!(up == Some(false), said.contains("does not answer."), "{name}");
                assert_eq!(up.is_none(), said.contains("is not known."), "{name}");
                assert!(!said.contains("Nothing was changed."), "{name}");
            }
        }
    }
}
