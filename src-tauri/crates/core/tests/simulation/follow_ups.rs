//! A world of one follow-up: an agent that is busy now and then, others who send to it, and a user who edits.

mod acts;
mod process;
mod service;

use sendoff_core::machines::follow_up::{
    FollowUpContent, FollowUpInput, FollowUpLook, FollowUpMachine, NewFollowUp, NoteAnswer,
};
use sendoff_core::machines::launch::{Asked, Delivery, PostAnswer, Wire, post_refused, post_without_answer};
use sendoff_core::model::{AccountId, AgentId, FollowUpId, FollowUpState, RunId};

use super::disk::Disk;
use super::fault::{Fault, Tally};
use super::random::Random;
use super::requests::refusal;

const OWNER: &str = "ada";
const SETTLED_WITHIN: u64 = 2 * 3_600_000;
/// How long after a sending somebody else's run can be taken for ours, because runs do not carry their prompt.
const INDISTINCT: u64 = 500_000;

const POST: &[Fault] = &[
    Fault::PostNoName,
    Fault::PostConnectRefused,
    Fault::PostTls,
    Fault::PostCutBefore,
    Fault::PostCutInside,
    Fault::PostCutLastByte,
    Fault::PostSilenceUndone,
    Fault::PostSilenceDone,
    Fault::PostResetAfter,
    Fault::PostStatusOnly,
    Fault::PostTruncated,
    Fault::PostWrongJson,
    Fault::PostHtml,
    Fault::PostLate,
    Fault::Post504Late,
    Fault::Post500Before,
    Fault::Post500After,
    Fault::Post502Before,
    Fault::Post502After,
    Fault::Post503,
    Fault::Post408,
    Fault::Post429,
    Fault::Post429Bare,
    Fault::Post401,
    Fault::Post403,
    Fault::Post413,
    Fault::PostBusy,
];

#[derive(Debug, Clone)]
enum Event {
    Input(u32, FollowUpInput),
    Timer(u32, u32),
    Arrive {
        life: u32,
        reply: Reply,
    },
    NoteArrives(u32),
    LookArrives(u32),
    /// The engine tells whether the agent is free.
    Poll,
    Start,
    Act(Fault),
    Edit,
    Remove,
    /// Its user puts another before it.
    Moved,
    /// That one is sent.
    OtherGoes,
    NetworkOn,
    KeyBack,
    Decide,
    FaultsEnd,
}

#[derive(Debug, Clone)]
enum Reply {
    Honest,
    Unclear(u64, Option<u16>),
    Nobody,
}

#[derive(Debug)]
struct CloudRun {
    run: RunId,
    ours: bool,
    created_at: u64,
    visible_at: u64,
    ends_at: u64,
}

/// The world.
pub(crate) struct FollowUpWorld {
    random: Random,
    pub(crate) tally: Tally,
    now: u64,
    wall: i64,
    runs: Vec<CloudRun>,
    disk: Disk,
    network: bool,
    key: Option<&'static str>,
    events: Vec<(u64, u64, Event)>,
    sequence: u64,
    machine: Option<FollowUpMachine>,
    life: u32,
    timer: u32,
    deciding: bool,
    /// Until when another of the queue has the turn.
    elsewhere: u64,
    percents: [u64; 3],
    faults_left: u32,
    faulty: bool,
    ended_at: u64,
    wire: Wire,
    /// What the user wants said, as far as it was not too late.
    wanted: u64,
    posted_at: Vec<u64>,
    sent_at: Vec<u64>,
    pub(crate) told: usize,
    /// When its user last said to send it again, and when it had been sent before.
    again: Option<(u64, u64)>,
    gave_up: bool,
    lied_at_first: bool,
    /// Somebody else's run was adopted, which nobody could have known.
    pub(crate) mistaken: bool,
    pub(crate) trace: Option<Vec<String>>,
    broken: Option<String>,
}

/// What became of a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FollowUpOutcome {
    Confirmed,
    Rejected,
    Removed,
    NeverQueued,
}

fn content(version: u64) -> FollowUpContent {
    FollowUpContent {
        request: serde_json::json!(version),
        body_sha256: version.to_string(),
        text: format!("Words number {version}"),
    }
}

