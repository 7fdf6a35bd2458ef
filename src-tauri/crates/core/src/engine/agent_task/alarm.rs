//! The user's alarms on a run under way: looked at while it is followed, told once, and stopped if the user says so.

use std::time::Duration;

use tokio::time::Instant;

use super::AgentTask;
use crate::machines::notice::{Known, Need, Standing, Subject};
use crate::machines::spending::{RunFacts, alarm, asks_usage, next_look};
use crate::model::{AlarmBy, AlarmStop, RunAlarm, RunId, SpendingRules, Usage};

impl AgentTask {
    /// Sets when the run under way is looked at next; never without an alarm, or once it was told.
    pub(super) fn set_alarm(&mut self) {
        self.alarm = match self.watched() {
            Some((rules, _, worked)) => {
                let look = next_look(&rules, worked).map(|wait| Instant::now() + Duration::from_millis(wait));
                // What is set stays: events come all the time.
                self.alarm.or(look)
            }
            None => None,
        };
    }

    /// Looks at the run under way, and asks the service what it used where an alarm is about that.
    pub(super) async fn look_at_usage(&mut self) {
        self.alarm = None;
        let Some((rules, run, worked)) = self.watched() else {
            return;
        };
        let tokens = self.told_tokens(&run);
        if self
            .ring(
                &rules,
                &run,
                RunFacts {
                    worked,
                    tokens,
                    micros: 0,
                },
            )
            .await
        {
            return;
        }
        let refused = self.engine.read(|world| {
            world
                .account(&self.account)
                .is_none_or(|account| account.usage_unavailable)
        });
        if asks_usage(&rules) && !refused && !self.asking_usage {
            self.asking_usage = true;
            let (engine, id) = (self.engine.clone(), self.id.clone());
            self.engine.spawn(async move {
                let used = engine.fetch_run_usage(&id, &run).await.unwrap_or_else(|failure| {
                    tracing::warn!(?failure, "what a run uses is asked for again in a minute");
                    None
                });
                engine.mail_agent(&id, super::AgentMail::Used(run, used.unwrap_or_default()));
            });
        }
        self.set_alarm();
    }

    /// Takes what the service says a run used so far.
    pub(super) async fn used(&mut self, of: &RunId, usage: Usage) {
        self.asking_usage = false;
        let Some((rules, run, worked)) = self.watched().filter(|(_, run, _)| run == of) else {
            return;
        };
        let facts = RunFacts {
            worked,
            tokens: usage.tokens.max(self.told_tokens(&run)),
            micros: usage.micros.unwrap_or_default(),
        };
        self.ring(&rules, &run, facts).await;
    }

    /// Takes what the service says a run that is over used. An account that is told nothing of a run under way still
    /// finds on the page what went past an alarm; a notice would come beside that of its end.
    pub(super) fn used_in_all(&self, run: &RunId, told: &[(RunId, Usage)]) {
        let Some((_, usage)) = told.iter().find(|(of, _)| of == run) else {
            return;
        };
        let rules = self.engine.read(|world| {
            let known = world.agent(&self.id)?.agent.alarm.as_ref();
            known
                .is_none_or(|alarm| alarm.run != *run)
                .then_some(world.settings().spending)
        });
        let facts = RunFacts {
            worked: 0,
            tokens: usage.tokens.max(self.told_tokens(run)),
            micros: usage.micros.unwrap_or_default(),
        };
        if let Some(by) = rules.and_then(|rules| alarm(&rules, facts)) {
            self.note_alarm(run, by, AlarmStop::Nothing);
        }
    }

    /// The rules, if there are any, the run under way that was not told yet, and how long it works in milliseconds by the service's
    /// clock. The older API has no runs, so that nobody knows when one began.
    fn watched(&self) -> Option<(SpendingRules, RunId, u64)> {
        let run = &self.following.as_ref().filter(|_| !self.older)?.run;
        let stopping = self.engine.is_stopping(&self.id);
        let rules = self.engine.read(|world| {
            let record = world.agent(&self.id)?;
            let rules = world.settings().spending;
            let told = record.agent.alarm.as_ref().filter(|alarm| alarm.run == *run);
            // One that was to be stopped and goes on is rung for again.
            let done = told.is_some_and(|alarm| match alarm.stop {
                AlarmStop::Nothing => true,
                AlarmStop::Asked => stopping,
                AlarmStop::Owed => false,
            });
            (record.is_live() && !done && next_look(&rules, 0).is_some()).then_some(rules)
        })?;
        let held = self.runs.iter().find(|held| held.id == *run)?;
        let recorded = held.kept.run.as_ref()?.created_at;
        let own = self.begun.as_ref().filter(|begun| begun.run == *run);
        let since = own.map_or(recorded, |own| own.there);
        // A run whose record tells no time has worked for no time that is known.
        let worked = match since {
            0 => 0,
            since => self.engine.service_time(&self.account).saturating_sub(since),
        };
        Some((rules, run.clone(), worked))
    }

    /// The tokens that the stream told of a run.
    fn told_tokens(&self, run: &RunId) -> u64 {
        let held = self.runs.iter().find(|held| held.id == *run);
        held.map_or(0, |held| held.transcript.tokens())
    }

    /// Tells of a run that went past an alarm, and stops it if the user wants that; gives whether it did.
    async fn ring(&mut self, rules: &SpendingRules, run: &RunId, facts: RunFacts) -> bool {
        let Some(by) = alarm(rules, facts) else {
            return false;
        };
        self.alarm = None;
        let stop = match rules.alarm_stops.then(|| self.engine.agent_stop(&self.id)) {
            None => AlarmStop::Nothing,
            Some(Ok(())) => AlarmStop::Asked,
            Some(Err(failure)) => {
                self.fail(failure);
                AlarmStop::Owed
            }
        };
        self.tell_of_alarm(run, by, stop).await;
        true
    }

    /// A run that an alarm was to stop goes on: that is told, and it is tried again in a while.
    pub(super) async fn not_stopped(&mut self) {
        let alarm = self.engine.read(|world| world.agent(&self.id)?.agent.alarm.clone());
        let run = self.following.as_ref().map(|following| following.run.clone());
        let Some(alarm) = alarm.filter(|alarm| alarm.stop == AlarmStop::Asked && Some(&alarm.run) == run.as_ref())
        else {
            return;
        };
        self.tell_of_alarm(&alarm.run, alarm.by, AlarmStop::Owed).await;
    }

    /// Keeps what was done about a run that went past an alarm, and tells of it; what is owed is tried again in a while.
    async fn tell_of_alarm(&mut self, run: &RunId, by: AlarmBy, stop: AlarmStop) {
        self.note_alarm(run, by, stop);
        self.save().await;
        if stop == AlarmStop::Owed {
            self.alarm = Some(Instant::now() + self.engine.0.options.stop_patience);
        }
        let subject = Subject::Agent {
            agent: self.id.clone(),
            run: Some(run.clone()),
        };
        let stopped = stop == AlarmStop::Asked;
        let standing = Standing::NeedsYou(Need::Alarm { stopped });
        self.engine.tell(None, &Known { subject, standing }).await;
    }

    fn note_alarm(&self, run: &RunId, by: AlarmBy, stop: AlarmStop) {
        let alarm = RunAlarm {
            run: run.clone(),
            by,
            stop,
        };
        self.engine.edit(|world| {
            if let Some(mut record) = world.agent(&self.id).cloned() {
                record.agent.alarm = Some(alarm);
                world.put_agent(record);
            }
        });
    }
}
