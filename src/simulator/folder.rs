//! The temporary installation: a folder as the installer leaves it, with a license, a script that restarts the
//! simulated server, and the files that a person would have at hand (`samples/standard-us`, `MODES.txt`).

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use tempfile::TempDir;

use super::{
    scenario::{Certificate, Scenario, facts},
    server::control::Control,
};
use crate::domain::region::CloudHost;

/// Who owns an installation that root lays out: the user that the standard deployment makes.
const BITWARDEN_USER: (u32, u32) = (1001, 1001);

/// The files of a fresh installation: path below the folder, mode, text.
const FILES: [(&str, u32, &str); 10] = [
    ("bwdata/config.yml", 0o644, include_str!("../../assets/simulator/bwdata/config.yml")),
    (
        "bwdata/docker/docker-compose.yml",
        0o644,
        include_str!("../../assets/simulator/bwdata/docker/docker-compose.yml"),
    ),
    ("bwdata/docker/global.env", 0o600, include_str!("../../assets/simulator/bwdata/docker/global.env")),
    ("bwdata/docker/mssql.env", 0o600, include_str!("../../assets/simulator/bwdata/docker/mssql.env")),
    (
        "bwdata/env/global.override.env",
        0o600,
        include_str!("../../assets/simulator/bwdata/env/global.override.env"),
    ),
    (
        "bwdata/env/mssql.override.env",
        0o600,
        include_str!("../../assets/simulator/bwdata/env/mssql.override.env"),
    ),
    ("bwdata/env/uid.env", 0o644, include_str!("../../assets/simulator/bwdata/env/uid.env")),
    ("bwdata/web/app-id.json", 0o644, include_str!("../../assets/simulator/bwdata/web/app-id.json")),
    ("bwdata/scripts/run.sh", 0o700, "#!/bin/sh\n# The simulator needs no second script.\n"),
    ("bitwarden.sh", 0o744, include_str!("../../assets/simulator/bitwarden.sh")),
];

/// Folders of an installation that was started once.
const FOLDERS: [&str; 21] = [
    "",
    "bwdata",
    "bwdata/ca-certificates",
    "bwdata/core",
    "bwdata/core/attachments",
    "bwdata/core/licenses",
    "bwdata/core/licenses/organization",
    "bwdata/docker",
    "bwdata/env",
    "bwdata/identity",
    "bwdata/letsencrypt",
    "bwdata/logs",
    "bwdata/logs/api",
    "bwdata/logs/api/Api",
    "bwdata/logs/identity",
    "bwdata/logs/identity/Identity",
    "bwdata/logs/nginx",
    "bwdata/nginx",
    "bwdata/scripts",
    "bwdata/ssl",
    "bwdata/web",
];

/// What the folder holds that is made anew at every start.
pub struct Papers<'a> {
    /// The simulator's CA as PEM.
    pub ca_pem: &'a str,
    /// The server's certificate as PEM; laid where the installer lays it if it made it itself.
    pub server_pem: &'a str,
    /// The license file's text.
    pub license: &'a str,
}

/// The installation and what lies beside it; removed with everything in it when dropped.
pub struct Folder {
    /// Held for its end.
    _temporary: TempDir,
    /// The folder that holds `bwdata` and `bitwarden.sh`.
    pub dir: PathBuf,
    /// Whom it belongs to, where that is another user than this process's.
    pub owner: Option<(u32, u32)>,
    /// For `--state-dir`.
    pub state_dir: PathBuf,
    /// For `--cacert`.
    pub cacert: PathBuf,
    /// For `--token-file`.
    pub token_file: PathBuf,
    /// For `--api-key-file`.
    pub api_key_file: PathBuf,
    /// The script's way to the server.
    pub control: Control,
}

impl Folder {
    /// `bwdata`
    pub fn bwdata(&self) -> PathBuf {
        self.dir.join("bwdata")
    }
}

