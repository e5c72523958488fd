//! What Compose was recorded to say when images do not come (`contract/compose-pull-words.json`), read to its cause: in a
//! pull before the restart, and in the script's own.

use std::fs;

use bwsync::tested::domain::{
    check::Cause,
    restart::{no_images, why},
};
use serde_json::Value;

const REFUSED: Option<Cause> = Some(Cause::RestartRegistryRefused);
const NOT_REACHED: Option<Cause> = Some(Cause::RestartRegistryUnreachable);

/// The names of the recordings, and what each is.
const RECORDED: &[(&str, Option<Cause>)] = &[
    ("rate_limit", REFUSED),
    ("denied", REFUSED),
    ("unauthorized", REFUSED),
    ("manifest_unknown", REFUSED),
    ("server_error_503_html", REFUSED),
    ("block_page_200_html", REFUSED),
    ("proxy_403_html", REFUSED),
    ("json_200_that_is_no_manifest", REFUSED),
    ("connection_refused", NOT_REACHED),
    ("no_answer", NOT_REACHED),
    ("closed_at_once", NOT_REACHED),
];

#[test]
fn every_recorded_pull_that_failed_has_its_cause_with_both_composes() {
    let recorded = fs::read("tests/data/contract/compose-pull-words.json").unwrap();
    let recorded: Value = serde_json::from_slice(&recorded).unwrap();
    let runs = recorded["runs"].as_array().unwrap();
    for run in runs {
        let (name, of) = (run["name"].as_str().unwrap(), &run["compose"]);
        let lines: Vec<String> =
            run["lines"].as_array().unwrap().iter().map(|line| line.as_str().unwrap().to_owned()).collect();
        let wanted = RECORDED.iter().find(|(recorded, _)| *recorded == name).map(|(_, cause)| *cause);
        assert_eq!(Some(no_images(&lines)), wanted, "{name}, {of}: {lines:?}");
        assert_eq!(why(&lines, true), Some(Cause::RestartPullFailed), "{name}, {of}: {lines:?}");
    }
    // Each with `pull` and `up -d` of both Composes.
    assert_eq!(runs.len(), 4 * RECORDED.len());
}
