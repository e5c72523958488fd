//! Key scripts: what a person presses and what the machine wants done, without a terminal.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may stop")]

mod walk;

use bwsync::tested::{
    app::{
        Base, Choice, ChoiceOf, Effect, FileFault, FileKind, FileText, Msg, Notice, Over, Place, QuestionOf,
        Stage, What,
    },
    domain::{
        check::{AdviceCode, Cause, Finding},
        exit::Exit,
        journal::{Server, Settings, Standing},
        region::Region,
        request::{
            ApiKey, Body, Changed, Changes, Event, Outcome, Phase, PhaseState, Problem, Request, Restarting,
            Risk, Shown,
        },
        secret::Secret,
        sync::{StepName, StepState},
    },
};
use walk::*;

const CLIENT: &str = "user.0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4";
const CLIENT_SECRET: &str = "Zz9Yy8Xx7Ww6Vv5Uu4Tt3Ss2Rr1Qq0";

fn login() -> ApiKey {
    ApiKey { client_id: CLIENT.to_owned(), client_secret: Secret::new(CLIENT_SECRET) }
}

fn step(person: &Person) -> Option<StepName> {
    person.state.step()
}

/// A person for whom all was looked at, on a server that has nothing yet.
fn person() -> Person {
    let mut person = Person::arrives();
    person.wanted();
    person.gets(look_new(Region::Eu));
    person
}

/// The same with an accepted token, before the choice.
fn with_token() -> Person {
    let mut person = person();
    person.press("3").paste(TOKEN).press("<enter>");
    person.wanted();
    person.gets(verified(Some(true), Exit::Good, vec![]));
    person
}

#[test]
fn the_whole_road_to_synced() {
    let mut person = Person::arrives();
    assert_eq!(person.asked(), Request::Look { login: None });
    looking(&mut person);
    person.gets(look_new(Region::Eu));
    assert_eq!(person.state.chosen, StepName::Configure);

    person.press("<enter>a");
    assert!(matches!(&person.state.over, Over::Question(q) if q.of == QuestionOf::Apply && !q.yes));
    assert_eq!(person.wanted(), []);
    person.press("<right><enter>");
    let Request::Apply { restart: Restarting::Script, planned_for: Some(_), .. } = person.asked() else {
        panic!("not an apply")
    };
    restarting(&mut person);
    assert_eq!(person.state.ledger.stands.server, Server::Down(START + time::Duration::seconds(14)));
    person.hears(Event::Down(false)).gets(applied_well(Region::Eu));
    assert_eq!(person.asked(), Request::Status { login: None });
    person.gets(status(status_new()));
    assert_eq!(person.state.ledger.stands.server, Server::Up);

    person.press("<enter>");
    assert_eq!(step(&person), Some(StepName::ObtainToken));
    person.press("<enter>");
    assert_eq!(step(&person), Some(StepName::ApplyToken));
    person.paste(&format!(" {TOKEN}\n")).press("<enter>");
    assert_eq!(person.asked(), Request::VerifyToken { token: Secret::new(TOKEN) });
    person.gets(verified(Some(true), Exit::Good, vec![]));
    assert_eq!(person.state.stage, Stage::Ways(0));

    person.press("2").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter>");
    assert_eq!(person.asked(), Request::SetToken { token: Secret::new(TOKEN), login: login() });
    person.gets(saved());
    assert_eq!(step(&person), Some(StepName::TriggerSync));
    person.press("t");
    assert_eq!(person.asked(), Request::Sync { login: login() });
    person.gets(synced());
    assert_eq!(person.asked(), Request::Status { login: Some(login()) });
    person.gets(status(status_synced()));
    assert_eq!(person.state.known.done(), 4);

    person.press("<enter>q");
    let wanted = person.wanted();
    // Back on the overview it looks anew, since much was changed; then it leaves.
    let [Effect::Ask { request: Request::Look { .. }, .. }, Effect::Quit(summary)] = wanted.as_slice() else {
        panic!("did not leave: {wanted:?}")
    };
    assert_eq!(summary.exit, Exit::Good);
    assert_eq!(summary.next, None);
    assert_eq!(summary.ledger.connection.as_deref(), Some("x7Q"));
    assert!(summary.ledger.license);
    assert!(matches!(&summary.ledger.stands.settings, Settings::Written(written) if written.count == 4));
}

