//! The edit that takes the set-up back: the switch goes off in place, the region's lines stay: they are right.

use super::{
    Layers, Setting,
    diff::diff,
    plan::{Edit, cannot, set, unobstructed, value_in},
    presentable, rebuild, value,
};
use crate::domain::{
    check::Finding,
    request::{Change, Why},
};

/// Plans `enableCloudCommunication=false`; nothing changes where it is not on.
///
/// # Errors
/// As [`super::plan`].
pub fn disable(layers: &Layers, file_name: &str) -> Result<Edit, Finding> {
    unobstructed(layers, file_name)?;
    let setting = Setting::EnableCloudCommunication;
    let on = layers.files().value(setting.key()).is_some_and(|text| value::boolean(text) != Some(false));
    let mut changes = Vec::new();
    let mut edits = Vec::new();
    if on {
        changes.push(Change {
            key: setting.key().to_owned(),
            from: value_in(layers.over, setting.key()).map(presentable),
            to: Some("false".to_owned()),
            why: Why::Disable,
        });
        edits.push(set(layers, setting, "false"));
    }
    let new = layers.over.edited(&edits).map_err(|refusal| cannot(refusal, file_name))?;
    let later = rebuild::later(&new, layers.push_off);
    let diff = diff(layers.over, &new);
    Ok(Edit { changes, bytes: new.bytes().to_vec(), diff, left: Vec::new(), later })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{env_file::EnvFile, region::Region, settings};

    fn layers(over: &EnvFile) -> Layers<'_> {
        Layers::new(None, over, false)
    }

    #[test]
    fn only_the_switch_goes_off_and_the_regions_lines_stay() {
        let over = EnvFile::parse(b"A=1\nglobalSettings__baseServiceUri__cloudRegion=EU\n").unwrap();
        let on = settings::plan(&layers(&over), Region::Eu, "f").unwrap();
        let on = EnvFile::parse(&on.bytes).unwrap();
        let off = disable(&layers(&on), "f").unwrap();
        assert_eq!(off.changes.len(), 1);
        let text = String::from_utf8(off.bytes.clone()).unwrap();
        assert!(text.contains("globalSettings__enableCloudCommunication=false\n"));
        assert!(text.contains("globalSettings__installation__apiUri=https://api.bitwarden.eu\n"));
        let off = EnvFile::parse(&off.bytes).unwrap();
        assert!(disable(&layers(&off), "f").unwrap().changes.is_empty());
    }
}
