//! The cloud's rows: the file's own region is asked first, the other only if that does not know the
//! installation (design §9, Region); then the ladder, the sign-in and the license question of that region.

use crate::{
    bitwarden::Cloud,
    domain::{
        answers::LicenseAnswer,
        check::{
            AdviceCode, Cause, Check, CheckId, Finding, Side, Stage, State, Target,
            row::{self, KNOWN, KNOWN_LICENSE, SIGN_IN},
        },
        region::{CloudHost, Conclusion, Lookup, Lookups, Region},
        settings,
    },
    engine::{case::Case, run::Run},
    probe::{self, HttpQuestion, ProbeTarget},
};

use super::{Examined, Scope};

/// The stages that a key or token may only follow (design §9).
const LADDER: [Stage; 5] = [Stage::Name, Stage::Connect, Stage::Proxy, Stage::Tls, Stage::Http];

/// The hosts of a region that are asked.
pub(super) fn hosts(region: Region) -> impl Iterator<Item = &'static str> {
    [CloudHost::Identity, CloudHost::Api].into_iter().map(move |host| region.host(host))
}

/// The region that is asked first: what the file says, else what was given, else the US as the server's default.
pub(crate) fn own_region(case: &Case<'_>) -> Region {
    let of_file = case.survey.layers().ok().and_then(|layers| settings::region_of_file(&layers).region());
    of_file.or(case.run.options.region).unwrap_or(Region::Us)
}

/// Runs the cloud's rows.
pub(super) async fn rows(case: &Case<'_>, scope: Scope) -> Examined {
    let mut examined = Examined::default();
    let ladder = || {
        let hosts = [Target::Identity, Target::Api];
        hosts.into_iter().flat_map(|t| LADDER.map(|s| CheckId::new(Side::Machine, t, s)))
    };
    if !case.run.wants(ladder().chain([KNOWN, SIGN_IN, KNOWN_LICENSE])) {
        return examined;
    }
    let id = case.survey.installation_id();
    let own = own_region(case);
    examined.region = Some(own);
    let mut climbed = climb(case, own, id.as_deref()).await;
    let lookup = climbed.lookup;
    let Some(id) = id else {
        let because = if case.survey.env.is_ok() { row::VALUES } else { row::SYNTAX };
        for row in [KNOWN, SIGN_IN, KNOWN_LICENSE] {
            case.run.done(Check::not_run(row, because));
        }
        return examined;
    };
    examined.lookups.set(own, lookup);
    if lookup != Lookup::Enabled {
        examined.lookups.set(own.other(), ask_other(case, own.other(), &id).await);
    }
    if let Conclusion::Known(region) | Conclusion::Disabled(region) = examined.conclusion()
        && region != own
    {
        examined.region = Some(region);
        climbed = climb(case, region, Some(&id)).await;
    }
    judge_known(case, &examined);
    if scope.sign_in {
        sign_in(case, &id, climbed.reached, &mut examined).await;
    }
    if scope.license {
        ask_license(case, &mut examined).await;
    }
    examined
}

/// The ladder of one region's hosts; the api's HTTP stage is the question whether it knows the installation.
async fn climb(case: &Case<'_>, region: Region, id: Option<&str>) -> Climbed {
    let api = match id {
        Some(id) => ProbeTarget::api(region, id),
        None => {
            let question = HttpQuestion::Any { path: "/".to_owned() };
            ProbeTarget::new(Target::Api, region.host(CloudHost::Api), 443, question)
        }
    };
    let targets = [ProbeTarget::identity(region), api];
    let result = probe::run(&case.net, &targets, &|event| case.run.take(event)).await;
    Climbed {
        reached: result.hosts.iter().all(|host| host.reached),
        lookup: result.host(Target::Api).map(|host| host.lookup).unwrap_or_default(),
    }
}

/// What the ladder of a region gave.
struct Climbed {
    /// Whether both hosts were reached, so that a key may be sent there.
    reached: bool,
    lookup: Lookup,
}

/// One question to the other region's api; it is no row of its own, a fault there is only "no answer".
async fn ask_other(case: &Case<'_>, region: Region, id: &str) -> Lookup {
    if case.run.options.offline || !case.net.reachable_in_demo(region.host(CloudHost::Api), 443) {
        return Lookup::NotAsked;
    }
    case.run.say(crate::domain::request::Event::Asking(vec![region.host(CloudHost::Api).to_owned()]));
    Cloud::new(case.net.clone(), region).installation(id).await.unwrap_or(Lookup::NoAnswer)
}

