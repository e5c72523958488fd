//! Findings and plans of every sample file, and of small files with one trait each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on fails")]

use bwsync::tested::domain::{
    check::Cause,
    env_file::{EnvFile, RefusalReason},
    region::Region,
    request::{Origin, Why},
    settings::{self, FileRegion, INSTALLATION_ID, INSTALLATION_KEY, Layers, Setting},
};

fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/env/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn parsed(name: &str) -> EnvFile {
    EnvFile::parse(&sample(name)).unwrap()
}

/// `cause@line`, or the cause alone where the finding has no line.
fn brief(findings: &[bwsync::tested::domain::check::Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| match finding.evidence.get("line") {
            Some(line) => format!("{}@{line}", finding.cause.code()),
            None => finding.cause.code().to_owned(),
        })
        .collect()
}

/// `setting why`, by the last part of the setting's name.
fn changes(layers: &Layers, region: Region) -> Vec<String> {
    match settings::plan(layers, region, "bwdata/env/global.override.env") {
        Ok(edit) => edit
            .changes
            .iter()
            .map(|change| format!("{} {:?}", change.key.rsplit("__").next().unwrap(), change.why))
            .collect(),
        Err(finding) => vec![format!("refused {}", brief(&[finding]).concat())],
    }
}

const EU_ALL: &[&str] = &[
    "enableCloudCommunication Enable",
    "cloudRegion OtherRegion",
    "identityUri MissingForRegion",
    "apiUri MissingForRegion",
    "pushRelayBaseUri MissingForRegion",
];
const EU_REST: &[&str] = &[
    "cloudRegion OtherRegion",
    "identityUri MissingForRegion",
    "apiUri MissingForRegion",
    "pushRelayBaseUri MissingForRegion",
];
const EU_UNQUOTED: &[&str] = &[
    "enableCloudCommunication Quoted",
    "cloudRegion OtherRegion",
    "identityUri MissingForRegion",
    "apiUri MissingForRegion",
    "pushRelayBaseUri MissingForRegion",
];
const ENABLE: &[&str] = &["enableCloudCommunication Enable"];
const OFF: &[&str] = &["config.cloud_communication_off"];
const GLUED: &[&str] = &["refused env.several_settings_on_one_line@23"];

#[test]
fn every_sample_has_its_findings_and_its_plans() {
    type Row = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);
    // file, findings where the file's own region is concluded, plan for the US, plan for the EU
    let table: &[Row] = &[
        ("fresh-us.env", OFF, ENABLE, EU_ALL),
        ("bom.env", &["env.bom@1", "config.cloud_communication_off"], ENABLE, EU_ALL),
        ("crlf.env", &["env.crlf@1", "config.cloud_communication_off"], ENABLE, EU_ALL),
        ("no-final-newline.env", OFF, ENABLE, EU_ALL),
        ("commented-out.env", OFF, ENABLE, EU_ALL),
        (
            "complete-eu.env",
            &[],
            &[
                "cloudRegion OtherRegion",
                "identityUri OtherRegion",
                "apiUri OtherRegion",
                "pushRelayBaseUri OtherRegion",
            ],
            &[],
        ),
        ("half-eu.env", &["config.half_region"], &["cloudRegion OtherRegion"], &EU_REST[1..]),
        ("duplicate-key.env", &["env.duplicate_key@23"], &[], EU_REST),
        ("misspelt-key.env", &["env.misspelt_key@23"], &[], EU_REST),
        ("quoted-boolean.env", &["env.quoted_boolean@22"], &[], EU_UNQUOTED),
        ("push-off.env", OFF, ENABLE, &EU_ALL[..4]),
        (
            "several-settings-on-one-line.env",
            &["env.several_settings_on_one_line@23", "env.duplicate_key@23"],
            GLUED,
            GLUED,
        ),
        (
            "lite-settings.env",
            OFF,
            ENABLE,
            &[
                "enableCloudCommunication Enable",
                "cloudRegion MissingForRegion",
                "identityUri MissingForRegion",
                "apiUri MissingForRegion",
                "pushRelayBaseUri MissingForRegion",
            ],
        ),
    ];
    let global = parsed("docker/global.env");
    for (name, findings, us, eu) in table {
        let over = parsed(name);
        let layers = Layers::new(Some(&global), &over, *name == "push-off.env");
        let concluded = settings::region_of_file(&layers).region();
        assert_eq!(brief(&settings::findings(&layers, concluded)), *findings, "{name}");
        assert_eq!(changes(&layers, Region::Us), *us, "{name}, us");
        assert_eq!(changes(&layers, Region::Eu), *eu, "{name}, eu");
        assert_eq!(
            settings::installation_id(&layers).as_deref(),
            Ok("3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34"),
            "{name}"
        );
        assert_eq!(settings::installation_key(&layers).unwrap().expose(), "kT9mQ2xW7vLp4RzB8nYc", "{name}");
    }
    let refused = [
        ("space-in-key.env", 22, 7, RefusalReason::SpaceInKey),
        ("unterminated-quote.env", 22, 35, RefusalReason::UnterminatedQuote),
    ];
    for (name, line, column, reason) in refused {
        let refusal = EnvFile::parse(&sample(name)).unwrap_err();
        assert_eq!((refusal.line, refusal.column, refusal.reason), (line, column, reason), "{name}");
        assert_eq!(refusal.finding().cause, Cause::EnvUnparsable);
    }
    let files = std::fs::read_dir(format!("{}/tests/data/env", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let count = files.filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|e| e == "env")).count();
    assert_eq!(count, table.len() + refused.len(), "a sample is missing in the table");
}

