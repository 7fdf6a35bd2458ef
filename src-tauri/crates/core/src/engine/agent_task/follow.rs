//! Following a run: does what the watch machine says, feeds the transcript, keeps every event on disk.

use std::time::Duration;

use cursor_cloud_agents::{Event, EventId, RunId as WireRun, RunStream, StreamError, StreamEvent};
use tokio::time::{Instant, sleep_until};

use super::{AgentTask, Arrived, FLUSH, Following, REFUSED};
use crate::engine::launch_task::{answered, woken};
use crate::engine::{Engine, answers, standing};
use crate::machines::verdict::Sound;
use crate::machines::watch::{Effect, EventKind, Input, Moment, RecordFailure, Route, StreamEnd, Watch};
use crate::model::{Failure, RunId, RunState};
use crate::transcript::{SeenEvent, reduced};

/// The watch machine notices silence; this only keeps a dead socket from being held for ever.
const SILENCE: Duration = Duration::from_mins(5);
/// The largest event that is kept as it came, in bytes; of what is larger its short fields are.
const EVENT: usize = 1 << 20;
/// Events that are taken in one go at most.
const TOGETHER: usize = 256;
/// A stream that brings little by little is read so often: nobody sees more, and each reading wakes the processor.
const FRAME: Duration = Duration::from_millis(16);
/// So many events wait at most before they are on disk.
const UNSAVED: usize = 400;

/// What happened to the followed run.
pub(super) enum Happened {
    /// An event came.
    Event(StreamEvent),
    /// The stream ended.
    Ended(StreamEnd),
    /// The network answered.
    Arrived(Arrived),
    /// The time asked for has come.
    Woke,
}

/// Waits for what happens next.
pub(super) async fn next(following: &mut Following) -> Happened {
    let wake = following.wake;
    tokio::select! {
        happened = read(following.stream.as_mut(), following.rest) => happened,
        arrived = answered(&mut following.opening) => {
            following.opening = None;
            Happened::Arrived(arrived)
        }
        arrived = answered(&mut following.asking) => {
            following.asking = None;
            Happened::Arrived(arrived)
        }
        () = woken(wake) => {
            following.wake = None;
            Happened::Woke
        }
    }
}

async fn read(stream: Option<&mut RunStream>, rest: Option<Instant>) -> Happened {
    let Some(stream) = stream else {
        return std::future::pending().await;
    };
    if let Some(rest) = rest {
        sleep_until(rest).await;
    }
    happened(stream.next(SILENCE).await)
}

/// What has come already; of a stream that hurries also what comes as soon as who reads the connection had a
/// turn. A lone event waits for nobody: giving way for it would wake another thread in vain.
async fn at_hand(stream: &mut RunStream, hurries: bool) -> Option<Happened> {
    let mut read = stream.at_hand();
    if read.is_none() && hurries {
        tokio::task::yield_now().await;
        read = stream.at_hand();
    }
    read.map(happened)
}

fn happened(read: Result<Option<StreamEvent>, StreamError>) -> Happened {
    match read {
        Ok(Some(event)) => Happened::Event(event),
        Ok(None) => Happened::Ended(StreamEnd::Eof),
        Err(StreamError::Idle) => Happened::Ended(StreamEnd::Idle),
        Err(StreamError::Interrupted(_)) => Happened::Ended(StreamEnd::Reset),
    }
}

impl AgentTask {
    /// Begins to follow a run.
    pub(super) async fn follow(&mut self, run: RunId) {
        self.save_events().await;
        self.ended_record = None;
        let visible = self.engine.looked_at(&self.id);
        let route = if self.older_api() { Route::Ask } else { Route::Stream };
        // The app may have been quit between the two.
        let ended = self.runs.iter().find(|held| held.id == run);
        let watch = match ended.and_then(|held| held.transcript.outcome()) {
            Some(_) => Watch::after_result(route, visible),
            None => Watch::new(route, visible),
        };
        self.following = Some(Following {
            run,
            watch,
            stream: None,
            taken: None,
            rest: None,
            wake: None,
            opening: None,
            asking: None,
        });
        self.listen_anew();
        self.hand_in(Input::Started).await;
    }