#[test]
fn the_browser_way_needs_no_login() {
    let mut person = with_token();
    person.press("<enter>");
    assert_eq!(person.state.stage, Stage::Browser);
    person.press("<enter>");
    assert_eq!(step(&person), Some(StepName::TriggerSync));
    person.press("r");
    assert_eq!(person.asked(), Request::Status { login: None });
}

#[test]
fn esc_goes_back_and_keeps_what_was_typed() {
    let mut person = with_token();
    person.press("2").paste("user.12").press("<tab>xyz<esc>");
    assert_eq!(person.state.over, Over::Nothing);
    assert_eq!(person.state.stage, Stage::Ways(1));
    person.press("<esc>");
    assert_eq!(person.state.place, Place::Base(Base::Overview));
    assert_eq!(person.state.chosen, StepName::ApplyToken);
    person.press("<enter><enter><esc>2");
    assert_eq!(person.state.token.secret().expose(), TOKEN);
    assert_eq!(person.state.login.id.text(), "user.12");
    assert_eq!(person.state.login.secret.secret().expose(), "xyz");
    assert_eq!(person.wanted(), []);
    person.press("<esc><esc><esc><esc>");
    assert_eq!(person.state.place, Place::Base(Base::Overview));
}

#[test]
fn keys_typed_before_a_question_is_seen_are_thrown_away() {
    let mut person = person();
    person.press("1");
    person.types_ahead("ay<right><enter><enter>");
    assert!(matches!(&person.state.over, Over::Question(q) if !q.yes && q.seen));
    assert_eq!(person.wanted(), []);
    person.press("<enter>");
    assert_eq!(person.state.over, Over::Nothing, "Enter is No until Yes is selected");
    assert_eq!(person.wanted(), []);
}

#[test]
fn a_paste_outside_a_field_is_dropped_and_said() {
    let mut person = person();
    person.paste(TOKEN);
    assert_eq!(person.state.notice, Some(Notice::PasteDropped));
    assert!(person.state.token.is_empty());
    assert_eq!(person.wanted(), []);
    person.press("<down>");
    assert_eq!(person.state.notice, None);
}

#[test]
fn in_a_field_letters_are_text() {
    let mut person = person();
    person.press("3qd?sal");
    assert_eq!(person.state.token.secret().expose(), "qd?sal");
    assert_eq!(person.wanted(), []);
    person.press("<enter>");
    assert_eq!(person.state.notice, Some(Notice::TokenNotWhole));
    assert_eq!(person.wanted(), []);
}

#[test]
fn what_an_old_run_says_is_dropped() {
    let mut person = Person::arrives();
    let old = person.run();
    person.wanted();
    person.press("r");
    let wanted = person.wanted();
    assert!(matches!(wanted.as_slice(), [Effect::Stop(stopped), Effect::Ask { .. }] if *stopped == old));
    let before = person.state.clone();
    person.tell(Msg::Event(old, Event::Asking(vec!["old.example.org".to_owned()])));
    person.tell(Msg::Ended(old, Box::new(look_new(Region::Us))));
    assert_eq!(person.state, before);
    assert_eq!(person.wanted(), []);
}

#[test]
fn editing_the_token_takes_the_clouds_answer_back() {
    let mut person = with_token();
    assert!(person.state.token_accepted());
    person.press("<tab><backspace>");
    assert!(!person.state.token_accepted());
    person.press("<tab>2");
    assert_eq!(person.state.notice, Some(Notice::VerifyFirst));
    assert_eq!(person.wanted(), []);
}

