//! What is written and does not count: a compose override that wins, containers that have something else.

use super::{
    Layers, Setting,
    layers::Found,
    plan::{Fate, fate},
    presentable, region_of_file,
};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    region::Region,
};

/// A compose override that wins over the file with a value that cannot stay: no edit of the file mends that.
pub(super) fn overruled(layers: &Layers, concluded: Option<Region>) -> Vec<Finding> {
    let region = concluded.or(region_of_file(&layers.files()).region());
    let bad = |setting: Setting| {
        let found = layers.composed(setting.key())?;
        // The switch has one right value in every region.
        let region = region.or((setting == Setting::EnableCloudCommunication).then_some(Region::Us))?;
        matches!(fate(layers, setting, region), Fate::Set(_)).then(|| {
            found.mark(
                Finding::new(Cause::EnvNotEffective)
                    .with("key", found.key)
                    .with("value", presentable(found.value))
                    .with("expected", setting.wanted(region))
                    .advise(AdviceCode::FixComposeOverride),
            )
        })
    };
    Setting::ALL.into_iter().filter_map(bad).collect()
}

/// The first of our settings that the running containers do not have as the files give it (A1). Where the file is
/// newer than they are, that waits for a restart and is no fault.
pub(super) fn ineffective(layers: &Layers) -> Option<Finding> {
    let live = layers.live.filter(|live| !live.file_is_newer)?;
    let _ = live;
    let differs = |setting: Setting| {
        let found = layers.found(setting.key())?;
        (layers.effective(&found) == Some(false)).then_some(found)
    };
    let found: Found = Setting::ALL.into_iter().find_map(differs)?;
    let wanted = found.value.trim();
    let running = layers.running(found.key)?;
    let other = |(_, value): &&(&str, Option<&str>)| value.map(str::trim) != Some(wanted);
    let services: Vec<&str> = running.iter().filter(other).map(|(service, _)| *service).collect();
    let value = running.iter().find(other).and_then(|(_, value)| *value).unwrap_or_default();
    let finding = Finding::new(Cause::EnvNotEffective)
        .with("key", found.key)
        .with("value", presentable(value))
        .with("expected", presentable(found.value))
        .with("candidates", services.join(", "))
        .advise(AdviceCode::RestartServer);
    Some(found.mark(finding))
}
