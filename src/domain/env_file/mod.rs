//! A lossless model of an env file in Docker Compose's dialect: read, edit, lint.
