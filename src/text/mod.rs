//! What a person reads: language choice, and Fluent messages as typed functions. Knows nothing of the rest.
//!
//! `build.rs` makes one method of [`Texts`] for every message of `assets/locales`, except for those of the
//! families that are looked up by a code (causes, advice, evidence …): see [`Texts::by_code`].

mod choose;

use std::{fmt, sync::Arc};

use fluent_bundle::{FluentArgs, FluentResource, concurrent::FluentBundle};

pub use choose::choose;
pub use fluent_bundle::FluentValue;

include!(concat!(env!("OUT_DIR"), "/texts.rs"));

/// All messages of one language. A value, not a global, so that several languages stand side by side;
/// cloning is cheap.
#[derive(Clone)]
pub struct Texts {
    language: Language,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl Texts {
    /// The messages of a language.
    pub fn new(language: Language) -> Self {
        let resource = match FluentResource::try_new(language.source().to_owned()) {
            // Errors cannot be: the build parsed the same text.
            Ok(resource) | Err((resource, _)) => resource,
        };
        let id = language.code().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The isolating marks would show as garbage on many terminals.
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        Self { language, bundle: Arc::new(bundle) }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether there is a message of this key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The message `family-code`, where dots and underscores in the code are dashes in the key.
    /// None where no such message is.
    pub fn by_code(&self, family: &str, code: &str) -> Option<String> {
        self.fill(family, code, std::iter::empty())
    }

    /// The same with values for its arguments; values that the message does not use do no harm.
    pub fn fill<'name, 'value>(
        &self,
        family: &str,
        code: &str,
        values: impl IntoIterator<Item = (&'name str, &'value str)>,
    ) -> Option<String> {
        let key = format!("{family}-{}", code.replace(['.', '_'], "-"));
        let values: Vec<_> =
            values.into_iter().map(|(name, value)| (name, FluentValue::from(value))).collect();
        self.has(&key).then(|| self.message(&key, &values))
    }

    fn message(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let arguments: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        let mut errors = Vec::new();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut errors).into_owned()
    }
}

impl Language {
    /// The language of a code or of a locale's name (`nl`, `nl_BE.UTF-8`); none where it is not spoken here.
    pub fn parse(name: &str) -> Option<Self> {
        let code = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        Self::ALL.iter().copied().find(|language| language.code().eq_ignore_ascii_case(code))
    }

    /// The language after this one, for a key that goes round.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|language| *language == self).map_or(0, |at| at + 1);
        Self::ALL.get(at).copied().unwrap_or_default()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Texts({})", self.language.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_names_itself_and_texts_go_between_threads() {
        fn shared<T: Send + Sync + Clone>(_: &T) {}
        for language in Language::ALL {
            let texts = Texts::new(*language);
            shared(&texts);
            assert!(texts.has("language-name"));
            assert!(!texts.language_name().is_empty());
            assert_eq!(texts.by_code("cause", "no.such_code"), None);
        }
        assert_ne!(Texts::new(Language::En).language_name(), Texts::new(Language::Nl).language_name());
    }

    #[test]
    fn languages_go_round() {
        let mut seen = vec![Language::default()];
        while seen.last().map(|last| last.next()) != Some(Language::default()) {
            seen.extend(seen.last().map(|last| last.next()));
        }
        assert_eq!(seen, Language::ALL);
    }
}
