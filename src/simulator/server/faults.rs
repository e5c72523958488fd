//! The first lines of the exceptions that the server writes into its log: type and words, as .NET has them.

use serde_json::error::Category;

/// The log names inner exceptions after the outer one.
fn nested(outer: &str, inner: &str) -> String {
    format!("{outer}\n ---> {inner}\n   --- End of inner exception stack trace ---")
}

/// A text that was to be JSON and is not; `reader`: read without a target type, so without a path.
pub fn json(text: &str, reader: bool) -> String {
    let (words, line, at) = json_words(text);
    let place = format!("LineNumber: {line} | BytePositionInLine: {at}.");
    let inner = format!("System.Text.Json.JsonReaderException: {words} {place}");
    if reader {
        return inner;
    }
    nested(&format!("System.Text.Json.JsonException: {words} Path: $ | {place}"), &inner)
}

fn json_words(text: &str) -> (String, usize, usize) {
    let fault = match serde_json::from_str::<serde_json::Value>(text) {
        Ok(_) => return ("The JSON value could not be converted.".to_owned(), 0, 0),
        Err(fault) => fault,
    };
    if text.trim().is_empty() || fault.classify() == Category::Eof {
        let words = "The input does not contain any JSON tokens. Expected the input to start with a valid JSON \
                     token, when isFinalBlock is true.";
        return (words.to_owned(), 0, 0);
    }
    let (line, at) = (fault.line().saturating_sub(1), fault.column().saturating_sub(1));
    let bad = text.split('\n').nth(line).and_then(|row| row.chars().nth(at)).unwrap_or('?');
    let words = if fault.to_string().starts_with("trailing") {
        format!("'{bad}' is invalid after a single JSON value. Expected end of data.")
    } else if text.trim_start().starts_with('{') {
        format!("'{bad}' is an invalid start of a property name. Expected a '\"'.")
    } else {
        format!("'{bad}' is an invalid start of a value.")
    };
    (words, line, at)
}

/// No connection to a host.
pub fn connection(host: &str, number: &str, words: &str) -> String {
    nested(
        &format!("System.Net.Http.HttpRequestException: {words} ({host}:443)"),
        &format!("System.Net.Sockets.SocketException ({number}): {words}"),
    )
}

/// A setting that should be an address and is none.
pub fn address(text: &str) -> String {
    let words = if text.starts_with('"') || text.starts_with('\'') {
        "The URI scheme is not valid."
    } else {
        "The format of the URI could not be determined."
    };
    format!("System.UriFormatException: Invalid URI: {words}")
}

/// A null where none was expected.
pub const NULL_REFERENCE: &str =
    "System.NullReferenceException: Object reference not set to an instance of an object.";
/// A request without `config`.
pub const NO_DOCUMENT: &str = "System.ArgumentNullException: Value cannot be null. (Parameter 'document')";
/// A stored connection without `config`.
pub const NO_JSON: &str = "System.ArgumentNullException: Value cannot be null. (Parameter 'json')";
/// A request of nobody where somebody was expected.
pub const NO_SOURCE: &str = "System.ArgumentNullException: Value cannot be null. (Parameter 'source')";
/// An id that is none.
pub const NO_GUID: &str = "System.FormatException: Unrecognized Guid format.";
/// A token answer without its token.
pub const NO_KEY: &str =
    "System.Collections.Generic.KeyNotFoundException: The given key was not present in the dictionary.";
