//! An account on the older API: sent, followed by asking, answered; and a launch whose answer was lost is asked about,
//! never sent again by itself.

use practice_cloud::{Fault, Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start};

#[tokio::test]
async fn an_account_on_the_older_api_is_followed_and_asks_when_it_cannot_tell() {
    let cloud = Practice::start(Options {
        speed: 10.0,
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let stage = Stage::raise("an_account_on_the_older_api", Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    person::sees_empty_draft(&page).await;
    person::switch_older_api(&stage, &page, true).await;

    person::send(&page, "Center the sign-in button").await;
    page.sees("The older way to reach Cursor shows no steps and no cost.", LONG)
        .await;
    page.sees("done, pull request ready", LONG).await;
    page.write("Answer", "Also on phones").await;
    stage.press("ctrl+Return");
    page.sees("Done: Also on phones.", LONG).await;

    cloud.set_fault(Fault::Create504BeforeCommit, 1);
    page.click("New").await;
    person::sees_empty_draft(&page).await;
    person::send(&page, "Tidy the header").await;
    page.sees("Finding out whether it arrived", LONG).await;
    // Looks of the older API are counted with everything else that is asked in a minute.
    page.control_starting("Don’t send", LONG).await;
    assert_eq!(
        prompts(&cloud),
        ["Center the sign-in button", "Also on phones"],
        "nothing is sent unasked"
    );
    page.click("Send again").await;
    page.sees("Tidy the header", SOON).await;
    page.sees("done, pull request ready", LONG).await;
    assert_eq!(
        prompts(&cloud),
        ["Center the sign-in button", "Also on phones", "Tidy the header"],
        "what was decided is sent once"
    );
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
    app.quit(&stage).await;
}

/// Every prompt that arrived, in the order of agents and their runs.
fn prompts(cloud: &Practice) -> Vec<String> {
    cloud
        .agents()
        .into_iter()
        .flat_map(|agent| agent.runs)
        .map(|run| run.prompt)
        .collect()
}
