//! Commands of bwsync to be copied: whole, with everything that led here, so that they mean the same installation.

use crate::domain::{outside, request::Options};

/// `bwsync` with these words, for the installation in `dir` and reached as `options` say.
pub fn whole(words: &str, options: &Options, dir: Option<&str>) -> String {
    let mut line = format!("bwsync {words}").trim_end().to_owned();
    let mut add =
        |name: &str, value: &str| line.push_str(&format!(" {name} {}", outside::word(value.as_bytes())));
    let given = options.dir.as_ref().map(|dir| dir.to_string_lossy().into_owned());
    if let Some(dir) = given.as_deref().or(dir) {
        add("--dir", dir);
    }
    if let Some(state) = &options.state_dir {
        add("--state-dir", &state.to_string_lossy());
    }
    if let Some(org) = &options.org {
        add("--org", org);
    }
    if let Some(server) = &options.server {
        add("--server", server.as_str());
    }
    for file in &options.cacert {
        add("--cacert", &file.to_string_lossy());
    }
    for mapping in &options.connect_to {
        add("--connect-to", &format!("{}:{}={}", mapping.host, mapping.port, mapping.to));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_names_what_led_here() {
        let options = Options {
            dir: Some("/opt/my server".into()),
            state_dir: Some("/var/lib/bwsync".into()),
            ..Options::default()
        };
        let line = whole("undo --yes", &options, Some("/opt/other"));
        assert_eq!(line, "bwsync undo --yes --dir '/opt/my server' --state-dir /var/lib/bwsync");
        assert_eq!(whole("", &Options::default(), Some("/opt/bitwarden")), "bwsync --dir /opt/bitwarden");
    }
}