impl FollowUpWorld {
    /// The world of a seed.
    pub(crate) fn new(seed: u64, trace: bool) -> Self {
        let mut random = Random::new(seed ^ 0xF0_110E);
        let wire = if random.percent(70) { Wire::V1 } else { Wire::V0 };
        let percents = [
            random.pick(&[0, 40, 70, 100]),
            random.pick(&[0, 20, 80]),
            random.pick(&[0, 0, 5, 30]),
        ];
        let faults_left = random.spread(1, 24) as u32;
        Self {
            random,
            tally: Tally::default(),
            now: 1_000_000,
            wall: 0,
            runs: Vec::new(),
            disk: Disk::default(),
            network: true,
            key: Some(OWNER),
            events: Vec::with_capacity(16),
            sequence: 0,
            machine: None,
            life: 0,
            timer: 0,
            deciding: false,
            elsewhere: 0,
            percents,
            faults_left,
            faulty: true,
            ended_at: 0,
            wire,
            wanted: 1,
            posted_at: Vec::new(),
            sent_at: Vec::new(),
            told: 0,
            again: None,
            gave_up: false,
            lied_at_first: false,
            mistaken: false,
            trace: trace.then(Vec::new),
            broken: None,
        }
    }

    /// Lives through the seed; an error says which promise was broken.
    pub(crate) fn live(&mut self) -> Result<FollowUpOutcome, String> {
        self.begin();
        let mut steps = 0_u32;
        while let Some(event) = self.next() {
            steps += 1;
            self.happen(event);
            if let Some(broken) = self.broken.take() {
                return Err(broken);
            }
            if steps > 20_000 {
                return Err("a storm: more than 20,000 events".to_owned());
            }
            if !self.faulty && self.over() {
                break;
            }
            if !self.faulty && self.now > self.ended_at + SETTLED_WITHIN {
                return Err(format!("stuck: {:?}", self.view()));
            }
        }
        while let Some(event) = self.next() {
            if matches!(event, Event::Arrive { .. }) {
                self.happen(event);
            }
        }
        self.judge()
    }

    fn begin(&mut self) {
        self.runs.push(CloudRun {
            run: RunId::from("run-first"),
            ours: false,
            created_at: 0,
            visible_at: 0,
            ends_at: self.now - 600_000 + self.random.below(700_000),
        });
        self.machine = Some(FollowUpMachine::new(NewFollowUp {
            id: FollowUpId::from("follow-up"),
            account: AccountId::from("account"),
            user: OWNER.to_owned(),
            wire: self.wire,
            agent: AgentId::from("bc-1"),
            content: content(self.wanted),
        }));
        let last = self.random.spread(2_000, 600_000);
        for _ in 0..self.random.below(6) {
            let fault = self.random.pick(&[
                Fault::Kill,
                Fault::Kill,
                Fault::ClockForward,
                Fault::ClockBack,
                Fault::NetworkOff,
                Fault::KeyOther,
                Fault::KeyGone,
                Fault::OtherRun,
                Fault::DoubleClick,
                Fault::DecidedUnasked,
            ]);
            let at = self.random.spread(100, last);
            self.after(at, Event::Act(fault));
        }
        if self.random.percent(30) {
            let at = self.random.spread(100, last);
            self.after(at, Event::Edit);
        }
        if self.random.percent(20) {
            let at = self.random.spread(100, last);
            self.after(at, Event::Remove);
        }
        for _ in 0..self.random.below(3) {
            let at = self.random.spread(100, last);
            self.after(at, Event::Moved);
        }
        self.after(last.max(20_000), Event::FaultsEnd);
        self.after(50, Event::Poll);
        self.input(FollowUpInput::Begin);
    }

    fn after(&mut self, wait: u64, event: Event) {
        self.sequence += 1;
        self.events.push((self.now + wait, self.sequence, event));
    }

    fn next(&mut self) -> Option<Event> {
        let index = (0..self.events.len()).min_by_key(|&index| (self.events[index].0, self.events[index].1))?;
        let (at, _, event) = self.events.swap_remove(index);
        self.now = at;
        Some(event)
    }

    fn note(&mut self, text: impl FnOnce(&Self) -> String) {
        if self.trace.is_some() {
            let line = format!("{:>9} {}", self.now, text(self));
            if let Some(trace) = &mut self.trace {
                trace.push(line);
            }
        }
    }

    fn breaks(&mut self, promise: impl Into<String>) {
        let promise = promise.into();
        self.note(|_| format!("BROKEN: {promise}"));
        self.broken.get_or_insert(promise);
    }

