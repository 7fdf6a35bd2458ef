//! What a person does with several gestures, in one call.

use practice_cloud::Knobs;

use super::stage::{Page, SOON, Stage};

/// A practice cloud that lists its repositories as often as it is asked.
pub fn listing_freely() -> Knobs {
    Knobs {
        repositories_per_minute: 0,
        repositories_per_hour: 0,
        ..Knobs::default()
    }
}

/// Pastes with the real key, once the words have the caret.
pub async fn paste(stage: &Stage, page: &Page) {
    page.until(
        "the caret in the composer",
        SOON,
        "return document.activeElement?.tagName === 'TEXTAREA' && document.hasFocus()",
    )
    .await;
    stage.press("ctrl+v");
}

/// Where the picture lies on the desk: left, top, width and height, in CSS pixels.
pub async fn picture_on_desk(page: &Page) -> [f64; 4] {
    let place = page
        .run(
            "const box = document.querySelector('dialog[open] img').getBoundingClientRect(); \
             return [box.left, box.top, box.width, box.height];",
            Vec::new(),
        )
        .await;
    std::array::from_fn(|index| place[index].as_f64().expect("a number"))
}

/// Waits for a draft without words.
pub async fn sees_empty_draft(page: &Page) {
    page.until(
        "an empty draft",
        SOON,
        "return document.querySelector('section textarea')?.value === ''",
    )
    .await;
}

/// Finds a repository by its name and chooses it with the keyboard.
pub async fn choose_repository(page: &Page, name: &str) {
    page.click_starting("Repository").await;
    page.write("Find a repository", name).await;
    page.control_starting(name, SOON).await;
    page.write("Find a repository", "\u{E007}").await;
    page.control_starting(&format!("Repository: {name}"), SOON).await;
}

/// Starts practicing from the first window.
pub async fn practice(page: &Page) {
    page.click("Start practicing").await;
    page.control("What should change?").await;
}

/// Connects an account with a key.
pub async fn connect(page: &Page, key: &str) {
    page.clear("Cursor key").await;
    page.write("Cursor key", key).await;
    page.click("Connect").await;
}

/// Turns the older API on or off for the one account.
pub async fn switch_older_api(stage: &Stage, page: &Page, on: bool) {
    stage.press("ctrl+comma");
    page.click("Reach Cursor the older way").await;
    let switched =
        format!("return document.querySelector('[aria-label=\"Reach Cursor the older way\"]')?.ariaChecked === '{on}'");
    page.until("the older API switched", SOON, &switched).await;
    page.click("Close").await;
}

/// Writes and sends a prompt without waiting for the hold to end.
pub async fn send(page: &Page, words: &str) {
    page.write("What should change?", words).await;
    choose_repository(page, "acme/web").await;
    page.click("Send").await;
    page.click("Send now").await;
}

/// Waits until so many lines tell what a run cost.
pub async fn sees_costs(page: &Page, runs: usize) {
    let start = std::time::Instant::now();
    loop {
        let shown = page.words().await;
        let told = shown
            .lines()
            .filter(|line| line.starts_with("Done in") && line.contains("tokens"))
            .count();
        if told == runs {
            return;
        }
        assert!(
            start.elapsed() < SOON,
            "{runs} runs tell their cost; the page says:\n{shown}"
        );
        tokio::task::yield_now().await;
    }
}

/// The lines of a conversation that tell neither the time nor what it cost: the cost of a run comes a moment after its end.
fn lasting(words: &str) -> Vec<&str> {
    words
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.contains(" ago") && !line.contains(" tokens") && *line != "now")
        .collect()
}

/// Waits until the page shows every lasting line that it showed before, somewhere between the beginning of the
/// conversation and its end: only what is near is drawn.
pub async fn sees_again(page: &Page, before: &str) {
    let start = std::time::Instant::now();
    let mut missing = lasting(before);
    for part in (0..=4).cycle() {
        let script = "const talk = document.querySelector('[aria-label=\"Conversation\"]');
                      talk.scrollTop = (talk.scrollHeight - talk.clientHeight) * arguments[0] / 4;";
        page.run(script, vec![part.into()]).await;
        let now = page.words().await;
        let shown = lasting(&now);
        missing.retain(|line| !shown.contains(line));
        if missing.is_empty() {
            return;
        }
        assert!(
            start.elapsed() < SOON,
            "these lines are not there again: {missing:#?}\nthe page says:\n{now}"
        );
    }
}
