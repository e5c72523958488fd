//! What is on this machine, read once at the start of a request: nothing is contacted, nothing is written.

use std::path::PathBuf;

use url::Url;

use crate::{
    domain::{
        check::{AdviceCode, Cause, Finding},
        env_file::{EnvFile, Reader},
        installation::{Installation, Marks, Organization},
        license::{self, License},
        outside,
        request::{FileView, Machine, Options, Problem},
        settings::{Layers, Live, Setting},
    },
    net::{Net, NetOptions, Pin},
    system::{
        self, User,
        compose::{self, Kind},
        containers::{self, Docker},
        installation::Read,
        locate,
        process::Runner,
        redact::Redactor,
        standing,
        state::State,
    },
};

use crate::engine::run::Run;

/// Longest `--cacert` file, in bytes.
const CACERT: u64 = 1 << 20;

/// The installation and the files that matter, read and parsed.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) installation: Installation,
    /// The env file; a finding where Compose would refuse it.
    pub(crate) env: Result<EnvFile, Finding>,
    pub(crate) global: Option<EnvFile>,
    pub(crate) file: FileView,
    /// The licenses that could be read.
    pub(crate) licenses: Vec<License>,
    /// What is wrong with those that could not.
    pub(crate) unreadable: Vec<Finding>,
    /// When the env file was last written.
    pub(crate) modified: Option<time::OffsetDateTime>,
    /// Whose the env file is and how it is guarded.
    pub(crate) marks: Option<Marks>,
    /// With whose rights it was read and is to be written.
    pub(crate) rights: system::Rights,
    /// Who runs this.
    pub(crate) user: User,
    /// Cuts the secrets of the installation's files out of what other programs print.
    pub(crate) redactor: Redactor,
    /// Settings that a compose file gives the api, past the env files.
    compose: Vec<(String, Option<String>)>,
    /// What runs, where this user may ask Docker.
    pub(crate) observed: Option<Observed>,
    certificates: Vec<Vec<u8>>,
}

/// What runs of this installation, and with which of our settings.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Service and environment of those that the env file reaches and that matter here; ours only.
    services: Vec<(String, Vec<(String, String)>)>,
    /// When the api was last started.
    pub(crate) started: Option<time::OffsetDateTime>,
    /// Which Compose is here, with its version.
    pub(crate) compose: Option<String>,
    /// The reader of the env file, where containers show that Compose reads it.
    reader: Reader,
    /// The file was written after the api was started.
    pub(crate) file_is_newer: bool,
}

/// Where a request works: on an installation, or from a machine without one (`--server`).
#[derive(Debug)]
pub(crate) enum Place {
    Here(Box<Survey>),
    Elsewhere,
}

/// Which organization a request is about.
#[derive(Debug)]
pub(crate) enum Choice<'a> {
    One(&'a License),
    None,
    Several,
}

/// Finds the installation and reads it.
///
/// # Errors
/// `install.not_found`, `install.ambiguous` (with the `candidates`), `install.not_readable`, `env.missing` …
pub(crate) async fn survey(options: &Options) -> Result<Survey, Finding> {
    let dir = match located(options).await? {
        locate::Located::One(dir) => dir,
        locate::Located::Many(dirs) => return Err(locate::ambiguous(&dirs)),
    };
    let read = tokio::task::spawn_blocking(move || {
        let user = User::current();
        system::installation::read(&dir, &user).map(|read| Survey::of(read, user))
    });
    read.await.unwrap_or_else(|_| Err(Finding::new(Cause::InstallNotReadable)))
}

/// Looks in folders, and where neither `--dir` nor the current folder names one, at running containers.
async fn located(options: &Options) -> Result<locate::Located, Finding> {
    let machine = options.machine.clone();
    let places = tokio::task::spawn_blocking(|| places(machine));
    let places = places.await.map_err(|_| Finding::new(Cause::InstallNotFound))?;
    // Nothing is known yet that would have to be cut out of what Docker says.
    let runner = Runner::new(system::Rights::Own, Redactor::default(), std::sync::Arc::new(|_| {}));
    let runner = match &options.path {
        Some(path) => runner.with_path(path.clone()),
        None if options.mapped_only => runner.with_path(""),
        None => runner,
    };
    system::find::find(options.dir.as_deref(), &places, &runner).await
}

