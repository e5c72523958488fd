//! Finds the installation: where `--dir` points, else the nearest of the current folder and its parents, else
//! the places where the documentation puts it.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
};

use crate::domain::check::{AdviceCode, Cause, Finding};

use super::{User, user};

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
/// `install.not_found` with the places looked at; `install.unsupported_flavour` for a Lite `settings.env`;
/// `install.not_readable` where `--dir` cannot be entered.
pub fn locate(dir: Option<&Path>, places: &Places) -> Result<Located, Finding> {
    if let Some(dir) = dir {
        return pointed_at(&places.cwd.join(dir)).map(Located::One);
    }
    if let Some(found) = places.cwd.ancestors().take(PARENTS).find_map(holder_of) {
        return Ok(Located::One(found));
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for place in places.roots.iter().chain(&places.home) {
        if let Some(dir) = holder_of(place).filter(|dir| !found.contains(dir)) {
            found.push(dir);
        }
    }
    if found.len() > 1 {
        return Ok(Located::Many(found));
    }
    found.pop().map(Located::One).ok_or_else(|| nowhere(places))
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
/// and then is that folder itself.
pub fn bwdata_of(dir: &Path) -> PathBuf {
    let usual = dir.join("bwdata");
    if !usual.is_dir() && has_marks(dir) { dir.to_owned() } else { usual }
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
    let lite = |file: &Path| file.file_name().is_some_and(|name| name == "settings.env") && file.is_file();
    if let Some(found) = holder_of(&dir) {
        Ok(found)
    } else if lite(&dir) || lite(&dir.join("settings.env")) {
        Err(Finding::new(Cause::InstallUnsupportedFlavour)
            .with("path", dir.to_string_lossy())
            .with("note", "lite"))
    } else if has_marks(&dir) {
        Ok(dir)
    } else {
        Err(not_found(&[dir]))
    }
}

/// The folder that holds `bwdata`, resolved, if `path` is that folder or `bwdata` itself.
fn holder_of(path: &Path) -> Option<PathBuf> {
    let path = fs::canonicalize(path).ok()?;
    if has_marks(&path.join("bwdata")) {
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
            let found = locate(Some(&path), &places).unwrap_err();
            assert_eq!(found.cause, Cause::InstallUnsupportedFlavour);
        }
        let none = locate(Some(&base.path().join("nowhere")), &places).unwrap_err();
        assert_eq!(none.cause, Cause::InstallNotFound);
    }
}
