//! An embedded Bitwarden on loopback, with scenarios of faults.

pub mod scenario;
