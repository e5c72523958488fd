//! What a person reads: language choice, and Fluent messages as typed functions. Knows nothing of the rest.
