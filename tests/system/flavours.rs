//! Editions other than the standard one: found, read, or named and left alone.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
};

use bwsync::tested::{
    domain::{
        check::Cause,
        installation::{ApiLog, Flavour},
    },
    system::{
        compose, containers,
        find::find,
        installation::{self, Read},
        locate::{self, Located, Places},
        restart,
    },
};

use super::fixture::{Fixture, skipped_without_root};

const LITE_COMPOSE: &str = "services:\n  bitwarden:\n    env_file:\n      - settings.env\n    \
    image: ${REGISTRY:-ghcr.io/bitwarden}/lite:${TAG:-2026.8.0}\n    ports: ['80:8080', '443:8443']\n    \
    volumes:\n      - ./data:/etc/bitwarden\n      - ./logs:/var/log/bitwarden\n    \
    environment:\n      globalSettings__enableCloudCommunication: 'false'\n      OTHER: x\n";

/// Nothing but what `base` holds.
fn places(base: &Path) -> Places {
    let cwd = base.join("empty");
    fs::create_dir_all(&cwd).unwrap();
    Places { cwd, home: None, roots: Vec::new() }
}

fn lite(fixture: &Fixture) -> PathBuf {
    let settings = fs::read_to_string("tests/data/samples/env/lite-settings.env")
        .or_else(|_| fs::read_to_string("tests/data/env/lite-settings.env"))
        .unwrap();
    fixture.put("lite/settings.env", &settings, 0o600);
    fixture.path("lite")
}

fn read(fixture: &Fixture, dir: &Path) -> Read {
    installation::read(dir, &fixture.user).unwrap()
}

#[test]
fn the_lite_edition_is_read_from_its_settings_and_its_compose_file() {
    let fixture = Fixture::new();
    let dir = lite(&fixture);
    let bare = read(&fixture, &dir).installation;
    assert_eq!((bare.flavour, &bare.env_file), (Flavour::Lite, &dir.join("settings.env")));
    assert_eq!((bare.version.as_deref(), &bare.licenses, &bare.api_log), (None, &None, &ApiLog::InContainer));
    assert!(restart::preflight(&bare).is_ok() && compose::restart_commands(&bare, None).is_empty());

    fixture.put("lite/docker-compose.yml", LITE_COMPOSE, 0o644);
    let license = "lite/data/licenses/organization/5a1d2c3b-4e5f-4a6b-8c7d-b1e500f3d4e5.json";
    fixture.put(license, "{}", 0o600);
    let found = locate::locate(None, &Places { cwd: dir.clone(), ..places(&fixture.path("")) }).unwrap();
    assert_eq!(found, Located::One(dir.clone()));
    let read = read(&fixture, &dir);
    let lite = &read.installation;
    assert_eq!(lite.version.as_deref(), Some("2026.8.0"));
    assert_eq!(lite.server.as_ref().map(|url| url.as_str()), Some("https://vault.example.org/"));
    assert_eq!(lite.id_keys, ["BW_INSTALLATION_ID", "BW_INSTALLATION_KEY"]);
    assert_eq!(lite.api_log, ApiLog::File(dir.join("logs/api.log")));
    assert_eq!((read.licenses.len(), lite.script.as_ref()), (1, None));
    let commands = compose::restart_commands(lite, None);
    assert_eq!(commands.len(), 1);
    let file = dir.join("docker-compose.yml");
    assert!(
        commands[0].starts_with("docker") && commands[0].ends_with(&format!("-f {} up -d", file.display()))
    );
    let values = &read.compose_values;
    assert_eq!((values.len(), values[0].value.as_deref()), (1, Some("false")));

    // An env file of another name is the one that counts if the compose file says so.
    fixture.put("lite/docker-compose.yml", &LITE_COMPOSE.replace("- settings.env", "- my.env"), 0o644);
    fs::rename(dir.join("settings.env"), dir.join("my.env")).unwrap();
    assert_eq!(self::read(&fixture, &dir).installation.env_file, dir.join("my.env"));
}