#[test]
fn an_answer_about_another_token_is_dropped() {
    let mut person = person();
    person.press("3").paste(TOKEN).press("<enter>");
    let old = person.run();
    person.wanted();
    person.press("<backspace>");
    assert_eq!(person.wanted(), [Effect::Stop(old)]);
    person.tell(Msg::Ended(old, Box::new(verified(Some(true), Exit::Good, vec![]))));
    assert!(!person.state.token_accepted());
}

#[test]
fn a_path_in_a_secret_field_is_read_as_a_file() {
    let mut person = person();
    person.press("3").paste("/run/secrets/token").press("<enter>");
    let path = "/run/secrets/token".to_owned();
    assert_eq!(person.wanted(), [Effect::Read { kind: FileKind::Token, path }]);
    person.tell(Msg::File(Err(FileFault::Open)));
    assert_eq!(person.state.notice, Some(Notice::File(FileFault::Open)));
    person.tell(Msg::File(Ok(FileText::Token(Secret::new(format!("{TOKEN}\n"))))));
    assert_eq!(person.asked(), Request::VerifyToken { token: Secret::new(TOKEN) });

    let mut person = with_token();
    person.press("2~/key<enter>");
    let path = "~/key".to_owned();
    assert_eq!(person.wanted(), [Effect::Read { kind: FileKind::ApiKey, path }]);
    person.tell(Msg::File(Ok(FileText::ApiKey(login()))));
    assert_eq!(person.asked(), Request::SetToken { token: Secret::new(TOKEN), login: login() });
}

#[test]
fn leaving_while_the_server_restarts_is_a_question() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    person.hears(Event::Phase(Phase::Restart, PhaseState::Started));
    person.press("q");
    assert!(
        matches!(&person.state.over, Over::Question(q) if q.of == QuestionOf::Leave(Changes::Installation))
    );
    person.press("n<c-c><c-c>");
    let wanted = person.wanted();
    let [Effect::Quit(summary)] = wanted.as_slice() else { panic!("{wanted:?}") };
    assert_eq!((summary.exit, summary.running), (Exit::Interrupted, Some(Changes::Installation)));
}

#[test]
fn a_signal_leaves_at_once() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    person.tell(Msg::Signal(Exit::Hangup));
    assert!(matches!(person.wanted().as_slice(), [Effect::Quit(summary)] if summary.exit == Exit::Hangup));
}

#[test]
fn nothing_is_applied_twice_at_once() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    person.press("aw<esc>1a");
    assert_eq!(person.state.over, Over::Nothing);
    assert_eq!(person.wanted(), []);
}

#[test]
fn a_refused_apply_can_be_forced_only_by_name() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    let found = root(Finding::new(Cause::TcpTimeout));
    person.gets(applied(Region::Eu, Exit::CouldNotAsk, None, &[], vec![found]));
    assert_eq!(person.wanted(), []);
    person.press("oy");
    let wanted = person.wanted();
    let [
        Effect::Choose(options),
        Effect::Ask { request: Request::Apply { restart: Restarting::Script, .. }, .. },
    ] = wanted.as_slice()
    else {
        panic!("{wanted:?}")
    };
    assert_eq!(options.accepted.len(), 1);
}

/// What was refused is asked again as it was, with the risk accepted: who wanted to write only gets no restart.
#[test]
fn going_on_asks_for_the_same_again() {
    let refusals = [
        ("1wy", vec![root(Finding::new(Cause::TcpTimeout))], None, Risk::Unchecked),
        ("1ay", vec![root(Finding::new(Cause::TcpTimeout))], None, Risk::Unchecked),
        ("1wy", vec![], Some(Problem::RootInstallation), Risk::RootInstallation),
        ("1ay", vec![], Some(Problem::RootInstallation), Risk::RootInstallation),
    ];
    for (keys, roots, problem, risk) in refusals {
        let mut person = person();
        person.press(keys);
        let refused = person.asked();
        let exit = if roots.is_empty() { Exit::Wrong } else { Exit::CouldNotAsk };
        person.gets(Outcome { problem, ..applied(Region::Eu, exit, None, &[], roots) });
        person.press("oy");
        let wanted = person.wanted();
        let [Effect::Choose(options), Effect::Ask { request, .. }] = wanted.as_slice() else {
            panic!("{keys}: {wanted:?}")
        };
        assert_eq!(request, &refused, "{keys} {risk:?}");
        assert_eq!(options.accepted.iter().collect::<Vec<_>>(), [&risk], "{keys}");
    }
}

