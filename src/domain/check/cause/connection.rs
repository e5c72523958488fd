//! The connection that the server keeps, and the sync over it.

use super::{Area, Cause, Facts, Means, Mender, Row, Severity};
use crate::domain::{
    check::{AdviceCode, row},
    sync::StepName,
};

pub(super) const CONNECTION_MISSING: Facts = Facts {
    area: Area::Connection,
    code: "connection.missing",
    severity: Severity::ToDo,
    or: &[Severity::Failed],
    follows: &[Cause::ConfigCloudCommunicationOff, Cause::LicenseMissing],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::ApplyToken),
    undone: Some(StepName::ApplyToken),
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const CONNECTION_DISABLED: Facts = Facts {
    area: Area::Connection,
    code: "connection.disabled",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::ApplyToken),
    undone: Some(StepName::ApplyToken),
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const CONNECTION_EMPTY_TOKEN: Facts = Facts {
    area: Area::Connection,
    code: "connection.empty_token",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::ApplyToken),
    undone: Some(StepName::ApplyToken),
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const CONNECTION_STALE_ORGANIZATION: Facts = Facts {
    area: Area::Connection,
    code: "connection.stale_organization",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::ApplyToken),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const SYNC_NEVER: Facts = Facts {
    area: Area::Sync,
    code: "sync.never",
    severity: Severity::ToDo,
    or: &[],
    follows: &[
        Cause::ConfigCloudCommunicationOff,
        Cause::LicenseMissing,
        Cause::ConnectionMissing,
        Cause::ConnectionDisabled,
        Cause::ConnectionEmptyToken,
    ],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::TriggerSync),
    undone: Some(StepName::TriggerSync),
    rows: &[Row::Is(row::SYNC)],
};

pub(super) const SYNC_REFUSED: Facts = Facts {
    area: Area::Sync,
    code: "sync.refused",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::LookAtLogs),
    undone: None,
    rows: &[],
};
