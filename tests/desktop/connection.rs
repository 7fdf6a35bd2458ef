//! A service that goes away and comes back: what waits sends itself, once.

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start};

#[tokio::test]
async fn what_waits_for_the_service_sends_itself() {
    let stage = Stage::raise("what_waits_for_the_service_sends_itself", Setting::default()).await;
    let options = |port: u16, key: Option<String>| Options {
        port,
        key,
        speed: 4.0,
        data: Some(stage.home().join("cloud.json")),
        ..Options::default()
    };
    let cloud = Practice::start(options(0, None))
        .await
        .expect("a practice cloud starts");
    let address = cloud.base_url().to_owned();
    let port = address
        .rsplit(':')
        .next()
        .and_then(|port| port.parse().ok())
        .expect("the address ends in a port");
    let key = cloud.key().to_owned();
    let mut app = stage.start(Start::against(&address)).await;
    let page = app.page().await;
    person::connect(&page, &key).await;
    page.control("What should change?").await;
    cloud.stop().await.expect("the cloud stops");

    person::send(&page, "Center the sign-in button").await;
    page.sees("Waiting for a connection", SOON).await;
    page.control("Undo").await;

    let cloud = Practice::start(options(port, Some(key)))
        .await
        .expect("the cloud is back");
    page.sees("done", LONG).await;
    page.control("Open pull request").await;
    let made: Vec<_> = cloud
        .agents()
        .into_iter()
        .map(|agent| agent.runs.into_iter().map(|run| run.prompt).collect::<Vec<_>>())
        .collect();
    assert_eq!(
        made,
        [["Center the sign-in button"]],
        "it was sent once, as it was written"
    );
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}
