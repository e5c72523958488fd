//! State to frame: one file a panel.
