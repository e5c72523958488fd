//! The screen machine: state, messages and effects as data; `update` is pure.
