//! The rows that need no network: the installation, the env file, the licenses, what a restart needs.

use time::OffsetDateTime;

use crate::{
    domain::{
        check::{Advice, AdviceCode, Cause, Check, CheckId, Finding, From, Stage, Target},
        license, settings,
    },
    engine::{
        run::Run,
        survey::{Choice, Survey},
    },
    system,
};

const INSTALL: CheckId = CheckId::new(From::File, Target::Install, Stage::State);
pub(super) const SYNTAX: CheckId = CheckId::new(From::File, Target::Env, Stage::Syntax);
pub(super) const VALUES: CheckId = CheckId::new(From::File, Target::Env, Stage::Values);
const REGION: CheckId = CheckId::new(From::File, Target::Env, Stage::Region);
pub(super) const SWITCH: CheckId = CheckId::new(From::File, Target::Env, Stage::State);
pub(super) const LICENSE: CheckId = CheckId::new(From::File, Target::License, Stage::State);
const RESTART: CheckId = CheckId::new(From::File, Target::Restart, Stage::State);

/// Judges what stands in the installation's files.
pub(super) fn rows(run: &Run<'_>, survey: &Survey) {
    let found = &survey.installation;
    let mut install = Check::passed(INSTALL)
        .with("path", found.bwdata.display().to_string())
        .with("owner", found.owner.to_string());
    if let Some(version) = &found.version {
        install = install.with("value", version.clone());
    }
    run.done(install);
    env_rows(run, survey);
    license_row(run, survey);
    restart_row(run, survey);
}

fn env_rows(run: &Run<'_>, survey: &Survey) {
    let layers = match (&survey.env, survey.layers()) {
        (Err(finding), _) => {
            run.judge(SYNTAX, Some(finding.clone()));
            for id in [VALUES, REGION, SWITCH] {
                run.done(Check::not_run(id, SYNTAX));
            }
            return;
        }
        (Ok(_), Some(layers)) => layers,
        (Ok(_), None) => return,
    };
    let path = survey.file.path.display().to_string();
    let mut findings: Vec<_> = settings::findings(&layers, None);
    findings.extend(settings::installation_id(&layers).err());
    for id in [SYNTAX, VALUES, REGION, SWITCH] {
        let finding = findings.iter().find(|finding| row_of(finding.cause) == id).cloned();
        run.judge(id, finding.map(|finding| settings::to_be_edited(finding, &path)));
    }
}

/// The row that a finding about the env file belongs to.
fn row_of(cause: Cause) -> CheckId {
    match cause {
        Cause::ConfigCloudCommunicationOff => SWITCH,
        Cause::ConfigHalfRegion | Cause::InstallationWrongRegion => REGION,
        Cause::EnvInvalidValue | Cause::ConfigBadUrl | Cause::InstallationIdMissing => VALUES,
        _ => SYNTAX,
    }
}

fn license_row(run: &Run<'_>, survey: &Survey) {
    let check = match survey.choice(run.options) {
        Choice::One(license) => {
            let finding = license_finding(survey, license);
            let check = match finding {
                Some(finding) => Check::found(LICENSE, finding),
                None => Check::passed(LICENSE),
            };
            let organization = license.organization();
            let name = organization.name.unwrap_or(organization.id);
            let check = check.with("organization", name);
            match organization.plan {
                Some(plan) => check.with("value", plan),
                None => check,
            }
        }
        Choice::Several => {
            let names: Vec<_> = survey
                .organizations()
                .iter()
                .map(|o| o.name.as_ref().map_or_else(|| o.id.clone(), |name| format!("{name} ({})", o.id)))
                .collect();
            Check::skipped(
                LICENSE,
                Advice::with_command(AdviceCode::ChooseOrganization, "bwsync check --org ID"),
            )
            .with("candidates", names.join(", "))
        }
        Choice::None => match survey.unreadable.first() {
            Some(finding) => Check::found(LICENSE, finding.clone()),
            None => {
                Check::found(LICENSE, Finding::new(Cause::LicenseMissing).advise(AdviceCode::UploadLicense))
            }
        },
    };
    run.done(check);
}

/// The first thing that is wrong with the license of the organization.
pub(super) fn license_finding(survey: &Survey, license: &license::License) -> Option<Finding> {
    let id = survey.layers().and_then(|layers| settings::installation_id(&layers).ok());
    license::findings(license, id.as_deref(), OffsetDateTime::now_utc())
        .into_iter()
        .next()
        .or_else(|| license::duplicate_key(&survey.licenses))
}

fn restart_row(run: &Run<'_>, survey: &Survey) {
    let finding = system::restart::preflight(&survey.installation).err();
    run.judge(RESTART, finding);
}
