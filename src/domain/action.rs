//! What a step does, as data; the engine carries it out.
