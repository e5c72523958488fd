//! The program that the containers of these tests are made of: compiled alone and statically, with nothing but the
//! standard library, it is the whole of an image. It plays the part that its first argument names.
//!
//! - `nginx` takes connections on 8443 and hands each one, byte for byte, to the socket that the test serves;
//! - `api`, `identity` and `admin` read their environment as the genuine services do, and take connections on a
//!   socket each: that one can be reached is that the service runs;
//! - `mssql` only runs; `setup` gives the installation to its owner, as the genuine one does at each restart;
//! - `health` is the health check.
//!
//! What goes wrong is told by files in the mounted folders, so that a test can change it while nothing else does.

use std::{
    env, fs,
    io::{self, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    os::unix::{
        fs::chown,
        net::{UnixListener, UnixStream},
    },
    path::Path,
    process::ExitCode,
    thread,
};

/// Where the services have the folder that they share.
const CORE: &str = "/etc/bitwarden/core";
/// Where nginx has its configuration.
const NGINX: &str = "/etc/bitwarden/nginx";
/// How .NET ends when nobody caught an exception.
const ABORTED: u8 = 134;
/// The settings that are read as a boolean at the start, and their names in .NET's words.
const BOOLEANS: [(&str, &str); 2] = [
    ("globalSettings__enableCloudCommunication", "GlobalSettings:EnableCloudCommunication"),
    ("globalSettings__disableUserRegistration", "GlobalSettings:DisableUserRegistration"),
];

fn main() -> ExitCode {
    let role = env::args().nth(1).unwrap_or_default();
    let ended = match role.as_str() {
        "nginx" => nginx(),
        "api" | "identity" | "admin" => return service(&role),
        "mssql" => park(),
        "setup" => setup(),
        "health" => health(),
        _ => Err(io::Error::other("no such part")),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{role}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Runs until it is killed.
fn park() -> ! {
    loop {
        thread::park();
    }
}

fn nginx() -> io::Result<()> {
    if Path::new(NGINX).join("broken").exists() {
        return Err(io::Error::other(
            "[emerg] unknown directive \"serverr_name\" in /etc/nginx/conf.d/default.conf:3",
        ));
    }
    let listener = TcpListener::bind("0.0.0.0:8443")?;
    for connection in listener.incoming() {
        let connection = connection?;
        thread::spawn(move || {
            // A test that ended serves no more: the connection closes.
            let _ = UnixStream::connect(Path::new(NGINX).join("front.sock"))
                .and_then(|server| pass_on(connection, server));
        });
    }
    Ok(())
}

fn pass_on(client: TcpStream, server: UnixStream) -> io::Result<()> {
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || {
        let _ = copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    let (mut from_server, mut to_client) = (server, client);
    let copied = copy(&mut from_server, &mut to_client);
    let _ = to_client.shutdown(Shutdown::Both);
    copied
}

/// Each part as it comes.
fn copy(from: &mut impl Read, to: &mut impl Write) -> io::Result<()> {
    let mut part = [0; 16 << 10];
    loop {
        match from.read(&mut part)? {
            0 => return Ok(()),
            read => to.write_all(&part[..read])?,
        }
    }
}

fn service(role: &str) -> ExitCode {
    if let Some(words) = refused(role) {
        eprintln!("Unhandled exception. {words}");
        eprintln!("   at Microsoft.Extensions.Configuration.ConfigurationBinder.BindInstance(Type type)");
        return ExitCode::from(ABORTED);
    }
    let socket = Path::new(CORE).join(format!("{role}.sock"));
    let _ = fs::remove_file(&socket);
    match UnixListener::bind(&socket) {
        Ok(listener) => {
            println!("Now listening on: \"http://[::]:5000\"");
            listener.incoming().for_each(drop);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}: {error}", socket.display());
            ExitCode::FAILURE
        }
    }
}

/// Why it does not start: a value that is no boolean, or one that this test calls none
/// (`core/refuses-ROLE` holds it as `NAME=VALUE`).
fn refused(role: &str) -> Option<String> {
    let hated = fs::read_to_string(Path::new(CORE).join(format!("refuses-{role}"))).unwrap_or_default();
    BOOLEANS.into_iter().find_map(|(name, path)| {
        let value = env::var(name).ok()?;
        let good = ["true", "false"].contains(&value.trim().to_ascii_lowercase().as_str());
        (!good || hated.trim() == format!("{name}={value}")).then(|| {
            format!(
                "System.InvalidOperationException: Failed to convert configuration value '{value}' at '{path}' to \
                 type 'System.Boolean'."
            )
        })
    })
}

fn health() -> io::Result<()> {
    if Path::new(CORE).join("unhealthy").exists() { Err(io::Error::other("not healthy")) } else { Ok(()) }
}

/// Everything in the installation belongs to its owner again.
fn setup() -> io::Result<()> {
    let id = |name: &str| env::var(name).ok().and_then(|text| text.parse().ok());
    give(Path::new("/bitwarden"), id("LOCAL_UID"), id("LOCAL_GID"))?;
    println!("\nBitwarden is up and running!\n===================================================");
    println!("\nvisit https://vault.example.org");
    println!("to update, run `./bitwarden.sh updateself` and then `./bitwarden.sh update`\n");
    Ok(())
}

fn give(path: &Path, uid: Option<u32>, gid: Option<u32>) -> io::Result<()> {
    // What a service makes and removes meanwhile is not there any more.
    let Ok(found) = fs::symlink_metadata(path) else { return Ok(()) };
    if found.is_symlink() {
        return Ok(());
    }
    let _ = chown(path, uid, gid);
    if found.is_dir() {
        for entry in fs::read_dir(path)? {
            give(&entry?.path(), uid, gid)?;
        }
    }
    Ok(())
}
