//! Sends a call and reads its answer. The HTTP crate does the talking; roots, addresses, proxy, redirects and
//! limits are decided here, for one host at a time.

use std::{future, net::SocketAddr, sync::Arc};

use futures_util::stream;
use reqwest::{
    Client, Proxy, RequestBuilder, Response,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{
        AUTHORIZATION, CONTENT_TYPE, DATE, HOST, HeaderMap, HeaderName, HeaderValue, LOCATION, RETRY_AFTER,
        TRANSFER_ENCODING,
    },
    redirect,
};
use rustls::pki_types::ServerName;
use time::{OffsetDateTime, format_description::well_known::Rfc2822};
use tokio::time::{Instant, sleep, timeout_at};
use url::{Url, form_urlencoded};

use super::{Body, Call, CallBody, Method, Net, Origin, Reply, Route, Unanswered, dns, fault, ladder};
use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    request::Mapping,
};

impl Net {
    /// Sends a call and reads the whole answer, whatever its status. Redirects are not followed. A host that
    /// asks for a few seconds of patience gets them, once (`Retry-After`, RFC 9110 §10.2.3).
    ///
    /// # Errors
    /// The exact cause, with evidence: nothing was heard, or not all of it.
    pub async fn send(&self, call: Call) -> Result<Reply, Finding> {
        self.try_send(call).await.map_err(|unanswered| unanswered.finding)
    }

    /// As [`Self::send`], for a call that changes something: where no answer came, it also tells whether the call may
    /// have arrived.
    ///
    /// # Errors
    /// As [`Self::send`].
    pub async fn try_send(&self, call: Call) -> Result<Reply, Unanswered> {
        let again = call.clone();
        let reply = self.send_once(call).await?;
        let Some(wait) = reply.patience() else { return Ok(reply) };
        sleep(wait).await;
        self.send_once(again).await
    }

    async fn send_once(&self, call: Call) -> Result<Reply, Unanswered> {
        let origin = Origin::of(&call.url).map_err(Unanswered::unasked)?;
        if self.is_offline() || !self.reachable_in_demo(&origin.host, origin.port) {
            let finding = origin.finding(Cause::TcpUnreachable).with("reason", "offline");
            return Err(Unanswered::unasked(finding.advise(AdviceCode::Online)));
        }
        let started = Instant::now();
        let until = self.no_later_than(started + call.timeout);
        let route = self.route(&origin);
        let client = self.client(&origin, &route).map_err(Unanswered::unasked)?;
        let request = request(&client, &origin, &route, call).map_err(Unanswered::unasked)?;
        let response = match timeout_at(until, request.send()).await {
            Err(_) => return Err(Unanswered::unheard(fault::timeout(&origin))),
            Ok(Ok(response)) => response,
            Ok(Err(error)) => {
                let left = !(error.is_connect() || error.is_builder());
                let finding = self.explain(error.without_url(), &origin, &route).await;
                return Err(Unanswered { finding, left });
            }
        };
        let address = response.remote_addr();
        let head = head(response.status().as_u16(), response.headers());
        let body = match timeout_at(until, self.read(response)).await {
            Err(_) => return Err(Unanswered::unheard(fault::timeout(&origin))),
            Ok(Ok(read)) => read,
            Ok(Err(error)) => {
                return Err(Unanswered::unheard(self.explain(error.without_url(), &origin, &route).await));
            }
        };
        Ok(Reply { address, body, took: started.elapsed(), ..head })
    }

    /// The same transport, bound to the very address from which this host gave this answer: what is sent to it next
    /// goes nowhere else, whatever its name means by then. Through a proxy it is the proxy that chooses, as it did.
    pub fn bound_to(&self, url: &Url, reply: &Reply) -> Self {
        let Ok(origin) = Origin::of(url) else { return self.clone() };
        match (self.route(&origin), reply.address) {
            (Route::Direct, Some(to)) => {
                self.with_mapping(Mapping { host: origin.host, port: origin.port, to })
            }
            _ => self.clone(),
        }
    }

