//! A world of one follow-up: an agent that is busy now and then, others who send to it, and a user who edits.

use sendoff_core::machines::follow_up::{
    FollowUpChoice, FollowUpContent, FollowUpEffect, FollowUpInput, FollowUpLook, FollowUpMachine, NewFollowUp,
    NoteAnswer, Noted, SeenRun,
};
use sendoff_core::machines::launch::{Asked, Delivery, Moment, PostAnswer, Wire, post_refused, post_without_answer};
use sendoff_core::model::{AccountId, AgentId, Failure, FollowUpId, FollowUpState, RunId};

use super::disk::{Disk, Written};
use super::fault::{Fault, Tally};
use super::launches::EPOCH;
use super::random::Random;
use super::requests::{certain_refusal, refusal, unclear_and_done, unclear_and_undone};

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

    fn busy(&self) -> bool {
        self.runs.iter().any(|run| run.ends_at > self.now)
    }

    fn ours(&self) -> usize {
        self.runs.iter().filter(|run| run.ours).count()
    }

    fn create_run(&mut self, ours: bool) -> Option<RunId> {
        if self.busy() {
            return None;
        }
        let run = RunId(format!("run-{}", self.runs.len()));
        let lag = if self.fault(1, &[Fault::ReadLag]).is_some() {
            self.random.spread(500, 20_000)
        } else {
            0
        };
        let work = self.random.spread(10_000, 300_000);
        self.runs.push(CloudRun {
            run: run.clone(),
            ours,
            created_at: self.now,
            visible_at: self.now + lag,
            ends_at: self.now + work,
        });
        self.note(|_| format!("the service starts {run} (ours: {ours})"));
        Some(run)
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
                    let input = if self.busy() {
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

    fn noted(&self) -> Noted {
        let visible = || self.runs.iter().filter(|run| run.visible_at <= self.now);
        Noted {
            latest: (self.wire == Wire::V1)
                .then(|| visible().next_back().map(|run| run.run.clone()))
                .flatten(),
            user_messages: visible().count() as u32,
        }
    }

    fn seen(&self) -> FollowUpLook {
        let visible = self.runs.iter().filter(|run| run.visible_at <= self.now);
        match self.wire {
            Wire::V1 => FollowUpLook::Runs(
                visible
                    .rev()
                    .map(|run| SeenRun {
                        run: run.run.clone(),
                        created_at: EPOCH + run.created_at,
                    })
                    .collect(),
            ),
            Wire::V0 => FollowUpLook::Messages(
                visible
                    .map(|run| {
                        if run.ours {
                            content(self.wanted).text
                        } else {
                            "Somebody else's words".to_owned()
                        }
                    })
                    .collect(),
            ),
        }
    }

    fn key_is(&mut self, key: Option<&'static str>) {
        self.key = key;
        self.note(|_| format!("key of {key:?}"));
        self.input(FollowUpInput::AccountChanged {
            user: key.map(str::to_owned),
        });
    }

    fn act(&mut self, fault: Fault) {
        self.note(|_| format!("* {fault:?}"));
        self.tally.met(fault);
        match fault {
            Fault::Kill if self.machine.is_some() => {
                let away = self.random.spread(10, 120_000);
                self.kill(away);
            }
            Fault::ClockForward => self.wall += 31_536_000_000,
            Fault::ClockBack => self.wall -= 31_536_000_000,
            Fault::NetworkOff => {
                self.network = false;
                let away = self.random.spread(500, 600_000);
                self.after(away, Event::NetworkOn);
            }
            Fault::KeyOther | Fault::KeyGone => {
                self.key_is((fault == Fault::KeyOther).then_some("bob"));
                let away = self.random.spread(500, 600_000);
                self.after(away, Event::KeyBack);
            }
            Fault::OtherRun => {
                self.create_run(false);
            }
            Fault::DoubleClick => {
                self.input(FollowUpInput::Begin);
            }
            Fault::DecidedUnasked if self.view() != Some(FollowUpState::NeedsDecision) => {
                self.input(FollowUpInput::Decided(FollowUpChoice::Send));
            }
            _ => {}
        }
    }

    fn edit(&mut self) {
        if self.machine.is_some() {
            let edit = self.rewritten();
            self.input(edit);
        }
    }

    /// Its owner wants other words.
    fn rewritten(&mut self) -> FollowUpInput {
        self.wanted += 1;
        FollowUpInput::Edit(content(self.wanted))
    }

    fn kill(&mut self, away: u64) {
        self.life += 1;
        self.machine = None;
        self.deciding = false;
        self.note(|_| "killed".to_owned());
        self.after(away, Event::Start);
    }

    fn start(&mut self) {
        let Some(body) = self.disk.read() else { return };
        match serde_json::from_str::<FollowUpMachine>(body) {
            Ok(machine) => {
                // An edit that was not on disk yet went with the process.
                self.machine = Some(machine);
                self.wanted = self.version();
            }
            Err(error) => {
                self.breaks(format!("what was stored cannot be read: {error}"));
                return;
            }
        }
        self.note(|world| format!("starts with {:?}", world.machine));
        let user = self.key.map(str::to_owned);
        self.input(FollowUpInput::Started { user });
    }

    /// Hands an input in and does what is wanted.
    fn input(&mut self, input: FollowUpInput) {
        let mut inputs = vec![input];
        while !inputs.is_empty() {
            let input = inputs.remove(0);
            let service = EPOCH + self.now;
            let at = Moment {
                now: service.saturating_add_signed(self.wall),
                service,
                jitter: self.random.next() as u32,
            };
            let Some(machine) = self.machine.take() else {
                return;
            };
            self.note(|_| format!("< {input:?}"));
            // An answer nobody asked for is told to be too late as well; that says nothing about an edit under way.
            let decision = matches!(input, FollowUpInput::Decided(_));
            let (machine, effects) = machine.step(at, input);
            self.machine = Some(machine);
            for effect in effects {
                self.note(|_| format!("  > {effect:?}"));
                if decision && effect == FollowUpEffect::TooLate {
                    continue;
                }
                let life = self.life;
                self.perform(effect, &mut inputs);
                if self.life != life {
                    return;
                }
            }
            self.see();
        }
    }

    /// Which words the machine holds.
    fn version(&self) -> u64 {
        self.machine
            .as_ref()
            .and_then(|machine| machine.content().request.as_u64())
            .unwrap_or_default()
    }

    fn perform(&mut self, effect: FollowUpEffect, inputs: &mut Vec<FollowUpInput>) {
        let life = self.life;
        match effect {
            FollowUpEffect::Commit => self.commit(inputs),
            FollowUpEffect::Note => {
                self.with_owners_key("notes");
                let wait = self.random.between(50, 1_000);
                match self.read_fault() {
                    None => self.after(wait, Event::NoteArrives(life)),
                    Some(Fault::Look429) => {
                        let answer = NoteAnswer::RateLimited { retry_after: Some(30) };
                        self.after(wait, Event::Input(life, FollowUpInput::Noted(answer)));
                    }
                    Some(Fault::Look401) => {
                        let answer = NoteAnswer::Forbidden(Failure::KeyRefused);
                        self.after(wait, Event::Input(life, FollowUpInput::Noted(answer)));
                    }
                    Some(_) => {
                        let input = FollowUpInput::Noted(NoteAnswer::Unreachable);
                        self.after(wait, Event::Input(life, input));
                    }
                }
            }
            FollowUpEffect::Post { .. } => self.post(),
            FollowUpEffect::Look => {
                self.with_owners_key("looks");
                let wait = self.random.between(50, 1_000);
                match self.read_fault() {
                    None => self.after(wait, Event::LookArrives(life)),
                    Some(Fault::Look429) => {
                        let look = FollowUpLook::RateLimited { retry_after: Some(30) };
                        self.after(wait, Event::Input(life, FollowUpInput::Looked(look)));
                    }
                    Some(Fault::Look401) => {
                        let look = FollowUpLook::Forbidden(Failure::KeyRefused);
                        self.after(wait, Event::Input(life, FollowUpInput::Looked(look)));
                    }
                    Some(_) => {
                        let input = FollowUpInput::Looked(FollowUpLook::Unreachable);
                        self.after(wait, Event::Input(life, input));
                    }
                }
            }
            FollowUpEffect::WakeAfter(wait) => {
                self.timer += 1;
                self.after(wait, Event::Timer(life, self.timer));
            }
            FollowUpEffect::Adopt { run } => self.adopted(run.as_ref()),
            FollowUpEffect::Forget => self.disk.row = false,
            // Its owner was told: what was there before stays wanted.
            FollowUpEffect::TooLate => self.wanted = self.version(),
        }
    }

    fn read_fault(&mut self) -> Option<Fault> {
        self.fault(1, &[Fault::LookUnreachable, Fault::Look429, Fault::Look401])
    }

    fn with_owners_key(&mut self, what: &str) {
        if self.key != Some(OWNER) {
            self.breaks(format!("{what} with the key of {:?}", self.key));
        }
    }

    fn adopted(&mut self, run: Option<&RunId>) {
        let ours = match run {
            Some(run) => self.runs.iter().any(|known| known.ours && known.run == *run),
            None => self.ours() > 0,
        };
        if !ours {
            let indistinct = self.runs.iter().any(|known| {
                !known.ours
                    && run == Some(&known.run)
                    && self
                        .sent_at
                        .iter()
                        .any(|sent| known.created_at.abs_diff(*sent) < INDISTINCT)
            });
            if indistinct {
                self.mistaken = true;
            } else {
                self.breaks("adopts a run that is not its own");
            }
        }
    }

    fn commit(&mut self, inputs: &mut Vec<FollowUpInput>) {
        let Some(machine) = &self.machine else { return };
        let body = match serde_json::to_string(machine) {
            Ok(body) => body,
            Err(error) => return self.breaks(format!("cannot be stored: {error}")),
        };
        let (revision, stored) = (machine.revision(), machine.stored_revision());
        let sending = machine.view() == Some(FollowUpState::Sending);
        if sending {
            self.sent_at.push(self.now);
        }
        let fault = self.fault(
            2,
            &[
                Fault::DiskFull,
                Fault::DiskLies,
                Fault::KillBeforeCommit,
                Fault::KillAfterCommit,
                Fault::EditInCommit,
                Fault::UndoInCommit,
            ],
        );
        match fault {
            Some(Fault::KillBeforeCommit) => return self.kill(500),
            Some(Fault::EditInCommit) => {
                let edit = self.rewritten();
                inputs.push(edit);
            }
            Some(Fault::UndoInCommit) => inputs.push(FollowUpInput::Remove),
            Some(Fault::DiskFull) => {
                inputs.push(FollowUpInput::CommitFailed(Failure::DiskFull));
                return;
            }
            _ => {}
        }
        if self.disk.write(body, revision, stored, 1, sending) != Written::Yes {
            return self.breaks("the only process is told that it is behind");
        }
        match fault {
            Some(Fault::DiskLies) => {
                self.lied_at_first |= revision == 1;
                inputs.push(FollowUpInput::CommitFailed(Failure::DataTrouble));
            }
            Some(Fault::KillAfterCommit) => self.kill(500),
            _ => inputs.push(FollowUpInput::Committed),
        }
    }

    fn post(&mut self) {
        self.with_owners_key("posts");
        let Some(machine) = &self.machine else { return };
        let stored = self.disk.is_sending(machine.revision());
        let words = machine.content().request.as_u64();
        if !stored {
            self.breaks("posts before it is on disk");
        }
        if words != Some(self.wanted) {
            self.breaks("posts other words than its owner last wrote");
        }
        if let Some((told, sent)) = self.again.take() {
            let since: Vec<&CloudRun> = self.runs.iter().filter(|run| run.created_at >= sent).collect();
            if matches!(since[..], [run] if run.ours && run.visible_at <= told) {
                self.breaks("sends again what had plainly arrived");
            }
        }
        let life = self.life;
        let answer = |answer| Event::Input(life, FollowUpInput::Answered(answer));
        if !self.network {
            self.tally.met(Fault::PostOffline);
            self.after(20, answer(post_without_answer(Delivery::NotSent)));
            return;
        }
        let fault = self.fault(0, POST);
        if let Some(Fault::PostNoName | Fault::PostConnectRefused | Fault::PostTls) = fault {
            self.after(300, answer(post_without_answer(Delivery::NotSent)));
            return;
        }
        self.posted_at.push(self.now);
        let mut latency = self.random.between(50, 1_000);
        let mut reply = Reply::Honest;
        if let Some(fault) = fault {
            if let Some(refusal) = certain_refusal(fault) {
                self.after(300, answer(post_refused(&refusal, Asked::default(), self.wire)));
                return;
            }
            if let Some((wait, status)) = unclear_and_undone(fault) {
                self.after(wait, answer(unclear(status)));
                return;
            }
            if let Some((wait, status)) = unclear_and_done(fault) {
                reply = Reply::Unclear(wait, status);
            } else if matches!(fault, Fault::PostLate | Fault::Post504Late) {
                latency = self.random.spread(1_000, 120_000);
                self.after(
                    if fault == Fault::PostLate { 95_000 } else { 800 },
                    answer(unclear(None)),
                );
                reply = Reply::Nobody;
            }
        }
        self.after(latency, Event::Arrive { life, reply });
    }

    fn see(&mut self) {
        match self.view() {
            Some(FollowUpState::NeedsDecision) if !self.deciding => {
                self.deciding = true;
                let thinking = self.random.spread(500, 300_000);
                self.after(thinking, Event::Decide);
            }
            None | Some(FollowUpState::Rejected { .. })
                if self.machine.is_some() && self.ours() > 0 && !self.gave_up && self.told == 0 =>
            {
                self.breaks("shown as gone although it arrived");
            }
            Some(FollowUpState::Confirmed { .. }) if self.ours() == 0 && !self.mistaken => {
                self.breaks("shown as confirmed although it did not arrive");
            }
            _ => {}
        }
    }

    fn decide(&mut self) {
        self.deciding = false;
        if self.view() != Some(FollowUpState::NeedsDecision) {
            return;
        }
        let choice = if self.random.percent(50) {
            self.told += 1;
            self.again = self.sent_at.last().map(|sent| (self.now, *sent));
            FollowUpChoice::Send
        } else {
            self.gave_up = true;
            FollowUpChoice::Drop
        };
        self.input(FollowUpInput::Decided(choice));
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