/// The screen offers to go on under the name that the table gives, and not at all where there is none.
#[test]
fn going_on_is_offered_where_the_cause_may_be_accepted() {
    for cause in Cause::ALL.iter().copied() {
        let mut person = person();
        person.press("1ay");
        person.wanted();
        person.gets(applied(Region::Eu, Exit::Wrong, None, &[], vec![root(Finding::new(cause))]));
        person.press("oy");
        let accepted = person.wanted().into_iter().find_map(|effect| match effect {
            Effect::Choose(options) => options.accepted.into_iter().next(),
            _ => None,
        });
        assert_eq!(accepted, cause.accepted_as(), "{}", cause.code());
    }
}

#[test]
fn an_undo_that_was_refused_is_gone_on_with_as_an_undo() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    person.hears(Event::Phase(Phase::Write, PhaseState::Done));
    let found = root(Finding::new(Cause::RestartPullFailed));
    person.gets(applied(Region::Eu, Exit::FailedUp, Some(true), &[Changed::Settings], vec![found]));
    person.press("zy");
    let refused = person.asked();
    let outcome = applied(Region::Eu, Exit::Wrong, None, &[], vec![]);
    person.gets(Outcome { problem: Some(Problem::RootInstallation), ..outcome });
    person.press("oy");
    let wanted = person.wanted();
    let [Effect::Choose(_), Effect::Ask { request, .. }] = wanted.as_slice() else { panic!("{wanted:?}") };
    assert_eq!(request, &refused);
}

#[test]
fn choosing_looks_again_and_repeats_nothing_that_changes() {
    let mut person = person();
    person.press("1wy");
    person.wanted();
    let outcome = applied(Region::Eu, Exit::Usage, None, &[], vec![]);
    person.gets(Outcome { problem: Some(Problem::RegionOpen), ..outcome });
    person.state.over = Over::Choice(Choice { of: ChoiceOf::Region, at: 1 });
    person.press("<enter>");
    let wanted = person.wanted();
    let [Effect::Choose(options), Effect::Ask { request: Request::Look { .. }, .. }] = wanted.as_slice()
    else {
        panic!("{wanted:?}")
    };
    assert_eq!(options.region, Some(Region::Eu));
}

/// What the server was asked and did not answer is told as neither done nor nothing.
#[test]
fn what_nobody_heard_is_said_as_such() {
    let mut person = with_token();
    person.press("2").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter>");
    person.wanted();
    let unheard = Problem::Unheard(Changed::Connection);
    person.gets(Outcome { exit: Exit::CouldNotAsk, problem: Some(unheard), ..saved() });
    assert_eq!(person.state.ledger.unheard, Some(Changed::Connection));
    assert_eq!(person.state.ledger.connection, None);
    assert!(!person.state.ledger.is_empty());
}

#[test]
fn a_down_server_stays_said() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    restarting(&mut person);
    let found = root(Finding::new(Cause::RestartPullFailed));
    let changed = [Changed::Settings, Changed::Restart];
    person.gets(applied(Region::Eu, Exit::FailedDown, Some(false), &changed, vec![found]));
    person.waits(60);
    assert_eq!(person.state.ledger.stands.server, Server::Down(START + time::Duration::seconds(14)));
    assert!(person.state.ledger.settings_are_mine());
    person.press("z");
    assert!(matches!(&person.state.over, Over::Question(question) if question.of == QuestionOf::Undo));
    person.press("y");
    let shown_for = Some(Shown { file: "written".into(), journal: Some("1 apply".into()) });
    // A server that is down comes up without a pull.
    assert_eq!(
        person.asked(),
        Request::Undo { restart: Restarting::WithoutPull, confirmed: true, shown_for }
    );
}

