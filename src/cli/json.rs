//! The one JSON object of `--json` (design §5): the same envelope for every command, also on failure.

use std::{collections::BTreeSet, time::Instant};

use serde::Serialize;
use serde_json::{Map, Value, json};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    domain::{
        check::Conclusion,
        exit::Exit,
        outside,
        request::{Body, Changed, Root, RunId},
    },
    engine,
};

/// The version of the whole contract; it grows only when something is taken away, so it does not.
pub const SCHEMA_VERSION: u32 = 1;

/// When a run began, and its name: the same in JSON, journal, restart log and user agent.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// The run's name.
    pub id: RunId,
    /// When it began.
    pub started_at: OffsetDateTime,
    began: Instant,
}

impl Run {
    /// A run that begins now.
    pub fn begin() -> Self {
        Self { id: engine::run_id(), started_at: OffsetDateTime::now_utc(), began: Instant::now() }
    }

    /// How long it has been running, in milliseconds.
    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// What goes around a command's own part.
#[derive(Serialize)]
struct Envelope {
    schema_version: u32,
    run_id: String,
    started_at: String,
    duration_ms: u64,
    ok: bool,
    changed: BTreeSet<Changed>,
    conclusion: Option<Conclusion>,
    conclusions: Vec<Conclusion>,
    error: Option<Value>,
}

/// The members of a command's own part, so that they are there as null where nothing was found out.
pub fn members(command: &str) -> &'static [&'static str] {
    match command {
        "check" => &["verdict", "installation", "settings", "checks"],
        "plan" => &["dir", "region", "file", "changes", "diff", "restart", "later"],
        "apply" | "resume" | "disable" => {
            &["dir", "region", "file", "changes", "diff", "backup", "restart", "proved"]
        }
        "undo" => &["changes", "left", "restart"],
        "token" => &["accepted", "connection"],
        "sync" => &["before", "after"],
        "status" => &["steps", "license_sync", "sponsorship_sync", "connection", "license", "standing"],
        _ => &[],
    }
}

/// What a run came to, beside its body.
#[derive(Debug)]
pub struct Ending<'a> {
    /// The exit code.
    pub exit: Exit,
    /// What changed.
    pub changed: BTreeSet<Changed>,
    /// The roots.
    pub roots: &'a [Root],
    /// Why it ended, where no cause says it; in English.
    pub error: Option<String>,
}

/// The object as text, one line, with its end.
pub fn object(run: &Run, command: &str, ending: Ending<'_>, body: &Body) -> String {
    let conclusions: Vec<_> = ending.roots.iter().map(|root| root.conclusion).collect();
    let envelope = Envelope {
        schema_version: SCHEMA_VERSION,
        run_id: run.id.to_string(),
        started_at: run.started_at.format(&Rfc3339).unwrap_or_default(),
        duration_ms: run.milliseconds(),
        ok: ending.exit.is_ok(),
        changed: ending.changed,
        conclusion: conclusions.first().copied(),
        conclusions,
        error: ending.error.map(|message| json!({ "message": message })),
    };
    let mut object: Map<String, Value> = map(&envelope);
    for member in members(command) {
        object.insert((*member).to_owned(), Value::Null);
    }
    object.extend(map(body));
    // Escaped, not replaced: a program that reads it gets what was there.
    outside::json(format!("{}\n", Value::Object(object)))
}

fn map(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}
