//! Who may know whom, and the other rules of the house that a compiler does not hold (docs: `src/lib.rs`).

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use bwsync::tested::{
    domain::{
        check::{AdviceCode, Cause, Side, Stage, State, Target},
        request::Risk,
    },
    text::{Language, Texts},
};

/// Room → the rooms that it may use beside itself. `front` and `main` compose all of them.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("steps", &["domain"]),
    // `text` for the name of the language alone, as `the_screen_machine_speaks_no_language` holds.
    ("app", &["domain", "steps", "text"]),
    ("wording", &["domain", "steps", "text"]),
    ("view", &["app", "domain", "steps", "text", "wording"]),
    ("net", &["domain"]),
    ("probe", &["domain", "net"]),
    ("bitwarden", &["domain", "net"]),
    ("system", &["domain"]),
    ("engine", &["domain", "steps", "net", "probe", "bitwarden", "system"]),
    ("runtime", &["domain", "steps", "app", "view", "engine", "text"]),
    ("cli", &["domain", "steps", "engine", "text", "wording"]),
    ("simulator", &["domain"]),
    ("text", &[]),
];

/// Room of the engine → the rooms of it that it may use beside itself. What stands beside the rooms all of them share.
const IN_ENGINE: &[(&str, &[&str])] = &[
    ("requests", &["changing", "seeing", "asking"]),
    ("changing", &["seeing", "asking"]),
    ("seeing", &["asking"]),
    ("asking", &[]),
];

/// Crates that `domain` may use: they neither look at the world nor change it.
const PURE: &[&str] =
    &["serde", "serde_json", "base64", "time", "url", "zeroize", "sha2", "thiserror", "similar", "uuid"];

/// What reaches out of `domain` through crates that it may use.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::io",
    "std::env",
    "std::process",
    "std::thread",
    "std::os",
    "TcpStream",
    "UdpSocket",
    "SystemTime",
    "Instant::now",
    "now_utc",
    "now_local",
    "new_v4",
    "now_v7",
];

/// Lines that a file may have.
const LONGEST_FILE: usize = 450;

/// A source file: its room (folder below `src`, or the file's own name), its path and its code without comments.
struct Source {
    room: String,
    path: PathBuf,
    text: String,
    code: String,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code: String = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .flat_map(|line| [line, "\n"])
                    .collect();
                let path = path.strip_prefix(&root).unwrap().to_path_buf();
                let first = path.iter().next().unwrap().to_string_lossy();
                let room = first.trim_end_matches(".rs").to_owned();
                found.push(Source { room, path, text, code });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The first names after every `crate::`, also of those in braces.
fn used_rooms(code: &str) -> BTreeSet<String> {
    used_after("crate::", code)
}

/// The first names after every such path, also of those in braces.
fn used_after(path: &str, code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices(path) {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(group) => used.extend(heads(group)),
            None => used.extend(name(rest)),
        }
    }
    used
}

/// The rooms that a file reaches by climbing out of its own: a chain of `super::` as long as its path, or longer where
/// it stands in a module within the file.
fn climbed(source: &Source) -> BTreeSet<String> {
    let inner = source.path.file_stem().is_some_and(|stem| stem != "mod");
    let depth = source.path.components().count() - usize::from(!inner);
    let up = "super::".repeat(depth);
    let code = source.code.replace("super::{super::", "super::super::{");
    used_after(&up, &code).into_iter().filter(|used| used != "super").collect()
}

fn name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The names at the top of a braced group, whose opening brace is gone already.
fn heads(group: &str) -> Vec<String> {
    let (mut depth, mut expected, mut heads) = (0, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expected = true,
            c if expected && !c.is_whitespace() => {
                heads.extend(name(&group[at..]));
                expected = false;
            }
            _ => {}
        }
    }
    heads
}

#[test]
fn a_room_knows_only_whom_it_may_know() {
    let mut wrong = Vec::new();
    for source in sources() {
        if matches!(source.room.as_str(), "front" | "main" | "lib" | "tested") {
            continue;
        }
        let Some((_, allowed)) = MAY_USE.iter().find(|(room, _)| *room == source.room) else {
            wrong.push(format!("{}: the room is in no table", source.path.display()));
            continue;
        };
        for used in used_rooms(&source.code).into_iter().chain(climbed(&source)) {
            let rooms = MAY_USE.iter().any(|(room, _)| *room == used) || used == "front";
            if rooms && used != source.room && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{} uses crate::{used}", source.path.display()));
            }
        }
        if source.room == "simulator" && source.code.contains("env_file::") {
            wrong.push(format!(
                "{} reads env files with the reader that it is to test",
                source.path.display()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_screen_machine_speaks_no_language() {
    for source in sources().iter().filter(|source| source.room == "app") {
        let code = source.code.replace("text::Language", "");
        let speaks = code.contains("crate::text") || code.contains("    text::") || code.contains("Texts");
        assert!(!speaks, "{} makes sentences", source.path.display());
    }
}

/// Names of the packages in `[dependencies]`, as code has them.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let section = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    section
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| Some(line.split_once('=')?.0.trim().replace('-', "_")))
        .collect()
}

/// Whether code names this crate: `name::` that does not go on to the left.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(&format!("{name}::"))
        .any(|(at, _)| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':'))
}

