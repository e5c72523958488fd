//! The self-hosted server: whether it answers, and as what.

use super::{Area, Facts, Means, Mender, Reached, Row, Severity};
use crate::domain::{
    check::{AdviceCode, Stage, row},
    sync::StepName,
};

pub(super) const NOT_SEEN: Facts = Facts {
    area: Area::Server,
    code: "server.not_seen",
    severity: Severity::Unknown,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::NoServer { detour: false, reached: Reached::Nothing },
    mended_by: Mender::Advice(AdviceCode::WaitAndRetry),
    undone: None,
    rows: &[],
};

pub(super) const DOWN: Facts = Facts {
    area: Area::Server,
    code: "server.down",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::NoServer { detour: true, reached: Reached::ClosedPort },
    mended_by: Mender::Advice(AdviceCode::StartServer),
    undone: None,
    rows: &[Row::Rung(Stage::Connect)],
};

pub(super) const STARTING: Facts = Facts {
    area: Area::Server,
    code: "server.starting",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::NoServer { detour: false, reached: Reached::Gateway },
    mended_by: Mender::Advice(AdviceCode::WaitAndRetry),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const UNHEALTHY: Facts = Facts {
    area: Area::Server,
    code: "server.unhealthy",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::LookAtLogs),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const TLS_UNTRUSTED: Facts = Facts {
    area: Area::Server,
    code: "server.tls_untrusted",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::NoServer { detour: false, reached: Reached::Nothing },
    mended_by: Mender::Advice(AdviceCode::GiveCaCertificate),
    undone: None,
    rows: &[Row::Rung(Stage::Tls)],
};

pub(super) const UNREACHABLE_BY_NAME: Facts = Facts {
    area: Area::Server,
    code: "server.unreachable_by_name",
    severity: Severity::Warning,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::CheckDns),
    undone: None,
    rows: &[Row::Rung(Stage::Name)],
};

pub(super) const NOT_BITWARDEN: Facts = Facts {
    area: Area::Server,
    code: "server.not_bitwarden",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::NoServer { detour: false, reached: Reached::Answer },
    mended_by: Mender::Advice(AdviceCode::LookAtLogs),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const NOT_SELF_HOSTED: Facts = Facts {
    area: Area::Server,
    code: "server.not_self_hosted",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};
