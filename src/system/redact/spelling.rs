//! The ways in which another program may write one character: as it is, escaped as Go, JSON, Python and shells
//! do, doubled, percent-encoded, as an HTML entity. A secret is looked for by its characters, each in any of
//! these, so that mixtures and quotes within quotes are found without a list of forms.

/// Most backslashes that stand before one character: quotes within quotes within quotes.
pub(super) const BACKSLASHES: usize = 8;

/// Where the spellings of `c` that begin at `from` end, added to `ends`; true where the text ends in the middle
/// of one.
pub(super) fn ends(text: &[u8], from: usize, c: char, ends: &mut Vec<usize>) -> bool {
    let rest = text.get(from..).unwrap_or_default();
    let mut open = false;
    let mut buffer = [0; 4];
    let itself: &[u8] = c.encode_utf8(&mut buffer).as_bytes();
    let mut take = |prefix: &[u8], spelling: &[u8]| {
        let after = rest.get(prefix.len()..).unwrap_or_default();
        match begins(after, spelling) {
            Begins::Whole => ends.push(from + prefix.len() + spelling.len()),
            Begins::Part => open = true,
            Begins::Not => {}
        }
    };
    take(b"", itself);
    match rest.first() {
        Some(b'\\') => {
            let run = rest.iter().take(BACKSLASHES).take_while(|byte| **byte == b'\\').count();
            let before = rest.get(..run).unwrap_or_default();
            if c == '\\' {
                for times in [2, 4, 8] {
                    take(b"", &vec![b'\\'; times]);
                }
            } else if !c.is_alphanumeric() {
                take(before, itself);
            }
            for spelling in escapes(c) {
                take(before, spelling.replace('\\', &"\\".repeat(run)).as_bytes());
            }
        }
        Some(b'%') => {
            let once: String = itself.iter().map(|byte| format!("%{byte:02x}")).collect();
            take(b"", once.as_bytes());
            take(b"", once.replace('%', "%25").as_bytes());
        }
        Some(b'&') => entities(c).iter().for_each(|entity| take(b"", entity.as_bytes())),
        Some(b'+') if c == ' ' => take(b"", b"+"),
        Some(b'$') if c == '$' => [&b"$$"[..], b"$$$$"].into_iter().for_each(|twice| take(b"", twice)),
        Some(b'"') if c == '"' => take(b"", b"\"\""),
        Some(b'\'') if c == '\'' => {
            [&b"''"[..], b"'\\''", b"'\"'\"'"].into_iter().for_each(|quoted| take(b"", quoted));
        }
        // What is no text became U+FFFD when the file was read, and stays a byte where others print it.
        Some(128..) if c == '\u{fffd}' && std::str::from_utf8(rest).is_err() => ends.push(from + 1),
        _ => {}
    }
    open
}

/// Whether a spelling of a character that is not written as itself can begin with this byte.
pub(super) fn introduces(byte: u8) -> bool {
    matches!(byte, b'\\' | b'%' | b'&' | b'+')
}

enum Begins {
    Whole,
    /// The text ends before the spelling does.
    Part,
    Not,
}

fn begins(text: &[u8], spelling: &[u8]) -> Begins {
    let known = text.len().min(spelling.len());
    // Hexadecimal digits come in both cases; the first byte of an escape tells what it is. A letter that stands
    // for itself is short of this: it counts as it is.
    let same = match spelling {
        [_] => text.get(..known) == spelling.get(..known),
        _ => text.get(..known).is_some_and(|text| text.eq_ignore_ascii_case(&spelling[..known])),
    };
    match (same, known == spelling.len()) {
        (true, true) => Begins::Whole,
        (true, false) => Begins::Part,
        (false, _) => Begins::Not,
    }
}

/// What stands after a backslash in place of the character; a further backslash where it takes several escapes.
fn escapes(c: char) -> Vec<String> {
    let mut buffer = [0; 4];
    let bytes: &[u8] = c.encode_utf8(&mut buffer).as_bytes();
    let mut units = [0; 2];
    let units: &[u16] = c.encode_utf16(&mut units);
    let code = u32::from(c);
    let each = |spelled: &dyn Fn(&u8) -> String| bytes.iter().map(spelled).collect::<Vec<_>>().join("\\");
    let mut all = vec![
        each(&|byte| format!("x{byte:02x}")),
        each(&|byte| format!("{byte:03o}")),
        units.iter().map(|unit| format!("u{unit:04x}")).collect::<Vec<_>>().join("\\"),
        format!("U{code:08x}"),
        format!("u{{{code:x}}}"),
    ];
    if (0x80..0x100).contains(&code) {
        all.push(format!("x{code:02x}"));
    }
    let letter = match c {
        '\n' => "n",
        '\r' => "r",
        '\t' => "t",
        '\u{7}' => "a",
        '\u{8}' => "b",
        '\u{b}' => "v",
        '\u{c}' => "f",
        '\u{1b}' => "e",
        _ => return all,
    };
    all.push(letter.to_owned());
    all
}

fn entities(c: char) -> Vec<String> {
    let code = u32::from(c);
    let mut all = vec![format!("&#{code};"), format!("&#{code:03};"), format!("&#x{code:x};")];
    let name = match c {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&apos;",
        _ => return all,
    };
    all.push(name.to_owned());
    all
}
