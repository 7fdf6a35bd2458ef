use practice_cloud::{Damaged, Options, Practice, Status};
use serde_json::json;

use crate::client::{create, ended, follow_up, get, launch, quick, stream};

/// A folder of its own in the system's place for temporary files, removed at the end.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("practice-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn options(&self) -> Options {
        let mut options = quick();
        options.data = Some(self.0.join("cloud.json"));
        options.knobs.save_after_ms = 20;
        options
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap();
    }
}

#[tokio::test]
async fn agents_runs_events_and_artifacts_survive() {
    let folder = Folder::new("survive");
    let practice = Practice::start(folder.options()).await.unwrap();
    let (agent, run) = create(&practice, &launch("Tidy the login form")).await;
    ended(&practice, &run).await;
    let before = (
        get(&practice, &format!("/v1/agents/{agent}")).await.json(),
        get(&practice, &format!("/v1/agents/{agent}/runs/{run}")).await.json(),
        get(&practice, &format!("/v1/agents/{agent}/artifacts")).await.json(),
        stream(&practice, &agent, &run, None).await.text(),
    );
    practice.stop().await.unwrap();

    let practice = Practice::start(folder.options()).await.unwrap();
    assert_eq!(practice.damaged(), None);
    let after = (
        get(&practice, &format!("/v1/agents/{agent}")).await.json(),
        get(&practice, &format!("/v1/agents/{agent}/runs/{run}")).await.json(),
        get(&practice, &format!("/v1/agents/{agent}/artifacts")).await.json(),
        stream(&practice, &agent, &run, None).await.text(),
    );
    assert_eq!(after.0, before.0);
    assert_eq!(after.1, before.1);
    assert_eq!(after.2, before.2);
    let events = |text: &str| text.split_once("\n\n").unwrap().1.to_owned();
    assert_eq!(events(&after.3), events(&before.3), "the first status may differ");
    let more = follow_up(&practice, &agent, &json!({"prompt": {"text": "Bigger"}})).await;
    assert_eq!(ended(&practice, &more).await.status, Status::Finished);
    practice.stop().await.unwrap();
}

