//! An embedded Bitwarden on loopback, with scenarios of faults.
