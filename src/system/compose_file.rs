//! What a compose file says about a service: image, env files, environment, volumes. Read leniently, since people
//! write these by hand: what cannot be understood is left out, the rest counts.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
};

use serde_json::Value;

use super::{
    files::{self, read_bounded},
    installation::DOCUMENT,
};

/// Names that Compose looks for, in its order.
const NAMES: [&str; 4] = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];
/// Services of a file that are read.
const SERVICES: usize = 200;

/// A compose file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeFile {
    /// Its path.
    pub path: PathBuf,
    /// Its services by name.
    pub services: BTreeMap<String, Service>,
}

/// A service of a compose file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Service {
    /// Its image, with variables replaced as far as they are known.
    pub image: Option<String>,
    /// Its env files in order, as whole paths.
    pub env_files: Vec<PathBuf>,
    /// Its environment in order; a value is none where it is taken from an environment that is not known here.
    pub environment: Vec<(String, Option<String>)>,
    /// Folders and files of this machine that it sees, and where it sees them. Named volumes are left out.
    pub mounts: Vec<(PathBuf, PathBuf)>,
    /// Ports of this machine and the container's ports that they lead to.
    pub ports: Vec<(u16, u16)>,
}

/// The compose file of a folder and its override, as Compose finds them without `-f`.
pub fn beside(dir: &Path) -> Vec<PathBuf> {
    let Some(name) = NAMES.into_iter().find(|name| dir.join(name).is_file()) else { return Vec::new() };
    let extra = |name: &str| name.replacen(".y", ".override.y", 1);
    let extras = NAMES.into_iter().map(|name| dir.join(extra(name))).find(|path| path.is_file());
    std::iter::once(dir.join(name)).chain(extras).collect()
}

/// Reads a compose file; none where it is none.
pub fn read(path: &Path) -> Option<ComposeFile> {
    let bytes = read_bounded(path, DOCUMENT).ok()?;
    // As Compose reads it: `yes` and `on` are words.
    let options = serde_saphyr::options! { strict_booleans: true };
    let text = std::str::from_utf8(&bytes).ok()?;
    let document: Value = serde_saphyr::from_str_with_options(text, options).ok()?;
    let dir = path.parent()?;
    let known = variables(dir);
    let services = document.get("services")?.as_object()?;
    let services = services.iter().take(SERVICES);
    let services = services.map(|(name, value)| (name.clone(), service(value, dir, &known))).collect();
    Some(ComposeFile { path: path.to_owned(), services })
}

type Variables = BTreeMap<String, String>;

/// The variables of `.env` beside the compose file.
fn variables(dir: &Path) -> Variables {
    let Ok(bytes) = read_bounded(&dir.join(".env"), files::ENV_FILE) else { return Variables::new() };
    let Ok(file) = crate::domain::env_file::EnvFile::parse(&bytes) else { return Variables::new() };
    let pairs = file
        .entries()
        .iter()
        .filter_map(|entry| entry.value.as_ref().map(|value| (entry.key.clone(), value.expose().to_owned())));
    pairs.collect()
}

fn service(value: &Value, dir: &Path, known: &Variables) -> Service {
    let text = |value: &Value| scalar(value).and_then(|text| expand(&text, known));
    let path = |text: String| tidy(&dir.join(text));
    let env_files = listed(value.get("env_file"))
        .iter()
        .filter_map(|entry| text(entry.get("path").unwrap_or(entry)))
        .map(path)
        .collect();
    let mounts = listed(value.get("volumes")).into_iter().filter_map(|volume| {
        let (source, target) = match volume.as_object() {
            Some(long) => (text(long.get("source")?)?, text(long.get("target")?)?),
            None => {
                let short = text(&volume)?;
                let mut parts = short.split(':').map(str::to_owned);
                (parts.next()?, parts.next()?)
            }
        };
        let of_machine = source.starts_with(['/', '.']);
        of_machine.then(|| (path(source), PathBuf::from(target)))
    });
    Service {
        image: value.get("image").and_then(text),
        env_files,
        environment: environment(value.get("environment"), known),
        mounts: mounts.collect(),
        ports: listed(value.get("ports")).iter().filter_map(|port| published(port, &text)).collect(),
    }
}

