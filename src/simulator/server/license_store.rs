//! Taking a license over, from the cloud or from an upload: the same checks, the same file.

use std::{fs, io};

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::message::Answer;
use super::{license, license_check, settings::Settings, state::ServerState};

/// Checks the document and writes it in the place of the license file.
///
/// # Errors
/// The server's answer: its sentence, or 401 where the file cannot be written.
pub fn take(state: &ServerState, settings: &Settings, document: &Map<String, Value>) -> Result<(), Answer> {
    let now = OffsetDateTime::now_utc();
    let refused = |why: String| Answer::error(400, &why);
    let document = license::read(document, false);
    let signer = state.cloud.license_signer();
    let license = license_check::token(document, signer, now).map_err(refused)?;
    let occupied = state.inner().organization.occupied_seats;
    license_check::usable(&license, &settings.installation_id, occupied, signer, now).map_err(refused)?;
    let taken = license.taken();
    write(state, &license::file_text(&taken)).map_err(|fault| match fault.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::IsADirectory => Answer::error(401, "Unauthorized."),
        _ => Answer::broken(),
    })?;
    if let Some(key) = taken.get("LicenseKey").and_then(Value::as_str) {
        state.inner().organization.license_key = key.to_owned();
    }
    Ok(())
}

fn write(state: &ServerState, text: &str) -> io::Result<()> {
    let file = state.license_file();
    let folder = file.parent().ok_or(io::ErrorKind::NotFound)?;
    if file.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let new = !file.exists();
    if !state.may_write(if new { folder } else { &file }) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    fs::write(&file, text)?;
    if let (true, Some((uid, gid))) = (new, state.owner) {
        std::os::unix::fs::chown(&file, Some(uid), Some(gid))?;
    }
    Ok(())
}
