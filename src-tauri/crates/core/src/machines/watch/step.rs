//! Transitions of following.

use super::{Effect, EventKind, Input, Link, Moment, Next, RecordFailure, Route, StreamEnd, Watch, backoff};
use crate::model::RunState;

/// A silent link is given up after this long without a sign, once heartbeats (every 15 s) run.
const SILENCE: u64 = 42_000;
/// The first heartbeat comes after 30 to 36 s; until then a link may be silent for longer.
const FIRST_SILENCE: u64 = 72_000;
/// Trouble is shown after this long.
const SHOWN_AFTER: u64 = 2_000;
/// The stream of a follow-up is unavailable for about two seconds (API §7.2); for so long it is taken for that.
const WARM_UP: u64 = 6_000;
/// So many streams in a row that brought nothing, and the run is asked for instead.
const REFUSALS: u32 = 6;
/// A stream that was open for so long was let through, even if nothing but its beginning came.
const LASTED: u64 = 30_000;
/// How often the stream is tried again while the run is asked for.
const STREAM_RETRY: u64 = 300_000;
/// So long without anything new, and what the stream did not bring of a run that is over is taken from its record.
const BACKLOG_WAIT: u64 = 90_000;
/// So long after the end what the service asks to wait for is worth the steps; an end told later is no news.
const PATIENCE: u64 = 300_000;
/// A link that brought nothing for so long, a heartbeat and a little, when the network is back: it is likely dead.
const LATE: u64 = 20_000;
/// The same before the first heartbeat, which comes after 30 to 36 s.
const FIRST_LATE: u64 = 38_000;
/// A stream of a run that is over has everything at hand: silence means that it is dead.
const BACKLOG_SILENCE: u64 = 15_000;
/// A link that has been open for this long is no trouble any more.
const CALM_AFTER: u64 = 3_000;

impl Watch {
    /// Takes what happened and says what to do, in order.
    pub fn step(&mut self, input: Input, moment: Moment) -> Vec<Effect> {
        let mut effects = Vec::new();
        match input {
            Input::Visible(visible) => self.see(visible, moment),
            Input::Started if self.stopped => self.start(moment, &mut effects),
            _ if self.stopped => return effects,
            Input::Started => {}
            Input::Opened => {
                if matches!(self.link, Link::Opening { .. }) {
                    let now = moment.now;
                    self.link = Link::Open {
                        since: now,
                        last_sign: now,
                        spoke: false,
                        heartbeats: false,
                        progress: false,
                    };
                }
            }
            Input::Seen(kind) => self.seen(kind, moment, &mut effects),
            Input::StreamEnded(end) => {
                if self.link != Link::Closed {
                    self.stream_ended(end, moment, &mut effects);
                }
            }
            Input::Record(state) => {
                self.asking = false;
                self.record(state, moment, &mut effects);
            }
            Input::RecordFailed(failure) => {
                self.asking = false;
                self.record_failed(failure, moment, &mut effects);
            }
            Input::Tick => self.tick(moment, &mut effects),
            Input::Resumed => self.resumed(moment, &mut effects),
            Input::Reached => self.reached(moment, &mut effects),
        }
        self.settle(moment, &mut effects);
        effects
    }

    fn start(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        let fresh = Self::new(self.route, self.visible);
        // What was learnt of this run holds; only the trouble is forgotten.
        *self = Self {
            expired: self.expired,
            result_seen: self.result_seen,
            stopped: false,
            warm_until: moment.now + WARM_UP,
            ..fresh
        };
        if self.route == Route::Ask || self.expired || self.result_seen {
            self.ask(effects);
        } else {
            self.open(moment, effects);
        }
    }

    /// A run on screen is asked for more often, from now on.
    fn see(&mut self, visible: bool, moment: Moment) {
        let appeared = visible && !self.visible;
        self.visible = visible;
        if appeared && (self.polled || self.route == Route::Ask) && self.failures == 0 {
            let soon = moment.now + self.poll_interval(moment);
            if let Some((at, Next::Record)) = &mut self.next {
                *at = soon.min(*at);
            }
        }
    }

    fn open(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        self.next = None;
        self.link = Link::Opening { since: moment.now };
        effects.push(Effect::OpenStream {
            from_start: self.from_start,
        });
    }

    fn ask(&mut self, effects: &mut Vec<Effect>) {
        self.next = None;
        if !self.asking {
            self.asking = true;
            effects.push(Effect::GetRun);
        }
    }

