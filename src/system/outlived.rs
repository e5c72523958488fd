//! A script that outlived the run that started it: found by its process, followed by the file of its output.

use std::{
    fs,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{task::spawn_blocking, time::sleep};

use super::{
    files,
    process::{Lines, Runner},
};

/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(150);
/// Most of the output that is taken in at one glance, in bytes.
const PART: usize = 64 << 10;

/// Whether the process of this id is still the script: ids are given again, so its command line must name it.
pub fn runs(pid: u32) -> bool {
    let read = files::read_bounded(Path::new(&format!("/proc/{pid}/cmdline")), 4096);
    let words = read.unwrap_or_default();
    let zombie = fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')));
    !zombie && String::from_utf8_lossy(&words).contains("bitwarden.sh")
}

/// Tells each line of the output, from its beginning, until the script ends. A file that cannot be read is
/// waited for all the same.
pub async fn follow(pid: u32, output: &Path, runner: &Runner, on_line: &mut (dyn FnMut(String) + Send)) {
    let mut lines = Lines::default();
    let mut read = 0;
    loop {
        let going_on = runs(pid);
        while let Some(bytes) = part(output.to_owned(), read, runner).await {
            read += bytes.len() as u64;
            for line in lines.push(&bytes) {
                on_line(runner.redactor().line(&line));
            }
        }
        if !going_on {
            break;
        }
        sleep(GLANCE).await;
    }
    if let Some(line) = lines.rest() {
        on_line(runner.redactor().line(&line));
    }
}

async fn part(output: PathBuf, from: u64, runner: &Runner) -> Option<Vec<u8>> {
    let rights = runner.rights().clone();
    let read = spawn_blocking(move || {
        rights.run(|| {
            let file = files::open_regular(&output)?;
            let mut bytes = vec![0; PART];
            let length = file.read_at(&mut bytes, from)?;
            bytes.truncate(length);
            std::io::Result::Ok(bytes)
        })
    });
    read.await.ok()?.ok()?.ok().filter(|bytes| !bytes.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_process_is_not_the_script() {
        assert!(!runs(std::process::id()));
        assert!(!runs(u32::MAX));
    }
}
