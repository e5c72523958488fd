//! The command line: definitions, one file a command, printing.
