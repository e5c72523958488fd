//! Keeps what this process holds in memory out of files and out of other programs of the same user: secrets are among
//! it.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// No core file of this process, and no other program of its user may look into it.
///
/// The limit is the soft one: it is handed on to the programs that are run, and these may raise it again, as the
/// caller could; the other setting ends with their start. `/proc/self` stays readable for the process itself.
pub fn keep_to_ourselves() {
    let maximum = getrlimit(Resource::Core).maximum;
    // Neither can fail where the kernel knows it, and nothing depends on it where it does not.
    let _ = setrlimit(Resource::Core, Rlimit { current: Some(0), maximum });
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
}
