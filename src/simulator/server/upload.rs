//! Uploading a license by hand, as the Admin Console does it (`self-license-upload.json`).

use serde_json::{Map, Value};
use url::Url;

use super::super::message::{Answer, Asked, guid};
use super::{bearer::Caller, faults, license, license_store, settings::Settings, state::ServerState};

/// A request that is longer is not read.
const LONGEST: u64 = 51_200;

/// `POST organizations/licenses/self-hosted/{org}`
pub fn run(
    state: &ServerState,
    settings: &Settings,
    asked: &Asked,
    organization: &str,
) -> Result<Answer, Answer> {
    let caller = Caller::of(state, asked)?;
    let broken = |exception: &str| {
        state.log.request().unhandled(exception);
        Answer::broken()
    };
    // The same controller as the sync's: it is not made with an address that is none.
    for address in [&settings.api_uri, &settings.identity_uri] {
        Url::parse(address).map_err(|_| broken(&faults::address(address)))?;
    }
    if !settings.self_hosted {
        return Err(Answer::error(400, "Only allowed when self hosted."));
    }
    let file = file(asked).ok_or_else(|| Answer::invalid("License", "The License field is required."))?;
    let id = guid(organization).ok_or_else(|| broken(faults::NO_GUID))?.to_string();
    if id != state.inner().organization.id || !caller.owns(&id) {
        return Err(Answer::not_found());
    }
    let document = document(asked, &file).ok_or_else(|| Answer::error(400, "Invalid license"))?;
    license_store::take(state, settings, &document)?;
    Ok(Answer::empty(200))
}

/// The license in the file; without a length, or with too great a one, the server does not even look.
fn document(asked: &Asked, file: &str) -> Option<Map<String, Value>> {
    let length: u64 = asked.header("content-length").parse().ok()?;
    if length > LONGEST {
        return None;
    }
    let document = serde_json::from_str(file.trim_start_matches('\u{feff}')).ok()?;
    license::fits(&document).then_some(document)
}

/// The file of the form's field `license`; a part without a file name is a plain field, and none.
fn file(asked: &Asked) -> Option<String> {
    if asked.media_type() != "multipart/form-data" {
        return None;
    }
    let boundary = asked.header("content-type").split("boundary=").nth(1)?.trim_matches('"');
    let body = String::from_utf8_lossy(&asked.body);
    body.split(&format!("--{boundary}")).find_map(|part| {
        let (head, content) = part.split_once("\r\n\r\n")?;
        let head = head.to_ascii_lowercase();
        let wanted = head.contains("name=\"license\"") && head.contains("filename=");
        wanted.then(|| content.strip_suffix("\r\n").unwrap_or(content).to_owned())
    })
}
