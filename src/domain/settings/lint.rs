//! What is wrong in the files, or left to do: each thing once, with its line.

use super::{
    INSTALLATION_ID, INSTALLATION_KEY, Layers, Setting, effect, installation_id,
    layers::{COMPOSE_OVERRIDE, GLOBAL_ENV, at_key, at_value},
    names::{self, Kind},
    presentable, region_of_file, same_name, text, value,
};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    env_file::{Entry, EnvFile},
    region::Region,
    request::Origin,
};

/// How many values without a name are told.
const MOST: usize = 20;

/// The seven names that billing sync rests on.
pub(super) fn our_keys() -> impl Iterator<Item = &'static str> {
    Setting::ALL.into_iter().map(Setting::key).chain([INSTALLATION_ID, INSTALLATION_KEY])
}

/// All findings of the files, the most urgent first. `concluded` is the region that the cloud's answers decided.
pub fn findings(layers: &Layers, concluded: Option<Region>) -> Vec<Finding> {
    let mut all = obstacles(layers);
    let overruled = effect::overruled(layers, concluded);
    all.extend(invalid_values(layers));
    all.extend(bad_urls(layers));
    let switch = layers.found(Setting::EnableCloudCommunication.key());
    let on = switch.and_then(|found| value::boolean(found.value));
    let wrong = concluded.and_then(|concluded| wrong_region(layers, concluded, on == Some(true)));
    match (wrong, on) {
        // What a compose override says is no affair of the file's.
        _ if !overruled.is_empty() => {}
        (Some(wrong), _) => all.push(wrong),
        (None, Some(true)) => all.extend(half_region(layers, concluded)),
        _ => {}
    }
    all.extend(text::findings(layers));
    all.extend(text::quoted_switch(layers));
    let composed = switch.is_some_and(|found| found.origin == Origin::ComposeOverride);
    if (switch.is_none() || on == Some(false)) && !composed {
        let off = Finding::new(Cause::ConfigCloudCommunicationOff)
            .with("key", Setting::EnableCloudCommunication.key())
            .advise(AdviceCode::ApplySettings);
        all.push(match (switch, layers.over.last(Setting::EnableCloudCommunication.key())) {
            (Some(found), _) => found.mark(off.with("value", presentable(found.value))),
            // A bare key, which takes what the environment of Compose has, and that is most often nothing.
            (None, Some(bare)) => at_key(off, layers.over, bare),
            (None, None) => off,
        });
    }
    all.extend(effect::ineffective(layers).filter(|_| overruled.is_empty()));
    all.extend(overruled);
    all.sort_by_key(Finding::severity);
    all
}

/// What stands in the way of any edit: what the reader here refuses, lines that ran together, keys in two
/// spellings, values without a name.
pub(super) fn obstacles(layers: &Layers) -> Vec<Finding> {
    let refused = layers.over.accepted_by(layers.reader).err();
    let mut all: Vec<Finding> = refused.map(|refusal| refusal.finding()).into_iter().collect();
    all.extend(glued(layers.over).map(|(key, entry)| {
        let finding =
            Finding::new(Cause::EnvSeveralSettingsOnOneLine).with("key", key).advise(AdviceCode::SplitLine);
        at_value(finding, layers.over, entry)
    }));
    all.extend(our_keys().filter_map(|key| two_spellings(layers, key)));
    let nameless = layers.over.entries().iter().filter(|entry| entry.key.is_empty());
    all.extend(nameless.take(MOST).map(|entry| nameless_value(layers.over, entry)));
    all
}

/// A value without a name: Compose reads it, and Docker then makes no container with it. So is a last word without
/// a line end, which would read otherwise as soon as a line is added.
fn nameless_value(file: &EnvFile, entry: &Entry) -> Finding {
    let finding =
        Finding::new(Cause::EnvUnparsable).with("reason", "empty_key").advise(AdviceCode::FixEnvFile);
    at_key(finding, file, entry)
}

/// Names and entries of ours that stand on one line with others.
fn glued(file: &EnvFile) -> impl Iterator<Item = (&'static str, &Entry)> {
    let entries = file.entries();
    entries.iter().enumerate().filter_map(move |(index, entry)| {
        let text = entry.value.as_ref()?.expose();
        if let Some(key) = our_keys().find(|key| same_name(key, &entry.key)) {
            let before = index.checked_sub(1).and_then(|i| entries.get(i));
            let shared = before.is_some_and(|e| e.last_line == entry.line)
                || entries.get(index + 1).is_some_and(|e| e.line == entry.last_line);
            return (shared || value::holds_a_setting(text)).then_some((key, entry));
        }
        if !value::holds_a_setting(text) {
            return None;
        }
        let text = text.to_ascii_lowercase();
        let assigned = |key: &&str| {
            let key = key.to_ascii_lowercase();
            text.match_indices(&key)
                .any(|(at, _)| text[at + key.len()..].trim_start().starts_with(['=', ':']))
        };
        our_keys().find(assigned).map(|key| (key, entry))
    })
}

