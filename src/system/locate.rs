//! Finds the installation: where `--dir` points, else the nearest of the current folder and its parents, else
//! the places where the documentation puts it.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use crate::domain::{
    check::{AdviceCode, Cause, Finding},
    installation::Flavour,
};

use super::{User, flavour, user};

/// Parents of the current folder that are looked at.
const PARENTS: usize = 64;

/// Where to look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// The current folder.
    pub cwd: PathBuf,
    /// The home folder.
    pub home: Option<PathBuf>,
    /// Where installations usually are.
    pub roots: Vec<PathBuf>,
}

impl Places {
    /// Those of this machine and user.
    pub fn of_this_machine(user: &User) -> Self {
        Self {
            cwd: env::current_dir().unwrap_or_else(|_| PathBuf::from("/")),
            home: user.home.clone(),
            roots: ["/opt/bitwarden", "/home/bitwarden"].map(PathBuf::from).to_vec(),
        }
    }
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// The folder that holds `bwdata`, resolved.
    One(PathBuf),
    /// Several, and nothing says which.
    Many(Vec<PathBuf>),
}

/// Looks for the installation.
///
/// # Errors
/// `install.not_found` with the places looked at; `install.unsupported_flavour` and `install.not_bitwarden` for
/// what bwsync does not set up; `install.not_readable` where `--dir` cannot be entered.
pub fn locate(dir: Option<&Path>, places: &Places) -> Result<Located, Finding> {
    joined(dir, places, &[])
}

/// The same with folders that running containers name ([`super::find`]): they count like the usual places.
///
/// # Errors
/// As [`locate`].
pub(super) fn joined(dir: Option<&Path>, places: &Places, named: &[PathBuf]) -> Result<Located, Finding> {
    if let Some(dir) = dir {
        return pointed_at(&places.cwd.join(dir)).map(Located::One);
    }
    if let Some(found) = nearest(places) {
        return Ok(Located::One(found));
    }
    let mut found: Vec<PathBuf> = Vec::new();
    let usual = places.roots.iter().chain(&places.home).filter_map(|place| holder_of(place));
    // Data may lie under another name than `bwdata`; a container's mount says so.
    let resolved = |place: &PathBuf| fs::canonicalize(place).ok().filter(|place| has_marks(place));
    let named = named.iter().filter_map(|place| holder_of(place).or_else(|| resolved(place)));
    for dir in usual.chain(named) {
        if !found.contains(&dir) {
            found.push(dir);
        }
    }
    if found.len() > 1 {
        return Ok(Located::Many(found));
    }
    found.pop().map(Located::One).ok_or_else(|| nowhere(places))
}

/// The installation of the current folder or of the nearest of its parents.
pub(super) fn nearest(places: &Places) -> Option<PathBuf> {
    places.cwd.ancestors().take(PARENTS).find_map(holder_of)
}

/// What several installations mean where nobody can be asked.
pub fn ambiguous(found: &[PathBuf]) -> Finding {
    let finding = Finding::new(Cause::InstallAmbiguous).with("candidates", list(found));
    found.iter().fold(finding, |finding, dir| {
        finding
            .command(AdviceCode::ChooseInstallation, format!("bwsync setup --dir {}", user::quote_path(dir)))
    })
}

/// `bwdata` below the folder that [`locate`] returned: an installation may keep its data under another name,
/// and then is that folder itself, as it is for the lite edition.
pub fn bwdata_of(dir: &Path) -> PathBuf {
    let usual = dir.join("bwdata");
    let lite = || is_marked_lite(dir) || (!has_marks(&usual) && flavour::is_lite(dir));
    if (!usual.is_dir() && has_marks(dir)) || lite() { dir.to_owned() } else { usual }
}

/// A marketplace machine whose edition is lite, whatever else lies there.
fn is_marked_lite(dir: &Path) -> bool {
    flavour::edition(dir) == Some(Flavour::Lite) && flavour::is_lite(dir)
}

/// The installation that `--dir` means.
fn pointed_at(path: &Path) -> Result<PathBuf, Finding> {
    let dir = match fs::canonicalize(path) {
        Ok(dir) => dir,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            return Err(Finding::new(Cause::InstallNotReadable)
                .with("path", path.to_string_lossy())
                .with("errno", super::files::errno(&error)));
        }
        Err(_) => return Err(not_found(&[path.to_owned()])),
    };
    let folder = match dir.parent() {
        Some(parent) if dir.is_file() => parent.to_owned(),
        _ => dir.clone(),
    };
    // Who points at a `settings.env` says that it is one.
    let lite = folder.join("settings.env").is_file();
    if let Some(foreign) = flavour::foreign(&dir).or_else(|| flavour::foreign(&folder)) {
        Err(foreign.finding(&dir))
    } else if let Some(found) = holder_of(&folder) {
        Ok(found)
    } else if lite || has_marks(&folder) {
        Ok(folder)
    } else {
        Err(not_found(&[dir]))
    }
}

