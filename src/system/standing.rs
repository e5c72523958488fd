//! How the containers stand after a restart: up or down, healthy or not (with the alarm that is known to be
//! false), what the last words of one were; and which values they run with.

use std::{collections::VecDeque, time::Duration};

use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::domain::{
    check::Finding,
    restart::{Part, State},
};

use super::{
    containers::{self, Container, Health},
    process::{Call, Runner},
};

/// Services that read the env file and decide about billing sync.
pub const PROVEN: [&str; 3] = ["api", "identity", "admin"];
/// Versions whose health check asks the proxy for the container itself (`bitwarden.md` A6-4).
const FALSE_ALARM: std::ops::RangeInclusive<[u32; 3]> = [2026, 7, 2]..=[2026, 8, 0];
const PROXY: [&str; 3] = ["http_proxy", "https_proxy", "all_proxy"];
/// Lines of a container's log that are looked at.
const LINES: &str = "200";
/// The same, as far as another program keeps to it.
const KEPT: usize = 200;
const WAIT: Duration = Duration::from_secs(15);
/// Docker notes a container's start after its program has begun, on a busy machine long after: what ends at once has
/// said its last words before. What the same container said in an earlier life it said with the same environment.
const NOTED_LATE: Duration = Duration::from_secs(10);

/// The containers as the judge of a restart sees them, in their order.
pub async fn parts(runner: &Runner, containers: &[Container]) -> Vec<Part> {
    let mut parts = Vec::with_capacity(containers.len());
    for container in containers {
        let state = match container.health {
            _ if container.restarting => State::Loops(container.exit_code),
            _ if !container.running => State::Ended(container.exit_code),
            None => State::Runs,
            Some(Health::Healthy) => State::Healthy,
            Some(Health::Starting) => State::Starting,
            // Where nobody can say why it fails, it fails.
            Some(Health::Unhealthy) if is_false_alarm(runner, container).await.unwrap_or(false) => {
                State::Healthy
            }
            Some(Health::Unhealthy) => State::Unhealthy,
        };
        parts.push(Part {
            id: container.id.clone(),
            name: container.name.clone(),
            service: container.service.clone(),
            lite: container.lite,
            state,
            started: container.started,
            restarts: container.restarts,
            grew: false,
        });
    }
    parts
}

/// Whether its check fails for a reason that has nothing to do with it: it runs behind a proxy, and its version asks
/// the proxy for itself (`bitwarden.md` A6-4).
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

/// The last lines that a container wrote since about its last start, cleaned and without secrets; none where nobody could
/// read them.
pub async fn last_lines(runner: &Runner, id: &str, started: Option<OffsetDateTime>) -> Vec<String> {
    let since = started.and_then(|at| at.checked_sub(NOTED_LATE.try_into().ok()?)?.format(&Rfc3339).ok());
    let since = since.iter().flat_map(|at| ["--since", at]);
    let words = ["logs", "--tail", LINES].into_iter().chain(since).chain([id]);
    let call = Call::new("docker", words.map(str::to_owned)).limit(WAIT);
    let mut lines = VecDeque::with_capacity(KEPT);
    let mut keep = |line: String| {
        if lines.len() == KEPT {
            lines.pop_front();
        }
        lines.push_back(line);
    };
    match runner.follow(&call, &mut keep).await {
        Ok(answer) if answer.code == 0 => lines.into(),
        _ => Vec::new(),
    }
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

    #[test]
    fn versions_compare_as_numbers() {
        let within = |version| number(version).is_some_and(|version| FALSE_ALARM.contains(&version));
        assert!(within("2026.7.2") && within("2026.8.0") && within("2026.7.10"));
        assert!(!within("2026.7.1") && !within("2026.8.1") && !within("latest") && !within("2026.10.0"));
    }
}
