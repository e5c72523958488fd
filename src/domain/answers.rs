//! What an answer of the cloud or the server means.
