//! The keeper itself: hears what to do, does it, writes down how it went.

use std::{
    fs::File,
    io::{self, Read, Seek, SeekFrom, Write},
    os::fd::AsFd,
    process::{Child, Stdio},
    thread::sleep,
    time::Duration,
};

use zeroize::Zeroizing;

use super::{
    super::{
        process::{Call, Runner, child, code},
        redact::Redactor,
    },
    log::Log,
    output::Output,
    record::{Mark, note},
    spec::Spec,
};

/// Longest text that it is told, in bytes.
const LONGEST: u64 = 4 << 20;
/// How often the output is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// Keeps what standard input tells, to its end. Does nothing where that is not whole: then whoever began it is
/// gone, or could not write down that it begins.
///
/// # Errors
/// What is told cannot be read, or its files are not there.
pub fn keep() -> io::Result<()> {
    // So that lists of processes have a name for it.
    let _ = rustix::thread::set_name(c"bwsync-keeper");
    let mut text = Zeroizing::new(Vec::new());
    io::stdin().lock().take(LONGEST).read_to_end(&mut text)?;
    let spec: Spec = serde_json::from_slice(&text)?;
    drop(text);
    let (record, log) = (child::given(spec.record)?, child::given(spec.log)?);
    let (mut log, runner) = (Log::new(log), spec.runner());
    for step in &spec.steps {
        let ended = run(&step.call(), &spec, &runner, &record, &mut log);
        let mark = match &ended {
            Ok(code) => Mark::Ended { code: *code },
            Err(error) => Mark::Refused { errno: error.raw_os_error() },
        };
        note(&record, &mark)?;
        if !matches!(ended, Ok(0)) {
            break;
        }
    }
    note(&record, &Mark::End)
}

fn run(call: &Call, spec: &Spec, runner: &Runner, record: &File, log: &mut Log) -> io::Result<i32> {
    let redactor: &Redactor = runner.redactor();
    let mut output = Output::new(redactor)?;
    let given = child::Given { notes_in: Some(record.as_fd()), ..child::Given::default() };
    let mut command = runner.command(call, &given);
    if let Some(text) = &spec.input {
        command.stdin(input(text)?);
    }
    let mut child = command.stdout(output.writer()?).stderr(output.writer()?).spawn()?;
    let code = loop {
        let ended = ended(&mut child);
        // What cannot be read is not told; it runs all the same.
        let _ = output.glance(&mut |line| log.line(line));
        if let Some(code) = ended {
            break code;
        }
        sleep(GLANCE);
    };
    output.rest(&mut |line| log.line(line));
    log.finish(output.left_out);
    Ok(code)
}

fn ended(child: &mut Child) -> Option<i32> {
    match child.try_wait() {
        Ok(status) => status.map(code),
        Err(_) => Some(-1),
    }
}

/// Standard input that answers the one question: a file without a name, there even if we are not.
fn input(text: &str) -> io::Result<Stdio> {
    let mut file = File::from(rustix::fs::memfd_create("input", rustix::fs::MemfdFlags::CLOEXEC)?);
    file.write_all(text.as_bytes())?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file.into())
}
