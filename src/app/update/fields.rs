//! Text fields: inside one only Enter, Tab, Esc and editing act (design §6-2).

use super::{Effect, Key, Notice, Over, State, What, act, ask, token_changed};
use crate::{
    app::{FileFault, FileKind, FileText, Focus, LoginForm, Purpose},
    domain::{
        request::{ApiKey, Request},
        secret::{Secret, TokenShape, token_shape},
        sync::StepName,
    },
};

/// A key inside a field; None where it belongs to the screen (scrolling).
pub(super) fn press(state: &mut State, key: Key) -> Option<Vec<Effect>> {
    match state.over.clone() {
        Over::Login(form) => Some(login_key(state, form, key)),
        _ => token_key(state, key),
    }
}

/// Pasted text: into the field with the cursor, or nowhere, and that is said.
pub(super) fn paste(state: &mut State, text: &Secret) -> Vec<Effect> {
    state.notice = None;
    if !state.in_field() {
        state.notice = Some(Notice::PasteDropped);
        return Vec::new();
    }
    match &state.over {
        Over::Login(LoginForm { focus: Focus::Id, .. }) => state.login.id.paste(text.expose()),
        Over::Login(LoginForm { focus: Focus::Secret, .. }) => state.login.secret.paste(text),
        _ => {
            state.token.paste(text);
            return token_changed(state);
        }
    }
    Vec::new()
}

fn token_key(state: &mut State, key: Key) -> Option<Vec<Effect>> {
    match key {
        Key::Enter => Some(verify(state)),
        Key::Esc => Some(act::back(state)),
        Key::Tab | Key::BackTab | Key::Down => {
            state.stage = state.ways();
            Some(Vec::new())
        }
        Key::PageUp | Key::PageDown => None,
        _ if state.token.press(key) => Some(token_changed(state)),
        _ => Some(Vec::new()),
    }
}

/// Asks the cloud about the token, or reads it from the file that stands in the field.
fn verify(state: &mut State) -> Vec<Effect> {
    if let Some(path) = state.token.path() {
        return vec![Effect::Read { kind: FileKind::Token, path }];
    }
    // In the demo nobody has a token to paste: an empty field is filled from the demo's own file.
    if let Some(demo) = state.look.demo.as_ref().filter(|_| state.token.is_empty()) {
        let path = demo.token_file.display().to_string();
        return vec![Effect::Read { kind: FileKind::Token, path }];
    }
    if state.running(What::Verify).is_some() {
        return Vec::new();
    }
    if state.token_accepted() {
        state.stage = state.ways();
        return Vec::new();
    }
    if token_shape(state.token.secret(), true) != TokenShape::Good {
        state.notice = Some(Notice::TokenNotWhole);
        return Vec::new();
    }
    let token = state.token();
    ask(state, What::Verify, Request::VerifyToken { token })
}

fn login_key(state: &mut State, form: LoginForm, key: Key) -> Vec<Effect> {
    match key {
        Key::Esc => {
            state.over = Over::Nothing;
            return Vec::new();
        }
        Key::Enter => return sign_in(state, form),
        Key::Tab | Key::BackTab | Key::Up | Key::Down => {
            let focus = match form.focus {
                Focus::Id => Focus::Secret,
                Focus::Secret => Focus::Id,
            };
            state.over = Over::Login(LoginForm { focus, ..form });
            return Vec::new();
        }
        _ => {}
    }
    match form.focus {
        Focus::Id => state.login.id.press(key),
        Focus::Secret => state.login.secret.press(key),
    };
    Vec::new()
}

fn sign_in(state: &mut State, form: LoginForm) -> Vec<Effect> {
    let typed = Secret::new(state.login.id.text());
    let path = state.login.secret.path().or_else(|| crate::steps::apply_token::path(&typed));
    if let Some(path) = path {
        return vec![Effect::Read { kind: FileKind::ApiKey, path }];
    }
    let empty = typed.is_blank() && state.login.secret.is_empty();
    if let Some(demo) = state.look.demo.as_ref().filter(|_| empty) {
        let path = demo.api_key_file.display().to_string();
        return vec![Effect::Read { kind: FileKind::ApiKey, path }];
    }
    match state.login.key() {
        Some(login) => start(state, form.purpose, login),
        None if form.focus == Focus::Id && !typed.is_blank() => {
            state.over = Over::Login(LoginForm { focus: Focus::Secret, ..form });
            Vec::new()
        }
        None => {
            state.notice = Some(Notice::FieldsMissing);
            Vec::new()
        }
    }
}

fn start(state: &mut State, purpose: Purpose, login: ApiKey) -> Vec<Effect> {
    match purpose {
        Purpose::Save => {
            let token = state.token();
            ask(state, What::Save, Request::SetToken { token, login })
        }
        Purpose::Sync => {
            let effects = ask(state, What::Sync, Request::Sync { login });
            if !effects.is_empty() {
                act::to_step(state, StepName::TriggerSync);
            }
            effects
        }
        Purpose::Status => ask(state, What::Status, Request::Status { login: Some(login) }),
    }
}

/// A secret file was read: its text stands in the field as if it had been pasted, and is asked about at once.
pub(super) fn file(state: &mut State, read: Result<FileText, FileFault>) -> Vec<Effect> {
    match (read, state.over.clone()) {
        (Err(fault), _) => {
            state.notice = Some(Notice::File(fault));
            Vec::new()
        }
        (Ok(FileText::ApiKey(key)), Over::Login(form)) => {
            state.login.id.set(&key.client_id);
            state.login.secret.set(key.client_secret.clone());
            start(state, form.purpose, key)
        }
        (Ok(FileText::Token(token)), Over::Nothing) if state.in_field() => {
            state.token.set(token.trimmed());
            let mut effects = token_changed(state);
            if state.token.path().is_none() {
                effects.extend(verify(state));
            }
            effects
        }
        // The person went elsewhere meanwhile.
        (Ok(_), _) => Vec::new(),
    }
}
