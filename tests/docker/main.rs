//! The binary against a real Docker engine, with docker-compose 1.29 and with Compose 2.26: a standard deployment with
//! `restart: always`, a registry that it pulls from, and scripts that do what the genuine ones do. Needs Docker and root
//! (tests/support/needs.rs).
//!
//! `BWSYNC_COMPOSE2=FOLDER cargo test --test docker`, where the folder holds Compose v2 as `docker-compose`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on fails, and says where it skips"
)]

/// Each of these cases with both Composes, as a test each.
macro_rules! with_both_composes {
    ($($(#[$note:meta])* fn $name:ident($compose:ident) $body:block)+) => {$(
        $(#[$note])*
        mod $name {
            use super::*;

            fn case($compose: Compose) $body

            #[test]
            fn compose_1() {
                case(Compose::One);
            }

            #[test]
            fn compose_2() {
                case(Compose::Two);
            }
        }
    )+};
}

mod bed;
mod cut;
mod ends;
mod front;
mod image;
mod left;
mod point;
mod registry;
mod rooms;
mod walk;
mod way_back;
mod who;

#[allow(dead_code, reason = "the tests of the system use more of it")]
#[path = "../system/fixture.rs"]
mod fixture;
#[path = "../support/needs.rs"]
mod needs;
#[path = "../support/signals.rs"]
mod signals;
