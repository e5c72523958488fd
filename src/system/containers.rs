//! What Docker says about this installation's containers: found by their mounts, not by their names, since two
//! installations may share a machine (design §11).

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use serde::Deserialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};
use zeroize::Zeroizing;

use crate::domain::check::{AdviceCode, Cause, Finding};

use super::{
    compose_file, flavour,
    installation::tag_of,
    process::{Call, CallError, Captured, Runner},
    user,
};

/// Containers of the machine that are looked at.
const CONTAINERS: usize = 500;
/// Longest answer of `docker inspect`, in bytes.
const ANSWER: usize = 16 << 20;
/// The exit code of a shell that finds no program.
const NOT_FOUND: i32 = 127;
/// Longest wait for Docker.
const WAIT: Duration = Duration::from_secs(15);
/// Only what is used leaves Docker; the environment is asked for separately, of one container.
const FORMAT: &str = r#"{"id":{{json .Id}},"name":{{json .Name}},"image":{{json .Config.Image}},"labels":{{json .Config.Labels}},"mounts":{{json .Mounts}},"state":{{json .State}},"restarts":{{json .RestartCount}}}"#;

/// Whether Docker can be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Docker {
    /// There is no `docker` command: what needs it is skipped, and the script is tried.
    Missing,
    /// It is there and does not answer: `restart.docker_unreachable`.
    Refuses(Finding),
    /// It answers, and this is the engine's version.
    Answers(String),
}

/// How Docker judges a container's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Health {
    /// Still starting.
    Starting,
    /// Good.
    Healthy,
    /// Not.
    Unhealthy,
}

/// A container of this installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// Its name, without the slash.
    pub name: String,
    /// Its service in Compose, as in `api`.
    pub service: String,
    /// Tag of its image.
    pub version: Option<String>,
    /// Its image.
    pub image: String,
    /// Whether it is the lite edition: all services in one.
    pub lite: bool,
    /// Folders of this machine, and where it sees them.
    pub mounts: Vec<(PathBuf, PathBuf)>,
    /// Whether it runs; one that Docker starts again and again does not.
    pub running: bool,
    /// Whether Docker is about to start it again.
    pub restarting: bool,
    /// How often Docker has started it again since it was made.
    pub restarts: u64,
    /// Its health, where it has a check.
    pub health: Option<Health>,
    /// The exit code of one that does not run.
    pub exit_code: Option<i64>,
    /// When it was last started.
    pub started: Option<OffsetDateTime>,
}

/// Asks Docker for its version.
pub async fn docker(runner: &Runner) -> Docker {
    let call = Call::new("docker", ["version", "--format", "{{.Server.Version}}"]).limit(WAIT);
    match runner.capture(&call, 1_000).await {
        Err(CallError::Missing) => Docker::Missing,
        // A stub in place of a program that is not installed says it as a shell does.
        Ok(answer) if answer.code == NOT_FOUND => Docker::Missing,
        Ok(answer) if answer.code == 0 => {
            let version = String::from_utf8_lossy(&answer.stdout);
            Docker::Answers(crate::domain::outside::clean(version.trim()))
        }
        Ok(answer) => Docker::Refuses(refused(&answer.said, runner)),
        Err(error) => Docker::Refuses(failed(&error, runner)),
    }
}

/// `restart.docker_unreachable` with Docker's last words.
pub(super) fn refused(said: &[String], runner: &Runner) -> Finding {
    let words = said.last().cloned().unwrap_or_default();
    let rights = words.to_ascii_lowercase().contains("permission denied");
    let finding = Finding::new(Cause::RestartDockerUnreachable).with("message", words);
    if rights {
        let name = match runner.rights().taken_from() {
            Some(owner) => owner.to_string(),
            None => user::owner(rustix::process::geteuid().as_raw(), 0).to_string(),
        };
        finding.command(AdviceCode::GiveDockerRights, format!("sudo usermod -aG docker {name}"))
    } else {
        finding.command(AdviceCode::LookAtLogs, "systemctl status docker")
    }
}

/// The containers whose mounts lie in this `bwdata`, running or not.
///
/// # Errors
/// `restart.docker_unreachable` where Docker does not answer.
pub async fn containers(runner: &Runner, bwdata: &Path) -> Result<Vec<Container>, Finding> {
    let bwdata = bwdata.to_owned();
    let answer = inspect(runner, true).await?;
    let parse = move || parse(&answer, &bwdata);
    Ok(tokio::task::spawn_blocking(parse).await.unwrap_or_default())
}

/// What Docker says of all containers, or of those that run: a line of [`FORMAT`] each.
pub(super) async fn inspect(runner: &Runner, all: bool) -> Result<Vec<u8>, Finding> {
    let words = ["ps", "--quiet", "--no-trunc"].into_iter().chain(all.then_some("--all"));
    let list = Call::new("docker", words).limit(WAIT);
    let listed = ask(runner, &list).await?;
    let text = String::from_utf8_lossy(&listed.stdout);
    let is_id = |id: &&str| !id.is_empty() && id.chars().all(|c| c.is_ascii_hexdigit());
    let ids: Vec<&str> = text.lines().map(str::trim).filter(is_id).take(CONTAINERS).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let words = ["inspect", "--format", FORMAT].into_iter().chain(ids);
    // One that went away in between makes `inspect` fail as a whole and still tells of the others.
    let answer = runner
        .capture(&Call::new("docker", words).limit(WAIT), ANSWER)
        .await
        .map_err(|error| failed(&error, runner))?;
    Ok(answer.stdout)
}

