//! Cut in the middle: whatever becomes of bwsync, what it has begun goes on, nobody begins a second one beside it, and
//! `resume` tells the end.

use rustix::process::Signal;

use super::{
    bed::Bed,
    who::{Compose, Who},
};

/// bwsync ends by a signal while its restart is at a point; `words` are the command, `point` where it stands.
fn cut(compose: Compose, who: Who, signal: Signal, (words, point): (&[&str], &'static str)) {
    let Some(bed) = Bed::new(compose, who) else { return };
    let middle = bed.stop_at(point);
    let begun = bed.begin(words);
    middle.reached();
    begun.signal(signal);
    let wanted = match signal {
        Signal::HUP => Some(129),
        Signal::TERM => Some(143),
        _ => None,
    };
    assert_eq!(begun.over(), wanted);
    // The restart holds the lock, whoever began it.
    for second in [&["apply", "--yes"][..], &["apply", "--yes", "--no-pull"], &["undo", "--yes", "--restart"]]
    {
        let ran = bed.bwsync(second);
        assert_eq!(ran.code, Some(9), "{second:?}: {:#}", ran.json);
        assert!(ran.json.to_string().contains("bwsync resume"), "{second:?}: {:#}", ran.json);
    }
    let resumed = bed.begin(&["resume"]);
    middle.goes_on();
    let ran = resumed.ended().ends(0, None).up(true);
    assert_eq!(ran.json["proved"], true, "{:#}", ran.json);
    assert_eq!(bed.live().as_deref(), Some("true"));
    assert!(bed.answers());
    bed.bwsync(&["apply", "--yes"]).ends(0, None);
}

const SCRIPT: (&[&str], &str) = (&["apply", "--yes"], "after-pull");
const UP: (&[&str], &str) = (&["apply", "--yes", "--no-pull"], "compose-up");

with_both_composes! {
    fn killed_while_the_script_runs_as_root(compose) {
        cut(compose, Who::Root, Signal::KILL, SCRIPT);
    }

    fn hung_up_while_the_script_runs_as_the_owner(compose) {
        cut(compose, Who::Owner, Signal::HUP, SCRIPT);
    }

    fn ended_while_the_script_runs_with_the_owners_rights(compose) {
        cut(compose, Who::Sudo, Signal::TERM, SCRIPT);
    }

    fn killed_while_compose_brings_it_up_as_the_owner(compose) {
        cut(compose, Who::Owner, Signal::KILL, UP);
    }

    fn hung_up_while_compose_brings_it_up_as_root(compose) {
        cut(compose, Who::Root, Signal::HUP, UP);
    }

    fn a_second_command_beside_a_living_one_ends_9(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        let middle = bed.stop_at("after-down");
        let begun = bed.begin(&["apply", "--yes"]);
        middle.reached();
        for second in [&["apply", "--yes"][..], &["undo", "--yes", "--restart"]] {
            let ran = bed.bwsync(second);
            assert_eq!(ran.code, Some(9), "{second:?}: {:#}", ran.json);
        }
        middle.goes_on();
        begun.ended().ends(0, None).up(true);
        assert_eq!(bed.live().as_deref(), Some("true"));
    }

    /// Compose that puts the old file to work is cut as little as the one that puts the new one to work.
    fn hung_up_in_the_way_back(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        bed.behave("core/refuses-api", Some("globalSettings__enableCloudCommunication=true"));
        let up = bed.stop_at("after-up");
        let begun = bed.begin(&["apply", "--yes"]);
        up.reached();
        let back = bed.stop_at("compose-up");
        up.goes_on();
        back.reached();
        begun.signal(Signal::HUP);
        assert_eq!(begun.over(), Some(129));
        let ran = bed.bwsync(&["apply", "--yes"]);
        assert_eq!(ran.code, Some(9), "{:#}", ran.json);
        let resumed = bed.begin(&["resume"]);
        back.goes_on();
        resumed.ended().ends(5, Some("env.invalid_value")).up(true);
        assert_eq!((bed.live(), bed.env()), (None, bed.old.clone()));
        assert!(bed.answers());
    }
}
