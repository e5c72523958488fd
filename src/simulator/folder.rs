//! The temporary installation: a folder as the installer leaves it, with a license, a script that restarts the
//! simulated server, and the files that a person would have at hand (`samples/standard-us`, `MODES.txt`).

use std::{
    fs, io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

use super::{
    papers::filled,
    root::Root,
    scenario::{Certificate, EnvShape, Flavour, Scenario, Script, facts},
    server::{
        Layout,
        control::{Control, Stage},
    },
};

/// Who owns an installation that root lays out: the user that the standard deployment makes.
const BITWARDEN_USER: (u32, u32) = (1001, 1001);

/// A file: path below the folder, mode, text.
type Text = (&'static str, u32, &'static str);

/// The files of a fresh standard installation.
const FILES: [Text; 10] = [
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

/// The files of the lite edition.
const LITE_FILES: [Text; 2] = [
    ("settings.env", 0o600, include_str!("../../assets/simulator/lite/settings.env")),
    ("docker-compose.yml", 0o644, include_str!("../../assets/simulator/lite/docker-compose.yml")),
];

/// Folders of a lite edition that was started once.
const LITE_FOLDERS: [&str; 5] = ["", "data", "data/licenses", "data/licenses/organization", "logs"];

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
    _root: Root,
    /// The folder that holds `bwdata` and `bitwarden.sh`.
    pub dir: PathBuf,
    /// A home folder, for where bwsync looks in one; with an installation of its own where there are two.
    pub home: PathBuf,
    /// Where the stand-ins for `docker` and `docker-compose` lie.
    pub bin: PathBuf,
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

    /// Where the server has its files.
    pub fn layout(&self, scenario: &Scenario) -> Layout {
        match scenario.flavour {
            Flavour::Standard | Flavour::HandMade => Layout::standard(&self.bwdata()),
            Flavour::Lite => Layout::lite(&self.dir),
        }
    }

    /// What script and `docker` act on.
    pub fn stage(&self, scenario: &Scenario) -> Stage {
        let (dir, flavour, restart) = (self.dir.clone(), scenario.flavour, scenario.restart);
        let text = fs::read_to_string(dir.join(flavour.env_file())).unwrap_or_default();
        Stage { dir, flavour, restart, text }
    }

    /// What happens to the files between the server's last start and the beginning of the scenario.
    ///
    /// # Errors
    /// What the file system says.
    pub fn age(&self, scenario: &Scenario) -> io::Result<()> {
        if scenario.env.shape != EnvShape::Unparsable {
            return Ok(());
        }
        let path = self.dir.join(scenario.flavour.env_file());
        let text = fs::read_to_string(&path)?;
        // In place: owner and mode stay.
        fs::write(path, text.replace("__mail__smtp__password=", "__mail__smtp__password=\""))
    }
}

/// Lays everything out. Blocks: call it before the server runs or on a thread for it.
///
/// # Errors
/// What the file system says.
pub fn lay(scenario: &Scenario, papers: &Papers<'_>) -> io::Result<Folder> {
    let temporary = Root::make()?;
    let root = temporary.path().canonicalize()?;
    let owner = rustix::process::getuid().is_root().then_some(BITWARDEN_USER);
    // A root that may give nothing away (some containers) keeps it.
    let owner = owner.filter(|(uid, gid)| may_give(&root, *uid, *gid));
    // Another owner has to get through to his own folder; the secrets beside it have modes of their own.
    let mode = if owner.is_some() { 0o711 } else { 0o700 };
    fs::set_permissions(&root, fs::Permissions::from_mode(mode))?;
    let (dir, home) = (root.join("bitwarden"), root.join("home"));
    install(&Layer { dir: dir.clone(), owner }, scenario, papers)?;
    if scenario.two_installations {
        install(&Layer { dir: home.clone(), owner }, scenario, papers)?;
    } else {
        Layer { dir: home.clone(), owner }.folder("")?;
    }
    let beside = Layer { dir: root.clone(), owner: None };
    beside.file("ca.pem", 0o644, papers.ca_pem)?;
    beside.file("token", 0o600, &format!("{}\n", scenario.token()))?;
    let key = format!("BW_CLIENTID=user.{}\nBW_CLIENTSECRET={}\n", facts::USER_ID, facts::USER_API_KEY);
    beside.file("api-key.env", 0o600, &key)?;
    let state = Layer { dir: root.join("state"), owner };
    state.folder("")?;
    fs::set_permissions(&state.dir, fs::Permissions::from_mode(0o700))?;
    let control = Control::make(&dir, owner)?;
    let bin = stand_ins(&beside, &dir, scenario)?;
    Ok(Folder {
        dir,
        home,
        bin,
        owner,
        state_dir: state.dir,
        cacert: root.join("ca.pem"),
        token_file: root.join("token"),
        api_key_file: root.join("api-key.env"),
        control,
        _root: temporary,
    })
}

/// One installation.
fn install(install: &Layer, scenario: &Scenario, papers: &Papers<'_>) -> io::Result<()> {
    let lite = scenario.flavour == Flavour::Lite;
    for folder in if lite { &LITE_FOLDERS[..] } else { &FOLDERS } {
        if scenario.flavour != Flavour::HandMade || *folder != "bwdata/scripts" {
            install.folder(folder)?;
        }
    }
    for (path, mode, text) in files(scenario) {
        install.file(path, mode, &filled(text, scenario, install.owner))?;
    }
    let licenses = if lite { "data/licenses/organization" } else { "bwdata/core/licenses/organization" };
    install.file(&format!("{licenses}/{}.json", facts::ORGANIZATION_ID), 0o644, papers.license)?;
    if lite { Ok(()) } else { certificate(install, scenario, papers) }
}

/// The files of a scenario's installation.
fn files(scenario: &Scenario) -> Vec<Text> {
    let all: &[Text] = if scenario.flavour == Flavour::Lite { &LITE_FILES } else { &FILES };
    let odd = |(path, mode, text): Text| match (path, scenario.flavour, scenario.script) {
        ("bitwarden.sh" | "bwdata/scripts/run.sh", Flavour::HandMade, _) => None,
        ("bitwarden.sh", _, Script::Html) => {
            Some((path, mode, include_str!("../../assets/simulator/odd/page.html")))
        }
        ("bwdata/scripts/run.sh", _, Script::AsksInTheMiddle) => {
            Some((path, mode, include_str!("../../assets/simulator/odd/asking-run.sh")))
        }
        _ => Some((path, mode, text)),
    };
    all.iter().copied().filter_map(odd).collect()
}

/// The stand-ins for `docker` and `docker-compose`, in a folder for `PATH`: in every scenario, so that none ever
/// reaches the Docker of this machine. Where the scenario has none they say that they are not there.
fn stand_ins(beside: &Layer, dir: &Path, scenario: &Scenario) -> io::Result<PathBuf> {
    let control = dir.join(".simulator");
    let none = include_str!("../../assets/simulator/no-docker");
    let docker = if scenario.docker { include_str!("../../assets/simulator/docker") } else { none };
    beside.folder("bin")?;
    beside.file("bin/docker", 0o755, &docker.replace("@CONTROL@", &control.to_string_lossy()))?;
    beside.file("bin/docker-compose", 0o755, none)?;
    Ok(beside.dir.join("bin"))
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
            for (path, mode, _) in files(&scenario) {
                let file = folder.dir.join(path);
                assert!(!fs::read_to_string(&file).unwrap().contains("ID@"), "{path}");
                let found = fs::metadata(&file).unwrap();
                assert_eq!(found.mode() & 0o7777, mode, "{path}");
                if let Some((uid, _)) = folder.owner {
                    assert_eq!(found.uid(), uid, "{path}");
                }
            }
            for program in ["docker", "docker-compose"] {
                let found = fs::metadata(folder.bin.join(program)).unwrap();
                assert_eq!(found.mode() & 0o7777, 0o755, "{}: {program}", scenario.name);
            }
            for secret in [&folder.token_file, &folder.api_key_file] {
                assert_eq!(fs::metadata(secret).unwrap().mode() & 0o7777, 0o600);
            }
            let env = fs::read_to_string(folder.dir.join(scenario.flavour.env_file())).unwrap();
            let added = env.matches("bitwarden.eu").count();
            assert_eq!(added, if scenario.env.uris.is_some() { 3 } else { 0 }, "{}", scenario.name);
            let dir = folder.dir.clone();
            drop(folder);
            assert!(!dir.exists());
        }
    }
}
