//! The env file as a text, and whether what runs has what it says.

use super::{Area, Facts, Gate, Means, Mender, Row, Severity};
use crate::domain::{
    check::{AdviceCode, row},
    sync::StepName,
};

pub(super) const MISSING: Facts = Facts {
    area: Area::Env,
    code: "env.missing",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::PointToInstallation),
    undone: None,
    rows: &[Row::Is(row::SWITCH)],
};

pub(super) const UNPARSABLE: Facts = Facts {
    area: Area::Env,
    code: "env.unparsable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write, Gate::Token],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::FixEnvFile),
    undone: None,
    rows: &[Row::Is(row::SYNTAX)],
};

pub(super) const CRLF: Facts = Facts {
    area: Area::Env,
    code: "env.crlf",
    severity: Severity::Warning,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::UnixLineEnds),
    undone: None,
    rows: &[Row::Is(row::SYNTAX)],
};

pub(super) const BOM: Facts = Facts {
    area: Area::Env,
    code: "env.bom",
    severity: Severity::Warning,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RemoveBom),
    undone: None,
    rows: &[Row::Is(row::SYNTAX)],
};

pub(super) const SEVERAL_SETTINGS_ON_ONE_LINE: Facts = Facts {
    area: Area::Env,
    code: "env.several_settings_on_one_line",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::SplitLine),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::SYNTAX)],
};

pub(super) const TWO_SPELLINGS: Facts = Facts {
    area: Area::Env,
    code: "env.two_spellings",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Write],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RemoveSpelling),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::SYNTAX)],
};

pub(super) const DUPLICATE_KEY: Facts = Facts {
    area: Area::Env,
    code: "env.duplicate_key",
    severity: Severity::Warning,
    or: &[Severity::Failed],
    follows: &[],
    blocks: &[Gate::Write],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::FixEnvFile),
    undone: None,
    rows: &[Row::Is(row::SYNTAX)],
};

pub(super) const QUOTED_BOOLEAN: Facts = Facts {
    area: Area::Env,
    code: "env.quoted_boolean",
    severity: Severity::Failed,
    or: &[Severity::Warning],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::VALUES)],
};

pub(super) const MISSPELT_KEY: Facts = Facts {
    area: Area::Env,
    code: "env.misspelt_key",
    severity: Severity::Warning,
    or: &[Severity::Failed],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::RenameSetting),
    undone: None,
    rows: &[Row::Is(row::SYNTAX)],
};

pub(super) const INTERPOLATION: Facts = Facts {
    area: Area::Env,
    code: "env.interpolation",
    severity: Severity::Warning,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Advice(AdviceCode::QuoteDollar),
    undone: None,
    rows: &[Row::Is(row::VALUES)],
};

pub(super) const INVALID_VALUE: Facts = Facts {
    area: Area::Env,
    code: "env.invalid_value",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: Some(StepName::Configure),
    rows: &[Row::Is(row::VALUES)],
};

pub(super) const NOT_EFFECTIVE: Facts = Facts {
    area: Area::Env,
    code: "env.not_effective",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[],
    accepted_as: None,
    means: Means::Wrong,
    mended_by: Mender::Step(StepName::Configure),
    undone: None,
    rows: &[Row::Is(row::LIVE)],
};
