//! Entries of the server's own log as witnesses: template hash to cause.