    /// The cause of a failed call. Where the error itself does not tell (a proxy's answer, a limit of time
    /// while connecting), the way is walked once more by hand.
    async fn explain(&self, error: reqwest::Error, origin: &Origin, route: &Route) -> Finding {
        let proxied = matches!(route, Route::Proxy(_));
        let found = match error.is_connect() {
            true if proxied => None,
            true => fault::find_before_tls(&error, origin),
            false => fault::find(&error, origin),
        };
        if let Some(finding) = found {
            return match route {
                Route::Mapped(to) => finding.with("address", to.ip().to_string()),
                Route::Direct | Route::Proxy(_) => finding,
            };
        }
        if error.is_connect() {
            // Twice the time of a stage is enough to see which of them hangs.
            let until = self.no_later_than(Instant::now() + self.stage_timeout() * 2);
            return match timeout_at(until, self.walk(origin)).await {
                Ok(Err(finding)) => finding,
                _ => fault::find(&error, origin).unwrap_or_else(|| origin.finding(Cause::TcpTimeout)),
            };
        }
        if error.is_timeout() {
            return fault::timeout(origin);
        }
        origin.finding(Cause::HttpUnexpectedStatus).with("reason", "broken_answer")
    }

    /// The client for one host: kept, so that it is built once.
    fn client(&self, origin: &Origin, route: &Route) -> Result<Client, Finding> {
        if let Some(client) = self.known_client(origin) {
            return Ok(client);
        }
        let client = self.build_client(origin, route)?;
        self.keep_client(origin.clone(), client.clone());
        Ok(client)
    }

    fn build_client(&self, origin: &Origin, route: &Route) -> Result<Client, Finding> {
        let broken = || origin.finding(Cause::TlsHandshake).with("reason", "client");
        let resolver = Resolver { net: self.clone(), to: mapped_to(route) };
        let mut builder = Client::builder()
            .http1_only()
            .redirect(redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .user_agent(self.user_agent())
            .connect_timeout(self.stage_timeout())
            // A kept connection may be closed by the other side just while a token is sent on it: then nobody
            // knows whether it arrived. Calls are few, so each has its own.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(resolver));
        let mut config = (*self.tls_config()).clone();
        // An address in the URL is never looked up, so a mapped one is replaced there: its certificate is
        // still checked for the name that was asked for.
        if let (Route::Mapped(_), Some(literal)) = (route, origin.literal()) {
            config = self.trust().config_for(ServerName::from(literal))?;
        }
        builder = builder.tls_backend_preconfigured(config);
        if let Route::Proxy(via) = route {
            if !via.spoken {
                return Err(ladder::unspoken(via, origin));
            }
            let scheme = if via.origin.secure { "https" } else { "http" };
            let mut proxy =
                Proxy::all(format!("{scheme}://{}", via.origin.with_port())).map_err(|_| broken())?;
            if let Some(auth) = &via.auth {
                proxy = proxy.custom_http_auth(auth.clone());
            }
            builder = builder.proxy(proxy);
        }
        builder.build().map_err(|_| broken())
    }

    /// The body, up to the limit.
    async fn read(&self, mut response: Response) -> Result<Body, reqwest::Error> {
        let mut bytes = Vec::new();
        let mut cut = false;
        while let (Some(chunk), false) = (response.chunk().await?, cut) {
            let room = self.max_body().saturating_sub(bytes.len());
            bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
            cut = chunk.len() > room;
        }
        Ok(Body::new(bytes, cut))
    }
}

fn mapped_to(route: &Route) -> Option<SocketAddr> {
    match route {
        Route::Mapped(to) => Some(*to),
        Route::Direct | Route::Proxy(_) => None,
    }
}

fn request(client: &Client, origin: &Origin, route: &Route, call: Call) -> Result<RequestBuilder, Finding> {
    let bad = || origin.finding(Cause::ConfigBadUrl).with("reason", "request");
    let method = match call.method {
        Method::Get => reqwest::Method::GET,
        Method::Post => reqwest::Method::POST,
        Method::Put => reqwest::Method::PUT,
        Method::Delete => reqwest::Method::DELETE,
    };
    let url = reached_at(call.url, origin, route).ok_or_else(bad)?;
    let mut request = client.request(method, url).header(HOST, origin.authority());
    for (name, value) in call.headers {
        let value = HeaderValue::from_str(&value).map_err(|_| bad())?;
        request = request.header(HeaderName::from_static(name), value);
    }
    if let Some(bearer) = call.bearer {
        let mut value = HeaderValue::from_str(&format!("Bearer {}", bearer.expose())).map_err(|_| bad())?;
        value.set_sensitive(true);
        request = request.header(AUTHORIZATION, value);
    }
    Ok(match call.body {
        CallBody::None => request,
        CallBody::Form(fields) => {
            let mut form = form_urlencoded::Serializer::new(String::with_capacity(1024));
            for (name, value) in &fields {
                form.append_pair(name, value.expose());
            }
            request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.finish())
        }
        CallBody::Json { text, chunked } => {
            let request = request.header(CONTENT_TYPE, "application/json; charset=utf-8");
            let bytes = text.expose().as_bytes().to_vec();
            if chunked {
                let whole = stream::once(future::ready(Ok::<_, std::convert::Infallible>(bytes)));
                let body = reqwest::Body::wrap_stream(whole);
                // A GET's body is left out unless the header asks for it.
                request.header(TRANSFER_ENCODING, "chunked").body(body)
            } else {
                request.body(bytes)
            }
        }
    })
}

