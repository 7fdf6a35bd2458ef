//! The running cloud: its store, its clock, its faults, and the tasks that play the stories.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::clock::Clock;
use crate::fault::{Fault, FaultSet, Struck};
use crate::options::Options;
use crate::picture_of_result;
use crate::received::Log;
use crate::state::{Agent, Ending, PAGES, Pull, Status, Store, frames};
use crate::story::{self, Act, Beat, Kind, Scene};
use crate::wire::Spelling;

/// How often it is looked whether runs are still held.
const HELD: Duration = Duration::from_millis(10);

pub(crate) struct Cloud {
    pub(crate) options: Options,
    pub(crate) key: String,
    pub(crate) base_url: String,
    pub(crate) artifacts_url: String,
    pub(crate) clock: Clock,
    store: Mutex<Store>,
    pub(crate) faults: Mutex<FaultSet>,
    pub(crate) struck: Struck,
    pub(crate) log: Mutex<Log>,
    /// Times of repository lists, newest last.
    pub(crate) repository_reads: Mutex<Vec<u64>>,
    /// Signs artifact links; a new one at every start.
    pub(crate) link_secret: String,
    tasks: Mutex<JoinSet<()>>,
    /// Counts changes of the store that must reach the disk.
    pub(crate) changes: watch::Sender<u64>,
    /// How many of them did, or could not.
    pub(crate) saved: watch::Sender<u64>,
    /// Wakes the saver early.
    pub(crate) save_soon: Notify,
}

