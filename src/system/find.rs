//! Finds installations that run, by what Docker says of their containers: the folder of the compose file, and
//! where the api's data lies (issue 5, Find).

use std::path::{Path, PathBuf};

use crate::domain::check::Finding;

use super::{
    containers::{self, Inspected},
    flavour::{self, Foreign},
    locate::{self, Located, Places},
    process::Runner,
};

/// Looks for the installation as [`locate::locate`] does, and where neither `dir` nor the current folder names
/// one, by running containers too. Two distinct installations are a choice.
///
/// # Errors
/// As [`locate::locate`]; where only Vaultwarden runs, `install.not_bitwarden`.
pub async fn find(dir: Option<&Path>, places: &Places, runner: &Runner) -> Result<Located, Finding> {
    let (at, here) = (dir.map(Path::to_owned), places.clone());
    let pointed = tokio::task::spawn_blocking(move || at.is_some() || locate::nearest(&here).is_some());
    let named = if pointed.await.unwrap_or(true) { Running::default() } else { running(runner).await };
    let (at, here, folders) = (dir.map(Path::to_owned), places.clone(), named.folders.clone());
    let found = tokio::task::spawn_blocking(move || locate::joined(at.as_deref(), &here, &folders)).await;
    let found = found.unwrap_or_else(|_| locate::locate(dir, places));
    match found {
        Err(finding) if finding.cause == crate::domain::check::Cause::InstallNotFound => {
            let other = named.vaultwarden.map(|name| Foreign::Vaultwarden.finding(Path::new(&name)));
            Err(other.unwrap_or(finding))
        }
        found => found,
    }
}

/// What runs here.
#[derive(Debug, Default)]
struct Running {
    /// Folders that may hold an installation.
    folders: Vec<PathBuf>,
    /// The name of a container of Vaultwarden.
    vaultwarden: Option<String>,
}

async fn running(runner: &Runner) -> Running {
    let Ok(answer) = containers::inspect(runner, false).await else { return Running::default() };
    let mut running = Running::default();
    for container in containers::inspected(&answer) {
        let image = container.image.clone().unwrap_or_default();
        if flavour::is_vaultwarden_image(&image) {
            running.vaultwarden = Some(container.name.trim_start_matches('/').to_owned());
        } else {
            running.folders.extend(folders(&container, &image));
        }
    }
    running
}

/// The folders that an api or lite container points to, the surest first.
fn folders(container: &Inspected, image: &str) -> Vec<PathBuf> {
    let service = container.label("service").unwrap_or_default();
    let lite = flavour::is_lite_image(image, service);
    let name = image.split(['@', ':']).next().unwrap_or_default();
    let api = service == "api" || name.ends_with("/api") || container.name.ends_with("bitwarden-api");
    if !lite && !api {
        return Vec::new();
    }
    let data = container.on_this_machine(Path::new("/etc/bitwarden/core")).filter(|_| api);
    let bwdata = data.as_deref().and_then(Path::parent).map(Path::to_owned);
    let project = container.label("project.working_dir").map(PathBuf::from);
    let config = container.label("project.config_files").and_then(|files| files.split(',').next());
    let config = config.and_then(|file| Path::new(file).parent()).map(Path::to_owned);
    // The genuine compose file lies in `bwdata/docker`.
    let of_compose = [project, config].into_iter().flatten();
    let of_compose = of_compose.map(|dir| match (dir.file_name(), dir.parent()) {
        (Some(name), Some(parent)) if name == "docker" => parent.to_owned(),
        _ => dir,
    });
    bwdata.into_iter().chain(of_compose).filter(|dir| dir.is_absolute()).collect()
}
