//! What was found, in words: the sentence, the facts with their labels; and why a request ended where that is no
//! cause of the catalogue.

use super::Mark;
use crate::{
    domain::{
        check::{Cause, Evidence, Finding},
        exit::Exit,
        request::{Problem, RegionBy},
    },
    steps,
    text::Texts,
};

/// The sentence of a finding.
pub fn title(texts: &Texts, finding: &Finding) -> String {
    let code = finding.cause.code();
    let text = texts.fill("cause", code, finding.evidence.iter()).unwrap_or_else(|| code.to_owned());
    // Which of the hosts it was is half of the answer.
    match finding.evidence.get("host").filter(|_| finding.cause.is_of_the_way()) {
        Some(host) => format!("{host}: {text}"),
        None => text,
    }
}

/// The facts that tell something, label and value, in the order in which they are read.
pub fn facts(texts: &Texts, evidence: &Evidence, cause: Option<Cause>) -> Vec<(String, String)> {
    let mut facts: Vec<_> =
        evidence.iter().filter(|(name, value)| steps::tells(evidence, name, value)).collect();
    facts.sort_by_key(|(name, _)| Evidence::place(name));
    let words = |(name, value)| (label(texts, name, cause), self::value(texts, name, value, cause));
    facts.into_iter().map(words).collect()
}

/// A fact's label; some facts mean something of their own under a cause, or under all causes of an area.
fn label(texts: &Texts, name: &str, cause: Option<Cause>) -> String {
    under(texts, cause, "evidence", name).unwrap_or_else(|| name.replace('_', " "))
}

/// A fact's value; codes among them have words.
fn value(texts: &Texts, name: &str, value: &str, cause: Option<Cause>) -> String {
    let family = match name {
        "value" if cause == Some(Cause::TokenWrongKind) => "other",
        "reason" | "note" => "reason",
        "errno" => return system_error(value),
        _ => return value.to_owned(),
    };
    under(texts, cause, family, &value.replace(' ', "_")).unwrap_or_else(|| value.to_owned())
}

/// The text for a code as it is under this cause, else under its area, else as it is anywhere.
fn under(texts: &Texts, cause: Option<Cause>, family: &str, code: &str) -> Option<String> {
    let area = |cause: &'static str| cause.split('.').next().unwrap_or(cause);
    cause
        .map(Cause::code)
        .and_then(|cause| {
            [cause, area(cause)]
                .into_iter()
                .find_map(|under| texts.by_code(family, &format!("{code}.{under}")))
        })
        .or_else(|| texts.by_code(family, code))
}

/// An error number with this system's words for it.
fn system_error(number: &str) -> String {
    match number.parse() {
        Ok(code) => std::io::Error::from_raw_os_error(code).to_string(),
        Err(_) => number.to_owned(),
    }
}

/// The sentence of a problem.
pub fn problem(texts: &Texts, problem: &Problem) -> String {
    let choices;
    let (name, value) = match problem {
        Problem::OrganizationOpen { choices: known } => {
            choices = known.join(", ");
            ("choices", choices.as_str())
        }
        Problem::RegionContradicted { concluded, .. } => ("region", concluded.setting()),
        Problem::Locked { holder, .. } => ("holder", holder.as_str()),
        Problem::Unexpected(chain) => ("chain", chain.as_str()),
        _ => ("", ""),
    };
    let code = match problem {
        Problem::RegionContradicted { by: RegionBy::File | RegionBy::Option, .. } => {
            "region_contradicted_by_file"
        }
        other => other.code(),
    };
    texts.fill("problem", code, [(name, value)]).unwrap_or_else(|| code.to_owned())
}

/// The mark of a request that ended so: what could not be asked or was not heard is no failure.
pub fn of_exit(exit: Exit) -> Mark {
    match exit {
        Exit::Good | Exit::WouldChange => Mark::Good,
        Exit::CouldNotAsk | Exit::TimedOut => Mark::Unknown,
        _ => Mark::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    fn texts() -> Texts {
        Texts::new(Language::En)
    }

    #[test]
    fn the_host_is_named_where_it_is_of_the_way() {
        let finding = Finding::new(Cause::TcpRefused).with("host", "identity.bitwarden.com");
        assert_eq!(title(&texts(), &finding), "identity.bitwarden.com: The connection is refused.");
        let finding = Finding::new(Cause::LoginApiKeyRejected).with("host", "vault.example.org");
        assert_eq!(title(&texts(), &finding), "The self-hosted server rejects this API key.");
    }

    #[test]
    fn a_fact_may_mean_something_of_its_own_under_a_cause_or_an_area() {
        let evidence = |cause| Finding::new(cause).with("status", "1").with("candidates", "api").evidence;
        let facts = |cause| facts(&texts(), &evidence(cause), Some(cause));
        let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        assert_eq!(
            facts(Cause::RestartComposeFailed),
            [pair("Exit code", "1"), pair("Part of the server", "api")]
        );
        assert_eq!(
            facts(Cause::TlsNameMismatch),
            [pair("HTTP status", "1"), pair("Valid for", "api")],
            "a cause's own label wins"
        );
        assert_eq!(
            facts(Cause::ServerDown)[1],
            pair("Part of the server", "api"),
            "one text may stand for another"
        );
    }

    #[test]
    fn a_problem_names_what_it_is_about() {
        let choices = vec!["a (Acme)".to_owned(), "b".to_owned()];
        let said = problem(&texts(), &Problem::OrganizationOpen { choices });
        assert!(said.ends_with("a (Acme), b"), "{said}");
    }
}