#[test]
fn domain_neither_looks_at_the_world_nor_changes_it() {
    let dependencies = dependencies();
    assert!(dependencies.iter().any(|name| name == "tokio"), "the manifest was not read: {dependencies:?}");
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.room == "domain") {
        for name in dependencies.iter().filter(|name| !PURE.contains(&name.as_str())) {
            if names_crate(&source.code, name) {
                wrong.push(format!("{} uses {name}", source.path.display()));
            }
        }
        for word in IMPURE.iter().filter(|word| source.code.contains(**word)) {
            wrong.push(format!("{} uses {word}", source.path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_crate_of_the_edge_has_one_room() {
    // Crate → where it may be used.
    let table: &[(&str, &[&str])] = &[
        ("crossterm", &["runtime"]),
        ("ratatui", &["app", "view", "runtime"]),
        ("clap", &["cli"]),
        ("axum", &["simulator"]),
        ("rcgen", &["simulator"]),
        ("fluent_bundle", &["text"]),
        ("reqwest", &["net", "bitwarden"]),
        ("rustls", &["net", "simulator", "system"]),
        ("dotenvy", &["engine", "system"]),
    ];
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, rooms) in table {
            if names_crate(&source.code, name) && !rooms.contains(&source.room.as_str()) {
                wrong.push(format!("{} uses {name}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_room_of_the_engine_knows_only_those_below() {
    let mut wrong = Vec::new();
    for source in sources() {
        let inside = |room: &str| source.path.starts_with(Path::new("engine").join(room));
        let Some((room, below)) = IN_ENGINE.iter().find(|(room, _)| inside(room)) else { continue };
        for used in used_after("engine::", &source.code) {
            let is_room = IN_ENGINE.iter().any(|(room, _)| *room == used);
            if is_room && used != *room && !below.contains(&used.as_str()) {
                wrong.push(format!("{} uses engine::{used}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn printing_ending_and_colours_have_their_places() {
    let mut wrong = Vec::new();
    for source in sources() {
        // What stands in tests of a file is not the program.
        if source.path.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("tests")) {
            continue;
        }
        let code = source.code.split("#[cfg(test)]\nmod tests").next().unwrap();
        let prints = ["println!", "print!(", "eprintln!", "dbg!("].iter().any(|word| code.contains(word));
        if prints && !matches!(source.room.as_str(), "cli" | "front") {
            wrong.push(format!("{} prints", source.path.display()));
        }
        if code.contains("process::exit") && source.room != "main" {
            wrong.push(format!("{} ends the process", source.path.display()));
        }
        for colour in ["Color::Rgb", "Color::Indexed", "Color::from_u32"] {
            if code.contains(colour) {
                wrong.push(format!("{} uses {colour}: 16 ANSI colours only", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The one file that may say something to the kernel in a way that the compiler cannot check.
const UNSAFE: &str = "system/process/child.rs";

#[test]
fn one_file_alone_is_unsafe_and_says_why_it_is_sound() {
    for source in sources() {
        let blocks = source.code.matches("unsafe {").count() + source.code.matches("unsafe fn").count();
        let path = source.path.to_string_lossy();
        if path != UNSAFE {
            assert!(blocks == 0 && !source.code.contains("unsafe_code"), "{path} is unsafe");
            continue;
        }
        let said = source.text.matches("// SAFETY:").count();
        assert!(blocks > 0 && said == blocks, "{path}: {blocks} blocks, {said} reasons");
    }
}

#[test]
fn every_file_says_why_it_exists_and_fits() {
    let mut wrong = Vec::new();
    for source in sources() {
        if !source.text.starts_with("//! ") {
            wrong.push(format!("{} does not begin with //!", source.path.display()));
        }
        let lines = source.text.lines().count();
        if lines > LONGEST_FILE {
            wrong.push(format!("{} has {lines} lines", source.path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_its_text_in_every_language() {
    let read = |path: &str| fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let (secret, event) = (read("src/domain/secret.rs"), read("src/domain/request/event.rs"));
    let whys = variants(&read("src/domain/request/plan.rs"), "pub enum Why {");
    let families: Vec<(&str, Vec<&str>)> = vec![
        ("cause", Cause::ALL.iter().map(|cause| cause.code()).collect()),
        ("advice", AdviceCode::ALL.iter().map(|code| code.code()).collect()),
        ("other", arms(&secret, "impl OtherKind {")),
        ("phase", arms(&event, "impl Phase {")),
        ("from", Side::ALL.iter().map(|from| from.word()).collect()),
        ("target", Target::ALL.iter().map(|target| target.word()).collect()),
        ("stage", Stage::ALL.iter().map(|stage| stage.word()).collect()),
        ("state", State::ALL.iter().map(|state| state.word()).collect()),
        ("why", whys.iter().map(String::as_str).collect()),
    ];
    let mut wrong = Vec::new();
    for language in Language::ALL {
        let texts = Texts::new(*language);
        for (family, codes) in &families {
            for code in codes {
                match texts.by_code(family, code) {
                    None => wrong.push(format!("{}: {family}-{code} is missing", language.code())),
                    Some(text) if *family == "cause" && !is_a_sentence(&text) => {
                        wrong.push(format!("{}: {code} is no sentence: {text}", language.code()));
                    }
                    Some(_) => {}
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_text_is_left_over() {
    let causes: BTreeSet<_> = Cause::ALL.iter().map(|cause| cause.code().replace(['.', '_'], "-")).collect();
    let advice: BTreeSet<_> = AdviceCode::ALL.iter().map(|code| code.code().replace('_', "-")).collect();
    let english =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/locales/en.ftl")).unwrap();
    let keys = english.lines().filter_map(|line| line.split_once(" =")).map(|(key, _)| key);
    let left: Vec<_> = keys
        .filter(|key| {
            key.strip_prefix("cause-").is_some_and(|code| !causes.contains(code))
                || key.strip_prefix("advice-").is_some_and(|code| !advice.contains(code))
        })
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn every_fact_in_evidence_has_a_label() {
    let texts = Texts::new(Language::En);
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !matches!(source.room.as_str(), "simulator" | "net")) {
        for call in [".with(\"", "evidence.insert(\""] {
            for (at, _) in source.code.match_indices(call) {
                let rest = &source.code[at + call.len()..];
                let fact = rest.split('"').next().unwrap_or_default();
                if texts.by_code("evidence", fact).is_none() {
                    wrong.push(format!("{}: evidence-{fact} is missing", source.path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_reason_and_note_has_its_words() {
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| source.room != "simulator") {
        for call in ["(\"reason\", \"", "(\"note\", \""] {
            for (at, _) in source.code.match_indices(call) {
                let code = source.code[at + call.len()..].split('"').next().unwrap_or_default();
                for language in Language::ALL {
                    if Texts::new(*language).by_code("reason", &code.replace(' ', "_")).is_none() {
                        wrong.push(format!("{}: {}: reason-{code}", source.path.display(), language.code()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_a_sentence(text: &str) -> bool {
    text.ends_with('.') && text.starts_with(|c: char| c.is_uppercase()) && !text.contains(['{', '}', '$'])
}

/// The words that the arms of a block give: `Self::Pull => "pull",`.
fn arms<'a>(code: &'a str, block: &str) -> Vec<&'a str> {
    let words: Vec<_> = inside(code, block)
        .lines()
        .filter_map(|line| line.split_once("=> \"")?.1.split('"').next())
        .collect();
    assert!(!words.is_empty(), "{block} was not read");
    words
}

/// The variants of an enum, as serde's `snake_case` writes them.
fn variants(code: &str, block: &str) -> Vec<String> {
    let names = inside(code, block).lines().filter_map(|line| line.trim().strip_suffix(','));
    let snake = |name: &str| {
        let parts = name.char_indices().map(|(at, c)| match c.is_uppercase() && at > 0 {
            true => format!("_{}", c.to_ascii_lowercase()),
            false => c.to_ascii_lowercase().to_string(),
        });
        parts.collect::<String>()
    };
    let found: Vec<_> = names.map(snake).collect();
    assert!(!found.is_empty(), "{block} was not read");
    found
}

/// A block of code, up to the brace that ends it in column 0.
fn inside<'a>(code: &'a str, block: &str) -> &'a str {
    code.split_once(block).unwrap().1.split("\n}").next().unwrap()
}

#[test]
fn risks_have_no_all() {
    assert!(Risk::ALL.iter().all(|risk| risk.name() != "all"));
}

#[test]
fn the_scanner_sees_what_it_is_to_see() {
    let code = "use crate::{\n    domain::{check::Cause, exit},\n    text::Texts,\n};\nfn f() { crate::net::x() }\n\
                mycrate::other!()";
    assert_eq!(used_rooms(code).into_iter().collect::<Vec<_>>(), ["domain", "net", "text"]);
    let file = |path: &str, code: &str| Source {
        room: "view".into(),
        path: path.into(),
        text: String::new(),
        code: code.into(),
    };
    let up = climbed(&file("view/page.rs", "use super::super::cli;\nuse super::{super::net::Net, page};"));
    assert!(up.contains("cli") && up.contains("net"), "{up:?}");
    assert!(climbed(&file("view/mod.rs", "use super::engine::Engine;")).contains("engine"));
    assert!(climbed(&file("view/a/b.rs", "use super::super::page;")).is_empty());
    assert!(names_crate("use tokio::fs;", "tokio"));
    assert!(!names_crate("crate::text::time::x", "time"));
}
