//! Commands of bwsync to be copied: whole, with everything that led here, so that they mean the same installation.

use std::path::Path;

use crate::domain::{
    outside,
    request::{Mapping, Options},
};

/// `bwsync` with these words, for the installation in `dir` and reached as `options` say.
pub fn whole(words: &str, options: &Options, dir: Option<&str>) -> String {
    completed(format!("bwsync {words}").trim_end().to_owned(), options, dir)
}

/// The same of a line that is a command already: what it names itself stays as it names it.
pub fn completed(line: String, options: &Options, dir: Option<&str>) -> String {
    let path = |path: &Path| outside::word(path.as_os_str().as_encoded_bytes());
    let text = |text: &str| outside::word(text.as_bytes());
    let dir = options.dir.as_deref().map(path).or(dir.map(text));
    let reached = |at: &Mapping| text(&format!("{}:{}={}", at.host, at.port, at.to));
    let flags = [
        ("--dir", dir.into_iter().collect()),
        ("--state-dir", options.state_dir.as_deref().map(path).into_iter().collect()),
        ("--org", options.org.as_deref().map(text).into_iter().collect()),
        ("--server", options.server.as_ref().map(|url| text(url.as_str())).into_iter().collect()),
        ("--cacert", options.cacert.iter().map(|file| path(file)).collect()),
        ("--connect-to", options.connect_to.iter().map(reached).collect::<Vec<_>>()),
    ];
    let missing = flags.into_iter().filter(|(name, _)| line.split(' ').all(|word| word != *name));
    let added: String = missing
        .flat_map(|(name, values)| values.into_iter().map(move |value| format!(" {name} {value}")))
        .collect();
    line + &added
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
        let named = "bwsync check --dir /opt/y";
        assert_eq!(completed(named.into(), &options, None), format!("{named} --state-dir /var/lib/bwsync"));
    }
}
