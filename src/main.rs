//! Calls the front and turns its result into the exit code.

fn main() -> std::process::ExitCode {
    bwsync::front::run()
}
