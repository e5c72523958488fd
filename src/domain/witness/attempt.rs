//! From the entries of one request to what became of that attempt to sync the license.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use url::Url;

use super::{Entry, exception, template};
use crate::domain::{
    answers::cloud_refusal,
    check::{AdviceCode, Cause, Finding},
    outside::{bare_address, clean},
    region::Region,
};

/// An attempt to sync the license, as the server's log has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its first entry.
    pub at: OffsetDateTime,
    /// Its last entry.
    pub until: OffsetDateTime,
    /// The hosts that the server called, in order: they show its effective region.
    pub hosts: Vec<String>,
    /// Whether the cloud handed a license out. What the server then thought of it the log does not say.
    pub licensed: bool,
    /// What went wrong on the way to it; none where nothing did, or the attempt still runs.
    pub finding: Option<Finding>,
}

/// The newest attempt to sync the license that began at or after `since`. None is an answer too: the server
/// never asked the cloud (not saved, disabled, switched off, not owner).
pub fn last_attempt(entries: &[Entry], since: OffsetDateTime) -> Option<Attempt> {
    attempts(entries).filter(|attempt| attempt.at >= since).max_by_key(|attempt| attempt.at)
}

/// All attempts of this piece of the log, in no particular order.
pub(super) fn attempts(entries: &[Entry]) -> impl Iterator<Item = Attempt> {
    let mut requests: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        if let Some(request) = &entry.request {
            requests.entry(request).or_default().push(entry);
        }
    }
    requests
        .into_values()
        .filter(|group| group.iter().any(|entry| is_of_license_sync(entry)))
        .filter_map(|group| attempt(&group))
}

/// Push and sponsorships use the same client and the same templates: what is called, or whose code failed,
/// tells whose entry it is.
fn is_of_license_sync(entry: &Entry) -> bool {
    match entry.template {
        Some(template::UNHANDLED) => {
            // By the class, not the frame's arrow: the file has no logger names.
            entry.exception.contains("SelfHostedOrganizationLicensesController")
                || entry.exception.contains("GetSelfHostedOrganizationLicenseQuery")
        }
        Some(template::HTTP_START | template::NO_TOKEN | template::CLOUD_REFUSED | template::SEND_FAILED) => {
            entry.message.contains("licenses/organization/")
        }
        _ => false,
    }
}

fn attempt(group: &[&Entry]) -> Option<Attempt> {
    let (first, last) = (group.first()?, group.last()?);
    let calls = calls(group);
    let mut hosts: Vec<String> = Vec::new();
    for call in &calls {
        if let Some(host) = &call.host
            && !hosts.contains(host)
        {
            hosts.push(host.clone());
        }
    }
    let finding = group.iter().find_map(|entry| meaning(entry, &calls));
    let licensed = calls.iter().any(|call| call.of_license && call.status == Some(200)) && finding.is_none();
    Some(Attempt { at: first.at, until: last.at, hosts, licensed, finding })
}

/// One outgoing call of the server.
struct Call {
    host: Option<String>,
    of_license: bool,
    status: Option<u16>,
}

fn calls(group: &[&Entry]) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    for entry in group {
        match entry.template {
            Some(template::HTTP_START) => {
                let address = quoted(&entry.message).last().copied().unwrap_or_default();
                calls.push(Call {
                    host: host_of(address),
                    of_license: address.contains("licenses/organization/"),
                    status: None,
                });
            }
            Some(template::HTTP_END) => {
                if let Some(call) = calls.last_mut() {
                    call.status = entry.message.rsplit(' ').next().and_then(|status| status.parse().ok());
                }
            }
            _ => {}
        }
    }
    calls
}

/// What one entry means; none for those that only accompany others.
fn meaning(entry: &Entry, calls: &[Call]) -> Option<Finding> {
    let finding = match entry.template? {
        template::TOKEN_NO_ANSWER => exception::of_the_way(&entry.exception, host(calls, false)),
        template::TOKEN_REFUSED => token_refused(&entry.message),
        template::CLOUD_REFUSED => cloud_refused(&entry.message),
        template::SEND_FAILED => send_failed(entry, calls),
        template::UNHANDLED => unhandled(&entry.exception),
        _ => return None,
    };
    let of_a_host = finding.cause.is_of_a_host();
    let of_license = matches!(entry.template, Some(template::SEND_FAILED | template::CLOUD_REFUSED));
    Some(match host(calls, of_license).filter(|_| of_a_host && finding.evidence.get("host").is_none()) {
        Some(host) => finding.with("host", host),
        None => finding,
    })
}

fn host(calls: &[Call], of_license: bool) -> Option<&str> {
    calls.iter().rev().find(|call| call.of_license == of_license)?.host.as_deref()
}

