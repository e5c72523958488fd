//! Opens a request: finds the installation, reads its files, looks at what runs where that is wanted, and makes the
//! transport with its roots of trust.

use crate::{
    domain::check::{Cause, Finding},
    net::{Net, NetOptions, Pin},
    system,
};

use crate::engine::{
    case::{Case, Place},
    run::Run,
    seeing::{
        docker,
        survey::{self, Survey},
    },
};

/// Longest `--cacert` file, in bytes.
const CACERT: u64 = 1 << 20;

/// The installation with what runs of it.
///
/// # Errors
/// As [`files`].
pub(crate) async fn with_containers<'a>(run: &'a Run<'a>) -> Result<Case<'a>, Finding> {
    of(run, looked_at(run).await?).await
}

/// The installation as its files are: Docker is not asked.
///
/// # Errors
/// As [`survey::survey`]; a `--cacert` file that cannot be read or holds no certificate.
pub(crate) async fn files<'a>(run: &'a Run<'a>) -> Result<Case<'a>, Finding> {
    of(run, survey::survey(run.options).await?).await
}

/// Where the request works: `--server` stands in for an installation that is not here.
///
/// # Errors
/// As [`files`].
pub(crate) async fn place<'a>(run: &'a Run<'a>) -> Result<Place<'a>, Finding> {
    match (survey::survey(run.options).await, &run.options.server) {
        (Ok(survey), _) => Ok(Place::Here(Box::new(of(run, survey).await?))),
        (Err(finding), Some(_)) if finding.cause == Cause::InstallNotFound && run.options.dir.is_none() => {
            Ok(Place::Elsewhere(run, net(run, Vec::new()).await?))
        }
        (Err(finding), _) => Err(finding),
    }
}

/// The installation with what runs of it, before there is a transport.
///
/// # Errors
/// As [`survey::survey`].
pub(crate) async fn looked_at(run: &Run<'_>) -> Result<Survey, Finding> {
    let mut found = survey::survey(run.options).await?;
    docker::observe(run, &mut found).await;
    Ok(found)
}

/// The case of what was found. The installation's own certificates are accepted for its own host.
///
/// # Errors
/// A `--cacert` file that cannot be read or holds no certificate.
pub(crate) async fn of<'a>(run: &'a Run<'a>, survey: Survey) -> Result<Case<'a>, Finding> {
    let url = run.options.server.as_ref().or(survey.installation.server.as_ref());
    let pin = |host: &str, der: &Vec<u8>| Pin { host: host.to_owned(), der: der.clone() };
    let pins = match url.and_then(|url| url.host_str()) {
        Some(host) => survey.certificates.iter().map(|der| pin(host, der)).collect(),
        None => Vec::new(),
    };
    let net = net(run, pins).await?;
    Ok(Case { run, survey, net })
}

async fn net(run: &Run<'_>, pins: Vec<Pin>) -> Result<Net, Finding> {
    let (id, wanted) = (run.id, run.options.clone());
    let made = tokio::task::spawn_blocking(move || {
        let mut cacert = Vec::new();
        for path in &wanted.cacert {
            let read = system::files::read_bounded(path, CACERT).map_err(|error| {
                Finding::new(Cause::InstallNotReadable)
                    .with("path", path.display().to_string())
                    .with("errno", system::files::errno(&error))
            })?;
            cacert.push((path.clone(), read));
        }
        Net::new(NetOptions {
            connect_to: wanted.connect_to,
            cacert,
            pins,
            mapped_only: wanted.mapped_only,
            offline: wanted.offline,
            run: Some(id),
            ..NetOptions::default()
        })
    });
    made.await.unwrap_or_else(|_| Err(Finding::new(Cause::TlsUntrusted)))
}
