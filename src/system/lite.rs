//! Reads the lite edition: one container, its `settings.env`, and what its compose file says of the rest
//! (`bitwarden.md` C).

use std::{
    fs,
    path::{Path, PathBuf},
};

use url::Url;

use crate::domain::{
    check::Finding,
    env_file::EnvFile,
    installation::{ApiLog, Flavour, Installation, LITE_API_LOG, Owner},
    settings,
};

use super::{
    Rights, User,
    compose_file::Service,
    containers::Container,
    files::not_readable,
    flavour,
    installation::{self, Read},
    marks, redact, user,
};

/// Where the container keeps licenses; the organizations' are below.
const LICENSES: &str = "/etc/bitwarden/licenses/organization";
/// What the sample file says in place of a domain.
const SAMPLES: [&str; 2] = ["bitwarden.example.com", "bitwarden.yourdomain.com"];

/// Reads the lite edition in `dir`.
///
/// # Errors
/// As [`installation::read`].
pub(super) fn read(dir: &Path, user: &User) -> Result<Read, Finding> {
    let own = user::owner(user.uid, user.gid);
    let service = flavour::service(dir).map(|(_, service)| service).unwrap_or_default();
    // The last one wins; one that is not there yet is no reason to look elsewhere.
    let named = service.env_files.iter().rev().find(|path| path.is_file()).cloned();
    let env_file = named.unwrap_or_else(|| dir.join("settings.env"));
    // The folder's owner, not the file's: a compose file that anybody wrote may name any file, and a link lead
    // anywhere; root then reads and writes only what the folder's owner may.
    let owner = installation::owner_of(dir).map_err(|error| not_readable(dir, &error, &own, user))?;
    let rights = Rights::of(&owner, user);
    let read = rights.run(|| read_as_owner(dir, &env_file, &owner, &service, &rights));
    match read {
        Ok(Ok(read)) => Ok(read),
        Ok(Err((path, error))) => Err(installation::unread(&path, &error, &owner, user)),
        Err(error) => Err(not_readable(&env_file, &error, &owner, user)),
    }
}

fn read_as_owner(
    dir: &Path,
    env_file: &Path,
    owner: &Owner,
    service: &Service,
    rights: &Rights,
) -> Result<Read, installation::Unread> {
    let env = installation::read_file(env_file).map_err(|error| (env_file.to_owned(), error))?;
    let values = EnvFile::parse(env.contents.bytes()).ok();
    let value = |key: &str| values.as_ref().and_then(|file| file.get(key)).map(|value| value.expose().trim());
    let licenses = service.on_this_machine(Path::new(LICENSES));
    let log = service.on_this_machine(Path::new(LITE_API_LOG));
    let plain = value("BW_ENABLE_SSL") != Some("true");
    let inside = if plain { 8080 } else { 8443 };
    let port = service.ports.iter().find(|(_, target)| *target == inside).map(|(port, _)| *port);
    let certificate = service.on_this_machine(Path::new("/etc/bitwarden"));
    let certificate = certificate.map(|dir| dir.join(value("BW_SSL_CERT").unwrap_or("ssl.crt")));
    let installation = Installation {
        dir: dir.to_owned(),
        bwdata: dir.to_owned(),
        flavour: Flavour::Lite,
        env_file: env_file.to_owned(),
        owner: owner.clone(),
        version: service.image.as_deref().and_then(installation::tag_of),
        server: address(value("globalSettings__baseServiceUri__vault"), value("BW_DOMAIN")),
        // Without TLS of its own something in front of it has it, and its address is `https` all the same.
        published_port: port,
        published_plain: plain,
        push_off: false,
        script: None,
        id_keys: [settings::LITE_INSTALLATION_ID, settings::LITE_INSTALLATION_KEY],
        licenses,
        api_log: log.map_or(ApiLog::InContainer, ApiLog::File),
    };
    Ok(Read {
        licenses: installation.licenses.as_deref().map(installation::licenses).unwrap_or_default(),
        certificates: certificate.as_deref().map(installation::pem).unwrap_or_default(),
        compose_values: installation::compose_values(&installation),
        redactor: redact::of_installation(&installation, &env.contents),
        marks: marks::of(&installation),
        installation,
        env,
        global_env: None,
        compose_override: false,
        rights: rights.clone(),
    })
}

/// The address that the container gives its clients, as its entry point makes it.
fn address(vault: Option<&str>, domain: Option<&str>) -> Option<Url> {
    if let Some(vault) = vault.filter(|vault| !vault.is_empty()) {
        return Url::parse(vault).ok();
    }
    let domain = domain.filter(|domain| !domain.is_empty() && !SAMPLES.contains(domain))?;
    Url::parse(&format!("https://{domain}")).ok()
}

impl Read {
    /// Takes from the running container where licenses and log are on this machine, if no compose file told: a
    /// named volume is a folder of Docker's, which root may read.
    pub fn learn(&mut self, containers: &[Container]) {
        let Some(lite) = containers.iter().find(|container| container.lite) else { return };
        let seen = |path: &PathBuf| self.rights.run(|| fs::metadata(path).is_ok()).unwrap_or(false);
        if self.installation.api_log == ApiLog::InContainer
            && let Some(path) = lite.on_this_machine(Path::new(LITE_API_LOG)).filter(seen)
        {
            self.installation.api_log = ApiLog::File(path);
        }
        if self.installation.licenses.is_none()
            && let Some(folder) = lite.on_this_machine(Path::new(LICENSES)).filter(seen)
        {
            self.licenses = self.rights.run(|| installation::licenses(&folder)).unwrap_or_default();
            self.installation.licenses = Some(folder);
        }
    }
}