#[test]
fn the_way_up_is_one_key_and_the_way_without_a_pull_is_asked_about() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    person.hears(Event::Down(true));
    let found = root(Finding::new(Cause::RestartPullFailed));
    person.gets(applied(Region::Eu, Exit::FailedDown, Some(false), &[Changed::Settings], vec![found]));
    person.press("u");
    assert_eq!(person.asked(), Request::StartWithoutPull);

    let mut person = self::person();
    person.press("1ay");
    person.wanted();
    let found = root(Finding::new(Cause::RestartRegistryUnreachable));
    person.gets(applied(Region::Eu, Exit::Wrong, None, &[], vec![found]));
    person.press("u");
    assert_eq!(person.wanted(), []);
    person.press("y");
    let asked = person.asked();
    assert!(matches!(asked, Request::Apply { restart: Restarting::WithoutPull, .. }), "{asked:?}");
}

#[test]
fn who_comes_back_to_a_server_that_is_down_starts_it_from_anywhere() {
    let yesterday = START - time::Duration::days(1);
    let finds = |standing: Standing| {
        let mut person = Person::arrives();
        person.wanted();
        person.hears(stands(standing)).gets(look_new(Region::Eu));
        person
    };
    for keys in ["u", "?u", "eu", "du", "su", "2u", "4u"] {
        let mut person = finds(left_down(yesterday, true));
        person.press(keys);
        assert_eq!(person.asked(), Request::StartWithoutPull, "{keys}");
        assert_eq!(step(&person), Some(StepName::Configure), "{keys}: there it is followed");
    }
    // In a field it is a letter; where Docker does not answer, or something is at work, it is not offered.
    for (by_us, at_work, keys) in [(true, false, "3u"), (false, false, "u"), (true, true, "u")] {
        let mut person = finds(Standing { at_work, ..left_down(yesterday, by_us) });
        person.press(keys);
        assert_eq!(person.wanted(), [], "{keys} {by_us} {at_work}");
    }
    let down = finds(left_down(yesterday, true));
    assert_eq!(down.state.summary(Exit::Good).exit, Exit::FailedDown);
    let up = finds(written(yesterday, Some(true), Server::Up));
    assert_eq!(up.state.summary(Exit::Good).exit, Exit::Good);
}

#[test]
fn an_interrupted_run_is_picked_up_by_itself_and_only_once() {
    let mut person = Person::arrives();
    person.wanted();
    let mut outcome = look_new(Region::Us);
    if let Body::Look(look) = &mut outcome.body {
        look.interrupted = true;
    }
    person.gets(outcome.clone());
    assert_eq!(person.asked(), Request::Resume);
    assert_eq!(person.state.place, Place::Base(Base::Step(StepName::Configure)));
    person.gets(applied(Region::Us, Exit::Good, Some(true), &[], Vec::new()));
    assert!(matches!(person.asked(), Request::Look { .. }));
    person.gets(outcome);
    assert_eq!(person.wanted(), []);
}

#[test]
fn every_command_is_one_key_away_and_stands_there_once() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    for _ in 0..2 {
        person.hears(Event::Command("docker version".to_owned()));
    }
    assert_eq!(person.state.commands, ["docker version"]);
    person.press("e");
    assert_eq!(person.state.over, Over::Commands);
    person.press("<esc>");
    assert_eq!(person.state.over, Over::Nothing);
}

