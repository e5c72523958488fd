//! What a secret file says to somebody who named it on the command line; `-` is standard input.

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use super::stop::Stop;
use crate::{
    domain::{exit::Exit, request::ApiKey, secret::Secret},
    engine::secret_file::{self, Fault},
};

/// A billing sync token; none where the file is empty, which is the same as not given (design §4).
pub fn token(path: &Path) -> Result<Option<Secret>, Stop> {
    let read =
        if is_stdin(path)? { secret_file::token_in(io::stdin().lock()) } else { secret_file::token(path) };
    given(read, path)
}

/// An owner's personal API key; none where it is not whole.
pub fn api_key(path: &Path) -> Result<Option<ApiKey>, Stop> {
    let read = if is_stdin(path)? {
        secret_file::api_key_in(io::stdin().lock())
    } else {
        secret_file::api_key(path)
    };
    given(read, path)
}

fn is_stdin(path: &Path) -> Result<bool, Stop> {
    let stdin = path == Path::new("-");
    if stdin && io::stdin().is_terminal() {
        return Err(Stop::usage(|texts| texts.cli_stdin_is_terminal()));
    }
    Ok(stdin)
}

fn given<T>(read: Result<T, Fault>, path: &Path) -> Result<Option<T>, Stop> {
    let fault = match read {
        Ok(secret) => return Ok(Some(secret)),
        Err(Fault::Empty) => return Ok(None),
        Err(fault) => fault,
    };
    Err(match fault {
        Fault::Unreadable(error) => {
            let (path, error) = (path.to_path_buf(), error.to_string());
            Stop::new(Exit::Usage, move |texts| {
                texts.cli_secret_unreadable(path.display().to_string(), error.as_str())
            })
        }
        Fault::NotAFile => said(path, |texts, path| texts.cli_secret_not_a_file(path)),
        Fault::Foreign => said(path, |texts, path| texts.cli_secret_foreign_owner(path)),
        Fault::OpenToOthers => said(path, |texts, path| texts.cli_secret_open_to_others(path)),
        Fault::TooLarge => said(path, |texts, path| texts.cli_secret_too_large(path)),
        Fault::NotText => said(path, |texts, path| texts.cli_secret_not_text(path)),
        Fault::NoApiKey | Fault::Empty => said(path, |texts, path| texts.cli_api_key_unreadable(path)),
    })
}

fn said(path: &Path, say: fn(&crate::text::Texts, String) -> String) -> Stop {
    let path: PathBuf = path.to_path_buf();
    Stop::usage(move |texts| say(texts, path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt};

    #[test]
    fn a_fault_is_said_with_its_remedy_and_an_empty_file_is_not_given() {
        let dir = tempfile::tempdir().unwrap();
        let english = crate::text::Texts::new(crate::text::Language::En);
        let path = dir.path().join("token");
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(token(&path).unwrap_err().message(&english).contains("chmod 600"));
        fs::write(&path, " \n").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        assert!(matches!(token(&path), Ok(None)));
        assert!(token(dir.path()).is_err());
    }
}
