//! The restart: what it needs, and what went wrong in it.

use super::{Area, Cause, Facts, Gate, Means, Mender, Row, Severity};
use crate::domain::{
    check::{AdviceCode, row},
    sync::StepName,
};

pub(super) const SCRIPT_MISSING: Facts = Facts {
    area: Area::Restart,
    code: "restart.script_missing",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Restart],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RestoreScript),
    undone: None,
    rows: &[Row::Is(row::RESTART)],
};

pub(super) const SCRIPT_NOT_A_SCRIPT: Facts = Facts {
    area: Area::Restart,
    code: "restart.script_not_a_script",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Restart],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RestoreScript),
    undone: None,
    rows: &[Row::Is(row::RESTART)],
};

pub(super) const SCRIPT_OF_OTHERS: Facts = Facts {
    area: Area::Restart,
    code: "restart.script_of_others",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Restart],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::GiveScriptBack),
    undone: None,
    rows: &[Row::Is(row::RESTART)],
};

pub(super) const SCRIPT_NOT_EXECUTABLE: Facts = Facts {
    area: Area::Restart,
    code: "restart.script_not_executable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Restart],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::MakeExecutable),
    undone: None,
    rows: &[Row::Is(row::RESTART)],
};

pub(super) const PROMPT_MID_RESTART: Facts = Facts {
    area: Area::Restart,
    code: "restart.prompt_mid_restart",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Restart],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RenewRunScript),
    undone: None,
    rows: &[Row::Is(row::RESTART)],
};

pub(super) const PORT_IN_USE: Facts = Facts {
    area: Area::Restart,
    code: "restart.port_in_use",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::FreePort),
    undone: None,
    rows: &[],
};

pub(super) const ENV_REFUSED: Facts = Facts {
    area: Area::Restart,
    code: "restart.env_refused",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::FixEnvFile),
    undone: None,
    rows: &[],
};

pub(super) const REGISTRY_UNREACHABLE: Facts = Facts {
    area: Area::Restart,
    code: "restart.registry_unreachable",
    severity: Severity::Warning,
    or: &[Severity::Failed],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::OpenFirewall),
    undone: None,
    rows: &[],
};

pub(super) const REGISTRY_REFUSED: Facts = Facts {
    area: Area::Restart,
    code: "restart.registry_refused",
    severity: Severity::Warning,
    or: &[Severity::Failed],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::WaitAndRetry),
    undone: None,
    rows: &[],
};

pub(super) const PULL_FAILED: Facts = Facts {
    area: Area::Restart,
    code: "restart.pull_failed",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::StartWithoutPull),
    undone: None,
    rows: &[],
};

pub(super) const SCRIPT_FAILED: Facts = Facts {
    area: Area::Restart,
    code: "restart.script_failed",
    severity: Severity::Warning,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RemoveLeftover),
    undone: None,
    rows: &[],
};

pub(super) const COMPOSE_FAILED: Facts = Facts {
    area: Area::Restart,
    code: "restart.compose_failed",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::StartWithoutPull),
    undone: None,
    rows: &[],
};

pub(super) const CONTAINER_UNHEALTHY: Facts = Facts {
    area: Area::Restart,
    code: "restart.container_unhealthy",
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

pub(super) const CONTAINER_ENDED: Facts = Facts {
    area: Area::Restart,
    code: "restart.container_ended",
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

pub(super) const DISK_FULL: Facts = Facts {
    area: Area::Restart,
    code: "restart.disk_full",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::FreeDisk),
    undone: None,
    rows: &[],
};

pub(super) const DOCKER_UNREACHABLE: Facts = Facts {
    area: Area::Restart,
    code: "restart.docker_unreachable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::GiveDockerRights),
    undone: None,
    rows: &[],
};

pub(super) const PENDING: Facts = Facts {
    area: Area::Restart,
    code: "restart.pending",
    severity: Severity::ToDo,
    or: &[],
    follows: &[Cause::ConfigCloudCommunicationOff],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: None,
    rows: &[Row::Is(row::LIVE), Row::Is(row::RESTART)],
};