#[test]
fn several_organizations_are_a_choice_and_it_looks_again() {
    let mut person = Person::arrives();
    person.wanted();
    let mut outcome = look_new(Region::Us);
    if let Body::Look(look) = &mut outcome.body {
        let mut second = organization();
        second.id = "22222222-1f0e-4a7c-8a51-b1e500f2c3d4".to_owned();
        look.organizations = vec![organization(), second];
        look.organization = None;
    }
    person.gets(outcome);
    assert!(matches!(person.state.over, Over::Choice(_)));
    person.press("<down><enter>");
    let wanted = person.wanted();
    let [Effect::Choose(options), Effect::Ask { request: Request::Look { .. }, .. }] = wanted.as_slice()
    else {
        panic!("{wanted:?}")
    };
    assert_eq!(options.org.as_deref(), Some("22222222-1f0e-4a7c-8a51-b1e500f2c3d4"));
}

#[test]
fn a_file_that_changed_meanwhile_shows_the_new_plan() {
    let mut person = person();
    person.press("1ay");
    person.wanted();
    let mut outcome = applied(Region::Us, Exit::Wrong, None, &[], vec![]);
    outcome.problem = Some(Problem::ChangedSincePlan);
    if let Body::Apply(apply) = &mut outcome.body {
        apply.file.sha256 = "77".repeat(32);
    }
    person.gets(outcome);
    assert!(person.state.ledger.is_empty());
    person.press("ay");
    let Request::Apply { planned_for, .. } = person.asked() else { panic!("not an apply") };
    assert_eq!(planned_for, Some("77".repeat(32)));
}

#[test]
fn a_status_with_steps_left_still_signs_in() {
    let mut person = person();
    person.press("sk").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter>");
    assert_eq!(person.asked(), Request::Status { login: Some(login()) });
    let mut left = status(status_new());
    left.exit = Exit::Wrong;
    person.gets(left);
    assert_eq!(person.state.over, Over::Nothing);
    assert_eq!(person.state.login.accepted, Some(login()));
    person.press("t");
    assert_eq!(person.asked(), Request::Sync { login: login() });
}

#[test]
fn a_rejected_key_keeps_the_form_open() {
    let mut person = person();
    person.press("sk").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter>");
    person.wanted();
    let mut rejected = status(status_new());
    rejected.exit = Exit::Rejected;
    rejected.roots = vec![root(Finding::new(Cause::LoginApiKeyRejected))];
    person.gets(rejected);
    assert!(matches!(person.state.over, Over::Login(_)));
    assert_eq!(person.state.login.accepted, None);
}

#[test]
fn who_went_elsewhere_stays_there_and_is_told() {
    let mut person = person();
    person.press("1ay<enter>");
    person.wanted();
    person.gets(applied_well(Region::Eu));
    assert_eq!(step(&person), Some(StepName::ObtainToken));
    assert_eq!(person.state.notice, Some(Notice::RestartDone));

    let mut person = with_token();
    person.press("2").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter><esc><esc>");
    person.wanted();
    let run = person.state.runs.iter().find(|run| run.what == What::Save).unwrap().id;
    person.tell(Msg::Ended(run, Box::new(saved())));
    assert_eq!(person.state.place, Place::Base(Base::Overview));
    assert_eq!(person.state.login.accepted, Some(login()));
}

#[test]
fn a_refused_sync_is_told_by_its_step() {
    let mut person = person();
    person.press("4t").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter>");
    assert_eq!(person.asked(), Request::Sync { login: login() });
    let found = root(Finding::new(Cause::SyncRefused));
    person.gets(outcome(Exit::Wrong, vec![found], &[], Body::Sync(Box::default())));
    assert_eq!(person.state.over, Over::Nothing);
    assert_eq!(step(&person), Some(StepName::TriggerSync));
    person.press("t");
    assert_eq!(person.asked(), Request::Sync { login: login() });
}

#[test]
fn diagnose_and_status_lead_back_where_one_was() {
    let mut person = person();
    person.press("2ds<esc>");
    assert_eq!(person.state.place, Place::Base(Base::Step(StepName::ObtainToken)));
    person.press("s<esc>?<esc>");
    assert_eq!(step(&person), Some(StepName::ObtainToken));
    assert_eq!(person.wanted(), []);
}

