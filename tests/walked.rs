//! The screens on the real engine in the simulated world: what a person presses, and where it ends. With
//! `SHOW=1` every screen on the way is printed.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on may stop, and may show why"
)]

mod walk;

use std::sync::{Arc, Mutex};

use bwsync::tested::{
    app::{self, DemoNotes, Effect, FileKind, FileText, Look, Msg, State, What},
    domain::{
        exit::Exit,
        journal::{Rescue, Server, Settings},
        request::{ApiKey, Event, Options, Sink},
        secret::Secret,
        sync::StepName,
    },
    engine::{Engine, Waits},
    simulator::{self, Running},
    text::{Language, Texts},
    view,
};
use ratatui::{Terminal, backend::TestBackend};
use time::OffsetDateTime;
use tokio::runtime::Runtime;
use walk::Person;

/// A person at the wizard in a simulated world; every request is carried out at once.
struct Walk {
    person: Person,
    running: Running,
    engine: Engine,
    runtime: Runtime,
}

/// The engine of a world that is there in a moment or never.
fn engine(running: &Running) -> Engine {
    let second = std::time::Duration::from_secs(1);
    let waits = Waits { answer: 20 * second, after_failure: second, pause: second / 20, ..Waits::default() };
    let options = Options { keeper: Some(env!("CARGO_BIN_EXE_bwsync").into()), ..running.options() };
    Engine::new(options).with_waits(waits)
}

impl Walk {
    fn begins(scenario: &str) -> Self {
        let running = simulator::start(scenario).unwrap();
        let demo =
            DemoNotes { token_file: running.token_file.clone(), api_key_file: running.api_key_file.clone() };
        let look = Look { demo: Some(demo), ..Look::default() };
        let mut state = State::new(look, running.options(), OffsetDateTime::now_utc());
        let effects = app::look(&mut state);
        let engine = engine(&running);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let mut walk = Self { person: Person { state, effects }, running, engine, runtime };
        walk.carry_out();
        walk
    }

    /// Leaves, and comes back to the same installation with nothing in mind.
    fn comes_back(mut self) -> Self {
        let look = Look::default();
        let mut state = State::new(look, self.running.options(), OffsetDateTime::now_utc());
        let effects = app::look(&mut state);
        self.engine = engine(&self.running);
        self.person = Person { state, effects };
        self.carry_out();
        self
    }

    /// The screen as text.
    fn screen(&self) -> String {
        let texts = Texts::new(self.person.state.look.language);
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
        terminal
            .draw(|frame| {
                view::draw(frame, &self.person.state, &texts);
            })
            .unwrap();
        terminal.backend().to_string()
    }

    /// Presses the keys one by one, and waits after each until nothing runs.
    fn press(&mut self, keys: &str) -> &mut Self {
        for key in app::script(keys) {
            self.person.tell(Msg::Drawn { hidden: 0 });
            self.person.tell(Msg::Key(key));
            self.carry_out();
        }
        self
    }

    fn paste(&mut self, text: &str) -> &mut Self {
        self.person.paste(text);
        self
    }

    fn carry_out(&mut self) {
        loop {
            let effects = self.person.wanted();
            if effects.is_empty() {
                break;
            }
            for effect in effects {
                self.carry(effect);
            }
        }
        self.show();
    }

    fn carry(&mut self, effect: Effect) {
        match effect {
            Effect::Ask { run, request } => {
                let heard = Arc::new(Mutex::new(Vec::new()));
                let ear = Arc::clone(&heard);
                let sink: Sink = Arc::new(move |event: Event| ear.lock().unwrap().push(event));
                let outcome = self.runtime.block_on(self.engine.perform(request, &sink));
                for event in heard.lock().unwrap().drain(..) {
                    self.person.tell(Msg::Event(run, event));
                }
                self.person.tell(Msg::Tick(OffsetDateTime::now_utc()));
                self.person.tell(Msg::Ended(run, Box::new(outcome)));
            }
            Effect::Choose(options) => self.engine.choose(*options),
            Effect::Read { kind, path } => {
                let text = std::fs::read_to_string(path).unwrap();
                let read = match kind {
                    FileKind::Token => FileText::Token(Secret::new(text)),
                    FileKind::ApiKey => FileText::ApiKey(key(&text)),
                };
                self.person.tell(Msg::File(Ok(read)));
            }
            Effect::Quit(summary) => {
                let lines = view::summary(&summary, &Texts::new(summary.language));
                self.say(&lines.join("\n"));
            }
            Effect::Stop(_) | Effect::Print | Effect::Redraw => {}
        }
    }

