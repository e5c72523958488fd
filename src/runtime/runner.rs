//! The one place that turns effects into tasks, and their answers into messages.

use std::{collections::HashMap, sync::Arc};

use futures_util::future::BoxFuture;
use tokio::{
    sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    task::AbortHandle,
};

use super::files;
use crate::{
    app::{Effect, Msg, RunId},
    domain::{
        exit::Exit,
        request::{Body, Options, Outcome, Problem, Request, Sink},
    },
    engine::Engine,
};

/// What can be asked: the engine, or in tests something that answers in its place.
pub trait Asked: Send + Sync + 'static {
    /// Does what is asked.
    fn perform(self: Arc<Self>, request: Request, sink: Sink) -> BoxFuture<'static, Outcome>;

    /// From now on these options hold.
    fn choose(&self, options: Options);
}

impl Asked for Engine {
    fn perform(self: Arc<Self>, request: Request, sink: Sink) -> BoxFuture<'static, Outcome> {
        Box::pin(async move { Engine::perform(&self, request, &sink).await })
    }

    fn choose(&self, options: Options) {
        Engine::choose(self, options);
    }
}

/// Runs what the screen machine wants done, each as a task of its own. Dropping it ends them all; a restart
/// that was begun goes on by itself (design §11).
#[derive(Debug)]
pub struct Runner<E> {
    asked: Arc<E>,
    outbox: UnboundedSender<Msg>,
    tasks: HashMap<RunId, AbortHandle>,
}

impl<E: Asked> Runner<E> {
    /// A runner, and where its tasks' messages arrive. They are few: no bound is needed.
    pub fn new(asked: Arc<E>) -> (Self, UnboundedReceiver<Msg>) {
        let (outbox, inbox) = unbounded_channel();
        (Self { asked, outbox, tasks: HashMap::new() }, inbox)
    }

    /// Starts an effect; those that concern the screen itself are the loop's.
    pub fn start(&mut self, effect: Effect) {
        match effect {
            Effect::Ask { run, request } => self.ask(run, request),
            Effect::Stop(run) => {
                if let Some(task) = self.tasks.remove(&run) {
                    task.abort();
                }
            }
            Effect::Choose(options) => self.asked.choose(*options),
            Effect::Read { kind, path } => {
                let outbox = self.outbox.clone();
                tokio::task::spawn_blocking(move || {
                    let _ = outbox.send(Msg::File(files::read(kind, &path)));
                });
            }
            Effect::Print | Effect::Redraw | Effect::Quit(_) => {}
        }
    }

    fn ask(&mut self, run: RunId, request: Request) {
        self.tasks.retain(|_, task| !task.is_finished());
        let outbox = self.outbox.clone();
        let sink: Sink = Arc::new(move |event| {
            // Nobody listens any more: the program ends.
            let _ = outbox.send(Msg::Event(run, event));
        });
        let task = tokio::spawn(Arc::clone(&self.asked).perform(request, sink));
        self.tasks.insert(run, task.abort_handle());
        let outbox = self.outbox.clone();
        tokio::spawn(async move {
            let outcome = match task.await {
                Ok(outcome) => outcome,
                Err(error) if error.is_panic() => broken(),
                Err(_) => return,
            };
            let _ = outbox.send(Msg::Ended(run, Box::new(outcome)));
        });
    }
}

impl<E> Drop for Runner<E> {
    fn drop(&mut self) {
        for task in self.tasks.values() {
            task.abort();
        }
    }
}

/// What is told of a task that panicked: nothing of the panic itself, which might quote what it held.
fn broken() -> Outcome {
    Outcome {
        exit: Exit::Unexpected,
        roots: Vec::new(),
        problem: Some(Problem::Unexpected("panic".to_owned())),
        changed: std::collections::BTreeSet::new(),
        body: Body::Nothing,
    }
}
