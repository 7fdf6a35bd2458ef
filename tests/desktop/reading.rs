//! A step looked at closely in the real window: by a click, and by keys alone.

use sendoff_tests::person;
use sendoff_tests::stage::{LONG, SOON, Setting, Stage, Start};

const PACE: f64 = 6.0;

#[tokio::test]
async fn a_step_unfolds_to_what_it_did() {
    let stage = Stage::raise("a_step_unfolds_to_what_it_did", Setting::default()).await;
    let mut app = stage.start(Start::practicing(PACE)).await;
    let page = app.page().await;
    person::practice(&page).await;
    person::send(&page, "Center the sign-in button").await;
    page.sees("done, pull request ready", LONG).await;
    let with_head = |words: &str, script: &str| {
        format!(
            "const heads = [...document.querySelectorAll('button.head')];
             const head = heads.find((one) => one.textContent.includes('{words}'));
             if (head === undefined) return false;
             {script}"
        )
    };
    let click = "if (head.getAttribute('aria-expanded') === 'false') head.click();
         return head.getAttribute('aria-expanded') === 'true';";
    page.until("the edit, clicked", SOON, &with_head("form.css", click))
        .await;
    page.until(
        "the lines of the change, by sign",
        SOON,
        "const signs = [...document.querySelectorAll('.diff .sign')].map((sign) => sign.textContent);
         return signs.includes('+') && signs.includes('−');",
    )
    .await;
    let focus = "head.focus(); return document.activeElement === head;";
    page.until("the keyboard on the tests", SOON, &with_head("Ran the tests", focus))
        .await;
    stage.press("Return");
    page.until(
        "the command, what it wrote, and its code",
        SOON,
        "const text = document.body.textContent;
         return ['Command', 'Output', 'Exit code 0'].every((words) => text.includes(words));",
    )
    .await;
    page.until(
        "colors in the code of the reply",
        SOON,
        "return document.querySelectorAll('figure code span').length > 2",
    )
    .await;
    // What is unfolded grew above the end, where the conversation stays; and a picture is of what was painted.
    let painted = "head.scrollIntoView({ block: 'start' });
         return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))));";
    page.until("it painted", SOON, &with_head("form.css", painted)).await;
    std::fs::write(stage.logs().join("unfolded.png"), page.photograph().await).expect("a picture can be kept");
    app.quit(&stage).await;
}
