//! Turns the locale files into typed functions, and stops the build where a language lacks a message, has one
//! too many, or uses other arguments than English: a text can then never be missing while somebody reads it.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use fluent_syntax::{
    ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement},
    parser,
};

/// Messages that are looked up by a code at run time (`Texts::by_code`), so no function is made for them.
const FAMILIES: &[&str] = &[
    "advice", "cause", "changed", "evidence", "exit", "explain", "from", "key", "left", "other", "phase",
    "problem", "reason", "risk", "stage", "state", "step", "target", "verdict", "why",
];
/// Methods that `Texts` has by hand.
const TAKEN: &[&str] = &["new", "language", "has", "by_code", "fill"];

/// Key → its arguments.
type Messages = BTreeMap<String, BTreeSet<String>>;

fn main() {
    let folder = Path::new("assets/locales");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut problems = Vec::new();
    let languages = read(folder, &mut problems);
    compare(&languages, &mut problems);
    for problem in &problems {
        println!("cargo::error={problem}");
    }
    if problems.is_empty()
        && let Some(out) = env::var_os("OUT_DIR")
        && let Err(error) = fs::write(PathBuf::from(out).join("texts.rs"), generate(&languages))
    {
        println!("cargo::error=texts.rs: {error}");
    }
}

/// Every language file: code of the language, its absolute path, its messages.
fn read(folder: &Path, problems: &mut Vec<String>) -> BTreeMap<String, (PathBuf, Messages)> {
    let mut languages = BTreeMap::new();
    let files = fs::read_dir(folder).map(|entries| entries.flatten().collect::<Vec<_>>()).unwrap_or_default();
    for path in files.into_iter().map(|entry| entry.path()) {
        if path.extension().is_none_or(|ext| ext != "ftl") {
            continue;
        }
        println!("cargo::rerun-if-changed={}", path.display());
        let code = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default().to_owned();
        match fs::read_to_string(&path) {
            Ok(source) => {
                let messages = messages(&source, &path, problems);
                languages.insert(code, (fs::canonicalize(&path).unwrap_or(path), messages));
            }
            Err(error) => problems.push(format!("{}: {error}", path.display())),
        }
    }
    if !languages.contains_key("en") {
        problems.push(format!("{}: en.ftl is missing", folder.display()));
    }
    languages
}

fn messages(source: &str, path: &Path, problems: &mut Vec<String>) -> Messages {
    let resource = match parser::parse(source) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            for error in errors {
                let line = source[..error.pos.start].matches('\n').count() + 1;
                problems.push(format!("{}:{line}: {}", path.display(), error.kind));
            }
            resource
        }
    };
    let mut messages = Messages::new();
    for entry in &resource.body {
        let Entry::Message(message) = entry else { continue };
        let key = message.id.name.to_owned();
        let mut arguments = BTreeSet::new();
        match &message.value {
            Some(pattern) => arguments_of(pattern, &mut arguments),
            None => problems.push(format!("{}: {key} has no text", path.display())),
        }
        if !message.attributes.is_empty() {
            problems.push(format!("{}: {key} has attributes, which nothing reads", path.display()));
        }
        if messages.insert(key.clone(), arguments).is_some() {
            problems.push(format!("{}: {key} stands there twice", path.display()));
        }
    }
    messages
}

fn arguments_of(pattern: &Pattern<&str>, found: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            arguments_of_expression(expression, found);
        }
    }
}

fn arguments_of_expression(expression: &Expression<&str>, found: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => arguments_of_inline(inline, found),
        Expression::Select { selector, variants } => {
            arguments_of_inline(selector, found);
            for variant in variants {
                arguments_of(&variant.value, found);
            }
        }
    }
}

