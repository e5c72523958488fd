//! What the stand-in for `docker` answers: the containers that the simulated server would be, with the mounts,
//! the environment and the state of its last start, and Compose 2.39.3 on its files. Everything else is refused.

use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use super::{
    super::scenario::{Flavour, Restart},
    api::VERSION,
    control::Stage,
    state::{ServerState, Started, not_converted},
};

/// The Compose whose behaviour this is: it lets `down` and `pull` succeed with a bad env file.
const COMPOSE: &str = "2.39.3";
const ENGINE: &str = "28.5.1";
/// How .NET ends with an exception that nobody caught: 128 + SIGABRT.
const ABORTED: u8 = 134;
/// How the database ends where the memory is too small for it: 128 + SIGSEGV.
const CRASHED: u8 = 139;
/// How Docker says that a container could not be started.
const NOT_STARTED: u8 = 128;

const TAKEN: &str = "Error response from daemon: driver failed programming external connectivity on endpoint bitwarden-nginx: \
                     Bind for 0.0.0.0:443 failed: port is already allocated\n";
const IN_THE_WAY: &str = "docker: Error response from daemon: Conflict. The container name \"/setup\" is already in use by container \
                          \"3f1c\". You have to remove (or rename) that container to be able to reuse that name.\n";

/// A service of the standard deployment: its name, its folders below `bwdata` and where it sees them, whether it
/// reads the settings.
type Service = (&'static str, &'static [(&'static str, &'static str)], bool);

const SERVICES: [Service; 11] = [
    ("mssql", &[("mssql/data", "/var/opt/mssql/data")], false),
    ("web", &[("web", "/etc/bitwarden/web")], false),
    ("attachments", &[("core/attachments", "/etc/bitwarden/core/attachments")], false),
    ("api", &[("core", "/etc/bitwarden/core"), ("logs/api", "/etc/bitwarden/logs")], true),
    ("identity", &[("core", "/etc/bitwarden/core"), ("logs/identity", "/etc/bitwarden/logs")], true),
    ("sso", &[("core", "/etc/bitwarden/core"), ("logs/sso", "/etc/bitwarden/logs")], true),
    ("admin", &[("core", "/etc/bitwarden/core"), ("logs/admin", "/etc/bitwarden/logs")], true),
    ("icons", &[("logs/icons", "/etc/bitwarden/logs")], false),
    ("notifications", &[("logs/notifications", "/etc/bitwarden/logs")], true),
    ("events", &[("logs/events", "/etc/bitwarden/logs")], true),
    ("nginx", &[("ssl", "/etc/ssl"), ("logs/nginx", "/var/log/nginx")], false),
];
const LITE: [Service; 1] =
    [("bitwarden", &[("data", "/etc/bitwarden"), ("logs", "/var/log/bitwarden")], true)];

/// One container.
struct Container<'a> {
    id: String,
    service: &'a Service,
    stands: Stands,
}

/// How a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// It runs and is healthy, where it has a check.
    Healthy,
    /// It runs, and its check fails.
    Unhealthy,
    /// `restart: always`: what ends is started again, for ever.
    Loops(u8),
    /// It was made and could not be started.
    Created(u8),
}

impl Container<'_> {
    fn runs(&self) -> bool {
        matches!(self.stands, Stands::Healthy | Stands::Unhealthy)
    }
}

/// Exit code and output of one call, its words without `docker`.
pub(super) fn answer(state: &ServerState, stage: &Stage, words: &[&str]) -> (u8, String) {
    let started = state.started();
    let containers = started.as_ref().map(|started| containers(stage, started)).unwrap_or_default();
    match words {
        ["--version"] => good(format!("Docker version {ENGINE}, build 0000000\n")),
        ["version", ..] => good(format!("{ENGINE}\n")),
        ["info", ..] => good(format!("{}\n", stage.dir.display())),
        ["ps", flags @ ..] => good(listed(flags, &containers)),
        ["inspect", "--format", format, ids @ ..] => {
            let Some(started) = &started else { return gone(ids.first()) };
            inspected(stage, started, &containers, format, ids)
        }
        ["logs", flags @ ..] => logged(started.as_ref(), &containers, flags),
        ["compose"] => good(String::new()),
        ["compose", "version", "--short"] => good(format!("{COMPOSE}\n")),
        ["compose", "version"] => good(format!("Docker Compose version v{COMPOSE}\n")),
        ["compose", rest @ ..] => composed(state, stage, after_files(rest), &containers),
        _ => (1, "The stand-in for docker does not know this call.\n".to_owned()),
    }
}

fn good(text: String) -> (u8, String) {
    (0, text)
}

fn gone(id: Option<&&str>) -> (u8, String) {
    (1, format!("Error: No such object: {}\n", id.unwrap_or(&"")))
}

