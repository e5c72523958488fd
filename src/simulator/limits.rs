//! How often an address may ask the simulated cloud: fixed windows counted by address, verb and path, as
//! `cloud-rate-limits.json` has them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use time::{Duration, OffsetDateTime};

use super::message::{Answer, iso};

/// Counters kept before those that are over are thrown away.
const MANY: usize = 4096;

/// One rule: how many requests in a window.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    verb: Option<&'static str>,
    path: Option<&'static str>,
    limit: u32,
    seconds: i64,
    period: &'static str,
}

const fn rule(
    verb: Option<&'static str>,
    path: Option<&'static str>,
    limit: u32,
    seconds: i64,
    period: &'static str,
) -> Rule {
    Rule { verb, path, limit, seconds, period }
}

/// The rules of the cloud's api, shortest window first.
pub const API: &[Rule] = &[
    rule(Some("POST"), None, 5, 1, "1s"),
    rule(Some("PUT"), None, 5, 1, "1s"),
    rule(Some("DELETE"), None, 5, 1, "1s"),
    rule(Some("GET"), Some("/alive"), 5, 60, "1m"),
    rule(Some("GET"), None, 200, 60, "1m"),
    rule(Some("POST"), None, 60, 60, "1m"),
    rule(Some("PUT"), None, 60, 60, "1m"),
    rule(Some("DELETE"), None, 60, 60, "1m"),
    rule(Some("POST"), Some("/installations"), 2, 120, "2m"),
];

/// The rules of the cloud's identity, shortest window first.
pub const IDENTITY: &[Rule] = &[
    rule(None, None, 5, 1, "1s"),
    rule(Some("POST"), Some("/connect/token"), 10, 60, "1m"),
    rule(None, None, 60, 60, "1m"),
];

/// What the limiter says to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pass {
    /// No rule is about it.
    Free,
    /// It passes; these are told in its headers.
    Counted {
        /// The longest window's name, as in `1m`.
        period: &'static str,
        /// How many more may follow in it.
        remaining: u32,
        /// When it ends.
        reset: OffsetDateTime,
    },
    /// It is refused.
    Blocked {
        /// The window's name.
        period: &'static str,
        /// Whole seconds until it ends, at least one.
        retry_after: i64,
    },
}

impl Pass {
    /// The refusal, where it is one.
    pub fn refusal(&self) -> Option<Answer> {
        match self {
            Self::Blocked { period, retry_after } => Some(
                Answer::error(429, &format!("Slow down! Too many requests. Try again in {period}."))
                    .with("retry-after", retry_after.to_string()),
            ),
            _ => None,
        }
    }

    /// The answer with the headers that a counted request gets.
    pub fn mark(&self, answer: Answer) -> Answer {
        match self {
            Self::Counted { period, remaining, reset } => answer
                .with("x-rate-limit-limit", *period)
                .with("x-rate-limit-remaining", remaining.to_string())
                .with("x-rate-limit-reset", iso(*reset)),
            _ => answer,
        }
    }
}

type Key = (String, &'static str, String, String);

/// Counts one service's requests.
pub struct Limiter {
    rules: &'static [Rule],
    counters: Mutex<HashMap<Key, (OffsetDateTime, u32)>>,
}

impl Limiter {
    /// A limiter with these rules, shortest window first.
    pub fn new(rules: &'static [Rule]) -> Self {
        Self { rules, counters: Mutex::default() }
    }

    /// Counts one request. A refused one is not added to the longer windows.
    pub fn count(&self, address: &str, verb: &str, path: &str, now: OffsetDateTime) -> Pass {
        let path = path.to_ascii_lowercase();
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() > MANY {
            counters.retain(|_, (from, _)| *from + Duration::minutes(2) > now);
        }
        let mut pass = Pass::Free;
        for rule in self.strictest(verb, &path) {
            let key = (address.to_owned(), rule.period, verb.to_owned(), path.clone());
            let window = Duration::seconds(rule.seconds);
            let counter = counters.entry(key).or_insert((now, 0));
            if counter.0 + window <= now {
                *counter = (now, 0);
            }
            let reset = counter.0 + window;
            if counter.1 >= rule.limit {
                let left = ((reset - now).as_seconds_f64().round() as i64).max(1);
                return Pass::Blocked { period: rule.period, retry_after: left };
            }
            counter.1 += 1;
            pass = Pass::Counted { period: rule.period, remaining: rule.limit - counter.1, reset };
        }
        pass
    }

    /// Of the rules that are about a request, the smallest limit of each window.
    fn strictest(&self, verb: &str, path: &str) -> Vec<Rule> {
        let mut chosen: Vec<Rule> = Vec::new();
        let about = |rule: &&Rule| {
            rule.verb.is_none_or(|wanted| wanted == verb) && rule.path.is_none_or(|wanted| wanted == path)
        };
        for rule in self.rules.iter().filter(about) {
            match chosen.iter_mut().find(|other| other.period == rule.period) {
                Some(other) if rule.limit < other.limit => *other = *rule,
                Some(_) => {}
                None => chosen.push(*rule),
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_eleventh_token_request_of_a_minute_is_refused() {
        let limiter = Limiter::new(IDENTITY);
        let start = OffsetDateTime::now_utc();
        let at = |step: i64| {
            limiter.count("a", "POST", "/Connect/Token", start + Duration::milliseconds(400 * step))
        };
        assert!(matches!(at(0), Pass::Counted { period: "1m", remaining: 9, .. }));
        for step in 1..10 {
            assert!(matches!(at(step), Pass::Counted { .. }), "{step}");
        }
        assert_eq!(at(10), Pass::Blocked { period: "1m", retry_after: 56 });
        let other = limiter.count("b", "POST", "/connect/token", start);
        assert!(matches!(other, Pass::Counted { remaining: 9, .. }));
        let later = limiter.count("a", "POST", "/connect/token", start + Duration::seconds(60));
        assert!(matches!(later, Pass::Counted { remaining: 9, .. }));
    }

    #[test]
    fn the_sixth_of_a_second_is_refused_and_costs_nothing() {
        let limiter = Limiter::new(IDENTITY);
        let now = OffsetDateTime::now_utc();
        for _ in 0..5 {
            assert!(matches!(limiter.count("a", "GET", "/alive", now), Pass::Counted { .. }));
        }
        assert_eq!(limiter.count("a", "GET", "/alive", now), Pass::Blocked { period: "1s", retry_after: 1 });
        let later = limiter.count("a", "GET", "/alive", now + Duration::seconds(2));
        assert!(matches!(later, Pass::Counted { remaining: 54, .. }), "{later:?}");
    }

    #[test]
    fn the_api_limits_what_it_has_rules_for() {
        let limiter = Limiter::new(API);
        let now = OffsetDateTime::now_utc();
        assert_eq!(limiter.count("a", "HEAD", "/alive", now), Pass::Free);
        let alive = |_| limiter.count("a", "GET", "/alive", now);
        assert!((0..5).map(alive).all(|pass| matches!(pass, Pass::Counted { .. })));
        assert_eq!(alive(6), Pass::Blocked { period: "1m", retry_after: 60 });
        let other = limiter.count("a", "GET", "/installations/x", now);
        assert!(matches!(other, Pass::Counted { remaining: 199, .. }));
    }
}
