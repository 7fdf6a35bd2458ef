//! Answering: a plan is told to go ahead, a question gets its option, a queue is edited, work is stopped, and what is
//! over is archived and deleted.

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{App, LONG, Page, SOON, Setting, Stage, Start};

/// A connected app over a cloud whose agents hurry.
async fn connected(name: &str) -> (Practice, Stage, App, Page) {
    let cloud = Practice::start(Options {
        speed: 4.0,
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let stage = Stage::raise(name, Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    page.control("What should change?").await;
    (cloud, stage, app, page)
}

/// The prompts of all runs, agent by agent.
fn prompts(cloud: &Practice) -> Vec<Vec<String>> {
    cloud
        .agents()
        .into_iter()
        .map(|agent| agent.runs.into_iter().map(|run| run.prompt).collect())
        .collect()
}

#[tokio::test]
async fn a_plan_goes_ahead_and_a_question_is_answered() {
    let (cloud, stage, _app, page) = connected("a_plan_goes_ahead_and_a_question_is_answered").await;
    page.click("Plan first").await;
    person::send(&page, "Tidy the sign-in form").await;
    page.sees("The plan is ready", LONG).await;
    page.control("Change it").await;
    page.click("Go ahead").await;
    page.control("Open pull request").await;
    page.sees("done, pull request ready", LONG).await;

    page.click("New").await;
    page.control("What should change?").await;
    person::send(&page, "[ask] Round the corners").await;
    page.sees("A question for you", LONG).await;
    let options = page
        .run(
            "return [...document.querySelectorAll('[role=group] button')].map((button) => button.textContent.trim())",
            Vec::new(),
        )
        .await;
    let option = options[0]
        .as_str()
        .expect("the question has options to choose from")
        .to_owned();
    page.click(&option).await;
    page.until_gone(&option).await;
    page.sees("done", LONG).await;

    let expected = vec![
        vec!["Tidy the sign-in form".to_owned(), "Go ahead with the plan.".to_owned()],
        vec!["[ask] Round the corners".to_owned(), option],
    ];
    assert_eq!(prompts(&cloud), expected, "each answer went to its agent, once");
    assert_eq!(
        stage.notices.all(),
        [],
        "nobody is told of what happens before their eyes"
    );
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}

#[tokio::test]
async fn a_queue_is_edited_work_is_stopped_and_what_is_over_goes() {
    let (cloud, _stage, _app, page) = connected("a_queue_is_edited_work_is_stopped_and_what_is_over_goes").await;
    person::send(&page, "[unending] Polish the icons").await;
    page.control("Stop").await;
    page.write("Answer", "Then the logo").await;
    page.click("Queue").await;
    page.sees("Sent when this run ends", SOON).await;
    page.click("Edit").await;
    page.write("Edit", " as well").await;
    page.click("Save").await;
    page.sees("Then the logo as well", SOON).await;
    assert_eq!(
        prompts(&cloud),
        [["[unending] Polish the icons"]],
        "what is queued has not left"
    );
    page.click("Stop").await;
    page.sees("After Stop, what waits isn’t sent by itself.", SOON).await;
    assert_eq!(
        prompts(&cloud),
        [["[unending] Polish the icons"]],
        "who stops a run does not want the next one to begin by itself"
    );
    page.click("Edit").await;
    page.write("Edit", ", please").await;
    page.click("Send it now").await;
    page.sees("done", LONG).await;
    assert_eq!(
        prompts(&cloud),
        [["[unending] Polish the icons", "Then the logo as well, please"]],
        "what waited goes when it is let go, with the words as they were edited"
    );

    page.click("More").await;
    page.click("Archive").await;
    page.sees("This agent is archived", SOON).await;
    page.click("Bring back").await;
    page.control("Answer").await;
    page.click("More").await;
    page.click("Delete").await;
    page.sees("The agent and its conversation are deleted", SOON).await;
    page.click("Delete").await;
    page.control("What should change?").await;
    let left: Vec<_> = cloud.agents().into_iter().filter(|agent| !agent.deleted).collect();
    assert_eq!(left, [], "it is deleted at the service");
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}
