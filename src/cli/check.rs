//! `bwsync check`: the conclusions first, then every row, grouped by who looked and at what.

use clap::Args;

use super::{look::Volume, page::Page, values};
use crate::{
    domain::{
        check::{Check, Severity, State, Verdict},
        request::{CheckBody, Outcome},
    },
    wording::{self, Mark},
};

/// Flags of `check`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
#[command(after_help = "\
Examples:
  bwsync check
  bwsync check --dir /opt/bitwarden --only machine.identity
  bwsync check --strict --json")]
pub struct CheckArgs {
    /// Warnings count: exit 4
    #[arg(long)]
    pub strict: bool,
    /// Only the checks of this id, or whose id begins with it up to a dot; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = values::check)]
    pub only: Vec<String>,
    /// All but these
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = values::check)]
    pub skip: Vec<String>,
}

/// The human form.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &CheckBody) {
    let failed = outcome.roots.iter().filter(|root| root.conclusion.severity == Severity::Failed).count();
    let texts = page.texts();
    let (state, sentence) = match body.verdict {
        _ if body.checks.is_empty() && outcome.roots.is_empty() => {
            (State::Unknown, texts.cli_check_nothing_checked())
        }
        Verdict::Ok => (State::Passed, texts.cli_check_ok()),
        Verdict::ToDo => (State::ToDo, texts.cli_check_to_do()),
        Verdict::Warning => (State::Warning, texts.cli_check_warning()),
        Verdict::Failed => (State::Failed, texts.cli_check_failed(failed)),
        Verdict::Unknown => (State::Unknown, texts.cli_check_unknown()),
    };
    page.answer(state, &sentence);
    page.roots(&outcome.roots);
    if page.look.volume == Volume::Quiet {
        return;
    }
    let verbose = page.look.volume == Volume::Verbose;
    if let Some(found) = &body.installation {
        page.gap();
        let version = found.version.clone().unwrap_or_else(|| texts.unknown());
        page.fact(&texts.label_installation(), &found.bwdata.display().to_string());
        page.fact(&texts.cli_fact_version(), &version);
        page.fact(&texts.cli_fact_owner(), &found.owner.to_string());
        if let Some(server) = &found.server {
            page.fact(&texts.cli_fact_server(), server.as_str());
        }
    }
    rows(page, &body.checks, verbose);
    page.gap();
    page.line(&texts.cli_check_count(outcome.roots.len(), body.checks.len()));
}

/// The rows, in the order in which they were announced, a heading for each side that looked.
fn rows(page: &mut Page<'_>, checks: &[Check], verbose: bool) {
    let mut sides: Vec<_> = checks.iter().map(|check| check.id.from).collect();
    sides.sort_unstable();
    sides.dedup();
    for side in sides {
        page.gap();
        let heading = wording::side(page.texts(), side);
        page.line(&heading);
        let mut targets = Vec::new();
        for check in checks.iter().filter(|check| check.id.from == side) {
            if !targets.contains(&check.id.target) {
                targets.push(check.id.target);
            }
        }
        for target in targets {
            let rows: Vec<_> =
                checks.iter().filter(|check| check.id.from == side && check.id.target == target).collect();
            let name = wording::target(page.texts(), target);
            if !verbose && rows.len() > 1 && rows.iter().all(|row| row.state == State::Passed) {
                all_good(page, &name, &rows);
            } else {
                for (at, row) in rows.iter().enumerate() {
                    one(page, if at == 0 { &name } else { "" }, row, verbose);
                }
            }
        }
    }
}

/// A target without anything to say, in one line.
fn all_good(page: &mut Page<'_>, name: &str, rows: &[&Check]) {
    let stages: Vec<_> = rows
        .iter()
        .map(|row| {
            let stage = wording::stage(page.texts(), row.id.stage);
            row.duration_ms.map_or(stage.clone(), |ms| format!("{stage} {ms} ms"))
        })
        .collect();
    let (glyph, word) = (page.look.glyph(Mark::Good), Mark::Good.word(page.texts()));
    page.line(&format!("  {name:<14}{glyph} {word}: {}", stages.join(", ")));
}

fn one(page: &mut Page<'_>, name: &str, row: &Check, verbose: bool) {
    let stage = wording::stage(page.texts(), row.id.stage);
    let (glyph, word) = (page.look.glyph(row.state), Mark::from(row.state).word(page.texts()));
    let took = row.duration_ms.map(|ms| format!("{ms} ms")).unwrap_or_default();
    let why = match (row.cause, row.because) {
        (Some(cause), _) => cause.code().to_owned(),
        (None, Some(because)) => page.texts().cli_follows_from(because.to_string()),
        (None, None) => String::new(),
    };
    page.line(&format!("  {name:<14}{stage:<13}{glyph} {word:<13}{took:>8}  {why}"));
    // What would make a skipped row known is told here: no conclusion tells it.
    if row.state == State::Skipped && row.because.is_none() {
        page.advice(&row.advice);
    }
    if verbose {
        page.evidence(&row.evidence, row.cause);
    }
}
