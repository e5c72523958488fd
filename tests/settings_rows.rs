//! Every row of what goes wrong in an env file, for each of its three readers, with line and column; the layers above
//! the file; what a plan makes of each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use bwsync::tested::domain::{
    check::{Cause, Finding, Severity},
    env_file::{EnvFile, Reader},
    region::Region,
    request::{Origin, Why},
    settings::{self, Layers, Live, NoteCode, Setting},
    sync::StepName,
};

const ID: &str = "globalSettings__installation__id=3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34\n";
const ON: &str = "globalSettings__enableCloudCommunication=true\n";

fn parsed(text: &str) -> EnvFile {
    let text = text.replace("{ON}", ON).replace("{ID}", ID);
    EnvFile::parse(text.as_bytes()).unwrap_or_else(|refusal| panic!("{refusal}: {text:?}"))
}

fn sample(name: &str) -> EnvFile {
    let path = format!("{}/tests/data/env/{name}", env!("CARGO_MANIFEST_DIR"));
    EnvFile::parse(&std::fs::read(path).unwrap()).unwrap()
}

/// `cause@line:column severity`
fn brief(finding: &Finding) -> String {
    let get = |name| finding.evidence.get(name).unwrap_or("-");
    format!("{}@{}:{} {:?}", finding.cause.code(), get("line"), get("column"), finding.severity())
}

fn lint(text: &str, reader: Reader) -> Vec<String> {
    let over = parsed(text);
    settings::findings(&Layers::new(None, &over, false).read_by(reader), None).iter().map(brief).collect()
}

/// A file, and its findings for Compose v2, Compose 1.29.2 and `docker run`.
type Row = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

