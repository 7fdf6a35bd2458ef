//! Follow-ups that wait, are changed, removed or refused: the queue is what was meant, also after a restart.

use practice_cloud::Fault;
use sendoff_core::engine::{NoticeKind, Signal};
use sendoff_core::model::{
    AgentId, AgentState, Answer, Change, Edited, Failure, FollowUpId, FollowUpSource, FollowUpState, ModelChoice,
    ShotTarget, SpendingRange,
};

use crate::stand::Stand;

/// An agent that is done.
async fn done(stand: &Stand) -> AgentId {
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    stand
        .until("the agent is done", |world| {
            (world.agent(&agent)?.agent.state == AgentState::Done).then_some(())
        })
        .await;
    agent
}

/// An agent that works until it is stopped.
async fn working(stand: &Stand) -> AgentId {
    stand.practice.set_fault(Fault::RunNeverEnding, 1);
    let draft = stand.draft("Make it blue").await;
    let launch = stand.send(&draft).await;
    let agent = stand.confirmed(&launch).await;
    stand
        .until("the agent works", |world| {
            matches!(world.agent(&agent)?.agent.state, AgentState::Working { .. }).then_some(())
        })
        .await;
    agent
}

async fn say(stand: &Stand, agent: &AgentId, text: &str) -> FollowUpId {
    let change = Change::FollowUpSend {
        agent: agent.clone(),
        source: FollowUpSource::Words { text: text.to_owned() },
        plan_first: false,
    };
    FollowUpId(stand.change(change).await.unwrap())
}

async fn write(stand: &Stand, agent: &AgentId, text: &str) {
    let (agent, text) = (agent.clone(), text.to_owned());
    stand.change(Change::AnswerText { agent, text }).await;
}

/// The words that wait, how many pictures each has, and whether it was refused.
fn queue(stand: &Stand, agent: &AgentId) -> Vec<(String, usize, bool)> {
    stand.engine.read(|world| {
        let queue = &world.agent(agent).unwrap().agent.queue;
        queue
            .iter()
            .map(|held| {
                let refused = matches!(held.state, FollowUpState::Rejected { .. });
                (held.text.clone(), held.shots.len(), refused)
            })
            .collect()
    })
}