/// Whether and where the installation is known.
fn judge_known(case: &Case<'_>, examined: &Examined) {
    let region = |check: Check, region: Region| check.with("region", region.setting());
    let check = match examined.conclusion() {
        Conclusion::Known(known) => {
            let wrong = case.survey.layers().ok().and_then(|layers| {
                let findings = settings::findings(&layers, Some(known));
                findings.into_iter().find(|finding| finding.cause == Cause::InstallationWrongRegion)
            });
            region(wrong.map_or_else(|| Check::passed(KNOWN), |finding| Check::found(KNOWN, finding)), known)
        }
        Conclusion::Disabled(known) => {
            let finding = Finding::new(Cause::InstallationDisabled).advise(AdviceCode::AskSupport);
            region(Check::found(KNOWN, finding), known)
        }
        Conclusion::UnknownEverywhere => {
            let finding = Finding::new(Cause::InstallationIdUnknown)
                .command(AdviceCode::NewInstallationId, "https://bitwarden.com/host/");
            Check::found(KNOWN, finding)
        }
        Conclusion::Open => match blocker(case.run, &[Target::Api]) {
            Some(because) => Check::not_run(KNOWN, because),
            None => Check { state: State::Unknown, ..Check::passed(KNOWN) },
        },
    };
    case.run.done(check);
}

/// The first row of these hosts' ladders that did not pass, if any.
fn blocker(run: &Run<'_>, targets: &[Target]) -> Option<CheckId> {
    let report = run.report();
    let rows =
        targets.iter().flat_map(|target| LADDER.map(|stage| CheckId::new(Side::Machine, *target, stage)));
    let stands = |id: &CheckId| match report.get(*id).map(|check| check.state) {
        Some(State::Failed | State::Unknown) => true,
        Some(State::Skipped) => id.stage != Stage::Name,
        _ => false,
    };
    let found: Vec<_> = rows.filter(stands).collect();
    // A row that was not run points at the one that it follows from.
    found.first().map(|id| report.get(*id).and_then(|check| check.because).unwrap_or(*id))
}

async fn sign_in(case: &Case<'_>, id: &str, reached: bool, examined: &mut Examined) {
    let known = matches!(examined.conclusion(), Conclusion::Known(_));
    let because = if reached {
        (!known).then_some(KNOWN)
    } else {
        Some(blocker(case.run, &[Target::Identity, Target::Api]).unwrap_or(KNOWN))
    };
    if let Some(because) = because {
        case.run.done(Check::not_run(SIGN_IN, because));
        return;
    }
    let (Some(region), Some(key)) =
        (examined.region, case.survey.layers().ok().and_then(|layers| settings::installation_key(&layers)))
    else {
        case.run.done(Check::not_run(SIGN_IN, row::VALUES));
        return;
    };
    if let Some(bearer) = case.run.session.cloud(region, id) {
        case.run.done(Check::passed(SIGN_IN));
        examined.key_accepted = Some(true);
        examined.bearer = Some(bearer);
        return;
    }
    case.run.started(SIGN_IN);
    let began = std::time::Instant::now();
    match Cloud::new(case.net.clone(), region).sign_in(id, &key).await {
        Ok(bearer) => {
            case.run.done(Check::passed(SIGN_IN).took(began.elapsed()));
            case.run.session.keep_cloud(region, id, &bearer);
            examined.key_accepted = Some(true);
            examined.bearer = Some(bearer);
        }
        Err(finding) => {
            if finding.cause == Cause::InstallationKeyRejected {
                examined.key_accepted = Some(false);
            }
            case.run.done(Check::found(SIGN_IN, finding).took(began.elapsed()));
        }
    }
}

/// Whether the cloud knows the license's organization, asked with an empty token (design §9).
async fn ask_license(case: &Case<'_>, examined: &mut Examined) {
    let Some(license) = case.license() else {
        case.run.done(Check::not_run(KNOWN_LICENSE, row::LICENSE));
        return;
    };
    let (Some(bearer), Some(region)) = (&examined.bearer, examined.region) else {
        let because = blocker(case.run, &[Target::Api, Target::Identity]).unwrap_or(SIGN_IN);
        case.run.done(Check::not_run(KNOWN_LICENSE, because));
        return;
    };
    case.run.started(KNOWN_LICENSE);
    let began = std::time::Instant::now();
    let answer = Cloud::new(case.net.clone(), region).license(bearer, license, None).await;
    let check = match answer {
        Ok(LicenseAnswer::AllButToken | LicenseAnswer::Accepted { .. }) => {
            examined.license_known = Some(true);
            Check::passed(KNOWN_LICENSE)
        }
        Err(finding) => {
            if finding.cause == Cause::LicenseOrganizationNotInRegion {
                examined.license_known = Some(false);
            }
            Check::found(KNOWN_LICENSE, finding)
        }
    };
    case.run.done(check.took(began.elapsed()));
}

/// Asks only which region knows the installation: no key, no ladder, no row (`plan`, `status`; design §9).
pub(crate) async fn lookups(case: &Case<'_>) -> Lookups {
    let mut lookups = Lookups::default();
    let Some(id) = case.survey.installation_id() else {
        return lookups;
    };
    let own = own_region(case);
    for region in [own, own.other()] {
        if lookups.of(own) == Lookup::Enabled {
            break;
        }
        lookups.set(region, ask_other(case, region, &id).await);
    }
    lookups
}
