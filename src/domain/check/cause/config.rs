//! What the settings say: the switch, the region, the addresses.

use super::{Area, Cause, Facts, Means, Mender, Row, Severity};
use crate::domain::{
    check::{Stage, row},
    sync::StepName,
};

pub(super) const CLOUD_COMMUNICATION_OFF: Facts = Facts {
    area: Area::Config,
    code: "config.cloud_communication_off",
    severity: Severity::ToDo,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::SWITCH)],
};

pub(super) const HALF_REGION: Facts = Facts {
    area: Area::Config,
    code: "config.half_region",
    severity: Severity::Failed,
    or: &[],
    follows: &[Cause::ConfigCloudCommunicationOff, Cause::InstallationWrongRegion],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::REGION)],
};

pub(super) const BAD_URL: Facts = Facts {
    area: Area::Config,
    code: "config.bad_url",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::NoAddress,
    mended_by: Mender::Step(StepName::Configure),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::VALUES), Row::Rung(Stage::Name)],
};
