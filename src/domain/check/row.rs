//! The rows of a report that have a name of their own; those of the ladder are made for each host that is asked.

use super::{CheckId, Side, Stage, Target};

/// The installation's folder.
pub const INSTALL: CheckId = CheckId::new(Side::File, Target::Install, Stage::State);
/// Whether the env file reads as Compose reads it.
pub const SYNTAX: CheckId = CheckId::new(Side::File, Target::Env, Stage::Syntax);
/// Whether its values are such as the server can use.
pub const VALUES: CheckId = CheckId::new(Side::File, Target::Env, Stage::Values);
/// Whether its settings belong to one region.
pub const REGION: CheckId = CheckId::new(Side::File, Target::Env, Stage::Region);
/// The switch.
pub const SWITCH: CheckId = CheckId::new(Side::File, Target::Env, Stage::State);
/// Whether what runs has what the file says.
pub const LIVE: CheckId = CheckId::new(Side::Container, Target::Env, Stage::State);
/// The license as it lies on this server.
pub const LICENSE: CheckId = CheckId::new(Side::File, Target::License, Stage::State);
/// What a restart needs.
pub const RESTART: CheckId = CheckId::new(Side::File, Target::Restart, Stage::State);
/// Whether and where the cloud knows the installation.
pub const KNOWN: CheckId = CheckId::new(Side::Machine, Target::Install, Stage::State);
/// Whether the installation signs in to the cloud.
pub const SIGN_IN: CheckId = CheckId::new(Side::Machine, Target::Identity, Stage::SignIn);
/// What the cloud says to the license's organization.
pub const KNOWN_LICENSE: CheckId = CheckId::new(Side::Machine, Target::Api, Stage::License);
/// The connection, as the server keeps it.
pub const CONNECTION: CheckId = CheckId::new(Side::Server, Target::Connection, Stage::State);
/// The last sync, as the server tells it.
pub const SYNC: CheckId = CheckId::new(Side::Server, Target::Sync, Stage::State);