/// Locks are never held over an await and no code panics under them; a poisoned one is still whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Cloud {
    pub(crate) fn new(options: Options, key: String, base_url: String, artifacts_url: String, store: Store) -> Self {
        let mut faults = FaultSet::default();
        for (fault, number) in &options.faults {
            faults.set(*fault, *number);
        }
        Self {
            clock: Clock::new(options.speed),
            log: Mutex::new(Log::new(options.kept_requests)),
            options,
            key,
            base_url,
            artifacts_url,
            store: Mutex::new(store),
            faults: Mutex::new(faults),
            struck: Struck::default(),
            repository_reads: Mutex::new(Vec::new()),
            link_secret: uuid::Uuid::new_v4().simple().to_string(),
            tasks: Mutex::new(JoinSet::new()),
            changes: watch::Sender::new(0),
            saved: watch::Sender::new(0),
            save_soon: Notify::new(),
        }
    }

    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }

    pub(crate) fn strikes(&self, fault: Fault) -> bool {
        let strikes = lock(&self.faults).strikes(fault);
        if strikes {
            self.struck.note(fault);
        }
        strikes
    }

    pub(crate) fn stands(&self, fault: Fault) -> bool {
        lock(&self.faults).stands(fault)
    }

    pub(crate) fn amount(&self, fault: Fault) -> Option<u32> {
        lock(&self.faults).amount(fault)
    }

    pub(crate) fn violation(&self, number: u64, rule: &str, detail: impl Into<String>) {
        lock(&self.log).violation(number, rule, detail);
    }

    pub(crate) fn spelling(&self) -> Spelling {
        let faults = lock(&self.faults);
        Spelling {
            pages: format!("{}/_pages", self.base_url),
            local_pages: self.options.local_pages,
            name_missing: faults.stands(Fault::NameMissing),
            extra_fields: faults.stands(Fault::ExtraFields),
            old_active: faults.stands(Fault::OldActive),
            struck: self.struck.clone(),
        }
    }

    /// Something that was asked for has changed: it is saved at once, and is the change of this number.
    pub(crate) fn touched(&self) -> u64 {
        let change = self.progressed();
        self.save_soon.notify_one();
        change
    }

    /// Waits until a change is in the data file, where there is one: whoever asked for it is told only then, so that
    /// a crash takes nothing that was promised.
    pub(crate) async fn kept(&self, change: u64) {
        if self.options.data.is_some() {
            let mut saved = self.saved.subscribe();
            // It cannot fail: the sender lives as long as this cloud.
            drop(saved.wait_for(|saved| *saved >= change).await);
        }
    }

    /// A story went on: it can be told again from where it was saved last.
    fn progressed(&self) -> u64 {
        let mut change = 0;
        self.changes.send_modify(|count| {
            *count += 1;
            change = *count;
        });
        change
    }

    /// Runs a task until the cloud stops.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = lock(&self.tasks);
        // Finished tasks are forgotten, else the set grows with every run.
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }

    pub(crate) fn abort_tasks(&self) {
        lock(&self.tasks).abort_all();
    }

    /// Where the pull request of an agent is or would be.
    pub(crate) fn pull_address(&self, agent: &Agent, number: u64) -> Option<String> {
        let repository = agent.repository()?;
        if let Some(pull) = &agent.pull {
            return Some(pull.url.clone());
        }
        if !agent.auto_create_pr {
            return None;
        }
        Some(if self.options.local_pages {
            format!("{PAGES}pull/{number}")
        } else {
            format!("{}/pull/{number}", repository.trim_end_matches('/'))
        })
    }

    /// The story of a run, as often as it is asked for the same.
    fn beats(&self, agent_id: &str, run_id: &str) -> Option<(Vec<Beat>, usize)> {
        let store = self.store();
        let agent = store.agent(agent_id)?;
        let run = agent.run(run_id)?;
        let first_prompt = agent
            .runs
            .first()
            .map_or(run.prompt.as_str(), |first| first.prompt.as_str());
        let number = agent.reserved_pull;
        let beats = story::beats(&Scene {
            kind: run.kind,
            prompt: &run.prompt,
            first_prompt,
            pictures: run.pictures.len(),
            repository: agent.repository(),
            branch: &agent.branch,
            pull_url: self.pull_address(agent, number),
            event_delay_ms: self.options.knobs.event_delay_ms,
            huge_deltas: self.options.knobs.huge_deltas,
            told: &self.options.told,
        });
        Some((beats, run.position))
    }

    /// Starts playing a run; also used for runs found active at start.
    pub(crate) fn play(self: &Arc<Self>, agent_id: &str, run_id: &str) {
        let cloud = Arc::clone(self);
        let (agent_id, run_id) = (agent_id.to_owned(), run_id.to_owned());
        self.spawn(async move {
            // `None` means that the run ended or its agent is gone: there is nothing left to play.
            let _ended = cloud.perform(&agent_id, &run_id).await;
        });
    }

    async fn perform(&self, agent_id: &str, run_id: &str) -> Option<()> {
        let creating = self.store().run(agent_id, run_id)?.status == Status::Creating;
        if creating {
            self.clock.wait(self.options.knobs.boot_ms).await;
            let now = self.clock.now_ms();
            let mut store = self.store();
            let agent = store.agent_mut(agent_id)?;
            agent.updated_ms = now;
            let run = agent.run_mut(run_id)?;
            if run.status != Status::Creating {
                return None;
            }
            run.status = Status::Running;
            run.started_ms = Some(now);
            run.changed.send_replace(());
            drop(store);
            self.progressed();
        }
        let (beats, position) = self.beats(agent_id, run_id)?;
        for (index, beat) in beats.into_iter().enumerate().skip(position) {
            self.until_let_go(index as u64).await;
            self.clock.wait(beat.after_ms).await;
            if self.clock.scaled(1).is_zero() && index % 256 == 255 {
                // Without delays nothing else in this loop gives other tasks a turn.
                tokio::task::yield_now().await;
            }
            let goes_on = self.act(agent_id, run_id, &beat.act)?;
            self.progressed();
            if !goes_on {
                return Some(());
            }
            self.store().run_mut(agent_id, run_id)?.position = index + 1;
        }
        Some(())
    }

    /// Waits as long as runs are held that did so many things.
    async fn until_let_go(&self, done: u64) {
        let is_held = || self.amount(Fault::RunsHeld).is_some_and(|most| done >= most.into());
        if is_held() {
            self.struck.note(Fault::RunsHeld);
        }
        while is_held() {
            tokio::time::sleep(HELD).await;
        }
    }

    /// Plays one act; `None` if the run is no longer active, false if the story ends here.
    fn act(&self, agent_id: &str, run_id: &str, act: &Act) -> Option<bool> {
        let now = self.clock.now_ms();
        let mut store = self.store();
        if !store.run(agent_id, run_id)?.status.is_active() {
            return None;
        }
        match act {
            Act::Text(_) | Act::Thinking(_) | Act::ToolStarted(_) | Act::ToolCompleted(_) => {
                let frames = frames(act, self.options.knobs.mirror_interaction_updates);
                store.emit(agent_id, run_id, now, &frames)?;
            }
            Act::Changed(file) => {
                let agent = store.agent_mut(agent_id)?;
                match agent.changed.iter_mut().find(|known| known.path == file.path) {
                    Some(known) => known.diff.push_str(&file.diff),
                    None => agent.changed.push(file.clone()),
                }
            }
            Act::KeepPicture => {
                let agent = store.agent(agent_id)?;
                let prompt = agent.runs.first().map(|run| run.prompt.clone());
                let face = agent.face.clone();
                let turn = agent.runs.len();
                // Drawing takes a while: not under the lock.
                drop(store);
                let picture = picture_of_result::draw(&prompt.unwrap_or_default(), face.as_deref(), turn);
                self.store()
                    .agent_mut(agent_id)?
                    .keep("artifacts/after.png", picture, now);
            }
            Act::KeepText { path, text } => {
                store.agent_mut(agent_id)?.keep(path, text.clone().into_bytes(), now);
            }
            Act::Branch(branch) => store.agent_mut(agent_id)?.branch.clone_from(branch),
            Act::Push => store.agent_mut(agent_id)?.pushed = true,
            Act::OpenPull => {
                let agent = store.agent_mut(agent_id)?;
                let number = agent.reserved_pull;
                if agent.pull.is_none()
                    && let Some(url) = self.pull_address(agent, number)
                {
                    let title = agent.name.clone().unwrap_or_default();
                    agent.pull = Some(Pull { number, url, title });
                }
            }
            Act::Planned => store.run_mut(agent_id, run_id)?.planned = true,
            Act::Silence => {
                let run = store.run_mut(agent_id, run_id)?;
                run.silent = true;
                run.changed.send_replace(());
                return Some(false);
            }
            Act::Wait => return Some(false),
            Act::Finish(_) | Act::Fail(_) | Act::Expire => {
                let ending = match act {
                    Act::Finish(text) => Ending::Finished(text.clone()),
                    Act::Fail(failure) => Ending::Failed(failure.clone()),
                    _ => Ending::Expired,
                };
                store.end(agent_id, run_id, (now, self.usage_delay_ms()), ending)?;
                drop(store);
                crate::webhook::announce(self, agent_id);
                return Some(false);
            }
        }
        Some(true)
    }

    fn usage_delay_ms(&self) -> u64 {
        let delay = self.clock.scaled(self.options.knobs.usage_delay_ms);
        delay.as_millis() as u64
    }

    /// Ends a run as cancelled after the lag.
    pub(crate) fn cancel_later(self: &Arc<Self>, agent_id: &str, run_id: &str) {
        let cloud = Arc::clone(self);
        let (agent_id, run_id) = (agent_id.to_owned(), run_id.to_owned());
        self.spawn(async move {
            cloud.clock.wait(cloud.options.knobs.cancel_lag_ms).await;
            cloud.until_let_go(u64::MAX).await;
            let times = (cloud.clock.now_ms(), cloud.usage_delay_ms());
            cloud.store().end(&agent_id, &run_id, times, Ending::Cancelled);
            cloud.touched();
        });
    }

    /// The story a new run plays; faults on runs win over the prompt.
    pub(crate) fn choose_story(&self, prompt: &str, plan_mode: bool, first: bool, planned_before: bool) -> Kind {
        if self.strikes(Fault::RunErrorWithoutText) {
            Kind::FailWordless
        } else if self.strikes(Fault::RunExpired) {
            Kind::Expire
        } else if self.strikes(Fault::RunNeverEnding) {
            Kind::Unending
        } else {
            story::choose(prompt, plan_mode, first, planned_before)
        }
    }

    /// A delay that the speed does not scale, for faults that are about slowness.
    pub(crate) async fn slow_answer(&self) {
        tokio::time::sleep(Duration::from_millis(self.options.knobs.slow_answer_ms)).await;
    }
}
