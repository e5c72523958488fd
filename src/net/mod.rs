//! The transport under everything that leaves this process.
