//! Reads an installation: who owns it, what its files say about the server, and the bytes that others parse.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use rustls::pki_types::{CertificateDer, pem::PemObject};
use serde::Deserialize;
use time::OffsetDateTime;
use url::Url;

use crate::domain::{
    action::Contents,
    check::{AdviceCode, Cause, Finding},
    env_file::EnvFile,
    installation::{ApiLog, ComposeValue, Installation, Marks, Owner},
    settings::{self, Setting},
};

use super::{
    Rights, User, clock, compose, compose_file,
    files::{self, Folder, not_readable, read_all, read_bounded, sha256, walk},
    flavour, lite, locate, marks,
    redact::{self, Redactor},
    user::{self, NOBODY},
};

/// Longest YAML or license file that is read, in bytes.
pub(super) const DOCUMENT: u64 = 4 << 20;
/// Longest file of certificates that is read, in bytes.
const PEM: u64 = 1 << 20;
/// Files of one kind that are read, and names of a folder that are looked at.
const FILES: usize = 200;
const NAMES: usize = 10_000;
/// Folders below `bwdata/ssl` that are entered, one in another.
const DEPTH: usize = 8;

/// An installation as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// What is told about it.
    pub installation: Installation,
    /// `env/global.override.env`
    pub env: File,
    /// `docker/global.env`, where it can be read.
    pub global_env: Option<File>,
    /// Whether there is a `docker-compose.override.yml`.
    pub compose_override: bool,
    /// The license files of organizations, by id.
    pub licenses: Vec<License>,
    /// The certificates below `bwdata/ssl`, DER: pins for the server's own host only (design §9, Trust).
    pub certificates: Vec<Vec<u8>>,
    /// Settings of the api that a compose file sets past the env files, those that win last.
    pub compose_values: Vec<ComposeValue>,
    /// Whose the env file is and how it is guarded.
    pub marks: Option<Marks>,
    /// With whose rights it was read and is to be written.
    pub rights: Rights,
    /// Knows the secrets of all its files.
    pub redactor: Redactor,
}

/// A file as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path.
    pub path: PathBuf,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
    /// Its bytes.
    pub contents: Contents,
    /// When it was last written.
    pub modified: Option<OffsetDateTime>,
}

/// A license file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License {
    /// Its path.
    pub path: PathBuf,
    /// The organization's id on this server: the file's name.
    pub id: String,
    /// Its bytes, or why they could not be read (a word for evidence `errno`).
    pub contents: Result<Contents, String>,
    /// When it was last written.
    pub modified: Option<OffsetDateTime>,
}

/// Reads the installation in `dir`, as [`locate::locate`] returned it. Root reads with the owner's rights.
///
/// # Errors
/// `env.missing`; `install.not_readable` with the command that can; `install.wrong_owner` where a file belongs
/// to somebody else and the owner cannot read it.
pub fn read(dir: &Path, user: &User) -> Result<Read, Finding> {
    let bwdata = locate::bwdata_of(dir);
    if bwdata == dir && flavour::is_lite(dir) {
        return lite::read(dir, user);
    }
    let own = user::owner(user.uid, user.gid);
    let owner = owner_of(&bwdata).map_err(|error| not_readable(&bwdata, &error, &own, user))?;
    let rights = Rights::of(&owner, user);
    let read = rights.run(|| read_as_owner(dir, &bwdata, &owner, &rights));
    match read {
        Ok(Ok(read)) => Ok(read),
        Ok(Err((path, error))) => Err(unread(&path, &error, &owner, user)),
        Err(error) => Err(not_readable(&bwdata, &error, &owner, user)),
    }
}

/// The owner of the folder that holds an installation's data; one that root made belongs to 65534, which means
/// root (design §7). A link that somebody else could turn to a folder of root's does not make it root's.
///
/// # Errors
/// Those of the system; a link of another user.
pub(super) fn owner_of(data: &Path) -> io::Result<Owner> {
    let found = walk::find(data)?;
    found.trusted()?;
    Ok(meant(found.owner()))
}

/// The owner that these ids mean.
fn meant((uid, gid): (u32, u32)) -> Owner {
    if uid == NOBODY { user::owner(0, 0) } else { user::owner(uid, gid) }
}

/// What it means that a file of the installation could not be read.
pub(super) fn unread(path: &Path, error: &io::Error, owner: &Owner, user: &User) -> Finding {
    if error.kind() == io::ErrorKind::NotFound {
        return Finding::new(Cause::EnvMissing).with("path", path.to_string_lossy());
    }
    let denied = error.kind() == io::ErrorKind::PermissionDenied;
    let ids = walk::find(path).ok().filter(|found| found.trusted().is_ok()).map(|found| found.owner());
    let theirs = ids.filter(|ids| ids.0 != owner.uid && meant(*ids) != *owner);
    match theirs {
        Some((uid, gid)) if denied && (user.is_root() || user.uid == owner.uid) => {
            let command = format!("sudo chown {owner}:{} {}", owner.gid, user::quote_path(path));
            Finding::new(Cause::InstallWrongOwner)
                .with("path", path.to_string_lossy())
                .with("owner", user::owner(uid, gid).to_string())
                .with("expected", owner.to_string())
                .command(AdviceCode::RunAsOwner, command)
        }
        _ => not_readable(path, error, owner, user),
    }
}