fn answer(stand: &Stand, agent: &AgentId) -> Answer {
    stand
        .engine
        .read(|world| world.agent(agent).unwrap().agent.answer.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_brings_back_what_waits_and_nothing_that_was_removed() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = working(&stand).await;
    let first = say(&stand, &agent, "First").await;
    let second = say(&stand, &agent, "Second").await;
    let third = say(&stand, &agent, "Third").await;
    // Typing saves the agent, with the queue as it is now.
    write(&stand, &agent, "Half a sent").await;
    let (of, follow_up) = (agent.clone(), first);
    stand.change(Change::FollowUpRemove { agent: of, follow_up }).await;
    let edit = Change::FollowUpEdit {
        agent: agent.clone(),
        follow_up: second,
        text: "Second, edited".to_owned(),
    };
    stand.change(edit).await;
    let edited = Edited {
        follow_up: third,
        text: "Third, half chan".to_owned(),
    };
    let typed = Change::AnswerEdited {
        agent: agent.clone(),
        edited: Some(edited.clone()),
    };
    stand.change(typed).await;

    let stand = stand.restart().await;
    let waiting = vec![("Second, edited".to_owned(), 0, false), ("Third".to_owned(), 0, false)];
    assert_eq!(queue(&stand, &agent), waiting, "the queue is as it was left, in order");
    assert_eq!(answer(&stand, &agent).text, "Half a sent", "and so is the answer");
    let kept = stand.engine.read(|world| world.agent(&agent)?.agent.edited.clone());
    assert_eq!(kept, Some(edited), "and what was being changed in one that waits");

    stand.insist(Change::AgentStop { agent: agent.clone() }).await;
    stand.insist(Change::QueueRelease { agent: agent.clone() }).await;
    stand
        .until("both went", |world| {
            let held = &world.agent(&agent)?.agent;
            (held.runs.len() == 3 && held.queue.is_empty() && held.state == AgentState::Done).then_some(())
        })
        .await;
    stand.polite();
}

/// Asks for a follow-up to go one place earlier or later.
async fn shift(stand: &Stand, agent: &AgentId, id: &FollowUpId, earlier: bool) -> Result<(), Failure> {
    let (agent, follow_up) = (agent.clone(), id.clone());
    let change = Change::FollowUpMove {
        agent,
        follow_up,
        earlier,
    };
    stand.engine.change(change).await.map(|_| ())
}

/// The words of the prompts that were sent after the first, in their order.
fn posted(stand: &Stand) -> Vec<String> {
    let requests = stand.practice.requests().into_iter();
    let runs = requests.filter(|request| request.method == "POST" && request.path.ends_with("/runs"));
    runs.filter_map(|run| Some(run.body?["prompt"]["text"].as_str()?.to_owned()))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_what_waits_is_the_users_and_what_is_sent_in_it_is_sent_once() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = working(&stand).await;
    let first = say(&stand, &agent, "First").await;
    say(&stand, &agent, "Second").await;
    let third = say(&stand, &agent, "Third").await;
    assert_eq!(shift(&stand, &agent, &third, true).await, Ok(()));
    assert_eq!(shift(&stand, &agent, &third, true).await, Ok(()));
    assert_eq!(
        (
            shift(&stand, &agent, &third, true).await,
            shift(&stand, &agent, &FollowUpId("none".to_owned()), true).await
        ),
        (Err(Failure::TooLate), Err(Failure::TooLate)),
        "before the first there is no place, and what is gone has none"
    );
    assert_eq!(shift(&stand, &agent, &first, false).await, Ok(()));
    let words = |stand: &Stand| -> Vec<_> { queue(stand, &agent).into_iter().map(|(text, ..)| text).collect() };
    let wanted = ["Third", "Second", "First"];
    assert_eq!(words(&stand), wanted, "it is shown as it was put");

    let stand = stand.restart().await;
    assert_eq!(words(&stand), wanted, "and so it is after a restart");

    // Shifting the first away while the agent becomes free: whoever goes, each goes once.
    stand.insist(Change::AgentStop { agent: agent.clone() }).await;
    stand.insist(Change::QueueRelease { agent: agent.clone() }).await;
    for round in 0..40 {
        drop(shift(&stand, &agent, &third, round % 2 == 1).await);
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    stand
        .until("all went", |world| {
            let held = &world.agent(&agent)?.agent;
            (held.runs.len() == 4 && held.queue.is_empty() && held.state == AgentState::Done).then_some(())
        })
        .await;
    let mut sent = posted(&stand);
    sent.sort();
    assert_eq!(sent, ["First", "Second", "Third"], "each went once");
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_arrived_keeps_its_place() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = done(&stand).await;
    stand.practice.set_fault(Fault::FollowupResetBeforeCommit, 1);
    let unclear = say(&stand, &agent, "Unclear").await;
    stand
        .until("it is not known whether it arrived", |world| {
            let queue = &world.agent(&agent)?.agent.queue;
            matches!(queue.first()?.state, FollowUpState::Uncertain).then_some(())
        })
        .await;
    let next = say(&stand, &agent, "Next").await;
    assert_eq!(
        (
            shift(&stand, &agent, &next, true).await,
            shift(&stand, &agent, &unclear, false).await
        ),
        (Err(Failure::TooLate), Err(Failure::TooLate)),
        "nothing goes before it, for a newer run is its proof"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_button_leave_the_answer_alone_and_the_answer_goes_whole() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = working(&stand).await;
    write(&stand, &agent, "Half a sent").await;
    let pixels = [40, 80, 160, 255].repeat(64 * 48);
    let target = ShotTarget::Answer(agent.clone());
    stand.engine.take_pixels(&target, 64, 48, pixels).await.unwrap();
    let before = answer(&stand, &agent);

    say(&stand, &agent, "Go ahead").await;
    assert_eq!(answer(&stand, &agent), before, "a button sends its own words alone");
    let send = |plan_first| Change::FollowUpSend {
        agent: agent.clone(),
        source: FollowUpSource::Answer,
        plan_first,
    };
    stand.change(send(false)).await;
    let again = stand.engine.change(send(false)).await;
    assert_eq!(again, Err(Failure::PromptEmpty), "the answer was sent and is empty");

    let stand = stand.restart().await;
    assert_eq!(answer(&stand, &agent), Answer::default(), "it does not come back");
    let waiting = vec![("Go ahead".to_owned(), 0, false), ("Half a sent".to_owned(), 1, false)];
    assert_eq!(queue(&stand, &agent), waiting, "it went with its picture");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_joins_an_answer_while_it_is_being_sent_goes_with_it_or_stays_alone() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = working(&stand).await;
    let target = ShotTarget::Answer(agent.clone());
    let mut said = Vec::new();
    for round in 0..5_u8 {
        let text = format!("Make it blue ({round})");
        write(&stand, &agent, &text).await;
        let pixels = |shade: u8| [shade, 80, 160, 255].repeat(64 * 48);
        // The first takes a while to be put together.
        stand
            .engine
            .take_pixels(&target, 64, 48, pixels(2 * round))
            .await
            .unwrap();
        let pictures = answer(&stand, &agent).shots.len() + 1;
        let send = Change::FollowUpSend {
            agent: agent.clone(),
            source: FollowUpSource::Answer,
            plan_first: false,
        };
        let (queued, added) = tokio::join!(
            stand.engine.change(send),
            stand.engine.take_pixels(&target, 64, 48, pixels(2 * round + 1))
        );
        assert!(queued.is_ok() && added.is_ok(), "round {round}: {queued:?}, {added:?}");
        said.push(text);
        let (left, waiting) = (answer(&stand, &agent), queue(&stand, &agent));
        assert_eq!(
            left.text, "",
            "round {round}: words that were sent are not there to be sent again"
        );
        let gone = waiting.last().map_or(0, |(_, shots, _)| *shots);
        assert_eq!(
            gone + left.shots.len(),
            pictures,
            "round {round}: each picture is in one place"
        );
    }
    let words: Vec<_> = queue(&stand, &agent).into_iter().map(|(text, ..)| text).collect();
    assert_eq!(words, said, "each went once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_follow_up_is_told_once_survives_a_restart_and_goes_again_as_it_was() {
    let mut stand = Stand::new().await;
    stand.connect().await;
    let agent = done(&stand).await;
    let Signal::Notice { kind, .. } = stand.signals.recv().await.unwrap();
    assert_eq!(kind, NoticeKind::Done, "its end is told");
    write(&stand, &agent, "Also on phones").await;
    let pixels = [40, 80, 160, 255].repeat(64 * 48);
    let target = ShotTarget::Answer(agent.clone());
    stand.engine.take_pixels(&target, 64, 48, pixels).await.unwrap();
    stand.practice.set_fault(Fault::FollowupUsageLimit, 1);
    let send = Change::FollowUpSend {
        agent: agent.clone(),
        source: FollowUpSource::Answer,
        plan_first: false,
    };
    stand.change(send).await;
    let Signal::Notice { kind, target, .. } = stand.signals.recv().await.unwrap();
    assert_eq!(
        (kind, target),
        (NoticeKind::NeedsYou, None),
        "that money is short is told once, of the account"
    );
    write(&stand, &agent, "Something else").await;

    let mut stand = stand.restart().await;
    let refused = vec![("Also on phones".to_owned(), 1, true)];
    assert_eq!(queue(&stand, &agent), refused, "what was refused is kept");
    let follow_up = stand
        .engine
        .read(|world| world.agent(&agent).unwrap().agent.queue[0].id.clone());
    let again = Change::FollowUpAgain {
        agent: agent.clone(),
        follow_up,
        text: "Also on phones, and tablets".to_owned(),
    };
    let twice = tokio::join!(stand.engine.change(again.clone()), stand.engine.change(again));
    let taken = [&twice.0, &twice.1].into_iter().filter(|sent| sent.is_ok()).count();
    assert_eq!(taken, 1, "pressing twice sends once: {twice:?}");
    stand
        .until("it went", |world| {
            let held = &world.agent(&agent)?.agent;
            (held.runs.len() == 2 && held.queue.is_empty() && held.state == AgentState::Done).then_some(())
        })
        .await;
    assert_eq!(
        answer(&stand, &agent).text,
        "Something else",
        "the answer was not touched"
    );
    let posted: Vec<_> = stand
        .practice
        .requests()
        .into_iter()
        .filter(|request| request.method == "POST" && request.path.ends_with("/runs"))
        .collect();
    assert_eq!(posted.len(), 2, "once refused, once taken");
    let mut edited = posted[0].body.clone().unwrap();
    edited["prompt"]["text"] = "Also on phones, and tablets".into();
    assert_eq!(posted[1].body, Some(edited), "the new words and the same picture");
    let Signal::Notice { kind, .. } = stand.signals.recv().await.unwrap();
    assert_eq!(kind, NoticeKind::Done, "nothing is told again");
    stand.polite();
}

/// A variant of a model of the practice cloud.
async fn variant(stand: &Stand, name: &str) -> ModelChoice {
    let models = stand.engine.models().await.unwrap();
    let found = models.iter().flat_map(|model| {
        let choices = model.variants.iter().map(|variant| ModelChoice {
            id: model.id.clone(),
            parameters: variant.parameters.clone(),
            name: variant.name.clone(),
        });
        choices.collect::<Vec<_>>()
    });
    found.into_iter().find(|choice| choice.name == name).unwrap()
}

async fn choose(stand: &Stand, agent: &AgentId, model: &ModelChoice) {
    let (agent, model) = (agent.clone(), Some(model.clone()));
    stand.change(Change::AnswerModel { agent, model }).await;
}

/// Waits until an agent has done so many runs.
async fn ran(stand: &Stand, agent: &AgentId, runs: usize) {
    stand
        .until("all of it ran", |world| {
            let held = &world.agent(agent)?.agent;
            (held.runs.len() == runs && held.queue.is_empty() && held.state == AgentState::Done).then_some(())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_chosen_for_answers_is_named_kept_in_mind_and_pays_for_its_own_runs() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = done(&stand).await;
    let remembered = |stand: &Stand| {
        stand
            .engine
            .read(|world| world.agent(&agent).unwrap().agent.model.clone())
    };
    assert_eq!(
        remembered(&stand),
        None,
        "it was started with the default of the account"
    );
    say(&stand, &agent, "As before").await;
    ran(&stand, &agent, 2).await;
    let chosen = variant(&stand, "Composer 2.5").await;
    choose(&stand, &agent, &chosen).await;
    say(&stand, &agent, "Slower").await;
    ran(&stand, &agent, 3).await;

    let stand = stand.restart().await;
    assert_eq!(remembered(&stand), Some(chosen), "a restart keeps it in mind");
    say(&stand, &agent, "The same").await;
    ran(&stand, &agent, 4).await;
    let requests = stand.practice.requests().into_iter();
    let named: Vec<_> = requests
        .filter(|request| request.method == "POST" && request.path.ends_with("/runs"))
        .map(|request| request.body.unwrap().get("model").cloned())
        .collect();
    let model = serde_json::json!({"id": "composer-2.5", "params": [{"id": "fast", "value": "false"}]});
    assert_eq!(
        named,
        [None, Some(model.clone()), Some(model)],
        "each says which, once one was chosen"
    );

    let spent = loop {
        let spent = stand.engine.spending(SpendingRange::Week).await.unwrap();
        if spent.total.runs == 4 {
            break spent;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    };
    let mut models: Vec<_> = spent
        .models
        .into_iter()
        .map(|part| (part.of, part.spent.runs))
        .collect();
    models.sort();
    assert_eq!(
        models,
        [(Some(String::new()), 2), (Some("composer-2.5".to_owned()), 2)],
        "the runs count to the model they had"
    );
    stand.polite();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_that_is_refused_is_said_and_another_is_taken_when_it_goes_again() {
    let stand = Stand::new().await;
    stand.connect().await;
    let agent = done(&stand).await;
    let good = variant(&stand, "Composer 2.5").await;
    let gone = ModelChoice {
        id: "gpt-2".to_owned(),
        parameters: Vec::new(),
        name: "GPT-2".to_owned(),
    };
    choose(&stand, &agent, &gone).await;
    let refused = say(&stand, &agent, "Make it red").await;
    let failure = stand
        .until("it is refused", |world| {
            match &world.agent(&agent)?.agent.queue.first()?.state {
                FollowUpState::Rejected { failure } => Some(failure.clone()),
                _ => None,
            }
        })
        .await;
    let model = Some("gpt-2".to_owned());
    assert_eq!(failure, Failure::ModelUnavailable { model }, "and why");
    choose(&stand, &agent, &good).await;
    let again = Change::FollowUpAgain {
        agent: agent.clone(),
        follow_up: refused,
        text: "Make it red".to_owned(),
    };
    stand.change(again).await;
    ran(&stand, &agent, 2).await;
    stand.polite();
}