/// The folder that holds `bwdata`, resolved, if `path` is that folder or `bwdata` itself.
pub(super) fn holder_of(path: &Path) -> Option<PathBuf> {
    let path = fs::canonicalize(path).ok()?;
    if has_marks(&path.join("bwdata")) || flavour::is_lite(&path) {
        return Some(path);
    }
    let named = path.file_name().is_some_and(|name| name == "bwdata");
    (named && has_marks(&path)).then(|| path.parent().map(Path::to_owned)).flatten()
}

/// Whether this folder is a server's data: it has what the installer writes, or cannot be looked into.
fn has_marks(bwdata: &Path) -> bool {
    let denied = |error: &io::Error| error.kind() == io::ErrorKind::PermissionDenied;
    match fs::read_dir(bwdata) {
        Ok(_) => ["config.yml", "env/global.override.env", "docker/docker-compose.yml"].iter().any(|mark| {
            match fs::metadata(bwdata.join(mark)) {
                Ok(meta) => meta.is_file(),
                Err(error) => denied(&error),
            }
        }),
        Err(error) => denied(&error) && bwdata.file_name().is_some_and(|name| name == "bwdata"),
    }
}

fn nowhere(places: &Places) -> Finding {
    let places_there = std::iter::once(&places.cwd).chain(&places.roots).chain(&places.home);
    for place in places_there {
        if let Some(foreign) = flavour::foreign(place) {
            return foreign.finding(place);
        }
    }
    let mut looked = vec![places.cwd.clone()];
    for place in places.roots.iter().chain(&places.home) {
        if !looked.contains(place) {
            looked.push(place.clone());
        }
    }
    not_found(&looked)
}

fn not_found(looked: &[PathBuf]) -> Finding {
    Finding::new(Cause::InstallNotFound)
        .with("candidates", list(looked))
        .command(AdviceCode::PointToInstallation, "bwsync setup --dir PATH")
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.to_string_lossy()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn installed(at: &Path) -> PathBuf {
        fs::create_dir_all(at.join("bwdata/env")).unwrap();
        fs::write(at.join("bwdata/env/global.override.env"), "").unwrap();
        fs::canonicalize(at).unwrap()
    }

    fn places(base: &Path) -> Places {
        for name in ["cwd/deep", "home", "opt"] {
            fs::create_dir_all(base.join(name)).unwrap();
        }
        Places { cwd: base.join("cwd/deep"), home: Some(base.join("home")), roots: vec![base.join("opt")] }
    }

    #[test]
    fn the_nearest_parent_wins_and_of_the_others_two_are_a_choice() {
        let base = tempfile::tempdir().unwrap();
        let places = places(base.path());
        let missing = locate(None, &places).unwrap_err();
        assert_eq!(missing.cause, Cause::InstallNotFound);
        assert!(missing.evidence.get("candidates").unwrap().contains("cwd/deep"));
        assert_eq!(missing.advice[0].command.as_deref(), Some("bwsync setup --dir PATH"));

        let opt = installed(&places.roots[0]);
        assert_eq!(locate(None, &places), Ok(Located::One(opt.clone())));
        let home = installed(places.home.as_ref().unwrap());
        let both = vec![opt, home];
        assert_eq!(locate(None, &places), Ok(Located::Many(both.clone())));
        let finding = ambiguous(&both);
        assert_eq!((finding.cause, finding.advice.len()), (Cause::InstallAmbiguous, 2));

        let parent = installed(&base.path().join("cwd"));
        assert_eq!(locate(None, &places), Ok(Located::One(parent)));
        let nearest = installed(&places.cwd);
        assert_eq!(locate(None, &places), Ok(Located::One(nearest)));
    }

    #[test]
    fn dir_is_the_folder_bwdata_itself_or_a_lite_one() {
        let base = tempfile::tempdir().unwrap();
        let places = places(base.path());
        let dir = installed(&base.path().join("server"));
        assert_eq!(locate(Some(&dir), &places), Ok(Located::One(dir.clone())));
        assert_eq!(locate(Some(&dir.join("bwdata")), &places), Ok(Located::One(dir.clone())));
        assert_eq!(locate(Some(Path::new("../../server")), &places), Ok(Located::One(dir.clone())));
        assert_eq!(bwdata_of(&dir), dir.join("bwdata"));

        let renamed = base.path().join("data");
        fs::rename(dir.join("bwdata"), &renamed).unwrap();
        let renamed = fs::canonicalize(renamed).unwrap();
        assert_eq!(locate(Some(&renamed), &places), Ok(Located::One(renamed.clone())));
        assert_eq!(bwdata_of(&renamed), renamed);

        let lite = base.path().join("lite");
        fs::create_dir(&lite).unwrap();
        fs::write(lite.join("settings.env"), "").unwrap();
        for path in [lite.clone(), lite.join("settings.env")] {
            let found = locate(Some(&path), &places).unwrap();
            assert_eq!(found, Located::One(fs::canonicalize(&lite).unwrap()));
        }
        let none = locate(Some(&base.path().join("nowhere")), &places).unwrap_err();
        assert_eq!(none.cause, Cause::InstallNotFound);
    }
}
