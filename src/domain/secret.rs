//! The one type that holds what must never be seen: it masks itself when printed and wipes itself when dropped.

use std::fmt;

use zeroize::Zeroizing;

use super::guid::is_guid;

/// A token, key, password or bearer. `Debug` prints a mask, `Drop` wipes the memory, nothing serializes it.
///
/// Wiping is best effort: the terminal, TLS and HTTP layers make copies that nobody can reach.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes the text over; the caller should not keep another copy.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text itself, for the one call that sends or writes it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing (or only blanks) is in it.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }

    /// Number of characters.
    pub fn len(&self) -> usize {
        self.0.chars().count()
    }

    /// Whether it holds no character at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The last three characters, the most that is ever shown (design §1-5); nothing of a text
    /// shorter than twelve, where three would be too much of it.
    pub fn tail(&self) -> String {
        let len = self.len();
        if len < 12 { String::new() } else { self.0.chars().skip(len - 3).collect() }
    }

    /// Eight bullets and [`Self::tail`]; the number of bullets does not tell the length.
    pub fn masked(&self) -> String {
        if self.is_empty() { String::new() } else { format!("••••••••{}", self.tail()) }
    }

    /// The same secret without blanks and line ends around it, as pasted or read from a file.
    pub fn trimmed(&self) -> Self {
        Self::new(self.0.trim())
    }

    /// Adds one typed character.
    pub fn push(&mut self, character: char) {
        // Growing in place would leave the old buffer behind unwiped: build the new one beside it.
        let mut grown = String::with_capacity(self.0.len() + 4);
        grown.push_str(&self.0);
        grown.push(character);
        self.0 = Zeroizing::new(grown);
    }

    /// Removes the last character.
    pub fn pop(&mut self) {
        self.0.pop();
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(••••)")
    }
}

/// What a text that should be a billing sync token looks like (`bitwarden.md` A4-4: 30 letters and digits).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenShape {
    /// Nothing typed yet.
    Empty,
    /// Right so far, and this many characters are still missing.
    Short(usize),
    /// 30 letters and digits: only the cloud can tell whether it is right.
    Good,
    /// Longer than 30 characters by this many.
    Long(usize),
    /// A character that no token has, at this position (from 1).
    BadCharacter(usize),
    /// It is something else, and this is what.
    Other(OtherKind),
}

/// What was pasted in place of a billing sync token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherKind {
    /// An installation key (20 characters).
    InstallationKey,
    /// An installation or organization id (a GUID).
    Id,
    /// A personal API key's `client_id` (`user.<guid>`).
    PersonalClientId,
    /// An organization's API key's `client_id` (`organization.<guid>`).
    OrganizationClientId,
    /// An installation's `client_id` (`installation.<guid>`).
    InstallationClientId,
    /// A JSON Web Token: a bearer or a license token.
    Jwt,
    /// A license file's text.
    License,
    /// A web address.
    Address,
}

impl OtherKind {
    /// Stable code of the kind, for texts and JSON.
    pub fn code(self) -> &'static str {
        match self {
            Self::InstallationKey => "installation_key",
            Self::Id => "id",
            Self::PersonalClientId => "personal_client_id",
            Self::OrganizationClientId => "organization_client_id",
            Self::InstallationClientId => "installation_client_id",
            Self::Jwt => "jwt",
            Self::License => "license",
            Self::Address => "address",
        }
    }
}

/// Length of a billing sync token (`bitwarden.md` A4-4).
pub const TOKEN_LENGTH: usize = 30;
/// Length of an installation key as the cloud makes it.
const INSTALLATION_KEY_LENGTH: usize = 20;

/// Says what `text` looks like; `finished` tells a paste or Enter from typing in progress.
pub fn token_shape(text: &Secret, finished: bool) -> TokenShape {
    let trimmed = text.expose().trim();
    if trimmed.is_empty() {
        return TokenShape::Empty;
    }
    if let Some(kind) = other_kind(trimmed, finished) {
        return TokenShape::Other(kind);
    }
    if let Some(at) = trimmed.chars().position(|c| !c.is_ascii_alphanumeric()) {
        return TokenShape::BadCharacter(at + 1);
    }
    match trimmed.len() {
        n if n < TOKEN_LENGTH => TokenShape::Short(TOKEN_LENGTH - n),
        TOKEN_LENGTH => TokenShape::Good,
        n => TokenShape::Long(n - TOKEN_LENGTH),
    }
}

fn other_kind(text: &str, finished: bool) -> Option<OtherKind> {
    let prefixed =
        |prefix: &str| text.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if prefixed("user.") || prefixed("BW_CLIENTID=") || prefixed("BW_CLIENTSECRET=") {
        Some(OtherKind::PersonalClientId)
    } else if prefixed("organization.") {
        Some(OtherKind::OrganizationClientId)
    } else if prefixed("installation.") {
        Some(OtherKind::InstallationClientId)
    } else if prefixed("globalSettings__installation__key=") {
        Some(OtherKind::InstallationKey)
    } else if prefixed("https://") || prefixed("http://") {
        Some(OtherKind::Address)
    } else if text.starts_with('{') {
        Some(OtherKind::License)
    } else if text.starts_with("eyJ") && text.matches('.').count() == 2 {
        Some(OtherKind::Jwt)
    } else if is_guid(text) {
        Some(OtherKind::Id)
    } else if finished
        && text.len() == INSTALLATION_KEY_LENGTH
        && text.chars().all(|c| c.is_ascii_alphanumeric())
    {
        Some(OtherKind::InstallationKey)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints_itself() {
        let secret = Secret::new("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5");
        assert_eq!(format!("{secret:?}"), "Secret(••••)");
        assert_eq!(secret.masked(), "••••••••4o5");
        assert_eq!(Secret::new("short").masked(), "••••••••");
        assert_eq!(Secret::default().masked(), "");
    }

    #[test]
    fn a_token_is_told_from_what_people_paste_instead() {
        let shape = |text: &str| token_shape(&Secret::new(text), true);
        assert_eq!(shape(" a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5\n"), TokenShape::Good);
        assert_eq!(shape(""), TokenShape::Empty);
        assert_eq!(shape("abc"), TokenShape::Short(27));
        assert_eq!(shape("a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5X"), TokenShape::Long(1));
        assert_eq!(shape("a1B2-3D4"), TokenShape::BadCharacter(5));
        let other = |text: &str| match shape(text) {
            TokenShape::Other(kind) => Some(kind),
            _ => None,
        };
        assert_eq!(other("kT9mQ2xW7vLp4RzB8nYc"), Some(OtherKind::InstallationKey));
        assert_eq!(other("3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34"), Some(OtherKind::Id));
        assert_eq!(other("user.3f2b1c9e-7d46-4a58-9c1b-b2e9017a5d34"), Some(OtherKind::PersonalClientId));
        assert_eq!(other("BW_CLIENTID=user.x\nBW_CLIENTSECRET=y\n"), Some(OtherKind::PersonalClientId));
        assert_eq!(other("globalSettings__installation__key=x"), Some(OtherKind::InstallationKey));
        assert_eq!(other("eyJhbGciOi.eyJzdWIi.c2ln"), Some(OtherKind::Jwt));
        assert_eq!(other("https://vault.bitwarden.eu/#/x"), Some(OtherKind::Address));
        assert_eq!(other("{\"LicenseKey\":1}"), Some(OtherKind::License));
    }
}
