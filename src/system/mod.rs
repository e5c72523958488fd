//! This machine: files, locks, owners, containers, the restart, the server's log, the clock.
