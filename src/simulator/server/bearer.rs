//! Who asks: the api reads the role from the claims of the bearer, not from the database
//! (`self-connections.json`, get-not-owner).

use serde_json::{Map, Value};
use time::OffsetDateTime;

use super::super::message::{Answer, Asked};
use super::state::ServerState;

/// A caller whose bearer was accepted.
pub struct Caller(Map<String, Value>);

impl Caller {
    /// The caller of a route that wants a user (`scope` `api`).
    ///
    /// # Errors
    /// 401 without a good bearer, 403 with one of another scope; both without a body.
    pub fn of(state: &ServerState, asked: &Asked) -> Result<Self, Answer> {
        let unauthorized = |why: &str| Answer::empty(401).with("www-authenticate", why);
        let bearer = asked.bearer().ok_or_else(|| unauthorized("Bearer"))?;
        let claims = state
            .bearers
            .check(&bearer, OffsetDateTime::now_utc())
            .map_err(|invalid| unauthorized(&invalid.www_authenticate()))?;
        let caller = Self(claims);
        if caller.has("scope", "api") { Ok(caller) } else { Err(Answer::empty(403)) }
    }

    /// Whether the caller owns the organization.
    pub fn owns(&self, organization: &str) -> bool {
        self.has("orgowner", organization)
    }

    /// Whether the caller owns or administers it.
    pub fn administers(&self, organization: &str) -> bool {
        self.owns(organization) || self.has("orgadmin", organization)
    }

    /// A claim is a text or a list of texts.
    fn has(&self, claim: &str, wanted: &str) -> bool {
        let is = |value: &Value| value.as_str().is_some_and(|text| text.eq_ignore_ascii_case(wanted));
        match self.0.get(claim) {
            Some(Value::Array(values)) => values.iter().any(is),
            Some(value) => is(value),
            None => false,
        }
    }
}
