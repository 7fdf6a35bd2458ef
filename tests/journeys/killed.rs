//! `kill -9` between paste, send and confirm: a process of the core is killed again and again and started again.
//! After each kill the world is whole: the draft with all that was said to be saved, or exactly one agent for it;
//! nothing doubled, nothing lost, nothing stuck, and all that was there before as it was. Half of the lives use the
//! older API, which takes no identifier: where it cannot be told whether it arrived, its owner says to send it again,
//! so that one that did arrive and was not found would be doubled.
//!
//! `SENDOFF_KILLS` is the number of kills (40 unless told); every third start after a kill is killed too.
#![expect(clippy::print_stdout, reason = "the proof prints its figures")]

mod process;
mod windowless;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use practice_cloud::{AgentSnapshot, Knobs, Options as PracticeOptions, Practice};
use sendoff_core::model::{Draft, LaunchState, Shot, ShotId};
use sendoff_shots::{Fit, Markup};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use process::Process;
use windowless::{EDGE, Phase, Said, Seen, SeenAgent, Task, pixels, words};

/// Folders that live at the same time; most of the time is spent waiting for looks.
const LIVES: u32 = 8;

/// How long the world may take to be whole again: four looks for an answer that got lost take fifteen seconds.
const PATIENCE: Duration = Duration::from_mins(2);

const REPOSITORY: &str = "https://github.com/acme/web";