#[test]
fn enter_does_what_stands_first_on_the_keys_line() {
    let mut person = person();
    // From the overview to the question of step 1, whose selected answer Enter takes.
    person.press("<enter><enter>");
    assert!(matches!(&person.state.over, Over::Question(q) if q.of == QuestionOf::Apply && !q.yes));
    person.press("<enter>");
    assert_eq!(person.state.over, Over::Nothing);
    person.press("<esc>4<enter>");
    assert!(matches!(&person.state.over, Over::Login(_)), "step 4 signs in to sync");
    // On the status a sign-in shows more; in the diagnosis the step that mends is one Enter away.
    person.press("<esc>s<enter>");
    assert!(matches!(&person.state.over, Over::Login(_)));
    person.press("<esc><esc>d");
    person.state.known.roots =
        vec![root(Finding::new(Cause::ConnectionMissing).advise(AdviceCode::SaveToken))];
    person.press("<enter>");
    assert_eq!(step(&person), Some(StepName::ApplyToken));
}

#[test]
fn a_sync_without_a_connection_leads_to_step_3_and_is_forgotten_once_the_token_is_saved() {
    for cause in [Cause::ConnectionMissing, Cause::ConnectionDisabled, Cause::ConnectionEmptyToken] {
        let mut person = with_token();
        person.press("<esc><esc>4t").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter>");
        person.wanted();
        let found = root(Finding::new(cause));
        person.gets(outcome(Exit::Wrong, vec![found], &[], Body::Sync(Box::default())));
        person.press("<enter>");
        assert_eq!(step(&person), Some(StepName::ApplyToken), "{}", cause.code());
        assert_eq!(person.state.known.standing(StepName::ApplyToken), StepState::ToDo);
        person.press("2<enter>");
        person.wanted();
        person.gets(saved());
        assert_eq!(step(&person), Some(StepName::TriggerSync));
        assert!(person.state.ended(What::Sync).is_none());
    }
}

#[test]
fn a_sync_that_the_cloud_refused_leads_nowhere_else() {
    let mut person = with_token();
    person.press("<esc><esc>4t").paste(CLIENT).press("<tab>").paste(CLIENT_SECRET).press("<enter>");
    person.wanted();
    let found = root(Finding::new(Cause::SyncRefused));
    person.gets(outcome(Exit::Wrong, vec![found], &[], Body::Sync(Box::default())));
    person.press("<enter>");
    assert_eq!(step(&person), Some(StepName::TriggerSync));
}

#[test]
fn in_the_demo_enter_fills_empty_fields() {
    let mut person = Person::opens(demo(bwsync::tested::text::Language::En));
    person.wanted();
    person.gets(look_new(Region::Us)).press("3<enter>");
    assert!(matches!(person.wanted().as_slice(), [Effect::Read { kind: FileKind::Token, .. }]));
    person.tell(Msg::File(Ok(FileText::Token(Secret::new(TOKEN)))));
    person.wanted();
    person.gets(verified(Some(true), Exit::Good, vec![]));
    assert_eq!(person.state.stage, Stage::Ways(1), "there is no browser in the demo");
    person.press("<enter><enter>");
    assert!(matches!(person.wanted().as_slice(), [Effect::Read { kind: FileKind::ApiKey, .. }]));
}

#[test]
fn a_restart_that_failed_while_another_screen_was_read_looks_again_and_stays_the_cause() {
    let mut person = person();
    person.press("1ay<esc>");
    person.wanted();
    restarting(&mut person);
    let found = root(Finding::new(Cause::RestartPullFailed));
    let changed = [Changed::Settings, Changed::Restart];
    person.gets(applied(Region::Eu, Exit::FailedDown, Some(false), &changed, vec![found]));
    assert_eq!(person.asked(), Request::Look { login: None });
    assert_eq!(person.state.why_down().map(|root| root.conclusion.cause), Some(Cause::RestartPullFailed));
    assert_eq!(
        person.state.summary(Exit::Good).wrong.map(|found| found.cause),
        Some(Cause::RestartPullFailed)
    );
}