    /// Takes what happened to the machine and the transcript.
    pub(super) async fn arrived(&mut self, happened: Happened) {
        match happened {
            Happened::Event(event) => self.events(event).await,
            Happened::Ended(end) => {
                self.close_stream();
                self.hand_in(Input::StreamEnded(end)).await;
            }
            Happened::Woke => self.hand_in(Input::Tick).await,
            Happened::Arrived(Arrived::Stream(Ok(stream))) => {
                self.seen = true;
                self.engine.reached(&self.account);
                if let Some(following) = &mut self.following {
                    following.stream = Some(stream);
                }
                self.hear(Sound::Listening);
                self.hand_in(Input::Opened).await;
            }
            Happened::Arrived(Arrived::Stream(Err(error))) => {
                self.engine.note_failure(&self.account, &error);
                self.hand_in(Input::StreamEnded(stream_end(&error))).await;
            }
            Happened::Arrived(Arrived::Record(answer)) => self.record_arrived(*answer).await,
            Happened::Arrived(Arrived::Older(answer)) => self.older_arrived(*answer).await,
        }
    }

    /// Takes an event and those behind it that are at hand. Letters and times get their turn in between.
    async fn events(&mut self, first: StreamEvent) {
        let now = Instant::now();
        let hurries = self.following.as_mut().is_some_and(|following| {
            let before = following.taken.replace(now);
            before.is_some_and(|before| now < before + 3 * FRAME)
        });
        self.event(first).await;
        for _ in 1..TOGETHER {
            let Some(following) = &mut self.following else {
                return;
            };
            let Some(stream) = &mut following.stream else {
                return;
            };
            match at_hand(stream, hurries).await {
                Some(Happened::Event(event)) => self.event(event).await,
                Some(end) => return Box::pin(self.arrived(end)).await,
                // A stream that brings little by little is left alone for a frame.
                None => {
                    following.rest = hurries.then(|| Instant::now() + FRAME);
                    return;
                }
            }
        }
    }

    async fn event(&mut self, event: StreamEvent) {
        let Some(following) = &self.following else {
            return;
        };
        let now = self.engine.now();
        let seen = SeenEvent {
            id: event.id.as_ref().map(|id| id.as_str().to_owned()),
            kind: event.kind.clone(),
            data: if event.data.len() > EVENT || event.event == Event::Oversized {
                reduced(&event.data)
            } else {
                event.data
            },
            at: now,
        };
        let Some(held) = self.runs.iter_mut().find(|held| held.id == following.run) else {
            return;
        };
        let applied = held.transcript.apply(&seen);
        if applied.rebuilt {
            held.unsaved.clear();
            held.renumbered = true;
        }
        let kind = EventKind::of(&seen.kind, &seen.data, applied.new);
        if applied.leaves_out {
            held.unsaved.push(SeenEvent::left_out(now));
        }
        if applied.keep {
            held.unsaved.push(seen);
            self.flush.get_or_insert_with(|| Instant::now() + FLUSH);
        }
        // Those that could not be written are not tried again with each that comes.
        let full = held.unsaved.len() == UNSAVED;
        self.hear_event(kind, now);
        self.stale = true;
        if full {
            self.save_events().await;
        }
        self.hand_in(Input::Seen(kind)).await;
    }

    async fn record_arrived(&mut self, answer: Result<cursor_cloud_agents::Run, cursor_cloud_agents::Error>) {
        match answer {
            Ok(run) => {
                self.seen = true;
                self.engine.reached(&self.account);
                let state = standing::run_state(&run.status);
                self.note_record(run).await;
                self.hear_record(state);
                self.hand_in(Input::Record(state)).await;
            }
            Err(error) => {
                self.engine.note_failure(&self.account, &error);
                let failure = self.record_failure(&error);
                self.hand_in(Input::RecordFailed(failure)).await;
            }
        }
    }