#[test]
fn every_mistake_has_its_finding_for_each_reader() {
    let crlf: &[&str] = &["env.crlf@1:46 Warning"];
    let bom: &[&str] = &["env.bom@1:1 Warning"];
    let invalid: &[&str] = &["env.invalid_value@1:42 Failed"];
    let blank: &[&str] = &["env.unparsable@1:41 Failed"];
    let missing: &[&str] = &["env.misspelt_key@3:1 Failed"];
    let table: &[Row] = &[
        // A7-1, A7-11
        ("globalSettings__enableCloudCommunication=true\r\n{ID}", crlf, crlf, crlf),
        ("\u{feff}{ON}{ID}", bom, bom, bom),
        // A7-2
        (
            "globalSettings__enableCloudCommunication=\"true\"\n{ID}",
            &["env.quoted_boolean@1:42 Warning"],
            &["env.quoted_boolean@1:42 Warning"],
            &["env.quoted_boolean@1:42 Failed"],
        ),
        (
            "globalSettings__enableCloudCommunication='\"true\"'\n{ID}",
            &["env.quoted_boolean@1:42 Failed"],
            &["env.quoted_boolean@1:42 Failed"],
            &["env.quoted_boolean@1:42 Failed"],
        ),
        (
            "{ON}{ID}globalSettings__mail__smtp__ssl=\"false\"\n",
            &[],
            &[],
            &["env.quoted_boolean@3:33 Failed"],
        ),
        // A7-3
        ("globalSettings__enableCloudCommunication = true\n{ID}", &[], &[], blank),
        ("export {ON}{ID}", &[], &[], &["env.unparsable@1:7 Failed"]),
        // A7-5: `${…}` only for Compose 1.29.2, nothing for docker run
        ("{ON}{ID}globalSettings__mail__smtp__password=a$b\n", &["env.interpolation@3:39 Warning"], &[], &[]),
        (
            "{ON}{ID}globalSettings__mail__smtp__password=\"a${b}\"\n",
            &["env.interpolation@3:40 Warning"],
            &["env.interpolation@3:40 Warning"],
            &[],
        ),
        ("{ON}{ID}globalSettings__mail__smtp__password=a$$b\n", &[], &[], &[]),
        ("{ON}{ID}globalSettings__mail__smtp__password='a$b${c}'\n", &[], &[], &[]),
        ("{ON}{ID}globalSettings__mail__smtp__password=a$ $1\n", &[], &[], &[]),
        // A7-6
        ("globalSettings__enableCloudCommunication=true # note\n{ID}", &[], invalid, invalid),
        (
            "{ON}{ID}globalSettings__mail__smtp__port=587 # x\n",
            &[],
            &["env.invalid_value@3:34 Failed"],
            &["env.invalid_value@3:34 Failed"],
        ),
        (
            "globalSettings__enableCloudCommunication=\"true\" # note\n{ID}",
            &["env.quoted_boolean@1:42 Warning"],
            &["env.quoted_boolean@1:42 Warning"],
            invalid,
        ),
        // A7-7
        ("{ON}{ID}A=b=c\n", &[], &[], &[]),
        // A7-8
        (
            "{ON}{ID}{ON}",
            &["env.duplicate_key@3:1 Warning"],
            &["env.duplicate_key@3:1 Warning"],
            &["env.duplicate_key@3:1 Warning"],
        ),
        (
            "{ON}{ID}globalsettings__enableCloudCommunication=true\n",
            &["env.two_spellings@3:1 Failed"],
            &["env.two_spellings@3:1 Failed"],
            &["env.two_spellings@3:1 Failed"],
        ),
        (
            "{ON}{ID}ASPNETCORE_globalSettings__enableCloudCommunication=true\n",
            &["env.two_spellings@3:1 Failed"],
            &["env.two_spellings@3:1 Failed"],
            &["env.two_spellings@3:1 Failed"],
        ),
        (
            "{ON}{ID}DOTNET_globalSettings__installation__id=x\n",
            &["env.two_spellings@3:1 Failed", "env.invalid_value@3:41 Failed"],
            &["env.two_spellings@3:1 Failed", "env.invalid_value@3:41 Failed"],
            &["env.two_spellings@3:1 Failed", "env.invalid_value@3:41 Failed"],
        ),
        ("dotnet_GlobalSettings__enableCloudCommunication=true\n{ID}", &[], &[], &[]),
        // A7-9
        (
            "{ID}globalSettings__enableCloudCommunication=true globalSettings__installation__apiUri=x\n",
            &["env.several_settings_on_one_line@2:42 Failed", "env.invalid_value@2:42 Failed"],
            &["env.several_settings_on_one_line@2:42 Failed", "env.invalid_value@2:42 Failed"],
            &["env.several_settings_on_one_line@2:42 Failed", "env.invalid_value@2:42 Failed"],
        ),
        // A7-12
        ("{ON}{ID}globalSettings__cloudRegion=EU\n", missing, missing, missing),
        ("{ON}{ID}globalSettings_baseServiceUri__cloudRegion=EU\n", missing, missing, missing),
        ("{ON}{ID}globalSettings_cloudRegion=EU\n", missing, missing, missing),
        (
            "{ID}globalSettings__enableCloudComunication=true\n",
            &["env.misspelt_key@2:1 Failed", "config.cloud_communication_off@-:- ToDo"],
            &["env.misspelt_key@2:1 Failed", "config.cloud_communication_off@-:- ToDo"],
            &["env.misspelt_key@2:1 Failed", "config.cloud_communication_off@-:- ToDo"],
        ),
        (
            "{ON}{ID}globalSettings__mail__smpt__host=x\n",
            &["env.misspelt_key@3:1 Warning"],
            &["env.misspelt_key@3:1 Warning"],
            &["env.misspelt_key@3:1 Warning"],
        ),
        (
            "{ON}{ID}globalSettings__enableCloudComunication=true\n",
            &["env.misspelt_key@3:1 Warning"],
            &["env.misspelt_key@3:1 Warning"],
            &["env.misspelt_key@3:1 Warning"],
        ),
        // `bitwarden.md` F6 and §7
        (
            "{ON}{ID}globalSettings__installation__apiUri=\"https://api.bitwarden.com\"\n",
            &[],
            &[],
            &["config.bad_url@3:38 Failed"],
        ),
        (
            "{ON}{ID}globalSettings__sso__enforceSsoPolicyForAllUsers=yes\n",
            &["env.invalid_value@3:50 Failed"],
            &["env.invalid_value@3:50 Failed"],
            &["env.invalid_value@3:50 Failed"],
        ),
        (
            "{ON}{ID}globalSettings__organizationInviteExpirationHours=\n",
            &["env.invalid_value@3:51 Failed"],
            &["env.invalid_value@3:51 Failed"],
            &["env.invalid_value@3:51 Failed"],
        ),
        ("{ON}{ID}globalSettings__sqlServer__migrationExecutionTimeoutSeconds=\n", &[], &[], &[]),
    ];
    for (text, v2, v1, run) in table {
        for (reader, wanted) in Reader::ALL.into_iter().zip([v2, v1, run]) {
            assert_eq!(lint(text, reader), **wanted, "{reader:?}: {text}");
        }
    }
}

