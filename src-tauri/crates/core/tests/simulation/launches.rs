//! A world of one launch: clock, processes, disk, network, service and a user, all from one seed.

mod acts;
mod process;

use sendoff_core::machines::launch::{
    LaunchEffect, LaunchInput, LaunchMachine, LookAnswer, Moment, NewLaunch, Target, Wire,
};
use sendoff_core::model::{AccountId, AgentId, Failure, LaunchState};

use super::cloud::{Body, Cloud};
use super::disk::Disk;
use super::fault::{Fault, Tally};
use super::random::Random;

/// The service's clock at the start of every world.
pub(crate) const EPOCH: u64 = 1_800_000_000_000;
const YEAR: i64 = 365 * 24 * 3_600_000;
pub(crate) const OWNER: &str = "ada";
const OTHER: &str = "bob";
pub(crate) const WORDS: &str = "Make the button blue";

/// After the last fault everything has to be settled within this time: the longest waits are ten minutes.
const SETTLED_WITHIN: u64 = 2 * 3_600_000;

/// What happens next.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// Something for a process, if it still lives.
    Input(usize, u32, LaunchInput),
    /// A timer of a process, if it was not replaced.
    Timer(usize, u32, u32),
    /// A post arrives at the service.
    Arrive {
        from: usize,
        life: u32,
        body: Body,
        user: String,
        reply: Reply,
    },
    /// A look arrives at the service.
    LookArrives {
        from: usize,
        life: u32,
        user: String,
        effect: LaunchEffect,
    },
    /// A process starts.
    Start(usize),
    Act(Fault),
    NetworkOn,
    KeyBack,
    /// The user answers what is asked.
    Decide(usize),
    FaultsEnd,
}

/// What the app hears of a post that arrived, and after how long.
#[derive(Debug, Clone)]
pub(crate) enum Reply {
    Honest(u64),
    Unclear(u64, Option<u16>),
    OtherId(u64),
    /// Nobody listens any more: it was late.
    Nobody,
}

/// Where something goes wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Layer {
    Post,
    Look,
    Disk,
    Lag,
}

/// One running copy of the app.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) life: u32,
    pub(crate) writer: u32,
    pub(crate) machine: Option<LaunchMachine>,
    timer: u32,
    deciding: bool,
    /// What the service asked it to wait for.
    pub(crate) not_before: u64,
}

/// The world.
pub(crate) struct World {
    pub(crate) random: Random,
    pub(crate) tally: Tally,
    pub(crate) now: u64,
    wall: i64,
    service_known: bool,
    pub(crate) cloud: Cloud,
    disk: Disk,
    pub(crate) network: bool,
    pub(crate) key: Option<&'static str>,
    events: Vec<(u64, u64, Event)>,
    sequence: u64,
    pub(crate) processes: [Process; 2],
    /// How likely an operation of each layer goes wrong, in percent, and how often any still may.
    percents: [u64; 4],
    faults_left: u32,
    asleep_until: u64,
    faulty: bool,
    ended_at: u64,
    pub(crate) wire: Wire,
    // What was seen, for the judgement.
    pub(crate) posts: Vec<Body>,
    pub(crate) foreign: u32,
    pub(crate) resends_told: usize,
    gave_up_uncertain: bool,
    pub(crate) sent_as_other: bool,
    lied_at_first: bool,
    shown_gone: bool,
    pub(crate) looks: u32,
    pub(crate) trace: Option<Vec<String>>,
    broken: Option<String>,
}

/// What became of a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Confirmed,
    Rejected,
    TakenBack,
    NeverLaunched,
}

impl World {
    /// The world of a seed.
    pub(crate) fn new(seed: u64, trace: bool) -> Self {
        let mut random = Random::new(seed);
        let wire = if random.percent(70) { Wire::V1 } else { Wire::V0 };
        let percents = [
            random.pick(&[0, 40, 70, 100]), // posts
            random.pick(&[0, 20, 80]),      // looks
            random.pick(&[0, 0, 5, 30]),    // disk
            random.pick(&[0, 30, 80]),      // how late the service shows things
        ];
        let faults_left = random.spread(1, 24) as u32;
        let process = |writer| Process {
            life: 0,
            writer,
            machine: None,
            timer: 0,
            deciding: false,
            not_before: 0,
        };
        Self {
            random,
            tally: Tally::default(),
            now: 1_000,
            wall: 0,
            service_known: true,
            cloud: Cloud::default(),
            disk: Disk::default(),
            network: true,
            key: Some(OWNER),
            events: Vec::with_capacity(16),
            sequence: 0,
            processes: [process(0), process(1)],
            percents,
            faults_left,
            asleep_until: 0,
            faulty: true,
            ended_at: 0,
            wire,
            posts: Vec::new(),
            foreign: 0,
            resends_told: 0,
            gave_up_uncertain: false,
            sent_as_other: false,
            lied_at_first: false,
            shown_gone: false,
            looks: 0,
            trace: trace.then(Vec::new),
            broken: None,
        }
    }

