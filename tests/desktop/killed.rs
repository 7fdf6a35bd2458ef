//! `kill -9` of the real app between Send and the answer: what was sent is there once, or its draft is there whole.

use std::time::Duration;

use practice_cloud::{Fault, Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Setting, Stage, Start, screenshot_png, until};

/// When the app is killed.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    /// The request has arrived whole, and its answer is still out.
    BeforeTheAnswer,
    /// The answer is out.
    AfterTheAnswer,
    /// Some milliseconds after Send now: somewhere between the first commit and the answer.
    OnTheWay(Duration),
    /// The launch is held, and can still be taken back.
    Held,
}

impl Moment {
    fn of(round: u64) -> Self {
        match round % 5 {
            0 => Self::BeforeTheAnswer,
            1 => Self::AfterTheAnswer,
            2 => Self::Held,
            _ => Self::OnTheWay(Duration::from_millis(round * 13 % 120)),
        }
    }

    /// Waits for the moment.
    async fn comes(self, cloud: &Practice, earlier: usize) {
        match self {
            Self::Held => {}
            Self::OnTheWay(delay) => {
                let at = std::time::Instant::now() + delay;
                while std::time::Instant::now() < at {
                    std::hint::spin_loop();
                }
            }
            Self::BeforeTheAnswer | Self::AfterTheAnswer => {
                let answered = self == Self::AfterTheAnswer;
                until("the request at the cloud", LONG, || async {
                    let posts = posts(cloud);
                    (posts.len() > earlier && posts.last().is_some_and(|status| status.is_some() == answered))
                        .then_some(())
                })
                .await;
            }
        }
    }
}

/// The answers to all launches that arrived; none while one is out.
fn posts(cloud: &Practice) -> Vec<Option<u16>> {
    cloud
        .requests()
        .into_iter()
        .filter(|request| request.method == "POST" && request.path == "/v1/agents")
        .map(|request| request.status)
        .collect()
}

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
        let (moment, earlier) = (Moment::of(round), posts(&cloud).len());
        if moment == Moment::BeforeTheAnswer {
            cloud.set_fault(Fault::CreateDelayed, 1);
        }
        if moment != Moment::Held {
            page.click("Send now").await;
        }
        moment.comes(&cloud, earlier).await;
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
            assert!(
                matches!(moment, Moment::Held | Moment::OnTheWay(_)),
                "round {round}: what arrived cannot be a draft"
            );
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
