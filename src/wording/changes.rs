//! What is to change and what came of it, in words: whose word the region rests on, the parts of an act, and what
//! became of the file.

use super::word;
use crate::{
    domain::request::{Phase, RegionBy, RegionView, RestartResult, Why},
    text::Texts,
};

/// Whose word the region rests on.
pub fn region(texts: &Texts, region: &RegionView) -> String {
    let name = region.planned.setting();
    match region.by {
        RegionBy::Cloud => texts.region_cloud(name),
        RegionBy::Option => texts.region_option(name),
        RegionBy::File => texts.region_file(name),
    }
}

/// Why a setting changes.
pub fn why(texts: &Texts, why: Why) -> String {
    let code = match why {
        Why::Enable => "enable",
        Why::MissingForRegion => "missing_for_region",
        Why::OtherRegion => "other_region",
        Why::Invalid => "invalid",
        Why::Quoted => "quoted",
        Why::PutBack => "put_back",
        Why::Disable => "disable",
    };
    word(texts, "why", code)
}

/// A part of an act that takes time.
pub fn phase(texts: &Texts, phase: Phase) -> String {
    word(texts, "phase", phase.code())
}

/// What became of the file that was written before a restart that did not come out well, and why.
pub fn file_after(texts: &Texts, restart: &RestartResult) -> Option<String> {
    texts.by_code("file", restart.file_code()?)
}
