//! Every story of the practice cloud in the real window: each page says in words how its agent stands, and the list
//! says the same of all at once.

use practice_cloud::{Knobs, Options, Practice};
use sendoff_tests::person;
use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start};

/// A story's prompt, what its page says of it, and what its row in the list does.
const STORIES: [(&str, &str, &str); 7] = [
    ("[silent] Polish the icons", "last sign of life", "Reading 2 files"),
    ("[unending] Polish the logo", "last sign of life", "Reading 2 files"),
    (
        "[slow] Tidy the footer",
        "done, pull request ready",
        "Pull request ready",
    ),
    ("[fail] Tidy the header", "failed: ", "Failed: "),
    ("[expire] Tidy the menu", "failed: ", "Failed: "),
    ("[ask] Round the corners", "asks you something", "Asks: "),
    ("[huge] Write all of it", "line 200 ends here.", "Done"),
];

#[tokio::test]
async fn every_story_is_told_in_words() {
    let cloud = Practice::start(Options {
        speed: 20.0,
        knobs: Knobs {
            huge_deltas: 4_000,
            ..person::listing_freely()
        },
        ..Options::default()
    })
    .await
    .expect("a practice cloud starts on loopback");
    let stage = Stage::raise("every_story_is_told_in_words", Setting::default()).await;
    let mut app = stage.start(Start::against(cloud.base_url())).await;
    let page = app.page().await;
    person::connect(&page, cloud.key()).await;
    page.control("What should change?").await;
    page.click("Plan first").await;
    person::send(&page, "Tidy the sign-in form").await;
    page.sees("made a plan and waits for you", LONG).await;
    page.control("Go ahead").await;
    page.click("New").await;
    page.control("What should change?").await;
    page.click("Plan first").await;
    for (prompt, said, _) in STORIES {
        person::send(&page, prompt).await;
        page.sees(said, LONG).await;
        page.click("New").await;
        page.control("What should change?").await;
    }
    let rows = "[...document.querySelectorAll('aside [role=option], aside [role=row]')].map((row) => row.textContent)";
    let told = STORIES.iter().map(|(prompt, _, row)| (*prompt, *row));
    for (prompt, row) in told.chain([("Tidy the sign-in form", "Has a plan for you")]) {
        // The agent's own name leaves out what is in brackets.
        let title = prompt.rsplit("] ").next().unwrap_or(prompt);
        let says = format!("return {rows}.some((row) => row.includes({title:?}) && row.includes({row:?}))");
        page.until(&format!("the row of {title} that says {row}"), SOON, &says)
            .await;
    }
    // Heartbeats come of the one that never ends, nothing at all of the other.
    let quiet = |title: &str| format!("{rows}.some((row) => row.includes({title:?}) && row.includes('Quiet for'))");
    let silent = format!("return {} && !{}", quiet("Polish the icons"), quiet("Polish the logo"));
    page.until("the silent one is quiet and the other is not", LONG, &silent)
        .await;
    stage.tray.expect("Polish the icons: quiet", LONG).await;
    stage.tray.expect("Round the corners: needs you", SOON).await;
    stage
        .tray
        .expect("2 agents need you, 2 agents working, 1 quiet", SOON)
        .await;
    assert_eq!(cloud.violations(), [], "every request keeps the API's rules");
}
