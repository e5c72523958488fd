//! Clients of the Bitwarden cloud and of the self-hosted server.
