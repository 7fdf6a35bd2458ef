//! The whole way by keys alone: nothing is clicked, and what has the keyboard can always be seen.

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, Page, SOON, Setting, Stage, Start, screenshot_png, until};

/// Fast enough to wait for, slow enough that its steps can be seen.
const PACE: f64 = 6.0;
/// More steps than any screen here has.
const STEPS: usize = 60;

/// Walks with a key until the control whose name starts with `wanted` has the keyboard.
async fn walk(stage: &Stage, page: &Page, key: &str, wanted: &str) {
    let mut passed = Vec::new();
    loop {
        let name = page.focused().await;
        if name.starts_with(wanted) {
            return page
                .until(
                &format!("{wanted:?} showing that it has the keyboard"),
                SOON,
                "const style = (element) => getComputedStyle(element);
                 const seen = (element) => style(element).outlineStyle !== 'none' || style(element).boxShadow !== 'none';
                 const here = document.activeElement;
                 const row = here.querySelector('.at');
                 return here.matches(':focus-visible') && [here, here.closest('.card'), row].some((one) => one !== null && seen(one));",
            )
            .await;
        }
        passed.push(name);
        assert!(
            passed.len() < STEPS,
            "{key} does not lead to {wanted:?}; it passed {passed:#?}"
        );
        page.run("window.before = document.activeElement", Vec::new()).await;
        stage.press(key);
        page.until(
            &format!("{key} leading from {:?} to another control", passed.last()),
            SOON,
            "return document.activeElement !== window.before",
        )
        .await;
    }
}

#[tokio::test]
async fn the_whole_way_goes_without_a_pointer() {
    let stage = Stage::raise("the_whole_way_goes_without_a_pointer", Setting::default()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    stage.focus("Sendoff");
    walk(&stage, &page, "Tab", "Start practicing").await;
    stage.press("Return");

    // The caret waits in the words.
    page.control("What should change?").await;
    walk(&stage, &page, "Tab", "What should change?").await;
    stage.type_words("Center the sign-in button");
    stage.copy_picture("image/png", &screenshot_png(800, 600, 1)).await;
    stage.press("ctrl+v");
    page.sees_pictures("Picture 1 of 1", 1, SOON).await;
    walk(&stage, &page, "shift+Tab", "Picture 1 of 1").await;
    stage.press("Return");
    page.control("Done").await;
    stage.press("Escape");
    page.until_gone("Done").await;
    until("the picture having the keyboard again", SOON, || async {
        page.focused().await.starts_with("Picture 1 of 1").then_some(())
    })
    .await;

    walk(&stage, &page, "Tab", "Repository").await;
    stage.press("Return");
    walk(&stage, &page, "Tab", "Find a repository").await;
    stage.type_words("acme/web");
    page.control_starting("acme/web", SOON).await;
    stage.press("Return");
    page.control_starting("Repository: acme/web", SOON).await;

    // Taken back and sent again.
    stage.press("ctrl+Return");
    walk(&stage, &page, "Tab", "Undo").await;
    stage.press("Return");
    page.control("What should change?").await;
    assert_eq!(page.value("What should change?").await, "Center the sign-in button");
    stage.press("ctrl+Return");
    walk(&stage, &page, "Tab", "Send now").await;
    stage.press("Return");
    page.sees("done, pull request ready", LONG).await;

    // To a new draft, and back by the arrows of the list.
    stage.press("ctrl+n");
    person::sees_empty_draft(&page).await;
    walk(&stage, &page, "Tab", "Agents and drafts").await;
    stage.press("Down");
    stage.press("Return");
    page.control("Answer").await;
    walk(&stage, &page, "Tab", "Answer").await;
    stage.type_words("Also on phones");
    stage.press("ctrl+Return");
    page.sees("Done: Also on phones.", LONG).await;

    // A menu and a question, and back to where they were asked.
    walk(&stage, &page, "shift+Tab", "More").await;
    stage.press("Return");
    walk(&stage, &page, "Down", "Delete").await;
    stage.press("Return");
    page.control("Cancel").await;
    stage.press("Escape");
    page.until_gone("Cancel").await;
    until("the menu's button having the keyboard again", SOON, || async {
        (page.focused().await == "More").then_some(())
    })
    .await;
    app.quit(&stage).await;
}
