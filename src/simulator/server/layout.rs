//! Where the server's files lie: the standard deployment's folders below `bwdata`, or the lite edition's.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// The places of a server's files on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The env files, the later over the earlier.
    pub env_files: Vec<PathBuf>,
    /// The folder of the organizations' licenses.
    pub licenses: PathBuf,
    /// The folder of the api's log, or the file itself (`*.log`).
    pub log: PathBuf,
    /// Whether the container's start exports `BW_INSTALLATION_…` over the settings (`bitwarden.md` C).
    pub lite: bool,
}

impl Layout {
    /// The standard deployment's, below `bwdata`.
    pub fn standard(bwdata: &Path) -> Self {
        Self {
            env_files: ["docker/global.env", "env/global.override.env"].map(|name| bwdata.join(name)).into(),
            licenses: bwdata.join("core/licenses/organization"),
            log: bwdata.join("logs/api/Api"),
            lite: false,
        }
    }

    /// The lite edition's in `dir`, as the simulator's compose file mounts it.
    pub fn lite(dir: &Path) -> Self {
        Self {
            env_files: vec![dir.join("settings.env")],
            licenses: dir.join("data/licenses/organization"),
            log: dir.join("logs/api.log"),
            lite: true,
        }
    }

    /// What the container's entry point makes of its environment.
    pub(super) fn enter(&self, environment: &mut BTreeMap<String, String>) {
        if !self.lite {
            return;
        }
        environment.entry("globalSettings__selfHosted".to_owned()).or_insert_with(|| "true".to_owned());
        for (from, to) in [("BW_INSTALLATION_ID", "id"), ("BW_INSTALLATION_KEY", "key")] {
            let value = environment.get(from).cloned().unwrap_or_default();
            environment.insert(format!("globalSettings__installation__{to}"), value);
        }
    }
}
