//! What programs and containers say at their end, and what of it is evidence. Each cause has its own words, as
//! Docker, Compose and .NET write them; what matches none is quoted and blamed on nothing (design §12-1).

use super::super::{check::Cause, settings::Setting};

/// Signs of a value that is quoted in an exception, which is left out.
const HIDDEN: &str = "…";

/// The setting that a line of a container's log blames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blamed {
    /// The setting as the env file spells it; none where the line names none that could be one.
    pub key: Option<String>,
}

/// The setting that a line of the log blames (`bitwarden.md` A1-6):
/// `Failed to convert configuration value '…' at 'GlobalSettings:X' to type '…'.`
pub fn blamed(line: &str) -> Option<Blamed> {
    let (_, rest) = line.split_once("Failed to convert configuration value")?;
    // The value itself may hold quotes: the name is the last thing before the type.
    let named = rest.rsplit_once("' to type '").and_then(|(head, _)| head.rsplit_once(" at '"));
    Some(Blamed { key: named.and_then(|(_, path)| spelled(path)) })
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

/// The line that says why a program ended: of a .NET program the exception that nobody caught, which stands above
/// its trace; of others the last line that says something. The value of a setting is not repeated.
pub fn last_words(lines: &[String]) -> Option<String> {
    let says = |line: &&String| line.chars().any(char::is_alphanumeric);
    let exception = lines.iter().rev().find(|line| line.contains("Unhandled exception"));
    let traced = |line: &&String| !line.trim_start().starts_with("at ");
    let line = exception.or_else(|| lines.iter().rev().filter(says).find(traced))?;
    Some(without_value(line.trim()))
}

/// Whether a line of nginx's log says what no waiting mends: it cannot read its own configuration
/// (`[emerg] … in FILE:LINE`). A name of the server's that is not known yet is another thing: Docker starts nginx
/// again, and then it may be.
pub fn is_for_good(line: &str) -> bool {
    let place = line.trim_end().rsplit_once(" in /").and_then(|(_, place)| place.rsplit_once(':'));
    let numbered = place.is_some_and(|(_, number)| number.parse::<u32>().is_ok());
    line.contains("[emerg]") && numbered && !line.contains("host not found")
}

fn without_value(line: &str) -> String {
    const BEFORE: &str = "Failed to convert configuration value '";
    let hidden = line.split_once(BEFORE).and_then(|(head, rest)| {
        let (_, tail) = rest.rsplit_once("' at '")?;
        Some(format!("{head}{BEFORE}{HIDDEN}' at '{tail}"))
    });
    hidden.unwrap_or_else(|| line.to_owned())
}

/// What the last words of the script or of Compose show; none where they show nothing.
pub fn why(said: &[String], by_script: bool) -> Option<Cause> {
    let said: Vec<String> = said.iter().map(|line| line.to_ascii_lowercase()).collect();
    let any = |words: &[&str]| said.iter().any(|line| words.iter().any(|word| line.contains(word)));
    if any(&["port is already allocated", "address already in use", "ports are not available"]) {
        Some(Cause::RestartPortInUse)
    } else if any(&["no space left on device"]) {
        Some(Cause::RestartDiskFull)
    } else if !any(&["error response from daemon"])
        && any(&["docker daemon", "permissionerror", "docker.sock"])
    {
        // Where the daemon answers, what Compose says of it beside that is of what it cancelled (`bitwarden.md` A8).
        Some(Cause::RestartDockerUnreachable)
    } else {
        (by_script && no_images(&said).is_some()).then_some(Cause::RestartPullFailed)
    }
}

/// What keeps images from coming, by what is said of a pull that failed: the registry answered and refused, or it
/// was not reached; none where the words show neither.
pub fn no_images(said: &[String]) -> Option<Cause> {
    let reasons: Vec<String> =
        said.iter().map(|line| reason(&line.to_ascii_lowercase()).to_owned()).collect();
    let any = |table: &[Words]| reasons.iter().any(|reason| table.iter().any(|words| words.are_in(reason)));
    if any(REFUSED) {
        Some(Cause::RestartRegistryRefused)
    } else {
        any(NOT_REACHED).then_some(Cause::RestartRegistryUnreachable)
    }
}

/// The reason behind what Docker and Compose put before it: `ERROR: for api  denied`, ` api Error denied`,
/// `Error response from daemon: denied`, in small letters.
fn reason(line: &str) -> &str {
    let line = line.trim();
    let of_service = |mark| {
        let (service, rest) = line.strip_prefix("error: for ").unwrap_or(line).split_once(mark)?;
        (!service.contains(' ')).then_some(rest)
    };
    let found = match line.split_once("error response from daemon: ") {
        Some((_, rest)) => Some(rest),
        None if line.starts_with("error: for ") => of_service(" "),
        None => of_service(" error "),
    };
    found.unwrap_or(line).trim_start()
}

/// The line of a program's output that tells why it failed: the last that speaks of an error, else the last that
/// says something.
pub fn telling(said: &[String]) -> Option<&str> {
    let says = |line: &&String| line.chars().any(char::is_alphanumeric);
    let error = |line: &&String| line.to_ascii_lowercase().contains("error");
    let lines = || said.iter().rev().filter(says);
    lines().find(error).or_else(|| lines().next()).map(String::as_str)
}

/// The container that stands in the way by its name: `Conflict. The container name "/setup" is already in use`.
pub fn leftover(said: &[String]) -> Option<&str> {
    let (_, rest) = said.iter().rev().find_map(|line| line.split_once("The container name \"/"))?;
    let (name, rest) = rest.split_once('"')?;
    let plain = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
    (plain && rest.trim_start().starts_with("is already in use")).then_some(name)
}

/// Words of a reason.
#[derive(Debug, Clone, Copy)]
enum Words {
    /// Anywhere in it.
    Within(&'static str),
    /// At its beginning, or behind what was asked for: `Head "https://…": denied: …`. Elsewhere they say something
    /// else (`permission denied`).
    Told(&'static str),
}

impl Words {
    fn are_in(self, reason: &str) -> bool {
        match self {
            Self::Within(words) => reason.contains(words),
            Self::Told(words) => {
                let behind = |at: usize| at == 0 || reason[..at].ends_with(": ");
                reason.match_indices(words).any(|(at, _)| behind(at))
            }
        }
    }
}

/// A registry answered, or what stands in its place (recorded: `compose-pull-words.json`).
const REFUSED: &[Words] = &[
    Words::Told("toomanyrequests"),
    Words::Told("denied"),
    Words::Told("unauthorized"),
    Words::Within("pull access denied"),
    Words::Within("no basic auth credentials"),
    Words::Within("manifest unknown"),
    Words::Within("manifest for "),
    Words::Within("unexpected http status"),
    Words::Within("unexpected status"),
    Words::Within("error parsing http"),
    // A page of whatever answers in its place.
    Words::Within("invalid character '<' looking for beginning of value"),
    // An answer that is no manifest.
    Words::Within("missing signature key"),
];

/// Something went wrong on the way there.
const NOT_REACHED: &[Words] = &[
    Words::Within("/v2/"),
    Words::Within("failed to resolve reference"),
    Words::Within("failed to resolve source metadata"),
    Words::Within("error pulling image"),
];

/// The port of this machine that the words name as taken: `0.0.0.0:443`, `[::]:443`.
pub fn port_named(said: &[String]) -> Option<u16> {
    let taken = ["port is already allocated", "address already in use", "ports are not available"];
    let line = said.iter().rev().find(|line| {
        let line = line.to_ascii_lowercase();
        taken.iter().any(|word| line.contains(word))
    })?;
    let of_word = |word: &str| {
        let (address, rest) = match word.strip_prefix('[') {
            Some(word) => word.split_once("]:")?,
            None => word.split_once(':')?,
        };
        let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
        address.parse::<std::net::IpAddr>().ok().and_then(|_| port.parse().ok())
    };
    line.split_whitespace().find_map(of_word)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            let wanted = wanted.map(|key| Blamed { key: key.map(str::to_owned) });
            assert_eq!(blamed(&line), wanted, "{line}");
        }
        let said = vec![line("Geheim' at 'x", "GlobalSettings:Installation:Id"), "   at Program.Main".into()];
        let words = last_words(&said).unwrap_or_default();
        assert!(
            words.contains("'…' at 'GlobalSettings:Installation:Id'") && !words.contains("Geheim"),
            "{words}"
        );
    }

    #[test]
    fn what_nginx_cannot_read_is_not_waited_for_and_what_may_come_is() {
        for (line, wanted) in [
            (r#"nginx: [emerg] unknown directive "serverr_name" in /etc/nginx/conf.d/default.conf:3"#, true),
            (
                r#"nginx: [emerg] host not found in upstream "api" in /etc/nginx/conf.d/default.conf:50"#,
                false,
            ),
            (r#"nginx: [warn] conflicting server name "x" in /etc/nginx/conf.d/default.conf:3"#, false),
            ("nginx: [emerg] bind() to 0.0.0.0:8443 failed (98: Address already in use)", false),
        ] {
            assert_eq!(is_for_good(line), wanted, "{line}");
        }
    }

    #[test]
    fn a_registry_that_refuses_is_told_from_one_that_is_not_reached() {
        let (refused, away) = (Some(Cause::RestartRegistryRefused), Some(Cause::RestartRegistryUnreachable));
        let cases = [
            (
                r#"Error response from daemon: Head "https://ghcr.io/v2/x/manifests/1": denied: denied"#,
                refused,
            ),
            ("ERROR: for api  unauthorized: authentication required", refused),
            ("Error response from daemon: pull access denied for x, repository does not exist", refused),
            (
                r#"failed to resolve reference "ghcr.io/x:1": unexpected status from HEAD request to https://ghcr.io/v2/x/manifests/1: 403 Forbidden"#,
                refused,
            ),
            (r#" api Error Get "https://ghcr.io/v2/": x509: certificate signed by unknown authority"#, away),
            ("Got permission denied while trying to connect to the Docker daemon socket", None),
            ("mkdir /x: permission denied", None),
            ("ERROR: for api  something new", None),
            ("ERROR: for api", None),
        ];
        for (said, wanted) in cases {
            assert_eq!(no_images(&[said.to_owned()]), wanted, "{said}");
        }
    }

    #[test]
    fn each_cause_needs_its_own_words() {
        let port = "Error response from daemon: driver failed programming external connectivity on endpoint \
            bitwarden-nginx: Bind for 0.0.0.0:443 failed: port is already allocated";
        let port2 = "Error response from daemon: failed to bind host port for 0.0.0.0:8443:172.18.0.9:8443/tcp: \
            address already in use";
        let port3 = "ERROR: for nginx  Cannot start service nginx: listen tcp4 0.0.0.0:443: bind: address already in use";
        let pull = r#"Error response from daemon: Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io: no such host"#;
        let daemon = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?";
        let name =
            r#"docker: Error response from daemon: Conflict. The container name "/setup" is already in use"#;
        let cases: [(&[&str], bool, Option<Cause>); 9] = [
            (&[port], true, Some(Cause::RestartPortInUse)),
            (&[port2], false, Some(Cause::RestartPortInUse)),
            (&[port3], true, Some(Cause::RestartPortInUse)),
            (&[pull], true, Some(Cause::RestartPullFailed)),
            (&[daemon, pull], true, Some(Cause::RestartPullFailed)),
            (&[daemon], true, Some(Cause::RestartDockerUnreachable)),
            (&["write /x: no space left on device"], true, Some(Cause::RestartDiskFull)),
            (&[name], true, None),
            (&["mount: permission denied"], true, None),
        ];
        for (said, by_script, wanted) in cases {
            let said: Vec<String> = said.iter().map(ToString::to_string).collect();
            assert_eq!(why(&said, by_script), wanted, "{said:?}");
        }
        let named = |line: &str| port_named(&[line.to_owned()]);
        assert_eq!((named(port), named(port2), named(port3)), (Some(443), Some(8443), Some(443)));
        assert_eq!(named(pull), None);
    }
}
