//! Where nothing goes wrong: apply, the proof, undo, the way without a pull, disable.

use super::{
    bed::Bed,
    who::{Compose, Who},
};

fn walk(compose: Compose, who: Who) {
    let Some(bed) = Bed::new(compose, who) else { return };
    assert_eq!(bed.live(), None);

    let ran = bed.bwsync(&["apply", "--yes"]).ends(0, None).up(true);
    let restart = &ran.json["restart"];
    assert_eq!((&restart["ran"], &restart["exit"]), (&true.into(), &0.into()));
    assert_eq!(ran.json["proved"], true, "{:#}", ran.json);
    assert_eq!(bed.live().as_deref(), Some("true"));
    let ran = bed.bwsync(&["check", "--only", "container.env"]);
    assert_eq!((ran.code, &ran.json["checks"][0]["state"]), (Some(0), &"passed".into()), "{:#}", ran.json);
    bed.bwsync(&["plan", "--check"]).ends(0, None);

    // A file that is newer than what runs waits for a restart.
    bed.bwsync(&["undo", "--yes"]);
    assert_eq!(bed.env(), bed.old);
    bed.bwsync(&["apply", "--yes", "--no-restart"]);
    bed.bwsync(&["undo", "--yes", "--restart"]).ends(0, None).up(true);
    assert_eq!(bed.live(), None);

    // Without a script and without a registry: the images are here.
    let ran = bed.bwsync(&["apply", "--yes", "--no-pull"]).ends(0, None).up(true);
    assert_eq!(ran.json["proved"], true, "{:#}", ran.json);
    assert_eq!(bed.live().as_deref(), Some("true"));
    bed.bwsync(&["resume"]).ends(0, None);
    bed.bwsync(&["undo", "--yes", "--restart", "--no-pull"]).ends(0, None).up(true);
    assert_eq!((bed.live(), bed.env()), (None, bed.old.clone()));
}

with_both_composes! {
    fn root_applies_proves_and_takes_back(compose) {
        walk(compose, Who::Root);
    }

    fn the_owner_applies_proves_and_takes_back(compose) {
        walk(compose, Who::Owner);
    }

    fn root_does_it_with_the_owners_rights(compose) {
        walk(compose, Who::Sudo);
    }

    fn disable_removes_the_connection_and_switches_off(compose) {
        let Some(bed) = Bed::of("already-connected", compose, Who::Root) else { return };
        assert_eq!(bed.live().as_deref(), Some("true"));
        let key = bed.running.api_key_file.to_string_lossy().into_owned();
        bed.bwsync(&["disable", "--yes", "--api-key-file", &key]).ends(0, None).up(true);
        assert_eq!(bed.live().as_deref(), Some("false"));
        assert!(bed.running.server.connections().is_empty());
    }
}
