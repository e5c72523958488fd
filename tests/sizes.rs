//! Every screen in every language at every size: nothing panics, nothing is drawn outside, the focus stays in
//! sight where there is room for it.

mod walk;

use bwsync::tested::{
    app::Look,
    text::{Language, Texts},
    view,
};
use ratatui::{Terminal, backend::TestBackend};
use walk::gallery::gallery;

#[test]
fn no_size_panics() {
    let widths = [0, 1, 2, 3, 4, 6, 9, 14, 22, 31, 45, 60, 80, 133];
    let heights = [0, 1, 2, 3, 4, 5, 6, 9, 12, 16, 24, 50];
    let sizes: Vec<(u16, u16)> =
        widths.iter().flat_map(|width| heights.map(|height| (*width, height))).collect();
    for language in Language::ALL {
        let texts = Texts::new(*language);
        for look in [walk::demo(*language), Look { ascii: true, language: *language, ..Look::default() }] {
            for (name, mut person) in gallery(&look) {
                for (width, height) in &sizes {
                    let mut terminal = Terminal::new(TestBackend::new(*width, *height)).unwrap();
                    let mut hidden = 0;
                    terminal.draw(|frame| hidden = view::draw(frame, &person.state, &texts)).unwrap();
                    person.state.hidden = hidden;
                    person.state.scroll = hidden / 2;
                    assert!(
                        terminal.backend().buffer().content.len()
                            <= usize::from(*width) * usize::from(*height),
                        "{name}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_cursor_stands_on_the_focus_down_to_16_lines() {
    for (name, person) in gallery(&walk::in_language(Language::Nl)) {
        let texts = Texts::new(Language::Nl);
        for (width, height) in [(80, 24), (60, 16), (40, 10)] {
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            terminal
                .draw(|frame| {
                    view::draw(frame, &person.state, &texts);
                })
                .unwrap();
            let wanted = person.state.in_field() || name.starts_with("choice") || name.ends_with("question");
            if wanted && !name.ends_with("running") {
                assert!(terminal.backend().cursor_visible(), "{name} at {width}×{height}");
            }
        }
    }
}