#[test]
fn whatever_is_killed_at_any_instant_is_whole_after_the_next_start() {
    windowless::be_killed();
    let kills = std::env::var("SENDOFF_KILLS").map_or(40, |kills| kills.parse::<u32>().unwrap());
    let runtime = Arc::new(Runtime::new().unwrap());
    let lives: Vec<_> = (0..LIVES)
        .map(|life| {
            let runtime = Arc::clone(&runtime);
            let rounds = (life..kills).step_by(LIVES as usize);
            std::thread::spawn(move || {
                let older_api = life % 2 == 1;
                let practice = runtime.block_on(Practice::start(practice_options(older_api))).unwrap();
                let mut life = Life::new(practice, older_api);
                rounds.for_each(|round| life.round(round));
                life.figures
            })
        })
        .collect();
    let mut figures = Figures::default();
    let ends: Vec<_> = lives.into_iter().map(JoinHandle::join).collect();
    for end in ends {
        figures.add(end.unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
    }
    println!("{figures:#?}");
    let first: u32 = figures.killed_in.values().sum();
    assert_eq!(first, kills, "each round has its kill");
    if kills >= 200 {
        for phase in Phase::ALL {
            assert!(
                figures.killed_in.get(&phase).is_some_and(|&count| count >= 5),
                "a phase in which nothing is killed proves nothing: {phase:?} in {figures:#?}"
            );
        }
        assert!(figures.made_unseen >= 5, "answers got lost: {figures:#?}");
    }
}

fn practice_options(older_api: bool) -> PracticeOptions {
    // A story in a tenth of a second. The older API is asked for its end only now and then, so that it is sooner there.
    let speed = if older_api { 2_000_u32 } else { 200 };
    PracticeOptions {
        speed: f64::from(speed),
        knobs: Knobs {
            // An answer takes 20 ms once the agent is there.
            create_delay_ms: 20 * u64::from(speed),
            ..Knobs::default()
        },
        ..PracticeOptions::default()
    }
}

/// What was met.
#[derive(Debug, Default)]
struct Figures {
    killed_in: BTreeMap<Phase, u32>,
    /// Starts after a kill that were killed as well.
    killed_again: u32,
    /// Kills after the agent was made and before the process knew.
    made_unseen: u32,
    drafts_left: u32,
    agents_made: u32,
    nothing_yet: u32,
}

impl Figures {
    fn add(&mut self, other: Self) {
        for (phase, count) in other.killed_in {
            *self.killed_in.entry(phase).or_default() += count;
        }
        self.killed_again += other.killed_again;
        self.made_unseen += other.made_unseen;
        self.drafts_left += other.drafts_left;
        self.agents_made += other.agents_made;
        self.nothing_yet += other.nothing_yet;
    }
}

/// One data folder over one practice cloud.
struct Life {
    practice: Practice,
    older_api: bool,
    folder: TempDir,
    /// The world as it was when it was last whole.
    before: Seen,
    /// How long each phase took lately.
    lengths: BTreeMap<Phase, Duration>,
    figures: Figures,
}

impl Life {
    fn new(practice: Practice, older_api: bool) -> Self {
        let length = |phase: Phase| match phase {
            Phase::Starting | Phase::Opening | Phase::Pasting => Duration::from_millis(40),
            Phase::Holding => Duration::from_secs(1),
            Phase::Following => Duration::from_millis(200),
            _ => Duration::from_millis(10),
        };
        Self {
            practice,
            older_api,
            folder: TempDir::new().unwrap(),
            before: Seen::default(),
            lengths: Phase::ALL.into_iter().map(|phase| (phase, length(phase))).collect(),
            figures: Figures::default(),
        }
    }

    /// Kills a process that sends, perhaps one that goes on, and looks at what the last one finds.
    fn round(&mut self, round: u32) {
        let mut chance = chances(round);
        let target = Phase::ALL[round as usize % Phase::ALL.len()];
        let task = Task::Send {
            round,
            held: target == Phase::Holding,
        };
        let mut process = self.start(task);
        let instant = self.lengths[&target].mul_f64(chance());
        process.kill_in(target, instant);
        self.lengths.append(&mut process.lengths);
        let (phase, acknowledged) = process.last();
        *self.figures.killed_in.entry(phase).or_default() += 1;
        let made = self.agents_of(round).len();
        self.figures.made_unseen += u32::from(made > 0 && phase < Phase::Following);
        while chance() < 0.33 {
            let again = self.start(Task::GoOn);
            again.kill_after(Duration::from_millis(400).mul_f64(chance()));
            self.figures.killed_again += 1;
        }
        let mut problem = "nothing was seen".to_owned();
        let whole = self.start(Task::GoOn).wait(PATIENCE, |said| {
            let Said::Sees(seen) = said else { return None };
            match self.judge(round, phase, acknowledged.as_ref(), &seen) {
                Ok(outcome) => Some((outcome, seen)),
                Err(sentence) => {
                    problem = format!("{sentence}\n{seen:#?}");
                    None
                }
            }
        });
        let Some((outcome, seen)) = whole else {
            panic!("round {round}, killed in {phase:?} after {acknowledged:?}: {problem}");
        };
        match outcome {
            Outcome::Nothing => self.figures.nothing_yet += 1,
            Outcome::Draft => self.figures.drafts_left += 1,
            Outcome::Agent => self.figures.agents_made += 1,
        }
        self.before = seen;
        assert_eq!(self.practice.violations(), [], "every request keeps the API's rules");
    }

    fn start(&self, task: Task) -> Process {
        Process::start(&mut windowless::again(
            "killed::whatever_is_killed_at_any_instant_is_whole_after_the_next_start",
            self.folder.path(),
            &self.practice,
            self.older_api,
            task,
        ))
    }

    fn agents_of(&self, round: u32) -> Vec<AgentSnapshot> {
        let agents = self.practice.agents().into_iter();
        agents
            .filter(|agent| agent.runs.iter().any(|run| run.prompt == words(round)))
            .collect()
    }

    /// Whether the world is whole after a kill in `phase`, with `saved` the draft as last said to be saved.
    fn judge(&self, round: u32, phase: Phase, saved: Option<&Draft>, seen: &Seen) -> Result<Outcome, String> {
        if !seen.damaged.is_empty() {
            return Err("pictures are gone or damaged".to_owned());
        }
        if !seen
            .launches
            .iter()
            .all(|state| matches!(state, LaunchState::Confirmed { .. }))
        {
            return Err("a launch is under way".to_owned());
        }
        // A picture of an earlier round may be packed meanwhile.
        let now: Vec<_> = seen.drafts.iter().map(packed).collect();
        if self.before.drafts.iter().any(|draft| !now.contains(&packed(draft))) {
            return Err("a draft from before is gone or changed".to_owned());
        }
        if self.before.agents.iter().any(|agent| !seen.agents.contains(agent)) {
            return Err("an agent from before is gone or changed".to_owned());
        }
        let drafts: Vec<_> = seen
            .drafts
            .iter()
            .filter(|draft| !self.before.drafts.iter().any(|before| before.id == draft.id))
            .collect();
        let agents: Vec<_> = seen
            .agents
            .iter()
            .filter(|agent| !self.before.agents.contains(agent))
            .collect();
        if self.practice.agents().len() != seen.agents.len() {
            return Err("the service has other agents than are seen here".to_owned());
        }
        match (drafts.as_slice(), agents.as_slice()) {
            ([], []) if phase <= Phase::Drafting => Ok(Outcome::Nothing),
            ([draft], []) if (Phase::Drafting..=Phase::Sending).contains(&phase) => {
                let allowed = allowed(round, phase, saved);
                if allowed.is_empty() {
                    // It was being made: nothing was said of it yet.
                    let blank = draft.text.is_empty() && draft.shots.is_empty();
                    return blank
                        .then_some(Outcome::Draft)
                        .ok_or("the draft is not a new one".to_owned());
                }
                if allowed.contains(&timeless(draft)) {
                    Ok(Outcome::Draft)
                } else {
                    Err(format!("the draft is none of {allowed:#?}"))
                }
            }
            ([], [agent]) if phase >= Phase::Sending => self.judge_agent(round, agent).map(|()| Outcome::Agent),
            _ => Err(format!("new are {} drafts and {} agents", drafts.len(), agents.len())),
        }
    }

    fn judge_agent(&self, round: u32, agent: &SeenAgent) -> Result<(), String> {
        let picture = shot(round).hash;
        let expected = SeenAgent {
            id: agent.id.clone(),
            launch: agent.launch.clone(),
            done: true,
            repository: Some(REPOSITORY.to_owned()),
            branch: Some("main".to_owned()),
            face: Some(picture.clone()),
            prompts: vec![(words(round), vec![picture.clone()])],
        };
        if *agent != expected || agent.launch.is_none() {
            return Err(format!("the agent is not {expected:#?}"));
        }
        let made = self.agents_of(round);
        let arrived: Vec<_> = made
            .iter()
            .flat_map(|made| &made.runs)
            .map(|run| {
                run.pictures
                    .iter()
                    .map(|picture| picture.sha256.clone())
                    .collect::<Vec<_>>()
            })
            .collect();
        if made.iter().all(|made| made.id == agent.id.as_str()) && arrived == [[picture]] {
            Ok(())
        } else {
            Err(format!("what arrived is not one prompt with one picture: {made:#?}"))
        }
    }
}

enum Outcome {
    Nothing,
    Draft,
    Agent,
}

/// The drafts that may be there when a process ended in `phase`: as last saved, or with a step of the phase more.
fn allowed(round: u32, phase: Phase, saved: Option<&Draft>) -> Vec<Draft> {
    let Some(saved) = saved.map(timeless) else {
        return Vec::new();
    };
    let mut more = vec![saved.clone()];
    let mut next = saved;
    match phase {
        Phase::Pasting => next.shots.push(shot(round)),
        Phase::Writing => next.text = words(round),
        Phase::Choosing => {
            if next.repository.as_deref() != Some(REPOSITORY) {
                next.branch = String::new();
            }
            next.repository = Some(REPOSITORY.to_owned());
            more.push(next.clone());
            "main".clone_into(&mut next.branch);
        }
        _ => return more,
    }
    more.push(next);
    more
}

/// A draft whose pictures cannot be packed any tighter.
fn packed(draft: &Draft) -> Draft {
    let mut packed = draft.clone();
    for shot in &mut packed.shots {
        shot.loose = false;
    }
    packed
}

/// A draft without the time of its last change, the names of its pictures, and whether they may still be packed.
fn timeless(draft: &Draft) -> Draft {
    let mut timeless = packed(draft);
    timeless.updated_at = 0;
    for shot in &mut timeless.shots {
        shot.id = ShotId::default();
    }
    timeless
}

/// The picture of a round, as it is kept.
fn shot(round: u32) -> Shot {
    let picture = sendoff_shots::take_in_pixels(EDGE, EDGE, pixels(round)).unwrap();
    Shot {
        id: ShotId::default(),
        hash: picture.hash.to_string(),
        mime: picture.format.mime().to_owned(),
        width: EDGE,
        height: EDGE,
        bytes: picture.bytes.len() as u64,
        notes: Vec::new(),
        original: None,
        markup: Markup::default(),
        drawing: false,
        fit: Fit::Sharp,
        loose: false,
    }
}

/// Numbers between 0 and 1 that a round always gets in the same order (SplitMix64).
fn chances(round: u32) -> impl FnMut() -> f64 {
    let mut state = u64::from(round).wrapping_mul(0xD134_2543_DE82_EF95);
    move || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