/// These settings of a container's environment, as it was started. Names are compared as the server compares
/// them (any case, `:` for `__`); everything else is dropped at once.
///
/// # Errors
/// `restart.docker_unreachable` where Docker does not answer.
pub async fn environment(
    runner: &Runner,
    container: &Container,
    wanted: &[&str],
) -> Result<Vec<(String, String)>, Finding> {
    let words = ["inspect", "--format", "{{json .Config.Env}}", container.id.as_str()];
    let answer = ask(runner, &Call::new("docker", words).limit(WAIT)).await?;
    let bytes = Zeroizing::new(answer.stdout);
    let all: Vec<Zeroizing<String>> = serde_json::from_slice::<Vec<String>>(&bytes)
        .unwrap_or_default()
        .into_iter()
        .map(Zeroizing::new)
        .collect();
    let plain = |name: &str| name.replace(':', "__").to_ascii_lowercase();
    let wanted: Vec<String> = wanted.iter().map(|name| plain(name)).collect();
    let pairs = all.iter().filter_map(|pair| pair.split_once('='));
    Ok(pairs
        .filter(|(name, _)| wanted.contains(&plain(name)))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}

async fn ask(runner: &Runner, call: &Call) -> Result<Captured, Finding> {
    let answer = runner.capture(call, ANSWER).await.map_err(|error| failed(&error, runner))?;
    if answer.code == 0 { Ok(answer) } else { Err(refused(&answer.said, runner)) }
}

/// The same where Docker could not even be run.
pub(super) fn failed(error: &CallError, runner: &Runner) -> Finding {
    refused(&[error.to_string()], runner)
}

#[derive(Deserialize)]
pub(super) struct Inspected {
    id: String,
    pub(super) name: String,
    pub(super) image: Option<String>,
    labels: Option<BTreeMap<String, String>>,
    mounts: Option<Vec<Mount>>,
    state: Option<State>,
    restarts: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mount {
    #[serde(default)]
    source: PathBuf,
    #[serde(default)]
    destination: PathBuf,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", default)]
#[derive(Default)]
struct State {
    running: bool,
    restarting: bool,
    exit_code: Option<i64>,
    started_at: Option<String>,
    health: Option<Judged>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Judged {
    status: Option<String>,
}

fn parse(answer: &[u8], bwdata: &Path) -> Vec<Container> {
    inspected(answer).into_iter().filter(|found| found.is_of(bwdata)).map(container).collect()
}

impl Inspected {
    pub(super) fn label(&self, name: &str) -> Option<&str> {
        self.labels.as_ref()?.get(&format!("com.docker.compose.{name}")).map(String::as_str)
    }

    /// Whether it belongs to the installation with this `bwdata`: by its mounts, or, since the lite edition may
    /// have none but Docker's own volumes, by the folder of its compose file.
    fn is_of(&self, bwdata: &Path) -> bool {
        let project = self.label("project.working_dir").map(Path::new);
        project.is_some_and(|dir| dir == bwdata || dir == bwdata.join("docker"))
            || self.mounts.iter().flatten().any(|mount| lies_in(&mount.source, bwdata))
    }
}

impl Container {
    /// Whether it does the work of this service, as in `api`.
    pub fn runs(&self, service: &str) -> bool {
        self.service == service || self.lite
    }

    /// Where this machine has what the container sees at `inside`.
    pub fn on_this_machine(&self, inside: &Path) -> Option<PathBuf> {
        compose_file::outside(&self.mounts, inside)
    }
}

/// The lines of [`inspect`].
pub(super) fn inspected(answer: &[u8]) -> Vec<Inspected> {
    let text = String::from_utf8_lossy(answer);
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

impl Inspected {
    /// Where this machine has what it sees at `inside`.
    pub(super) fn on_this_machine(&self, inside: &Path) -> Option<PathBuf> {
        let mounts = self.mounts.iter().flatten();
        let mounts: Vec<_> = mounts.map(|mount| (mount.source.clone(), mount.destination.clone())).collect();
        compose_file::outside(&mounts, inside)
    }
}

/// Whether a mount's source lies in `bwdata`, which may be reached through a link.
fn lies_in(source: &Path, bwdata: &Path) -> bool {
    source.starts_with(bwdata) || std::fs::canonicalize(source).is_ok_and(|real| real.starts_with(bwdata))
}

fn container(found: Inspected) -> Container {
    let label = found.label("service").map(str::to_owned);
    let state = found.state.unwrap_or_default();
    let name = found.name.trim_start_matches('/').to_owned();
    let service = label.unwrap_or_else(|| name.trim_start_matches("bitwarden-").to_owned());
    let image = found.image.unwrap_or_default();
    let running = state.running && !state.restarting;
    let health = match state.health.and_then(|health| health.status).as_deref() {
        Some("starting") => Some(Health::Starting),
        Some("healthy") => Some(Health::Healthy),
        Some("unhealthy") => Some(Health::Unhealthy),
        _ => None,
    };
    Container {
        id: found.id,
        name,
        version: tag_of(&image),
        lite: flavour::is_lite_image(&image, &service),
        service,
        image,
        mounts: found.mounts.into_iter().flatten().map(|mount| (mount.source, mount.destination)).collect(),
        running,
        restarting: state.restarting,
        restarts: found.restarts.unwrap_or_default(),
        health,
        exit_code: state.exit_code.filter(|_| !running),
        started: state
            .started_at
            .and_then(|at| OffsetDateTime::parse(&at, &Rfc3339).ok())
            .filter(|at| at.year() > 1),
    }
}
