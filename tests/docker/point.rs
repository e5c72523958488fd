//! A point at which the script stops until the test tells it to go on: two FIFOs that it looks for there. Every wait has
//! an end of its own: a test that failed leaves nothing behind that waits for ever.

use std::{
    fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    sync::mpsc::channel,
    thread,
};

use rustix::fs::{CWD, Mode, mkfifoat};

use super::bed::LIMIT;

/// A point of the script.
pub struct Point {
    folder: PathBuf,
    name: &'static str,
}

impl Point {
    /// Lays the two FIFOs.
    pub fn lay(folder: &Path, name: &'static str, owner: u32) -> Self {
        fs::create_dir_all(folder).unwrap();
        let point = Self { folder: folder.to_owned(), name };
        for end in ["reached", "gate"] {
            mkfifoat(CWD, point.end(end), Mode::from_raw_mode(0o600)).unwrap();
            chown(point.end(end), Some(owner), Some(owner)).unwrap();
        }
        point
    }

    fn end(&self, end: &str) -> PathBuf {
        self.folder.join(format!("{}.{end}", self.name))
    }

    /// Waits until the script is there. It will not stop there again.
    pub fn reached(&self) {
        let (path, (tell, told)) = (self.end("reached"), channel());
        thread::spawn(move || tell.send(fs::read_to_string(path)));
        let said =
            told.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("the script never got to {}", self.name));
        assert_eq!(said.unwrap(), "reached\n");
        fs::remove_file(self.end("reached")).unwrap();
    }

    /// Lets it go on.
    pub fn goes_on(&self) {
        let (gate, (tell, told)) = (self.end("gate"), channel());
        thread::spawn(move || tell.send(fs::write(gate, "on\n")));
        told.recv_timeout(LIMIT).unwrap_or_else(|_| panic!("nothing waits at {}", self.name)).unwrap();
    }
}
