//! Plan to stages to events, up to HTTP; one file a stage.
