//! The installation as the cloud knows it: its id, its key, its region.

use super::{Area, Cause, Credential, Facts, Gate, Means, Mender, Row, Severity};
use crate::domain::{
    check::{AdviceCode, row},
    risk::Risk,
    sync::StepName,
};

pub(super) const ID_MISSING: Facts = Facts {
    area: Area::Installation,
    code: "installation.id_missing",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::FailedChecks),
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::NewInstallationId),
    undone: None,
    rows: &[Row::Is(row::VALUES)],
};

pub(super) const ID_UNKNOWN: Facts = Facts {
    area: Area::Installation,
    code: "installation.id_unknown",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::FailedChecks),
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::NewInstallationId),
    undone: None,
    rows: &[Row::Is(row::KNOWN)],
};

pub(super) const WRONG_REGION: Facts = Facts {
    area: Area::Installation,
    code: "installation.wrong_region",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::KNOWN)],
};

pub(super) const DISABLED: Facts = Facts {
    area: Area::Installation,
    code: "installation.disabled",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::FailedChecks),
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::AskSupport),
    undone: None,
    rows: &[Row::Is(row::KNOWN), Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const KEY_REJECTED: Facts = Facts {
    area: Area::Installation,
    code: "installation.key_rejected",
    severity: Severity::Failed,
    or: &[],
    follows: &[
        Cause::InstallationWrongRegion,
        Cause::InstallationIdUnknown,
        Cause::InstallationDisabled,
        Cause::InstallationIdMissing,
    ],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::FailedChecks),
    means: Means::Rejected(Credential::InstallationKey),
    mended_by: Mender::Advice(AdviceCode::NewInstallationId),
    undone: None,
    rows: &[Row::Is(row::SIGN_IN)],
};
