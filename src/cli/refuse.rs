//! A secret that was given as an argument is refused before anything prints the command line back. It is in
//! the shell's history and in the list of processes by then: that is what the person must hear.

use std::ffi::OsString;

use clap::CommandFactory;

use super::{args::Cli, stop::Stop};
use crate::domain::secret::{OtherKind, Secret, TokenShape, token_shape};

/// Option names that people try; ours take files.
const TEMPTING: &[&str] = &[
    "--token",
    "--api-key",
    "--key",
    "--password",
    "--secret",
    "--client-secret",
    "--client-id",
    "--bearer",
    "--license-key",
    "--installation-key",
];

/// Looks at a command line (without the program's name) before clap does.
pub fn secrets_in_arguments(arguments: &[OsString]) -> Result<(), Stop> {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        if argument == "--" {
            break;
        }
        let (name, value) = match argument.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name.to_owned(), Some(value.to_owned())),
            _ => (argument.clone().into_owned(), None),
        };
        if TEMPTING.contains(&name.as_str()) {
            return Err(refusal());
        }
        if takes_value(&name) {
            let given = value.or_else(|| arguments.next().map(|next| next.into_owned()));
            if !names_a_folder(&name) && given.as_deref().is_some_and(looks_secret) {
                return Err(refusal());
            }
        } else if looks_secret(value.as_deref().unwrap_or(&name)) {
            return Err(refusal());
        }
    }
    Ok(())
}

fn refusal() -> Stop {
    Stop::usage(|texts| texts.cli_secret_as_argument())
}

/// Options whose value may well be a folder or file with an odd name; the others have no such value.
fn names_a_folder(name: &str) -> bool {
    matches!(name, "--dir" | "--state-dir" | "--cacert")
}

/// Whether an option of ours of this name takes a value.
fn takes_value(name: &str) -> bool {
    let Some(long) = name.strip_prefix("--") else { return false };
    let command = Cli::command();
    let tokens = command.find_subcommand("token").into_iter().flat_map(|token| token.get_subcommands());
    std::iter::once(&command)
        .chain(command.get_subcommands())
        .chain(tokens)
        .flat_map(|command| command.get_arguments())
        .any(|argument| argument.get_long() == Some(long) && argument.get_action().takes_values())
}

/// Whether a word reads as a secret: a token, a bearer, an installation key, or any long mix of letters and
/// digits. Such a file name without any dot or slash in it is none that people make.
fn looks_secret(word: &str) -> bool {
    let mixed = word.len() >= 20
        && word.chars().all(|c| c.is_ascii_alphanumeric())
        && word.chars().any(|c| c.is_ascii_digit())
        && word.chars().any(|c| c.is_ascii_uppercase())
        && word.chars().any(|c| c.is_ascii_lowercase());
    let shape = token_shape(&Secret::new(word), true);
    mixed || shape == TokenShape::Good || shape == TokenShape::Other(OtherKind::Jwt)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_refused_wherever_it_stands() {
        let check = |line: &str| {
            let arguments: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            secrets_in_arguments(&arguments).is_err()
        };
        for refused in [
            "token verify a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5",
            "token verify --token-file a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5",
            "token verify --token-file=a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5",
            "token set --token x",
            "token set --token=x",
            "sync --client-secret x",
            "--jwt=eyJhbGciOi.eyJzdWIi.c2ln status",
        ] {
            assert!(check(refused), "{refused}");
        }
        for taken in [
            "token verify --token-file token.txt",
            "check --dir a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5",
            "check --org 3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34",
            "demo happy-us -- token verify",
            "status -v",
        ] {
            assert!(!check(taken), "{taken}");
        }
    }
}
