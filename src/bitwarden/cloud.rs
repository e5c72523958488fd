//! The cloud of one region: what bwsync asks it, as the genuine self-hosted server does.

use url::Url;

use super::wire;
use crate::{
    domain::{
        answers::{self, Bearer, LicenseAnswer},
        check::{AdviceCode, Cause, Finding},
        license::License,
        region::{CloudHost, Lookup, Region},
        secret::Secret,
    },
    net::{Call, Net},
};

/// All that an installation may ask for, in one go: the cloud counts these questions (design §9).
const SCOPES: &str = "api.push api.licensing api.installation";

/// The identity and api of one region.
#[derive(Clone)]
pub struct Cloud {
    net: Net,
    identity: Option<Url>,
    api: Option<Url>,
}

impl Cloud {
    /// The cloud of this region under its genuine names.
    pub fn new(net: Net, region: Region) -> Self {
        let url = |host| Url::parse(&region.url(host)).ok();
        Self { net, identity: url(CloudHost::Identity), api: url(CloudHost::Api) }
    }

    /// A cloud at other addresses: self-chosen hosts, and tests on loopback.
    pub fn at(net: Net, identity: Url, api: Url) -> Self {
        Self { net, identity: Some(identity), api: Some(api) }
    }

    /// Whether the cloud knows this installation; no secret is needed (`bitwarden.md` §0-2).
    ///
    /// # Errors
    /// As [`answers::installation`], or what kept it from an answer.
    pub async fn installation(&self, id: &str) -> Result<Lookup, Finding> {
        let url = address(self.api.as_ref(), &["installations", id])?;
        let reply = self.net.send(json_call(Call::get(url.clone()))).await?;
        answers::installation(&wire::answer(&reply)).map_err(|finding| wire::told(finding, &url, &[]))
    }

    /// Signs the installation in for all scopes: ask once a run, the cloud allows ten a minute for the whole
    /// address (`bitwarden.md` §0-12).
    ///
    /// # Errors
    /// As [`answers::installation_token`], or what kept it from an answer.
    pub async fn sign_in(&self, id: &str, key: &Secret) -> Result<Bearer, Finding> {
        let url = address(self.identity.as_ref(), &["connect", "token"])?;
        let form = vec![
            ("grant_type", Secret::new("client_credentials")),
            ("scope", Secret::new(SCOPES)),
            ("client_id", Secret::new(format!("installation.{}", id.trim()))),
            ("client_secret", key.clone()),
        ];
        let reply = self.net.send(json_call(Call::post(url.clone())).form(form)).await?;
        answers::installation_token(&wire::answer(&reply))
            .map_err(|finding| wire::told(finding, &url, &[key]))
    }

    /// Asks for the license: with a token whether the cloud accepts it, without one whether all else is right
    /// (design §9). The document that a good token brings is dropped here.
    ///
    /// # Errors
    /// As [`answers::license_question`], or what kept it from an answer. `token.never_generated` was confirmed
    /// by asking again with an empty key.
    pub async fn license(
        &self,
        bearer: &Bearer,
        license: &License,
        token: Option<&Secret>,
    ) -> Result<LicenseAnswer, Finding> {
        let token = token.map(Secret::trimmed);
        let finding = match self.ask(bearer, license, token.as_ref()).await {
            Err(finding) if finding.cause == Cause::TokenNeverGenerated => finding,
            other => return other,
        };
        match self.ask(bearer, license, None).await {
            Ok(LicenseAnswer::AllButToken) => Err(finding),
            Ok(LicenseAnswer::Accepted { .. }) => {
                Err(finding.renamed(Cause::HttpServerError).advise(AdviceCode::WaitAndRetry))
            }
            Err(other) => Err(other),
        }
    }

    async fn ask(
        &self,
        bearer: &Bearer,
        license: &License,
        token: Option<&Secret>,
    ) -> Result<LicenseAnswer, Finding> {
        let url = address(self.api.as_ref(), &["licenses", "organization", &license.cloud_id])?;
        let call = json_call(Call::get(url.clone()))
            .bearer(bearer.access_token.clone())
            .json(wire::license_question(&license.license_key, token)?, true);
        let reply = self.net.send(call).await?;
        let mut secrets = vec![&bearer.access_token, &license.license_key];
        secrets.extend(token);
        answers::license_question(&wire::answer(&reply), token.is_none())
            .map_err(|finding| wire::told(finding, &url, &secrets))
    }
}

fn json_call(call: Call) -> Call {
    call.header("accept", "application/json")
}

fn address(base: Option<&Url>, segments: &[&str]) -> Result<Url, Finding> {
    wire::address(base.ok_or_else(wire::bad_address)?, segments)
}