/// The address to hand to the HTTP crate: a mapping's port (it would otherwise connect to the one in the URL),
/// and a mapping's address where the host is one itself.
fn reached_at(mut url: Url, origin: &Origin, route: &Route) -> Option<Url> {
    url.set_fragment(None);
    let _ = url.set_username("");
    let _ = url.set_password(None);
    if let Route::Mapped(to) = route {
        url.set_port(Some(to.port())).ok()?;
        if origin.literal().is_some() {
            url.set_ip_host(to.ip()).ok()?;
        }
    }
    Some(url)
}

/// An answer's head, without its body yet.
pub(crate) fn head(status: u16, headers: &HeaderMap) -> Reply {
    let text = |name: HeaderName| {
        let value = headers.get(name)?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Reply {
        address: None,
        status,
        content_type: text(CONTENT_TYPE),
        location: text(LOCATION),
        retry_after: text(RETRY_AFTER).and_then(|value| retry_after(&value)),
        date: text(DATE).and_then(|value| http_date(&value)),
        body: Body::default(),
        took: std::time::Duration::ZERO,
    }
}

/// `Date` as RFC 9110 §5.6.7 has it.
fn http_date(text: &str) -> Option<OffsetDateTime> {
    OffsetDateTime::parse(text.trim(), &Rfc2822).ok()
}

/// `Retry-After` (RFC 9110 §10.2.3): seconds, or a date that is turned into seconds from now.
fn retry_after(text: &str) -> Option<u64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let wait = http_date(text)? - OffsetDateTime::now_utc();
    Some(u64::try_from(wait.whole_seconds()).unwrap_or(0))
}

/// Our own lookup under the HTTP crate: mapped hosts without one, limits of time, typed faults.
struct Resolver {
    net: Net,
    to: Option<SocketAddr>,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (to, until) = (self.to, self.net.stage());
        Box::pin(async move {
            let addresses = match to {
                Some(to) => vec![to.ip()],
                None => dns::resolve(name.as_str(), until).await?,
            };
            // The port is taken from the URL.
            Ok(Box::new(ladder::at_port(&addresses, 0).into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_host_is_reached_at_its_port_under_its_name() {
        let url: Url = "https://vault.example:8443/api/x?y=1#z".parse().unwrap();
        let origin = Origin::of(&url).unwrap();
        let to = Route::Mapped("127.0.0.1:4430".parse().unwrap());
        assert_eq!(reached_at(url, &origin, &to).unwrap().as_str(), "https://vault.example:4430/api/x?y=1");
        let url: Url = "https://10.1.2.3/api".parse().unwrap();
        let origin = Origin::of(&url).unwrap();
        assert_eq!(reached_at(url, &origin, &to).unwrap().as_str(), "https://127.0.0.1:4430/api");
    }

    #[test]
    fn dates_and_waits_are_read() {
        let date = http_date("Sat, 21 Nov 2026 23:56:29 GMT").unwrap();
        assert_eq!(date.unix_timestamp(), 1_795_305_389);
        assert_eq!(retry_after(" 56 "), Some(56));
        assert_eq!(retry_after("Sat, 21 Nov 2015 23:56:29 GMT"), Some(0));
        assert_eq!(retry_after("soon"), None);
    }
}
