//! A region's identity: signs installations and people in, and describes itself (`identity-*.json`).

use serde_json::{Value, json};

use super::{
    super::{
        jwt::Signer,
        message::{Answer, Asked},
        token_request::{self, TokenRequest},
    },
    CloudState, Standing, TOKEN_SECONDS, api,
};
use crate::domain::region::Region;

/// What an installation may ask for.
const SCOPES: [&str; 3] = ["api.installation", "api.licensing", "api.push"];

/// Answers one request; paths are read without regard to case, and `/connect/token/` is none of them.
pub(super) fn answer(state: &CloudState, region: Region, asked: &Asked) -> Answer {
    let signer = state.signer(region);
    if let Some(answer) = documents(signer, "", asked) {
        return answer;
    }
    if asked.path.eq_ignore_ascii_case("/connect/token") {
        return match token_request::read(asked) {
            Ok(request) => token(state, region, &request),
            Err(refusal) => refusal,
        };
    }
    api::alive(asked, state.now()).or_else(|| api::version(asked)).unwrap_or_else(|| Answer::empty(404))
}

fn token(state: &CloudState, region: Region, request: &TokenRequest) -> Answer {
    if let Some(id) = request.client_id.strip_prefix("installation.") {
        return installation_token(state, region, id, request);
    }
    state.accounts(region).token(request, state.signer(region), state.now())
}

fn installation_token(state: &CloudState, region: Region, id: &str, request: &TokenRequest) -> Answer {
    let row = state.tables(region, |tables| tables.installation(id).cloned());
    let Some(row) = row.filter(|row| row.standing != Standing::Disabled) else {
        return token_request::refuse("invalid_client");
    };
    if row.standing == Standing::LookupFails {
        return Answer::empty(500);
    }
    if row.key != request.client_secret {
        return token_request::refuse("invalid_client");
    }
    match token_request::scopes(&request.form, &SCOPES) {
        Ok(scopes) => {
            let names: Vec<&str> = scopes.iter().map(String::as_str).collect();
            let token = state.installation_token(region, &row.id, &names);
            token_request::grant(token, TOKEN_SECONDS, &scopes, Vec::new())
        }
        Err(refusal) => refusal,
    }
}

/// The discovery document and the keys of an identity that stands below `base` (empty in the cloud).
pub(crate) fn documents(signer: &Signer, base: &str, asked: &Asked) -> Option<Answer> {
    let path = asked.path.strip_prefix(base)?.to_ascii_lowercase();
    let rest = path.strip_prefix("/.well-known/openid-configuration")?;
    let body = match rest {
        "" => discovery(signer.issuer()),
        "/jwks" => keys(signer),
        _ => return None,
    };
    if asked.method.as_str() == "GET" {
        let text = body.to_string();
        Some(Answer::text(200, "application/json; charset=UTF-8", text))
    } else {
        Some(Answer::empty(405))
    }
}

fn keys(signer: &Signer) -> Value {
    json!({ "keys": [{
        "kty": "RSA", "use": "sig", "kid": signer.kid(), "x5t": signer.thumbprint(), "e": "AQAB",
        "n": signer.thumbprint(), "x5c": [signer.thumbprint()], "alg": "RS256",
    }] })
}

/// `identity-misc.json`, discovery-cloud-us.
fn discovery(issuer: &str) -> Value {
    let algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    json!({
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/openid-configuration/jwks"),
        "authorization_endpoint": format!("{issuer}/connect/authorize"),
        "token_endpoint": format!("{issuer}/connect/token"),
        "device_authorization_endpoint": format!("{issuer}/connect/deviceauthorization"),
        "backchannel_authentication_endpoint": format!("{issuer}/connect/ciba"),
        "scopes_supported": [
            "api", "api.push", "api.licensing", "api.organization", "api.installation", "internal",
            "api.secrets", "api.send.access", "offline_access",
        ],
        "claims_supported": [
            "name", "email", "email_verified", "sstamp", "premium", "device", "devicetype", "orgowner",
            "orgadmin", "orguser", "orgcustom", "providerprovideradmin", "providerserviceuser",
            "accesssecretsmanager", "accesspam", "sub", "send_id", "organization",
        ],
        "grant_types_supported": [
            "authorization_code", "client_credentials", "refresh_token", "implicit", "password",
            "urn:ietf:params:oauth:grant-type:device_code", "urn:openid:params:grant-type:ciba",
            "webauthn", "send_access",
        ],
        "response_types_supported": [
            "code", "token", "id_token", "id_token token", "code id_token", "code token",
            "code id_token token",
        ],
        "response_modes_supported": ["form_post", "query", "fragment"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "subject_types_supported": ["public"],
        "code_challenge_methods_supported": ["plain", "S256"],
        "request_parameter_supported": true,
        "request_object_signing_alg_values_supported": algorithms,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_token_delivery_modes_supported": ["poll"],
        "backchannel_user_code_parameter_supported": true,
        "dpop_signing_alg_values_supported": algorithms,
    })
}
