//! What is hidden, in which spellings, across which borders, and what stays readable.

use super::*;

fn knowing(text: &str) -> Redactor {
    Redactor::of([&Contents::new(text.as_bytes().to_vec())])
}

/// What comes out where the text comes in parts of this many bytes.
fn in_parts(redactor: &Redactor, text: &str, size: usize) -> String {
    let mut stream = redactor.stream();
    let mut out: Vec<u8> = text.as_bytes().chunks(size).flat_map(|part| stream.push(part)).collect();
    out.extend(stream.finish());
    String::from_utf8(out).unwrap()
}

#[test]
fn what_compose_quotes_is_hidden() {
    let redactor = knowing(
        "globalSettings__baseServiceUri__vault=https://vault.example.org\n\
         globalSettings__installation__key=kT9mQ2xW7vLp4RzB8nYc\n\
         globalSettings__sqlServer__connectionString=\"Data Source=x;Password=nG7dQw2L;Encrypt=True\"\n\
         globalSettings:duo:aKey=Fj6w1Nc8Rt3Y\nglobalSettings__yubico__key=REPLACE\n",
    );
    let cases = [
        (
            "line 5: unexpected character \"\\n\" in variable name near \"abc def=ghi\"\nnext",
            "line 5: unexpected character \"\\n\" in variable name near …\nnext",
        ),
        (
            "globalSettings__installation__key=kT9mQ2xW7vLp4RzB8nYc",
            "globalSettings__installation__key=••••••••",
        ),
        ("duo says Fj6w1Nc8Rt3Y", "duo says ••••••••"),
        ("login failed: nG7dQw2L", "login failed: ••••••••"),
        ("cut in the middle: kT9mQ2xW7v", "cut in the middle: ••••••••"),
        ("visit https://vault.example.org", "visit https://vault.example.org"),
        ("you may REPLACE it, near the end", "you may REPLACE it, near the end"),
    ];
    for (said, wanted) in cases {
        assert_eq!(redactor.line(said), wanted);
        for size in 1..said.len() {
            assert_eq!(in_parts(&redactor, said, size), wanted, "{size}");
        }
    }
    assert!(format!("{redactor:?}").starts_with("Redactor("), "{redactor:?}");
    assert!(!format!("{redactor:?}").contains("nG7"));
}

/// `%q` of Go, or with `ascii` its `%+q`.
fn go_quoted(text: &str, ascii: bool) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        c if c.is_ascii_control() => format!("\\x{:02x}", u32::from(c)),
        c if !c.is_ascii() && (ascii || c == '\u{feff}') => match u32::from(c) {
            code @ ..0x1_0000 => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        },
        c => c.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// A value as programs write it.
fn spelt(value: &str) -> Vec<String> {
    let json = serde_json::to_string(value).unwrap();
    let mut go_json = json.clone();
    for c in ['<', '>', '&'] {
        go_json = go_json.replace(c, &format!("\\u{:04x}", u32::from(c)));
    }
    let mut with_password = url::Url::parse("https://u@h.example/").unwrap();
    with_password.set_password(Some(value)).unwrap();
    let path = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let html = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\'', "&#39;");
    vec![
        value.to_owned(),
        value.replace('$', "$$"),
        go_quoted(value, false),
        go_quoted(value, true),
        go_quoted(&go_quoted(value, false), false),
        serde_json::to_string(&go_quoted(value, true)).unwrap(),
        json,
        go_json,
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect(),
        with_password.to_string(),
        path(value),
        html,
        value.bytes().map(|byte| format!("\\x{byte:02X}")).collect(),
        value.bytes().map(|byte| format!("\\{byte:03o}")).collect(),
    ]
}

