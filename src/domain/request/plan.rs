//! The bodies of what changes the settings: plan, apply, undo, and their parts.

use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::Shown;
use crate::domain::region::{Lookup, Region};

/// Who concluded the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RegionBy {
    /// The cloud knows the installation id there.
    Cloud,
    /// `--region`
    Option,
    /// The file's own settings.
    File,
}

/// `plan.region`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RegionView {
    /// The region that the cloud's answers decided; null where they did not.
    pub concluded: Option<Region>,
    /// bitwarden.com's answer.
    pub us: Lookup,
    /// bitwarden.eu's answer.
    pub eu: Lookup,
    /// What the plan is made for rests on this.
    pub by: RegionBy,
    /// The region that the plan is made for.
    #[serde(skip)]
    pub planned: Region,
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileView {
    /// Its path.
    pub path: PathBuf,
    /// SHA-256 of its bytes, hex.
    pub sha256: String,
}

/// One setting that would change or did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name.
    pub key: String,
    /// Its value before; null where it was not set.
    pub from: Option<String>,
    /// Its value after; null where it is taken out.
    pub to: Option<String>,
    /// Why, as a code with a text `why-CODE`.
    pub why: Why,
}

/// Why a setting changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The switch that lets the server talk to the cloud.
    Enable,
    /// It is missing for this region.
    MissingForRegion,
    /// It has another region's value.
    OtherRegion,
    /// Its value is none that the server can use.
    Invalid,
    /// It is right, in quotes that not every reader takes off.
    Quoted,
    /// It is put back as it was before bwsync.
    PutBack,
    /// The set-up is taken back.
    Disable,
}

/// A line of a diff, secrets masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What becomes of it.
    pub sign: DiffSign,
    /// Its number in the file that it stands in (old for removed, else new), from 1.
    pub number: usize,
    /// Its text.
    pub text: String,
}

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffSign {
    /// It stays.
    Same,
    /// It goes.
    Removed,
    /// It comes.
    Added,
}

/// A diff; JSON has it as one text in the unified form.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Diff {
    /// Changed lines with their neighbours, in order.
    pub lines: Vec<DiffLine>,
}

impl Serialize for Diff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = self
            .lines
            .iter()
            .map(|line| {
                let sign = match line.sign {
                    DiffSign::Same => ' ',
                    DiffSign::Removed => '-',
                    DiffSign::Added => '+',
                };
                format!("{sign}{}\n", line.text)
            })
            .collect();
        serializer.serialize_str(&text)
    }
}

/// What a restart would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestartPlan {
    /// Whether the running server does not have the settings yet.
    pub needed: bool,
    /// The command.
    pub command: Option<String>,
    /// As whom it runs: a name, or a uid.
    #[serde(rename = "as")]
    pub run_as: Option<String>,
    /// How long the server did not answer at the last restart by bwsync, in seconds; null where it never was.
    pub last_took: Option<u64>,
}

/// What became of a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestartResult {
    /// What was planned.
    #[serde(flatten)]
    pub plan: RestartPlan,
    /// Whether it was run.
    pub ran: bool,
    /// The command's exit code.
    pub exit: Option<i32>,
    /// Whether the server answers; null where nobody looked.
    pub up: Option<bool>,
    /// What became of the file where the restart did not come out well.
    #[serde(skip)]
    pub file: FileAfter,
}

impl RestartResult {
    /// The code of the sentence on what became of the file (`file-…`), where there is something to say.
    pub fn file_code(&self) -> Option<&'static str> {
        Some(match (self.file, self.up) {
            (FileAfter::AsTold, _) => return None,
            (FileAfter::PutBack, Some(true)) => "back-up",
            (FileAfter::PutBack, Some(false)) => "back-down",
            (FileAfter::PutBack, None) => "back-unknown",
            (FileAfter::OursBack, _) => "ours-back",
            (FileAfter::CouldNotPutBack, _) => "not-back",
            (FileAfter::StaysUnproven, _) => "stays-unproven",
            (FileAfter::StaysOtherSetting, _) => "stays-other",
        })
    }
}

/// What became of the file that was written before a restart that did not come out well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileAfter {
    /// As `changed` says: there was nothing to take back.
    #[default]
    AsTold,
    /// It was what stopped the server: the old one is back.
    PutBack,
    /// Somebody changed it meanwhile: that stays, our settings are taken back.
    OursBack,
    /// It was what stopped the server, and the old one could not be put back: somebody changed it meanwhile, or it
    /// could not be written.
    CouldNotPutBack,
    /// It stays: nothing shows that it is the reason.
    StaysUnproven,
    /// It stays: what stopped the server is a setting that this run did not write.
    StaysOtherSetting,
}

/// `plan`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanBody {
    /// The folder that holds `bwdata`, resolved.
    pub dir: PathBuf,
    /// The region and who said so.
    pub region: RegionView,
    /// The file as it was read.
    pub file: FileView,
    /// What changes.
    pub changes: Vec<Change>,
    /// The same as lines.
    pub diff: Diff,
    /// The restart.
    pub restart: RestartPlan,
    /// What a later `bitwarden.sh rebuild` or `update` would make of the new file.
    pub later: Later,
}

/// What a later rebuild or update would make of the file (`bitwarden.md` F4).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Later {
    /// Numbers of lines that would be gone, blank ones aside.
    pub dropped: Vec<usize>,
    /// Keys that would come back with a default or random value.
    pub comes_back: Vec<String>,
}

/// `apply`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplyBody {
    /// The folder that holds `bwdata`, resolved.
    pub dir: PathBuf,
    /// The region and who said so.
    pub region: RegionView,
    /// The file as it was read.
    pub file: FileView,
    /// What changed.
    pub changes: Vec<Change>,
    /// The same as lines.
    pub diff: Diff,
    /// Where the old file is kept; null where nothing was written.
    pub backup: Option<PathBuf>,
    /// The restart.
    pub restart: RestartResult,
    /// Whether the running server has the new settings; null where nobody could look.
    pub proved: Option<bool>,
    /// What `undo` would take back of what stands now; none where nobody looked.
    #[serde(skip)]
    pub undoing: Option<Undoing>,
}

/// What somebody is shown who is asked whether to take the last apply back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undoing {
    /// What would be put back.
    pub changes: Vec<Change>,
    /// What would be left because it was changed since.
    pub left: Vec<Left>,
    /// What this was concluded from.
    pub shown: Shown,
}

/// `undo`
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UndoBody {
    /// What is put back.
    pub changes: Vec<Change>,
    /// What was left because it was changed since.
    pub left: Vec<Left>,
    /// The restart.
    pub restart: RestartResult,
    /// What this was concluded from.
    #[serde(skip)]
    pub shown: Option<Shown>,
}

/// A setting that undo left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Its name.
    pub key: String,
    /// Why, as a code.
    pub why: LeftWhy,
}

/// Why undo left a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeftWhy {
    /// Somebody changed it after bwsync did.
    ChangedSince,
}