    fn close(&mut self, effects: &mut Vec<Effect>) {
        if self.link != Link::Closed {
            self.link = Link::Closed;
            effects.push(Effect::CloseStream);
        }
    }

    fn seen(&mut self, kind: EventKind, moment: Moment, effects: &mut Vec<Effect>) {
        let Link::Open {
            last_sign,
            spoke,
            heartbeats,
            progress,
            ..
        } = &mut self.link
        else {
            return;
        };
        *last_sign = moment.now;
        *spoke = true;
        match kind {
            EventKind::Status => {}
            EventKind::Heartbeat => {
                *heartbeats = true;
                self.works();
            }
            EventKind::Repeated => self.from_start = false,
            EventKind::Content => {
                *progress = true;
                self.from_start = false;
                self.backlog_until = Some(moment.now + BACKLOG_WAIT);
                self.works();
            }
            EventKind::Result => {
                self.works();
                self.result_seen = true;
                self.ask_after_result(effects);
            }
            EventKind::Done if self.result_seen => self.close(effects),
            EventKind::Done => self.give_up(StreamEnd::Eof, moment, effects),
            EventKind::Unavailable => self.give_up(StreamEnd::Unavailable, moment, effects),
            EventKind::Unauthorized => self.give_up(StreamEnd::Unauthorized, moment, effects),
            EventKind::NotFound => self.give_up(StreamEnd::NotFound, moment, effects),
            EventKind::Trouble => self.give_up(StreamEnd::Refused { retry_after: None }, moment, effects),
        }
    }

    /// Drops a stream that is of no more use, as if it had ended so.
    fn give_up(&mut self, end: StreamEnd, moment: Moment, effects: &mut Vec<Effect>) {
        effects.push(Effect::CloseStream);
        self.stream_ended(end, moment, effects);
    }

    /// The stream brings something.
    fn works(&mut self) {
        self.failures = 0;
        self.refusals = 0;
        self.polled = false;
        self.stream_retry_at = None;
        self.trouble_since = None;
        self.warm_until = 0;
    }

    /// The result names the end already; the record has to agree, for it also has what the stream lacks.
    fn ask_after_result(&mut self, effects: &mut Vec<Effect>) {
        match self.over {
            Some(state) => self.finish(Some(state), effects),
            None => self.ask(effects),
        }
    }

    fn stream_ended(&mut self, end: StreamEnd, moment: Moment, effects: &mut Vec<Effect>) {
        let had_progress = matches!(self.link, Link::Open { progress: true, .. });
        // A stream that is let through and stays is not refused, whoever ends it: the agent is silent, and asking for its
        // record in place of it would only hide that.
        let lasted = matches!(self.link, Link::Open { since, spoke: true, .. } if moment.now >= since + LASTED);
        self.link = Link::Closed;
        if self.result_seen {
            if !self.asking && self.next.is_none() {
                self.ask_after_result(effects);
            }
            return;
        }
        if !matches!(end, StreamEnd::Unavailable) || moment.now >= self.warm_until {
            self.trouble_since.get_or_insert(moment.now);
        }
        match end {
            StreamEnd::Unauthorized => return self.halt(effects),
            StreamEnd::Expired => {
                self.expired = true;
                return match self.over {
                    Some(state) => self.finish(Some(state), effects),
                    None => self.ask(effects),
                };
            }
            StreamEnd::InvalidLastEventId if !self.from_start => {
                self.from_start = true;
                return self.open(moment, effects);
            }
            _ => {}
        }
        // The end is not given out for all there is while nothing can be heard: the service keeps the rest for a day.
        // Where only streams are not let through, the record is heard, and waiting longer brings nothing.
        if matches!(end, StreamEnd::Unreachable) && !self.polled {
            self.wait_for_backlog(moment);
        }
        // Nor while the service itself says when to come again.
        if let (
            StreamEnd::Refused {
                retry_after: Some(after),
            },
            Some(since),
        ) = (end, self.over_since)
        {
            let until = (moment.now + after).min(since + PATIENCE) + BACKLOG_WAIT;
            self.backlog_until = self.backlog_until.max(Some(until));
        }
        if lasted {
            self.refusals = 0;
            self.polled = false;
        } else {
            self.refusals = self.refusals.saturating_add(1);
        }
        if let (Some(state), StreamEnd::NotFound) = (self.over, end) {
            return self.finish(Some(state), effects);
        }
        match end {
            // A stream that brought something will bring the rest.
            StreamEnd::Eof if had_progress => self.fail(None, moment),
            // The server answered: its word on the run comes first.
            StreamEnd::Eof | StreamEnd::Unavailable | StreamEnd::NotFound if self.over.is_none() => self.ask(effects),
            StreamEnd::Refused { retry_after } => self.fail(retry_after, moment),
            _ => self.fail(None, moment),
        }
    }

