//! How `bitwarden.sh` takes the simulated server down and brings it up: it writes a call into a FIFO and finds
//! the answer in a file. The script waits for a bounded time only, so it cannot hang without a simulator.

use std::{
    fs, io,
    os::unix::fs::{PermissionsExt, chown},
    path::{Path, PathBuf},
    sync::Arc,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    net::unix::pipe,
};

use super::super::scenario::{Flavour, Restart};
use super::{
    docker,
    state::{Power, ServerState},
};

/// Between the words of a call of the stand-in for `docker`.
const BETWEEN_WORDS: char = '\u{1f}';
/// Longest id of a call that is answered: it becomes a file name.
const LONGEST_ID: usize = 40;

/// What the script and the stand-in for `docker` act on, and what goes wrong there.
#[derive(Debug, Clone)]
pub struct Stage {
    /// The folder of the installation.
    pub dir: PathBuf,
    /// Its flavour.
    pub flavour: Flavour,
    /// What a restart ends in.
    pub restart: Restart,
    /// The env file's text when the scenario began.
    pub text: String,
}

impl Stage {
    /// The env file that a person edits.
    pub fn env_file(&self) -> PathBuf {
        self.dir.join(self.flavour.env_file())
    }
}

/// The two ends that the script uses, below the folder of the script.
#[derive(Debug, Clone)]
pub struct Control {
    folder: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Control {
    /// Makes the FIFO and the folder for answers in `.simulator` below `dir`; they belong to `owner`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn make(dir: &Path, owner: Option<(u32, u32)>) -> io::Result<Self> {
        let folder = dir.join(".simulator");
        fs::create_dir_all(folder.join("answers"))?;
        rustix::fs::mkfifoat(
            rustix::fs::CWD,
            folder.join("requests"),
            rustix::fs::Mode::from_raw_mode(0o600),
        )?;
        let control = Self { folder, owner };
        for (path, mode) in [("", 0o700), ("answers", 0o700), ("requests", 0o600)] {
            let path = control.folder.join(path);
            fs::set_permissions(&path, fs::Permissions::from_mode(mode))?;
            control.hand_over(&path)?;
        }
        Ok(control)
    }

    fn hand_over(&self, path: &Path) -> io::Result<()> {
        match self.owner {
            Some((uid, gid)) => chown(path, Some(uid), Some(gid)),
            None => Ok(()),
        }
    }

    /// Keeps each call, so that it can be told what was done and in which order.
    fn record(&self, call: &str) -> io::Result<()> {
        use std::io::Write;
        let line = call.replace(BETWEEN_WORDS, " ");
        let path = self.folder.join("calls");
        writeln!(fs::OpenOptions::new().create(true).append(true).open(&path)?, "{line}")?;
        self.hand_over(&path)
    }

    /// An answer appears whole or not at all.
    fn answer(&self, id: &str, code: u8, text: &str) -> io::Result<()> {
        let (half, whole) = (self.folder.join(format!("half.{id}")), self.folder.join("answers").join(id));
        fs::write(&half, format!("{code}\n{text}"))?;
        self.hand_over(&half)?;
        fs::rename(half, whole)
    }
}

/// Carries out what the script asks for, until it is dropped.
///
/// # Errors
/// Where the FIFO cannot be opened or read.
pub async fn serve(state: Arc<ServerState>, control: Control, stage: Stage) -> io::Result<()> {
    let stage = Arc::new(stage);
    let path = control.folder.join("requests");
    let requests = pipe::OpenOptions::new().open_receiver(&path)?;
    // A writer of our own: otherwise the end of one script would read as the end of all.
    let _open = pipe::OpenOptions::new().open_sender(&path)?;
    let mut lines = BufReader::new(requests).lines();
    while let Some(line) = lines.next_line().await? {
        let Some((id, call)) = line.split_once(' ') else { continue };
        if id.len() > LONGEST_ID || !id.chars().all(|c| c.is_ascii_digit() || c == '.') {
            continue;
        }
        let (id, call, shared) = (id.to_owned(), call.to_owned(), Arc::clone(&state));
        let (record, stage) = (control.clone(), Arc::clone(&stage));
        let done = tokio::task::spawn_blocking(move || {
            // What cannot be written down is done all the same.
            let _ = record.record(&call);
            carry_out(&shared, &call, &stage)
        });
        let (code, text) = done.await.map_err(io::Error::other)?;
        // A call of the genuine script returns when the port is bound or free.
        state.settled().await;
        let control = control.clone();
        let done = tokio::task::spawn_blocking(move || control.answer(&id, code, &text));
        done.await.map_err(io::Error::other)??;
    }
    Ok(())
}

