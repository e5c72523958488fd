//! Arguments to wizard, one command or demo: the only place that composes.