    /// Waits anew for what the stream still has of a run that is over.
    fn wait_for_backlog(&mut self, moment: Moment) {
        if self.over.is_some() {
            self.backlog_until = Some(moment.now + BACKLOG_WAIT);
        }
    }

    fn record(&mut self, state: RunState, moment: Moment, effects: &mut Vec<Effect>) {
        self.failures = 0;
        if !matches!(state, RunState::Creating | RunState::Running) {
            if self.result_seen || self.expired || self.route == Route::Ask {
                return self.finish(Some(state), effects);
            }
            // Once more for the backlog; the stream that is open may still bring it.
            self.over = Some(state);
            self.over_since.get_or_insert(moment.now);
            self.backlog_until = Some(moment.now + BACKLOG_WAIT);
            if self.link == Link::Closed && self.next.is_none() {
                self.open(moment, effects);
            }
            return;
        }
        if self.result_seen {
            let delay = backoff::doubling(self.late_records, 500, 30_000);
            self.late_records += 1;
            self.next = Some((moment.now + delay, Next::Record));
            return;
        }
        if self.route == Route::Ask || self.expired || self.refusals >= REFUSALS {
            if self.route == Route::Stream {
                self.polled = true;
                self.trouble_since = None;
                if !self.expired {
                    self.stream_retry_at.get_or_insert(moment.now + STREAM_RETRY);
                }
            }
            if self.link == Link::Closed {
                let stream_is_due = self.stream_retry_at.is_some_and(|at| at <= moment.now);
                if stream_is_due {
                    self.stream_retry_at = Some(moment.now + STREAM_RETRY);
                    self.open(moment, effects);
                } else {
                    self.next = Some((moment.now + self.poll_interval(moment), Next::Record));
                }
            }
            return;
        }
        if self.link == Link::Closed && self.next.is_none() {
            let delay = backoff::doubling(self.refusals.saturating_sub(1), 500, 5_000);
            self.next = Some((moment.now + backoff::spread(delay, moment.jitter), Next::Stream));
        }
    }

    fn record_failed(&mut self, failure: RecordFailure, moment: Moment, effects: &mut Vec<Effect>) {
        match failure {
            RecordFailure::Unauthorized => self.halt(effects),
            RecordFailure::NotFound => self.finish(None, effects),
            RecordFailure::Trouble { retry_after } => {
                if self.link == Link::Closed {
                    self.trouble_since.get_or_insert(moment.now);
                }
                self.fail(retry_after, moment);
            }
        }
    }

    /// A request brought nothing: waits, longer each time, and then tries the other kind of request in turn,
    /// for either may work alone.
    fn fail(&mut self, retry_after: Option<u64>, moment: Moment) {
        // The backlog is waited for only so long, so it is asked for more often meanwhile.
        let failures = if self.over.is_some() {
            self.failures.min(4)
        } else {
            self.failures
        };
        let delay = backoff::after(failures, moment.jitter).max(backoff::retry_after(retry_after, moment.jitter));
        self.failures = self.failures.saturating_add(1);
        let streams = self.route == Route::Stream && !self.expired && !self.result_seen && self.link == Link::Closed;
        let is_turn = self.failures.is_multiple_of(3);
        let next = match (streams, self.over) {
            (true, Some(_)) => Next::Stream,
            // Mostly the stream, until it was refused too often; then mostly the record.
            (true, None) if is_turn == (self.refusals >= REFUSALS) => Next::Stream,
            _ => Next::Record,
        };
        let delay = if self.polled || self.route == Route::Ask {
            delay.max(self.poll_interval(moment))
        } else {
            delay
        };
        self.next = Some((moment.now + delay, next));
    }

    fn tick(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        if let (Some(state), Some(_)) = (self.over, self.backlog_ends_at().filter(|at| *at <= moment.now)) {
            return self.finish(Some(state), effects);
        }
        if self.silent_at().is_some_and(|at| at <= moment.now) {
            self.give_up(StreamEnd::Idle, moment, effects);
        }
        if self.calm_at().is_some_and(|at| at <= moment.now) {
            self.trouble_since = None;
        }
        if let Some((at, next)) = self.next
            && at <= moment.now
        {
            match next {
                Next::Stream => self.open(moment, effects),
                Next::Record => self.ask(effects),
            }
        }
    }

