//! The signals that end the program, for the commands and the screen alike: what was done is told, and the exit code
//! is the signal's.

use std::{fs, io};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::domain::exit::Exit;

/// HUP, INT and TERM, heard from now on.
#[derive(Debug)]
pub struct Signals {
    hangup: Signal,
    interrupt: Signal,
    terminate: Signal,
    /// Under `nohup` a lost terminal ends nothing.
    stays: bool,
}

impl Signals {
    /// Begins to listen; within a runtime.
    ///
    /// # Errors
    /// Where the system does not let us.
    pub fn listen() -> io::Result<Self> {
        let stays = ignores_hangup();
        Ok(Self {
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            stays,
        })
    }

    /// Waits for the next, as the exit code that it means.
    pub async fn next(&mut self) -> Exit {
        tokio::select! {
            _ = self.hangup.recv(), if !self.stays => Exit::Hangup,
            _ = self.interrupt.recv() => Exit::Interrupted,
            _ = self.terminate.recv() => Exit::Terminated,
        }
    }
}

/// Whether whoever started this process had it ignore HUP. It must be asked before listening, which ends the
/// ignoring.
fn ignores_hangup() -> bool {
    let Ok(status) = fs::read_to_string("/proc/self/status") else { return false };
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // Bit 0 is signal 1, HUP (proc(5)).
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}