pub(super) type Unread = (PathBuf, io::Error);

fn read_as_owner(dir: &Path, bwdata: &Path, owner: &Owner, rights: &Rights) -> Result<Read, Unread> {
    let env_file = bwdata.join("env/global.override.env");
    let env = read_file(&env_file).map_err(|error| (env_file.clone(), error))?;
    let config = config(bwdata);
    let server = config.url.as_deref().and_then(|url| Url::parse(url.trim()).ok());
    // "No certificate": nginx speaks plain HTTP, to another web server in front of it, or to nobody else.
    let plain = config.ssl.is_off() || server.as_ref().is_some_and(|url| url.scheme() == "http");
    let script = dir.join("bitwarden.sh");
    let installation = Installation {
        dir: dir.to_owned(),
        bwdata: bwdata.to_owned(),
        flavour: flavour::of_bwdata(dir, bwdata),
        env_file,
        owner: owner.clone(),
        version: version(bwdata),
        published_port: if plain { config.http_port.port() } else { config.https_port.port() },
        published_plain: plain,
        server,
        push_off: config.push_notifications.is_off(),
        script: files::exists(&script).then_some(script),
        id_keys: [settings::INSTALLATION_ID, settings::INSTALLATION_KEY],
        licenses: Some(bwdata.join("core/licenses/organization")),
        api_log: ApiLog::Folder(bwdata.join("logs/api")),
    };
    Ok(Read {
        compose_values: compose_values(&installation),
        redactor: redact::of_installation(&installation, &env.contents),
        marks: marks::of(&installation),
        installation,
        env,
        global_env: read_file(&bwdata.join("docker/global.env")).ok(),
        compose_override: bwdata.join("docker/docker-compose.override.yml").is_file(),
        licenses: licenses(&bwdata.join("core/licenses/organization")),
        certificates: certificates(&bwdata.join("ssl")),
        rights: rights.clone(),
    })
}

/// A file with its hash and time.
pub(super) fn read_file(path: &Path) -> io::Result<File> {
    let file = walk::open(path)?;
    let modified = modified(&file);
    let bytes = read_all(&file, files::ENV_FILE)?;
    Ok(File { path: path.to_owned(), sha256: sha256(&bytes), contents: Contents::new(bytes), modified })
}

fn modified(file: &fs::File) -> Option<OffsetDateTime> {
    file.metadata().and_then(|meta| meta.modified()).ok().map(clock::of)
}

/// A YAML scalar of a file that people edit: a number may stand in quotes, a truth value be a word.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Bool(bool),
    Number(u64),
    Text(String),
    #[default]
    Nothing,
}

impl Scalar {
    fn port(&self) -> Option<u16> {
        match self {
            Self::Number(number) => u16::try_from(*number).ok(),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Bool(_) | Self::Nothing => None,
        }
        .filter(|port| *port != 0)
    }

    fn is_off(&self) -> bool {
        match self {
            Self::Bool(value) => !value,
            Self::Text(text) => text.trim().eq_ignore_ascii_case("false"),
            Self::Number(_) | Self::Nothing => false,
        }
    }
}

/// What of `config.yml` matters here.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Config {
    url: Option<String>,
    ssl: Scalar,
    http_port: Scalar,
    https_port: Scalar,
    push_notifications: Scalar,
}

fn config(bwdata: &Path) -> Config {
    document(&bwdata.join("config.yml")).unwrap_or_default()
}

/// The version of the api image.
fn version(bwdata: &Path) -> Option<String> {
    let file = compose_file::read(&bwdata.join("docker/docker-compose.yml"))?;
    tag_of(file.services.get("api")?.image.as_deref()?)
}

/// What the compose files set for the api past `global.env` and the env file: `environment`, which wins over all
/// env files, and env files that come after the installation's own. Values of secrets are left out.
pub(super) fn compose_values(installation: &Installation) -> Vec<ComposeValue> {
    let files: Vec<_> =
        compose::files(installation).iter().filter_map(|path| compose_file::read(path)).collect();
    let mut later = Vec::new();
    let mut environment = Vec::new();
    for file in &files {
        let lite = || file.services.values().find(|s| s.env_files.contains(&installation.env_file));
        let Some(service) = file.services.get("api").or_else(lite) else { continue };
        later.extend(service.env_files.iter().cloned());
        let of_file = service.environment.iter().map(|(key, value)| (key, value.clone(), &file.path));
        environment.extend(of_file.filter_map(|(key, value, path)| compose_value(key, value, path)));
    }
    let own = later.iter().rposition(|path| *path == installation.env_file);
    let later = later.split_off(own.map_or(0, |at| at + 1));
    let global = installation.bwdata.join("docker/global.env");
    let mut values = Vec::new();
    for path in later.iter().filter(|path| **path != global && **path != installation.env_file) {
        let Some(file) = read_file(path).ok().and_then(|file| EnvFile::parse(file.contents.bytes()).ok())
        else {
            continue;
        };
        values.extend(file.entries().iter().filter(|entry| !entry.bare).filter_map(|entry| {
            compose_value(&entry.key, entry.value.as_ref().map(|value| value.expose().to_owned()), path)
        }));
    }
    values.extend(environment);
    values
}

