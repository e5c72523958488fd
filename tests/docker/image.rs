//! The one image that all containers of these tests are made of, as a registry serves it: one layer that holds one
//! static program, a configuration and a manifest, each known by its hash.

use std::{fs, process::Command, sync::OnceLock};

use sha2::{Digest, Sha256};

use super::left;

const MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const LAYER: &str = "application/vnd.docker.image.rootfs.diff.tar.gzip";

/// What a registry serves of an image.
pub struct Image {
    /// Its manifest.
    pub manifest: Vec<u8>,
    /// Its configuration and its layer, by their digests.
    pub blobs: Vec<(String, Vec<u8>)>,
}

impl Image {
    /// The media type of its manifest.
    pub const KIND: &'static str = MANIFEST;

    /// The digest of these bytes.
    pub fn digest(bytes: &[u8]) -> String {
        let hex: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        format!("sha256:{hex}")
    }

    /// The image; made once a process.
    pub fn get() -> &'static Self {
        static IMAGE: OnceLock<Image> = OnceLock::new();
        IMAGE.get_or_init(|| Self::around(&program()))
    }

    fn around(program: &[u8]) -> Self {
        // The engine looks at what a layer is, not at what its type says: it need not be compressed.
        let layer = tar("server", program);
        let config = serde_json::json!({
            "architecture": if cfg!(target_arch = "aarch64") { "arm64" } else { "amd64" },
            "os": "linux",
            // A program that is alone in its container hears no other signal unless it asks for it.
            "config": {
                "Entrypoint": ["/server"],
                "StopSignal": "SIGKILL",
                "Labels": { left::PROCESS: std::process::id().to_string() },
            },
            "rootfs": { "type": "layers", "diff_ids": [Self::digest(&layer)] },
            "history": [{ "created_by": "a test" }],
        });
        let config = config.to_string().into_bytes();
        let part = |kind: &str, bytes: &[u8]| serde_json::json!({ "mediaType": kind, "size": bytes.len(), "digest": Self::digest(bytes) });
        let manifest = serde_json::json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": part(CONFIG, &config),
            "layers": [part(LAYER, &layer)],
        });
        let blobs = [config, layer].map(|bytes| (Self::digest(&bytes), bytes)).to_vec();
        Self { manifest: manifest.to_string().into_bytes(), blobs }
    }
}

/// `container.rs`, compiled: static, since nothing else is in the image.
fn program() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("bitwarden");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/docker/container.rs");
    let compiler = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let flags = ["--edition=2024", "-Copt-level=s", "-Ctarget-feature=+crt-static", "-Cstrip=symbols"];
    let output = Command::new(compiler).args(flags).arg(source).arg("-o").arg(&program).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read(program).unwrap()
}

/// An archive with one program in it.
fn tar(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    let mut field = |at: usize, text: &str| header[at..at + text.len()].copy_from_slice(text.as_bytes());
    field(0, name);
    field(100, "0000755\0");
    field(108, "0000000\0");
    field(116, "0000000\0");
    field(124, &format!("{:011o}\0", bytes.len()));
    field(136, "00000000000\0");
    field(148, "        ");
    field(156, "0");
    field(257, "ustar\0");
    field(263, "00");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let padding = bytes.len().div_ceil(512) * 512 - bytes.len();
    // Two empty blocks end it.
    [&header[..], bytes, &vec![0; padding + 1024]].concat()
}
