//! The billing sync token.

use super::{Area, Credential, Facts, Means, Mender, Severity};
use crate::domain::{check::AdviceCode, sync::StepName};

pub(super) const WRONG_KIND: Facts = Facts {
    area: Area::Token,
    code: "token.wrong_kind",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::TokenForm),
    mended_by: Mender::Step(StepName::ObtainToken),
    undone: None,
    rows: &[],
};

pub(super) const MALFORMED: Facts = Facts {
    area: Area::Token,
    code: "token.malformed",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::TokenForm),
    mended_by: Mender::Advice(AdviceCode::PasteWholeToken),
    undone: None,
    rows: &[],
};

pub(super) const REJECTED: Facts = Facts {
    area: Area::Token,
    code: "token.rejected",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::Token),
    mended_by: Mender::Step(StepName::ObtainToken),
    undone: None,
    rows: &[],
};

pub(super) const NEVER_GENERATED: Facts = Facts {
    area: Area::Token,
    code: "token.never_generated",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Rejected(Credential::Token),
    mended_by: Mender::Step(StepName::ObtainToken),
    undone: None,
    rows: &[],
};
