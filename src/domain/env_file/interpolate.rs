//! What Compose fills in: escapes of double quotes, and `$NAME`, `${NAME}`, `${NAME:-else}` and their like.
//!
//! Bounded in depth and size: a file of a few lines could otherwise grow without end.

/// How deep references may nest; nobody nests more than two or three.
const DEEPEST: usize = 64;
/// How much all references of a file may produce, in bytes.
const MOST: usize = 4 << 20;

/// Why a value cannot be filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    BadReference,
    MissingVariable,
    TooLarge,
    TooDeep,
}

/// A fault and the place of its `$` in the text.
type Placed = (Fault, usize);
type Resolve<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Fills in references; one for a whole file, since the bound is the file's.
pub(super) struct Expander {
    left: usize,
}

/// `${NAME` and what stands behind the name.
struct Braced<'t> {
    name: &'t str,
    /// Sign and the text behind it, where there is one.
    otherwise: Option<(Sign, &'t str)>,
    /// The place behind the closing brace.
    end: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Default,
    Alternative,
    Required,
}

#[derive(Clone, Copy)]
struct Sign {
    kind: Kind,
    /// With `:`: an empty value counts as none.
    empty_is_unset: bool,
}

impl Expander {
    pub(super) fn new() -> Self {
        Self { left: MOST }
    }

    /// The text with all references filled in.
    pub(super) fn expand(&mut self, text: &str, resolve: Resolve) -> Result<String, Placed> {
        if !text.contains('$') {
            return Ok(text.to_owned());
        }
        self.filled(text, resolve, 0)
    }

    fn filled(&mut self, text: &str, resolve: Resolve, depth: usize) -> Result<String, Placed> {
        let mut out = String::with_capacity(text.len());
        let mut braces = LastBrace::default();
        let mut pos = 0;
        while let Some(found) = text[pos..].find('$') {
            let dollar = pos + found;
            let fail = |fault| (fault, dollar);
            if depth > DEEPEST {
                return Err(fail(Fault::TooDeep));
            }
            self.push(&mut out, &text[pos..dollar]).map_err(fail)?;
            let rest = &text[dollar + 1..];
            let name = name_at(rest);
            if rest.starts_with('$') {
                self.push(&mut out, "$").map_err(fail)?;
                pos = dollar + 2;
            } else if !name.is_empty() {
                self.push(&mut out, &resolve(name).unwrap_or_default()).map_err(fail)?;
                pos = dollar + 1 + name.len();
            } else if rest.starts_with('{') {
                let braced = braced(text, dollar, &mut braces).ok_or(fail(Fault::BadReference))?;
                // A fault inside is reported at the outer `$`: the place of the inner one is not the file's.
                let value = self.value_of(&braced, resolve, depth).map_err(fail)?;
                self.push(&mut out, &value).map_err(fail)?;
                pos = braced.end;
            } else {
                self.push(&mut out, "$").map_err(fail)?;
                pos = dollar + 1;
            }
        }
        self.push(&mut out, &text[pos..]).map_err(|fault| (fault, pos))?;
        Ok(out)
    }

    fn value_of(&mut self, braced: &Braced, resolve: Resolve, depth: usize) -> Result<String, Fault> {
        let value = resolve(braced.name);
        let Some((sign, text)) = braced.otherwise else { return Ok(value.unwrap_or_default()) };
        let there = value.as_ref().is_some_and(|v| !(sign.empty_is_unset && v.is_empty()));
        let mut filled = || self.filled(text, resolve, depth + 1).map_err(|(fault, _)| fault);
        match (sign.kind, there) {
            (Kind::Default, false) | (Kind::Alternative, true) => filled(),
            (Kind::Required, false) => {
                // The message is filled in first and may itself be at fault.
                filled()?;
                Err(Fault::MissingVariable)
            }
            _ => Ok(value.unwrap_or_default()),
        }
    }

    fn push(&mut self, out: &mut String, text: &str) -> Result<(), Fault> {
        self.left = self.left.checked_sub(text.len()).ok_or(Fault::TooLarge)?;
        out.push_str(text);
        Ok(())
    }
}

/// The last `}` of the line that a place stands in, remembered from one `${` to the next.
#[derive(Default)]
struct LastBrace {
    line_end: usize,
    brace: Option<usize>,
}

impl LastBrace {
    fn after(&mut self, text: &str, at: usize) -> Option<usize> {
        if at >= self.line_end {
            self.line_end = text[at..].find('\n').map_or(text.len(), |found| at + found);
            self.brace = text[at..self.line_end].rfind('}').map(|found| at + found);
        }
        self.brace.filter(|brace| *brace >= at)
    }
}