/// Identity answered something else than a token (`bitwarden.md` A2-1, A2-5).
fn token_refused(message: &str) -> Finding {
    let status = message.rsplit_once("with status ").map(|(_, status)| status).unwrap_or_default();
    let code = status.split('-').next().unwrap_or_default();
    let found = |cause: Cause| Finding::new(cause).with("status", clean(code));
    match code {
        "BadRequest" => found(Cause::InstallationKeyRejected).advise(AdviceCode::NewInstallationId),
        "TooManyRequests" => found(Cause::HttpRateLimited).advise(AdviceCode::WaitAndRetry),
        "ProxyAuthenticationRequired" => found(Cause::ProxyAuthRequired).advise(AdviceCode::CheckProxy),
        // Identity itself never says these: somebody in between does.
        "Unauthorized" | "Forbidden" => found(Cause::HttpBlockPage).advise(AdviceCode::OpenFirewall),
        "InternalServerError" | "BadGateway" | "ServiceUnavailable" | "GatewayTimeout" => {
            found(Cause::HttpServerError).advise(AdviceCode::WaitAndRetry)
        }
        _ => found(Cause::HttpUnexpectedStatus),
    }
}

/// The cloud's own words stand in the last quoted argument; details follow on lines of their own.
fn cloud_refused(message: &str) -> Finding {
    let (status, said) = message
        .rsplit_once("is unsuccessful with status of ")
        .and_then(|(_, rest)| rest.split_once("\": \""))
        .unwrap_or_default();
    let code = status.split('-').next().unwrap_or_default();
    let said = said.trim_end().trim_end_matches('"').trim();
    let (first, details) = said.split_once('\n').unwrap_or((said, ""));
    let found = |cause: Cause| Finding::new(cause).with("status", clean(code)).with("words", clean(said));
    match code {
        "TooManyRequests" => found(Cause::HttpRateLimited).advise(AdviceCode::WaitAndRetry),
        // With a token that was just issued the cloud fails only where no token was ever generated (A3).
        "InternalServerError" if first.starts_with("An unhandled server error") => {
            found(Cause::TokenNeverGenerated).advise(AdviceCode::GenerateToken)
        }
        "InternalServerError" | "BadGateway" | "ServiceUnavailable" | "GatewayTimeout" => {
            found(Cause::HttpServerError).advise(AdviceCode::WaitAndRetry)
        }
        "BadRequest" | "NotFound" => {
            cloud_refusal(first, details).unwrap_or_else(|| found(Cause::SyncRefused))
        }
        _ => found(Cause::HttpUnexpectedStatus),
    }
}

/// No answer from the api, or one that is not JSON: then its status stands in the line before.
fn send_failed(entry: &Entry, calls: &[Call]) -> Finding {
    let status = calls.last().and_then(|call| call.status);
    let Some(status) = status.filter(|_| entry.exception.contains("System.Text.Json.")) else {
        return exception::of_the_way(&entry.exception, host(calls, true));
    };
    let address = quoted(&entry.message).last().copied().unwrap_or_default();
    let found = |cause: Cause| Finding::new(cause).with("status", status.to_string());
    let path = Url::parse(address).map(|url| url.path().to_owned()).unwrap_or_default();
    if !path.contains("licenses/organization/") {
        // The client follows redirects and logs the address where it ended (`bitwarden.md` §0-14).
        return found(Cause::HttpRedirected)
            .with("location", bare_address(address))
            .advise(AdviceCode::CheckProxy);
    }
    let empty = entry.exception.contains("does not contain any JSON tokens");
    match status {
        404 if !path.starts_with("/licenses/") => {
            found(Cause::ConfigBadUrl).with("value", bare_address(address)).advise(AdviceCode::ApplySettings)
        }
        // A token of the other region: identityUri and apiUri do not belong together (A2-8).
        401 if empty && of_two_regions(calls) => {
            found(Cause::ConfigHalfRegion).advise(AdviceCode::ApplySettings)
        }
        500.. => found(Cause::HttpServerError).advise(AdviceCode::WaitAndRetry),
        415 => found(Cause::HttpGetWithBodyBlocked).advise(AdviceCode::ExemptFromInspection),
        200..=299 => found(Cause::HttpBlockPage).advise(AdviceCode::OpenFirewall),
        _ if !empty => found(Cause::HttpGetWithBodyBlocked).advise(AdviceCode::ExemptFromInspection),
        _ => found(Cause::HttpUnexpectedStatus),
    }
}

fn of_two_regions(calls: &[Call]) -> bool {
    let of = |of_license| host(calls, of_license).and_then(Region::of_host);
    matches!((of(false), of(true)), (Some(one), Some(other)) if one != other)
}

/// An exception that nobody caught, of the code that syncs the license (`bitwarden.md` A2-6, A3-1, A3-10).
fn unhandled(exception: &str) -> Finding {
    let first = exception.lines().next().unwrap_or_default();
    let found = |cause: Cause| Finding::new(cause).with("message", clean(first));
    if first.starts_with("System.UriFormatException") {
        found(Cause::ConfigBadUrl).advise(AdviceCode::ApplySettings)
    } else if exception.contains("HandleTokenStateAsync") {
        // A 200 without an access token in it: not identity's, or at the end of a redirect.
        found(Cause::HttpBlockPage).advise(AdviceCode::OpenFirewall)
    } else if first.starts_with("System.IO.IOException") || first.contains("UnauthorizedAccess") {
        found(Cause::LicenseNotWritable).advise(AdviceCode::FreeDisk)
    } else {
        found(Cause::SyncRefused).advise(AdviceCode::LookAtLogs)
    }
}

/// The arguments in double quotes, in order.
fn quoted(message: &str) -> Vec<&str> {
    message.split('"').skip(1).step_by(2).collect()
}

fn host_of(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(clean)
}
