//! The loop with a picture of a terminal and an engine that answers at once.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod walk;

use std::sync::{Arc, Mutex};

use bwsync::tested::{
    app::{Key, Look, State, Summary, script},
    domain::{
        exit::Exit,
        region::Region,
        request::{Options, Outcome, Request, Sink},
        secret::Secret,
    },
    runtime::{Asked, Input, Runner, Surface, World, drive},
    text::Texts,
};
use futures_util::{
    StreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use ratatui::{Terminal, backend::TestBackend};
use tokio::sync::mpsc::unbounded_channel;
use walk::{
    START, TOKEN, applied_well, look_new, look_synced, saved, status, status_new, status_synced, synced,
    verified,
};

/// Answers every request as the happy world would, and notes what was asked.
#[derive(Default)]
struct Happy {
    asked: Mutex<Vec<Request>>,
    chosen: Mutex<Vec<Options>>,
}

impl Asked for Happy {
    fn perform(self: Arc<Self>, request: Request, _sink: Sink) -> BoxFuture<'static, Outcome> {
        self.asked.lock().unwrap().push(request.clone());
        let done = matches!(&request, Request::Status { login: Some(_) });
        let outcome = match request {
            Request::Look { login: Some(_) } => look_synced(Region::Us),
            Request::Look { login: None } => look_new(Region::Us),
            Request::Apply { .. } => applied_well(Region::Us),
            Request::VerifyToken { .. } => verified(Some(true), Exit::Good, vec![]),
            Request::SetToken { .. } => saved(),
            Request::Sync { .. } => synced(),
            _ => status(if done { status_synced() } else { status_new() }),
        };
        Box::pin(async move { outcome })
    }

    fn choose(&self, options: Options) {
        self.chosen.lock().unwrap().push(options);
    }
}

/// Counts drawings; what is printed plainly is kept.
struct Counted {
    terminal: Terminal<TestBackend>,
    drawn: usize,
    printed: Vec<String>,
}

impl Surface for Counted {
    fn draw(&mut self, state: &State, texts: &Texts) -> std::io::Result<usize> {
        self.drawn += 1;
        Surface::draw(&mut self.terminal, state, texts)
    }

    fn print(&mut self, lines: &[String]) -> std::io::Result<()> {
        self.printed.extend_from_slice(lines);
        Ok(())
    }

    fn resume(&mut self) -> std::io::Result<()> {
        self.printed.push("(back)".to_owned());
        Ok(())
    }

    fn clear(&mut self) -> std::io::Result<()> {
        Surface::clear(&mut self.terminal)
    }
}

/// Keys one by one, each when the answers to the one before are in.
fn calmly(inputs: Vec<Input>) -> BoxStream<'static, Input> {
    stream::iter(inputs)
        .then(|input| async move {
            // Longer than a question throws away what was typed before it; the test's clock does not wait.
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
            input
        })
        .boxed()
}

fn keys(text: &str) -> Vec<Input> {
    script(text).into_iter().map(Input::Key).collect()
}

async fn run(inputs: BoxStream<'static, Input>) -> (Summary, Arc<Happy>, Counted, State) {
    let happy = Arc::new(Happy::default());
    let (runner, inbox) = Runner::new(Arc::clone(&happy));
    let mut state = State::new(Look::default(), Options::default(), START);
    let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut screen = Counted { terminal, drawn: 0, printed: Vec::new() };
    let world = World { inputs, signals: stream::pending(), inbox, now: || START };
    let summary = drive(&mut state, &mut screen, world, runner).await;
    (summary, happy, screen, state)
}

#[tokio::test(start_paused = true)]
async fn the_whole_road_through_the_loop() {
    let mut inputs = keys("<enter>ay");
    inputs.extend(keys("<enter><enter>"));
    inputs.push(Input::Paste(Secret::new(TOKEN)));
    inputs.extend(keys("<enter>2"));
    inputs.push(Input::Paste(Secret::new("user.0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4")));
    inputs.extend(keys("<tab>"));
    inputs.push(Input::Paste(Secret::new("Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0")));
    inputs.extend(keys("<enter>t<enter>q"));
    let (summary, happy, screen, _) = run(calmly(inputs)).await;
    assert_eq!(summary.exit, Exit::Good);
    assert_eq!(summary.next, None);
    let asked = happy.asked.lock().unwrap();
    assert_eq!(asked.len(), 8, "{asked:?}");
    assert!(screen.drawn < 60, "{} drawings", screen.drawn);
}

#[tokio::test(start_paused = true)]
async fn keys_typed_ahead_do_not_answer_a_question() {
    let inputs = stream::iter(keys("1")).chain(calmly(vec![])).boxed();
    // All of these are there at once: `a` opens the question, the rest was typed blindly.
    let ahead = stream::iter(keys("aayyy<right><enter>")).boxed();
    let later = calmly(keys("<esc><esc>q"));
    let (summary, happy, _, _) = run(inputs.chain(calmly(keys("r"))).chain(ahead).chain(later).boxed()).await;
    assert_eq!(summary.exit, Exit::Good);
    let asked = happy.asked.lock().unwrap();
    assert!(!asked.iter().any(|request| matches!(request, Request::Apply { .. })), "{asked:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_printed_plainly_waits_for_a_key() {
    let (_, _, screen, state) = run(calmly(keys("2vqq"))).await;
    assert!(
        screen.printed.iter().any(|line| line.starts_with("https://vault.bitwarden.com/#/organizations/"))
    );
    assert_eq!(screen.printed.last().map(String::as_str), Some("(back)"));
    assert!(state.step().is_some());
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_is_gone_ends_the_program() {
    let (summary, ..) = run(stream::iter([Input::Key(Key::Down)]).boxed()).await;
    assert_eq!(summary.exit, Exit::Hangup);
    let (summary, ..) = run(stream::iter([Input::Lost]).boxed()).await;
    assert_eq!(summary.exit, Exit::Hangup);
}

#[tokio::test(start_paused = true)]
async fn a_signal_ends_it_before_anything_else() {
    let happy = Arc::new(Happy::default());
    let (runner, inbox) = Runner::new(happy);
    let mut state = State::new(Look::default(), Options::default(), START);
    let mut screen = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let signals = stream::iter([Exit::Terminated]).chain(stream::pending()).boxed();
    let world = World { inputs: calmly(keys("q")), signals, inbox, now: || START };
    assert_eq!(drive(&mut state, &mut screen, world, runner).await.exit, Exit::Terminated);
}

#[tokio::test(start_paused = true)]
async fn what_waits_draws_nothing() {
    let (_unused, inbox) = unbounded_channel();
    let (runner, _other) = Runner::new(Arc::new(Happy::default()));
    let mut state = State::new(Look::default(), Options::default(), START);
    let terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut screen = Counted { terminal, drawn: 0, printed: Vec::new() };
    let signals = stream::iter([Exit::Terminated]).boxed();
    let world = World { inputs: stream::pending().boxed(), signals, inbox, now: || START };
    drive(&mut state, &mut screen, world, runner).await;
    assert_eq!(screen.drawn, 1);
}
