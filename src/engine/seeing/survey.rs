//! What is on this machine, read once at the start of a request: nothing is contacted, nothing is written.

use std::path::PathBuf;

use crate::{
    domain::{
        check::{AdviceCode, Cause, Finding},
        env_file::{EnvFile, Reader},
        installation::{Installation, Marks},
        license::{self, License},
        request::{FileView, Machine, Options},
        settings::{self, Layers, Live},
    },
    system::{self, User, compose::Kind, installation::Read, locate, process::Runner, redact::Redactor},
};

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
    /// What runs of it.
    pub(crate) runs: Runs,
    /// The server's own certificates (DER), of its nginx.
    pub(crate) certificates: Vec<Vec<u8>>,
}

/// A service, and its environment as far as it is asked for.
pub(crate) type Service = (String, Vec<(String, String)>);

/// What is known of what runs of this installation.
#[derive(Debug)]
pub(crate) enum Runs {
    /// Nobody looked.
    NotLooked,
    /// Docker could not be asked: that says nothing about what runs.
    Unseen,
    Seen(Observed),
}

/// What runs of this installation, and with which of our settings.
#[derive(Debug)]
pub(crate) struct Observed {
    /// Service and environment of those that the env file reaches and that matter here; ours only.
    pub(crate) services: Vec<Service>,
    /// When the api was last started.
    pub(crate) started: Option<time::OffsetDateTime>,
    /// Which Compose is here, with its version.
    pub(crate) compose: Option<Kind>,
    /// The reader of the env file, where containers show that Compose reads it.
    pub(crate) reader: Reader,
    /// The file was written after the api was started.
    pub(crate) file_is_newer: bool,
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

impl Runs {
    /// What was seen, if anything of it could be looked at.
    pub(crate) fn seen(&self) -> Option<&Observed> {
        match self {
            Self::Seen(observed) => Some(observed),
            Self::NotLooked | Self::Unseen => None,
        }
    }

    /// The Compose that answered, if one did.
    pub(crate) fn compose(&self) -> Option<&Kind> {
        self.seen()?.compose.as_ref()
    }

    /// Whether any container of this installation could be looked at.
    pub(crate) fn looked(&self) -> bool {
        self.seen().is_some_and(|observed| !observed.services.is_empty())
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
            runs: Runs::NotLooked,
            certificates: read.certificates,
            installation: read.installation,
        }
    }

    /// The id of the installation, where the files give one.
    pub(crate) fn installation_id(&self) -> Option<String> {
        settings::installation_id(&self.layers().ok()?).ok()
    }

    /// The env files as layers.
    ///
    /// # Errors
    /// What is wrong with an env file that does not read.
    pub(crate) fn layers(&self) -> Result<Layers<'_>, &Finding> {
        let over = self.env.as_ref()?;
        let layers = Layers::new(self.global.as_ref(), over, self.installation.push_off);
        let layers = layers.with_compose(&self.compose);
        Ok(match &self.runs {
            Runs::Seen(Observed { services, file_is_newer, reader, .. }) if !services.is_empty() => {
                layers.with_live(Live { services, file_is_newer: *file_is_newer }).read_by(*reader)
            }
            Runs::Seen(_) | Runs::NotLooked | Runs::Unseen => layers,
        })
    }
}
