//! The whole road on the engine: each scenario of the simulator, each request, its causes and its exit code.

use std::sync::Arc;

use bwsync::{
    domain::{
        request::{ApiKey, Body, Event, Outcome, Request, Sink},
        secret::Secret,
    },
    engine::Engine,
    simulator,
};

struct Bed {
    _running: simulator::Running,
    engine: Engine,
    token: Secret,
    login: ApiKey,
    runtime: tokio::runtime::Runtime,
}

impl Bed {
    fn new(scenario: &str) -> Self {
        let running = simulator::start(scenario).unwrap();
        let token = Secret::new(std::fs::read_to_string(&running.token_file).unwrap().trim());
        let key = std::fs::read_to_string(&running.api_key_file).unwrap();
        let value = |name: &str| {
            let line = key.lines().find_map(|line| line.strip_prefix(name)).unwrap();
            line.trim_start_matches('=').trim().to_owned()
        };
        let login =
            ApiKey { client_id: value("BW_CLIENTID"), client_secret: Secret::new(value("BW_CLIENTSECRET")) };
        let engine = Engine::new(running.options());
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Self { _running: running, engine, token, login, runtime }
    }

    fn ask(&self, request: Request) -> Outcome {
        let sink: Sink = Arc::new(|event: Event| {
            if std::env::var_os("SHOW").is_some() {
                println!("   {event:?}");
            }
        });
        let outcome = self.runtime.block_on(self.engine.perform(request, &sink));
        if std::env::var_os("SHOW").is_some() {
            println!(
                "{:?} {:?} {:?} {:?}\n{}",
                outcome.exit,
                outcome.problem,
                outcome.changed,
                outcome.roots,
                serde_json::to_string_pretty(&outcome.body).unwrap()
            );
        }
        outcome
    }
}

#[test]
fn happy_us_from_nothing_to_synced() {
    let bed = Bed::new(&std::env::var("SCENARIO").unwrap_or("happy-us".into()));
    bed.ask(Request::Check { only: vec![], skip: vec![], strict: false, login: None });
    bed.ask(Request::Plan { check: true });
    bed.ask(Request::Apply { restart: true, planned_for: None });
    bed.ask(Request::VerifyToken { token: bed.token.clone() });
    bed.ask(Request::SetToken { token: bed.token.clone(), login: bed.login.clone() });
    bed.ask(Request::Sync { login: bed.login.clone() });
    let outcome = bed.ask(Request::Status { login: Some(bed.login.clone()) });
    bed.ask(Request::Undo { restart: true, confirmed: true });
    assert!(matches!(outcome.body, Body::Status(_)));
}
