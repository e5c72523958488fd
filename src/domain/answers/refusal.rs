//! The words with which the cloud refuses a license, and with which the server refuses what the cloud sent:
//! the same words arrive as an answer and in the server's log.

use super::words;
use crate::domain::check::{AdviceCode, Cause, Finding};

/// What the cloud means by an error message on the license question (`cloud-license.json`); none where the
/// words are not known.
pub fn cloud_refusal(message: &str, details: &str) -> Option<Finding> {
    let message = message.trim();
    let (cause, advice) = if message.eq_ignore_ascii_case("Invalid Billing Sync Key") {
        (Cause::TokenRejected, AdviceCode::GenerateToken)
    } else if message.starts_with("Invalid license key") {
        (Cause::LicenseStaleKey, AdviceCode::UploadLicense)
    } else if message.starts_with("Invalid installation id") {
        (Cause::InstallationDisabled, AdviceCode::AskSupport)
    } else if message.starts_with("No active subscription found") {
        (Cause::LicenseNoSubscription, AdviceCode::RenewPlan)
    } else if message.contains("due to a payment issue") {
        (Cause::LicensePaymentIssue, AdviceCode::RenewPlan)
    } else if message.starts_with("Resource not found") {
        (Cause::LicenseOrganizationNotInRegion, AdviceCode::ChooseRegion)
    } else if message.starts_with("The model state is invalid") {
        // The question is well formed when it leaves: its body was taken or changed on the way (A3-12).
        (Cause::HttpGetWithBodyBlocked, AdviceCode::ExemptFromInspection)
    } else {
        return None;
    };
    let spoken = [message, details.trim()].join(" ");
    Some(Finding::new(cause).with("words", words(&spoken)).advise(advice))
}

/// What the server means by an error message on a license: at a sync, an upload, or wherever it reads its own
/// (`bitwarden.md` A3-3 to A3-9); none where the words are not known.
pub fn license_refusal(message: &str) -> Option<Finding> {
    let has = |part: &str| message.contains(part);
    let starts = |part: &str| message.starts_with(part);
    let (cause, advice) = if has("IDX10222") || has("hasn't been issued yet") {
        (Cause::LicenseNotYetValid, AdviceCode::CheckClock)
    } else if has("IDX10223") || has("The license has expired") {
        (Cause::LicenseExpired, AdviceCode::UploadLicense)
    } else if has("IDX10214") || has("Premium licenses cannot be applied") {
        (Cause::LicenseWrongKind, AdviceCode::UploadLicense)
    } else if has("installation ID does not match") {
        (Cause::LicenseWrongInstallation, AdviceCode::UploadLicense)
    } else if has("organization is currently disabled") {
        (Cause::LicenseOrgDisabled, AdviceCode::RenewPlan)
    } else if has("does not allow for on-premise hosting") {
        (Cause::LicensePlanWithoutSync, AdviceCode::RenewPlan)
    } else if starts("Version 0 ") {
        // Nothing was read: a file with camelCase names, or an empty document (`bitwarden.md` A3-14).
        (Cause::LicenseUnreadable, AdviceCode::UploadLicense)
    } else if starts("Version ") && has("is not supported") {
        (Cause::LicenseVersionUnsupported, AdviceCode::UpdateServer)
    } else if starts("License is already in use by another organization") {
        (Cause::LicenseDuplicateKey, AdviceCode::LookAtLogs)
    } else if starts("Your organization currently has")
        || starts("Your new license does not allow")
        || starts("Your new plan does not allow")
    {
        (Cause::LicensePlanShrank, AdviceCode::RenewPlan)
    } else if starts("Invalid license") {
        (Cause::LicenseUnreadable, AdviceCode::UploadLicense)
    } else {
        return None;
    };
    Some(Finding::new(cause).with("words", words(message)).advise(advice))
}
