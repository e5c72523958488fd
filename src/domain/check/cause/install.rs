//! The installation itself: where it lies, whose it is, whether it is one.

use super::{Area, Facts, Gate, Means, Mender, Row, Severity};
use crate::domain::check::{AdviceCode, row};

pub(super) const NOT_FOUND: Facts = Facts {
    area: Area::Install,
    code: "install.not_found",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::PointToInstallation),
    undone: None,
    rows: &[Row::Is(row::INSTALL)],
};

pub(super) const AMBIGUOUS: Facts = Facts {
    area: Area::Install,
    code: "install.ambiguous",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Usage,
    mended_by: Mender::Advice(AdviceCode::ChooseInstallation),
    undone: None,
    rows: &[Row::Is(row::INSTALL)],
};

pub(super) const NOT_READABLE: Facts = Facts {
    area: Area::Install,
    code: "install.not_readable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RunAsOwner),
    undone: None,
    rows: &[Row::Is(row::INSTALL)],
};

pub(super) const NOT_WRITABLE: Facts = Facts {
    area: Area::Install,
    code: "install.not_writable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RunAsOwner),
    undone: None,
    rows: &[Row::Is(row::INSTALL)],
};

pub(super) const WRONG_OWNER: Facts = Facts {
    area: Area::Install,
    code: "install.wrong_owner",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RunAsOwner),
    undone: None,
    rows: &[Row::Is(row::INSTALL)],
};

pub(super) const UNSUPPORTED_FLAVOUR: Facts = Facts {
    area: Area::Install,
    code: "install.unsupported_flavour",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::SetElsewhere),
    undone: None,
    rows: &[Row::Is(row::INSTALL)],
};

pub(super) const NOT_BITWARDEN: Facts = Facts {
    area: Area::Install,
    code: "install.not_bitwarden",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::PointToInstallation),
    undone: None,
    rows: &[Row::Is(row::INSTALL)],
};
