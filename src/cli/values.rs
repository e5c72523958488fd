//! Values on the command line and in the variables: text in, the type of the domain or a plain reason out.

use std::{
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use url::{Host, Url};

use crate::{
    domain::{
        check::{Side, Stage, Target},
        guid::is_guid,
        region::Region,
        request::{Mapping, Risk},
    },
    text::Language,
};

/// The longest `--timeout`: a day. More is a slip of the finger.
const LONGEST_TIMEOUT: u64 = 86_400;

/// `--region`: `us` or `eu`, in any case.
pub fn region(text: &str) -> Result<Region, String> {
    Region::parse(text).ok_or_else(|| "the region is us or eu".to_owned())
}

/// `--org`: a GUID; which of the two it is, the license files tell.
pub fn organization(text: &str) -> Result<String, String> {
    let text = text.trim();
    if is_guid(text) {
        Ok(text.to_owned())
    } else {
        Err("an organization's id looks like 0f5b7f0e-9d0a-4c55-8a51-b1e500f2c3d4".to_owned())
    }
}

/// `--only`, `--skip`: a check's id or its beginning up to a dot. A word that no check has is a slip, and must not
/// read as "nothing is wrong".
pub fn check(text: &str) -> Result<String, String> {
    let known: [Vec<&str>; 3] = [
        Side::ALL.iter().map(|from| from.word()).collect(),
        Target::ALL.iter().map(|target| target.word()).collect(),
        Stage::ALL.iter().map(|stage| stage.word()).collect(),
    ];
    let text = text.trim();
    let words: Vec<_> = text.split('.').collect();
    if words.len() > known.len() {
        return Err("an id has three words: from.target.stage".to_owned());
    }
    match words.iter().zip(&known).find(|(word, known)| !known.contains(word)) {
        None => Ok(text.to_owned()),
        Some((_, known)) => Err(format!("there is {}", known.join(", "))),
    }
}

/// `--accept-risk`: one of four names; there is no "all" on purpose.
pub fn risk(text: &str) -> Result<Risk, String> {
    Risk::ALL.into_iter().find(|risk| risk.name() == text).ok_or_else(|| {
        let names: Vec<_> = Risk::ALL.iter().map(|risk| risk.name()).collect();
        format!("the risks are {}", names.join(", "))
    })
}

/// `--timeout`: whole seconds, at least one.
pub fn timeout(text: &str) -> Result<Duration, String> {
    match text.trim().parse::<u64>() {
        Ok(seconds) if (1..=LONGEST_TIMEOUT).contains(&seconds) => Ok(Duration::from_secs(seconds)),
        _ => Err(format!("whole seconds, from 1 to {LONGEST_TIMEOUT}")),
    }
}

/// `--lang`: a language that is spoken here.
pub fn language(text: &str) -> Result<String, String> {
    match Language::parse(text) {
        Some(language) => Ok(language.code().to_owned()),
        None => {
            let codes: Vec<_> = Language::ALL.iter().map(|language| language.code()).collect();
            Err(format!("the languages are {}", codes.join(", ")))
        }
    }
}

/// `--server`: `https`, or `http` on loopback only, where nobody listens in between.
pub fn server(text: &str) -> Result<Url, String> {
    let url = Url::parse(text.trim()).map_err(|_| "an address begins with https://".to_owned())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("an address must not hold a user name or password".to_owned());
    }
    match (url.scheme(), url.host()) {
        ("https", Some(_)) => Ok(url),
        ("http", Some(host)) if is_loopback(&host) => Ok(url),
        ("http", _) => Err("plain http is taken for this machine only (127.0.0.1, localhost)".to_owned()),
        _ => Err("an address begins with https://".to_owned()),
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(name) => name.eq_ignore_ascii_case("localhost"),
    }
}

/// `--connect-to HOST:PORT=ADDR:PORT`, an IPv6 address in brackets.
pub fn mapping(text: &str) -> Result<Mapping, String> {
    const FORM: &str = "the form is HOST:PORT=ADDR:PORT, as in api.bitwarden.com:443=127.0.0.1:8443";
    let (from, to) = text.trim().split_once('=').ok_or(FORM)?;
    let (host, port) = from.rsplit_once(':').ok_or(FORM)?;
    let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let known = Host::parse(&host).is_ok() || host.parse::<IpAddr>().is_ok();
    if !known {
        return Err(format!("{FORM}; HOST is no name"));
    }
    let port = port.parse().ok().filter(|port| *port != 0).ok_or(format!("{FORM}; PORT is 1 to 65535"))?;
    let to: SocketAddr =
        to.parse().map_err(|_| format!("{FORM}; ADDR is an IP address, [::1] for one of IPv6"))?;
    Ok(Mapping { host, port, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_a_host_and_where_it_is_reached() {
        let read = mapping("API.bitwarden.com:443=127.0.0.1:8443").unwrap();
        assert_eq!(read.host, "api.bitwarden.com");
        assert_eq!((read.port, read.to), (443, "127.0.0.1:8443".parse().unwrap()));
        assert_eq!(mapping("a.b:1=[::1]:2").unwrap().to, "[::1]:2".parse().unwrap());
        for bad in
            ["", "a", "a=b", "a:443", "a:443=b:1", "a:0=127.0.0.1:1", "a:443=127.0.0.1", ":443=127.0.0.1:1"]
        {
            assert!(mapping(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        for good in
            ["https://vault.example.org", "https://x:8443/base", "http://127.0.0.1:80", "http://[::1]/"]
        {
            assert!(server(good).is_ok(), "{good}");
        }
        for bad in ["vault.example.org", "http://vault.example.org", "ftp://x", "https://u:p@x"] {
            assert!(server(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_check_is_named_by_its_id_or_its_beginning() {
        for good in ["machine", "machine.identity", "file.env.syntax"] {
            assert_eq!(check(good).as_deref(), Ok(good));
        }
        for bad in ["", "mashine", "machine.", "machine.identity.tls.more", "identity"] {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn risks_regions_and_times_have_names_and_bounds() {
        assert_eq!(risk("failed-checks"), Ok(Risk::FailedChecks));
        assert!(risk("all").is_err());
        assert_eq!(region("EU"), Ok(Region::Eu));
        assert!(region("gov").is_err());
        assert_eq!(timeout("5"), Ok(Duration::from_secs(5)));
        for bad in ["0", "-1", "1.5", "x", "99999999999999999999"] {
            assert!(timeout(bad).is_err(), "{bad}");
        }
        assert!(organization("acme").is_err());
    }
}
