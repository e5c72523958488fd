//! What changes something: the gate before it, the lock and the journal, each act, and the proof after it.

pub(crate) mod carried;
pub(crate) mod carry;
pub(crate) mod gate;
pub(crate) mod hold;
pub(crate) mod proof;
pub(crate) mod put_back;
pub(crate) mod removal;
pub(crate) mod restart;
pub(crate) mod settle;
pub(crate) mod shown;
pub(crate) mod step;
pub(crate) mod verdict;
pub(crate) mod way_back;
pub(crate) mod write;
