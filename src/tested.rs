//! What the tests beside the program may use of its rooms, by name. Nothing else leaves the house but `front`:
//! whatever is not listed here and not used by the program itself is dead, and the compiler says so.

#![allow(missing_docs, reason = "each name is documented where it is")]

pub mod app {
    pub use crate::app::{
        Base, Choice, ChoiceOf, DemoNotes, Effect, FileFault, FileKind, FileText, Key, Look, Msg, Notice,
        Over, Place, QuestionOf, RunId, Stage, State, Summary, What, look, script, update,
    };
    pub mod keymap {
        pub use crate::app::keymap::{key, offers, primary};
    }
}
pub mod bitwarden {
    pub use crate::bitwarden::{Cloud, Device, Server, Undone};
}
pub mod domain {
    pub mod action {
        pub use crate::domain::action::{Act, Set};
    }
    pub mod answers {
        pub use crate::domain::answers::{Bearer, LicenseAnswer, UserBearer};
    }
    pub mod check {
        pub use crate::domain::check::{
            AdviceCode, Area, Cause, Check, CheckEvent, CheckId, Conclusion, Finding, Report, Severity, Side,
            Stage, State, Target, Verdict, conclusions,
        };
    }
    pub mod env_file {
        pub use crate::domain::env_file::{EnvFile, LineEdit, Quote, Reader, RefusalReason};
    }
    pub mod exit {
        pub use crate::domain::exit::Exit;
    }
    pub mod installation {
        pub use crate::domain::installation::{ApiLog, Flavour, Installation, Organization, Owner};
    }
    pub mod journal {
        pub use crate::domain::journal::{
            Command, Ending, Entry, FileChange, Rescue, Server, Settings, Standing, Written, undoable,
        };
    }
    pub mod license {
        pub use crate::domain::license::{License, parse};
    }
    pub mod outside {
        pub use crate::domain::outside::{is_hidden, moment};
    }
    pub mod region {
        pub use crate::domain::region::{CloudHost, Lookup, Region};
    }
    pub mod request {
        pub use crate::domain::request::{
            ApiKey, ApplyBody, Body, Change, Changed, Changes, CheckBody, Diff, DiffLine, DiffSign, Event,
            FileAfter, FileView, LookBody, Machine, Mapping, Options, Origin, Outcome, Phase, PhaseState,
            PlanBody, Problem, RegionBy, RegionView, Request, RestartPlan, RestartResult, Restarting, Risk,
            Root, Shown, Sink, StatusBody, SyncBody, TokenBody, UndoBody, Undoing, Why,
        };
    }
    pub mod restart {
        pub use crate::domain::restart::{
            Answers, Heard, Part, ProgramEnd, Seen, State, blamed, judge, last_words, no_images, unchanged,
            why,
        };
    }
    pub mod secret {
        pub use crate::domain::secret::{OtherKind, Secret};
    }
    pub mod settings {
        pub use crate::domain::settings::{
            FileRegion, INSTALLATION_ID, INSTALLATION_KEY, Layers, Live, NoteCode, Setting, findings,
            installation_id, installation_key, notes, plan, read, rebuilt, region_of_file, undo,
        };
    }
    pub mod sync {
        pub use crate::domain::sync::{
            Connection, LicenseSync, LicenseTerms, SeenIn, Snapshot, SponsorshipSync, StepName, StepState,
            Steps, SyncState,
        };
    }
}
pub mod engine {
    pub use crate::engine::{Engine, Waits};
}
pub mod net {
    pub use crate::net::{Call, CallBody, Net, NetOptions, Origin, Pin, Reply};
}
pub mod probe {
    pub use crate::probe::{HttpQuestion, ProbeResult, ProbeTarget, run};
}
pub mod runtime {
    pub use crate::runtime::{Asked, Input, Runner, Surface, World, drive};
}
pub mod simulator {
    pub use crate::simulator::{Running, scenarios, start};
    pub mod ca {
        pub use crate::simulator::ca::Ca;
    }
    pub mod cloud {
        pub use crate::simulator::cloud::{
            Clock, CloudState, Installation, Organization, Payment, Plan, Standing, Subscription, router,
        };
        pub mod license {
            pub use crate::simulator::cloud::license::document;
        }
    }
    pub mod jwt {
        pub use crate::simulator::jwt::{Signer, claims};
    }
    pub mod listen {
        pub use crate::simulator::listen::{Listening, Port, Site};
    }
    pub mod message {
        pub use crate::simulator::message::{Answer, Asked};
    }
    pub mod scenario {
        pub use crate::simulator::scenario::{
            Certificate, Clouds, EnvShape, Flavour, Restart, Role, Script, facts,
        };
    }
    pub mod server {
        pub use crate::simulator::server::{
            Cloud, Connection, Organization, Parts, ServerState, Settings, Simulated, Unreached, answer,
            file_text, read, router, seal, taken_over,
        };
    }
    pub mod user_login {
        pub use crate::simulator::user_login::{Account, Accounts, Kind, Membership};
    }
}
pub mod system {
    pub use crate::system::{Rights, User};
    pub mod clock {
        pub use crate::system::clock::{now, run_id};
    }
    pub mod compose {
        pub use crate::system::compose::{Kind, commands_up, detect, files, restart_commands};
    }
    pub mod containers {
        pub use crate::system::containers::{Container, Docker, Health, containers, docker, environment};
    }
    pub mod files {
        pub use crate::system::files::{
            Write, WriteError, may_replace, not_readable, sha256, write_atomically,
        };
    }
    pub mod find {
        pub use crate::system::find::find;
    }
    pub mod installation {
        pub use crate::system::installation::{Read, read};
    }
    pub mod keeper {
        pub use crate::system::keeper::{End, Following, Order, Record, Told, Waiting, prepare};
    }
    pub mod locate {
        pub use crate::system::locate::{Located, Places, locate};
    }
    pub mod lock {
        pub use crate::system::lock::{LockError, take};
    }
    pub mod process {
        pub use crate::system::process::{Call, Runner};
    }
    pub mod progress {
        pub use crate::system::progress::parse;
    }
    pub mod redact {
        pub use crate::system::redact::Redactor;
    }
    pub mod restart {
        pub use crate::system::restart::{RestartJob, preflight, preflight_all, prepare};
    }
    pub mod resume {
        pub use crate::system::resume::{Work, at_work, unfinished};
    }
    pub mod standing {
        pub use crate::system::standing::{last_lines, live, parts};
    }
    pub mod state {
        pub use crate::system::state::State;
    }
    pub mod user {
        pub use crate::system::user::{account, owner};
    }
}
pub mod text {
    pub use crate::text::{Language, Texts};
}
pub mod view {
    pub use crate::view::{draw, summary};
}
