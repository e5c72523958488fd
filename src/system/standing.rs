//! How the containers stand after a restart: up or down, healthy or not (with the alarm that is known to be
//! false), ended by a setting that they could not read; and which values they run with.

use std::{collections::BTreeSet, time::Duration};

use time::OffsetDateTime;

use crate::domain::{check::Finding, installation::ConfigurationError, settings::Setting};

use super::{
    containers::{self, Container, Health},
    process::{Call, Runner},
};

/// Services that read the env file and decide about billing sync.
pub const PROVEN: [&str; 3] = ["api", "identity", "admin"];
/// Services that read the env file (`bitwarden.md` A1); a bad value ends any of them.
const READERS: [&str; 7] = ["api", "identity", "sso", "admin", "notifications", "events", "scim"];
/// Services without which nobody reaches the server.
const ESSENTIAL: [&str; 3] = ["api", "identity", "nginx"];
/// Versions whose health check asks the proxy for the container itself (`bitwarden.md` A6-4).
const FALSE_ALARM: std::ops::RangeInclusive<[u32; 3]> = [2026, 7, 2]..=[2026, 8, 0];
const PROXY: [&str; 3] = ["http_proxy", "https_proxy", "all_proxy"];
/// Lines of a container's log that are looked at.
const LINES: &str = "200";
const WAIT: Duration = Duration::from_secs(15);

/// What a restart left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// It runs, with containers that were started anew.
    Up,
    /// It does not run.
    Down,
    /// The same containers run as before, or none then and now.
    Unchanged,
}

/// What a restart left, by the containers before and after it.
pub fn left(before: &[Container], after: &[Container]) -> Left {
    let running = |all: &[Container]| -> BTreeSet<(String, Option<OffsetDateTime>)> {
        let running = all.iter().filter(|container| container.running);
        running.map(|container| (container.id.clone(), container.started)).collect()
    };
    if running(before) == running(after) {
        return Left::Unchanged;
    }
    let up = |service: &&str| after.iter().any(|container| container.running && container.runs(service));
    // A lite container does the work of all; hand-made ones may have another nginx in front.
    let known = |service: &&str| before.iter().chain(after).any(|container| container.runs(service));
    let whole = ESSENTIAL.iter().filter(|service| known(service)).all(up);
    if whole && after.iter().any(|container| container.running) { Left::Up } else { Left::Down }
}

/// How a container stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It runs, and its check, if it has one, says that it works.
    Good,
    /// Its check has not decided yet.
    Starting,
    /// Its check fails for a reason that has nothing to do with it: it runs behind a proxy, and its version
    /// asks the proxy for itself (`bitwarden.md` A6-4). Count it as good.
    FalseAlarm,
    /// Its check says that it does not work.
    Unhealthy,
    /// It does not run: its exit code, where it was started at all.
    Ended(Option<i64>),
}

/// How each container stands, in their order.
///
/// # Errors
/// `restart.docker_unreachable` where Docker must be asked about a false alarm and does not answer.
pub async fn standings(runner: &Runner, containers: &[Container]) -> Result<Vec<Standing>, Finding> {
    let mut standings = Vec::with_capacity(containers.len());
    for container in containers {
        standings.push(match container.health {
            _ if !container.running => Standing::Ended(container.exit_code),
            None | Some(Health::Healthy) => Standing::Good,
            Some(Health::Starting) => Standing::Starting,
            Some(Health::Unhealthy) if is_false_alarm(runner, container).await? => Standing::FalseAlarm,
            Some(Health::Unhealthy) => Standing::Unhealthy,
        });
    }
    Ok(standings)
}

async fn is_false_alarm(runner: &Runner, container: &Container) -> Result<bool, Finding> {
    let version = container.version.as_deref().and_then(number);
    if !version.is_some_and(|version| FALSE_ALARM.contains(&version)) {
        return Ok(false);
    }
    let proxy = containers::environment(runner, container, &PROXY).await?;
    Ok(proxy.iter().any(|(_, value)| !value.trim().is_empty()))
}

fn number(version: &str) -> Option<[u32; 3]> {
    let mut parts = version.trim_start_matches('v').split(['.', '-']).map(|part| part.parse().ok());
    Some([parts.next()??, parts.next()??, parts.next()??])
}

/// The services of the env file's readers that ended because of a setting, with the setting that their log
/// names. The lite edition's container goes on running without its services, so nothing is said of it.
pub async fn configuration_errors(runner: &Runner, containers: &[Container]) -> Vec<ConfigurationError> {
    let ended = |container: &&Container| {
        let reader = READERS.contains(&container.service.as_str());
        reader && !container.running && container.exit_code.is_some_and(|code| code != 0)
    };
    let mut errors = Vec::new();
    for container in containers.iter().filter(ended) {
        let call = Call::new("docker", ["logs", "--tail", LINES, container.id.as_str()]).limit(WAIT);
        // What it says may hold values: it is looked at line by line and dropped.
        let mut found = None;
        let mut look = |line: String| found = key_of(&line).or(found.take());
        if runner.follow(&call, &mut look).await.is_err() {
            continue;
        }
        errors.extend(found.map(|key| ConfigurationError { service: container.service.clone(), key }));
    }
    errors
}