#[test]
fn root_reads_no_more_of_a_lite_folder_than_its_owner_may() {
    if skipped_without_root() {
        return;
    }
    let fixture = Fixture::new();
    let dir = lite(&fixture);
    let secret = fixture.path("of-root");
    fs::write(&secret, "A=kT9mQ2xW7vLp4RzB8nYc\n").unwrap();
    for path in [fixture.path(""), dir.clone()] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    fs::set_permissions(&secret, fs::Permissions::from_mode(0o600)).unwrap();
    chown(&dir, Some(54_321), Some(54_321)).unwrap();
    chown(dir.join("settings.env"), Some(54_321), Some(54_321)).unwrap();
    assert_eq!(read(&fixture, &dir).installation.owner.uid, 54_321);
    let text = LITE_COMPOSE.replace("- settings.env", "- ../of-root");
    fixture.put("lite/docker-compose.yml", &text, 0o644);
    assert!(installation::read(&dir, &fixture.user).is_err());
    fs::remove_file(dir.join("docker-compose.yml")).unwrap();
    fs::remove_file(dir.join("settings.env")).unwrap();
    symlink(&secret, dir.join("settings.env")).unwrap();
    assert!(installation::read(&dir, &fixture.user).is_err());
}

#[test]
fn a_marketplace_machine_says_its_edition() {
    let fixture = Fixture::new();
    let usual = fixture.installation();
    assert_eq!(usual.flavour, Flavour::Standard);
    fixture.put("settings.env", "BW_DOMAIN=vault.example.org\n", 0o600);
    assert_eq!(fixture.installation().flavour, Flavour::Standard);
    fixture.put(".bw-edition", "lite\n", 0o644);
    assert_eq!(fixture.installation().flavour, Flavour::Lite);
}

#[test]
fn a_hand_made_installation_has_no_script_and_its_own_command() {
    let fixture = Fixture::new();
    fs::remove_file(fixture.path("bitwarden.sh")).unwrap();
    // The script got lost: that is a fault, not a flavour.
    assert_eq!(fixture.installation().flavour, Flavour::Standard);
    fs::remove_dir_all(fixture.path("bwdata/scripts")).unwrap();
    let made = fixture.installation();
    assert_eq!(made.flavour, Flavour::HandMade);
    let commands = compose::restart_commands(&made, None);
    assert!(commands[0].ends_with("bwdata/docker/docker-compose.yml up -d"), "{commands:?}");
    assert!(commands[1].ends_with("restart nginx"), "{commands:?}");
    fixture.put("compose.yml", "services: {}\n", 0o644);
    fs::remove_file(fixture.path("bwdata/docker/docker-compose.yml")).unwrap();
    assert_eq!(compose::files(&made), [fixture.path("compose.yml")]);
}

#[test]
fn what_is_not_set_up_is_named() {
    let fixture = Fixture::new();
    let cases = [
        (
            "vw/docker-compose.yml",
            "services:\n  vw:\n    image: vaultwarden/server:latest\n",
            Cause::InstallNotBitwarden,
            "vaultwarden",
        ),
        (
            "helm/values.yaml",
            "general:\n  enableCloudCommunication: false\n",
            Cause::InstallUnsupportedFlavour,
            "helm",
        ),
        ("windows/bitwarden.ps1", "param()\n", Cause::InstallUnsupportedFlavour, "windows"),
    ];
    for (path, text, cause, note) in cases {
        fixture.put(path, text, 0o644);
        let file = fixture.path(path);
        let folder = file.parent().unwrap().to_owned();
        let places = Places { cwd: folder.clone(), home: None, roots: Vec::new() };
        // The fixture itself is a parent of the folder: what is nearest and pointed at decides.
        for found in [locate::locate(Some(&folder), &places), locate::locate(Some(&file), &places)] {
            let found = found.unwrap_err();
            assert_eq!((found.cause, found.evidence.get("note")), (cause, Some(note)), "{path}");
        }
    }
    fixture.put("data2/.env", "DOMAIN=x\n", 0o644);
    fixture.put("data2/data/rsa_key.pem", "", 0o600);
    let found = locate::locate(Some(&fixture.path("data2")), &places(&fixture.path(""))).unwrap_err();
    assert_eq!(found.cause, Cause::InstallNotBitwarden);
}

#[test]
fn what_a_compose_override_sets_is_known_with_its_file() {
    let fixture = Fixture::new();
    let more = "globalSettings__baseServiceUri__cloudRegion=EU\nOTHER=1\n";
    fixture.put("bwdata/env/more.env", more, 0o600);
    let text = "services:\n  api:\n    env_file: [../env/more.env]\n    environment:\n      \
        - globalSettings:enableCloudCommunication=true\n      - globalSettings__installation__key=kT9mQ2xW7vLp4RzB8nYc\n      - LD=1\n";
    fixture.put("bwdata/docker/docker-compose.override.yml", text, 0o644);
    let values = fixture.read().compose_values;
    let seen: Vec<_> = values
        .iter()
        .map(|value| {
            (value.key.as_str(), value.value.as_deref(), value.path.file_name().unwrap().to_str().unwrap())
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("globalSettings__baseServiceUri__cloudRegion", Some("EU"), "more.env"),
            ("globalSettings:enableCloudCommunication", Some("true"), "docker-compose.override.yml"),
            ("globalSettings__installation__key", None, "docker-compose.override.yml"),
        ]
    );
}

