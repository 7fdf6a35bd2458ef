//! `kill -9` of the real app between Send and the answer: what was sent is there once, or its draft is there whole.

use std::time::Duration;

use practice_cloud::{Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Setting, Stage, Start, screenshot_png, until};

/// Kills in one run of the test; `SENDOFF_FULL` asks for all.
fn rounds() -> u64 {
    if std::env::var_os("SENDOFF_FULL").is_some() {
        20
    } else {
        5
    }
}

#[tokio::test]
async fn a_killed_app_loses_nothing_and_sends_nothing_twice() {
    let stage = Stage::raise("a_killed_app_loses_nothing_and_sends_nothing_twice", Setting::default()).await;
    let cloud = Practice::start(Options {
        speed: 20.0,
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    page.control("What should change?").await;
    drop(page);
    app.quit(&stage).await;

    let mut drafts = 0;
    for round in 0..rounds() {
        let words = format!("Round {round} of the corners");
        let mut app = stage.start(Start::against(cloud.base_url())).await;
        let page = app.page().await;
        page.click("New").await;
        person::sees_empty_draft(&page).await;
        page.write("What should change?", &words).await;
        let seed = u32::try_from(round).unwrap_or_default();
        stage.copy_picture("image/png", &screenshot_png(800, 600, seed)).await;
        person::paste(&stage, &page).await;
        page.sees_pictures("Picture 1 of 1", 1, LONG).await;
        person::choose_repository(&page, "acme/web").await;
        page.click("Send").await;
        if round % 4 != 0 {
            page.click("Send now").await;
        }
        // The moment of the kill: from at once to well after the answer, spread over the rounds.
        let delay = Duration::from_millis(round * 13 % 120);
        let at = std::time::Instant::now() + delay;
        while std::time::Instant::now() < at {
            std::hint::spin_loop();
        }
        app.kill();
        drop(page);

        let mut app = stage.start(Start::against(cloud.base_url())).await;
        let page = app.page().await;
        let sent = until("the agent, or the whole draft", LONG, || async {
            let made = cloud
                .agents()
                .into_iter()
                .flat_map(|agent| agent.runs)
                .filter(|run| run.prompt == words)
                .map(|run| run.pictures.len())
                .collect::<Vec<_>>();
            if !made.is_empty() {
                return Some(made);
            }
            let draft = page
                .control_now(&format!("{words}. Not sent yet. Draft, 1 picture"))
                .await;
            draft.then(Vec::new)
        })
        .await;
        if sent.is_empty() {
            drafts += 1;
        } else {
            page.control_starting(&format!("{words}. "), LONG).await;
            assert_eq!(sent, [1], "round {round}: one agent, with its picture");
        }
        drop(page);
        app.kill();
    }
    let mut prompts: Vec<String> = cloud
        .agents()
        .into_iter()
        .flat_map(|agent| agent.runs)
        .map(|run| run.prompt)
        .collect();
    let count = prompts.len();
    prompts.sort();
    prompts.dedup();
    assert_eq!(prompts.len(), count, "nothing was sent twice");
    assert_eq!(count as u64 + drafts, rounds(), "nothing was lost");
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}
