//! The service's clock is what the dates of its answers say.

use std::time::UNIX_EPOCH;

use super::canned::{Canned, Play, answer};
use super::support::client;

#[tokio::test]
async fn the_date_of_the_last_answer_of_any_kind_is_the_time() {
    let at = |date: &str, status: &str| Play::Answer(answer(status, &[date], "{}"));
    let server = Canned::start([
        at("date: Sun, 06 Nov 1994 08:49:37 GMT", "404 Not Found"),
        at("date: soon", "404 Not Found"),
    ])
    .await;
    let client = client(&server.base_url);
    assert_eq!(client.service_time(), None, "nothing is known before an answer");
    for what in ["a refusal tells the time", "a date that is none changes nothing"] {
        assert!(client.me().await.is_err(), "it is a refusal");
        let time = client.service_time().unwrap().duration_since(UNIX_EPOCH).unwrap();
        // 1994, and at most a slow minute later.
        assert!((784_111_777..784_111_837).contains(&time.as_secs()), "{what}: {time:?}");
    }
}
