//! `samples/standard-us` made whole: laid out with the modes of its MODES.txt, a license, a script, and clouds and
//! a server that speak the protocol under their genuine names with a private authority.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use bwsync::tested::{
    domain::region::Region,
    simulator::{
        self, Running,
        cloud::{Installation, Standing, license},
        jwt,
        scenario::facts,
        server,
    },
};
use serde_json::Value;

use super::pty::environment;

/// Id and key of the sample's installation.
const INSTALLATION: (&str, &str) = ("3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34", "kT9mQ2xW7vLp4RzB8nYc");

/// The sample, its clouds and its server.
pub struct House {
    pub running: Running,
    /// The folder that holds `bwdata` and `bitwarden.sh`.
    pub dir: PathBuf,
    /// Whom it belongs to.
    pub owner: (u32, u32),
}

/// What a run of the binary gave.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The JSON object, held to its schema.
    pub fn json(&self, schema: &str) -> Value {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("assets/schema/{schema}.v1.json"));
        let schema: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        let object: Value = serde_json::from_str(&self.out).unwrap_or_else(|_| panic!("{self:?}"));
        if let Err(error) = jsonschema::validate(&schema, &object) {
            panic!("{error} at {}: {self:?}", error.instance_path());
        }
        assert_eq!(object["ok"], self.code == 0 || self.code == 10);
        object
    }

    /// Holds it to its exit code.
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        self
    }
}