/// Where to look for an installation: on this machine, or in the demo on what stands in for it.
fn places(machine: Option<Machine>) -> locate::Places {
    match machine {
        Some(Machine { cwd, home, roots }) => locate::Places { cwd, home: Some(home), roots },
        None => locate::Places::of_this_machine(&User::current()),
    }
}

/// Where the installation is, or several are; for the screen's choice.
pub(crate) async fn candidates(options: &Options) -> Vec<PathBuf> {
    match located(options).await {
        Ok(locate::Located::Many(dirs)) => dirs,
        _ => Vec::new(),
    }
}

/// Where the request works: `--server` stands in for an installation that is not here.
///
/// # Errors
/// As [`survey`].
pub(crate) async fn place(options: &Options) -> Result<Place, Finding> {
    match (survey(options).await, &options.server) {
        (Ok(survey), _) => Ok(Place::Here(Box::new(survey))),
        (Err(finding), Some(_)) if finding.cause == Cause::InstallNotFound && options.dir.is_none() => {
            Ok(Place::Elsewhere)
        }
        (Err(finding), _) => Err(finding),
    }
}

impl Observed {
    /// Whether any container of this installation could be looked at.
    pub(crate) fn looked(&self) -> bool {
        !self.services.is_empty()
    }

    /// Whether what runs has these values; none where nothing of it could be looked at.
    pub(crate) fn has(&self, values: &[crate::domain::action::Set]) -> Option<bool> {
        crate::engine::changing::proof::have(&self.services, values)
    }
}

impl Survey {
    fn of(read: Read, user: User) -> Self {
        let path = read.env.path.clone();
        let env = EnvFile::parse(read.env.contents.bytes()).map_err(|refusal| {
            let place = format!("+{} {}", refusal.line, system::user::quote_path(&path));
            Finding::new(Cause::EnvUnparsable)
                .with("path", path.display().to_string())
                .with("line", refusal.line.to_string())
                .with("column", refusal.column.to_string())
                .with("reason", refusal.reason.code())
                .command(AdviceCode::FixEnvFile, format!("sudo -e {place}"))
        });
        let mut licenses = Vec::new();
        let mut unreadable = Vec::new();
        for file in &read.licenses {
            let parsed = match &file.contents {
                Ok(contents) => license::parse(&file.id, contents.bytes()),
                Err(errno) => Err(Finding::new(Cause::LicenseUnreadable).with("errno", errno.clone())),
            };
            match parsed {
                Ok(license) => licenses.push(license),
                Err(finding) => unreadable.push(finding.with("path", file.path.display().to_string())),
            }
        }
        let global = read.global_env.as_ref().and_then(|file| EnvFile::parse(file.contents.bytes()).ok());
        Self {
            env,
            global,
            file: FileView { path, sha256: read.env.sha256 },
            licenses,
            unreadable,
            modified: read.env.modified,
            marks: read.marks,
            rights: read.rights,
            user,
            redactor: read.redactor,
            compose: read.compose_values.into_iter().map(|value| (value.key, value.value)).collect(),
            observed: None,
            certificates: read.certificates,
            installation: read.installation,
        }
    }

    /// Looks at the containers, where this user may ask Docker; each command is said through `runner`.
    pub(crate) async fn observe(&mut self, runner: &Runner) {
        if !matches!(containers::docker(runner).await, Docker::Answers(_)) {
            return;
        }
        let found = containers::containers(runner, &self.installation.bwdata).await.unwrap_or_default();
        let keys: Vec<&str> = Setting::ALL.iter().map(|setting| setting.key()).collect();
        let services = standing::live(runner, &found, &keys).await;
        let started = found.iter().filter(|container| container.runs("api")).find_map(|api| api.started);
        let file_is_newer = matches!((started, self.modified), (Some(started), Some(at)) if started < at);
        let (compose, reader) =
            match compose::detect(runner, &self.installation).await.map(|found| found.kind) {
                Some(Kind::V2 { version }) => (Some(format!("docker compose {version}")), Reader::ComposeV2),
                Some(Kind::V1 { version }) => (Some(format!("docker-compose {version}")), Reader::ComposeV1),
                None => (None, Reader::default()),
            };
        self.observed = Some(Observed { services, started, compose, reader, file_is_newer });
    }

