//! `bwsync token`: what the cloud says about a token, and saving it on this server.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::page::Page;
use crate::domain::{
    check::{Credential, State},
    request::{Changed, Outcome, Problem, TokenBody},
};

/// What to do with a token.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum TokenCommand {
    /// Ask the cloud whether it accepts the token; stores nothing
    #[command(after_help = "\
Examples:
  bwsync token verify --token-file token.txt
  pass show bitwarden/sync | bwsync token verify --token-file -")]
    Verify(TokenArgs),
    /// Ask the cloud, then save the connection on this server; needs an owner's personal API key
    #[command(after_help = "\
Examples:
  bwsync token set --token-file token.txt --api-key-file owner.env
  bwsync token set                           asks for both, on a terminal")]
    Set(TokenArgs),
}

/// Flags of both.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub struct TokenArgs {
    /// File with the billing sync token; - is standard input
    #[arg(long, value_name = "FILE|-")]
    pub token_file: Option<PathBuf>,
}

/// The human form. `next` is the command that goes on from here.
pub fn print(page: &mut Page<'_>, outcome: &Outcome, body: &TokenBody, next: Option<&str>) {
    let texts = page.texts();
    if matches!(outcome.problem, Some(Problem::Unheard(_))) {
        // Said above: neither "saved" nor "not saved" is known.
        page.roots(&outcome.roots);
        return;
    }
    let saved = outcome.changed.contains(&Changed::Connection);
    let no_token =
        outcome.roots.first().is_some_and(|root| root.finding.cause.rejects() == Some(Credential::TokenForm));
    let (state, sentence) = match (body.accepted, saved) {
        // By its form alone: nobody was asked.
        _ if no_token => (State::Failed, texts.cli_token_is_none()),
        (Some(true), true) => (State::Passed, texts.cli_token_saved()),
        (None, true) => (State::Warning, texts.cli_token_saved_unverified()),
        (Some(true), false) if outcome.exit.is_ok() => (State::Passed, texts.cli_token_accepted()),
        (Some(true), false) => (State::Failed, texts.cli_token_accepted_not_saved()),
        (Some(false), false) => (State::Failed, texts.cli_token_rejected()),
        (Some(false), true) => (State::Warning, texts.cli_token_saved_rejected()),
        (None, false) => (State::Unknown, texts.cli_token_not_asked()),
    };
    page.answer(state, &sentence);
    page.roots(&outcome.roots);
    if let Some(connection) = &body.connection {
        page.gap();
        super::status::connection(page, Some(connection));
    }
    if let Some(next) = next.filter(|_| outcome.exit.is_ok()) {
        page.gap();
        page.line(&texts.cli_next());
        page.command(next);
    }
}
