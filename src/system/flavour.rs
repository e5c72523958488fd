//! What kind of installation a folder holds (`bitwarden.md` C), and those that bwsync leaves alone, with what to
//! set there.

use std::path::{Path, PathBuf};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::Flavour,
};

use super::{
    compose_file::{self, Service},
    files::{self, read_bounded},
    user,
};

/// Longest file that is looked into to recognise something, in bytes.
const LOOK: u64 = 1 << 20;

/// A server or a way to run one that bwsync changes nothing of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// Another server, which speaks to the same clients.
    Vaultwarden,
    /// Kubernetes by the official chart.
    Helm,
    /// The script for Windows.
    Windows,
}

/// The flavour of a folder whose `bwdata` is this one.
pub fn of_bwdata(dir: &Path, bwdata: &Path) -> Flavour {
    // A script that got lost is a fault of a standard installation; one that never was is another flavour.
    let script = files::exists(&dir.join("bitwarden.sh")) || files::exists(&bwdata.join("scripts"));
    if script { Flavour::Standard } else { Flavour::HandMade }
}

/// Whether the folder holds the lite edition: its service in a compose file, or a `settings.env` with its
/// settings. A marketplace machine has both editions' places, and says which in `.bw-edition`.
pub fn is_lite(dir: &Path) -> bool {
    let settings = dir.join("settings.env");
    if service(dir).is_some() {
        return true;
    }
    settings.is_file() && (edition(dir) == Some(Flavour::Lite) || has_lite_settings(&settings))
}

/// What `.bw-edition` of a marketplace machine says.
pub fn edition(dir: &Path) -> Option<Flavour> {
    let text = String::from_utf8(read_bounded(&dir.join(".bw-edition"), 4_096).ok()?).ok()?.to_lowercase();
    let lite = text.contains("lite") || text.contains("unified");
    lite.then_some(Flavour::Lite).or_else(|| text.contains("standard").then_some(Flavour::Standard))
}

fn has_lite_settings(path: &Path) -> bool {
    // One that may not be read may be anything: without a compose file or an edition beside it, nobody knows.
    let Ok(bytes) = read_bounded(path, LOOK) else { return false };
    let text = String::from_utf8_lossy(&bytes);
    text.lines().any(|line| line.starts_with("BW_") || line.starts_with("globalSettings__"))
}

/// The service of the lite edition in the folder's compose files, and the file that gives it its image.
pub(super) fn service(dir: &Path) -> Option<(PathBuf, Service)> {
    let files = compose_file::beside(dir).into_iter().filter_map(|path| compose_file::read(&path));
    files.into_iter().find_map(|file| {
        let mut services = file.services.into_iter();
        let (_, service) = services.find(|(name, service)| {
            service.image.as_deref().is_some_and(|image| is_lite_image(image, name))
        })?;
        Some((file.path, service))
    })
}

/// Whether an image is the lite edition's, also from a registry of one's own.
pub fn is_lite_image(image: &str, service: &str) -> bool {
    let path = image.split('@').next().unwrap_or_default().to_ascii_lowercase();
    let name = path.rsplit('/').next().and_then(|name| name.split(':').next()).unwrap_or_default();
    let named = path.contains("bitwarden") || service.to_ascii_lowercase().contains("bitwarden");
    named && matches!(name, "lite" | "self-host" | "unified" | "bitwarden-lite" | "bitwarden-unified")
}

/// Whether an image is Vaultwarden's.
pub fn is_vaultwarden_image(image: &str) -> bool {
    let image = image.to_ascii_lowercase();
    image.contains("vaultwarden") || image.contains("bitwardenrs/")
}

/// Recognises what bwsync does not set up.
pub fn foreign(dir: &Path) -> Option<Foreign> {
    let named = dir.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if is_vaultwarden(dir) {
        Some(Foreign::Vaultwarden)
    } else if dir.join("bitwarden.ps1").is_file() || named == "bitwarden.ps1" {
        Some(Foreign::Windows)
    } else if is_helm(dir) {
        Some(Foreign::Helm)
    } else {
        None
    }
}

fn is_vaultwarden(dir: &Path) -> bool {
    let images = compose_file::beside(dir).into_iter().filter_map(|path| compose_file::read(&path));
    let mut images = images.flat_map(|file| file.services.into_values().filter_map(|service| service.image));
    if images.any(|image| is_vaultwarden_image(&image)) {
        return true;
    }
    // Its data: a key of its own and a database beside it; the name of the key is its own.
    [dir.join("data"), dir.join("vw-data"), dir.to_owned()].iter().any(|data| {
        let key = data.join("rsa_key.pem").is_file() || data.join("rsa_key.der").is_file();
        let marks = [data.join("db.sqlite3"), data.join("config.json"), dir.join(".env")];
        key && marks.iter().any(|mark| mark.is_file())
    })
}

fn is_helm(dir: &Path) -> bool {
    let names = ["values.yaml", "my-values.yaml", "values.yml", "Chart.yaml"];
    let own = dir.is_file().then(|| dir.to_owned());
    let paths = names.iter().map(|name| dir.join(name)).chain(own);
    paths.filter_map(|path| read_bounded(&path, LOOK).ok()).any(|bytes| {
        let text = String::from_utf8_lossy(&bytes);
        // Settings of the official chart, and the chart's own name.
        let settings = ["enableCloudCommunication:", "cloudRegion:", "sharedStorageClassName:"];
        settings.iter().any(|setting| text.contains(setting))
            || text.contains("name: self-host") && text.to_ascii_lowercase().contains("bitwarden")
    })
}

impl Foreign {
    /// What it means that this was found at `path`: `install.not_bitwarden`, or `install.unsupported_flavour`
    /// with what to set there; nothing is changed.
    pub fn finding(self, path: &Path) -> Finding {
        let shown = path.to_string_lossy();
        match self {
            Self::Vaultwarden => {
                Finding::new(Cause::InstallNotBitwarden).with("path", shown).with("note", "vaultwarden")
            }
            // The chart makes the three addresses of the EU itself, and compares the region's letters exactly.
            Self::Helm => Finding::new(Cause::InstallUnsupportedFlavour)
                .with("path", shown)
                .with("note", "helm")
                .with("expected", "general.enableCloudCommunication: true, general.cloudRegion: US | EU")
                .command(AdviceCode::SetElsewhere, "helm upgrade RELEASE bitwarden/self-host -n NAMESPACE -f values.yaml --set general.enableCloudCommunication=true")
                .command(AdviceCode::RestartServer, "kubectl rollout restart deployment -n NAMESPACE"),
            Self::Windows => Finding::new(Cause::InstallUnsupportedFlavour)
                .with("path", shown)
                .with("note", "windows")
                .with("expected", "globalSettings__enableCloudCommunication=true")
                .command(AdviceCode::SetElsewhere, r"notepad bwdata\env\global.override.env")
                .command(AdviceCode::RestartServer, r".\bitwarden.ps1 -restart"),
        }
    }
}

/// The commands that restart an installation by Compose so that it reads its env file anew; a mere `restart`
/// of containers does not.
pub(super) fn compose_up(program: &str, files: &[PathBuf], nginx: bool) -> Vec<String> {
    let files: String = files.iter().map(|file| format!(" -f {}", user::quote_path(file))).collect();
    let up = format!("{program}{files} up -d");
    let nginx = nginx.then(|| format!("{program}{files} restart nginx"));
    std::iter::once(up).chain(nginx).collect()
}
