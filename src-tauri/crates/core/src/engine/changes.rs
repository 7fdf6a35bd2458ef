//! The feed: waits until a view has something new, at most one answer per frame.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout_at};

use super::{Engine, lock, mailbox::AgentMail};
use crate::model::{AgentId, BlockId, Changes, Earlier, Group, ShotTarget, View};
use crate::record::AgentRecord;

/// How long a call waits before it answers that nothing changed.
const PATIENCE: Duration = Duration::from_secs(25);
/// One frame at 60 a second.
const FRAME: Duration = Duration::from_millis(16);
/// A view not asked for since this long is not looked at any more.
const GLANCE: Duration = Duration::from_secs(30);

/// Which views were asked for, and when last.
#[derive(Default)]
pub(crate) struct Looks {
    asked: HashMap<View, Instant>,
    open: Option<View>,
    /// Whether the window is there and in front.
    focused: bool,
}

impl Engine {
    /// The part of an agent's transcript before an order, or all parts back to a block.
    pub fn earlier(&self, agent: &AgentId, before: u64, to: Option<&BlockId>) -> Earlier {
        self.read(|world| world.earlier(agent, before, to))
    }

    /// What changed in `view` since revision `since`. Waits until something did, or about 25 seconds.
    pub async fn changes(&self, since: u64, view: View) -> Changes {
        let begun = Instant::now();
        let last = self.look_at(&view, begun);
        if since > 0
            && let Some(last) = last
        {
            // At most one answer per frame and view, however fast the world turns.
            sleep_until(last + FRAME).await;
        }
        let deadline = begun + PATIENCE;
        let mut woken = self.0.revision.subscribe();
        loop {
            woken.mark_unchanged();
            if let Some(changes) = self.read(|world| world.changes(since, &view)) {
                lock(&self.0.looks).asked.insert(view, Instant::now());
                return changes;
            }
            let waited = timeout_at(deadline, woken.changed()).await;
            if !matches!(waited, Ok(Ok(()))) {
                let revision = self.read(super::super::world::World::revision);
                return Changes {
                    revision,
                    whole: false,
                    updates: Vec::new(),
                };
            }
        }
    }

    /// Notes that a view is looked at; gives when it was last.
    fn look_at(&self, view: &View, now: Instant) -> Option<Instant> {
        let (last, opened) = {
            let mut looks = lock(&self.0.looks);
            looks
                .asked
                .retain(|_, asked| now.duration_since(*asked) < PATIENCE + GLANCE);
            let opened = *view != View::Home && looks.open.as_ref() != Some(view);
            if opened {
                looks.open = Some(view.clone());
            }
            (looks.asked.insert(view.clone(), now), opened)
        };
        if opened {
            self.note_left(view);
        }
        if let View::Agent { id } = view
            && last.is_none_or(|last| now.duration_since(last) > GLANCE)
        {
            self.mail_agent(id, AgentMail::Looked);
        }
        last
    }

    /// Says whether the window is in front. With it closed or behind, nothing is on screen.
    pub fn set_focused(&self, focused: bool) {
        let open = {
            let mut looks = lock(&self.0.looks);
            looks.focused = focused;
            looks.open.clone()
        };
        // What happened while the window was behind has been seen now.
        if let Some(View::Agent { id }) = open.filter(|_| focused)
            && self.looked_at(&id)
        {
            self.mark_read(&id);
        }
    }

    /// Notes that what happened to an agent was seen.
    pub(crate) fn mark_read(&self, id: &AgentId) {
        let was_unread = self.edit(|world| {
            let Some(mut record) = world.agent(id).filter(|record| record.unread).cloned() else {
                return false;
            };
            record.unread = false;
            world.put_agent(record);
            true
        });
        if was_unread {
            let (engine, id) = (self.clone(), id.clone());
            self.spawn(async move {
                if let Err(failure) = engine.save_agent(&id).await {
                    tracing::warn!(?failure, "what was seen may be shown as new once more");
                }
            });
        }
    }

    /// Whether the window is in front.
    pub(crate) fn is_focused(&self) -> bool {
        lock(&self.0.looks).focused
    }

    /// Whether an agent is on screen now.
    pub(crate) fn on_screen(&self, agent: &AgentId) -> bool {
        self.view_on_screen(&View::Agent { id: agent.clone() })
    }

    /// Whether a page is on screen and in front.
    pub(crate) fn view_on_screen(&self, view: &View) -> bool {
        let looks = lock(&self.0.looks);
        looks.focused && looks.open.as_ref() == Some(view) && recently(&looks, view)
    }

    /// Whether an agent's page was asked for lately, in front or not.
    pub(crate) fn looked_at(&self, agent: &AgentId) -> bool {
        recently(&lock(&self.0.looks), &View::Agent { id: agent.clone() })
    }

    /// Whether the list is in view.
    pub(crate) fn list_in_view(&self) -> bool {
        recently(&lock(&self.0.looks), &View::Home)
    }

    /// Where a picture dropped on the window goes: into what is open.
    pub fn drop_target(&self) -> Option<ShotTarget> {
        match lock(&self.0.looks).open.clone()? {
            View::Draft { id } => Some(ShotTarget::Draft(id)),
            View::Agent { id } => Some(ShotTarget::Answer(id)),
            View::Home | View::Launch { .. } => None,
        }
    }

    /// The agents of all accounts that wait for the user or work, for the tray: those that wait first, of each the
    /// latest first.
    pub fn at_hand(&self) -> Vec<AtHand> {
        self.read(|world| {
            let state = |record| Some((at_hand_state(record)?, record));
            let mut found: Vec<(AtHandState, &AgentRecord)> = world.agents().filter_map(state).collect();
            found.sort_by_key(|(state, record)| (*state != AtHandState::NeedsYou, Reverse(record.touched_at)));
            found
                .into_iter()
                .map(|(state, record)| AtHand {
                    agent: record.agent.id.clone(),
                    title: record.agent.title.clone(),
                    face: record.face.clone(),
                    state,
                })
                .collect()
        })
    }

    /// Wakes whenever anything changed.
    pub fn watch(&self) -> tokio::sync::watch::Receiver<u64> {
        self.0.revision.subscribe()
    }
}

/// How an agent stands, where that is something for the tray.
fn at_hand_state(record: &AgentRecord) -> Option<AtHandState> {
    match record.group() {
        Group::NeedsYou => Some(AtHandState::NeedsYou),
        Group::Working if record.is_live() => Some(match record.silence() {
            Some(silence) if silence.stuck => AtHandState::Stuck,
            Some(_) => AtHandState::Quiet,
            None if record.agent.reconnecting => AtHandState::Reconnecting,
            None => AtHandState::Working,
        }),
        _ => None,
    }
}

/// Whether a view was asked for lately.
fn recently(looks: &Looks, view: &View) -> bool {
    looks
        .asked
        .get(view)
        .is_some_and(|asked| asked.elapsed() < PATIENCE + FRAME * 60)
}

/// How an agent stands, for the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtHandState {
    /// It waits for the user.
    NeedsYou,
    /// It works.
    Working,
    /// It works as far as is known: its stream is away just now.
    Reconnecting,
    /// It is not heard of.
    Quiet,
    /// Not for so long that somebody should look.
    Stuck,
}

/// An agent that waits for the user or works, for the tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AtHand {
    /// What a click opens.
    pub agent: AgentId,
    /// Its title; may be empty.
    pub title: String,
    /// The hash of its first picture.
    pub face: Option<String>,
    /// How it stands.
    pub state: AtHandState,
}