/// One value, or a list of them.
fn listed(value: Option<&Value>) -> Vec<Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.clone(),
        Some(one) => vec![one.clone()],
    }
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn environment(value: Option<&Value>, known: &Variables) -> Vec<(String, Option<String>)> {
    match value {
        Some(Value::Object(map)) => map
            .iter()
            .map(|(key, value)| (key.clone(), scalar(value).and_then(|text| expand(&text, known))))
            .collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(scalar)
            .map(|pair| match pair.split_once('=') {
                Some((key, value)) => (key.to_owned(), expand(value, known)),
                None => (pair, None),
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// `443:8443`, `127.0.0.1:80:8080/tcp`, or the long form.
fn published(port: &Value, text: &dyn Fn(&Value) -> Option<String>) -> Option<(u16, u16)> {
    if let Some(long) = port.as_object() {
        return Some((text(long.get("published")?)?.parse().ok()?, text(long.get("target")?)?.parse().ok()?));
    }
    let short = text(port)?;
    let mut parts = short.split('/').next()?.rsplit(':');
    let inside = parts.next()?.parse().ok()?;
    Some((parts.next()?.parse().ok()?, inside))
}

/// The text with its variables replaced: `$X`, `${X}`, `${X:-default}`, `${X-default}`, and `$$` for a `$`. None
/// where one is not known: the environment that Compose is started in may have it.
fn expand(text: &str, known: &Variables) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        if let Some(after) = after.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(braced) = after.strip_prefix('{') {
            let (inside, after) = braced.split_once('}')?;
            let end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(inside.len());
            let (name, more) = inside.split_at(end);
            let default = more.strip_prefix(":-").or_else(|| more.strip_prefix('-'));
            out.push_str(known.get(name).map(String::as_str).or(default)?);
            rest = after;
        } else {
            let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            out.push_str(known.get(name)?);
            rest = after;
        }
    }
    out.push_str(rest);
    Some(out)
}

/// The path without `.` and `..`: compose files say `../env/global.override.env`.
fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(tidy.pop()),
            Component::CurDir => {}
            part => tidy.push(part),
        }
    }
    tidy
}

impl Service {
    /// Where this machine has what the container sees at `inside`.
    pub fn on_this_machine(&self, inside: &Path) -> Option<PathBuf> {
        outside(&self.mounts, inside)
    }
}

/// Where this machine has what a container with these mounts sees at `inside`; the deepest mount counts.
pub(super) fn outside(mounts: &[(PathBuf, PathBuf)], inside: &Path) -> Option<PathBuf> {
    let fits = mounts.iter().filter_map(|(source, target)| {
        let below = inside.strip_prefix(target).ok()?;
        let path = if below.as_os_str().is_empty() { source.clone() } else { source.join(below) };
        Some((target.components().count(), path))
    });
    fits.max_by_key(|(depth, _)| *depth).map(|(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn what_people_write_is_understood() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("docker-compose.yml");
        fs::write(base.path().join(".env"), "TAG=2026.8.0\n").unwrap();
        fs::write(
            &path,
            "services:\n  bitwarden:\n    env_file: [settings.env, {path: ../more.env, required: false}]\n    \
             image: ${REGISTRY:-ghcr.io/bitwarden}/lite:${TAG:-x}\n    ports: [\"80:8080\", '127.0.0.1:443:8443/tcp', {published: 81, target: 82}, 9]\n    \
             volumes:\n      - ./data:/etc/bitwarden\n      - logs:/var/log/bitwarden\n      - {type: bind, source: /srv/logs, target: /logs}\n    \
             environment:\n      A: true\n      B: \n      C: $UNKNOWN\n      D: a$$b\n  other:\n    environment: [\"X=1=2\", Y]\n    env_file: one.env\n  odd: nothing\n",
        )
        .unwrap();
        let file = read(&path).unwrap();
        let lite = &file.services["bitwarden"];
        assert_eq!(lite.image.as_deref(), Some("ghcr.io/bitwarden/lite:2026.8.0"));
        assert_eq!(lite.ports, [(80, 8080), (443, 8443), (81, 82)]);
        let more = base.path().parent().unwrap().join("more.env");
        assert_eq!(lite.env_files, [base.path().join("settings.env"), more]);
        let pairs = [("A", Some("true")), ("B", None), ("C", None), ("D", Some("a$b"))];
        let mut environment = lite.environment.clone();
        environment.sort();
        assert_eq!(environment, pairs.map(|(key, value)| (key.to_owned(), value.map(str::to_owned))));
        let here = |inside: &str| lite.on_this_machine(Path::new(inside));
        assert_eq!(here("/etc/bitwarden/licenses"), Some(base.path().join("data/licenses")));
        assert_eq!((here("/logs"), here("/var/log/bitwarden")), (Some("/srv/logs".into()), None));
        let other = &file.services["other"];
        assert_eq!(other.environment, [("X".into(), Some("1=2".into())), ("Y".into(), None)]);
        assert_eq!(other.env_files.len(), 1);
        assert_eq!(file.services["odd"], Service::default());
        assert_eq!(beside(base.path()), std::slice::from_ref(&path));
        fs::write(base.path().join("docker-compose.override.yml"), "services: {}\n").unwrap();
        assert_eq!(beside(base.path()).len(), 2);
        fs::write(&path, "services: [\n").unwrap();
        assert_eq!(read(&path), None);
    }
}
