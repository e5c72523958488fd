//! The texts of the simulated installation's files: the scenario's values in the places for them.

use super::scenario::{Certificate, EnvShape, Scenario, facts};
use crate::domain::region::CloudHost;

/// A file's text with the scenario's values in the places for them.
pub(super) fn filled(text: &str, scenario: &Scenario, owner: Option<(u32, u32)>) -> String {
    let (uid, gid) =
        owner.unwrap_or_else(|| (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw()));
    let own = match scenario.certificate {
        Certificate::Issued => "",
        Certificate::SelfSigned => "self/",
    };
    let ssl = format!("/etc/ssl/{own}{}", facts::SERVER_NAME);
    let mut text = text
        .replace("@UID@", &uid.to_string())
        .replace("@GID@", &gid.to_string())
        .replace("@REGION@", scenario.env.cloud_region.setting())
        .replace("@INSTALLATION_ID@", facts::INSTALLATION_ID)
        .replace("@INSTALLATION_KEY@", scenario.installation_key())
        .replace("@CERTIFICATE@", &format!("{ssl}/certificate.crt"))
        .replace("@KEY@", &format!("{ssl}/private.key"));
    if scenario.push_off {
        text = text.replace("push_notifications: true", "push_notifications: false");
    }
    if text.contains("globalSettings__baseServiceUri__cloudRegion=") {
        text.push_str(&added(scenario));
        if scenario.env.shape == EnvShape::Crlf {
            text = text.replace('\n', "\r\n");
        }
    }
    text
}

/// The lines that an administrator added to the env file before the scenario starts.
fn added(scenario: &Scenario) -> String {
    let mut lines = String::new();
    if scenario.env.cloud_communication {
        lines.push_str("globalSettings__enableCloudCommunication=true\n");
    }
    if let Some(region) = scenario.env.uris {
        for (key, host) in [
            ("installation__identityUri", CloudHost::Identity),
            ("installation__apiUri", CloudHost::Api),
            ("pushRelayBaseUri", CloudHost::Push),
        ] {
            lines.push_str(&format!("globalSettings__{key}={}\n", region.url(host)));
        }
    }
    if scenario.push_off {
        lines.push_str("globalSettings__pushRelayBaseUri=REPLACE\n");
    }
    lines.push_str(match scenario.env.shape {
        EnvShape::Plain | EnvShape::Crlf | EnvShape::Unparsable => "",
        EnvShape::DuplicateKeys => {
            "globalSettings__enableCloudCommunication=false\nglobalSettings__enableCloudCommunication=false\n"
        }
        EnvShape::TwoSpellings => {
            "globalSettings__enableCloudCommunication=true\nglobalsettings__enablecloudcommunication=false\n"
        }
    });
    lines
}
