//! A second opinion on an edit: dotenvy reads the old file and the new one too, and they may differ in our keys
//! only. It is asked only where it can read the old file at all: its dialect is not Compose's.

use std::collections::BTreeMap;

use crate::domain::{env_file::EnvFile, request::Change};

/// The keys outside `changes` that dotenvy reads differently in the new file; none where it agrees, or cannot
/// read the old file. Its errors quote values, so they go no further than here.
pub(crate) fn objections(old: &EnvFile, new: &[u8], changes: &[Change]) -> Vec<String> {
    let Some(before) = read(old.bytes()).filter(|before| agrees(before, old)) else { return Vec::new() };
    let Some(after) = read(new) else { return vec![".".to_owned()] };
    let ours = |key: &&String| changes.iter().any(|change| change.key.eq_ignore_ascii_case(key));
    let differs = |key: &&String| before.get(*key) != after.get(*key);
    let mut keys: Vec<_> =
        before.keys().chain(after.keys()).filter(differs).filter(|key| !ours(key)).collect();
    keys.dedup();
    keys.into_iter().cloned().collect()
}

/// Whether dotenvy reads the old file as Compose does: else it is no judge of the new one.
fn agrees(before: &Readings, old: &EnvFile) -> bool {
    let readings = old.readings();
    readings.len() == before.len()
        && readings
            .iter()
            .all(|(key, value)| before.get(*key).is_some_and(|its| its.as_str() == value.expose()))
}

/// Keys and values as dotenvy has them.
type Readings = BTreeMap<String, zeroize::Zeroizing<String>>;

fn read(bytes: &[u8]) -> Option<Readings> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    dotenvy::from_read_iter(bytes)
        .map(|pair| pair.ok().map(|(key, value)| (key, zeroize::Zeroizing::new(value))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::request::Why;

    #[test]
    fn only_our_keys_may_read_differently() {
        let change = Change { key: "A__b".into(), from: None, to: Some("true".into()), why: Why::Enable };
        let changes = [change];
        let objections = |old: &[u8], new: &[u8]| objections(&EnvFile::parse(old).unwrap(), new, &changes);
        assert!(objections(b"X=1\n", b"X=1\nA__b=true\n").is_empty());
        assert_eq!(objections(b"X=1\n", b"X=2\nA__b=true\n"), ["X"]);
        assert_eq!(objections(b"X=1\n", b"X=a b\n"), ["."]);
        assert!(objections(b"X=a b\n", b"X=a b\nA__b=true\n").is_empty());
    }
}