/// Reads `${…}` at `dollar`. With a sign behind the name, the text goes to the brace that balances; where none
/// does, to the last one of the line.
fn braced<'t>(text: &'t str, dollar: usize, braces: &mut LastBrace) -> Option<Braced<'t>> {
    let name = name_at(&text[dollar + 2..]);
    if name.is_empty() {
        return None;
    }
    let behind = dollar + 2 + name.len();
    let rest = &text.as_bytes()[behind..];
    if rest.first() == Some(&b'}') {
        return Some(Braced { name, otherwise: None, end: behind + 1 });
    }
    let empty_is_unset = rest.first() == Some(&b':');
    let kind = match rest.get(usize::from(empty_is_unset))? {
        b'-' => Kind::Default,
        b'+' => Kind::Alternative,
        b'?' => Kind::Required,
        _ => return None,
    };
    let begin = behind + usize::from(empty_is_unset) + 1;
    let last = braces.after(text, begin)?;
    let end = balancing(&text.as_bytes()[dollar..=last]).map_or(last, |found| dollar + found);
    let inner = text.get(begin..end)?;
    Some(Braced { name, otherwise: Some((Sign { kind, empty_is_unset }, inner)), end: end + 1 })
}

/// The `}` that balances the first `{`, as Compose counts: the byte behind a `{` is not looked at.
fn balancing(bytes: &[u8]) -> Option<usize> {
    let mut open = 0usize;
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'}' if open == 1 => return Some(at),
            b'}' => open = open.saturating_sub(1),
            b'{' => {
                open += 1;
                at += 1;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// The name at the beginning of a text, or nothing. The long s and the Kelvin sign are letters here because
/// Compose compares without regard to case.
fn name_at(text: &str) -> &str {
    let letter = |c: char| c == '_' || c.is_ascii_alphabetic() || c == '\u{17f}' || c == '\u{212a}';
    let end = text
        .char_indices()
        .find(|(at, c)| !(letter(*c) || (*at > 0 && c.is_ascii_digit())))
        .map_or(text.len(), |(at, _)| at);
    &text[..end]
}

/// The escapes of a double-quoted value. `\$` becomes `$$`, which the references make `$` of.
pub(super) fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find('\\') {
        out.push_str(&rest[..found]);
        let behind = &rest[found + 1..];
        let simple = match behind.as_bytes().first() {
            Some(b'a') => Some("\u{7}"),
            Some(b'b') => Some("\u{8}"),
            Some(b'f') => Some("\u{c}"),
            Some(b'n') => Some("\n"),
            Some(b'r') => Some("\r"),
            Some(b't') => Some("\t"),
            Some(b'v') => Some("\u{b}"),
            Some(b'$') => Some("$$"),
            Some(b'"') => Some("\""),
            Some(b'\\') => Some("\\"),
            _ => None,
        };
        if let Some(text) = simple {
            out.push_str(text);
            rest = &behind[1..];
        } else if let Some(digits) = behind.strip_prefix('0') {
            let count = digits.bytes().take(3).take_while(u8::is_ascii_digit).count();
            match u8::from_str_radix(&digits[..count], 8) {
                Ok(code) if count == 3 => out.push(char::from(code)),
                // The zero is lost where it is no octal number: so Compose does.
                _ => {
                    out.push('\\');
                    out.push_str(&digits[..count]);
                }
            }
            rest = &digits[count..];
        } else {
            out.push('\\');
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> Result<String, Fault> {
        let resolve = |name: &str| match name {
            "H" => Some("hv".to_owned()),
            "E" => Some(String::new()),
            _ => None,
        };
        Expander::new().expand(text, &resolve).map_err(|(fault, _)| fault)
    }

    #[test]
    fn references_are_filled_in_as_compose_does() {
        let table = [
            ("$H-${H}-$N-${N}", "hv-hv--"),
            ("$$H $ $1 a$", "$H $ $1 a$"),
            ("${N-d}${E-d}${E:-d}", "dd"),
            ("${H+y}${E+y}${E:+y}${N+y}", "yy"),
            ("${N:-${H}}x}", "hvx}"),
            ("${N:-{a}}b", "{a}b"),
            ("${N:-{}}b", "{}b"),
            ("${H?no} ${N:-a} ${H}", "hv a hv"),
        ];
        for (text, wanted) in table {
            assert_eq!(expand(text).as_deref(), Ok(wanted), "{text}");
        }
        for text in ["${", "${}", "${1}", "${H", "${H/x}", "${N:-a", "${N:-a\n}", "${N:-${}}"] {
            assert_eq!(expand(text), Err(Fault::BadReference), "{text}");
        }
        assert_eq!(expand("${E:?}"), Err(Fault::MissingVariable));
    }

    #[test]
    fn escapes_are_gos_and_a_zero_may_get_lost() {
        let table = [
            (r"a\tb\\n\q", "a\tb\\n\\q"),
            (r"\0123\0377", "S\u{ff}"),
            (r"\0777\012\0\08", r"\777\12\\8"),
            (r"\$x", "$$x"),
            ("\\", "\\"),
        ];
        for (text, wanted) in table {
            assert_eq!(unescape(text), wanted, "{text}");
        }
    }
}