/// Of two spellings of one name the server takes a random one at each start (A7-8); a prefix makes another spelling
/// too. The spelling with `:` is told by the raw line: for Compose the key ends at the colon, for others it does not.
fn two_spellings(layers: &Layers, key: &'static str) -> Option<Finding> {
    let spelled = |file: &'_ EnvFile| -> Vec<(String, usize)> {
        let named = |(index, entry): (usize, &Entry)| {
            let colon = colon_spelling(file, entry).filter(|name| same_name(name, key));
            let plain = || same_name(&entry.key, key).then(|| entry.key.clone());
            colon.or_else(plain).map(|name| (name, index))
        };
        file.entries().iter().enumerate().filter_map(named).collect()
    };
    let over = spelled(layers.over);
    let global = layers.global.map(spelled).unwrap_or_default();
    let composed = layers.compose.iter().find(|(name, _)| same_name(name, key)).map(|(name, _)| name);
    let first = over.first().or(global.first()).map(|(name, _)| name).or(composed)?.clone();
    let in_files = || over.iter().chain(&global).map(|(name, _)| name);
    let several = in_files().chain(composed).any(|name| *name != first);
    let colon = in_files().any(|name| name.contains(':'));
    if !several && !colon {
        return None;
    }
    let odd = |list: &[(String, usize)]| list.iter().rev().find(|(name, _)| name != key).cloned();
    let place = |finding: Finding, file: &EnvFile, index: usize| match file.entries().get(index) {
        Some(entry) => at_key(finding, file, entry),
        None => finding,
    };
    let finding = Finding::new(Cause::EnvTwoSpellings).with("key", key).advise(AdviceCode::RemoveSpelling);
    Some(match (odd(&over), odd(&global), layers.global) {
        (Some((name, index)), ..) => place(finding.with("candidates", name), layers.over, index),
        (None, Some((name, index)), Some(global)) => {
            place(finding.with("path", GLOBAL_ENV).with("candidates", name), global, index)
        }
        _ => match composed.filter(|name| *name != key) {
            Some(name) => finding.with("path", COMPOSE_OVERRIDE).with("candidates", name.as_str()),
            None => finding,
        },
    })
}

/// The name of a line like `globalSettings:enableCloudCommunication=true`, up to its `=`.
pub(super) fn colon_spelling(file: &EnvFile, entry: &Entry) -> Option<String> {
    if !entry.key.eq_ignore_ascii_case("globalSettings") || entry.bare {
        return None;
    }
    let raw = file.bytes().get(entry.key_span.start..entry.value_span.end)?;
    let name = std::str::from_utf8(raw).ok()?.split('=').next()?.trim();
    name.contains(':').then(|| name.to_owned())
}

/// Values with which the server does not start: a boolean, a number or an id that is none (A1-6).
fn invalid_values(layers: &Layers) -> Vec<Finding> {
    let mut all: Vec<Finding> =
        names::typed().filter_map(|(key, kind)| invalid(layers, &key, kind)).collect();
    all.extend(installation_id(layers).err());
    all
}

fn invalid(layers: &Layers, key: &str, kind: Kind) -> Option<Finding> {
    let found = layers.found(key)?;
    let (good, reason) = match kind {
        Kind::Text => return None,
        Kind::Boolean => (value::boolean(found.value).is_some(), "not_a_boolean"),
        Kind::Number => (value::is_number(found.value), "not_a_number"),
        Kind::NumberOrEmpty => (value::is_number(found.value) || found.value.is_empty(), "not_a_number"),
        Kind::Decimal => (value::is_decimal(found.value), "not_a_number"),
    };
    if good {
        return None;
    }
    let quoted = kind == Kind::Boolean && value::quoted_boolean(found.value).is_some();
    let cause = if quoted { Cause::EnvQuotedBoolean } else { Cause::EnvInvalidValue };
    let finding = Finding::new(cause).with("key", found.key).with("value", presentable(found.value));
    let finding = found.mark(if quoted { finding } else { finding.with("reason", reason) });
    Some(match Setting::of_key(key) {
        _ if found.origin == Origin::ComposeOverride => finding.advise(AdviceCode::FixComposeOverride),
        Some(_) => finding.with("expected", "true").advise(AdviceCode::ApplySettings),
        None => finding.advise(AdviceCode::FixEnvFile),
    })
}