    fn fault(&mut self, layer: usize, faults: &[Fault]) -> Option<Fault> {
        if !self.faulty || self.faults_left == 0 || !self.random.percent(self.percents[layer]) {
            return None;
        }
        self.faults_left -= 1;
        let fault = self.random.pick(faults);
        self.tally.met(fault);
        self.note(|_| format!("! {fault:?}"));
        Some(fault)
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Input(life, input) => {
                if self.life == life {
                    self.input(input);
                }
            }
            Event::Timer(life, timer) => {
                if self.life == life && self.timer == timer {
                    self.input(FollowUpInput::Woke);
                }
            }
            Event::Arrive { life, reply } => {
                let created = self.create_run(true);
                let (wait, answer) = match (reply, created) {
                    (Reply::Nobody, _) => return,
                    (Reply::Unclear(wait, status), _) => (wait, unclear(status)),
                    (Reply::Honest, Some(run)) => (
                        300,
                        PostAnswer::Created {
                            agent: AgentId::from("bc-1"),
                            run: (self.wire == Wire::V1).then_some(run),
                        },
                    ),
                    (Reply::Honest, None) => (
                        300,
                        post_refused(&refusal(409, "agent_busy", "", None), Asked::default(), self.wire),
                    ),
                };
                let answer = if self.network { answer } else { unclear(None) };
                self.after(wait, Event::Input(life, FollowUpInput::Answered(answer)));
            }
            Event::NoteArrives(life) => {
                let answer = if !self.network {
                    NoteAnswer::Unreachable
                } else if self.busy() {
                    NoteAnswer::Busy
                } else {
                    NoteAnswer::Idle(self.noted())
                };
                self.after(200, Event::Input(life, FollowUpInput::Noted(answer)));
            }
            Event::LookArrives(life) => {
                let look = if self.network {
                    self.seen()
                } else {
                    FollowUpLook::Unreachable
                };
                self.after(200, Event::Input(life, FollowUpInput::Looked(look)));
            }
            Event::Poll => {
                if !self.over() {
                    self.after(5_000, Event::Poll);
                    let input = if self.busy() || self.now < self.elsewhere {
                        FollowUpInput::MustWait
                    } else {
                        FollowUpInput::MayGo
                    };
                    self.input(input);
                }
            }
            Event::Start => self.start(),
            Event::Act(fault) => {
                if self.faulty {
                    self.act(fault);
                }
            }
            Event::Moved => self.moved(),
            Event::OtherGoes => {
                self.create_run(false);
            }
            Event::Edit => self.edit(),
            Event::Remove => {
                self.tally.met(Fault::Undo);
                self.input(FollowUpInput::Remove);
            }
            Event::NetworkOn => {
                self.network = true;
                self.input(FollowUpInput::Online);
            }
            Event::KeyBack => self.key_is(Some(OWNER)),
            Event::Decide => self.decide(),
            Event::FaultsEnd => {
                self.note(|_| "faults end".to_owned());
                self.faulty = false;
                self.ended_at = self.now;
                self.network = true;
                self.key_is(Some(OWNER));
                self.input(FollowUpInput::Online);
            }
        }
    }

    fn view(&self) -> Option<FollowUpState> {
        self.machine.as_ref().and_then(FollowUpMachine::view)
    }

    fn over(&self) -> bool {
        let starting = self.events.iter().any(|(_, _, event)| matches!(event, Event::Start));
        !starting && self.machine.as_ref().is_none_or(FollowUpMachine::is_over)
    }

    fn judge(&self) -> Result<FollowUpOutcome, String> {
        let ours = self.ours();
        if ours > 1 + self.told {
            return Err(format!("{ours} runs for one follow-up"));
        }
        if self.posted_at.len() > 60 {
            return Err(format!("impolite: {} posts", self.posted_at.len()));
        }
        let told = self.gave_up || self.told > 0;
        let gone = |outcome| {
            if ours == 0 || told {
                Ok(outcome)
            } else {
                Err("gone, although it arrived".to_owned())
            }
        };
        match (&self.machine, self.view()) {
            (None, _) if self.disk.row => Err("stored, and nobody works on it".to_owned()),
            (None, _) => gone(FollowUpOutcome::NeverQueued),
            (_, None) => gone(FollowUpOutcome::Removed),
            (_, Some(FollowUpState::Rejected { .. })) => gone(FollowUpOutcome::Rejected),
            (_, Some(FollowUpState::Confirmed { .. })) if ours > 0 || self.mistaken => Ok(FollowUpOutcome::Confirmed),
            (_, state) => Err(format!("ends as {state:?} with {ours} runs")),
        }
    }
}

fn unclear(status: Option<u16>) -> PostAnswer {
    match status {
        None => post_without_answer(Delivery::Unknown),
        Some(status) => post_refused(&refusal(status, "", "", None), Asked::default(), Wire::V1),
    }
}