    fn show(&self) {
        self.say(&self.screen());
    }

    fn say(&self, text: &str) {
        if std::env::var_os("SHOW").is_some() {
            println!("{text}\n");
        }
    }

    fn exit(&self, what: What) -> Option<Exit> {
        self.person.state.ended(what).map(|ended| ended.outcome.exit)
    }

    fn token(&self) -> String {
        std::fs::read_to_string(&self.running.token_file).unwrap()
    }
}

fn key(text: &str) -> ApiKey {
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    ApiKey { client_id: value("BW_CLIENTID="), client_secret: Secret::new(value("BW_CLIENTSECRET=")) }
}

/// From nothing to synced by the keyboard alone.
fn to_synced(scenario: &str) {
    let mut walk = Walk::begins(scenario);
    assert_eq!(walk.person.state.chosen, StepName::Configure);
    walk.press("<enter>ay");
    assert_eq!(walk.exit(What::Apply), Some(Exit::Good));
    walk.press("<enter><enter>");
    let token = walk.running.token_file.display().to_string();
    walk.paste(&token).press("<enter>");
    assert!(walk.person.state.token_accepted());
    let api_key = walk.running.api_key_file.display().to_string();
    walk.press("2<tab>").paste(&api_key).press("<enter>");
    assert_eq!(walk.exit(What::Save), Some(Exit::Good));
    assert_eq!(walk.person.state.step(), Some(StepName::TriggerSync));
    walk.press("t");
    assert_eq!(walk.exit(What::Sync), Some(Exit::Good));
    assert_eq!(walk.person.state.known.done(), 4);
    walk.press("sd<esc>q");
}

#[test]
fn happy_us() {
    to_synced("happy-us");
}

#[test]
fn happy_eu() {
    to_synced("happy-eu");
}

#[test]
fn token_rejected() {
    let mut walk = Walk::begins("token-rejected");
    walk.press("3");
    let token = walk.token();
    walk.paste(&token).press("<enter>");
    assert_eq!(walk.exit(What::Verify), Some(Exit::Rejected));
    assert!(!walk.person.state.token_accepted());
    walk.press("<tab>2");
    assert_eq!(walk.person.state.over, app::Over::Nothing);
    assert!(walk.person.state.ledger.is_empty());
}

#[test]
fn a_server_left_down_is_said_and_leaves_its_code() {
    let mut walk = Walk::begins("server-down-after-restart");
    walk.press("1ay");
    assert_eq!(walk.exit(What::Apply), Some(Exit::FailedDown));
    assert!(matches!(walk.person.state.ledger.stands.server, Server::Down(_)));
    let summary = walk.person.state.summary(Exit::Good);
    assert_eq!(summary.exit, Exit::FailedDown);
    let lines = view::summary(&summary, &Texts::new(summary.language)).join("\n");
    assert!(lines.contains("down since"), "{lines}");
}

