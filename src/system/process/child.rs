//! What a program gets of us: nothing. It has a session of its own without a controlling terminal (nothing can be
//! typed into the caller's shell), the signals as a program expects them whatever we inherited, and no
//! descriptor beyond its three streams. The only file of the house with `unsafe` in it (`tests/layers.rs`):
//! between fork and exec there is no safe way to say this.
#![allow(unsafe_code, reason = "what a child does before exec is said to the kernel directly")]

use std::{
    fs::File,
    io,
    os::fd::{AsRawFd, BorrowedFd, FromRawFd, RawFd},
    os::unix::process::CommandExt,
    process::Command,
};

use libc::c_int;

/// The highest signal number of Linux.
const LAST_SIGNAL: c_int = 64;
/// Where the kernel has no `close_range`, descriptors up to here are closed.
const DESCRIPTORS: RawFd = 4_096;

/// What a program is given beyond its streams.
#[derive(Debug, Default)]
pub(in crate::system) struct Given<'a> {
    /// Descriptors that it keeps, under the same numbers.
    pub(in crate::system) keeps: Vec<BorrowedFd<'a>>,
    /// Signals that it ignores.
    pub(in crate::system) ignores: &'static [c_int],
    /// Where it notes its process id before it runs: so it is on record however soon we end.
    pub(in crate::system) notes_in: Option<BorrowedFd<'a>>,
}

/// HUP, INT and TERM: what ends those who follow must not end what they follow.
pub(in crate::system) const ENDING: &[c_int] = &[libc::SIGHUP, libc::SIGINT, libc::SIGTERM];

/// Makes the program begin with nothing of ours but what is given. The descriptors given must stay open until it
/// was started.
pub(in crate::system) fn apart(command: &mut Command, given: &Given<'_>) {
    let keeps: Vec<RawFd> = given.keeps.iter().map(AsRawFd::as_raw_fd).collect();
    let notes = given.notes_in.as_ref().map(AsRawFd::as_raw_fd);
    let ignores = given.ignores;
    let before_exec = move || {
        own_session()?;
        default_signals(ignores);
        close_the_rest();
        keeps.iter().try_for_each(|fd| keep(*fd))?;
        notes.map_or(Ok(()), note_myself)
    };
    // SAFETY: the closure runs in the child between fork and exec, where only what is async-signal-safe may be
    // called: it calls the kernel, and neither allocates nor locks (`keeps` was made before).
    unsafe { command.pre_exec(before_exec) };
}

/// A descriptor that whoever started us gave us, by its number.
///
/// # Errors
/// There is none of this number, or it is one of the three streams.
pub(in crate::system) fn given(number: RawFd) -> io::Result<File> {
    if number <= libc::STDERR_FILENO {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    // It was open for us alone; what we start gets it no more.
    // SAFETY: a call of the kernel with numbers.
    check(unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) })?;
    // SAFETY: it is open (the call above said so) and was handed over to us, who alone use it from here on.
    Ok(unsafe { File::from_raw_fd(number) })
}

fn check(result: c_int) -> io::Result<()> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn own_session() -> io::Result<()> {
    // SAFETY: a call of the kernel without arguments. A process that was just forked leads no group.
    check(unsafe { libc::setsid() })
}

/// Every signal as a new program expects it, and none held back.
fn default_signals(ignores: &[c_int]) {
    for number in 1..=LAST_SIGNAL {
        let how = if ignores.contains(&number) { libc::SIG_IGN } else { libc::SIG_DFL };
        // SAFETY: no function of ours is installed. For KILL, STOP and those of the C library it is refused,
        // which is no fault: they are as they should be.
        unsafe { libc::signal(number, how) };
    }
    // SAFETY: the set lives on this stack and is filled by the first call before the second reads it.
    unsafe {
        let mut none = std::mem::zeroed();
        libc::sigemptyset(&raw mut none);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const none, std::ptr::null_mut());
    }
}

/// Everything above the three streams is closed by exec. Not now: one of them tells our parent whether it came
/// to that.
fn close_the_rest() {
    let first = libc::STDERR_FILENO + 1;
    // SAFETY: a call of the kernel with numbers.
    #[cfg(target_os = "linux")]
    let done = unsafe {
        libc::syscall(libc::SYS_close_range, first, libc::c_uint::MAX, libc::CLOSE_RANGE_CLOEXEC) == 0
    };
    #[cfg(not(target_os = "linux"))]
    let done = false;
    if !done {
        for fd in first..DESCRIPTORS {
            // SAFETY: a call of the kernel with numbers; one that is not open is refused, which is no fault.
            unsafe { libc::fcntl(fd, libc::F_SETFD, libc::FD_CLOEXEC) };
        }
    }
}

fn keep(fd: RawFd) -> io::Result<()> {
    // SAFETY: a call of the kernel with numbers.
    check(unsafe { libc::fcntl(fd, libc::F_SETFD, 0) })
}

