//! What takes minutes, because bwsync rightly waits for a server that may yet come.

use super::{
    bed::Bed,
    who::{Compose, Who},
};

with_both_composes! {
    fn nginx_does_not_start_again(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        bed.behave("nginx/broken", Some(""));
        bed.bwsync(&["apply", "--yes"]).ends(6, Some("restart.container_ended")).up(false);
        assert_ne!(bed.env(), bed.old, "nothing goes back by itself: the setting is not at fault");
        bed.behave("nginx/broken", None);
        // Mended, it comes up by itself, and all is as it was meant.
        bed.wait_for("nginx runs again", Bed::answers);
        bed.bwsync(&["apply", "--yes"]).ends(0, None);
        assert_eq!(bed.live().as_deref(), Some("true"));
    }
}
