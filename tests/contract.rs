//! Holds the simulator to the recorded answers of the genuine server: the same request in the same state gets the
//! same status, the same fields and the same error words, over real HTTP on loopback.

#![allow(clippy::unwrap_used, clippy::print_stdout)] // A test ends where it cannot go on, and tells its count.

#[path = "contract/clouds.rs"]
mod clouds;
#[path = "contract/harness.rs"]
mod harness;
#[path = "contract/limits.rs"]
mod limits;
#[path = "contract/server.rs"]
mod server;
