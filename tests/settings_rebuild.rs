//! What Bitwarden's own rewriting (`bitwarden.sh rebuild`, `update`) makes of the file, and that our lines survive it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use bwsync::tested::domain::{
    env_file::EnvFile,
    region::Region,
    settings::{self, Layers, Setting},
};

const ON: &str = "globalSettings__enableCloudCommunication=true\n";

fn parsed(text: &str) -> EnvFile {
    EnvFile::parse(text.as_bytes()).unwrap_or_else(|refusal| panic!("{refusal}: {text:?}"))
}

fn sample(name: &str) -> EnvFile {
    let path = format!("{}/tests/data/env/{name}", env!("CARGO_MANIFEST_DIR"));
    EnvFile::parse(&std::fs::read(path).unwrap()).unwrap()
}

const VAULT: &str = "https://vault.example.org";

#[test]
fn a_rebuild_leaves_the_complete_set_byte_for_byte() {
    for name in ["fresh-us.env", "complete-eu.env", "half-eu.env", "quoted-boolean.env"] {
        let file = sample(name);
        let after = settings::rebuilt(&file, false, Some(VAULT));
        assert_eq!(*after.bytes, file.bytes(), "{name}");
        assert!(
            after.dropped.is_empty() && after.moved.is_empty() && after.comes_back.is_empty(),
            "{after:?}"
        );
        for region in Region::ALL {
            let edit = settings::plan(&Layers::new(None, &file, false), region, "x.env").unwrap();
            let new = EnvFile::parse(&edit.bytes).unwrap();
            assert_eq!(*settings::rebuilt(&new, false, Some(VAULT)).bytes, edit.bytes, "{name} {region:?}");
            assert!(edit.later.ours.iter().all(|(_, kept)| *kept), "{name} {region:?}");
            assert!(edit.later.dropped.is_empty() && edit.later.comes_back.is_empty());
        }
    }
    let off = sample("push-off.env");
    assert_eq!(*settings::rebuilt(&off, true, Some(VAULT)).bytes, off.bytes());
    let on = settings::rebuilt(&off, false, Some(VAULT));
    assert_eq!(on.dropped, [22]);
}

#[test]
fn a_comment_of_ours_would_not_survive_a_rebuild() {
    let text = String::from_utf8(sample("complete-eu.env").bytes().to_vec()).unwrap() + "# set by bwsync\n";
    let after = settings::rebuilt(&parsed(&text), false, Some(VAULT));
    assert_eq!(after.dropped, [26]);
    assert_eq!(*after.bytes, sample("complete-eu.env").bytes());
}

#[test]
fn a_rebuild_does_what_the_genuine_one_did() {
    let fixed = String::from_utf8(sample("fresh-us.env").bytes().to_vec()).unwrap();
    let region = "globalSettings__baseServiceUri__cloudRegion";
    let id = "globalSettings__installation__id";
    // File, what follows the fixed lines, lines dropped, lines moved, what comes back.
    type Row = (String, &'static str, &'static [usize], &'static [usize], &'static [&'static str]);
    let behind = |tail: &str| format!("{fixed}{tail}");
    let table: &[Row] = &[
        (behind("\n# note\nHOSTVAR\nFOO:bar\n"), "", &[22, 23, 24, 25], &[], &[]),
        (behind("A=1\nB=2\nA=3\n"), "A=3\nB=2\n", &[22], &[24], &[]),
        (behind("# x=1\n# x=2\n"), "# x=2\n", &[22], &[], &[]),
        (behind("A=\"x\ny\nz\"\nB=1\n"), "A=\"x\nB=1\n", &[23, 24], &[], &[]),
        (behind("A=\\\"x\\\"\n"), "A=\"x\"\n", &[], &[], &[]),
        (behind("a=1\nA =2\n A=3\nexport A=4\n"), "a=1\nA =2\n A=3\nexport A=4\n", &[], &[], &[]),
        (behind("A=1\r\nB=2"), "A=1\nB=2\n", &[], &[], &[]),
        (format!("\u{feff}{fixed}"), "", &[], &[], &[]),
        (format!("A=1\n{fixed}"), "A=1\n", &[], &[1], &[]),
        (behind("globalSettings__pushRelayBaseUri=REPLACE\n"), "", &[22], &[], &[]),
    ];
    for (text, tail, dropped, moved, back) in table {
        let after = settings::rebuilt(&parsed(text), false, Some(VAULT));
        assert_eq!(String::from_utf8(after.bytes.to_vec()).unwrap(), format!("{fixed}{tail}"), "{text:?}");
        assert_eq!(
            (&*after.dropped, &*after.moved, &*after.comes_back),
            (*dropped, *moved, *back),
            "{:?}",
            &text[text.len() - 60..]
        );
    }
    // A second region moves up over the first.
    let after = settings::rebuilt(&parsed(&behind(&format!("{region}=EU\n{ON}"))), false, Some(VAULT));
    let wanted = fixed.replace("cloudRegion=US", "cloudRegion=EU") + ON;
    assert_eq!((&after.bytes[..], &*after.dropped), (wanted.as_bytes(), &[2][..]));
    // A fixed key that is commented out, or not spelled to the letter, comes back.
    let text = fixed.replace(&format!("\n{id}="), &format!("\n#{id}="));
    let after = settings::rebuilt(&parsed(&text), false, Some(VAULT));
    assert_eq!(after.comes_back, [id]);
    let zero = format!("\n{id}=00000000-0000-0000-0000-000000000000\n");
    let text = String::from_utf8(after.bytes.to_vec()).unwrap();
    assert!(
        text.contains(&zero)
            && text.ends_with("\n#globalSettings__installation__id=3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34\n")
    );
    // The vault's address is config.yml's.
    let after = settings::rebuilt(&parsed(&fixed), false, Some("https://other.example.org"));
    assert!(
        after.vault_reset && after.bytes.starts_with(b"globalSettings__baseServiceUri__vault=https://other")
    );
}

#[test]
fn a_plan_says_what_a_rebuild_would_take_back() {
    let fixed = String::from_utf8(sample("fresh-us.env").bytes().to_vec()).unwrap();
    // Blanks around the sign: the fixed key counts as missing and comes back, ours stands behind it and still wins.
    let spaced = fixed.replace("cloudRegion=US", "cloudRegion = US");
    let edit = settings::plan(&Layers::new(None, &parsed(&spaced), false), Region::Eu, "x.env").unwrap();
    assert_eq!(edit.later.comes_back, [Setting::CloudRegion.key()]);
    assert!(edit.later.ours.iter().all(|(_, kept)| *kept), "{:?}", edit.later);
    // Another case: the fixed one comes back beside it, and which one counts would be a matter of luck.
    let other = fixed.replace("__cloudRegion=", "__CLOUDREGION=");
    let edit = settings::plan(&Layers::new(None, &parsed(&other), false), Region::Eu, "x.env").unwrap();
    let ours: Vec<_> = edit.later.ours.iter().filter(|(_, kept)| !kept).map(|(key, _)| *key).collect();
    assert_eq!(ours, [Setting::CloudRegion.key()]);
    // The administrator's own comment and bare key go.
    let commented = format!("{fixed}\n# ours\nHOSTVAR\n");
    let edit = settings::plan(&Layers::new(None, &parsed(&commented), false), Region::Us, "x.env").unwrap();
    assert_eq!(edit.later.dropped, [23, 24]);
}
