//! Every fact and rule that the code cites stands in `docs/`, under the number by which it is cited: a citation that
//! leads nowhere is a claim without a source.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const FACTS: &str = "bitwarden.md";
const RULES: &str = "design §";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn doc(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).unwrap()
}

/// The source files of the program, its tests and its assets.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if !path.ends_with("tests/data") {
                sources(&path, found);
            }
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "ftl") {
            found.push(path);
        }
    }
}

/// Calls back with place and text of every line that cites, joined with the next one, where a citation may go on.
fn lines(mut look: impl FnMut(&str, &str)) {
    let mut found = Vec::new();
    for folder in ["src", "tests", "assets"] {
        sources(&root().join(folder), &mut found);
    }
    for path in found.iter().filter(|path| !path.ends_with(file!())) {
        let text = fs::read_to_string(path).unwrap();
        let all: Vec<&str> = text.lines().collect();
        for (number, line) in all.iter().enumerate() {
            let next = all.get(number + 1).copied().unwrap_or_default();
            let joined = format!("{line} {}", next.trim_start_matches([' ', '/', '!', '#']));
            if line.contains(FACTS) || line.contains(RULES) {
                look(&format!("{}:{}", path.display(), number + 1), &joined);
            }
        }
    }
}

/// The numbers that follow a place of citation: `A3-3 to A3-9)` gives two, `A2, Hosts` one.
fn numbers(rest: &str) -> Vec<String> {
    let words = rest.trim_start_matches(['`', ' ']).split_whitespace();
    let mut numbers = Vec::new();
    for word in words {
        let bare: String = word
            .trim_start_matches('§')
            .chars()
            .take_while(|c| c.is_ascii_alphanumeric() || *c == '-')
            .collect();
        let mut letters = bare.chars();
        let first = letters.next().unwrap_or(' ');
        let is_number = (first == '0' || first.is_ascii_uppercase())
            && letters.all(|c| c.is_ascii_digit() || c == '-')
            && bare.len() <= 6;
        match word {
            "to" | "and" if !numbers.is_empty() => continue,
            _ if is_number => numbers.push(bare.to_ascii_lowercase()),
            _ => break,
        }
        if word.trim_end_matches(',').len() < word.len() || word.ends_with(char::is_alphanumeric) {
            continue;
        }
        break;
    }
    numbers
}

#[test]
fn every_cited_fact_has_its_place() {
    let facts = doc(FACTS);
    let anchors: BTreeSet<&str> =
        facts.split("<a id=\"").skip(1).filter_map(|rest| rest.split_once('"').map(|(id, _)| id)).collect();
    let mut lost = Vec::new();
    let mut followed = 0;
    lines(|place, text| {
        let Some((_, rest)) = text.split_once(FACTS) else { return };
        let cited = numbers(rest);
        if cited.is_empty() {
            lost.push(format!("{place}: names no number: {text}"));
        }
        for number in cited {
            followed += 1;
            if !anchors.contains(number.as_str()) {
                lost.push(format!("{place}: {number} is not in docs/{FACTS}"));
            }
        }
    });
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(followed > 60, "only {followed} citations were seen");
}

#[test]
fn every_cited_rule_has_its_place() {
    let rules = doc("design.md");
    let mut lost = Vec::new();
    let mut followed = 0;
    lines(|place, text| {
        for rest in text.split(RULES).skip(1) {
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let point: Option<String> = rest
                .strip_prefix(&format!("{number}-"))
                .map(|r| r.chars().take_while(char::is_ascii_digit).collect());
            followed += 1;
            let heading = format!("\n## {number}. ");
            let section =
                rules.split_once(&heading).map(|(_, after)| after.split("\n## ").next().unwrap_or(after));
            let there = match (&section, &point) {
                (Some(section), Some(point)) => section.contains(&format!("\n{point}. ")),
                (section, _) => section.is_some(),
            };
            if !there {
                lost.push(format!("{place}: design §{number} {point:?} is not in docs/design.md"));
            }
        }
    });
    assert!(lost.is_empty(), "{}", lost.join("\n"));
    assert!(followed > 80, "only {followed} citations were seen");
}

#[test]
fn no_page_is_cited_that_is_not_here() {
    let mut lost = Vec::new();
    let mut found = Vec::new();
    for folder in ["src", "tests"] {
        sources(&root().join(folder), &mut found);
    }
    for path in found.iter().filter(|path| !path.ends_with(file!())) {
        let text = fs::read_to_string(path).unwrap();
        for word in text.split(|c: char| !(c.is_alphanumeric() || "._-/".contains(c))) {
            let page = word.rsplit('/').next().unwrap_or_default();
            if page.ends_with(".md") && page.len() > 3 {
                let here = root().join(page).exists() || root().join("docs").join(page).exists();
                if !here {
                    lost.push(format!("{}: {page}", path.display()));
                }
            }
        }
    }
    assert!(lost.is_empty(), "{}", lost.join("\n"));
}
