//! The real binary on a real terminal of its own, with a picture of what stands on it.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::{
    io::{Read, Write},
    num::NonZeroU16,
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, channel},
    },
    time::{Duration, Instant},
};

use pty_process::blocking::{Command, Pty};
use rustix::{
    process::{Pid, Signal, kill_process},
    termios::{LocalModes, Termios, tcgetattr},
};

#[path = "signals.rs"]
pub mod signals;

/// Longest wait for anything; only a failure takes it.
pub const LIMIT: Duration = Duration::from_secs(90);

/// bwsync on a terminal. What must never be seen is looked for in every state of the screen and in every byte.
pub struct Screen {
    pty: Option<Arc<Pty>>,
    child: Child,
    picture: vt100::Parser,
    /// Everything that was written to the terminal.
    pub bytes: Vec<u8>,
    incoming: Receiver<Vec<u8>>,
    let_go: Arc<AtomicBool>,
    secrets: Vec<String>,
    before: Termios,
}

/// How it ended.
pub struct Ended {
    /// The exit code; none where a signal ended it.
    pub code: Option<i32>,
    /// What stands on the terminal, and above it in the scrollback.
    pub text: String,
    /// Everything that was written to the terminal.
    pub bytes: Vec<u8>,
}

fn size(number: u16) -> NonZeroU16 {
    NonZeroU16::new(number).unwrap()
}

/// What bwsync, the scripts and the tests call.
const TOOLS: [&str; 13] = [
    "cat", "dirname", "id", "mount", "rm", "runuser", "setsid", "sh", "sleep", "sudo", "timeout", "true",
    "unshare",
];

/// A PATH with the tools and without Docker: the installations here do not run on this machine's, and a Docker that
/// the user may not ask would stand in the way.
fn tools() -> String {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("tools");
    std::fs::create_dir_all(&folder).unwrap();
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/sbin:/usr/bin:/sbin:/bin".into());
    for tool in TOOLS {
        let places = std::env::split_paths(&path).chain(["/usr/sbin", "/sbin"].map(Into::into));
        if let Some(found) = places.map(|place| place.join(tool)).find(|place| place.is_file()) {
            // There already, by another test.
            let _ = std::os::unix::fs::symlink(found, folder.join(tool));
        }
    }
    folder.display().to_string()
}

