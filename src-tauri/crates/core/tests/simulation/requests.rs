//! What happens to the requests of a launch on their way, at the service, and on the way back.

use sendoff_core::machines::launch::{
    Asked, Delivery, LaunchEffect, LaunchInput, LaunchMachine, LookAnswer, PostAnswer, Refusal, Wire, look_refused,
    post_refused, post_without_answer,
};
use sendoff_core::model::{AgentId, Failure};

use super::cloud::Body;
use super::fault::Fault;
use super::launches::{Event, Layer, OWNER, Reply, WORDS, World};

const POST: &[Fault] = &[
    Fault::PostNoName,
    Fault::PostConnectRefused,
    Fault::PostConnectTimeout,
    Fault::PostTls,
    Fault::PostCutBefore,
    Fault::PostCutInside,
    Fault::PostCutLastByte,
    Fault::PostSilenceUndone,
    Fault::PostSilenceDone,
    Fault::PostSilenceDone,
    Fault::PostResetAfter,
    Fault::PostResetAfter,
    Fault::PostStatusOnly,
    Fault::PostTruncated,
    Fault::PostWrongJson,
    Fault::PostHtml,
    Fault::PostOtherId,
    Fault::PostLate,
    Fault::PostLate,
    Fault::PostLate,
    Fault::Post504Late,
    Fault::Post500Before,
    Fault::Post500After,
    Fault::Post502Before,
    Fault::Post502After,
    Fault::Post503,
    Fault::Post408,
    Fault::Post307,
    Fault::Post429,
    Fault::Post429Bare,
    Fault::Post429Absurd,
    Fault::Post429Leaked,
    Fault::PostIncludedUsage,
    Fault::PostSpendingLimit,
    Fault::Post401,
    Fault::Post403,
    Fault::Post413,
    Fault::Post400,
    Fault::PostBranch,
    Fault::PostBranch,
    Fault::PostForeign,
    Fault::PostForeign,
    Fault::PostBusy,
    Fault::PostBlocks,
    Fault::PostNotBuilt,
];

const LOOK: &[Fault] = &[
    Fault::LookUnreachable,
    Fault::Look500,
    Fault::Look429,
    Fault::Look401,
    Fault::Look403,
    Fault::LookRoute,
];

/// A refusal as the service words it.
pub(crate) fn refusal(status: u16, code: &str, message: &str, retry_after: Option<u64>) -> Refusal {
    Refusal {
        status,
        recognised: true,
        code: (!code.is_empty()).then(|| code.to_owned()),
        message: message.to_owned(),
        retry_after,
        help_url: None,
    }
}

/// The refusals that are certain to have done nothing, as the service words them.
pub(crate) fn certain_refusal(fault: Fault) -> Option<Refusal> {
    Some(match fault {
        Fault::Post429 => refusal(429, "rate_limit_exceeded", "", Some(20)),
        Fault::Post429Bare => refusal(429, "", "Too Many Requests", None),
        Fault::Post429Absurd => refusal(429, "rate_limit_exceeded", "", Some(u64::MAX)),
        Fault::Post429Leaked => refusal(429, "resource_exhausted", "[resource_exhausted] Error", Some(60)),
        Fault::PostIncludedUsage => refusal(
            429,
            "rate_limit_exceeded",
            "You've used all included Cloud Agent usage: Enable on-demand usage to continue using Cloud Agents",
            None,
        ),
        Fault::PostSpendingLimit => refusal(400, "usage_limit_exceeded", "", None),
        Fault::Post401 => refusal(401, "error", "Invalid User API Key", None),
        Fault::Post403 => refusal(403, "plan_required", "", None),
        Fault::Post413 => refusal(413, "", "Payload Too Large", None),
        Fault::Post400 => refusal(400, "validation_error", "prompt.text is required", None),
        Fault::PostBranch => refusal(
            400,
            "validation_error",
            "Failed to verify existence of branch 'main' in repository acme/web.",
            None,
        ),
        Fault::PostBusy => refusal(409, "agent_busy", "", None),
        _ => return None,
    })
}