impl std::fmt::Debug for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\n{}\n{}", self.code, self.out, self.err)
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code().unwrap_or(-1), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl House {
    /// Lays it out and starts everything.
    pub fn new() -> Self {
        let running = simulator::start("happy-us").unwrap();
        let dir = running.dir.clone();
        let found = fs::metadata(&dir).unwrap();
        let house = Self { running, dir, owner: (found.uid(), found.gid()) };
        for part in fs::read_dir(house.dir.join("bwdata")).unwrap() {
            let part = part.unwrap();
            // The server of the simulator writes its log already.
            if part.file_name() == "logs" {
            } else if part.path().is_dir() {
                fs::remove_dir_all(part.path()).unwrap();
            } else {
                fs::remove_file(part.path()).unwrap();
            }
        }
        house.lay();
        house.teach();
        house.license(facts::ORGANIZATION_ID, 0);
        house.running.server.bring_up().unwrap_or_else(|refused| panic!("line {}", refused.line));
        house
    }

    fn own(&self, path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        chown(path, Some(self.owner.0), Some(self.owner.1)).unwrap();
    }

    fn lay(&self) {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples/standard-us");
        let modes = fs::read_to_string(sample.join("MODES.txt")).unwrap();
        let kinds = ["dir ", "file"];
        for line in modes.lines().filter(|line| kinds.iter().any(|kind| line.starts_with(kind))) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let [kind, mode, _owner, path, ..] = words[..] else { panic!("{line}") };
            if words.last() == Some(&"(*)") {
                continue;
            }
            let to = self.dir.join(path);
            match kind {
                "dir" => fs::create_dir_all(&to).unwrap(),
                _ => drop(fs::copy(sample.join(path), &to).unwrap()),
            }
            self.own(&to, u32::from_str_radix(mode, 8).unwrap());
        }
        for path in ["core", "core/licenses", "core/licenses/organization"] {
            let path = self.dir.join("bwdata").join(path);
            fs::create_dir_all(&path).unwrap();
            self.own(&path, 0o755);
        }
    }

    fn teach(&self) {
        self.running.clouds.tables(Region::Us, |tables| {
            let (id, key) = (INSTALLATION.0.to_owned(), INSTALLATION.1.to_owned());
            tables.installations.push(Installation { id, key, standing: Standing::Enabled });
        });
    }

    /// A second organization in the cloud, with its license file here; its id on this server.
    pub fn second_organization(&self) -> &'static str {
        self.running.clouds.tables(Region::Us, |tables| {
            let mut second = tables.organizations[0].clone();
            second.id = "c3f7d0a4-b7f2-4c38-a914-b2e901703e8c".to_owned();
            second.name = "Example Holding".to_owned();
            second.license_key = "wK7mP3xT9vB5nQ1rZ8yJ".to_owned();
            tables.organizations.push(second);
        });
        let id = "aa5d1c02-93ab-4e6c-b0d5-b2e901705a1f";
        self.license(id, 1);
        id
    }

    /// A license file of the cloud's organization for this server's organization of this id.
    fn license(&self, organization: &str, number: usize) {
        let clouds = &self.running.clouds;
        let known = clouds.tables(Region::Us, |tables| tables.organizations[number].clone());
        let issued = clouds.now() - time::Duration::days(100);
        let document = license::document(&known, INSTALLATION.0, issued, clouds.license_signer());
        let Value::Object(document) = serde_json::to_value(&document).unwrap() else { panic!("no object") };
        let document = server::read(&document, false);
        let claims = document.get("Token").and_then(Value::as_str).and_then(jwt::claims);
        let text = server::file_text(&server::taken_over(&document, claims.as_ref()));
        let path = self.dir.join(format!("bwdata/core/licenses/organization/{organization}.json"));
        fs::write(&path, text).unwrap();
        self.own(&path, 0o644);
    }

    pub fn env_path(&self) -> PathBuf {
        self.dir.join("bwdata/env/global.override.env")
    }

    pub fn env_bytes(&self) -> Vec<u8> {
        fs::read(self.env_path()).unwrap()
    }

    /// Puts these bytes in the place of the env file.
    pub fn set_env(&self, bytes: impl AsRef<[u8]>) {
        fs::write(self.env_path(), bytes).unwrap();
    }

    /// The sample's env file with these lines at its end.
    pub fn add_env(&self, lines: &str) {
        let mut bytes = self.env_bytes();
        bytes.extend_from_slice(lines.as_bytes());
        self.set_env(bytes);
    }

    /// Where state is kept that belongs to the installation.
    pub fn state(&self) -> PathBuf {
        self.dir.join(".bwsync")
    }

    /// The binary with the flags that a person would give here.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin!("bwsync"));
        command.args(arguments).arg("--dir").arg(&self.dir);
        self.flags(&mut command);
        command
    }

    /// Everything but `--dir`.
    pub fn flags(&self, command: &mut Command) {
        command.arg("--cacert").arg(&self.running.cacert);
        for mapping in self.running.connect_to.split(',') {
            command.args(["--connect-to", mapping]);
        }
        command.env_clear().envs(environment()).stdin(Stdio::null());
    }

    /// Runs it, and sees that nothing of what it said is a secret.
    pub fn runs(&self, arguments: &[&str]) -> Ran {
        self.ran(&mut self.command(arguments))
    }

    /// The same for a command that is made already.
    pub fn ran(&self, command: &mut Command) -> Ran {
        let ran = Ran::from(command.output().unwrap());
        for secret in self.secrets() {
            assert!(!ran.out.contains(&secret) && !ran.err.contains(&secret), "{command:?} shows a secret");
        }
        ran
    }

    /// The variables for the wizard, without secrets.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let mut all = self.running.environment();
        all.retain(|(name, _)| matches!(*name, "BWSYNC_DIR" | "BWSYNC_CACERT" | "BWSYNC_CONNECT_TO"));
        all
    }

    /// Every secret of this installation: what stands in its env files, the license's, and those of the person.
    pub fn secrets(&self) -> Vec<String> {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/samples/standard-us/bwdata/env");
        let mut all: Vec<String> = ["global.override.env", "mssql.override.env"]
            .iter()
            .flat_map(|name| {
                let text = fs::read_to_string(sample.join(name)).unwrap();
                text.lines().filter_map(secret).collect::<Vec<_>>()
            })
            .collect();
        all.push("nG7dQw2LkZ8sVb4XyT1mRc9PfH3jUeA6".to_owned());
        all.push("w0rd-with-dollar".to_owned());
        all.extend(
            [facts::LICENSE_KEY, facts::USER_API_KEY, facts::BILLING_SYNC_TOKEN].map(ToOwned::to_owned),
        );
        all
    }
}

fn secret(line: &str) -> Option<String> {
    let (name, value) = line.split_once('=')?;
    let lower = name.to_ascii_lowercase();
    let is = ["key", "password", "connectionstring"].iter().any(|end| lower.ends_with(end));
    (is && value.len() > 8).then(|| value.trim_matches('"').to_owned())
}

/// Every file below a folder.
pub fn files(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir) else { return Vec::new() };
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
