//! Whether a request that failed can have had an effect. This is what makes a safe retry possible.

use std::error::Error as StdError;
use std::io;

use super::ErrorKind;

/// What is known about a request that brought no success.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Delivery {
    /// No byte of it can have arrived: it may be sent again.
    NotSent,
    /// The API itself refused it: it had no effect.
    Answered,
    /// It may have arrived and may have had its effect: find out before sending anything again.
    Unknown,
}

/// A refusal is definite when the API wrote it. A gateway's page, a 408, a redirect or any 5xx says
/// nothing about what happened behind it; the three statuses below are given before a body is acted on.
/// `leaked`: an inner limit met while the request was being acted on (`resource_exhausted`), so that part
/// of it may be done.
pub(super) fn of_refusal(status: u16, recognised: bool, leaked: bool) -> Delivery {
    match status {
        413 | 414 | 431 => Delivery::Answered,
        408 | 499 => Delivery::Unknown,
        429 if leaked => Delivery::Unknown,
        400..=499 if recognised => Delivery::Answered,
        _ => Delivery::Unknown,
    }
}

pub(super) fn of_transport(error: &reqwest::Error) -> (ErrorKind, Delivery) {
    if error.is_connect() {
        let kind = if is_tls(error) {
            ErrorKind::Tls
        } else {
            ErrorKind::Connect
        };
        (kind, Delivery::NotSent)
    } else if error.is_builder() {
        (ErrorKind::Connect, Delivery::NotSent)
    } else if error.is_timeout() {
        (ErrorKind::TimedOut, Delivery::Unknown)
    } else {
        (ErrorKind::Interrupted, Delivery::Unknown)
    }
}

/// Looks for an error of the TLS library anywhere below. An `io::Error` hides what it wraps from
/// `source`, so it is opened by hand.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(current) = next {
        if current.is::<rustls::Error>() {
            return true;
        }
        if let Some(wrapped) = current.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && is_tls(wrapped)
        {
            return true;
        }
        next = current.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_api_itself_refused_is_known_to_have_had_no_effect() {
        use Delivery::{Answered, Unknown};
        let table = [
            (400, true, Answered),
            (401, true, Answered),
            (401, false, Unknown),
            (409, true, Answered),
            (429, true, Answered),  // the API's own limit is applied before a request is acted on
            (429, false, Unknown),  // a gateway's may be met on the way back
            (413, false, Answered), // the body was not even taken
            (404, false, Unknown),  // a page of some gateway
            (408, true, Unknown),
            (499, true, Unknown),
            (500, true, Unknown),
            (502, false, Unknown),
            (504, true, Unknown),
            (307, false, Unknown),
        ];
        for (status, recognised, expected) in table {
            assert_eq!(
                of_refusal(status, recognised, false),
                expected,
                "{status} recognised={recognised}"
            );
        }
        assert_eq!(
            of_refusal(429, true, true),
            Unknown,
            "a limit met inside leaves part of the request done"
        );
    }
}