fn container(id: &str, name: &str, image: &str, labels: &str, mounts: &str) -> String {
    format!(
        r#"{{"id":"{id}","name":"/{name}","image":"{image}","labels":{{{labels}}},"mounts":[{mounts}],"state":{{"Running":true}}}}"#
    )
}

#[tokio::test]
async fn running_containers_lead_to_their_installation() {
    let fixture = Fixture::new();
    let base = fixture.path("");
    let base = base.as_path();
    let lite = lite(&fixture);
    let mount = format!(
        r#"{{"Source":"{}","Destination":"/etc/bitwarden/core"}}"#,
        base.join("bwdata/core").display()
    );
    let dir = |dir: &Path| format!(r#""com.docker.compose.project.working_dir":"{}""#, dir.display());
    let api = container(
        "aa11",
        "x-api-1",
        "ghcr.io/bitwarden/api:2026.8.0",
        &dir(&base.join("bwdata/docker")),
        &mount,
    );
    let one = container("bb22", "bitwarden", "ghcr.io/bitwarden/lite:2026.8.0", &dir(&lite), "");
    let other = container("cc33", "vault", "vaultwarden/server:1.34", "", "");
    let docker = "cd \"${0%/bin/docker}\"; case \"$*\" in ps*) grep -o '\"id\":\"[^\"]*' answers | cut -c7-;; inspect*) cat answers;; *) exit 9;; esac";
    let elsewhere = tempfile::tempdir().unwrap();
    let places = places(elsewhere.path());
    let runner = fixture.docker(docker);
    fixture.put("answers", &format!("{api}\n{other}\n"), 0o644);
    assert_eq!(find(None, &places, &runner).await, Ok(Located::One(base.to_owned())));
    fixture.put("answers", &format!("{api}\n{one}\n"), 0o644);
    assert_eq!(find(None, &places, &runner).await, Ok(Located::Many(vec![base.to_owned(), lite.clone()])));
    // Where the current folder names one, nobody is asked.
    let here = Places { cwd: lite.clone(), ..places.clone() };
    let calls = fs::read_to_string(fixture.path("calls")).unwrap();
    assert_eq!(find(None, &here, &runner).await, Ok(Located::One(lite.clone())));
    assert_eq!(fs::read_to_string(fixture.path("calls")).unwrap(), calls);
    let found = containers::containers(&runner, &lite).await.unwrap();
    assert!(found.len() == 1 && found[0].lite && found[0].runs("api"));
    fixture.put("answers", &format!("{other}\n"), 0o644);
    assert_eq!(find(None, &places, &runner).await.unwrap_err().cause, Cause::InstallNotBitwarden);
    fixture.put("answers", "", 0o644);
    assert_eq!(find(None, &places, &runner).await.unwrap_err().cause, Cause::InstallNotFound);
}

#[tokio::test]
async fn everything_that_would_stop_a_restart_is_said_at_once() {
    let fixture = Fixture::new();
    fixture.put("bwdata/letsencrypt/live/README", "", 0o644);
    fixture.put("bwdata/scripts/run.sh", "#!/bin/sh\nrestart() {\n  read x\n}\n", 0o700);
    let installation = fixture.installation();
    let runner = fixture.docker(
        "case \"$*\" in version*) echo 28.2.2;; info*) echo /;; *Ports*) printf 'ff00\\tweb\\t0.0.0.0:80->80/tcp\\n';; *) :;; esac",
    );
    let causes = |found: Vec<bwsync::tested::domain::check::Finding>| -> Vec<Cause> {
        found.iter().map(|f| f.cause).collect()
    };
    let found = causes(restart::preflight_all(&installation, &runner).await);
    assert_eq!(found[..2], [Cause::RestartPromptMidRestart, Cause::RestartPortInUse], "{found:?}");
    let refuses = fixture.docker("echo 'Cannot connect to the Docker daemon' >&2; exit 1");
    let found = causes(restart::preflight_all(&installation, &refuses).await);
    assert_eq!(found, [Cause::RestartPromptMidRestart, Cause::RestartDockerUnreachable]);
    fixture.put("bwdata/scripts/run.sh", "#!/bin/sh\n", 0o700);
    let nowhere = fixture.runner().with_path(fixture.path("nowhere"));
    assert_eq!(restart::preflight_all(&installation, &nowhere).await, []);
}
