//! A second opinion on an edit: dotenvy reads the old file and the new one too, and they may differ in our keys
//! only. It is asked only where it can read the old file at all (crates.md §3: it is not Compose's dialect).

use std::collections::BTreeMap;

use crate::domain::request::Change;

/// The keys outside `changes` that dotenvy reads differently in the new file; none where it agrees, or cannot
/// read the old file. Its errors quote values, so they go no further than here.
pub(super) fn objections(old: &[u8], new: &[u8], changes: &[Change]) -> Vec<String> {
    let Some(before) = read(old) else { return Vec::new() };
    let Some(after) = read(new) else { return vec![".".to_owned()] };
    let ours = |key: &&String| changes.iter().any(|change| change.key.eq_ignore_ascii_case(key));
    let differs = |key: &&String| before.get(*key) != after.get(*key);
    let mut keys: Vec<_> =
        before.keys().chain(after.keys()).filter(differs).filter(|key| !ours(key)).collect();
    keys.dedup();
    keys.into_iter().cloned().collect()
}

fn read(bytes: &[u8]) -> Option<BTreeMap<String, zeroize::Zeroizing<String>>> {
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
        assert!(objections(b"X=1\n", b"X=1\nA__b=true\n", &changes).is_empty());
        assert_eq!(objections(b"X=1\n", b"X=2\nA__b=true\n", &changes), ["X"]);
        assert_eq!(objections(b"X=1\n", b"X=a b\n", &changes), ["."]);
        assert!(objections(b"X=a b\n", b"X=a b\nA__b=true\n", &changes).is_empty());
    }
}