#[test]
fn who_comes_back_reads_what_the_last_run_left() {
    let mut walk = Walk::begins("server-down-after-restart");
    assert!(walk.screen().contains("Nothing changed yet."));
    walk.press("1ay");
    let left = walk.person.state.ledger.stands.clone();
    let mut walk = walk.comes_back();
    let stands = walk.person.state.ledger.stands.clone();
    assert_eq!((stands.server, &stands.settings), (left.server, &left.settings), "the same story");
    assert!(matches!(stands.server, Server::Down(_)) && stands.undoable);
    // No Docker stands in for one here: the commands are what is left.
    let Rescue { by_us, commands } = stands.rescue.unwrap();
    assert!(!by_us && !commands.is_empty());
    for keys in ["", "1", "<esc>d", "<esc>s", "<esc>?", "<esc>e"] {
        walk.press(keys);
        let screen = walk.screen();
        assert!(screen.contains("The server is down since"), "{keys}: {screen}");
        assert!(!screen.contains("Nothing changed"), "{keys}: {screen}");
    }
    let lines = view::summary(&walk.person.state.summary(Exit::Good), &Texts::new(Language::En));
    let at = |wanted: &str| lines.iter().position(|line| line.contains(wanted));
    assert!(at(&commands[0]) < at("bwsync undo --yes --dir"), "{lines:?}");
    // The question says that it comes up without a pull; both outcomes are told, and the commands stay.
    walk.press("<esc>1z");
    assert!(walk.screen().contains("without a pull"), "{}", walk.screen());
    walk.press("y");
    assert_eq!(walk.exit(What::Undo), Some(Exit::FailedDown));
    let screen = walk.screen();
    let told = ["The old settings are back in the file.", "The server does not answer.", &commands[0][..60]];
    assert!(told.iter().all(|told| screen.contains(told)), "{screen}");
    let walk = walk.comes_back();
    let stands = &walk.person.state.ledger.stands;
    assert!(matches!(stands.settings, Settings::Back { .. }), "{stands:?}");
    assert_eq!(stands.server, left.server, "since the same moment");
    assert!(!walk.screen().contains("Nothing changed"), "{}", walk.screen());
}

#[test]
fn who_comes_back_to_what_went_well_reads_what_holds() {
    let mut walk = Walk::begins("happy-us");
    walk.press("1ay");
    let walk = walk.comes_back();
    let screen = walk.screen();
    assert!(!screen.contains("down since"), "{screen}");
    assert!(screen.contains("Changed on ") && screen.contains(": 1 setting, restarted."), "{screen}");
}

#[test]
fn a_cloud_that_is_not_reached_writes_nothing() {
    let mut walk = Walk::begins("clouds-unreachable");
    walk.press("1a");
    assert_eq!(walk.person.state.over, app::Over::Nothing, "the region is open: nothing can be applied yet");
    walk.press("g<enter>ay");
    assert_eq!(walk.exit(What::Apply), Some(Exit::CouldNotAsk));
    assert!(walk.person.state.ledger.is_empty());
}

#[test]
fn who_is_no_owner_reads_why_and_nothing_is_saved() {
    let mut walk = Walk::begins("not-owner");
    let token = walk.token();
    walk.press("3").paste(&token).press("<enter>");
    let api_key = walk.running.api_key_file.display().to_string();
    walk.press("2").paste(&api_key).press("<enter>");
    assert_eq!(walk.exit(What::Save), Some(Exit::Rejected));
    assert!(matches!(walk.person.state.over, app::Over::Login(_)));
    assert!(walk.person.state.ledger.connection.is_none());
}

/// The question shows what it takes back, also right after this run wrote it; what somebody wrote since makes a new
/// question of it.
#[test]
fn undo_asks_about_what_it_takes_back() {
    let mut walk = Walk::begins("happy-us");
    walk.press("1wy");
    assert_eq!(walk.exit(What::Apply), Some(Exit::Good));
    let keys = |walk: &Walk| {
        let undoing = walk.person.state.known.undoing.as_ref().unwrap();
        undoing.changes.iter().map(|change| change.key.clone()).collect::<Vec<_>>()
    };
    let asked = keys(&walk);
    assert!(asked.iter().any(|key| key.ends_with("enableCloudCommunication")), "{asked:?}");
    walk.press("z");
    let file = walk.running.env_file();
    let written = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{written}# edited\n")).unwrap();
    walk.press("y");
    assert_eq!(walk.exit(What::Undo), Some(Exit::Wrong));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{written}# edited\n"));
    assert_eq!(keys(&walk), asked, "looked at anew");
    walk.press("1zy");
    assert_eq!(walk.exit(What::Undo), Some(Exit::Good));
    assert!(std::fs::read_to_string(&file).unwrap().ends_with("# edited\n"));
}
