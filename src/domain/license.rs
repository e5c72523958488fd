//! The organization license file.
