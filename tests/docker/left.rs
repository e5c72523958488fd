//! What these tests make in the engine, and that nothing of it is left: each takes its own away, also after a panic, and
//! what a killed one left is swept by the next. Both are known by the number of the process that made them.

use std::{
    path::Path,
    process::{Command, Stdio, id},
    sync::Once,
};

/// What all projects of these tests are called, before the number of the process and what it calls them.
const PROJECT: &str = "bwsynctest";
/// By this Compose marks what it makes.
const OF_COMPOSE: &str = "com.docker.compose.project";
/// By this an image says which process made it.
pub const PROCESS: &str = "bwsync.test.process";

/// A project of this process.
pub fn project(name: &str) -> String {
    format!("{PROJECT}-{}-{name}", id())
}

/// The filter that finds what Compose made for a project.
pub fn label(project: &str) -> String {
    format!("label={OF_COMPOSE}={project}")
}

/// What a command says on its standard output.
pub fn said(words: &[&str]) -> String {
    let output = Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Removes the containers and networks of a project.
pub fn remove(project: &str) {
    let setup = format!("{project}-setup");
    let containers = said(&["docker", "ps", "--all", "--quiet", "--filter", &label(project)]);
    let all: Vec<&str> = containers.lines().chain([setup.as_str()]).collect();
    said(&[&["docker", "rm", "--force", "--volumes"][..], &all].concat());
    let networks = said(&["docker", "network", "ls", "--quiet", "--filter", &label(project)]);
    for network in networks.lines() {
        said(&["docker", "network", "rm", network]);
    }
}

/// Removes the images that this filter finds, by all their names.
pub fn remove_images(filter: &str) {
    let found = said(&["docker", "images", "--filter", filter, "--format", "{{.Repository}}:{{.Tag}}"]);
    let found: Vec<&str> = found.lines().collect();
    if !found.is_empty() {
        said(&[&["docker", "rmi", "--force"][..], &found].concat());
    }
}

/// Removes what killed tests left, once a process: their processes are gone, their containers and images are not.
pub fn sweep() {
    static SWEPT: Once = Once::new();
    SWEPT.call_once(|| {
        let format = format!("{{{{.Label \"{OF_COMPOSE}\"}}}}");
        let mut projects = said(&["docker", "ps", "--all", "--format", &format]);
        projects += &said(&["docker", "network", "ls", "--format", &format]);
        for project in projects.lines() {
            let words: Vec<&str> = project.split('-').collect();
            if let [PROJECT, process, _] = words[..]
                && is_gone(process)
            {
                remove(project);
            }
        }
        let images = said(&["docker", "images", "--quiet", "--filter", &format!("label={PROCESS}")]);
        for image in images.lines() {
            let format = format!("{{{{index .Config.Labels \"{PROCESS}\"}}}}");
            let process = said(&["docker", "inspect", "--format", &format, image]);
            if !process.trim().is_empty() && is_gone(process.trim()) {
                remove_images(&format!("label={PROCESS}={}", process.trim()));
            }
        }
    });
}

fn is_gone(process: &str) -> bool {
    !Path::new("/proc").join(process).exists()
}