/// The environment of a person on an ordinary terminal, without anything of this machine's own.
pub fn environment() -> Vec<(String, String)> {
    [("PATH", tools().as_str()), ("LANG", "C.UTF-8"), ("TERM", "xterm-256color"), ("HOME", "/nonexistent")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
}

impl Screen {
    /// Starts it on 80×24; `variables` are added to [`environment`].
    pub fn start(arguments: &[&str], variables: &[(&str, String)]) -> Self {
        signals::as_on_a_terminal();
        let (pty, pts) = pty_process::blocking::open().unwrap();
        pty.resize(pty_process::Size::new(24, 80)).unwrap();
        let before = tcgetattr(&pty).unwrap();
        let child = Command::new(assert_cmd::cargo::cargo_bin!("bwsync"))
            .args(arguments)
            .env_clear()
            .envs(environment())
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .spawn(pts)
            .unwrap();
        let pty = Arc::new(pty);
        let let_go = Arc::new(AtomicBool::new(false));
        let (tell, incoming) = channel();
        let (reader, told) = (Arc::clone(&pty), Arc::clone(&let_go));
        std::thread::spawn(move || {
            let mut buffer = [0_u8; 65_536];
            // The terminal ends with an error when the last process on it ends.
            while let Ok(read @ 1..) = (&*reader).read(&mut buffer) {
                if tell.send(buffer[..read].to_vec()).is_err() || told.load(Ordering::SeqCst) {
                    return;
                }
            }
        });
        let picture = vt100::Parser::new(size(24), size(80), 200);
        let pty = Some(pty);
        Self { pty, child, picture, bytes: Vec::new(), incoming, let_go, secrets: Vec::new(), before }
    }

    /// From now on this must not be seen.
    pub fn hides(&mut self, secret: &str) {
        assert!(secret.len() > 8);
        self.secrets.push(secret.to_owned());
    }

    /// What stands on the screen, a line a row.
    pub fn contents(&self) -> String {
        self.picture.screen().contents()
    }

    /// The picture itself.
    pub fn picture(&self) -> &vt100::Screen {
        self.picture.screen()
    }

    /// Takes in what comes within this time; false where nothing came, or nothing comes any more.
    fn take(&mut self, within: Duration) -> Result<(), RecvTimeoutError> {
        let bytes = self.incoming.recv_timeout(within)?;
        self.picture.process(&bytes);
        self.bytes.extend_from_slice(&bytes);
        let joined = self.contents().replace('\n', "");
        for secret in &self.secrets {
            assert!(!joined.contains(secret.as_str()), "a secret is shown:\n{}", self.contents());
            assert!(!holds(&self.bytes, secret.as_bytes()), "a secret was written to the terminal");
        }
        Ok(())
    }

    /// Waits until this holds.
    pub fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> &mut Self {
        let end = Instant::now() + LIMIT;
        while !holds(self) {
            if let Err(error) = self.take(end.saturating_duration_since(Instant::now())) {
                panic!("waited for {what}: {error}; the screen:\n{}", self.contents());
            }
        }
        self
    }

    /// Waits until this text stands on the screen.
    pub fn shows(&mut self, text: &str) -> &mut Self {
        self.until(&format!("{text:?}"), |screen| screen.contents().contains(text))
    }

    /// Waits until nothing was written for so long; for measuring, never to synchronise.
    pub fn silent_for(&mut self, long: Duration) {
        while self.take(long).is_ok() {}
    }

    /// Types this.
    pub fn types(&mut self, keys: &str) -> &mut Self {
        (&**self.pty.as_ref().unwrap()).write_all(keys.as_bytes()).unwrap();
        self
    }

    /// Pastes this, as a terminal does that was asked to bracket what is pasted.
    pub fn pastes(&mut self, text: &str) -> &mut Self {
        assert!(self.picture().bracketed_paste());
        self.types(&format!("\u{1b}[200~{text}\u{1b}[201~"))
    }

    /// Gives the terminal another size.
    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.picture.screen_mut().set_size(size(rows), size(columns));
        self.pty.as_ref().unwrap().resize(pty_process::Size::new(rows, columns)).unwrap();
        self
    }

    /// Its process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal.
    pub fn signal(&mut self, signal: Signal) -> &mut Self {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self
    }

    /// Takes the terminal away, as a line that is lost; gives the exit code. The key makes it write something, so
    /// that this side's reader wakes up and lets go.
    pub fn hang_up(mut self, key: &str) -> Option<i32> {
        self.let_go.store(true, Ordering::SeqCst);
        self.types(key);
        while self.incoming.recv_timeout(LIMIT).is_ok() {}
        self.pty = None;
        self.child.wait().unwrap().code()
    }

    /// Waits for its end and sees that the terminal is as it was.
    pub fn ends(mut self) -> Ended {
        loop {
            match self.take(LIMIT) {
                Ok(()) => {}
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.contents()),
            }
        }
        let code = self.child.wait().unwrap().code();
        let picture = self.picture();
        assert!(!picture.alternate_screen(), "the alternate screen was not left");
        assert!(!picture.hide_cursor(), "the cursor stays hidden");
        assert!(!picture.bracketed_paste(), "bracketed paste stays on");
        let now = tcgetattr(self.pty.as_ref().unwrap()).unwrap();
        assert!(now.local_modes.contains(LocalModes::ICANON | LocalModes::ECHO), "raw mode stays on");
        assert_eq!(modes(&now), modes(&self.before), "the terminal is not as it was");
        self.picture.screen_mut().set_scrollback(200);
        let mut text = String::new();
        let above = self.picture().scrollback();
        for row in 0..above {
            self.picture.screen_mut().set_scrollback(above - row);
            text.push_str(&self.picture().rows(0, 200).next().unwrap_or_default());
            text.push('\n');
        }
        self.picture.screen_mut().set_scrollback(0);
        text.push_str(&self.contents());
        Ended { code, text, bytes: self.bytes.clone() }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // A test that failed leaves nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn modes(termios: &Termios) -> [u64; 4] {
    [
        u64::from(termios.input_modes.bits()),
        u64::from(termios.output_modes.bits()),
        u64::from(termios.control_modes.bits()),
        u64::from(termios.local_modes.bits()),
    ]
}

/// Whether the bytes hold these.
pub fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// The parameters of every SGR sequence in the stream.
pub fn colours(bytes: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(bytes);
    let mut all = Vec::new();
    for part in text.split("\u{1b}[").skip(1) {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':').unwrap_or(part.len());
        if part[end..].starts_with('m') {
            all.extend(part[..end].split([';', ':']).filter_map(|number| number.parse::<u16>().ok()));
        }
    }
    all.retain(|number| matches!(number, 30..=38 | 40..=48 | 90..=97 | 100..=107));
    all
}
