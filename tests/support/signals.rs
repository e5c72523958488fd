//! Signals as a program on a terminal finds them, whatever this process inherited: under `nohup` or in a job in the
//! background HUP and INT are ignored, a child inherits that, and bwsync then rightly stays. A handler is not inherited.
#![allow(clippy::unwrap_used)]

use std::sync::OnceLock;

use tokio::{
    runtime::{Builder, Runtime},
    signal::unix::{SignalKind, signal},
};

/// From here on every program that this process starts finds HUP and INT as on a terminal.
pub fn as_on_a_terminal() {
    static HANDLERS: OnceLock<Runtime> = OnceLock::new();
    HANDLERS.get_or_init(|| {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            for kind in [SignalKind::hangup(), SignalKind::interrupt()] {
                std::mem::forget(signal(kind).unwrap());
            }
        });
        runtime
    });
}
