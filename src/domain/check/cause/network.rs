//! The way to a host: name, connection, proxy, TLS, HTTP. Outside of `check` each means that nobody could be asked.

use super::{Area, Cause, Facts, Gate, Means, Mender, Reached, Row, Severity};
use crate::domain::{
    check::{AdviceCode, Stage},
    risk::Risk,
};

pub(super) const DNS_NOT_FOUND: Facts = Facts {
    area: Area::Dns,
    code: "dns.not_found",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckDns),
    undone: None,
    rows: &[Row::Rung(Stage::Name)],
};

pub(super) const DNS_TIMEOUT: Facts = Facts {
    area: Area::Dns,
    code: "dns.timeout",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckDns),
    undone: None,
    rows: &[Row::Rung(Stage::Name)],
};

pub(super) const DNS_SERVER_FAILURE: Facts = Facts {
    area: Area::Dns,
    code: "dns.server_failure",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckDns),
    undone: None,
    rows: &[Row::Rung(Stage::Name)],
};

pub(super) const TCP_REFUSED: Facts = Facts {
    area: Area::Tcp,
    code: "tcp.refused",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::ClosedPort, at_server: Some(Cause::ServerDown) },
    mended_by: Mender::Advice(AdviceCode::OpenFirewall),
    undone: None,
    rows: &[Row::Rung(Stage::Connect)],
};

pub(super) const TCP_TIMEOUT: Facts = Facts {
    area: Area::Tcp,
    code: "tcp.timeout",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Silence, at_server: None },
    mended_by: Mender::Advice(AdviceCode::OpenFirewall),
    undone: None,
    rows: &[Row::Rung(Stage::Connect)],
};

pub(super) const TCP_UNREACHABLE: Facts = Facts {
    area: Area::Tcp,
    code: "tcp.unreachable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Silence, at_server: None },
    mended_by: Mender::Advice(AdviceCode::OpenFirewall),
    undone: None,
    rows: &[Row::Rung(Stage::Connect)],
};

pub(super) const TCP_RESET: Facts = Facts {
    area: Area::Tcp,
    code: "tcp.reset",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Silence, at_server: None },
    mended_by: Mender::Advice(AdviceCode::OpenFirewall),
    undone: None,
    rows: &[Row::Rung(Stage::Connect)],
};

pub(super) const PROXY_UNREACHABLE: Facts = Facts {
    area: Area::Proxy,
    code: "proxy.unreachable",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckProxy),
    undone: None,
    rows: &[Row::Rung(Stage::Proxy)],
};

pub(super) const PROXY_AUTH_REQUIRED: Facts = Facts {
    area: Area::Proxy,
    code: "proxy.auth_required",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckProxy),
    undone: None,
    rows: &[Row::Rung(Stage::Proxy)],
};

pub(super) const PROXY_DENIED: Facts = Facts {
    area: Area::Proxy,
    code: "proxy.denied",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: true, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckProxy),
    undone: None,
    rows: &[Row::Rung(Stage::Proxy)],
};

pub(super) const TLS_INTERCEPTED: Facts = Facts {
    area: Area::Tls,
    code: "tls.intercepted",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay {
        detour: false,
        reached: Reached::Nothing,
        at_server: Some(Cause::ServerTlsUntrusted),
    },
    mended_by: Mender::Advice(AdviceCode::ExemptFromInspection),
    undone: None,
    rows: &[Row::Rung(Stage::Tls)],
};

pub(super) const TLS_UNTRUSTED: Facts = Facts {
    area: Area::Tls,
    code: "tls.untrusted",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay {
        detour: false,
        reached: Reached::Nothing,
        at_server: Some(Cause::ServerTlsUntrusted),
    },
    mended_by: Mender::Advice(AdviceCode::GiveCaCertificate),
    undone: None,
    rows: &[Row::Rung(Stage::Tls)],
};

pub(super) const TLS_EXPIRED: Facts = Facts {
    area: Area::Tls,
    code: "tls.expired",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckClock),
    undone: None,
    rows: &[Row::Rung(Stage::Tls)],
};

pub(super) const TLS_NOT_YET_VALID: Facts = Facts {
    area: Area::Tls,
    code: "tls.not_yet_valid",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckClock),
    undone: None,
    rows: &[Row::Rung(Stage::Tls)],
};

pub(super) const TLS_NAME_MISMATCH: Facts = Facts {
    area: Area::Tls,
    code: "tls.name_mismatch",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckDns),
    undone: None,
    rows: &[Row::Rung(Stage::Tls)],
};

pub(super) const TLS_HANDSHAKE: Facts = Facts {
    area: Area::Tls,
    code: "tls.handshake",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Nothing, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckProxy),
    undone: None,
    rows: &[Row::Rung(Stage::Tls)],
};

pub(super) const HTTP_BLOCK_PAGE: Facts = Facts {
    area: Area::Http,
    code: "http.block_page",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay {
        detour: false,
        reached: Reached::Answer,
        at_server: Some(Cause::ServerNotBitwarden),
    },
    mended_by: Mender::Advice(AdviceCode::OpenFirewall),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const HTTP_REDIRECTED: Facts = Facts {
    area: Area::Http,
    code: "http.redirected",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Answer, at_server: None },
    mended_by: Mender::Advice(AdviceCode::CheckProxy),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const HTTP_UNEXPECTED_STATUS: Facts = Facts {
    area: Area::Http,
    code: "http.unexpected_status",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Answer, at_server: None },
    mended_by: Mender::Advice(AdviceCode::LookAtLogs),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const HTTP_SERVER_ERROR: Facts = Facts {
    area: Area::Http,
    code: "http.server_error",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Answer, at_server: Some(Cause::ServerStarting) },
    mended_by: Mender::Advice(AdviceCode::WaitAndRetry),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const HTTP_RATE_LIMITED: Facts = Facts {
    area: Area::Http,
    code: "http.rate_limited",
    severity: Severity::Unknown,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Answer, at_server: None },
    mended_by: Mender::Advice(AdviceCode::WaitAndRetry),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const HTTP_GET_WITH_BODY_BLOCKED: Facts = Facts {
    area: Area::Http,
    code: "http.get_with_body_blocked",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Answer, at_server: None },
    mended_by: Mender::Advice(AdviceCode::ExemptFromInspection),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};

pub(super) const HTTP_TIMEOUT: Facts = Facts {
    area: Area::Http,
    code: "http.timeout",
    severity: Severity::Failed,
    or: &[],
    follows: &[],
    blocks: &[Gate::Apply, Gate::Token],
    accepted_as: Some(Risk::Unchecked),
    means: Means::NoWay { detour: false, reached: Reached::Silence, at_server: None },
    mended_by: Mender::Advice(AdviceCode::WaitAndRetry),
    undone: None,
    rows: &[Row::Rung(Stage::Http)],
};