/// What certainly did nothing and got no clear answer.
pub(crate) fn unclear_and_undone(fault: Fault) -> Option<(u64, Option<u16>)> {
    Some(match fault {
        Fault::PostCutBefore => (2_000, None),
        Fault::PostCutInside => (3_000, None),
        Fault::PostCutLastByte => (4_000, None),
        Fault::PostSilenceUndone => (95_000, None),
        Fault::PostHtml => (300, Some(200)),
        Fault::Post500Before => (300, Some(500)),
        Fault::Post502Before => (300, Some(502)),
        Fault::Post503 => (300, Some(503)),
        Fault::Post408 => (300, Some(408)),
        Fault::Post307 => (300, Some(307)),
        _ => return None,
    })
}

/// What was done and got no clear answer: when the app hears of it, and with which status.
pub(crate) fn unclear_and_done(fault: Fault) -> Option<(u64, Option<u16>)> {
    Some(match fault {
        Fault::PostSilenceDone => (95_000, None),
        Fault::PostResetAfter => (40_000, None),
        Fault::PostStatusOnly | Fault::PostTruncated | Fault::PostWrongJson => (600, Some(201)),
        Fault::Post500After => (600, Some(500)),
        Fault::Post502After => (60_000, Some(502)),
        _ => return None,
    })
}

fn unclear(status: Option<u16>) -> PostAnswer {
    match status {
        None => post_without_answer(Delivery::Unknown),
        Some(status) => post_refused(&refusal(status, "", "", None), Asked::default(), Wire::V1),
    }
}

impl World {
    /// A post leaves a process.
    pub(crate) fn post(&mut self, from: usize) {
        let Some(machine) = &self.processes[from].machine else {
            return;
        };
        let body = Body {
            agent: (machine.wire() == Wire::V1).then(|| machine.agent().clone()),
            content: machine.request().to_string(),
            words: WORDS,
        };
        if body.content != machine.body_sha256() {
            self.breaks("the stored request is not what was stored");
            return;
        }
        self.post_as_owner(from, body);
    }

    fn post_as_owner(&mut self, from: usize, body: Body) {
        let owner = self.processes[from]
            .machine
            .as_ref()
            .map(LaunchMachine::user)
            .unwrap_or_default()
            .to_owned();
        if self.key != Some(owner.as_str()) {
            self.breaks(format!("posts {owner}'s launch with the key of {:?}", self.key));
        }
        if !self.network {
            self.tally.met(Fault::PostOffline);
            self.answer(from, 20, post_without_answer(Delivery::NotSent));
            return;
        }
        let mut post_faults = POST;
        if self.wire == Wire::V0 {
            // Without an identifier in the request there is none to be taken.
            post_faults = &POST[..POST.len() - 5];
        }
        let fault = self.fault(Layer::Post, post_faults);
        match fault {
            Some(Fault::PostNoName | Fault::PostConnectRefused | Fault::PostConnectTimeout | Fault::PostTls) => {
                let wait = self.random.pick(&[10, 300, 10_000]);
                self.answer(from, wait, post_without_answer(Delivery::NotSent));
                return;
            }
            Some(Fault::PostNotBuilt) => {
                self.answer(from, 1, PostAnswer::NotBuilt(Failure::PictureDamaged));
                return;
            }
            _ => {}
        }
        if self.now < self.processes[from].not_before {
            self.breaks("posts before the time that the service asked to wait for");
        }
        self.sent_as_other |= owner != OWNER;
        self.posts.push(body.clone());
        if let Some(fault) = fault {
            if let Some(refusal) = certain_refusal(fault) {
                if let Some(seconds) = refusal.retry_after {
                    self.processes[from].not_before = self.now + 300 + seconds.min(600) * 1_000;
                }
                self.answer(from, 300, post_refused(&refusal, Asked::default(), self.wire));
                return;
            }
            if let Some((wait, status)) = unclear_and_undone(fault) {
                self.answer(from, wait, unclear(status));
                return;
            }
        }
        let mut latency = self.random.between(50, 1_500);
        let reply = match fault {
            // Without an identifier of ours in the request nothing in the answer can be compared.
            Some(Fault::PostOtherId) if self.wire == Wire::V1 => Reply::OtherId(500),
            Some(Fault::PostLate) => {
                latency = self.random.spread(1_000, 120_000);
                self.answer(from, 95_000, unclear(None));
                Reply::Nobody
            }
            Some(Fault::Post504Late) => {
                latency = self.random.spread(1_000, 120_000);
                self.answer(from, 800, unclear(Some(504)));
                Reply::Nobody
            }
            Some(Fault::PostBlocks) => Reply::Honest(60_000),
            Some(Fault::PostForeign) => {
                if let Some(agent) = &body.agent
                    && !self.cloud.agents.iter().any(|known| known.agent == *agent)
                {
                    let theirs = Body {
                        words: "Somebody else's words",
                        ..body.clone()
                    };
                    self.foreign += 1;
                    self.cloud.create(&theirs, "eve", false, self.now, 0, 0);
                }
                Reply::Honest(200)
            }
            Some(fault) => match unclear_and_done(fault) {
                Some((wait, status)) => Reply::Unclear(wait, status),
                None => Reply::Honest(400),
            },
            None => Reply::Honest(self.random.between(50, 3_000)),
        };
        let life = self.processes[from].life;
        self.after(
            latency,
            Event::Arrive {
                from,
                life,
                body,
                user: owner,
                reply,
            },
        );
    }