fn compose_value(key: &str, value: Option<String>, path: &Path) -> Option<ComposeValue> {
    let name = key.replace(':', "__");
    let is = |wanted: &str| name.eq_ignore_ascii_case(wanted);
    let secret = is(settings::INSTALLATION_KEY) || is(settings::LITE_INSTALLATION_KEY);
    let id = is(settings::INSTALLATION_ID) || is(settings::LITE_INSTALLATION_ID);
    (secret || id || Setting::of_key(&name).is_some()).then(|| ComposeValue {
        key: key.to_owned(),
        value: value.filter(|_| !secret),
        path: path.to_owned(),
    })
}

/// The tag of an image's name: a colon before the last slash belongs to the registry's port.
pub(super) fn tag_of(image: &str) -> Option<String> {
    let name = image.split('@').next()?.rsplit('/').next()?;
    name.split_once(':').map(|(_, tag)| tag.trim().to_owned()).filter(|tag| !tag.is_empty())
}

fn document<T: serde::de::DeserializeOwned>(path: &Path) -> Option<T> {
    let bytes = read_bounded(path, DOCUMENT).ok()?;
    serde_saphyr::from_str(std::str::from_utf8(&bytes).ok()?).ok()
}

/// The license files of a folder.
pub(super) fn licenses(folder: &Path) -> Vec<License> {
    let names = Folder::at(folder).and_then(|handle| handle.names(NAMES)).unwrap_or_default();
    let mut found: Vec<License> =
        names.into_iter().filter_map(|name| license(&folder.join(name))).take(FILES).collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    found
}

fn license(path: &Path) -> Option<License> {
    path.extension().filter(|extension| extension.eq_ignore_ascii_case("json"))?;
    let id = path.file_stem()?.to_str()?.to_owned();
    let file = walk::open(path);
    let modified = file.as_ref().ok().and_then(modified);
    let contents = file.and_then(|file| read_all(&file, DOCUMENT));
    let contents = contents.map(Contents::new).map_err(|error| files::errno(&error));
    Some(License { path: path.to_owned(), id, contents, modified })
}

/// The certificates of a folder, at any depth. A link to a folder is not entered: it may lead in circles.
fn certificates(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut folders: Vec<_> = Folder::at(folder).ok().map(|folder| (folder, 0)).into_iter().collect();
    let mut seen = 0;
    while let Some((folder, depth)) = folders.pop() {
        for name in folder.names(NAMES).unwrap_or_default() {
            seen += 1;
            if seen > FILES {
                return found;
            }
            let path = folder.joined(&name);
            if let Ok(inner) = folder.enter(&name) {
                if depth < DEPTH {
                    folders.push((inner, depth + 1));
                }
            } else if path.extension().is_none_or(|extension| extension != "key") {
                found.extend(pem(&path));
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The certificates of a file.
pub(super) fn pem(path: &Path) -> Vec<Vec<u8>> {
    let Ok(bytes) = read_bounded(path, PEM) else { return Vec::new() };
    CertificateDer::pem_slice_iter(&bytes).flatten().map(|der| der.to_vec()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_told_from_a_port_and_a_digest() {
        assert_eq!(tag_of("ghcr.io/bitwarden/api:2026.8.0").as_deref(), Some("2026.8.0"));
        assert_eq!(tag_of("registry.local:5000/api:2026.8.0@sha256:ab").as_deref(), Some("2026.8.0"));
        assert_eq!(tag_of("registry.local:5000/api"), None);
    }

    #[test]
    fn what_people_write_in_config_yml_is_understood() {
        let read = |text: &str| serde_saphyr::from_str::<Config>(text).unwrap();
        let config = read(
            "url: https://v.example.org\nhttp_port: '8080'\nhttps_port: 8443\npush_notifications: false\n",
        );
        assert_eq!(config.url.as_deref(), Some("https://v.example.org"));
        assert_eq!((config.http_port.port(), config.https_port.port()), (Some(8080), Some(8443)));
        assert!(config.push_notifications.is_off());
        let config = read("url:\nhttps_port:\npush_notifications: 'False'\nother: {a: 1}\n");
        assert_eq!((config.url, config.https_port.port()), (None, None));
        assert!(config.push_notifications.is_off());
        assert!(!read("url: x\n").push_notifications.is_off());
    }
}
