//! One host's way up the ladder: runs the stages in order, times them, says what happens.

use std::{future::Future, time::Duration};

use tokio::time::Instant;

use super::{ClockReading, HostResult, ProbeSink, ProbeTarget, connect, http, name, proxy, tls};
use crate::{
    domain::{
        check::{Advice, AdviceCode, Check, CheckEvent, CheckId, Evidence, Finding, Side, Stage, State},
        region::Lookup,
    },
    net::{Net, Origin, Route},
};

/// How long one host may take altogether (design §4, exit code 124: a check 15 s).
const HOST_TIMEOUT: Duration = Duration::from_secs(15);

/// A rung that held: what comes of it, and what was seen.
pub(super) struct Held<T> {
    pub(super) value: T,
    pub(super) evidence: Evidence,
}

impl<T> Held<T> {
    pub(super) fn new(value: T) -> Self {
        Self { value, evidence: Evidence::default() }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.evidence.insert(name, value);
        self
    }
}

/// One host being looked at.
pub(super) struct Walk<'a> {
    pub(super) net: &'a Net,
    pub(super) target: &'a ProbeTarget,
    pub(super) origin: Origin,
    route: Route,
    sink: ProbeSink<'a>,
    rows: Vec<Check>,
    /// The rung that broke.
    broken: Option<CheckId>,
    until: Instant,
    lookup: Lookup,
    clock: Option<ClockReading>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(net: &'a Net, target: &'a ProbeTarget, sink: ProbeSink<'a>) -> Self {
        let origin = target.origin();
        let route = net.route(&origin);
        let until = net.no_later_than(Instant::now() + HOST_TIMEOUT);
        let lookup = match target.http {
            super::HttpQuestion::Installation { .. } => Lookup::NoAnswer,
            _ => Lookup::NotAsked,
        };
        Self { net, target, origin, route, sink, rows: Vec::new(), broken: None, until, lookup, clock: None }
    }

    pub(super) async fn run(mut self) -> (Vec<Check>, HostResult) {
        let stages = self.target.stages(&self.route);
        if self.net.is_offline() {
            for stage in stages {
                self.done(Check::skipped(self.id(stage), Advice::new(AdviceCode::Online)));
            }
            return self.finish(Lookup::NotAsked);
        }
        if !self.net.reachable_in_demo(&self.origin.host, self.origin.port) {
            for stage in stages {
                self.done(self.skipped(stage).with("note", "demo"));
            }
            return self.finish(Lookup::NotAsked);
        }
        let reached = self.climb().await.is_some();
        if let (false, Some(because)) = (reached, self.broken) {
            let rest: Vec<_> = stages
                .into_iter()
                .filter(|stage| !self.rows.iter().any(|row| row.id.stage == *stage))
                .collect();
            for stage in rest {
                self.done(Check::not_run(self.id(stage), because));
            }
        }
        let lookup = self.lookup;
        self.finish(lookup)
    }

    async fn climb(&mut self) -> Option<()> {
        let (net, origin, target) = (self.net, self.origin.clone(), self.target);
        let link = match self.route.clone() {
            Route::Mapped(to) => {
                self.done(self.skipped(Stage::Name).with("note", "connect_to"));
                self.stage(Stage::Connect, connect::run(net, &origin, &[to], self.stage_end())).await?
            }
            Route::Direct => {
                let found = self.stage(Stage::Name, name::run(net, &origin, self.stage_end())).await?;
                self.stage(Stage::Connect, connect::run(net, &origin, &found, self.stage_end())).await?
            }
            Route::Proxy(via) => {
                let end = self.stage_end();
                let found = self.stage(Stage::Name, proxy::name(net, &via, &origin, end)).await?;
                let end = self.stage_end();
                let link =
                    self.stage(Stage::Connect, proxy::connect(net, &via, &origin, &found, end)).await?;
                let end = self.stage_end();
                self.stage(Stage::Proxy, proxy::tunnel(net, link, &via, &origin, end)).await?
            }
        };
        let link = match origin.secure {
            true => self.stage(Stage::Tls, tls::run(net, link, &origin, self.stage_end())).await?,
            false => link,
        };
        let heard = self.stage(Stage::Http, http::run(net, link, &origin, target, self.stage_end())).await?;
        self.lookup = heard.lookup;
        self.clock = heard.clock;
        Some(())
    }

    /// Runs one stage: announced, timed, done.
    async fn stage<T>(
        &mut self,
        stage: Stage,
        work: impl Future<Output = Result<Held<T>, Finding>>,
    ) -> Option<T> {
        let id = self.id(stage);
        (self.sink)(CheckEvent::Started(id));
        let started = Instant::now();
        let ended = work.await;
        let took = started.elapsed();
        match ended {
            Ok(held) => {
                self.done(Check { evidence: held.evidence, ..Check::passed(id) }.took(took));
                Some(held.value)
            }
            Err(finding) => {
                self.broken = Some(id);
                self.done(Check::found(id, finding).took(took));
                None
            }
        }
    }

    /// The moment at which a stage that begins now ends.
    fn stage_end(&self) -> Instant {
        self.net.stage().min(self.until)
    }

    fn id(&self, stage: Stage) -> CheckId {
        CheckId::new(Side::Machine, self.target.target, stage)
    }

    fn skipped(&self, stage: Stage) -> Check {
        Check { state: State::Skipped, ..Check::passed(self.id(stage)) }.with("host", &self.origin.host)
    }

    fn done(&mut self, check: Check) {
        self.rows.push(check.clone());
        (self.sink)(CheckEvent::Done(check));
    }

    fn finish(self, lookup: Lookup) -> (Vec<Check>, HostResult) {
        let held = |row: &Check| row.id.stage == Stage::Http && row.state == State::Passed;
        let result = HostResult {
            target: self.target.target,
            host: self.origin.host,
            port: self.origin.port,
            reached: self.rows.iter().any(held),
            lookup,
            clock: self.clock,
        };
        (self.rows, result)
    }
}
