//! How a restart ends, through the binary: exit code, JSON, journal and words of the same end never contradict each
//! other; and a server whose address cannot be asked is known before anything is written.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::{Command, Output, Stdio},
};

use bwsync::tested::simulator::{self, Running};
use serde_json::Value;

fn demo(scenario: &str, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bwsync"))
        .args(["demo", scenario, "--"])
        .args(words)
        .env_remove("BWSYNC_DIR")
        .env("BWSYNC_LANG", "en")
        .output()
        .unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

/// An end: its scenario, exit code, cause, whether the server is up, and what its words must hold.
type End = (&'static str, &'static str, i32, Option<&'static str>, bool, &'static [&'static str]);

const ENDS: &[End] = &[
    ("port-taken", "", 6, Some("restart.port_in_use"), false, &["443", "nginx (128)", "sudo ss -ltnp"]),
    (
        "database-loops",
        "",
        6,
        Some("restart.container_ended"),
        false,
        &["mssql (139), identity, api, admin", "fatal error", "docker logs --tail 100 bitwarden-mssql"],
    ),
    ("false-alarm", "", 0, None, true, &[]),
    (
        "helper-in-the-way",
        "",
        0,
        Some("restart.script_failed"),
        true,
        &["/setup", "125", "docker rm -f setup"],
    ),
    (
        "stopped-by-setting",
        "",
        5,
        Some("env.invalid_value"),
        true,
        &["globalSettings__enableCloudCommunication"],
    ),
    ("server-down-after-restart", "", 6, Some("restart.pull_failed"), false, &["no such host"]),
    ("pull-fails", "--no-pull", 0, None, true, &[]),
];

#[test]
fn words_json_and_exit_code_of_an_end_never_contradict_each_other() {
    for (scenario, option, exit, cause, up, evidence) in ENDS {
        let words: Vec<&str> =
            ["apply", "--yes", option].into_iter().filter(|word| !word.is_empty()).collect();
        let output = demo(scenario, &[&words[..], &["--json"]].concat());
        let object = json(&output);
        let name = format!("{scenario}: {object}");
        assert_eq!(output.status.code(), Some(*exit), "{name}");
        assert_eq!(object["conclusion"]["cause"].as_str(), *cause, "{name}");
        assert_eq!(
            (&object["ok"], &object["restart"]["up"]),
            (&Value::from(*exit == 0), &Value::from(*up)),
            "{name}"
        );
        assert_eq!(object["restart"]["ran"], true, "{name}");
        let changed: Vec<_> =
            object["changed"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert!(changed.contains(&"restart"), "{name}");
        let put_back = *cause == Some("env.invalid_value");
        assert_eq!(changed.contains(&"settings"), !put_back, "{name}");
        assert_eq!(object["proved"] == true, *exit == 0, "{name}");
        let output = demo(scenario, &words);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(*exit), "{said}");
        let says = |text: &str| said.contains(text);
        assert_eq!(says("does not answer."), !up, "{scenario}: {said}");
        assert_eq!(says("The server answers."), *up && *exit == 5, "{scenario}: {said}");
        assert_eq!(says("the running server has them"), *exit == 0, "{scenario}: {said}");
        assert_eq!(says("The old settings file is back"), put_back, "{scenario}: {said}");
        assert_eq!(says("stays as it was written"), *exit != 0 && !put_back, "{scenario}: {said}");
        assert!(cause.is_none_or(says), "{scenario}: {said}");
        for value in *evidence {
            assert!(says(value), "{scenario}: {value}: {said}");
        }
        // What mends it follows what is told.
        assert_eq!(says("bwsync undo --yes --restart"), *exit == 6, "{scenario}: {said}");
        assert_eq!(says(" up -d"), !up, "{scenario}: {said}");
    }
}

/// A simulated installation, and bwsync on it as on a real one: nothing is a demo but the server.
struct Bed {
    running: Running,
    before: Vec<u8>,
    /// Whether the server's name leads to it.
    named: bool,
}

impl Bed {
    fn new(config: impl Fn(&str) -> String, named: bool) -> Self {
        let running = simulator::start("helper-in-the-way").unwrap();
        let path = running.dir.join("bwdata/config.yml");
        let text = fs::read_to_string(&path).unwrap();
        let text = config(&text);
        fs::write(path, text).unwrap();
        let before = fs::read(running.env_file()).unwrap();
        Self { running, before, named }
    }

    fn run(&self, words: &[&str]) -> (Option<i32>, Value) {
        let output = self.output(&[words, &["--json"]].concat());
        (output.status.code(), json(&output))
    }

    fn output(&self, words: &[&str]) -> Output {
        let own = |mapping: &&str| self.named || !mapping.starts_with("vault.example.org:");
        let mappings: Vec<&str> = self.running.connect_to.split(',').filter(own).collect();
        Command::new(env!("CARGO_BIN_EXE_bwsync"))
            .args(words)
            .args(["--accept-risk", "root-installation", "--lang", "en"])
            .envs(self.running.environment())
            .env("BWSYNC_CONNECT_TO", mappings.join(","))
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// The port of the simulated server.
    fn port(&self) -> u16 {
        let mapping = self
            .running
            .connect_to
            .split(',')
            .find(|mapping| mapping.starts_with("vault.example.org:"))
            .unwrap();
        mapping.rsplit(':').next().unwrap().parse().unwrap()
    }

    fn set_port(&self, port: &str) {
        let path = self.running.dir.join("bwdata/config.yml");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(path, text.replace("https_port: 443", &format!("https_port: {port}"))).unwrap();
    }

    fn is_untouched(&self) -> bool {
        let calls = fs::read_to_string(self.running.dir.join(".simulator/calls")).unwrap_or_default();
        let down =
            calls.lines().any(|call| call == "down" || call.ends_with(" up -d") || call.ends_with(" pull"));
        fs::read(self.running.env_file()).unwrap() == self.before && !down
    }
}

#[test]
fn an_address_that_cannot_be_asked_is_refused_before_anything_is_written() {
    let nowhere = |url: &'static str| {
        move |text: &str| {
            text.replace("url: https://vault.example.org", url)
                .replace("http_port: 80", "http_port:")
                .replace("https_port: 443", "https_port:")
        }
    };
    for (url, reason) in [
        ("url: http://vault.example.org", "it is plain http"),
        ("url: ftp://vault.example.org", "it is no web address"),
        ("url:", "it has no host name"),
        ("url: vault.example.org", "it has no host name"),
    ] {
        let bed = Bed::new(nowhere(url), true);
        for words in [&["apply", "--yes"][..], &["apply", "--yes", "--no-pull"]] {
            let (code, object) = bed.run(words);
            assert_eq!(
                (code, object["conclusion"]["cause"].as_str()),
                (Some(3), Some("config.bad_url")),
                "{object}"
            );
            let said = String::from_utf8_lossy(&bed.output(words).stdout).into_owned();
            for part in [reason, "config.yml", "--server https://", "--no-restart"] {
                assert!(said.contains(part), "{url}: {part}: {said}");
            }
            assert!(bed.is_untouched(), "{url}: {words:?}");
        }
        // The way on that is named.
        let (code, object) = bed.run(&["apply", "--yes", "--no-restart"]);
        assert_eq!(code, Some(0), "{object}");
        let (code, object) = bed.run(&["undo", "--yes", "--restart"]);
        assert_eq!(
            (code, object["conclusion"]["cause"].as_str()),
            (Some(3), Some("config.bad_url")),
            "{object}"
        );
        let (code, object) = bed.run(&["undo", "--yes"]);
        assert_eq!(code, Some(0), "{object}");
        assert!(bed.is_untouched(), "{url}");
    }
}

#[test]
fn without_a_certificate_the_published_port_is_asked_in_plain_on_this_machine() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut line = String::new();
            let mut reader = BufReader::new(stream.try_clone().unwrap());
            reader.read_line(&mut line).unwrap();
            let mut head = String::new();
            while reader.read_line(&mut head).unwrap() > 2 {
                head.clear();
            }
            let body = match line.split(' ').nth(1) {
                Some("/api/alive") => "\"2026-11-30T12:00:00.1234567Z\"",
                Some("/identity/.well-known/openid-configuration") => "{\"issuer\":\"http://localhost\"}",
                _ => "",
            };
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
            write!(stream, "{head}Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        }
    });
    let plain = format!("http_port: {port}");
    let front = |text: &str| text.replace("ssl: true", "ssl: false").replace("http_port: 80", &plain);
    let none = |text: &str| front(text).replace("url: https:", "url: http:");
    // Behind a web server of their own, which has the certificate, or with none at all.
    for (bed, name) in [(Bed::new(front, false), "in front"), (Bed::new(none, true), "none")] {
        let (code, object) = bed.run(&["apply", "--yes"]);
        assert_eq!((code, object["ok"].as_bool()), (Some(0), Some(true)), "{name}: {object}");
        assert_eq!(
            (&object["restart"]["up"], &object["proved"]),
            (&true.into(), &true.into()),
            "{name}: {object}"
        );
    }
}

#[test]
fn a_name_that_leads_nowhere_is_a_reason_to_ask_the_port_and_else_nobody_saw_it() {
    let bed = Bed::new(str::to_owned, false);
    bed.set_port(&bed.port().to_string());
    let (code, object) = bed.run(&["apply", "--yes"]);
    assert_eq!((code, &object["restart"]["up"]), (Some(0), &true.into()), "{object}");

    // Nothing is published here: the containers run, and nobody hears whether the server answers.
    let bed = Bed::new(str::to_owned, false);
    bed.set_port("");
    let (code, object) = bed.run(&["apply", "--yes"]);
    assert_eq!((code, object["ok"].as_bool()), (Some(8), Some(false)), "{object}");
    assert!(object["restart"]["up"].is_null(), "{object}");
    let conclusion = &object["conclusion"];
    assert_eq!(
        (&conclusion["cause"], &conclusion["severity"]),
        (&"server.not_seen".into(), &"unknown".into())
    );
    assert_eq!(object["changed"], serde_json::json!(["settings", "restart"]), "{object}");
    // What nobody saw is not called good later on either: the restart counts as pending until it was.
    let said = String::from_utf8_lossy(&bed.output(&["undo", "--yes", "--restart"]).stdout).into_owned();
    assert!(said.contains("was not seen") && said.contains("api (healthy)"), "{said}");
    assert!(!said.contains("answers.") && said.contains("server.not_seen"), "{said}");
    // Nobody saw it down, and what was taken back does not stay.
    assert!(said.contains("Where it does not answer") && !said.contains("First start it"), "{said}");
    assert!(
        said.contains("The old settings are back") && !said.contains("stays as it was written"),
        "{said}"
    );
}