/// What a crash right now would leave: the prompts of the runs of each agent in the data file.
fn on_disk(folder: &Folder) -> Vec<Vec<String>> {
    let Ok(bytes) = std::fs::read(folder.0.join("cloud.json")) else {
        return Vec::new();
    };
    let store: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    let prompts = |agent: &serde_json::Value| {
        let runs = agent["runs"].as_array().unwrap().iter();
        runs.map(|run| run["prompt"].as_str().unwrap().to_owned()).collect()
    };
    store["agents"].as_array().unwrap().iter().map(prompts).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_for_is_in_the_file_already() {
    let folder = Folder::new("answered");
    let mut options = folder.options();
    // Nothing is written by itself in the time of this test.
    options.knobs.save_after_ms = 3_600_000;
    let practice = Practice::start(options).await.unwrap();
    // Writing so many words takes longer than an answer does.
    let words = "Tidy the login form. ".repeat(50_000);
    let (agent, run) = create(&practice, &launch(&words)).await;
    assert!(
        on_disk(&folder) == [vec![words.clone()]],
        "a crash does not take an agent that was answered for"
    );
    ended(&practice, &run).await;
    follow_up(&practice, &agent, &json!({"prompt": {"text": "Bigger"}})).await;
    assert!(
        on_disk(&folder) == [vec![words, "Bigger".to_owned()]],
        "nor a run that was"
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn a_run_stopped_in_the_middle_is_told_to_its_end() {
    let folder = Folder::new("middle");
    let whole = {
        let practice = Practice::start(quick()).await.unwrap();
        let (_, run) = create(&practice, &launch("Tidy the login form")).await;
        let result = ended(&practice, &run).await.result;
        practice.stop().await.unwrap();
        result
    };
    let mut slow = folder.options();
    slow.speed = 2.0;
    let practice = Practice::start(slow).await.unwrap();
    let (agent, run) = create(&practice, &launch("Tidy the login form")).await;
    while practice.agents()[0].runs[0].events < 20 {
        tokio::task::yield_now().await;
    }
    practice.stop().await.unwrap();

    let practice = Practice::start(folder.options()).await.unwrap();
    let end = ended(&practice, &run).await;
    assert_eq!((end.status, end.result), (Status::Finished, whole));
    let frames = stream(&practice, &agent, &run, None).await.frames();
    let thought: String = frames
        .iter()
        .filter(|frame| frame.event == "thinking")
        .map(|frame| frame.value()["text"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        thought.matches("I should find where it is built").count(),
        1,
        "nothing is told twice and nothing is left out"
    );
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn changes_are_on_disk_without_a_stop() {
    let folder = Folder::new("without-stop");
    let practice = Practice::start(folder.options()).await.unwrap();
    let (agent, _) = create(&practice, &launch("[ask] header")).await;
    let file = folder.0.join("cloud.json");
    loop {
        if let Ok(text) = std::fs::read_to_string(&file)
            && text.contains(&agent)
        {
            break;
        }
        tokio::task::yield_now().await;
    }
    practice.stop().await.unwrap();
}

/// The file holds every artifact, so it is not written for each word of a run; but whoever was told that an
/// agent exists finds it again, however the practice cloud ended.
#[tokio::test]
async fn what_was_asked_for_is_written_at_once_and_progress_is_gathered() {
    let folder = Folder::new("gathered");
    let mut options = folder.options();
    options.speed = 4.0;
    options.knobs.save_after_ms = 3_600_000;
    let practice = Practice::start(options).await.unwrap();
    let file = folder.0.join("cloud.json");
    let (agent, _) = create(&practice, &launch("Tidy the login form")).await;
    let first = loop {
        match std::fs::read_to_string(&file) {
            Ok(text) => break text,
            Err(_) => tokio::task::yield_now().await,
        }
    };
    assert!(first.contains(&agent));
    let events = || practice.agents()[0].runs[0].events;
    let before = events();
    while events() < before + 20 {
        tokio::task::yield_now().await;
    }
    assert_eq!(
        std::fs::read_to_string(&file).unwrap(),
        first,
        "the agent went on, and the time to write has not come"
    );
    practice.stop().await.unwrap();
    let last = std::fs::read_to_string(&file).unwrap();
    assert_ne!(last, first, "what was gathered is written at the end");
    assert!(
        practice_cloud::Knobs::default().save_after_ms >= 2000,
        "in the app a run writes every other second at most"
    );
}

#[tokio::test]
async fn a_damaged_file_is_set_aside_and_said() {
    let folder = Folder::new("damaged");
    let file = folder.0.join("cloud.json");
    std::fs::write(&file, b"{\"agents\": [ broken").unwrap();
    let practice = Practice::start(folder.options()).await.unwrap();
    let kept_as = folder.0.join("cloud.json.damaged-1");
    let Some(Damaged { kept_as: told, .. }) = practice.damaged() else {
        panic!("the damage is said")
    };
    assert_eq!(told, &kept_as);
    assert_eq!(std::fs::read(&kept_as).unwrap(), b"{\"agents\": [ broken");
    create(&practice, &launch("header")).await;
    practice.stop().await.unwrap();
}

#[tokio::test]
async fn its_address_stays_unless_somebody_else_has_it() {
    let folder = Folder::new("address");
    let practice = Practice::start(folder.options()).await.unwrap();
    let address = practice.base_url().to_owned();
    let (_, run) = create(&practice, &launch("Tidy the login form")).await;
    ended(&practice, &run).await;
    practice.stop().await.unwrap();

    let practice = Practice::start(folder.options()).await.unwrap();
    assert_eq!(
        practice.base_url(),
        address,
        "links that were given out lead to its pages"
    );
    practice.stop().await.unwrap();

    let port = address.rsplit(':').next().unwrap();
    let _other = std::net::TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    let practice = Practice::start(folder.options()).await.unwrap();
    assert_ne!(practice.base_url(), address, "it starts all the same");
    practice.stop().await.unwrap();
}
