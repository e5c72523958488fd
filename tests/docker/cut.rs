//! Cut in the middle: whatever becomes of bwsync, what it has begun goes on, nobody begins a second one beside it, and
//! `resume` tells the end.

use super::{
    bed::Bed,
    who::{Compose, Who},
};

with_both_composes! {
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
}
