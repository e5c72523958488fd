//! The way back: where a setting of ours stops a service the old file goes back and the server comes up with it; what
//! somebody else wrote meanwhile stays.

use std::{fs, io::Write};

use super::{
    bed::Bed,
    who::{Compose, Who},
};

const REFUSED: &str = "globalSettings__enableCloudCommunication=true";
const THEIRS: &str = "globalSettings__mail__smtp__trustServer=true\n";

/// The new value stops this service, which Docker starts again and again.
fn stopped_by_our_setting(compose: Compose, who: Who, service: &str) {
    let Some(bed) = Bed::new(compose, who) else { return };
    bed.behave(&format!("core/refuses-{service}"), Some(REFUSED));
    let ran = bed.bwsync(&["apply", "--yes"]).ends(5, Some("env.invalid_value")).up(true);
    assert_eq!(ran.json["changed"], serde_json::json!(["restart"]), "{:#}", ran.json);
    assert_eq!(String::from_utf8(bed.env()).unwrap(), String::from_utf8(bed.old.clone()).unwrap());
    assert_eq!(bed.live(), None);
    assert!(bed.answers());
    // Nothing is left to be picked up, and nothing to be taken back.
    bed.bwsync(&["resume"]).ends(0, None);
}

/// Writes a line of somebody else's into the env file, in place.
fn edit(bed: &Bed) {
    let mut file = fs::OpenOptions::new().append(true).open(bed.running.env_file()).unwrap();
    file.write_all(THEIRS.as_bytes()).unwrap();
}

with_both_composes! {
    fn our_setting_stops_the_api_as_root(compose) {
        stopped_by_our_setting(compose, Who::Root, "api");
    }

    fn our_setting_stops_the_api_as_the_owner(compose) {
        stopped_by_our_setting(compose, Who::Owner, "api");
    }

    fn our_setting_stops_identity(compose) {
        stopped_by_our_setting(compose, Who::Sudo, "identity");
    }

    fn an_edit_during_a_restart_that_comes_out_well_stays(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        let between = bed.stop_at("after-pull");
        let begun = bed.begin(&["apply", "--yes"]);
        between.reached();
        let ours = bed.env();
        edit(&bed);
        between.goes_on();
        begun.ended().ends(0, None).up(true);
        assert_eq!(bed.env(), [&ours[..], THEIRS.as_bytes()].concat());
        // Taken back are our keys alone.
        bed.bwsync(&["undo", "--yes"]);
        assert_eq!(bed.env(), [&bed.old[..], THEIRS.as_bytes()].concat());
    }

    fn an_edit_during_a_restart_that_fails_stays_too(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        bed.behave("core/refuses-api", Some(REFUSED));
        let between = bed.stop_at("after-pull");
        let begun = bed.begin(&["apply", "--yes"]);
        between.reached();
        edit(&bed);
        between.goes_on();
        begun.ended().ends(5, Some("env.invalid_value")).up(true);
        assert_eq!(
            String::from_utf8(bed.env()).unwrap(),
            String::from_utf8([&bed.old[..], THEIRS.as_bytes()].concat()).unwrap()
        );
        assert_eq!(bed.live(), None);
        assert!(bed.answers());
    }
}
