//! Every screen at 80×24 in every language, as it stands on the terminal. Look at the snapshots: they are meant
//! to be read by a person.

mod walk;

use bwsync::tested::{
    app::{Look, Msg},
    domain::exit::Exit,
    text::{Language, Texts},
    view,
};
use ratatui::{Terminal, backend::TestBackend};
use walk::{Person, demo, gallery::gallery, in_language};

/// The screen as text, the cursor's place below it.
fn screen(person: &Person, width: u16, height: u16) -> String {
    let texts = Texts::new(person.state.look.language);
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut cursor = None;
    terminal
        .draw(|frame| {
            view::draw(frame, &person.state, &texts);
        })
        .unwrap();
    let backend = terminal.backend();
    if backend.cursor_visible() {
        let place = backend.cursor_position();
        cursor = Some((place.x, place.y));
    }
    let rows =
        backend.buffer().content.chunks(usize::from(width)).map(|row| {
            row.iter().map(ratatui::buffer::Cell::symbol).collect::<String>().trim_end().to_owned()
        });
    let mut text = rows.collect::<Vec<_>>().join("\n");
    text.push_str(&match cursor {
        Some((x, y)) => format!("\n(cursor at column {x}, row {y})"),
        None => "\n(no cursor)".to_owned(),
    });
    text
}

#[test]
fn every_screen_in_every_language() {
    for language in Language::ALL {
        for (name, person) in gallery(&in_language(*language)) {
            insta::assert_snapshot!(format!("{name}.{}", language.code()), screen(&person, 80, 24));
        }
    }
}

#[test]
fn no_screen_shows_a_secret() {
    let secrets = [walk::TOKEN, "Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0"];
    for (name, person) in gallery(&demo(Language::En)) {
        let text = screen(&person, 200, 60);
        for secret in secrets {
            let parts: Vec<_> = (0..secret.len() - 3).filter_map(|at| secret.get(at..at + 4)).collect();
            assert!(!parts.iter().any(|part| text.contains(part)), "{name}: {text}");
        }
    }
}

#[test]
fn ascii_in_one_colour_and_the_demo() {
    let ascii = Look { ascii: true, ..Look::default() };
    for (name, person) in gallery(&ascii) {
        let text = screen(&person, 80, 24);
        assert!(text.is_ascii(), "{name}: {text}");
        if ["overview-looking", "configure-question", "token-accepted", "diagnose-failed", "back-down"]
            .contains(&name)
        {
            insta::assert_snapshot!(format!("{name}.ascii"), text);
        }
    }
    for (name, person) in gallery(&demo(Language::En)) {
        if ["overview-new", "token-empty", "login"].contains(&name) {
            insta::assert_snapshot!(format!("{name}.demo"), screen(&person, 80, 24));
        }
    }
}

#[test]
fn what_is_said_after_leaving() {
    let texts = Texts::new(Language::En);
    let mut said = String::new();
    for (name, person) in gallery(&in_language(Language::En)) {
        if [
            "overview-new",
            "configure-running",
            "configure-down",
            "sync-done",
            "back-down",
            "back-changed",
            "back-down-without-docker",
            "back-restarting",
        ]
        .contains(&name)
        {
            let lines = view::summary(&person.state.summary(Exit::Good), &texts);
            said.push_str(&format!("{name}\n{}\n\n", lines.join("\n")));
        }
    }
    insta::assert_snapshot!("summary.en", said);
}

#[test]
fn every_offer_has_words_and_fits_on_80_columns() {
    use bwsync::tested::app::{Key, keymap};
    for language in Language::ALL {
        let texts = Texts::new(*language);
        for (name, mut person) in gallery(&in_language(*language)) {
            person.tell(Msg::Drawn { hidden: 0 });
            let mut width = 1;
            let primary = keymap::primary(&person.state);
            for (at, offer) in keymap::offers(&person.state).into_iter().enumerate() {
                let words = texts.fill("key", offer.hint, [("value", "2")]);
                let words = words.unwrap_or_else(|| panic!("no text key-{}", offer.hint));
                let enters = at == 0 && primary == Some(offer.action);
                let key = if enters { Key::Enter } else { keymap::key(offer.action).unwrap() }.hint();
                width += key.chars().count() + 1 + words.chars().count() + 2;
            }
            assert!(width - 2 <= 80, "{name} in {}: {} columns", language.code(), width - 2);
        }
    }
}
