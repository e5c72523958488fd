//! Docker Compose on the installation's own files, as the script would call it: the same project, because it is
//! named after the folder of the compose file (`bitwarden.md` F9).

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::{Flavour, Installation},
    restart,
};

use super::{
    compose_file,
    containers::{failed, refused},
    flavour,
    process::{Call, CallError, Captured, Runner},
    user,
};

/// Longest wait for images.
const PULL: Duration = Duration::from_secs(45 * 60);
/// Longest wait for anything else.
const WAIT: Duration = Duration::from_secs(30);

/// Which Compose this machine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// The plugin: `docker compose`.
    V2 {
        /// Its version, as in `2.39.3`.
        version: String,
    },
    /// The older program: `docker-compose`.
    V1 {
        /// Its version.
        version: String,
    },
}

impl Kind {
    /// How it is called.
    pub fn program(&self) -> &'static str {
        match self {
            Self::V2 { .. } => "docker compose",
            Self::V1 { .. } => "docker-compose",
        }
    }
}

impl fmt::Display for Kind {
    /// With its version.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::V2 { version } | Self::V1 { version }) = self;
        write!(f, "{} {version}", self.program())
    }
}

/// Compose on the files of one installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compose {
    /// Which one.
    pub kind: Kind,
    /// The compose file, and the override file where there is one.
    pub files: Vec<PathBuf>,
    dir: PathBuf,
    /// Whether nginx is a service of its own; the lite edition has it inside.
    nginx: bool,
}

/// Finds out which Compose there is, the plugin first, as the script does.
pub async fn detect(runner: &Runner, installation: &Installation) -> Option<Compose> {
    let files = files(installation);
    let dir = installation.dir.clone();
    let nginx = installation.flavour != Flavour::Lite;
    let version = |answer: Result<Captured, CallError>| {
        let answer = answer.ok().filter(|answer| answer.code == 0)?;
        let text = String::from_utf8_lossy(&answer.stdout);
        Some(crate::domain::outside::clean(text.trim()).trim_start_matches('v').to_owned())
    };
    let plugin = Call::new("docker", ["compose", "version", "--short"]).limit(WAIT);
    if let Some(version) = version(runner.capture(&plugin, 1_000).await) {
        return Some(Compose { kind: Kind::V2 { version }, files, dir, nginx });
    }
    let program = Call::new("docker-compose", ["version", "--short"]).limit(WAIT);
    let version = version(runner.capture(&program, 1_000).await)?;
    Some(Compose { kind: Kind::V1 { version }, files, dir, nginx })
}

/// The compose files of an installation, in the order in which the script gives them; none where it has none
/// that is known (a lite container started by hand).
pub fn files(installation: &Installation) -> Vec<PathBuf> {
    let docker = installation.bwdata.join("docker");
    let main = docker.join("docker-compose.yml");
    if installation.flavour == Flavour::Lite || installation.flavour == Flavour::HandMade && !main.is_file() {
        return compose_file::beside(&installation.dir);
    }
    let extra = docker.join("docker-compose.override.yml");
    let mut files = vec![main];
    if extra.is_file() {
        files.push(extra);
    }
    files
}

/// The commands that bring a server up that a failed pull left down: containers from the images that are here,
/// then nginx, which keeps old addresses (design §11); by the Compose that answered, if one did. The lite edition has its nginx inside, and where it was
/// started by hand without Compose, nobody knows the command.
pub fn commands_up(installation: &Installation, kind: Option<&Kind>) -> Vec<String> {
    let files = files(installation);
    if files.is_empty() {
        return Vec::new();
    }
    let nginx = installation.flavour != Flavour::Lite;
    flavour::compose_up(kind.map_or_else(likely, Kind::program), &files, nginx)
}

/// The commands that restart this installation so that it reads its settings anew, as a person would run them.
pub fn restart_commands(installation: &Installation, kind: Option<&Kind>) -> Vec<String> {
    if installation.flavour == Flavour::Standard {
        vec![super::restart::command(installation)]
    } else {
        commands_up(installation, kind)
    }
}

/// How Compose is likely called here, where none answered this user: the plugin where it lies in one of its folders,
/// or where nothing is known of it.
fn likely() -> &'static str {
    const FOLDERS: [&str; 5] = [
        "/usr/local/lib/docker/cli-plugins",
        "/usr/local/libexec/docker/cli-plugins",
        "/usr/lib/docker/cli-plugins",
        "/usr/libexec/docker/cli-plugins",
        ".docker/cli-plugins",
    ];
    let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let plugin = FOLDERS.iter().any(|folder| home.join(folder).join("docker-compose").exists());
    let path = std::env::var_os("PATH").unwrap_or_default();
    let older = || std::env::split_paths(&path).any(|dir| dir.join("docker-compose").is_file());
    if !plugin && older() { "docker-compose" } else { "docker compose" }
}

impl Compose {
    fn call(&self, args: &[&str], limit: Duration) -> Call {
        let (program, first) = match self.kind {
            Kind::V2 { .. } => ("docker", Some("compose".to_owned())),
            Kind::V1 { .. } => ("docker-compose", None),
        };
        let files = self.files.iter().flat_map(|file| ["-f".to_owned(), path_word(file)]);
        let words = first.into_iter().chain(files).chain(args.iter().map(ToString::to_string));
        Call::new(program, words).within(&self.dir).env("COMPOSE_HTTP_TIMEOUT", "300").limit(limit)
    }

