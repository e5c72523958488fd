//! The rows that need no network: the installation, the env file, the licenses, what a restart needs.

use time::OffsetDateTime;

use crate::{
    domain::{
        check::{
            Advice, AdviceCode, Cause, Check, CheckId, Finding,
            row::{INSTALL, LICENSE, LIVE, REGION, RESTART, SWITCH, SYNTAX, VALUES},
        },
        installation::Flavour,
        license::{self, License},
        settings::{self, Note, NoteCode},
    },
    engine::{
        asking::choice::Choice,
        case::Case,
        seeing::{
            live::{self, Pending},
            survey::Survey,
        },
    },
    system,
};

const RESTART_COMMAND: &str = "bwsync apply --yes";

/// Judges what stands in the installation's files.
pub(super) async fn rows(case: &Case<'_>) {
    let found = &case.survey.installation;
    let mut install = Check::passed(INSTALL)
        .with("path", found.bwdata.display().to_string())
        .with("owner", found.owner.to_string());
    if let Some(version) = &found.version {
        install = install.with("value", version.clone());
    }
    case.run.done(guarded(install, &case.survey));
    env_rows(case);
    license_row(case);
    let pending = live::pending(case).await == Pending::Yes;
    let looked = case.survey.runs.looked();
    restart_row(case, pending && !looked);
    live_row(case, pending);
}

/// Whether what runs has what the file says.
fn live_row(case: &Case<'_>, pending: bool) {
    if !case.survey.runs.looked() {
        case.run.done(Check::skipped(LIVE, Advice::new(AdviceCode::GiveDockerRights)));
        return;
    }
    let layers = case.survey.layers();
    let findings = layers.map(|layers| settings::findings(&layers, None)).unwrap_or_default();
    let not_effective = findings.into_iter().find(|finding| finding.cause == Cause::EnvNotEffective);
    let waiting = || {
        pending
            .then(|| Finding::new(Cause::RestartPending).command(AdviceCode::RestartServer, RESTART_COMMAND))
    };
    case.run.judge(LIVE, not_effective.or_else(waiting));
}

/// The same row with how the env file is guarded and what runs, as far as it can be seen.
fn guarded(mut row: Check, survey: &Survey) -> Check {
    if let Some(marks) = &survey.marks {
        row = row.with("group", marks.group.clone()).with("mode", format!("{:04o}", marks.mode & 0o7777));
        if let Some(label) = &marks.label {
            row = row.with("label", label.clone());
        }
        if let Some((uid, gid)) = marks.containers_run_as {
            row = row.with("containers", format!("{uid}:{gid}"));
        }
    }
    let Some(observed) = survey.runs.seen() else { return row };
    if let Some(compose) = &observed.compose {
        row = row.with("compose", compose.to_string());
    }
    let started =
        observed.started.and_then(|at| at.format(&time::format_description::well_known::Rfc3339).ok());
    match started {
        Some(started) => row.with("started", started),
        None => row,
    }
}

fn env_rows(case: &Case<'_>) {
    let layers = match case.survey.layers() {
        Ok(layers) => layers,
        Err(finding) => {
            case.run.judge(SYNTAX, Some(finding.clone()));
            for id in [VALUES, REGION, SWITCH] {
                case.run.done(Check::not_run(id, SYNTAX));
            }
            return;
        }
    };
    let path = case.survey.file.path.display().to_string();
    let findings = settings::findings(&layers, None);
    let notes = settings::notes(&layers);
    for id in [SYNTAX, VALUES, REGION, SWITCH] {
        let mut here = findings.iter().filter(|finding| finding.cause.row() == Some(id));
        let check = match here.next() {
            Some(first) => {
                let check = Check::found(id, settings::to_be_edited(first.clone(), &path));
                let others: Vec<String> = here.map(in_short).collect();
                if others.is_empty() { check } else { check.with("also", others.join(", ")) }
            }
            None => match notes.iter().find(|note| row_of_note(note.code) == id) {
                Some(note) => noted(Check::passed(id), note),
                None => Check::passed(id),
            },
        };
        case.run.done(check);
    }
}

/// A finding beside the first one of a row: its code, and its place in the file.
fn in_short(finding: &Finding) -> String {
    let code = finding.cause.code();
    match (finding.evidence.get("line"), finding.evidence.get("column")) {
        (Some(line), Some(column)) => format!("{code} ({line}:{column})"),
        _ => code.to_owned(),
    }
}

fn noted(check: Check, note: &Note) -> Check {
    let facts = ["path", "line", "column", "key", "value", "reader"];
    let evidence = facts.iter().filter_map(|name| Some((*name, note.evidence.get(name)?)));
    evidence.fold(check.with("note", note.code.code()), |check, (name, fact)| check.with(name, fact))
}

/// The row that a note stands on.
fn row_of_note(code: NoteCode) -> CheckId {
    match code {
        NoteCode::ReadOtherwise => SYNTAX,
        NoteCode::PushDisabledOnPurpose => VALUES,
        NoteCode::RegionSpelling => REGION,
    }
}

fn license_row(case: &Case<'_>) {
    let check = match case.choice() {
        Choice::One(license) => {
            let finding = license_finding(&case.survey, license);
            let check = match finding {
                Some(finding) => Check::found(LICENSE, finding),
                None => Check::passed(LICENSE),
            };
            let organization = license.organization();
            let name = organization.name.unwrap_or(organization.id);
            let check = check.with("organization", name);
            match organization.plan {
                // A finding's own value stands.
                Some(plan) if check.evidence.get("value").is_none() => check.with("value", plan),
                _ => check,
            }
        }
        Choice::Several => {
            let organizations = case.survey.licenses.iter().map(License::organization);
            let names: Vec<_> = organizations
                .map(|o| o.name.as_ref().map_or_else(|| o.id.clone(), |name| format!("{name} ({})", o.id)))
                .collect();
            Check::skipped(
                LICENSE,
                Advice::with_command(AdviceCode::ChooseOrganization, "bwsync check --org ID"),
            )
            .with("candidates", names.join(", "))
        }
        Choice::Unreadable(finding) => Check::found(LICENSE, finding.clone()),
        Choice::None => {
            Check::found(LICENSE, Finding::new(Cause::LicenseMissing).advise(AdviceCode::UploadLicense))
        }
    };
    case.run.done(check);
}

/// The first thing that is wrong with the license of the organization.
pub(super) fn license_finding(survey: &Survey, license: &License) -> Option<Finding> {
    let id = survey.installation_id();
    license::findings(license, id.as_deref(), OffsetDateTime::now_utc())
        .into_iter()
        .next()
        .or_else(|| license::duplicate_key(&survey.licenses))
}

fn restart_row(case: &Case<'_>, pending: bool) {
    let standard = case.survey.installation.flavour == Flavour::Standard;
    let finding = standard.then(|| system::preflight::preflight(&case.survey.installation).err()).flatten();
    let waiting = || {
        pending
            .then(|| Finding::new(Cause::RestartPending).command(AdviceCode::RestartServer, RESTART_COMMAND))
    };
    case.run.judge(RESTART, finding.or_else(waiting));
}
