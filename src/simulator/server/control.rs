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

use super::super::scenario::Restart;
use super::state::{Power, ServerState};

/// Longest id of a call that is answered: it becomes a file name.
const LONGEST_ID: usize = 40;

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
pub async fn serve(state: Arc<ServerState>, control: Control, restart: Restart) -> io::Result<()> {
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
        let (state, control) = (Arc::clone(&state), control.clone());
        let (id, call) = (id.to_owned(), call.to_owned());
        let done = tokio::task::spawn_blocking(move || {
            let (code, text) = carry_out(&state, &call, restart);
            control.answer(&id, code, &text)
        });
        done.await.map_err(io::Error::other)??;
    }
    Ok(())
}

/// Exit code and output of one call.
fn carry_out(state: &ServerState, call: &str, restart: Restart) -> (u8, String) {
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
        "pull" if restart == Restart::PullFails => {
            (1, "The registry of the simulator does not answer: no image was pulled.\n".to_owned())
        }
        "pull" => (0, String::new()),
        "up" => match state.bring_up() {
            Ok(()) => (0, String::new()),
            Err(refused) => (1, format!("The env file cannot be read, line {}.\n", refused.line)),
        },
        _ => (1, "The simulator does not know this call.\n".to_owned()),
    }
}
