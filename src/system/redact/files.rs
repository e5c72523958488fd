//! The files of an installation that Compose, the script or a container may quote: every env file that its compose
//! files name, those that the installer makes, and the compose files' own `environment`.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::domain::{action::Contents, installation::Installation};

use super::{
    super::{
        compose, compose_file,
        files::{ENV_FILE, read_bounded},
        installation::DOCUMENT,
    },
    Gathered, Redactor,
};

/// Env files that are read.
const FILES: usize = 200;

/// Knows the secrets of an installation; `env` is its env file as it was read. To be called with the rights that
/// the installation is read with: what cannot be read is left out.
pub(in crate::system) fn of_installation(installation: &Installation, env: &Contents) -> Redactor {
    let mut gathered = Gathered::default();
    gathered.env_file(env.bytes());
    let mut paths = BTreeSet::from([installation.env_file.clone()]);
    for path in compose::files(installation) {
        if let Ok(bytes) = read_bounded(&path, DOCUMENT).map(Contents::new) {
            gathered.lines(bytes.bytes());
        }
        paths.extend(path.parent().map(|dir| dir.join(".env")));
        let services = compose_file::read(&path).map(|file| file.services).unwrap_or_default();
        for service in services.into_values() {
            paths.extend(service.env_files);
            for (name, value) in &service.environment {
                gathered.setting(name, value.as_deref().unwrap_or_default());
            }
        }
    }
    let folders = [&installation.dir, &installation.bwdata];
    let named = |dir: &Path| [dir.join("settings.env"), dir.join(".env")];
    paths.extend(folders.iter().flat_map(|dir| named(dir)));
    paths.extend(["docker", "env"].iter().flat_map(|name| env_files(&installation.bwdata.join(name))));
    for path in paths.iter().take(FILES) {
        if let Ok(bytes) = read_bounded(path, ENV_FILE).map(Contents::new) {
            gathered.env_file(bytes.bytes());
        }
    }
    Redactor::knowing(gathered.secrets)
}

/// The env files of a folder.
fn env_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.filter(|path| path.extension().is_some_and(|extension| extension == "env")).take(FILES).collect()
}
