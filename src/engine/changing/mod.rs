//! What changes something: the gate before it, the lock and the journal, each act, and the proof after it.

pub(crate) mod afterwards;
pub(crate) mod carry;
pub(crate) mod gate;
pub(crate) mod hold;
pub(crate) mod proof;
pub(crate) mod put_back;
pub(crate) mod removal;
pub(crate) mod restart;
pub(crate) mod verdict;