/// Exit code and output of one call.
fn carry_out(state: &ServerState, call: &str, stage: &Stage) -> (u8, String) {
    if let Some(words) = call.strip_prefix("docker") {
        let words: Vec<&str> = words.split(BETWEEN_WORDS).skip(1).collect();
        return docker::answer(state, stage, &words);
    }
    match call {
        "ps" => {
            let up = *state.power().borrow() == Power::On;
            let running: &[&str] = if up { &["api", "identity", "nginx"] } else { &[] };
            (0, running.iter().map(|name| format!("bitwarden-{name}\n")).collect())
        }
        "down" => {
            state.take_down();
            (0, String::new())
        }
        "pull" => docker::pull(stage),
        "up" => docker::up(state, stage),
        "setup" => docker::setup(stage),
        _ => (1, "The simulator does not know this call.\n".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        os::unix::process::CommandExt,
        process::{Command, Output, Stdio},
        time::Duration,
    };

    use super::{
        super::super::{
            cloud::CloudState,
            folder::{Folder, Papers, lay},
            message::Asked,
            scenario::{Clouds, Scenario},
            user_login::Accounts,
        },
        super::{Organization, Parts, Simulated, answer},
        *,
    };
    use crate::needs;
    use axum::http::Method;

    const KEY: &str = "globalSettings__enableCloudCommunication";

    fn laid(name: &str) -> (Folder, Arc<ServerState>, Stage) {
        let scenario = Scenario::named(name).unwrap();
        let papers = Papers { ca_pem: "", server_pem: "", license: "{}" };
        let folder = lay(&scenario, &papers).unwrap();
        let organization = Organization {
            id: "o".into(),
            name: "n".into(),
            billing_email: "e".into(),
            license_key: "k".into(),
            occupied_seats: 1,
        };
        let state = ServerState::new(Parts {
            bwdata: folder.bwdata(),
            owner: folder.owner,
            organization,
            connections: Vec::new(),
            sponsorship_sync: None,
            cloud: Arc::new(Simulated { state: Arc::new(CloudState::default()), clouds: Clouds::Up }),
            accounts: Accounts::default(),
            delay: Duration::ZERO,
        });
        state.bring_up().unwrap();
        let stage = folder.stage(&scenario);
        (folder, state, stage)
    }

    /// Runs the script as bwsync does: as the owner, without a terminal.
    async fn script(folder: &Folder, command: &'static str, as_owner: bool, input: &'static str) -> Output {
        let mut call = Command::new(folder.dir.join("bitwarden.sh"));
        call.arg(command).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        if let (true, Some((uid, gid))) = (as_owner, folder.owner) {
            call.uid(uid).gid(gid);
        }
        tokio::task::spawn_blocking(move || {
            let mut child = call.spawn().unwrap();
            // The script may end without reading.
            let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
            child.wait_with_output().unwrap()
        })
        .await
        .unwrap()
    }

    fn add(folder: &Folder, line: &str) {
        let file = folder.bwdata().join("env/global.override.env");
        let text = fs::read_to_string(&file).unwrap();
        fs::write(&file, format!("{text}{line}\n")).unwrap();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_restart_makes_new_settings_effective() {
        let (folder, state, stage) = laid("happy-us");
        let serving = tokio::spawn(serve(Arc::clone(&state), folder.control.clone(), stage));
        add(&folder, &format!("{KEY}=true"));
        assert!(!state.running().unwrap().cloud_communication, "only a restart reads the file");
        let output = script(&folder, "restart", true, "").await;
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(state.running().unwrap().cloud_communication);
        assert_eq!(script(&folder, "stop", true, "").await.status.code(), Some(0));
        assert_eq!(*state.power().borrow(), Power::Off);
        assert_eq!(script(&folder, "reload", true, "").await.status.code(), Some(1));
        // A value that is no boolean: Compose starts the containers, api and identity end at once.
        add(&folder, &format!("{KEY}=yes"));
        assert_eq!(script(&folder, "start", true, "").await.status.code(), Some(0));
        assert_eq!((*state.power().borrow(), state.running()), (Power::On, None));
        for (path, status) in [("/api/alive", 502), ("/identity/alive", 502), ("/", 200)] {
            let asked = Asked::new(Method::GET, path, "");
            assert_eq!(answer(&state, asked).status, status, "{path}");
        }
        // A file that Compose refuses: only `up` fails, and everything is down by then.
        add(&folder, "A=\"open");
        assert_eq!(script(&folder, "restart", true, "").await.status.code(), Some(1));
        assert_eq!(*state.power().borrow(), Power::Off);
        serving.abort();
        let _ = serving.await;
        let output = script(&folder, "restart", true, "").await;
        assert_eq!(output.status.code(), Some(1), "without a simulator it ends by itself: {output:?}");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_pull_that_fails_leaves_the_server_down() {
        let (folder, state, stage) = laid("server-down-after-restart");
        let serving = tokio::spawn(serve(Arc::clone(&state), folder.control.clone(), stage));
        let output = script(&folder, "restart", true, "").await;
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert_eq!(*state.power().borrow(), Power::Off);
        serving.abort();
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn root_is_asked() {
        let (folder, state, stage) = laid("happy-us");
        if !needs::has("root", folder.owner.is_some()) {
            return;
        }
        let serving = tokio::spawn(serve(Arc::clone(&state), folder.control.clone(), stage));
        for (input, code) in [("y\n", 0), (" yEs \n", 0), ("n\n", 1), ("\n", 1), ("", 1), ("y", 1)] {
            let output = script(&folder, "restart", false, input).await;
            assert_eq!(output.status.code(), Some(code), "{input:?} {output:?}");
        }
        serving.abort();
    }
}