#[test]
fn what_is_not_utf8_stops_all_but_compose_v2() {
    let over = EnvFile::parse(&[ON.as_bytes(), ID.as_bytes(), b"A=b\xff\n"].concat()).unwrap();
    let brief = |reader| {
        let findings = settings::findings(&Layers::new(None, &over, false).read_by(reader), None);
        findings
            .iter()
            .map(|f| format!("{} {}", brief(f), f.evidence.get("reason").unwrap()))
            .collect::<Vec<_>>()
    };
    assert!(brief(Reader::ComposeV2).is_empty());
    for reader in [Reader::ComposeV1, Reader::DockerRun] {
        assert_eq!(brief(reader), ["env.unparsable@3:4 Failed not_utf8"]);
    }
}

#[test]
fn evidence_names_who_reads_the_line_otherwise() {
    let table = [
        ("globalSettings__enableCloudCommunication=\"true\"\n", "docker run --env-file"),
        ("A=a$b\n", "docker-compose 1.29.2, docker run --env-file"),
        ("A=1\nA=2\n", "docker run --env-file"),
    ];
    for (text, readers) in table {
        let over = parsed(text);
        let findings = settings::findings(&Layers::new(None, &over, false), None);
        let found = findings.iter().find_map(|finding| finding.evidence.get("reader"));
        assert_eq!(found, Some(readers), "{text}");
    }
}

