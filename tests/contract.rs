//! Holds the simulator to the recorded answers of the genuine server: the same request in the same state gets the
//! same status, the same fields and the same error words, over real HTTP on loopback.

#[path = "contract/clouds.rs"]
mod clouds;
#[path = "contract/harness.rs"]
mod harness;
