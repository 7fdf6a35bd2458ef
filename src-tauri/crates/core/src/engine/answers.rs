//! The client's errors in the words of the machines. Pure.

use cursor_cloud_agents::{Delivery as Sent, Error};

use super::shown;
use crate::machines::launch::answer::{Delivery, Refusal};

/// How many characters of the service's own words are kept.
const WORDS: usize = 500;

/// The answer as the machines classify it, its words made safe to show; none when there was no HTTP answer.
pub(crate) fn refusal(error: &Error) -> Option<Refusal> {
    Some(Refusal {
        status: error.status()?,
        recognised: error.is_recognised(),
        code: error.code().map(|code| code.as_str().to_owned()),
        message: shown(error.message().unwrap_or_default(), WORDS),
        retry_after: error.retry_after().map(|wait| wait.as_secs()),
        help_url: error.help_url().map(str::to_owned),
    })
}

/// Whether anything of the request left this computer.
pub(crate) fn delivery(error: &Error) -> Delivery {
    match error.delivery() {
        Sent::NotSent => Delivery::NotSent,
        Sent::Answered | Sent::Unknown => Delivery::Unknown,
    }
}

/// Whether the service could not be reached at all.
pub(crate) fn is_offline(error: &Error) -> bool {
    error.status().is_none()
}