    /// Connections that slept are dead as a rule, and asking costs less than waiting for silence.
    fn resumed(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        self.failures = 0;
        self.refusals = 0;
        self.wait_for_backlog(moment);
        let soon = moment.now + (moment.jitter * 1_500.0) as u64;
        if self.route == Route::Stream && !self.expired && !self.result_seen {
            self.close(effects);
            self.trouble_since = Some(moment.now);
            self.stream_retry_at = None;
            self.polled = false;
            self.next = Some((soon, Next::Stream));
        } else if !self.asking {
            self.next = Some((soon, Next::Record));
        }
    }

    /// One request that failed drops no link that works.
    fn reached(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        let works = match self.link {
            Link::Closed => false,
            Link::Opening { since } => moment.now < since + LATE,
            Link::Open {
                last_sign, heartbeats, ..
            } => moment.now < last_sign + if heartbeats { LATE } else { FIRST_LATE },
        };
        if !works {
            self.resumed(moment, effects);
        }
    }

    fn halt(&mut self, effects: &mut Vec<Effect>) {
        self.close(effects);
        self.stopped = true;
        self.next = None;
        effects.push(Effect::Halted);
    }

    fn finish(&mut self, state: Option<RunState>, effects: &mut Vec<Effect>) {
        self.close(effects);
        self.stopped = true;
        self.next = None;
        self.trouble_since = None;
        self.polled = false;
        effects.push(Effect::Finished(state));
    }

    fn poll_interval(&self, moment: Moment) -> u64 {
        let interval = match (self.route, self.visible) {
            (Route::Stream, true) => 15_000,
            (Route::Ask, true) => 10_000,
            (_, false) => 60_000,
        };
        backoff::spread(interval, moment.jitter)
    }

    fn silent_at(&self) -> Option<u64> {
        match self.link {
            Link::Closed => None,
            Link::Opening { since } | Link::Open { last_sign: since, .. } if self.over.is_some() => {
                Some(since + BACKLOG_SILENCE)
            }
            Link::Opening { since } => Some(since + FIRST_SILENCE),
            Link::Open {
                last_sign,
                heartbeats: true,
                ..
            } => Some(last_sign + SILENCE),
            Link::Open {
                last_sign,
                heartbeats: false,
                ..
            } => Some(last_sign + FIRST_SILENCE),
        }
    }

    /// When an open stream has shown that it stays.
    fn calm_at(&self) -> Option<u64> {
        match self.link {
            Link::Open { since, .. } if self.trouble_since.is_some() => Some(since + CALM_AFTER),
            _ => None,
        }
    }

    /// When the stream of a run that is over is not waited for any longer.
    fn backlog_ends_at(&self) -> Option<u64> {
        self.backlog_until.filter(|_| self.over.is_some())
    }

    /// When trouble begins to be shown. Not while a stream is open: that shows by itself whether it stays.
    fn show_at(&self) -> Option<u64> {
        let hidden = self.reconnecting || matches!(self.link, Link::Open { .. });
        self.trouble_since.filter(|_| !hidden).map(|since| since + SHOWN_AFTER)
    }

    /// Says what changed for the page, and when to wake.
    fn settle(&mut self, moment: Moment, effects: &mut Vec<Effect>) {
        let goes_on = self.reconnecting && self.trouble_since.is_some();
        let shown = !self.stopped && (goes_on || self.show_at().is_some_and(|at| at <= moment.now));
        if shown != self.reconnecting {
            self.reconnecting = shown;
            effects.push(Effect::ShowReconnecting(shown));
        }
        let polled = self.polled && !self.stopped;
        if polled != self.shown_polled {
            self.shown_polled = polled;
            effects.push(Effect::ShowPolled(polled));
        }
        let times = [
            self.silent_at(),
            self.next.map(|(at, _)| at),
            self.show_at(),
            self.calm_at(),
            self.backlog_ends_at(),
        ];
        let wake = times.into_iter().flatten().min();
        let wake = wake.filter(|_| !self.stopped);
        if wake != self.wake {
            self.wake = wake;
            effects.push(Effect::WakeAt(wake));
        }
    }
}