/// Addresses that the server fails on (A2-6, A2-7, A2-9).
fn bad_urls(layers: &Layers) -> Vec<Finding> {
    let file = region_of_file(layers).region();
    let bad = |setting: &Setting| {
        let push = *setting == Setting::PushRelayBaseUri;
        layers.address(*setting).is_unusable() && !(push && layers.push_is_off())
    };
    let settings = [Setting::IdentityUri, Setting::ApiUri, Setting::PushRelayBaseUri];
    settings.into_iter().filter(bad).filter_map(|setting| unusable(layers, setting, file)).collect()
}

fn unusable(layers: &Layers, setting: Setting, region: Option<Region>) -> Option<Finding> {
    let found = layers.found(setting.key())?;
    let own = layers.address(setting).is_own();
    let finding = found.mark(
        Finding::new(Cause::ConfigBadUrl).with("key", found.key).with("value", presentable(found.value)),
    );
    Some(match region {
        Some(region) if !own => {
            finding.with("expected", setting.wanted(region)).advise(AdviceCode::ApplySettings)
        }
        _ => finding.advise(AdviceCode::FixEnvFile),
    })
}

/// An address of somebody's own, which is left as it is: `config.half_region` beside a region of the cloud.
pub(super) fn own_address(layers: &Layers, setting: Setting, region: Region) -> Finding {
    let finding = if layers.address(setting).is_unusable() {
        unusable(layers, setting, None)
    } else {
        layers.found(setting.key()).map(|found| differs(layers, setting, region, found.value))
    };
    finding.unwrap_or_else(|| Finding::new(Cause::ConfigHalfRegion).with("key", setting.key()))
}

/// Settings of two regions (A2-8): the first one that is not of the concluded region, or else of the file's own.
fn half_region(layers: &Layers, concluded: Option<Region>) -> Option<Finding> {
    let (identity, api) = (layers.address(Setting::IdentityUri), layers.address(Setting::ApiUri));
    if identity.is_own() || api.is_own() {
        // Two addresses of one's own belong together; one alone is half.
        let stray = match (identity.is_own(), api.is_own()) {
            (true, false) => Setting::ApiUri,
            (false, true) => Setting::IdentityUri,
            _ => return None,
        };
        return Some(
            Finding::new(Cause::ConfigHalfRegion).with("key", stray.key()).advise(AdviceCode::FixEnvFile),
        );
    }
    let push = layers.value(Setting::PushRelayBaseUri.key()).is_some() && !layers.push_is_off();
    let word = layers.value(Setting::CloudRegion.key()).and_then(Region::parse);
    let regions: Vec<(Setting, Region)> = [
        (Setting::IdentityUri, identity.effective()),
        (Setting::ApiUri, api.effective()),
        (Setting::PushRelayBaseUri, layers.address(Setting::PushRelayBaseUri).effective().filter(|_| push)),
        (Setting::CloudRegion, word),
    ]
    .into_iter()
    .filter_map(|(setting, region)| Some((setting, region?)))
    .collect();
    let first = regions.first()?.1;
    if regions.iter().all(|(_, region)| *region == first) {
        return None;
    }
    let right = concluded.or(region_of_file(layers).region())?;
    let (setting, _) = regions.into_iter().find(|(_, region)| *region != right)?;
    let value = layers.value(setting.key()).unwrap_or_default();
    Some(differs(layers, setting, right, value).advise(AdviceCode::ApplySettings))
}

fn differs(layers: &Layers, setting: Setting, region: Region, value: &str) -> Finding {
    let finding = Finding::new(Cause::ConfigHalfRegion)
        .with("key", setting.key())
        .with("region", region.code())
        .with("expected", setting.wanted(region))
        .with("value", presentable(value));
    match layers.found(setting.key()).filter(|found| found.origin == Origin::OverrideEnv) {
        Some(found) => found.mark(finding),
        None => finding,
    }
}

/// The file speaks of one region, and the cloud knows the installation in the other. Once the server talks to the
/// cloud, both its addresses must lead there: else it is half of each.
fn wrong_region(layers: &Layers, concluded: Region, on: bool) -> Option<Finding> {
    let file = region_of_file(layers).region().filter(|region| *region != concluded)?;
    let leads = |setting| layers.address(setting).effective() == Some(file);
    if on && !(leads(Setting::IdentityUri) && leads(Setting::ApiUri)) {
        return None;
    }
    let speaks = [Setting::IdentityUri, Setting::ApiUri, Setting::CloudRegion]
        .into_iter()
        .filter_map(|setting| layers.found(setting.key()))
        .find(|found| found.origin == Origin::OverrideEnv && !found.value.trim().is_empty());
    let finding = Finding::new(Cause::InstallationWrongRegion)
        .with("region", file.code())
        .with("expected", concluded.code())
        .advise(AdviceCode::ApplySettings);
    Some(match speaks {
        Some(found) => found.mark(finding.with("key", found.key)),
        None => finding,
    })
}