#[test]
fn notes_are_no_findings() {
    type Row = (&'static str, bool, &'static [(NoteCode, &'static str)]);
    let table: &[Row] = &[
        ("{ON}{ID}", false, &[]),
        ("{ON}{ID}", true, &[(NoteCode::PushDisabledOnPurpose, "-:- -")]),
        (
            "{ON}{ID}globalSettings__pushRelayBaseUri=REPLACE\n",
            false,
            &[(NoteCode::PushDisabledOnPurpose, "3:34 -")],
        ),
        (
            "globalSettings__enableCloudCommunication=true # ticket\n{ID}",
            false,
            &[(NoteCode::ReadOtherwise, "1:47 docker-compose 1.29.2, docker run --env-file")],
        ),
        (
            "{ON}{ID}globalSettings__installation__apiUri=\"https://api.bitwarden.com\"\n",
            false,
            &[(NoteCode::ReadOtherwise, "3:38 docker run --env-file")],
        ),
        ("globalSettings__enableCloudCommunication=\"true\"\n{ID}", false, &[]),
        (
            "{ON}{ID}globalSettings__baseServiceUri__cloudRegion=us\n",
            false,
            &[(NoteCode::RegionSpelling, "3:45 -")],
        ),
    ];
    for (text, push_off, wanted) in table {
        let over = parsed(text);
        let notes = settings::notes(&Layers::new(None, &over, *push_off));
        let told: Vec<_> = notes
            .iter()
            .map(|note| {
                let get = |name| note.evidence.get(name).unwrap_or("-");
                (note.code, format!("{}:{} {}", get("line"), get("column"), get("reader")))
            })
            .collect();
        let told: Vec<_> = told.iter().map(|(code, text)| (*code, text.as_str())).collect();
        assert_eq!(told, *wanted, "{text}");
    }
}

/// The file after a plan, with why each of its settings changed.
fn planned(text: &str, region: Region, reader: Reader) -> (String, Vec<Why>) {
    let over = parsed(text);
    let layers = Layers::new(None, &over, true).read_by(reader);
    let edit = settings::plan(&layers, region, "x.env").unwrap();
    let now = EnvFile::parse(&edit.bytes).unwrap();
    let again = settings::plan(&Layers { over: &now, ..layers }, region, "x.env").unwrap();
    assert!(again.changes.is_empty(), "{text}: {:?}", again.changes);
    let undo = settings::undo(&now, &over, &edit.changes).unwrap();
    assert_eq!(undo.bytes, over.bytes(), "{text}");
    (String::from_utf8(edit.bytes).unwrap(), edit.changes.iter().map(|change| change.why).collect())
}

#[test]
fn a_plan_handles_each_mistake_as_it_must() {
    let (v2, run) = (Reader::ComposeV2, Reader::DockerRun);
    let enable = "globalSettings__enableCloudCommunication";
    let table: &[(&str, Reader, &str, &[Why])] = &[
        // Commented out: the comment stays, a line is added.
        ("#{ON}", v2, "#{ON}{ON}", &[Why::Enable]),
        // Twice: the last one counts.
        ("E=true\nE=false\n", v2, "E=true\nE=true\n", &[Why::Enable]),
        ("E=false\nE=true\n", v2, "E=false\nE=true\n", &[]),
        // Misspelt: left, the right one added.
        (
            "globalSettings_enableCloudCommunication=true\n",
            v2,
            "globalSettings_enableCloudCommunication=true\nE=true\n",
            &[Why::Enable],
        ),
        // Quoted: without quotes where it must change, or would not be read.
        ("E=\"false\"\n", v2, "E=true\n", &[Why::Enable]),
        ("E=\"true\"\n", v2, "E=\"true\"\n", &[]),
        ("E=\"true\"\n", run, "E=true\n", &[Why::Invalid]),
        ("E='\"true\"'\n", v2, "E=true\n", &[Why::Invalid]),
        // With a comment behind it, which only Compose v2 takes for one.
        ("E=false # note\r\nB=1\r\n", v2, "E=true # note\r\nB=1\r\n", &[Why::Enable]),
        ("E=true # note\r\nB=1\r\n", run, "E=true\r\nB=1\r\n", &[Why::Invalid]),
        ("E= false  \nB=1", run, "E=true\nB=1", &[Why::Enable]),
        // With a prefix, or in another case: where it stands.
        ("DOTNET_E=false\n", v2, "DOTNET_E=true\n", &[Why::Enable]),
    ];
    for (text, reader, wanted, why) in table {
        let spelled = |text: &str| text.replace("{ON}", ON).replace("E=", &format!("{enable}="));
        let (new, changes) = planned(&spelled(text), Region::Us, *reader);
        assert_eq!((new, &*changes), (spelled(wanted), *why), "{reader:?}: {text}");
    }
    let (new, why) = planned("globalSettings__enableCloudCommunication=\"true\"\n", Region::Eu, v2);
    assert!(new.starts_with(ON), "{new}");
    assert_eq!(why[0], Why::Quoted);
}

#[test]
fn from_eu_to_us_what_is_there_is_set_right_and_nothing_added() {
    let over = sample("complete-eu.env");
    let edit = settings::plan(&Layers::new(None, &over, false), Region::Us, "x.env").unwrap();
    let wanted = String::from_utf8(over.bytes().to_vec()).unwrap();
    let wanted =
        wanted.replace("cloudRegion=EU", "cloudRegion=US").replace(".bitwarden.eu", ".bitwarden.com");
    assert_eq!(String::from_utf8(edit.bytes).unwrap(), wanted);
}

#[test]
fn a_compose_override_that_wins_is_told_and_no_edit_mends_it() {
    let over = parsed("{ON}{ID}");
    let set = |key: Setting, value: &str| vec![(key.key().to_owned(), Some(value.to_owned()))];
    let off = set(Setting::EnableCloudCommunication, "false");
    let layers = Layers::new(None, &over, false).with_compose(&off);
    let findings = settings::findings(&layers, Some(Region::Us));
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0].cause, Cause::EnvNotEffective);
    assert_eq!(findings[0].evidence.get("path"), Some("docker/docker-compose.override.yml"));
    assert_eq!(findings[0].severity(), Severity::Failed);
    let view = &settings::read(&layers)[0];
    assert_eq!((view.value.as_deref(), view.origin), (Some("false"), Origin::ComposeOverride));

    // A region's address in it: wrong for one region, all that is needed for the other.
    let eu = set(Setting::ApiUri, "https://api.bitwarden.eu");
    let layers = Layers::new(None, &over, false).with_compose(&eu);
    assert_eq!(settings::findings(&layers, Some(Region::Us))[0].cause, Cause::EnvNotEffective);
    let edit = settings::plan(&layers, Region::Eu, "x.env").unwrap();
    assert!(edit.changes.iter().all(|change| change.key != Setting::ApiUri.key()), "{:?}", edit.changes);

    // The whole set there, right: nothing to find, nothing to do.
    let all: Vec<_> =
        Setting::ALL.into_iter().map(|s| (s.key().to_owned(), Some(s.wanted(Region::Eu)))).collect();
    let over = parsed("{ID}");
    let layers = Layers::new(None, &over, false).with_compose(&all);
    assert_eq!(settings::findings(&layers, Some(Region::Eu)), []);
    assert!(settings::plan(&layers, Region::Eu, "x.env").unwrap().changes.is_empty());

    // Another spelling there, and a name without a value.
    let over = parsed("{ON}{ID}");
    let other = vec![("globalSettings:enableCloudCommunication".to_owned(), Some("true".to_owned()))];
    let layers = Layers::new(None, &over, false).with_compose(&other);
    assert_eq!(settings::findings(&layers, None)[0].cause, Cause::EnvTwoSpellings);
    let bare = vec![(Setting::EnableCloudCommunication.key().to_owned(), None)];
    let layers = Layers::new(None, &over, false).with_compose(&bare);
    assert_eq!(settings::findings(&layers, Some(Region::Us)), []);
    assert!(!format!("{layers:?}").contains("true\""));
}

#[test]
fn running_containers_are_compared_with_what_the_files_say() {
    let over = parsed("{ON}{ID}");
    let key = Setting::EnableCloudCommunication.key();
    let service = |name: &str, value: &str| (name.to_owned(), vec![(key.to_owned(), value.to_owned())]);
    let same = [service("api", "true"), service("admin", " true\r")];
    let live = Live { services: &same, file_is_newer: false };
    let layers = Layers::new(None, &over, false).with_live(live);
    assert_eq!(settings::findings(&layers, Some(Region::Us)), []);
    let views = settings::read(&layers);
    assert_eq!((views[0].origin, views[0].effective), (Origin::OverrideEnv, Some(true)));
    assert_eq!((views[1].origin, views[1].effective), (Origin::Default, Some(true)));

    let differs = [service("api", "true"), service("admin", "false"), ("identity".to_owned(), Vec::new())];
    let layers = layers.with_live(Live { services: &differs, file_is_newer: false });
    let findings = settings::findings(&layers, Some(Region::Us));
    assert_eq!(findings[0].cause, Cause::EnvNotEffective);
    assert_eq!(findings[0].evidence.get("candidates"), Some("admin, identity"));
    assert_eq!(settings::read(&layers)[0].effective, Some(false));

    // A newer file waits for a restart, which is no fault.
    let layers = layers.with_live(Live { services: &differs, file_is_newer: true });
    assert_eq!(settings::findings(&layers, Some(Region::Us)), []);
    assert_eq!(settings::read(&layers)[0].effective, Some(false));

    // What only the container has, such as an image's own default.
    let push = Setting::PushRelayBaseUri.key().to_owned();
    let image = [("api".to_owned(), vec![(push, "https://push.bitwarden.com".to_owned())])];
    let views = settings::read(&layers.with_live(Live { services: &image, file_is_newer: false }));
    assert_eq!((views[4].origin, views[4].effective), (Origin::Container, Some(true)));
    assert_eq!(views[4].value.as_deref(), Some("https://push.bitwarden.com"));
    assert_eq!(settings::read(&Layers::new(None, &over, false))[0].effective, None);
}

#[test]
fn what_docker_run_hands_over_twice_is_for_a_person_to_say() {
    let twice = parsed("globalSettings__enableCloudCommunication=false\n{ON}{ID}");
    let layers = Layers::new(None, &twice, true).read_by(Reader::DockerRun);
    let finding = settings::plan(&layers, Region::Us, "x.env").unwrap_err();
    assert_eq!(brief(&finding), "env.duplicate_key@2:1 Failed");
    assert_eq!(finding.evidence.get("lines"), Some("1, 2"));
    assert!(settings::plan(&layers.read_by(Reader::ComposeV2), Region::Us, "x.env").is_ok());
}

/// What stops the server at its start leaves step 1 undone; quotes that the reader takes off stop nothing (A7-2).
#[test]
fn a_value_that_stops_the_server_leaves_step_1_undone() {
    let table = [
        ("{ON}{ID}", [false, false, false]),
        ("globalSettings__enableCloudCommunication=\"true\"\n{ID}", [false, false, true]),
        ("globalSettings__enableCloudCommunication='\"true\"'\n{ID}", [true, true, true]),
        ("{ON}{ID}globalSettings__mail__smtp__ssl=\"false\"\n", [false, false, true]),
        ("{ON}{ID}globalSettings__mail__smtp__port=x\n", [true, true, true]),
    ];
    for (text, wanted) in table {
        let over = parsed(text);
        let undone = |reader| {
            let layers = Layers::new(None, &over, false).read_by(reader);
            let findings = settings::findings(&layers, Some(Region::Us));
            findings.iter().any(|finding| finding.undone() == Some(StepName::Configure))
        };
        let readers = [Reader::ComposeV2, Reader::ComposeV1, Reader::DockerRun];
        assert_eq!(readers.map(undone), wanted, "{text}");
    }
}