/// Writes `{"mark":"began","pid":PID,"at":CENTISECONDS}`: what is known of this process before anybody else can
/// know it. The time is the kernel's since its start, as `/proc/PID/stat` has it.
fn note_myself(fd: RawFd) -> io::Result<()> {
    let mut line = Noted { bytes: [0; 96], length: 0 };
    // SAFETY: the time is written to this stack before it is read; the other call has no arguments.
    let (pid, now) = unsafe {
        let mut now: libc::timespec = std::mem::zeroed();
        check(libc::clock_gettime(libc::CLOCK_BOOTTIME, &raw mut now))?;
        (libc::getpid(), now)
    };
    line.text(br#"{"mark":"began","pid":"#);
    line.number(u64::try_from(pid).unwrap_or_default());
    line.text(br#","at":"#);
    let hundredths = u64::try_from(now.tv_nsec).unwrap_or_default() / 10_000_000;
    line.number(u64::try_from(now.tv_sec).unwrap_or_default() * 100 + hundredths);
    line.text(b"}\n");
    // SAFETY: the bytes live on this stack, as many as are named.
    let written = unsafe { libc::write(fd, line.bytes.as_ptr().cast(), line.length) };
    if usize::try_from(written) == Ok(line.length) { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// A line made without allocating.
struct Noted {
    bytes: [u8; 96],
    length: usize,
}

impl Noted {
    fn text(&mut self, text: &[u8]) {
        for (place, byte) in self.bytes.iter_mut().skip(self.length).zip(text) {
            *place = *byte;
        }
        self.length = (self.length + text.len()).min(self.bytes.len());
    }

    fn number(&mut self, number: u64) {
        let mut digits = [0; 20];
        let (mut left, mut first) = (number, digits.len());
        loop {
            first -= 1;
            if let Some(digit) = digits.get_mut(first) {
                *digit = b'0' + u8::try_from(left % 10).unwrap_or_default();
            }
            left /= 10;
            if left == 0 || first == 0 {
                break;
            }
        }
        self.text(digits.get(first..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io::{Read, Seek},
        os::fd::AsFd,
        process::Stdio,
    };

    fn said(given: &Given<'_>, script: &str) -> String {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).stdin(Stdio::null());
        apart(&mut command, given);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    }

    #[test]
    fn a_program_leads_its_session_and_has_no_descriptor_of_ours() {
        let ours = tempfile::tempfile().unwrap();
        rustix::io::fcntl_setfd(&ours, rustix::io::FdFlags::empty()).unwrap();
        let look = "read -r pid _ _ _ group session terminal _ </proc/self/stat; \
                    [ $session = $$ ] && echo \"terminal $terminal\"; n=3; while [ $n -lt 300 ]; do [ -e /proc/$$/fd/$n ] && echo $n; n=$((n + 1)); done";
        assert_eq!(said(&Given::default(), look), "terminal 0\n");
        let given = Given { keeps: vec![ours.as_fd()], ..Given::default() };
        let number = ours.as_raw_fd();
        assert_eq!(said(&given, look), format!("terminal 0\n{number}\n"));
        assert!(super::given(2).is_err() && super::given(DESCRIPTORS + 7).is_err());
    }

    /// The signals that a program would find held back, and ignored; the two of the C library are left out: it lets
    /// nobody set them, and sets them itself in whatever uses threads.
    fn signals(given: &Given<'_>) -> Vec<u64> {
        const OF_THE_LIBRARY: u64 = 0b11 << 31;
        let said = said(given, "grep -E 'Sig(Blk|Ign)' /proc/self/status");
        let sets = said.lines().map(|line| u64::from_str_radix(line.rsplit('\t').next().unwrap(), 16));
        sets.map(|set| set.unwrap() & !OF_THE_LIBRARY).collect()
    }

    #[test]
    fn signals_are_as_they_are_stated() {
        assert_eq!(signals(&Given::default()), [0, 0]);
        assert_eq!(signals(&Given { ignores: ENDING, ..Given::default() }), [0, 0x4003]);
    }

    #[test]
    fn a_process_is_on_record_before_it_runs() {
        let mut notes = tempfile::tempfile().unwrap();
        let given = Given { notes_in: Some(notes.as_fd()), ..Given::default() };
        let pid = said(&given, "echo $$");
        notes.rewind().unwrap();
        let mut text = String::new();
        notes.read_to_string(&mut text).unwrap();
        assert!(text.starts_with(&format!(r#"{{"mark":"began","pid":{},"at":"#, pid.trim())), "{text}");
        assert!(text.ends_with("}\n"), "{text}");
        let mut line = Noted { bytes: [0; 96], length: 0 };
        for number in [0, 7, 10, u64::MAX] {
            line.number(number);
        }
        assert_eq!(line.bytes[..line.length], *b"071018446744073709551615");
    }
}