/// Lays everything out. Blocks: call it before the server runs or on a thread for it.
///
/// # Errors
/// What the file system says.
pub fn lay(scenario: &Scenario, papers: &Papers<'_>) -> io::Result<Folder> {
    let temporary = tempfile::Builder::new().prefix("bwsync-demo-").tempdir()?;
    let root = temporary.path().canonicalize()?;
    let owner = rustix::process::getuid().is_root().then_some(BITWARDEN_USER);
    // A root that may give nothing away (some containers) keeps it.
    let owner = owner.filter(|(uid, gid)| may_give(&root, *uid, *gid));
    // Another owner has to get through to his own folder; the secrets beside it have modes of their own.
    let mode = if owner.is_some() { 0o711 } else { 0o700 };
    fs::set_permissions(&root, fs::Permissions::from_mode(mode))?;
    let dir = root.join("bitwarden");
    let install = Layer { dir: dir.clone(), owner };
    for folder in FOLDERS {
        install.folder(folder)?;
    }
    for (path, mode, text) in FILES {
        install.file(path, mode, &filled(text, scenario, owner))?;
    }
    let license = format!("bwdata/core/licenses/organization/{}.json", facts::ORGANIZATION_ID);
    install.file(&license, 0o644, papers.license)?;
    certificate(&install, scenario, papers)?;
    let beside = Layer { dir: root.clone(), owner: None };
    beside.file("ca.pem", 0o644, papers.ca_pem)?;
    beside.file("token", 0o600, &format!("{}\n", scenario.token()))?;
    let key = format!("BW_CLIENTID=user.{}\nBW_CLIENTSECRET={}\n", facts::USER_ID, facts::USER_API_KEY);
    beside.file("api-key.env", 0o600, &key)?;
    let state = Layer { dir: root.join("state"), owner };
    state.folder("")?;
    fs::set_permissions(&state.dir, fs::Permissions::from_mode(0o700))?;
    let control = Control::make(&dir, owner)?;
    Ok(Folder {
        dir,
        owner,
        state_dir: state.dir,
        cacert: root.join("ca.pem"),
        token_file: root.join("token"),
        api_key_file: root.join("api-key.env"),
        control,
        _temporary: temporary,
    })
}

fn may_give(root: &Path, uid: u32, gid: u32) -> bool {
    let probe = root.join("probe");
    let given = fs::write(&probe, "").and_then(|()| chown(&probe, Some(uid), Some(gid)));
    fs::remove_file(&probe).and(given).is_ok()
}

/// An own certificate's folder is made empty by the installer; the one it makes itself lies in `ssl/self`.
fn certificate(install: &Layer, scenario: &Scenario, papers: &Papers<'_>) -> io::Result<()> {
    let name = facts::SERVER_NAME;
    match scenario.certificate {
        Certificate::Issued => {
            install.folder(&format!("bwdata/ssl/{name}"))?;
        }
        Certificate::SelfSigned => {
            install.folder("bwdata/ssl/self")?;
            install.folder(&format!("bwdata/ssl/self/{name}"))?;
            let path = format!("bwdata/ssl/self/{name}/certificate.crt");
            install.file(&path, 0o644, papers.server_pem)?;
        }
    }
    Ok(())
}

/// A file's text with the scenario's values in the places for them.
fn filled(text: &str, scenario: &Scenario, owner: Option<(u32, u32)>) -> String {
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
    if text.contains("globalSettings__installation__id=") {
        text.push_str(&added(scenario));
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
    lines
}

/// Files below one folder that belong to one user, whatever the umask is.
struct Layer {
    dir: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Layer {
    fn folder(&self, path: &str) -> io::Result<()> {
        let path = self.dir.join(path);
        fs::DirBuilder::new().mode(0o755).create(&path)?;
        self.finish(&path, 0o755)
    }

    fn file(&self, path: &str, mode: u32, text: &str) -> io::Result<()> {
        use std::io::Write;
        let path = self.dir.join(path);
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(mode).open(&path)?;
        file.write_all(text.as_bytes())?;
        self.finish(&path, mode)
    }

    fn finish(&self, path: &Path, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        match self.owner {
            Some((uid, gid)) => chown(path, Some(uid), Some(gid)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::*;

    const PAPERS: Papers<'_> = Papers { ca_pem: "ca\n", server_pem: "server\n", license: "{}" };

    #[test]
    fn no_place_stays_empty_and_modes_are_those_of_an_installation() {
        for scenario in Scenario::all() {
            let folder = lay(&scenario, &PAPERS).unwrap();
            for (path, mode, _) in FILES {
                let file = folder.dir.join(path);
                assert!(!fs::read_to_string(&file).unwrap().contains("ID@"), "{path}");
                let found = fs::metadata(&file).unwrap();
                assert_eq!(found.mode() & 0o7777, mode, "{path}");
                if let Some((uid, _)) = folder.owner {
                    assert_eq!(found.uid(), uid, "{path}");
                }
            }
            for secret in [&folder.token_file, &folder.api_key_file] {
                assert_eq!(fs::metadata(secret).unwrap().mode() & 0o7777, 0o600);
            }
            let env = fs::read_to_string(folder.bwdata().join("env/global.override.env")).unwrap();
            let added = env.matches("bitwarden.eu").count();
            assert_eq!(added, if scenario.env.uris.is_some() { 3 } else { 0 }, "{}", scenario.name);
            let dir = folder.dir.clone();
            drop(folder);
            assert!(!dir.exists());
        }
    }
}