/// The setting that a line of the log blames (`bitwarden.md` A1-6):
/// `Failed to convert configuration value '…' at 'GlobalSettings:X' to type '…'.` The inner none: a configuration
/// error that names no setting.
fn key_of(line: &str) -> Option<Option<String>> {
    let (_, rest) = line.split_once("Failed to convert configuration value")?;
    // The value itself may hold quotes: the name is the last thing before the type.
    let named = rest.rsplit_once("' to type '").and_then(|(head, _)| head.rsplit_once(" at '"));
    Some(named.and_then(|(_, path)| spelled(path)))
}

/// `GlobalSettings:Installation:Id` as the env file has it, `globalSettings__installation__id`.
fn spelled(path: &str) -> Option<String> {
    let good = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    if path.len() > 200 || !path.split(':').all(|part| !part.is_empty() && part.chars().all(good)) {
        return None;
    }
    let lower = |part: &str| {
        let (first, rest) = part.split_at(1);
        first.to_ascii_lowercase() + rest
    };
    let key = path.split(':').map(lower).collect::<Vec<_>>().join("__");
    Some(Setting::of_key(&key).map_or(key, |setting| setting.key().to_owned()))
}

/// The values of the settings `wanted` that the running api, identity and admin have, service by service; names
/// as the container has them, of two spellings both. A service that does not run, or of which Docker says
/// nothing, is left out: nobody could look.
pub async fn live(
    runner: &Runner,
    containers: &[Container],
    wanted: &[&str],
) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    for container in containers.iter().filter(|container| container.running) {
        let services: Vec<&str> = PROVEN.into_iter().filter(|service| container.runs(service)).collect();
        if services.is_empty() {
            continue;
        }
        let Ok(values) = containers::environment(runner, container, wanted).await else { continue };
        found.extend(services.into_iter().map(|service| (service.to_owned(), values.clone())));
    }
    found.sort_by_key(|(service, _)| PROVEN.iter().position(|known| known == service));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn container(service: &str, id: &str, running: bool) -> Container {
        Container {
            id: id.into(),
            name: format!("bitwarden-{service}"),
            service: service.into(),
            version: Some("2026.8.0".into()),
            image: String::new(),
            lite: false,
            mounts: Vec::new(),
            running,
            health: None,
            exit_code: None,
            started: None,
        }
    }

    #[test]
    fn up_down_and_unchanged_are_told_by_the_containers() {
        let all = |id: &str, up: bool| {
            ["api", "identity", "nginx", "web"].map(|name| container(name, &format!("{id}{name}"), up))
        };
        let cases = [
            ("same", all("1", true).to_vec(), all("1", true).to_vec(), Left::Unchanged),
            ("none", Vec::new(), Vec::new(), Left::Unchanged),
            ("gone", all("1", true).to_vec(), Vec::new(), Left::Down),
            ("stopped", all("1", true).to_vec(), all("1", false).to_vec(), Left::Down),
            ("new", all("1", true).to_vec(), all("2", true).to_vec(), Left::Up),
            ("half", all("1", true).to_vec(), all("1", true)[..2].to_vec(), Left::Down),
            ("first", Vec::new(), all("1", true).to_vec(), Left::Up),
            ("web missing", all("1", true).to_vec(), all("2", true)[..3].to_vec(), Left::Up),
        ];
        for (name, before, after, wanted) in cases {
            assert_eq!(left(&before, &after), wanted, "{name}");
        }
    }

    #[test]
    fn the_setting_is_taken_from_the_log_and_its_value_is_not() {
        let line = |value: &str, path: &str| {
            format!(
                "Unhandled exception. X: Failed to convert configuration value '{value}' at '{path}' to type 'System.Boolean'."
            )
        };
        let cases = [
            (
                line("yes", "GlobalSettings:EnableCloudCommunication"),
                Some(Some("globalSettings__enableCloudCommunication")),
            ),
            (
                line("' at 'x", "GlobalSettings:Installation:Id"),
                Some(Some("globalSettings__installation__id")),
            ),
            (line("x", "a b"), Some(None)),
            ("Failed to convert configuration value".to_owned(), Some(None)),
            ("Application started.".to_owned(), None),
        ];
        for (line, wanted) in cases {
            let wanted = wanted.map(|key| key.map(str::to_owned));
            assert_eq!(key_of(&line), wanted, "{line}");
        }
    }

    #[test]
    fn versions_compare_as_numbers() {
        let within = |version| number(version).is_some_and(|version| FALSE_ALARM.contains(&version));
        assert!(within("2026.7.2") && within("2026.8.0") && within("2026.7.10"));
        assert!(!within("2026.7.1") && !within("2026.8.1") && !within("latest") && !within("2026.10.0"));
    }
}