    /// Where the state of this installation is kept.
    pub(crate) fn state(&self, options: &Options) -> State {
        State::of(&self.installation, options.state_dir.as_deref(), &self.user)
    }

    /// The env files as layers; none where the file does not read.
    pub(crate) fn layers(&self) -> Option<Layers<'_>> {
        let over = self.env.as_ref().ok()?;
        let layers = Layers::new(self.global.as_ref(), over, self.installation.push_off);
        let layers = layers.with_compose(&self.compose);
        Some(match &self.observed {
            Some(Observed { services, file_is_newer, reader, .. }) if !services.is_empty() => {
                layers.with_live(Live { services, file_is_newer: *file_is_newer }).read_by(*reader)
            }
            _ => layers,
        })
    }

    /// The organization that `--org` names, or the only one.
    pub(crate) fn choice(&self, options: &Options) -> Choice<'_> {
        let matching: Vec<_> = match &options.org {
            None => self.licenses.iter().collect(),
            Some(wanted) => self.licenses.iter().filter(|license| is_named(license, wanted)).collect(),
        };
        match matching.as_slice() {
            [one] => Choice::One(one),
            [] if options.org.is_none() => Choice::None,
            _ => Choice::Several,
        }
    }

    /// The license of the organization, if one is chosen.
    pub(crate) fn license(&self, options: &Options) -> Option<&License> {
        match self.choice(options) {
            Choice::One(license) => Some(license),
            Choice::None | Choice::Several => None,
        }
    }

    /// All organizations, as they may be shown.
    pub(crate) fn organizations(&self) -> Vec<Organization> {
        self.licenses.iter().map(License::organization).collect()
    }

    /// That nobody said which organization is meant, with those that there are.
    pub(crate) fn organization_open(&self) -> Problem {
        let choice = |organization: Organization| match organization.name {
            Some(name) => format!("{} ({})", organization.id, outside::clean(&name)),
            None => organization.id,
        };
        Problem::OrganizationOpen { choices: self.organizations().into_iter().map(choice).collect() }
    }

    /// The server's address: `--server`, else `config.yml`'s.
    pub(crate) fn server(&self, options: &Options) -> Option<Url> {
        options.server.clone().or_else(|| self.installation.server.clone())
    }

    /// The transport for this installation: its own certificates are accepted for its own host.
    ///
    /// # Errors
    /// As [`net`].
    pub(crate) async fn net(&self, run: &Run<'_>) -> Result<Net, Finding> {
        let host = self.server(run.options).and_then(|url| url.host_str().map(str::to_owned));
        let pins = host
            .map(|host| {
                let pin = |der: &Vec<u8>| Pin { host: host.clone(), der: der.clone() };
                self.certificates.iter().map(pin).collect()
            })
            .unwrap_or_default();
        net(run, pins).await
    }
}

fn is_named(license: &License, wanted: &str) -> bool {
    let wanted = wanted.trim();
    license.self_hosted_id.eq_ignore_ascii_case(wanted) || license.cloud_id.eq_ignore_ascii_case(wanted)
}

/// The transport for this run.
///
/// # Errors
/// A `--cacert` file that cannot be read or holds no certificate.
pub(crate) async fn net(run: &Run<'_>, pins: Vec<Pin>) -> Result<Net, Finding> {
    let (id, wanted) = (run.id, run.options.clone());
    let made = tokio::task::spawn_blocking(move || {
        let mut cacert = Vec::new();
        for path in &wanted.cacert {
            let read = system::files::read_bounded(path, CACERT).map_err(|error| {
                Finding::new(Cause::InstallNotReadable)
                    .with("path", path.display().to_string())
                    .with("errno", system::files::errno(&error))
            })?;
            cacert.push((path.clone(), read));
        }
        Net::new(NetOptions {
            connect_to: wanted.connect_to,
            cacert,
            pins,
            mapped_only: wanted.mapped_only,
            offline: wanted.offline,
            run: Some(id),
            ..NetOptions::default()
        })
    });
    made.await.unwrap_or_else(|_| Err(Finding::new(Cause::TlsUntrusted)))
}