fn arguments_of_inline(inline: &InlineExpression<&str>, found: &mut BTreeSet<String>) {
    let mut of_call = |arguments: &CallArguments<&str>| {
        for argument in &arguments.positional {
            arguments_of_inline(argument, found);
        }
        for argument in &arguments.named {
            arguments_of_inline(&argument.value, found);
        }
    };
    match inline {
        InlineExpression::VariableReference { id } => {
            found.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => of_call(arguments),
        InlineExpression::TermReference { arguments: Some(arguments), .. } => of_call(arguments),
        InlineExpression::Placeable { expression } => arguments_of_expression(expression, found),
        _ => {}
    }
}

fn compare(languages: &BTreeMap<String, (PathBuf, Messages)>, problems: &mut Vec<String>) {
    let Some((_, english)) = languages.get("en") else { return };
    for key in english.keys().filter(|key| TAKEN.contains(&function(key).as_str())) {
        problems.push(format!("{key}: Texts has a method of this name already"));
    }
    for (code, (_, other)) in languages.iter().filter(|(code, _)| *code != "en") {
        for (key, arguments) in english {
            match other.get(key) {
                None => problems.push(format!("{code}.ftl: {key} is missing")),
                Some(others) if others != arguments => {
                    problems.push(format!("{code}.ftl: {key} uses {others:?}, en.ftl {arguments:?}"));
                }
                Some(_) => {}
            }
        }
        for key in other.keys().filter(|key| !english.contains_key(*key)) {
            problems.push(format!("{code}.ftl: {key} is not in en.ftl"));
        }
    }
}

fn function(key: &str) -> String {
    key.replace('-', "_").to_lowercase()
}

fn generate(languages: &BTreeMap<String, (PathBuf, Messages)>) -> String {
    let mut code = String::new();
    let variant = |language: &str| {
        let mut letters = language.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    let mut ordered: Vec<_> = languages.keys().collect();
    ordered.sort_by_key(|language| (language.as_str() != "en", language.as_str()));
    code.push_str("/// A language that the program speaks.\n");
    code.push_str("#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]\npub enum Language {\n");
    for language in &ordered {
        let default = if *language == "en" { "    #[default]\n" } else { "" };
        let _ = writeln!(code, "    /// `{language}`\n{default}    {},", variant(language));
    }
    code.push_str("}\n\nimpl Language {\n    /// All of them, English first.\n");
    let all: Vec<_> = ordered.iter().map(|language| format!("Self::{}", variant(language))).collect();
    let _ = writeln!(code, "    pub const ALL: &'static [Self] = &[{}];\n", all.join(", "));
    code.push_str("    /// Its code, as `--lang` has it.\n    pub fn code(self) -> &'static str {\n        match self {\n");
    for language in &ordered {
        let _ = writeln!(code, "            Self::{} => {language:?},", variant(language));
    }
    code.push_str("        }\n    }\n\n    /// Its messages.\n    fn source(self) -> &'static str {\n        match self {\n");
    for language in &ordered {
        if let Some((path, _)) = languages.get(*language) {
            let _ = writeln!(code, "            Self::{} => include_str!({path:?}),", variant(language));
        }
    }
    code.push_str("        }\n    }\n}\n\n// A message has as many arguments as it has.\n#[allow(clippy::too_many_arguments)]\nimpl Texts {\n");
    if let Some((_, english)) = languages.get("en") {
        for (key, arguments) in english {
            let family = key.split('-').next().unwrap_or_default();
            if !FAMILIES.contains(&family) {
                method(&mut code, key, arguments);
            }
        }
    }
    code.push_str("}\n");
    code
}

fn method(code: &mut String, key: &str, arguments: &BTreeSet<String>) {
    let names: Vec<_> = arguments.iter().map(|argument| function(argument)).collect();
    let parameters: String =
        names.iter().map(|name| format!(", {name}: impl Into<FluentValue<'a>>")).collect();
    let lifetime = if names.is_empty() { "" } else { "<'a>" };
    let values: Vec<_> = arguments
        .iter()
        .zip(&names)
        .map(|(argument, name)| format!("({argument:?}, {name}.into())"))
        .collect();
    let _ = writeln!(code, "    /// `{key}`");
    let _ = writeln!(code, "    pub fn {}{lifetime}(&self{parameters}) -> String {{", function(key));
    let _ = writeln!(code, "        self.message({key:?}, &[{}])", values.join(", "));
    code.push_str("    }\n\n");
}
