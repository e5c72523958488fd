//! What one process keeps between requests: its bearer of the cloud, so that `connect/token` is asked once a
//! run, and the bearer of the person who signed in on the server (design §9).

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use url::Url;

use crate::domain::{
    answers::{Bearer, UserBearer},
    region::Region,
    request::ApiKey,
};

/// Not asked again sooner than this (design §9: at most once a minute).
const AGAIN_AFTER: Duration = Duration::from_secs(60);
/// Bearers are good for an hour on the server and a day in the cloud; neither is kept longer than this.
const KEPT_FOR: Duration = Duration::from_secs(50 * 60);

/// Kept in memory only.
#[derive(Debug, Default)]
pub(crate) struct Session {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    cloud: Option<(Region, String, Instant, Bearer)>,
    user: Option<(ApiKey, Url, Instant, UserBearer)>,
}

impl Session {
    /// The cloud's bearer for this region and installation, if it is still fresh. A check that asks again within
    /// a minute gets the same one; later it is asked anew, so that a rejected key is noticed.
    pub(crate) fn cloud(&self, region: Region, id: &str) -> Option<Bearer> {
        let kept = self.lock();
        let (of, known, at, bearer) = kept.cloud.as_ref()?;
        (*of == region && known == id && at.elapsed() < AGAIN_AFTER).then(|| bearer.clone())
    }

    /// Keeps the cloud's bearer.
    pub(crate) fn keep_cloud(&self, region: Region, id: &str, bearer: &Bearer) {
        self.lock().cloud = Some((region, id.to_owned(), Instant::now(), bearer.clone()));
    }

    /// The person's bearer for this very key on this server, if it is still good.
    pub(crate) fn user(&self, login: &ApiKey, server: &Url) -> Option<UserBearer> {
        let kept = self.lock();
        let (known, at_server, at, bearer) = kept.user.as_ref()?;
        (known == login && at_server == server && at.elapsed() < KEPT_FOR).then(|| bearer.clone())
    }

    /// Keeps the person's bearer; one that is kept already keeps its time.
    pub(crate) fn keep_user(&self, login: &ApiKey, server: &Url, bearer: &UserBearer) {
        if self.user(login, server).is_none() {
            self.lock().user = Some((login.clone(), server.clone(), Instant::now(), bearer.clone()));
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