#[test]
fn a_secret_is_found_however_it_is_spelt_and_wherever_it_is_cut() {
    let values = [
        "invented$with-dollar",
        "p\\\"q'r s&t<u>+%v",
        "né€𝄞-wörld\\\\end",
        "two\nlines\tand a tab",
        "back\\slash$$",
    ];
    for value in values {
        let redactor = Redactor::knowing(vec![Zeroizing::new(value.to_owned())]);
        for spelling in spelt(value) {
            let said = format!("before {spelling} after");
            let clean = redactor.line(&said);
            assert!(clean.contains(MASK) && clean.len() < MASK.len() + 40, "{said} → {clean}");
            for size in 1..=said.len() {
                assert_eq!(in_parts(&redactor, &said, size), clean, "{said} by {size}");
            }
        }
    }
}

#[test]
fn a_value_is_known_as_every_program_reads_it() {
    let redactor = knowing(
        "SA_PASSWORD=pa$$ss-word1 # a note\nexport X_KEY='it\\'s-mine-9'\nQ_SECRET=\"a\\tb\\\"c\\$d-77\"\nURL_TOKEN_URI=https://me:un%40der5tood@h.example/p?sig=Zm9vYmFyMTIz\n\
         # OLD_PASSWORD=commented0ut\nSOMETHING=9f8e7d6c5b4a\nBW_DB_PASSWORD=abc\nACCEPT_EULA=Y\nMSSQL_PID=Express\n\
         LOCAL_UID=1000\nadminSettings__admins=admin@example.org,b@example.org\nPATH_OF=/etc/bitwarden/x.pfx\n\
         globalSettings__baseServiceUri__cloudRegion=EU\nHOST=smtp.example.org:25\nDB_PASSWORD=bitwarden\n",
    );
    for secret in [
        "pa$ss-word1",
        "pa$$ss-word1",
        "it's-mine-9",
        "it\\'s-mine-9",
        "a\tb\"c$d-77",
        "un@der5tood",
        "un%40der5tood",
        "Zm9vYmFyMTIz",
        "commented0ut",
        "9f8e7d6c5b4a",
    ] {
        assert_eq!(redactor.line(&format!("so {secret}, he said")), format!("so {MASK}, he said"));
    }
    let harmless = "Express on smtp.example.org:25 for admin@example.org: bitwarden/api, abcd, uid 1000, /etc/bitwarden/x.pfx, EU, https://me@h.example/p";
    assert_eq!(redactor.line(harmless), harmless);
    // Short ones, and words that the programs say themselves, where they stand as a value.
    assert_eq!(
        redactor.line("BW_DB_PASSWORD=abc; \"abc\" abc"),
        format!("BW_DB_PASSWORD={MASK}; \"{MASK}\" abc")
    );
    assert_eq!(
        redactor.line("bitwarden-api: password 'bitwarden'"),
        format!("bitwarden-api: password '{MASK}'")
    );
}

#[test]
fn a_file_that_compose_refuses_hides_as_much() {
    let redactor = knowing("A B=1\nX_KEY=\"q1w2e3r4t5\nrest0fThePaste99\nSA_PASSWORD=hunter2hunter2\n");
    for secret in ["q1w2e3r4t5", "rest0fThePaste99", "hunter2hunter2"] {
        assert!(!redactor.line(&format!("in '{secret}'")).contains(secret), "{secret}");
    }
}

#[test]
fn it_travels_to_another_process() {
    let redactor = knowing("SA_PASSWORD=hunter2hunter2\n");
    let sent = Zeroizing::new(serde_json::to_string(&redactor).unwrap());
    assert!(serde_json::from_str::<Redactor>(&sent).unwrap() == redactor);
}

#[test]
fn hostile_output_is_passed_on_in_bounded_memory() {
    let redactor = knowing("SA_PASSWORD=\\\\\\\\\\\\\\\\\nB_KEY=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n");
    for endless in [&b"\\"[..], b"a", b" near ", b" near \\", b"%", b"\xff"] {
        let mut stream = redactor.stream();
        let (mut given, mut passed) = (0, 0);
        for _ in 0..200 {
            let part = endless.repeat(50);
            given += part.len();
            passed += stream.push(&part).len();
            assert!(stream.held() < 10_000, "{endless:?}: {given} {passed}");
        }
    }
}
