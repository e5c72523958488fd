//! Whether ports 80 and 443 are free for certbot once this installation is down: the script runs it between down
//! and up wherever `bwdata/letsencrypt/live` is, and if it cannot bind them the server stays down
//! (`bitwarden.md` A8).

use std::time::Duration;

use crate::domain::check::{AdviceCode, Cause, Finding};

use super::{
    files,
    process::{Call, Runner},
    user,
};

/// What certbot binds.
const PORTS: [u16; 2] = [80, 443];
/// Longest answer of `docker ps`, in bytes.
const ANSWER: usize = 1 << 20;
const WAIT: Duration = Duration::from_secs(15);

/// `restart.port_in_use` for each port that something else than the containers `own` (ids, or their beginnings)
/// holds. Docker must answer, else nobody could tell this installation's nginx from others.
pub(super) async fn taken(runner: &Runner, own: &[String]) -> Vec<Finding> {
    let list = Call::new("docker", ["ps", "--no-trunc", "--format", "{{.ID}}\t{{.Names}}\t{{.Ports}}"]);
    let answer = runner.capture(&list.limit(WAIT), ANSWER).await.ok().filter(|answer| answer.code == 0);
    let Some(answer) = answer else { return Vec::new() };
    let published = published(&String::from_utf8_lossy(&answer.stdout));
    let sockets = tokio::task::spawn_blocking(|| {
        listening(&(files::read_proc("/proc/net/tcp") + &files::read_proc("/proc/net/tcp6")))
    });
    let sockets = sockets.await.unwrap_or_default();
    let held = PORTS.into_iter().filter_map(|port| holder(port, &published, &sockets, own));
    held.map(|(port, holder)| finding(port, &holder)).collect()
}

/// The command that shows what listens on a port of this machine.
pub fn who_listens(port: u16) -> String {
    format!("sudo ss -ltnp 'sport = :{port}'")
}

fn finding(port: u16, holder: &Holder) -> Finding {
    let finding = Finding::new(Cause::RestartPortInUse).with("port", port.to_string());
    match holder {
        Holder::Container(name) => finding
            .with("owner", name)
            .command(AdviceCode::FreePort, user::command_line(&["docker", "stop", name])),
        Holder::Program(uid) => finding
            .with("owner", user::owner(*uid, *uid).to_string())
            .command(AdviceCode::FreePort, who_listens(port)),
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Holder {
    /// Another container.
    Container(String),
    /// A program of this user id.
    Program(u32),
}

/// A container with a port of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Published {
    id: String,
    name: String,
    port: u16,
}

fn holder(
    port: u16,
    published: &[Published],
    sockets: &[(u16, u32)],
    own: &[String],
) -> Option<(u16, Holder)> {
    let mut ours = false;
    for container in published.iter().filter(|container| container.port == port) {
        if !own.iter().any(|id| container.id.starts_with(id.as_str())) {
            return Some((port, Holder::Container(container.name.clone())));
        }
        ours = true;
    }
    let socket = sockets.iter().find(|(bound, _)| *bound == port).filter(|_| !ours);
    socket.map(|(_, uid)| (port, Holder::Program(*uid)))
}

/// Lines of `docker ps`: id, name, and ports as in `0.0.0.0:80->8080/tcp, [::]:80->8080/tcp, 0.0.0.0:90-99->90-99/tcp`.
fn published(lines: &str) -> Vec<Published> {
    let mut found = Vec::new();
    for line in lines.lines() {
        let mut columns = line.split('\t');
        let (Some(id), Some(name), Some(ports)) = (columns.next(), columns.next(), columns.next()) else {
            continue;
        };
        for port in PORTS.into_iter().filter(|port| ports.split(", ").any(|part| publishes(part, *port))) {
            found.push(Published { id: id.to_owned(), name: name.to_owned(), port });
        }
    }
    found
}

fn publishes(part: &str, port: u16) -> bool {
    let Some((host, inside)) = part.split_once("->") else { return false };
    let Some((_, range)) = host.rsplit_once(':').filter(|_| inside.ends_with("/tcp")) else { return false };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    matches!((first.parse::<u16>(), last.parse::<u16>()), (Ok(first), Ok(last)) if (first..=last).contains(&port))
}

/// The listening sockets of the kernel's table: port and user id.
fn listening(table: &str) -> Vec<(u16, u32)> {
    let socket = |line: &str| {
        let mut words = line.split_whitespace().skip(1);
        let (_, port) = words.next()?.rsplit_once(':')?;
        let port = u16::from_str_radix(port, 16).ok()?;
        // 0A: it listens.
        let uid = words.nth(1).filter(|state| *state == "0A").and_then(|_| words.nth(3))?.parse().ok()?;
        Some((port, uid))
    };
    table.lines().filter_map(socket).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_holds_a_port_is_told_from_our_own_nginx() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
            0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 1 1\n\
            1: 0100007F:01BB 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 2 1\n\
            2: 00000000000000000000000001000000:01BB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000 1000        0 3 1\n";
        let sockets = listening(table);
        assert_eq!(sockets, [(80, 33), (443, 1000)]);
        let lines = "aaa1\tbitwarden-nginx\t0.0.0.0:80->8080/tcp, [::]:80->8080/tcp, 127.0.0.1:8443->443/tcp\n\
            bbb2\tother\t0.0.0.0:440-450->440-450/tcp, 80/tcp\nccc3\tudp\t0.0.0.0:80->80/udp\n";
        let published = published(lines);
        assert_eq!(published.len(), 2);
        let own = ["aaa".to_owned()];
        assert_eq!(holder(80, &published, &sockets, &own), None);
        assert_eq!(holder(443, &published, &sockets, &own), Some((443, Holder::Container("other".into()))));
        assert_eq!(holder(80, &[], &sockets, &own), Some((80, Holder::Program(33))));
        assert_eq!(holder(80, &[], &[], &own), None);
    }
}