/// The words after all `-f FILE`.
fn after_files<'w>(mut words: &'w [&'w str]) -> &'w [&'w str] {
    while let ["-f" | "--file", _, rest @ ..] = words {
        words = rest;
    }
    words
}

fn containers<'a>(stage: &Stage, started: &Started) -> Vec<Container<'a>> {
    let services: &'static [Service] = if stage.flavour == Flavour::Lite { &LITE } else { &SERVICES };
    let container = |(place, service): (usize, &'static Service)| {
        // As long as a genuine one, and of another start another one.
        let id = format!("{:032x}{:032x}", started.number, place + 0xb17);
        Container { id, service, stands: stands(stage, started, service.0) }
    };
    services.iter().enumerate().map(container).collect()
}

fn stands(stage: &Stage, started: &Started, service: &str) -> Stands {
    let again = started.number > 1;
    match (stage.restart, service) {
        (Restart::PortTaken, "nginx") if again => Stands::Created(NOT_STARTED),
        (Restart::DatabaseLoops, "mssql") if again => Stands::Loops(CRASHED),
        (Restart::DatabaseLoops, "api" | "identity" | "admin") if again => Stands::Unhealthy,
        (Restart::FalseAlarm, _) => Stands::Unhealthy,
        (_, "api" | "identity") if started.ended.is_some() => Stands::Loops(ABORTED),
        _ => Stands::Healthy,
    }
}

/// `docker ps`: ids, or the names and ports that a format asks for.
fn listed(flags: &[&str], containers: &[Container<'_>]) -> String {
    let shown =
        containers.iter().filter(|one| one.runs() || flags.contains(&"--all") || flags.contains(&"-a"));
    if !flags.contains(&"--format") {
        return shown.map(|one| format!("{}\n", one.id)).collect();
    }
    let line = |one: &Container<'_>| {
        let ports = if one.service.0 == "nginx" { "0.0.0.0:80->8080/tcp, 0.0.0.0:443->8443/tcp" } else { "" };
        format!("{}\t{}\t{ports}\n", one.id, name(one))
    };
    shown.map(line).collect()
}

fn name(container: &Container<'_>) -> String {
    match container.service.0 {
        "bitwarden" => "bitwarden".to_owned(),
        service => format!("bitwarden-{service}"),
    }
}

fn inspected(
    stage: &Stage,
    started: &Started,
    containers: &[Container<'_>],
    format: &str,
    ids: &[&str],
) -> (u8, String) {
    let mut text = String::new();
    for id in ids {
        let Some(found) = containers.iter().find(|one| one.id.starts_with(id)) else { return gone(Some(id)) };
        let shown = if format == "{{json .Config.Env}}" {
            environment(started, found)
        } else {
            described(stage, started, found)
        };
        text.push_str(&format!("{shown}\n"));
    }
    good(text)
}

fn environment(started: &Started, container: &Container<'_>) -> Value {
    let mut all = vec!["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin".to_owned()];
    if container.service.2 {
        all.extend(started.environment.iter().map(|(key, value)| format!("{key}={value}")));
    }
    json!(all)
}

fn described(stage: &Stage, started: &Started, container: &Container<'_>) -> Value {
    let (service, mounts, _) = container.service;
    let lite = stage.flavour == Flavour::Lite;
    let data = if lite { stage.dir.clone() } else { stage.dir.join("bwdata") };
    let project = if lite { stage.dir.clone() } else { data.join("docker") };
    let mounts: Vec<_> = mounts
        .iter()
        .map(|(source, target)| json!({ "Type": "bind", "Source": data.join(source), "Destination": target }))
        .collect();
    let image = if lite { "lite" } else { service };
    let (status, code, health) = match container.stands {
        Stands::Healthy => ("running", 0, "healthy"),
        Stands::Unhealthy => ("running", 0, "unhealthy"),
        Stands::Loops(code) => ("restarting", code, "unhealthy"),
        Stands::Created(code) => ("created", code, "starting"),
    };
    let mut state = json!({
        "Status": status,
        "Running": status != "created",
        "Restarting": status == "restarting",
        "ExitCode": code,
        "StartedAt": started.at.format(&Rfc3339).unwrap_or_default(),
    });
    if matches!(*service, "api" | "identity" | "admin" | "mssql" | "nginx" | "bitwarden") {
        state["Health"] = json!({ "Status": health });
    }
    json!({
        "id": container.id,
        "name": format!("/{}", name(container)),
        "image": format!("ghcr.io/bitwarden/{image}:{VERSION}"),
        "labels": {
            "com.docker.compose.project": project.file_name().map(|name| name.to_string_lossy()),
            "com.docker.compose.project.working_dir": project,
            "com.docker.compose.project.config_files": project.join("docker-compose.yml"),
            "com.docker.compose.service": service,
        },
        "mounts": mounts,
        "state": state,
        "restarts": if matches!(container.stands, Stands::Loops(_)) { restarts(started) } else { 0 },
    })
}

/// How often what ends was started again by now: more at each look.
fn restarts(started: &Started) -> i64 {
    let since = time::OffsetDateTime::now_utc() - started.at;
    i64::try_from(since.whole_milliseconds() / 100).unwrap_or(i64::MAX).max(1)
}

fn logged(started: Option<&Started>, containers: &[Container<'_>], flags: &[&str]) -> (u8, String) {
    let id = flags.last().copied().unwrap_or_default();
    let found = containers.iter().find(|one| one.id.starts_with(id) || name(one) == id);
    match (found, started.and_then(|started| started.ended.as_ref())) {
        (None, _) => gone(Some(&id)),
        (Some(one), Some(line)) if !one.runs() => good(format!("{line}\n")),
        (Some(_), _) => good("Application started. Press Ctrl+C to shut down.\n".to_owned()),
    }
}

fn composed(
    state: &ServerState,
    stage: &Stage,
    words: &[&str],
    containers: &[Container<'_>],
) -> (u8, String) {
    let known = |service: &&str| containers.iter().any(|one| one.service.0 == *service);
    match words {
        ["ps", flags @ ..] => {
            let header = if flags.contains(&"-q") { "" } else { "NAME\tSTATUS\n" };
            let running = containers.iter().filter(|one| one.runs());
            good(running.fold(header.to_owned(), |text, one| text + &name(one) + "\n"))
        }
        ["config", ..] => match refusal(state, stage) {
            Some(words) => (1, words),
            None => good(String::new()),
        },
        ["pull", ..] => pull(stage),
        ["up", ..] => up(state, stage),
        ["down", ..] => {
            state.take_down();
            good(String::new())
        }
        ["restart", service] if known(service) => good(format!("Container bitwarden-{service} Started\n")),
        ["restart", service, ..] => (1, format!("no such service: {service}\n")),
        _ => (1, "The stand-in for Compose does not know this call.\n".to_owned()),
    }
}

/// Pulls the images, or does not.
pub(super) fn pull(stage: &Stage) -> (u8, String) {
    if stage.restart == Restart::PullFails {
        let words = "Error response from daemon: Get \"https://ghcr.io/v2/\": dial tcp: lookup ghcr.io: no such host\n";
        return (1, words.to_owned());
    }
    good(String::new())
}

/// Starts what is not started, as the scenario wants it.
pub(super) fn up(state: &ServerState, stage: &Stage) -> (u8, String) {
    if let Some(words) = refusal(state, stage) {
        return (1, words);
    }
    let switch = "enableCloudCommunication";
    if stage.restart == Restart::PortTaken {
        return match state.bring_up_without_port() {
            Ok(()) => (1, TAKEN.to_owned()),
            Err(refused) => (1, unreadable(stage, refused.line)),
        };
    }
    let brought = state.bring_up_unless(|environment| match stage.restart {
        // Something that has nothing to do with the env file.
        Restart::ApiStaysDown => Some(
            "Unhandled exception. System.TimeoutException: The database did not answer within 30 seconds."
                .to_owned(),
        ),
        Restart::SettingStopsApi => environment
            .contains_key(&format!("globalSettings__{switch}"))
            .then(|| not_converted(switch, environment)),
        Restart::DatabaseLoops => {
            Some("This program has encountered a fatal error and cannot continue running.".to_owned())
        }
        _ => None,
    });
    match brought {
        Ok(()) => good(String::new()),
        Err(refused) => (1, unreadable(stage, refused.line)),
    }
}

/// What the script does last: a container that prints where the server is.
pub(super) fn setup(stage: &Stage) -> (u8, String) {
    match stage.restart {
        Restart::HelperInTheWay => (125, IN_THE_WAY.to_owned()),
        _ => good(String::new()),
    }
}

/// Why Compose would not start with the env files as they stand.
fn refusal(state: &ServerState, stage: &Stage) -> Option<String> {
    if let Err(refused) = state.read_files() {
        return Some(unreadable(stage, refused.line));
    }
    let strict = stage.restart == Restart::FileRefused;
    let now = strict.then(|| std::fs::read_to_string(stage.env_file()).unwrap_or_default())?;
    (now != stage.text).then(|| unreadable(stage, now.lines().count()))
}

fn unreadable(stage: &Stage, line: usize) -> String {
    let path = stage.env_file();
    format!("failed to read {}: line {line}: unexpected character in variable name\n", path.display())
}
