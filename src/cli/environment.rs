//! What the environment gives where the command line does not: flag, then variable, then default (design §4).
//!
//! The environment is a value, so that the demo can put its own in front without touching the process.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
    path::PathBuf,
};

use clap::ValueEnum;

use super::{
    args::{ColorWhen, Common},
    stop::Stop,
    values,
};
use crate::domain::request::Machine;

/// Variables that say how to speak, not what to speak to: they hold in the demo too.
const MANNERS: &[&str] = &[
    "BWSYNC_JSON",
    "BWSYNC_NO_INPUT",
    "BWSYNC_LANG",
    "BWSYNC_ASCII",
    "BWSYNC_COLOR",
    "BWSYNC_NO_COLOR",
    "BWSYNC_VERBOSE",
    "BWSYNC_QUIET",
    "BWSYNC_TIMEOUT",
    "NO_COLOR",
    "TERM",
];

/// The environment of a command line.
#[derive(Debug, Clone)]
pub enum Environment {
    /// That of the process.
    Process,
    /// The demo's: its own values, and of the process only how to speak. What a person exported for a real
    /// server must not reach into the demo, nor the other way round.
    Demo {
        /// The variables.
        values: BTreeMap<String, OsString>,
        /// What stands in for this machine.
        machine: Option<Machine>,
    },
}

impl Environment {
    /// The demo's, from its values.
    pub fn demo<N: Into<String>, V: Into<OsString>>(values: impl IntoIterator<Item = (N, V)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self::Demo { values, machine: None }
    }

    /// The same on this simulated machine.
    pub fn on(self, machine: Machine) -> Self {
        match self {
            Self::Demo { values, .. } => Self::Demo { values, machine: Some(machine) },
            Self::Process => Self::Process,
        }
    }

    /// What stands in for this machine.
    pub fn machine(&self) -> Option<Machine> {
        match self {
            Self::Demo { machine, .. } => machine.clone(),
            Self::Process => None,
        }
    }

    /// Whether this is the demo's.
    pub fn is_demo(&self) -> bool {
        matches!(self, Self::Demo { .. })
    }

    /// A variable's value; an empty one counts as not set.
    pub fn get(&self, name: &str) -> Option<OsString> {
        let value = match self {
            Self::Process => std::env::var_os(name),
            Self::Demo { values, .. } => match values.get(name) {
                Some(value) => Some(value.clone()),
                None if MANNERS.contains(&name) => std::env::var_os(name),
                None => None,
            },
        };
        value.filter(|value| !value.is_empty())
    }

    /// The same as text; a value that is no UTF-8 is refused by name.
    fn text(&self, name: &str) -> Result<Option<String>, Stop> {
        match self.get(name).map(OsString::into_string) {
            None => Ok(None),
            Some(Ok(text)) => Ok(Some(text)),
            Some(Err(_)) => Err(Stop::bad_variable(name, "it is not UTF-8")),
        }
    }

    fn one<T>(
        &self,
        slot: &mut Option<T>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<(), Stop> {
        if slot.is_none()
            && let Some(text) = self.text(name)?
        {
            *slot = Some(parse(&text).map_err(|why| Stop::bad_variable(name, &why))?);
        }
        Ok(())
    }

    fn many<T>(
        &self,
        slot: &mut Vec<T>,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<(), Stop> {
        if slot.is_empty()
            && let Some(text) = self.text(name)?
        {
            for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
                slot.push(parse(part).map_err(|why| Stop::bad_variable(name, &why))?);
            }
        }
        Ok(())
    }

    fn switch(&self, slot: &mut bool, name: &str) -> Result<(), Stop> {
        match self.get(name).as_deref().map(OsStr::as_encoded_bytes) {
            None | Some(b"0") => Ok(()),
            Some(b"1") => {
                *slot = true;
                Ok(())
            }
            Some(_) => Err(Stop::bad_variable(name, "a switch is 1, or not set")),
        }
    }

    /// Fills in what the command line left open.
    pub fn complete(&self, common: &mut Common) -> Result<(), Stop> {
        let path = |text: &str| Ok(PathBuf::from(text));
        self.one(&mut common.dir, "BWSYNC_DIR", path)?;
        self.one(&mut common.server, "BWSYNC_SERVER", values::server)?;
        self.one(&mut common.org, "BWSYNC_ORG", values::organization)?;
        self.one(&mut common.region, "BWSYNC_REGION", values::region)?;
        self.one(&mut common.api_key_file, "BWSYNC_API_KEY_FILE", path)?;
        self.many(&mut common.cacert, "BWSYNC_CACERT", path)?;
        self.many(&mut common.connect_to, "BWSYNC_CONNECT_TO", values::mapping)?;
        self.one(&mut common.state_dir, "BWSYNC_STATE_DIR", path)?;
        self.one(&mut common.timeout, "BWSYNC_TIMEOUT", values::timeout)?;
        self.switch(&mut common.offline, "BWSYNC_OFFLINE")?;
        self.switch(&mut common.no_input, "BWSYNC_NO_INPUT")?;
        self.complete_manners(common)
    }

    /// How to speak: also needed where a command line could not be read.
    pub fn complete_manners(&self, common: &mut Common) -> Result<(), Stop> {
        self.switch(&mut common.json, "BWSYNC_JSON")?;
        self.one(&mut common.lang, "BWSYNC_LANG", values::language)?;
        self.switch(&mut common.ascii, "BWSYNC_ASCII")?;
        if common.color.is_none() && !common.no_color {
            self.switch(&mut common.no_color, "BWSYNC_NO_COLOR")?;
            if !common.no_color {
                self.one(&mut common.color, "BWSYNC_COLOR", |text| ColorWhen::from_str(text, true))?;
            }
        }
        if common.verbose == 0 && !common.quiet {
            self.switch(&mut common.quiet, "BWSYNC_QUIET")?;
            let mut verbose = false;
            self.switch(&mut verbose, "BWSYNC_VERBOSE")?;
            common.verbose = u8::from(verbose);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_a_variable_and_lists_are_separated_by_commas() {
        let environment = Environment::demo([
            ("BWSYNC_DIR", "/from/variable"),
            ("BWSYNC_CONNECT_TO", "a.b:443=127.0.0.1:1,c.d:443=127.0.0.1:2"),
            ("BWSYNC_OFFLINE", "1"),
            ("BWSYNC_YES", "1"),
            ("BWSYNC_ACCEPT_RISK", "unchecked"),
        ]);
        let mut common = Common { state_dir: Some("/from/flag".into()), ..Common::default() };
        environment.complete(&mut common).unwrap();
        assert_eq!(common.dir, Some("/from/variable".into()));
        assert_eq!(common.state_dir, Some("/from/flag".into()));
        assert_eq!(common.connect_to.len(), 2);
        assert!(common.offline);
        // An exported consent is a trap.
        assert!(!common.yes && common.accept_risk.is_empty());
    }

    #[test]
    fn a_bad_variable_is_named() {
        for (name, value) in
            [("BWSYNC_OFFLINE", "yes"), ("BWSYNC_TIMEOUT", "soon"), ("BWSYNC_REGION", "mars")]
        {
            let stop = Environment::demo([(name, value)]).complete(&mut Common::default()).unwrap_err();
            assert!(stop.message(&crate::text::Texts::new(crate::text::Language::En)).contains(name));
        }
    }
}