#[test]
fn undo_gives_every_sample_back_byte_for_byte() {
    for entry in std::fs::read_dir(format!("{}/tests/data/env", env!("CARGO_MANIFEST_DIR"))).unwrap() {
        let path = entry.unwrap().path();
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let Ok(before) = EnvFile::parse(&bytes) else { continue };
        let layers = Layers::new(None, &before, false);
        for region in Region::ALL {
            let Ok(edit) = settings::plan(&layers, region, "x.env") else { continue };
            let now = EnvFile::parse(&edit.bytes).unwrap();
            let undo = settings::undo(&now, &before, &edit.changes).unwrap();
            assert_eq!(undo.bytes, bytes, "{path:?} {region:?}");
            assert_eq!(undo.changes.len(), edit.changes.len());
            assert!(undo.changes.iter().all(|change| change.why == Why::PutBack));
        }
    }
}

/// What a small file gets: `Layers` of it alone, and with the genuine `docker/global.env`.
fn lint(text: &str, concluded: Option<Region>) -> Vec<String> {
    let over = EnvFile::parse(text.as_bytes()).unwrap();
    brief(&settings::findings(&Layers::new(None, &over, false), concluded))
}

const ID: &str = "globalSettings__installation__id=3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34\n";
const ON: &str = "globalSettings__enableCloudCommunication=true\n";

