//! The service of a follow-up: its runs, and what it answers.

use sendoff_core::machines::follow_up::{FollowUpInput, FollowUpLook, Noted, SeenRun};
use sendoff_core::machines::launch::{Asked, Delivery, Wire, post_refused, post_without_answer};
use sendoff_core::model::RunId;

use super::super::fault::Fault;
use super::super::launches::EPOCH;
use super::super::requests::{certain_refusal, unclear_and_done, unclear_and_undone};
use super::{CloudRun, Event, FollowUpWorld, POST, Reply, content, unclear};

/// A sending begins at most so long after its agent was looked at.
const NOTED: u64 = 2_000;

impl FollowUpWorld {
    pub(super) fn busy(&self) -> bool {
        self.runs.iter().any(|run| run.ends_at > self.now)
    }

    pub(super) fn ours(&self) -> usize {
        self.runs.iter().filter(|run| run.ours).count()
    }

    pub(super) fn create_run(&mut self, ours: bool) -> Option<RunId> {
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

    pub(super) fn noted(&self) -> Noted {
        let visible = || self.runs.iter().filter(|run| run.visible_at <= self.now);
        Noted {
            latest: (self.wire == Wire::V1)
                .then(|| visible().next_back().map(|run| run.run.clone()))
                .flatten(),
            user_messages: visible().count() as u32,
        }
    }

    pub(super) fn seen(&self) -> FollowUpLook {
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

    pub(super) fn post(&mut self) {
        self.with_owners_key("posts");
        let Some(machine) = &self.machine else { return };
        let stored = self.disk.is_sending(machine.revision());
        let words = machine.content().request.as_u64();
        if !stored {
            self.breaks("posts before it is on disk");
        }
        if self.now < self.elsewhere {
            self.breaks("posts while it is the turn of another");
        }
        if words != Some(self.wanted) {
            self.breaks("posts other words than its owner last wrote");
        }
        if let Some((told, sent)) = self.again.take() {
            // Whatever could not be noted before makes ours hard to tell.
            let since: Vec<&CloudRun> = self.runs.iter().filter(|run| run.visible_at + NOTED > sent).collect();
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
}
