//! The organization's license: the file on this server, and what the cloud says to it.

use super::{Area, Facts, Means, Mender, Row, Severity};
use crate::domain::check::{AdviceCode, row};

pub(super) const MISSING: Facts = Facts {
    area: Area::License,
    code: "license.missing",
    severity: Severity::ToDo,
    or: &[Severity::Failed],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UploadLicense),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const UNREADABLE: Facts = Facts {
    area: Area::License,
    code: "license.unreadable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UploadLicense),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const TRAILING_DATA: Facts = Facts {
    area: Area::License,
    code: "license.trailing_data",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UploadLicense),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const EXPIRED: Facts = Facts {
    area: Area::License,
    code: "license.expired",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UploadLicense),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const NOT_YET_VALID: Facts = Facts {
    area: Area::License,
    code: "license.not_yet_valid",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::CheckClock),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const WRONG_INSTALLATION: Facts = Facts {
    area: Area::License,
    code: "license.wrong_installation",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UploadLicense),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const VERSION_UNSUPPORTED: Facts = Facts {
    area: Area::License,
    code: "license.version_unsupported",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UpdateServer),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const ORG_DISABLED: Facts = Facts {
    area: Area::License,
    code: "license.org_disabled",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RenewPlan),
    undone: None,
    rows: &[Row::Is(row::LICENSE), Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const PLAN_WITHOUT_SYNC: Facts = Facts {
    area: Area::License,
    code: "license.plan_without_sync",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RenewPlan),
    undone: None,
    rows: &[Row::Is(row::LICENSE), Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const PLAN_SHRANK: Facts = Facts {
    area: Area::License,
    code: "license.plan_shrank",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RenewPlan),
    undone: None,
    rows: &[Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const DUPLICATE_KEY: Facts = Facts {
    area: Area::License,
    code: "license.duplicate_key",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::LookAtLogs),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const STALE_KEY: Facts = Facts {
    area: Area::License,
    code: "license.stale_key",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UploadLicense),
    undone: None,
    rows: &[Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const ORGANIZATION_NOT_IN_REGION: Facts = Facts {
    area: Area::License,
    code: "license.organization_not_in_region",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::ChooseRegion),
    undone: None,
    rows: &[Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const PAYMENT_ISSUE: Facts = Facts {
    area: Area::License,
    code: "license.payment_issue",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RenewPlan),
    undone: None,
    rows: &[Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const NO_SUBSCRIPTION: Facts = Facts {
    area: Area::License,
    code: "license.no_subscription",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RenewPlan),
    undone: None,
    rows: &[Row::Is(row::KNOWN_LICENSE)],
};

pub(super) const WRONG_KIND: Facts = Facts {
    area: Area::License,
    code: "license.wrong_kind",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UploadLicense),
    undone: None,
    rows: &[Row::Is(row::LICENSE)],
};

pub(super) const NOT_WRITABLE: Facts = Facts {
    area: Area::License,
    code: "license.not_writable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RunAsOwner),
    undone: None,
    rows: &[],
};