    /// Hands an input to the watch machine and does what follows.
    pub(super) async fn hand_in(&mut self, input: Input) {
        let now = self.steady();
        // How often the record is asked for depends on whether somebody looks; nobody says when they stop.
        let looked = !matches!(input, Input::Seen(_) | Input::Visible(_));
        let visible = looked.then(|| Input::Visible(self.engine.looked_at(&self.id)));
        let Some(following) = &mut self.following else {
            return;
        };
        if matches!(input, Input::Opened | Input::Record(_)) {
            self.retries = 0;
        }
        let moment = Moment {
            now,
            jitter: f64::from(Engine::jitter()) / (f64::from(u32::MAX) + 1.0),
        };
        let (mut effects, mut unasked) = (Vec::new(), None);
        if let Some(visible) = visible {
            effects.extend(following.watch.step(visible, moment));
        }
        effects.extend(following.watch.step(input, moment));
        for effect in effects {
            match effect {
                Effect::OpenStream { from_start } => {
                    if !self.open_stream(from_start) {
                        unasked = Some(Input::StreamEnded(StreamEnd::Unauthorized));
                    }
                }
                Effect::CloseStream => self.close_stream(),
                Effect::GetRun => {
                    if !self.get_run() {
                        unasked = Some(Input::RecordFailed(RecordFailure::Unauthorized));
                    }
                }
                Effect::WakeAt(at) => {
                    if let Some(following) = &mut self.following {
                        following.wake = at.map(|at| Instant::now() + Duration::from_millis(at.saturating_sub(now)));
                    }
                }
                Effect::ShowReconnecting(reconnecting) => {
                    self.reconnecting = reconnecting;
                    self.hear(if reconnecting { Sound::Deaf } else { Sound::Listening });
                    self.stale = true;
                }
                Effect::ShowPolled(polled) => {
                    self.polled = polled;
                    self.listen_anew();
                    self.stale = true;
                }
                // The account's own trouble is shown; following goes on once it works again, or after a while.
                Effect::Halted => {
                    self.hear(Sound::Deaf);
                    self.stale = true;
                    self.retry_later(REFUSED);
                }
                // What else the ended watch said is not for the one that may follow it.
                Effect::Finished(state) => return Box::pin(self.finished(state)).await,
            }
        }
        if let Some(unasked) = unasked {
            // A question that cannot be put is answered all the same: the machine waits for each.
            Box::pin(self.hand_in(unasked)).await;
        }
    }

    /// False without a key, or for a run that only the older API has.
    fn open_stream(&mut self, from_start: bool) -> bool {
        let Some((client, wire)) = self.wire() else {
            return false;
        };
        let Some(following) = &mut self.following else {
            return true;
        };
        let Ok(run) = WireRun::parse(following.run.as_str()) else {
            return false;
        };
        let Some(held) = self.runs.iter_mut().find(|held| held.id == following.run) else {
            return false;
        };
        let resume = if from_start {
            None
        } else {
            held.transcript.resume_after().and_then(|id| EventId::parse(id).ok())
        };
        held.transcript.connected(resume.is_none());
        following.stream = None;
        let opened = async move { Arrived::Stream(client.stream_run(&wire, &run, resume.as_ref()).await) };
        following.opening = Some(self.engine.ask(opened));
        true
    }

    pub(super) fn close_stream(&mut self) {
        if let Some(following) = &mut self.following {
            following.stream = None;
            following.opening = None;
        }
    }

    /// False without a key, or for a run that only the older API has.
    pub(super) fn get_run(&mut self) -> bool {
        let older = self.older_api();
        let Some((client, wire)) = self.wire() else {
            return false;
        };
        let Some(following) = &mut self.following else {
            return true;
        };
        let run = WireRun::parse(following.run.as_str()).ok();
        if run.is_none() && !older {
            return false;
        }
        let (engine, account) = (self.engine.clone(), self.account.clone());
        following.asking = Some(self.engine.ask(async move {
            engine.afford(&account).await;
            let Some(run) = run.filter(|_| !older) else {
                let answer = match client.v0().get(&wire).await {
                    Ok(agent) => {
                        engine.afford(&account).await;
                        match client.v0().conversation(&wire).await {
                            Ok(conversation) => Ok((agent, Some(conversation))),
                            Err(error) if error.is_archived() => Ok((agent, None)),
                            Err(error) => Err(error),
                        }
                    }
                    Err(error) => Err(error),
                };
                return Arrived::Older(Box::new(answer));
            };
            Arrived::Record(Box::new(client.get_run(&wire, &run).await))
        }));
        true
    }