    /// Lives through the seed; an error says which promise was broken.
    pub(crate) fn live(&mut self) -> Result<Outcome, String> {
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
                if self.judged().is_some() || !self.disk.row {
                    break;
                }
                // Stopped for another process that is gone by now: the app is started again.
                self.kill(0, 100);
                self.kill(1, 100);
            }
            if !self.faulty && self.now > self.ended_at + SETTLED_WITHIN {
                return Err(format!("stuck: {:?}", self.view()));
            }
        }
        if !self.over() {
            return Err(format!("asleep for ever: {:?}", self.view()));
        }
        // What still sits in a gateway arrives after all.
        while let Some(event) = self.next() {
            if matches!(event, Event::Arrive { .. }) {
                self.happen(event);
            }
        }
        self.judge()
    }

    fn begin(&mut self) {
        if self.random.percent(10) {
            self.tally.met(Fault::ClockUnknown);
            self.service_known = false;
        }
        let request = self.random.next();
        let machine = LaunchMachine::new(NewLaunch {
            account: AccountId("account".to_owned()),
            user: OWNER.to_owned(),
            wire: self.wire,
            agent: AgentId(format!("bc-{:032x}", self.random.next())),
            request: serde_json::json!(request),
            body_sha256: request.to_string(),
            target: Target {
                repository: Some("https://github.com/acme/web".to_owned()),
                branch: "main".to_owned(),
                model: None,
                prompt: WORDS.to_owned(),
            },
            hold: self.random.pick(&[0, 5_000, 10_000]),
        });
        self.processes[0].machine = Some(machine);
        let last = self.random.spread(2_000, 600_000);
        for _ in 0..self.random.below(6) {
            let fault = self.random.pick(&[
                Fault::Kill,
                Fault::Kill,
                Fault::Restore,
                Fault::SecondProcess,
                Fault::ClockForward,
                Fault::ClockBack,
                Fault::Suspend,
                Fault::NetworkOff,
                Fault::NetworkOff,
                Fault::KeyOther,
                Fault::KeyGone,
                Fault::Undo,
                Fault::SendNow,
                Fault::DoubleClick,
                Fault::DecidedUnasked,
            ]);
            let at = self.random.spread(100, last);
            self.after(at, Event::Act(fault));
        }
        self.after(last.max(20_000), Event::FaultsEnd);
        self.input(0, LaunchInput::Begin);
    }

    pub(crate) fn after(&mut self, wait: u64, event: Event) {
        self.sequence += 1;
        let mut at = self.now + wait;
        if matches!(event, Event::Input(..) | Event::Timer(..)) {
            at = at.max(self.asleep_until);
        }
        self.events.push((at, self.sequence, event));
    }

    fn next(&mut self) -> Option<Event> {
        let index = (0..self.events.len()).min_by_key(|&index| (self.events[index].0, self.events[index].1))?;
        let (at, _, event) = self.events.swap_remove(index);
        self.now = self.now.max(at);
        Some(event)
    }

    pub(crate) fn note(&mut self, text: impl FnOnce(&Self) -> String) {
        if self.trace.is_some() {
            let line = format!("{:>9} {}", self.now, text(self));
            if let Some(trace) = &mut self.trace {
                trace.push(line);
            }
        }
    }

    pub(crate) fn breaks(&mut self, promise: impl Into<String>) {
        let promise = promise.into();
        self.note(|_| format!("BROKEN: {promise}"));
        self.broken.get_or_insert(promise);
    }

    /// One of these faults, or none.
    pub(crate) fn fault(&mut self, layer: Layer, faults: &[Fault]) -> Option<Fault> {
        let percent = self.percents[layer as usize];
        if !self.faulty || self.faults_left == 0 || !self.random.percent(percent) {
            return None;
        }
        self.faults_left -= 1;
        let fault = self.random.pick(faults);
        self.tally.met(fault);
        self.note(|_| format!("! {fault:?}"));
        Some(fault)
    }

    fn moment(&mut self) -> Moment {
        let service = EPOCH + self.now;
        let now = service.saturating_add_signed(self.wall);
        Moment {
            now,
            service: if self.service_known { service } else { now },
            jitter: self.random.next() as u32,
        }
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Input(from, life, input) => {
                if self.processes[from].life == life {
                    self.input(from, input);
                }
            }
            Event::Timer(from, life, timer) => {
                if self.processes[from].life == life && self.processes[from].timer == timer {
                    self.input(from, LaunchInput::Woke);
                }
            }
            Event::Arrive {
                from,
                life,
                body,
                user,
                reply,
            } => self.arrive(from, life, &body, &user, &reply),
            Event::LookArrives {
                from,
                life,
                user,
                effect,
            } => {
                let answer = match effect {
                    LaunchEffect::Look { first_message } => {
                        let agent = self.processes[from]
                            .machine
                            .as_ref()
                            .map(|machine| machine.agent().clone());
                        match agent {
                            Some(agent) => self.cloud.get(&agent, &user, self.now, first_message),
                            None => LookAnswer::Missing,
                        }
                    }
                    LaunchEffect::LookOlder { since } => self.cloud.list(since, EPOCH, &user, self.now),
                    _ => LookAnswer::Unreachable,
                };
                let answer = if self.network { answer } else { LookAnswer::Unreachable };
                self.after(0, Event::Input(from, life, LaunchInput::Looked(answer)));
            }
            Event::Start(which) => self.start(which),
            Event::Act(fault) => {
                if self.faulty {
                    self.act(fault);
                }
            }
            Event::NetworkOn => {
                self.network = true;
                self.both(&LaunchInput::Online);
            }
            Event::KeyBack => self.key_back(),
            Event::Decide(which) => self.decide(which),
            Event::FaultsEnd => {
                self.note(|_| "faults end".to_owned());
                self.faulty = false;
                self.ended_at = self.now;
                self.network = true;
                self.key_back();
                self.both(&LaunchInput::Online);
            }
        }
    }

    /// The process that counts: the one that did not stop for the other.
    fn judged(&self) -> Option<&LaunchMachine> {
        self.processes
            .iter()
            .filter_map(|process| process.machine.as_ref())
            .find(|machine| machine.problem() != Some(&Failure::DataInUse))
    }

    fn view(&self) -> Option<LaunchState> {
        self.judged().and_then(LaunchMachine::view)
    }

    fn over(&self) -> bool {
        let starting = self.events.iter().any(|(_, _, event)| matches!(event, Event::Start(_)));
        !starting
            && self
                .processes
                .iter()
                .filter_map(|process| process.machine.as_ref())
                .all(LaunchMachine::is_over)
    }

    /// The promises, at the end.
    fn judge(&mut self) -> Result<Outcome, String> {
        let ours = self.cloud.ours();
        if ours > 1 + self.resends_told {
            return Err(format!("{ours} agents for one launch"));
        }
        let mut identifiers: Vec<_> = self.posts.iter().map(|body| &body.agent).collect();
        identifiers.sort();
        identifiers.dedup();
        // One new identifier for somebody else's, not more.
        let foreign = (self.foreign as usize).min(1 + self.resends_told);
        if identifiers.len() > 1 + foreign + self.resends_told {
            return Err(format!("posted under {} identifiers", identifiers.len()));
        }
        if self.posts.iter().any(|body| body.content != self.posts[0].content) {
            return Err("the body changed between two posts".to_owned());
        }
        if self.posts.len() > 120 || self.looks > 400 {
            return Err(format!("impolite: {} posts, {} looks", self.posts.len(), self.looks));
        }
        let told = self.gave_up_uncertain || self.resends_told > 0;
        let Some(machine) = self.judged() else {
            // Killed before the first commit: the draft never left.
            return if self.disk.row {
                Err("stored, and nobody works on it".to_owned())
            } else if ours == 0 || told {
                Ok(Outcome::NeverLaunched)
            } else {
                Err("an agent of a launch that nobody knows of".to_owned())
            };
        };
        match machine.view() {
            Some(LaunchState::Confirmed { agent }) => {
                if self.cloud.is_ours(&agent) {
                    Ok(Outcome::Confirmed)
                } else {
                    Err("confirmed without an agent".to_owned())
                }
            }
            view @ (None | Some(LaunchState::Rejected { .. })) => {
                if ours > 0 && !told {
                    Err(format!("{view:?}, and there is an agent"))
                } else if !self.disk.draft_here() {
                    Err(format!("{view:?}, and the draft is lost"))
                } else if view.is_none() {
                    Ok(Outcome::TakenBack)
                } else {
                    Ok(Outcome::Rejected)
                }
            }
            other => Err(format!("ends as {other:?}")),
        }
    }
}
