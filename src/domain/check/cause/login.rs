//! Signing in to the self-hosted server with a person's API key.

use super::{Area, Credential, Facts, Means, Mender, Row, Severity};
use crate::domain::check::{AdviceCode, row};

pub(super) const API_KEY_REJECTED: Facts = Facts {
    area: Area::Login,
    code: "login.api_key_rejected",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::ApiKey),
    mended_by: Mender::Advice(AdviceCode::GiveApiKey),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const NOT_OWNER: Facts = Facts {
    area: Area::Login,
    code: "login.not_owner",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::ApiKey),
    mended_by: Mender::Advice(AdviceCode::UseOwnersKey),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const ORG_NOT_FOUND: Facts = Facts {
    area: Area::Login,
    code: "login.org_not_found",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::ApiKey),
    mended_by: Mender::Advice(AdviceCode::ChooseOrganization),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const CLIENT_VERSION_REFUSED: Facts = Facts {
    area: Area::Login,
    code: "login.client_version_refused",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::ApiKey),
    mended_by: Mender::Advice(AdviceCode::UpdateServer),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const DEVICE_REFUSED: Facts = Facts {
    area: Area::Login,
    code: "login.device_refused",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::ApiKey),
    mended_by: Mender::Advice(AdviceCode::LookAtLogs),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};

pub(super) const LEGACY_ACCOUNT: Facts = Facts {
    area: Area::Login,
    code: "login.legacy_account",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::ApiKey),
    mended_by: Mender::Advice(AdviceCode::UseOwnersKey),
    undone: None,
    rows: &[Row::Is(row::CONNECTION)],
};
