//! Which organization a request is about: the one that `--org` names, or the only one that has a license here.

use crate::domain::{
    check::Finding,
    installation::Organization,
    license::License,
    outside,
    request::{Options, Problem},
};

/// Which organization is meant.
#[derive(Debug)]
pub(crate) enum Choice<'a> {
    One(&'a License),
    /// There is no license file.
    None,
    /// There are license files, and none of them can be read: why the first cannot.
    Unreadable(&'a Finding),
    /// There are several, or `--org` names none of them.
    Several,
}

/// The organization that `--org` names, or the only one, among the licenses that could be read.
pub(crate) fn of<'a>(licenses: &'a [License], unreadable: &'a [Finding], options: &Options) -> Choice<'a> {
    let mut matching =
        licenses.iter().filter(|license| options.org.as_ref().is_none_or(|wanted| is_named(license, wanted)));
    match (matching.next(), matching.next()) {
        (Some(one), None) => Choice::One(one),
        (None, _) if options.org.is_none() => unreadable.first().map_or(Choice::None, Choice::Unreadable),
        _ => Choice::Several,
    }
}

/// The license of the organization, if one is chosen.
pub(crate) fn license<'a>(licenses: &'a [License], options: &Options) -> Option<&'a License> {
    match of(licenses, &[], options) {
        Choice::One(license) => Some(license),
        Choice::None | Choice::Unreadable(_) | Choice::Several => None,
    }
}

/// That nobody said which organization is meant, with those that there are.
pub(crate) fn open(licenses: &[License]) -> Problem {
    let choice = |organization: Organization| match organization.name {
        Some(name) => format!("{} ({})", organization.id, outside::clean(&name)),
        None => organization.id,
    };
    Problem::OrganizationOpen { choices: licenses.iter().map(License::organization).map(choice).collect() }
}

/// Refuses an `--org` that names none of the organizations.
///
/// # Errors
/// The organizations that there are.
pub(crate) fn named(licenses: &[License], options: &Options) -> Result<(), Problem> {
    match (&options.org, license(licenses, options)) {
        (Some(_), None) => Err(open(licenses)),
        _ => Ok(()),
    }
}

fn is_named(license: &License, wanted: &str) -> bool {
    let wanted = wanted.trim();
    license.self_hosted_id.eq_ignore_ascii_case(wanted) || license.cloud_id.eq_ignore_ascii_case(wanted)
}