    /// The run is over: what is left of it is fetched, and the agent's standing told.
    async fn finished(&mut self, state: Option<RunState>) {
        self.save_events().await;
        let Some(following) = self.following.take() else {
            return;
        };
        self.reconnecting = false;
        self.polled = false;
        self.listen_anew();
        if state.is_none() {
            return self.vanish().await;
        }
        self.settle(&following.run).await;
        if let Some(next) = self.unread() {
            self.follow(next).await;
        }
    }

    /// The service does not know the agent any more: what was under way has failed, what was over stays as it was.
    pub(super) async fn vanish(&mut self) {
        self.save_events().await;
        self.following = None;
        self.retry = None;
        self.engine.stopping_over(&self.id);
        self.gone = true;
        let was_at_work = self.engine.read(|world| {
            let record = world.agent(&self.id);
            record.is_some_and(crate::record::AgentRecord::is_live)
        });
        let now = self.engine.now();
        for held in self.runs.iter_mut().filter(|held| !held.kept.settled) {
            held.kept.settled = true;
            held.unrecorded = true;
            let ended = held.transcript.outcome().is_some();
            if let Some(run) = &mut held.kept.run
                && !ended
                && !standing::is_over(run.state)
            {
                run.state = RunState::Error;
                held.kept.failure = Some(Failure::AgentGone);
                held.end_as_kept(now);
            }
        }
        self.save_events().await;
        if !was_at_work {
            self.fail(Failure::AgentGone);
        }
        self.show().await;
        self.save().await;
        self.engine.queue_turn(&self.id);
    }

    /// Why a record could not be had, for the watch machine.
    pub(super) fn record_failure(&self, error: &cursor_cloud_agents::Error) -> RecordFailure {
        match record_failure(error) {
            RecordFailure::NotFound if !self.is_gone_by_404() => RecordFailure::Trouble { retry_after: None },
            failure => failure,
        }
    }

    /// Writes what is not on disk yet: the events of each run, and then its record, which says that nothing is missing.
    /// What cannot be written is kept, in order, and tried again.
    pub(super) async fn save_events(&mut self) {
        self.flush = None;
        for held in &mut self.runs {
            let mut saved = self.engine.store_events(&self.id, held).await;
            if saved.is_ok() && held.unrecorded {
                saved = self.engine.save_run(&self.id, &self.account, held).await;
                held.unrecorded = saved.is_err();
            }
            if let Err(failure) = saved {
                self.flush = Some(Instant::now() + FLUSH);
                tracing::warn!(?failure, "what was seen of a run could not be saved");
            }
        }
    }

    /// What came of asking the service to stop.
    pub(super) async fn stopped(&mut self, outcome: Result<(), Failure>) {
        if outcome.is_ok() {
            self.problem = None;
            self.stale = true;
        }
        if self.following.is_some() {
            self.get_run();
        } else {
            self.refresh().await;
        }
        // Behind the refresh, which says what stands in its own way.
        let over = self.run_state().is_some_and(standing::is_over);
        if let Err(failure) = outcome
            && !over
        {
            self.fail(failure);
            self.not_stopped().await;
        }
    }
}

/// Why a record could not be had, before it is asked how old the agent is.
fn record_failure(error: &cursor_cloud_agents::Error) -> RecordFailure {
    if error.is_unauthorized() {
        RecordFailure::Unauthorized
    } else if error.is_not_found() {
        RecordFailure::NotFound
    } else {
        RecordFailure::Trouble {
            retry_after: error.retry_after().map(|wait| wait.as_millis() as u64),
        }
    }
}

/// How a refused stream ended, for the watch machine.
fn stream_end(error: &cursor_cloud_agents::Error) -> StreamEnd {
    if error.is_stream_unavailable() {
        StreamEnd::Unavailable
    } else if error.is_stream_expired() {
        StreamEnd::Expired
    } else if error.is_invalid_last_event_id() {
        StreamEnd::InvalidLastEventId
    } else if error.is_unauthorized() {
        StreamEnd::Unauthorized
    } else if error.is_not_found() {
        StreamEnd::NotFound
    } else if answers::is_offline(error) {
        StreamEnd::Unreachable
    } else {
        StreamEnd::Refused {
            retry_after: error.retry_after().map(|wait| wait.as_millis() as u64),
        }
    }
}