#[test]
fn small_files_have_their_findings() {
    let eu = Some(Region::Eu);
    let table: &[(&str, Option<Region>, &[&str])] = &[
        ("", None, &["installation.id_missing", "config.cloud_communication_off"]),
        ("{ON}{ID}", None, &[]),
        ("globalSettings__enableCloudCommunication= True \n{ID}", None, &[]),
        ("globalSettings__enableCloudCommunication=\n{ID}", None, &["env.invalid_value@1"]),
        ("globalSettings__enableCloudCommunication=yes\n{ID}", None, &["env.invalid_value@1"]),
        ("globalSettings__enableCloudCommunication=false\n{ID}", None, &["config.cloud_communication_off@1"]),
        ("globalSettings__enableCloudCommunication\n{ID}", None, &["config.cloud_communication_off@1"]),
        ("{ON}globalSettings__installation__id=\n", None, &["env.invalid_value@2"]),
        (
            "{ON}globalSettings__installation__id='\"3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34\"'\n",
            None,
            &["env.invalid_value@2"],
        ),
        (
            "{ON}globalSettings__installation__id=00000000-0000-0000-0000-000000000000\n",
            None,
            &["installation.id_missing@2"],
        ),
        ("{ON}{ID}globalSettings__mail__smtp__ssl=REPLACE\n", None, &["env.invalid_value@3"]),
        ("{ON}{ID}globalSettings__sqlServer__migrationExecutionTimeoutSeconds=\n", None, &[]),
        ("{ON}{ID}globalSettings__EnableCloudCommunication=true\n", None, &["env.two_spellings@3"]),
        ("{ON}{ID}globalSettings:enableCloudCommunication=true\n", None, &["env.two_spellings@3"]),
        ("{ID}globalSettings__EnableCloudCommunication=true\n", None, &[]),
        ("{ID}A=x{ON}", None, &["env.several_settings_on_one_line@2", "config.cloud_communication_off"]),
        ("{ID}A=\"x\"{ON}", None, &["env.several_settings_on_one_line@2"]),
        ("{ON}{ID}globalSettings__installation__identityUri=\n", None, &[]),
        (
            "{ON}{ID}globalSettings__installation__identityUri=identity.bitwarden.com\n",
            None,
            &["config.bad_url@3"],
        ),
        ("{ON}{ID}globalSettings__pushRelayBaseUri=off\n", None, &["config.bad_url@3"]),
        ("{ON}{ID}globalSettings__pushRelayBaseUri=REPLACE\n", None, &[]),
        (
            "{ON}{ID}globalSettings__installation__apiUri=https://api.bitwarden.eu\n",
            None,
            &["config.half_region"],
        ),
        ("{ON}{ID}", eu, &["installation.wrong_region"]),
        (
            "{ID}globalSettings__baseServiceUri__cloudRegion=US\n",
            eu,
            &["installation.wrong_region@2", "config.cloud_communication_off"],
        ),
        ("{ID}globalSettings__baseServiceUri__cloudRegion=EU\n", eu, &["config.cloud_communication_off"]),
        (
            "{ON}{ID}globalSettings__installation__apiUri=https://a.example.org\nglobalSettings__installation__identityUri=https://i.example.org\n",
            eu,
            &[],
        ),
        (
            "{ON}{ID}globalSettings__installation__apiUri=https://a.example.org\n",
            None,
            &["config.half_region"],
        ),
        ("{ON}{ID}globalSettings__baseServiceUri__cloudRegion=EU\n", eu, &["config.half_region"]),
        (
            "{ON}{ID}globalSettings__baseServiceUri__cloudRegion=EU\n",
            Some(Region::Us),
            &["config.half_region@3"],
        ),
        (
            "{ON}{ID}globalSettings__installation__apiUri=https://api.bitwarden.eu\nglobalSettings__installation__identityUri=https://identity.bitwarden.eu\nglobalSettings__pushRelayBaseUri=https://push.bitwarden.com\n",
            Some(Region::Us),
            &["installation.wrong_region@4"],
        ),
        ("{ON}{ID}=x\n", None, &["env.unparsable@3"]),
        ("{ON}{ID}word", None, &["env.unparsable@3"]),
        ("{ON}{ID}word\n", None, &[]),
        ("{ON}{ID}B=1\nB=2\nB=3\n", None, &["env.duplicate_key@5"]),
    ];
    for (text, concluded, wanted) in table {
        let text = text.replace("{ON}", ON).replace("{ID}", ID);
        assert_eq!(lint(&text, *concluded), *wanted, "{text}");
    }
}

#[test]
fn what_is_right_in_meaning_or_somebodys_own_stays() {
    let text = "globalSettings__enableCloudCommunication=\"True\"\n\
        globalSettings__baseServiceUri__cloudRegion='EU '\n\
        globalSettings__installation__identityUri=https://identity.bitwarden.eu/\n\
        globalSettings__installation__apiUri=https://api.bitwarden-gov.com\n\
        globalSettings__pushRelayBaseUri=\" \"\n";
    let over = EnvFile::parse(text.as_bytes()).unwrap();
    let layers = Layers::new(None, &over, false);
    let edit = settings::plan(&layers, Region::Eu, "x.env").unwrap();
    assert!(edit.changes.is_empty());
    assert_eq!(edit.bytes, text.as_bytes());
    assert!(edit.diff.lines.is_empty());
    assert_eq!(brief(&edit.left), ["config.half_region@4"]);
    assert_eq!(settings::region_of_file(&layers), FileRegion::Other);
}

#[test]
fn bytes_that_are_no_text_stay() {
    let bytes = b"# caf\xe9\r\nA=\xff\xfe # \xe9\r\nglobalSettings__baseServiceUri__cloudRegion=US";
    let over = EnvFile::parse(bytes).unwrap();
    let layers = Layers::new(None, &over, true);
    let edit = settings::plan(&layers, Region::Eu, "x.env").unwrap();
    let region = bytes.len() - 2;
    assert_eq!(edit.bytes[..region], bytes[..region]);
    assert!(edit.bytes[region..].starts_with(b"EU\r\nglobalSettings__enableCloudCommunication=true\r\n"));
    let now = EnvFile::parse(&edit.bytes).unwrap();
    assert_eq!(settings::undo(&now, &over, &edit.changes).unwrap().bytes, bytes);
}

#[test]
fn another_spelling_is_edited_where_it_stands_and_never_added_beside() {
    let global = EnvFile::parse(b"globalsettings__PUSHrelaybaseuri=https://push.bitwarden.com\n").unwrap();
    let over = EnvFile::parse(b"GLOBALSETTINGS__ENABLECLOUDCOMMUNICATION=false\n").unwrap();
    let layers = Layers::new(Some(&global), &over, false);
    let edit = settings::plan(&layers, Region::Eu, "x.env").unwrap();
    let text = String::from_utf8(edit.bytes).unwrap();
    assert!(text.starts_with("GLOBALSETTINGS__ENABLECLOUDCOMMUNICATION=true\n"), "{text}");
    assert!(text.ends_with("\nglobalsettings__PUSHrelaybaseuri=https://push.bitwarden.eu\n"), "{text}");
}

