//! Which language is spoken, when nobody chose one on the screen yet.

use super::Language;

/// The variables that say it, the strongest first (gettext's order).
const VARIABLES: [&str; 4] = ["LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"];

/// `--lang` > `LANGUAGE` > `LC_ALL` > `LC_MESSAGES` > `LANG` > English. `LANGUAGE` is a list, of which the first
/// that is spoken here counts; of the others the first that is set decides, also for a language not spoken here.
pub fn choose(flag: Option<&str>, variable: impl Fn(&str) -> Option<String>) -> Language {
    if let Some(language) = flag.and_then(Language::parse) {
        return language;
    }
    for name in VARIABLES {
        let Some(value) = variable(name).filter(|value| !value.is_empty()) else { continue };
        if let Some(language) = value.split(':').find_map(Language::parse) {
            return language;
        }
        if name != "LANGUAGE" {
            return Language::default();
        }
    }
    Language::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_that_is_set_decides() {
        type Case = (Option<&'static str>, &'static [(&'static str, &'static str)], Language);
        let table: &[Case] = &[
            (None, &[], Language::En),
            (Some("nl"), &[("LANG", "en_GB.UTF-8")], Language::Nl),
            (None, &[("LANG", "nl_NL.UTF-8")], Language::Nl),
            (None, &[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "C.UTF-8")], Language::En),
            (None, &[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "")], Language::Nl),
            (None, &[("LANG", "en_US"), ("LANGUAGE", "xx:nl_BE:en")], Language::Nl),
            (None, &[("LANG", "nl_NL"), ("LANGUAGE", "xx")], Language::Nl),
            (None, &[("LC_CTYPE", "nl_NL"), ("LC_TIME", "nl_NL")], Language::En),
            (Some("xx"), &[("LC_MESSAGES", "nl")], Language::Nl),
        ];
        for (flag, variables, wanted) in table {
            let get = |name: &str| {
                variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(choose(*flag, get), *wanted, "{flag:?} {variables:?}");
        }
    }
}
