//! The journal of a run: intent before each act, result after it; what is left, what to undo.