#[test]
fn an_obstacle_comes_with_its_line_and_the_command_that_opens_it() {
    let over =
        EnvFile::parse(format!("{ON}GlobalSettings__enableCloudCommunication=false\n").as_bytes()).unwrap();
    let layers = Layers::new(None, &over, false);
    let finding = settings::plan(&layers, Region::Us, "/opt/a b/global.override.env").unwrap_err();
    assert_eq!(finding.cause, Cause::EnvTwoSpellings);
    assert_eq!(finding.evidence.get("line"), Some("2"));
    let command = finding.advice[0].command.as_deref();
    assert_eq!(command, Some("${EDITOR:-vi} +2 '/opt/a b/global.override.env'"));
}

#[test]
fn what_was_changed_since_is_left_and_named() {
    let before = parsed("half-eu.env");
    let layers = Layers::new(None, &before, false);
    let edit = settings::plan(&layers, Region::Eu, "x.env").unwrap();
    let text = String::from_utf8(edit.bytes).unwrap();
    let touched =
        text.replace("apiUri=https://api.bitwarden.eu", "apiUri=https://api.example.org") + "NEW=1\n";
    let now = EnvFile::parse(touched.as_bytes()).unwrap();
    let undo = settings::undo(&now, &before, &edit.changes).unwrap();
    assert_eq!(undo.left.iter().map(|l| l.key.as_str()).collect::<Vec<_>>(), [Setting::ApiUri.key()]);
    assert_eq!(undo.changes.len(), 2);
    let wanted = String::from_utf8(before.bytes().to_vec()).unwrap()
        + "globalSettings__installation__apiUri=https://api.example.org\nNEW=1\n";
    assert_eq!(String::from_utf8(undo.bytes).unwrap(), wanted);
}

#[test]
fn settings_are_shown_with_their_origin_and_without_secrets() {
    let (global, over) = (parsed("docker/global.env"), parsed("half-eu.env"));
    let views = settings::read(&Layers::new(Some(&global), &over, false));
    let rows: Vec<_> = views.iter().map(|v| (v.key.as_str(), v.value.as_deref(), v.origin)).collect();
    assert_eq!(
        rows,
        [
            (Setting::EnableCloudCommunication.key(), Some("true"), Origin::OverrideEnv),
            (Setting::CloudRegion.key(), Some("EU"), Origin::OverrideEnv),
            (Setting::IdentityUri.key(), None, Origin::Default),
            (Setting::ApiUri.key(), None, Origin::Default),
            (Setting::PushRelayBaseUri.key(), Some("https://push.bitwarden.com"), Origin::GlobalEnv),
            (INSTALLATION_ID, Some("3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34"), Origin::OverrideEnv),
            (INSTALLATION_KEY, Some("••••••••"), Origin::OverrideEnv),
        ]
    );
}

#[test]
fn the_diff_shows_changed_lines_and_no_secret() {
    let over = parsed("fresh-us.env");
    let layers = Layers::new(None, &over, false);
    let edit = settings::plan(&layers, Region::Eu, "x.env").unwrap();
    let text = serde_json::to_value(&edit.diff).unwrap();
    assert_eq!(
        text.as_str().unwrap(),
        " globalSettings__baseServiceUri__vault=https://vault.example.org\n\
         -globalSettings__baseServiceUri__cloudRegion=US\n\
         +globalSettings__baseServiceUri__cloudRegion=EU\n \
         globalSettings__sqlServer__connectionString=••••••••\n \
         globalSettings__sqlServer__migrationExecutionTimeoutSeconds=\n \
         globalSettings__hibpApiKey=••••••••\n \
         adminSettings__admins=admin@example.org\n\
         +globalSettings__enableCloudCommunication=true\n\
         +globalSettings__installation__identityUri=https://identity.bitwarden.eu\n\
         +globalSettings__installation__apiUri=https://api.bitwarden.eu\n\
         +globalSettings__pushRelayBaseUri=https://push.bitwarden.eu\n"
    );
    let numbers: Vec<_> = edit.diff.lines.iter().map(|line| line.number).collect();
    assert_eq!(numbers, [1, 2, 2, 3, 4, 20, 21, 22, 23, 24, 25]);
}