    /// A command of Compose on these files, to be copied.
    pub fn line(&self, args: &[&str]) -> String {
        user::command_line(&self.call(args, WAIT).words())
    }

    /// Whether Compose would start with the env file as it is.
    ///
    /// # Errors
    /// `restart.env_refused` with Compose's words, without what it quotes of the file;
    /// `restart.docker_unreachable` where it could not be run.
    pub async fn config_quiet(&self, runner: &Runner) -> Result<(), Finding> {
        let call = self.call(&["config", "-q"], WAIT);
        match runner.capture(&call, 1_000).await {
            Ok(answer) if answer.code == 0 => Ok(()),
            Ok(answer) => Err(env_refused(&answer.said)),
            Err(error) => Err(failed(&error, runner)),
        }
    }

    /// Pulls the images while the server runs, telling each line.
    ///
    /// # Errors
    /// `restart.env_refused` where Compose refuses the file as it is, `restart.docker_unreachable`,
    /// `restart.disk_full`, `restart.registry_refused`, `restart.registry_unreachable`, else
    /// `restart.compose_failed`.
    pub async fn pull(
        &self,
        runner: &Runner,
        on_line: &mut (dyn FnMut(String) + Send),
    ) -> Result<(), Finding> {
        let said = match runner.follow(&self.call(&["pull"], PULL), on_line).await {
            Ok(answer) if answer.code == 0 => return Ok(()),
            Ok(answer) => answer.said,
            Err(error) => vec![error.to_string()],
        };
        self.config_quiet(runner).await?;
        if daemon_is_silent(&said) {
            return Err(refused(&said, runner));
        }
        Err(no_images(&said).advise(AdviceCode::WriteOnly))
    }

    /// What makes the containers anew whose settings changed, from the images that are here, and then restarts
    /// nginx: one after the other, as long as each ends well.
    pub fn up(&self) -> Vec<Call> {
        let nginx: Option<&[&str]> = self.nginx.then_some(&["restart", "nginx"]);
        std::iter::once(["up", "-d"].as_slice()).chain(nginx).map(|args| self.call(args, WAIT)).collect()
    }
}

fn path_word(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// What Compose said of an env file: its words, and line and column where they name them.
fn env_refused(said: &[String]) -> Finding {
    let words = last_words(said);
    let line =
        words.split("line ").nth(1).map(|rest| rest.chars().take_while(char::is_ascii_digit).collect());
    let line: Option<String> = line.filter(|line: &String| !line.is_empty());
    let finding =
        Finding::new(Cause::RestartEnvRefused).with("message", words).advise(AdviceCode::FixEnvFile);
    match line {
        Some(line) => finding.with("line", line),
        None => finding,
    }
}

/// The last line that says something; Compose puts its reason there.
fn last_words(said: &[String]) -> String {
    said.iter().rev().find(|line| line.chars().any(char::is_alphabetic)).cloned().unwrap_or_default()
}

/// Compose 2 says so of each pull that it cancelled, too, while the daemon answers (`bitwarden.md` A8): one place
/// knows how to tell.
fn daemon_is_silent(said: &[String]) -> bool {
    restart::why(said, false) == Some(Cause::RestartDockerUnreachable)
}

/// Why images do not come while the daemon answers, with Compose's words.
fn no_images(said: &[String]) -> Finding {
    let cause = match restart::no_images(said) {
        _ if no_space(said) => Cause::RestartDiskFull,
        found => found.unwrap_or(Cause::RestartComposeFailed),
    };
    let finding = Finding::new(cause).with("message", last_words(said));
    match (cause, registry(said)) {
        (Cause::RestartDiskFull, _) => finding.advise(AdviceCode::FreeDisk),
        (Cause::RestartRegistryRefused, _) => finding.advise(AdviceCode::WaitAndRetry),
        (Cause::RestartRegistryUnreachable, Some(host)) => {
            finding.with("host", host).advise(AdviceCode::OpenFirewall)
        }
        _ => finding,
    }
}

fn no_space(said: &[String]) -> bool {
    said.iter().any(|line| line.to_ascii_lowercase().contains("no space left"))
}

/// The registry that Docker names in its error (`Get "https://ghcr.io/v2/": dial tcp …`).
fn registry(said: &[String]) -> Option<String> {
    let url = said.iter().rev().find_map(|line| line.split("https://").nth(1))?;
    let host = url.split(['/', '"', ' ', ':']).next()?;
    (!host.is_empty()).then(|| host.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_is_taken_from_what_compose_says() {
        let said = |lines: &[&str]| lines.iter().map(ToString::to_string).collect::<Vec<_>>();
        let refused =
            env_refused(&said(&["failed to read /x/global.override.env: line 5: unexpected near …"]));
        assert_eq!(refused.evidence.get("line"), Some("5"));
        let unreachable = said(&[r#"Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host"#]);
        assert_eq!(registry(&unreachable).as_deref(), Some("ghcr.io"));
        assert!(daemon_is_silent(&said(&[
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock."
        ])));
        assert!(!daemon_is_silent(&unreachable));
        assert!(!daemon_is_silent(&said(&[
            r#" api Error Get "https://ghcr.io/v2/": dial tcp 10.0.0.1:443: connect: connection refused"#,
            " web Error Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
            r#"Error response from daemon: Get "https://ghcr.io/v2/": dial tcp 10.0.0.1:443: connect: connection refused"#,
        ])));
        assert!(no_space(&said(&["write /var/lib/docker/x: no space left on device"])));
    }
}
