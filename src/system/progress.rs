//! What becomes of each container, read from the lines that Compose prints while the script runs.

use crate::domain::installation::{ContainerProgress, ContainerStep};

/// The progress that a line tells, if it tells one. Known are the lines of Compose v2 and later without a
/// terminal (` Container bitwarden-api  Started`) and of v1 (`Stopping bitwarden-api ... done`).
pub fn parse(line: &str) -> Option<ContainerProgress> {
    let line = line.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
    let mut words = line.split_whitespace();
    let (container, step) = match words.next()? {
        "Container" => (words.next()?, now(words.next()?)?),
        name if line.ends_with("is up-to-date") => (name, ContainerStep::Running),
        verb => {
            let (name, rest) = (words.next()?, words.next()?);
            if rest != "..." {
                return None;
            }
            (name, older(verb, words.next())?)
        }
    };
    is_name(container).then(|| ContainerProgress { container: container.to_owned(), step })
}

fn now(word: &str) -> Option<ContainerStep> {
    use ContainerStep::*;
    Some(match word {
        "Stopping" => Stopping,
        "Stopped" | "Exited" => Stopped,
        "Removing" => Removing,
        "Removed" => Removed,
        "Creating" | "Recreate" => Creating,
        "Created" | "Recreated" => Created,
        "Starting" | "Restarting" => Starting,
        "Started" | "Restarted" => Started,
        "Running" => Running,
        "Waiting" => Waiting,
        "Healthy" => Healthy,
        "Error" => Failed,
        _ => return None,
    })
}

/// v1 says what it does, and `done` or `error` when it did; one that it creates is started with it.
fn older(verb: &str, result: Option<&str>) -> Option<ContainerStep> {
    use ContainerStep::*;
    let (begins, done) = match verb {
        "Stopping" | "Killing" => (Stopping, Stopped),
        "Removing" => (Removing, Removed),
        "Creating" | "Recreating" => (Creating, Started),
        "Starting" | "Restarting" => (Starting, Started),
        _ => return None,
    };
    Some(match result {
        None => begins,
        Some("done") => done,
        Some(_) => Failed,
    })
}

/// As Docker allows them.
fn is_name(name: &str) -> bool {
    name.len() <= 200 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_composes_are_understood() {
        use ContainerStep::*;
        let cases = [
            (" Container bitwarden-api  Stopping", Some(("bitwarden-api", Stopping))),
            (" ✔ Container bitwarden-api  Removed  0.3s", Some(("bitwarden-api", Removed))),
            ("Container bitwarden-api Recreate", Some(("bitwarden-api", Creating))),
            (" Container bitwarden-nginx  Started", Some(("bitwarden-nginx", Started))),
            (" Container bitwarden-api  Error", Some(("bitwarden-api", Failed))),
            ("Stopping bitwarden-api ... ", Some(("bitwarden-api", Stopping))),
            ("Stopping bitwarden-api ... done", Some(("bitwarden-api", Stopped))),
            ("Creating bitwarden-api ... done", Some(("bitwarden-api", Started))),
            ("Creating bitwarden-api ... error", Some(("bitwarden-api", Failed))),
            ("bitwarden-web is up-to-date", Some(("bitwarden-web", Running))),
            (" Network docker_default  Created", None),
            ("Pulling api ... done", None),
            ("Creating network \"docker_default\" with the default driver", None),
            ("Bitwarden is up and running!", None),
            (" Container bitwarden-api  Dancing", None),
            ("[+] Running 3/3", None),
            ("", None),
        ];
        for (line, wanted) in cases {
            let wanted = wanted.map(|(name, step)| ContainerProgress { container: name.into(), step });
            assert_eq!(parse(line), wanted, "{line}");
        }
    }
}
