//! How a restart ends is told as it is: the script's exit code decides nothing, the containers and what answers through
//! nginx do.

use std::{net::TcpListener, thread};

use super::{
    bed::Bed,
    left::said,
    who::{Compose, Who},
};

/// What Docker's own words for a port that somebody else has are told as, with what stands then.
fn port_taken(compose: Compose, who: Who) {
    let Some(bed) = Bed::new(compose, who) else { return };
    let between = bed.stop_at("after-pull");
    let begun = bed.begin(&["apply", "--yes"]);
    between.reached();
    // It accepts and closes, as whatever took the place of nginx may do.
    let taken = TcpListener::bind(("0.0.0.0", bed.port)).unwrap();
    let closing = taken.try_clone().unwrap();
    thread::spawn(move || closing.incoming().for_each(drop));
    between.goes_on();
    let ran = begun.ended().ends(6, Some("restart.port_in_use")).up(false);
    assert_eq!(ran.json["restart"]["exit"], 1, "{:#}", ran.json);
    assert_ne!(ran.json["proved"], true, "{:#}", ran.json);
    assert_ne!(bed.env(), bed.old, "nothing goes back by itself: the setting is not at fault");
    drop(taken);
    // The thread has a descriptor of its own: the next connection ends it.
}

with_both_composes! {
    /// Another process takes the port between down and up.
    fn the_port_is_taken_between_down_and_up_as_root(compose) {
        port_taken(compose, Who::Root);
    }

    fn the_port_is_taken_between_down_and_up_as_the_owner(compose) {
        port_taken(compose, Who::Owner);
    }

    fn the_registry_is_gone_before_the_pull(compose) {
        let Some(mut bed) = Bed::new(compose, Who::Owner) else { return };
        let started = bed.started("api");
        bed.registry.goes_away();
        let ran = bed.bwsync(&["apply", "--yes"]).ends(3, Some("restart.registry_unreachable"));
        assert_eq!(ran.json["changed"].as_array().map(Vec::len), Some(0), "{:#}", ran.json);
        assert_eq!((bed.env(), bed.started("api")), (bed.old.clone(), started.clone()));
        bed.bwsync(&["apply", "--yes", "--no-pull"]).ends(0, None).up(true);
        assert_eq!(bed.live().as_deref(), Some("true"));
    }

    /// One that refuses is not one that is not there.
    fn the_registry_refuses_before_the_pull(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        let started = bed.started("api");
        bed.registry.limits(true);
        bed.bwsync(&["apply", "--yes"]).ends(3, Some("restart.registry_refused"));
        assert_eq!((bed.env(), bed.started("api")), (bed.old.clone(), started));
    }

    fn the_registry_is_gone_after_the_down(compose) {
        let Some(mut bed) = Bed::new(compose, Who::Owner) else { return };
        let down = bed.stop_at("after-down");
        let begun = bed.begin(&["apply", "--yes"]);
        down.reached();
        bed.registry.goes_away();
        down.goes_on();
        let ran = begun.ended().ends(6, Some("restart.pull_failed")).up(false);
        assert_ne!(ran.json["restart"]["exit"], 0, "{:#}", ran.json);
        assert!(!bed.runs("api"));
        // The way up needs no registry.
        bed.bwsync(&["apply", "--yes", "--no-pull"]).ends(0, None).up(true);
        assert_eq!(bed.live().as_deref(), Some("true"));
    }

    /// Taking the settings back pulls first as well, while the server runs.
    fn undo_without_the_registry_leaves_all_as_it_is(compose) {
        let Some(mut bed) = Bed::new(compose, Who::Owner) else { return };
        bed.bwsync(&["apply", "--yes"]).ends(0, None).up(true);
        let (file, started) = (bed.env(), bed.started("api"));
        bed.registry.goes_away();
        let ran = bed.bwsync(&["undo", "--yes", "--restart"]);
        let ran = ran.ends(3, Some("restart.registry_unreachable"));
        assert_eq!(ran.json["changed"], serde_json::json!([]), "{:#}", ran.json);
        assert_eq!((bed.env(), bed.started("api")), (file, started));
        bed.bwsync(&["undo", "--yes", "--restart", "--no-pull"]).ends(0, None).up(true);
        assert_eq!((bed.live(), bed.env()), (None, bed.old.clone()));
    }

    /// No waiting mends what nginx says of its own configuration, and Docker starts it again and again.
    fn nginx_does_not_start_again(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        bed.behave("nginx/broken", Some(""));
        let ran = bed.bwsync(&["apply", "--yes"]).ends(6, Some("restart.container_ended")).up(false);
        // Five minutes are what it would wait for a server that may yet come.
        assert!(ran.json["duration_ms"].as_u64() < Some(300_000), "{:#}", ran.json);
        assert_ne!(bed.env(), bed.old, "nothing goes back by itself: the setting is not at fault");
        bed.behave("nginx/broken", None);
        // Mended, it comes up by itself, and all is as it was meant.
        bed.wait_for("nginx runs again", Bed::answers);
        bed.bwsync(&["apply", "--yes"]).ends(0, None);
        assert_eq!(bed.live().as_deref(), Some("true"));
    }

    /// The helper container of another run is in the way: the script ends 125 when all is done.
    fn the_script_ends_125_after_a_good_start(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        let (name, registry) = (format!("{}-setup", bed.project), bed.registry.address);
        let image = format!("{registry}/bitwarden/setup:2026.8.0");
        said(&["docker", "pull", "--quiet", &image]);
        said(&["docker", "create", "--name", &name, &image, "setup"]);
        let ran = bed.bwsync(&["apply", "--yes"]).ends(0, Some("restart.script_failed")).up(true);
        assert_eq!(ran.json["conclusion"]["severity"], "warning", "{:#}", ran.json);
        assert_eq!((&ran.json["restart"]["exit"], &ran.json["proved"]), (&125.into(), &true.into()));
        assert_eq!(bed.live().as_deref(), Some("true"));
    }

    /// A health check that fails whatever the settings are is no fault of this change, and not waited for.
    fn what_was_unhealthy_before_is_not_blamed(compose) {
        let Some(bed) = Bed::new(compose, Who::Owner) else { return };
        bed.behave("core/unhealthy", Some(""));
        bed.wait_for("all are unhealthy", |bed| {
            ["api", "identity", "admin"].iter().all(|service| {
                bed.inspect(service, "{{.State.Health.Status}}").trim() == "unhealthy"
            })
        });
        let ran = bed.bwsync(&["apply", "--yes"]);
        assert_eq!((ran.code, &ran.json["restart"]["up"]), (Some(0), &true.into()), "{:#}", ran.json);
        // Five minutes are what it would wait for health that may yet come.
        assert!(ran.json["duration_ms"].as_u64() < Some(150_000), "{:#}", ran.json);
        assert_eq!(bed.live().as_deref(), Some("true"));
    }
}