    /// A post arrives: from here on there is an agent, whatever the app hears.
    pub(crate) fn arrive(&mut self, from: usize, life: u32, body: &Body, user: &str, reply: &Reply) {
        let mut lag = 0;
        if self.fault(Layer::Lag, &[Fault::ReadLag]).is_some() {
            lag = self.random.spread(500, 25_000);
        }
        let mut conversation_lag = 0;
        if self.fault(Layer::Lag, &[Fault::ConversationLag]).is_some() {
            conversation_lag = self.random.spread(500, 20_000);
        }
        let created = self.cloud.create(body, user, true, self.now, lag, conversation_lag);
        self.note(|_| format!("the service creates {created:?}"));
        if self.wire == Wire::V0 && created.is_some() && self.fault(Layer::Lag, &[Fault::Twin]).is_some() {
            // The same words from the service's own page; seen no earlier than ours, because nothing could
            // tell the two apart otherwise.
            self.cloud.create(body, user, false, self.now, lag, conversation_lag);
        }
        let (wait, answer) = match (reply, created) {
            (Reply::Nobody, _) => return,
            (Reply::Unclear(wait, status), _) => (*wait, unclear(*status)),
            (Reply::Honest(wait), None) => (
                *wait,
                post_refused(
                    &refusal(409, "agent_id_conflict", "", None),
                    Asked::default(),
                    self.wire,
                ),
            ),
            (Reply::Honest(wait), Some(agent)) => (*wait, PostAnswer::Created { agent, run: None }),
            (Reply::OtherId(wait), _) => (
                *wait,
                PostAnswer::Created {
                    agent: AgentId("bc-mixed-up".to_owned()),
                    run: None,
                },
            ),
        };
        if self.processes[from].life != life {
            return;
        }
        let lost = wait > 1_000 && self.fault(Layer::Post, &[Fault::PostNetworkLost]).is_some();
        let answer = if lost || !self.network { unclear(None) } else { answer };
        self.answer(from, wait, answer);
    }

    /// A look leaves a process.
    pub(crate) fn look(&mut self, from: usize, effect: LaunchEffect) {
        let life = self.processes[from].life;
        let owner = self.processes[from]
            .machine
            .as_ref()
            .map(|machine| machine.user().to_owned())
            .unwrap_or_default();
        if self.key != Some(owner.as_str()) {
            self.breaks(format!("looks for {owner}'s launch with the key of {:?}", self.key));
        }
        let refused = |status, code, message, retry_after| look_refused(&refusal(status, code, message, retry_after));
        let answer = if self.network {
            self.looks += 1;
            match self.fault(Layer::Look, LOOK) {
                Some(Fault::LookUnreachable) => Some(LookAnswer::Unreachable),
                Some(Fault::Look500) => Some(refused(500, "internal_error", "", None)),
                Some(Fault::Look429) => Some(refused(429, "rate_limit_exceeded", "", Some(30))),
                Some(Fault::Look401) => Some(refused(401, "error", "Invalid User API Key", None)),
                Some(Fault::Look403) => Some(refused(403, "plan_required", "", None)),
                Some(Fault::LookRoute) => Some(refused(404, "", "Route GET:/v1/agents not found", None)),
                _ => None,
            }
        } else {
            self.tally.met(Fault::LookOffline);
            Some(LookAnswer::Unreachable)
        };
        let wait = self.random.between(50, 2_000);
        match answer {
            Some(answer) => self.after(wait, Event::Input(from, life, LaunchInput::Looked(answer))),
            None => self.after(
                wait,
                Event::LookArrives {
                    from,
                    life,
                    user: owner,
                    effect,
                },
            ),
        }
    }
}
