//! What has to be the same in a recorded answer and a simulated one.

use bwsync::tested::simulator::message::Answer;
use serde_json::Value;

use super::world::Found;

/// Headers that say something; the others belong to the socket.
const HEADERS: [&str; 3] = ["content-type", "www-authenticate", "allow"];

/// Everything in which they differ.
pub fn differences(exchange: &Value, found: &Found) -> Vec<String> {
    let recorded = &exchange["response"];
    let mut faults = Vec::new();
    let answer = &found.answer;
    if recorded["status"].as_u64() != Some(u64::from(answer.status)) {
        faults.push(format!("status {} is {}: {:?}", recorded["status"], answer.status, answer.body));
        return faults;
    }
    for name in HEADERS {
        let (wanted, is) = (recorded["headers"][name].as_str(), header(answer, name));
        // A HEAD has no body here, but keeps the media type in the recording.
        if wanted.map(words) != is.map(words) {
            faults.push(format!("{name} {wanted:?} is {is:?}"));
        }
    }
    body(&recorded["body"], &answer.value(), "body", &mut faults);
    log(exchange, &found.log, &mut faults);
    stored(exchange, found, &mut faults);
    faults
}

fn header<'a>(answer: &'a Answer, name: &str) -> Option<&'a str> {
    answer.headers.iter().find(|(key, _)| *key == name).map(|(_, value)| value.as_str())
}

fn body(wanted: &Value, is: &Value, at: &str, faults: &mut Vec<String>) {
    match (wanted, is) {
        (Value::Object(wanted), Value::Object(is)) => {
            for key in wanted.keys().chain(is.keys()) {
                if !(wanted.contains_key(key) && is.contains_key(key)) {
                    faults.push(format!("{at}.{key} is there on one side only"));
                }
            }
            for (key, wanted) in wanted {
                if let Some(is) = is.get(key) {
                    body(wanted, is, &format!("{at}.{key}"), faults);
                }
            }
        }
        (Value::Array(wanted), Value::Array(is)) => {
            for (wanted, is) in wanted.iter().zip(is) {
                body(wanted, is, &format!("{at}[]"), faults);
            }
        }
        (Value::String(wanted), Value::String(is)) => {
            let spoken = at.ends_with(".message") || at.contains(".validationErrors");
            if spoken && words(wanted) != words(is) {
                faults.push(format!("{at} {wanted:?} is {is:?}"));
            }
        }
        (Value::Bool(_), Value::Bool(_)) | (Value::Number(_), Value::Number(_)) if wanted != is => {
            faults.push(format!("{at} {wanted} is {is}"));
        }
        _ if std::mem::discriminant(wanted) != std::mem::discriminant(is) => {
            faults.push(format!("{at} {wanted} is {is}"));
        }
        _ => {}
    }
}

/// A sentence without what differs from run to run: numbers, and everything behind the list of keys tried.
fn words(text: &str) -> String {
    let text = text.split(" Keys tried:").next().unwrap_or_default();
    let mut words = String::new();
    for character in text.chars() {
        // AM and PM follow the clock.
        let character = if character == 'P' { 'A' } else { character };
        if !character.is_ascii_digit() {
            words.push(character);
        } else if !words.ends_with('#') {
            words.push('#');
        }
    }
    words
}

/// The template hashes of the entries, in order.
fn log(exchange: &Value, text: &str, faults: &mut Vec<String>) {
    let Some(recorded) = exchange["log"].as_array() else { return };
    let entries: Vec<_> = recorded.iter().filter_map(Value::as_str).collect();
    let entries = entries.join("\n");
    let (wanted, is) = (hashes(&entries), hashes(text));
    if wanted != is {
        faults.push(format!("log {wanted:?} is {is:?}"));
    }
}

fn hashes(text: &str) -> Vec<&str> {
    let hash = |line: &'_ str| -> Option<(usize, usize)> {
        let open = line.rfind(" (")? + 2;
        let inner = line.get(open..)?.strip_suffix(')')?;
        (inner.len() == 8 && inner.chars().all(|c| c.is_ascii_hexdigit())).then_some((open, open + 8))
    };
    text.lines().filter_map(|line| hash(line).map(|(from, to)| &line[from..to])).collect()
}

/// The license file has the recorded names in their order; the connection its sync time.
fn stored(exchange: &Value, found: &Found, faults: &mut Vec<String>) {
    let after = &exchange["stored_after"];
    if let Some(text) = after["license_file"]["text"].as_str() {
        let names = |text: &str| -> Vec<String> {
            text.lines().filter_map(|line| line.split_once("\": ")).map(|(name, _)| name.to_owned()).collect()
        };
        let is = found.license.clone().unwrap_or_default();
        if names(text) != names(&is) || text.ends_with('\n') != is.ends_with('\n') {
            faults.push(format!("license file {is}"));
        }
    }
    let rows = after.get("connections").unwrap_or(after);
    let Some(config) = rows[0]["Config"].as_object() else { return };
    let is: Value = serde_json::from_str(found.connections[0].config.as_deref().unwrap()).unwrap();
    body(&Value::Object(config.clone()), &is, "stored", faults);
}
