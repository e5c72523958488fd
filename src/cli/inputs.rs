//! What a command needs from the person beside its flags: a token, an owner's API key, a consent. Taken from
//! files, then variables, then (on a terminal) asked for; otherwise all that is missing is named at once.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};

use super::{
    Call,
    args::Command,
    prompt::{self, Answer},
    secret_file,
    stop::Stop,
    token::TokenCommand,
};
use crate::{
    domain::{exit::Exit, outside, request::ApiKey, secret::Secret},
    engine::secret_file::key_of,
};

/// Whether an owner's API key is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Login {
    /// Not looked at.
    No,
    /// Used where it is given, never asked for.
    Optional,
    /// Needed.
    Required,
}

/// What was given.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The billing sync token.
    pub token: Option<Secret>,
    /// An owner's API key.
    pub login: Option<ApiKey>,
}

/// Collects what the command needs, or says why it cannot.
pub fn gather(call: &Call) -> Result<Inputs, Stop> {
    let token_file = token_file(call);
    let needs_token = matches!(call.command, Some(Command::Token(_)));
    let login = login_of(call.command.as_ref());
    let key_file = call.common.api_key_file.as_deref().filter(|_| login != Login::No);
    let stdin = |path: Option<&Path>| path == Some(Path::new("-"));
    if stdin(token_file.as_deref()) && stdin(key_file) {
        return Err(Stop::usage(|texts| texts.cli_stdin_twice()));
    }
    let mut inputs = Inputs::default();
    if let Some(path) = token_file.as_deref()
        && let Some(token) = secret_file::token(path)?
    {
        inputs.token = Some(token);
    }
    if login != Login::No {
        inputs.login = given_login(call, key_file)?;
    }
    let ask = !call.common.no_input && prompt::possible();
    if needs_token && inputs.token.is_none() && ask {
        inputs.token = Some(asked(&call.look.texts.cli_ask_token(), false)?);
    }
    if login == Login::Required && inputs.login.is_none() && ask {
        inputs.login = Some(ask_login(call)?);
    }
    let mut missing = Vec::new();
    if needs_token && inputs.token.as_ref().is_none_or(Secret::is_blank) {
        missing.push("--token-file FILE");
    }
    if login == Login::Required && inputs.login.is_none() {
        missing.push("--api-key-file FILE");
    }
    if needs_consent(call) && !call.common.yes && !ask {
        missing.push("--yes");
    }
    if missing.is_empty() { Ok(inputs) } else { Err(lacking(&call.arguments, missing)) }
}

/// Whether the command changes something on this machine and so wants a yes.
pub fn needs_consent(call: &Call) -> bool {
    match &call.command {
        Some(Command::Apply(args)) => !args.check,
        Some(Command::Undo(_) | Command::Disable(_)) => true,
        _ => false,
    }
}

fn login_of(command: Option<&Command>) -> Login {
    match command {
        Some(Command::Token(TokenCommand::Set(_)) | Command::Sync(_) | Command::Disable(_)) => {
            Login::Required
        }
        Some(Command::Status(_) | Command::Check(_) | Command::Apply(_)) => Login::Optional,
        _ => Login::No,
    }
}

/// The file that holds the token, by flag or variable; none for commands that take no token.
pub fn token_file(call: &Call) -> Option<PathBuf> {
    let given = match &call.command {
        Some(Command::Token(TokenCommand::Verify(args) | TokenCommand::Set(args))) => &args.token_file,
        _ => return None,
    };
    given.clone().or_else(|| call.environment.get("BWSYNC_TOKEN_FILE").map(Into::into))
}

/// The key from the file, else from the two variables that Bitwarden's own command line client reads.
fn given_login(call: &Call, file: Option<&Path>) -> Result<Option<ApiKey>, Stop> {
    match file {
        Some(path) => secret_file::api_key(path),
        None => {
            let variable = |name| {
                let value = call.environment.get(name).and_then(|value| value.into_string().ok());
                value.unwrap_or_default()
            };
            let (id, secret) = (variable("BW_CLIENTID"), Secret::new(variable("BW_CLIENTSECRET")));
            Ok(key_of(&id, &secret))
        }
    }
}

fn ask_login(call: &Call) -> Result<ApiKey, Stop> {
    let texts = &call.look.texts;
    let id = asked(&texts.cli_ask_client_id(), true)?;
    let secret = asked(&texts.cli_ask_client_secret(), false)?;
    key_of(id.expose(), &secret).ok_or_else(|| lacking(&call.arguments, vec!["--api-key-file FILE"]))
}

fn asked(question: &str, shown: bool) -> Result<Secret, Stop> {
    match prompt::line(&format!("{question} "), shown) {
        Answer::Line(secret) => Ok(secret),
        Answer::Interrupted => Err(Stop::new(Exit::Interrupted, |texts| texts.cli_interrupted())),
        Answer::None => Ok(Secret::default()),
    }
}

/// Names everything that is missing, with the command line as it would have to be.
fn lacking(arguments: &[OsString], missing: Vec<&'static str>) -> Stop {
    let mut line = String::from("bwsync");
    for argument in without(arguments, &missing) {
        line.push(' ');
        line.push_str(&outside::word(argument.as_bytes()));
    }
    for flag in &missing {
        line.push(' ');
        line.push_str(flag);
    }
    let count = missing.len();
    Stop::usage(move |texts| format!("{}\n{line}", texts.cli_missing(count, missing.join(", "))))
}

/// The arguments without the flags that are missing: a file that was given and is empty stands there too.
fn without(arguments: &[OsString], missing: &[&str]) -> Vec<String> {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy().into_owned());
    let mut kept = Vec::new();
    while let Some(argument) = arguments.next() {
        let (name, value) = argument.split_once('=').map_or((argument.as_str(), None), |(n, v)| (n, Some(v)));
        if !missing.iter().any(|flag| flag.split(' ').next() == Some(name)) {
            kept.push(argument);
        } else if value.is_none() {
            arguments.next();
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        let stop = lacking(&["token".into(), "set".into()], vec!["--token-file FILE", "--api-key-file FILE"]);
        assert_eq!(stop.exit, Exit::Usage);
        let message = stop.message(&crate::text::Texts::new(crate::text::Language::En));
        assert!(message.ends_with("\nbwsync token set --token-file FILE --api-key-file FILE"), "{message}");
        let given = ["token", "verify", "--token-file", "-", "-v"].map(OsString::from);
        assert_eq!(without(&given, &["--token-file FILE"]), ["token", "verify", "-v"]);
    }
}
