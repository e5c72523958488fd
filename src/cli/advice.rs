//! The commands of advice that bwsync itself can follow: whole, for the same installation, ready to be copied.

use super::{Call, inputs};
use crate::{
    domain::{
        check::Advice,
        outside,
        request::{Body, Outcome},
    },
    wording,
};

/// Gives every advice that is a bwsync command, and has none yet, its command; and one that has it, the
/// installation that this call named.
pub fn complete(call: &Call, outcome: &mut Outcome) {
    let complete = |advice: &mut Vec<Advice>| {
        for advice in advice {
            advice.command = match advice.command.take() {
                Some(line) if line.starts_with("bwsync ") && !call.environment.is_demo() => {
                    Some(call.here(line))
                }
                Some(line) => Some(line),
                None => wording::own_command(advice.code).and_then(|words| call.command_line(words)),
            };
        }
    };
    outcome.roots.iter_mut().for_each(|root| complete(&mut root.finding.advice));
    if let Body::Check(body) = &mut outcome.body {
        body.checks.iter_mut().for_each(|check| complete(&mut check.advice));
    }
}

impl Call {
    /// A bwsync command for the same installation, to be copied. None in the demo, whose world ends with the
    /// command.
    pub fn command_line(&self, rest: &str) -> Option<String> {
        if self.environment.is_demo() {
            return None;
        }
        Some(self.here(format!("bwsync {rest}")))
    }

    /// A bwsync command with the files that this call named, and with every flag that led here, where it names none.
    fn here(&self, mut line: String) -> String {
        let file = |path: &std::path::Path| outside::word(path.as_os_str().as_encoded_bytes());
        if let Some(path) = inputs::token_file(self).filter(|path| path.as_os_str() != "-") {
            line = line.replace("--token-file FILE", &format!("--token-file {}", file(&path)));
        }
        if let Some(path) = self.common.api_key_file.as_deref().filter(|path| path.as_os_str() != "-") {
            line = line.replace("--api-key-file FILE", &format!("--api-key-file {}", file(path)));
        }
        wording::completed(line, &self.options(), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Environment, parse};

    const ORG: &str = "0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4";

    fn call(words: &[&str], environment: Environment) -> Call {
        parse(words.iter().map(Into::into).collect(), environment).unwrap()
    }

    #[test]
    fn a_command_is_for_the_same_installation() {
        let words = ["token", "verify", "--token-file", "my token", "--dir", "/opt/x"];
        let line = call(&words, Environment::Process).command_line("token set --token-file FILE");
        assert_eq!(line.as_deref(), Some("bwsync token set --token-file 'my token' --dir /opt/x"));
        let check = call(&["check", "--dir", "/opt/x", "--org", ORG], Environment::Process);
        assert_eq!(
            check.here("bwsync apply --yes".into()),
            format!("bwsync apply --yes --dir /opt/x --org {ORG}")
        );
        let named = "bwsync check --dir /opt/y --org ID";
        assert_eq!(check.here(named.into()), named);
        let none: [(&str, &str); 0] = [];
        assert_eq!(call(&["plan"], Environment::demo(none)).command_line("apply --yes"), None);
    }
}
