//! The service's side of the stream (API v1, run stream: events, resume, retention), with its habits and every fault
//! that was seen. All of it in virtual milliseconds.

use std::fmt::Write as _;

use sendoff_core::machines::watch::{RecordFailure, StreamEnd};
use sendoff_core::model::RunState;
use sendoff_core::transcript::{RunRecord, run_state};
use serde_json::{Value, json};

use crate::random::Random;
use crate::script::{EPOCH, Frame, Script};

/// What kind of trouble there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weather {
    /// None.
    Fair,
    /// Connections break, end or fall silent anywhere.
    Cuts,
    /// The same, and resuming repeats events, in part or from the start.
    Repeats,
    /// The same, and resume points are refused; half the time all identifiers change then.
    Forgets,
    /// The same, and there is no stream at first, by status or in band.
    Late,
    /// The same, and requests fail.
    Storm,
    /// The same, and the app is killed and started again.
    Restarts,
    /// The stream is gone before the end.
    Expires,
}

impl Weather {
    pub(crate) const ALL: [Self; 8] = [
        Self::Fair,
        Self::Cuts,
        Self::Repeats,
        Self::Forgets,
        Self::Late,
        Self::Storm,
        Self::Restarts,
        Self::Expires,
    ];
}

/// What a connection brings, and when.
#[derive(Debug, Clone)]
pub(crate) enum Happening {
    Opened,
    Bytes(Vec<u8>),
    Ended(StreamEnd),
}

/// The service.
pub(crate) struct Server {
    frames: Vec<Frame>,
    weather: Weather,
    pub(crate) random: Random,
    /// Faults left; afterwards all goes well.
    faults: u64,
    /// Streams exist from here on.
    stream_from: u64,
    expires_at: Option<u64>,
    expired: bool,
    refuses_resume: bool,
    cut_once: Option<usize>,
    over: bool,
    result: Value,
}

impl Server {
    pub(crate) fn new(script: &Script, weather: Weather, mut random: Random) -> Self {
        let end = script.frames.last().unwrap().at;
        let faults = if weather == Weather::Fair {
            0
        } else {
            random.between(1, 12)
        };
        let stream_from = if weather == Weather::Late {
            random.below(8_000)
        } else {
            0
        };
        let expires_at = (weather == Weather::Expires).then(|| random.below(end + 60_000));
        let result = script.frames.iter().find(|frame| frame.kind == "result").unwrap();
        Self {
            result: serde_json::from_str(&result.data).unwrap(),
            frames: script.frames.clone(),
            weather,
            random,
            faults,
            stream_from,
            expires_at,
            expired: false,
            refuses_resume: weather == Weather::Forgets,
            cut_once: None,
            over: false,
        }
    }

    pub(crate) fn cut_once_at(&mut self, byte: usize) {
        self.cut_once = Some(byte);
    }

    pub(crate) fn went_expired(&self) -> bool {
        self.expired
    }

    pub(crate) fn kills(&mut self) -> bool {
        self.weather == Weather::Restarts && self.faults > 0 && self.random.percent(2) && {
            self.faults -= 1;
            true
        }
    }

    pub(crate) fn stream_length(&self) -> usize {
        let happenings = self.all(0, 0);
        happenings.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// The record, as it is now.
    pub(crate) fn record(&mut self, now: u64) -> Result<RunRecord, RecordFailure> {
        if matches!(self.weather, Weather::Storm) && self.fault(30) {
            let retry_after = self.random.percent(30).then_some(5_000);
            return Err(RecordFailure::Trouble { retry_after });
        }
        self.calm_down(now);
        // The record may lag behind the stream.
        let over = now >= self.frames.last().unwrap().at + 300;
        let text = self.result.get("text").and_then(Value::as_str).map(str::to_owned);
        let state = self.result["status"].as_str().map(run_state).unwrap();
        Ok(RunRecord {
            state: if over { state } else { RunState::Running },
            text: text.filter(|_| over),
            duration: self.result["durationMs"].as_u64().filter(|_| over),
            error: None,
            at: EPOCH + now,
        })
    }

    /// Opens the stream: everything this connection will bring.
    pub(crate) fn open(&mut self, resume: Option<&str>, now: u64) -> Vec<(u64, Happening)> {
        let now = now + self.random.between(20, 400);
        self.calm_down(now);
        let refused = |end| vec![(now, Happening::Ended(end))];
        if self.expires_at.is_some_and(|at| now >= at) {
            self.expired = true;
            return refused(StreamEnd::Expired);
        }
        if now < self.stream_from {
            if self.random.percent(50) {
                return refused(StreamEnd::Unavailable);
            }
            let text = "event: status\ndata: {\"status\":\"RUNNING\"}\n\nevent: error\ndata: {\"code\":\"stream_unavailable\"}\n\nid: \nevent: done\ndata: {}\n\n";
            return vec![(now, Happening::Opened), (now + 5, Happening::Bytes(text.into()))];
        }
        if self.weather == Weather::Storm && self.fault(40) {
            let retry_after = self.random.percent(30).then_some(3_000);
            let end = self
                .random
                .pick(&[StreamEnd::Reset, StreamEnd::Refused { retry_after }]);
            return refused(end);
        }
        if self.refuses_resume && resume.is_some() && self.fault(50) {
            if self.random.percent(50) {
                self.renumber();
                self.refuses_resume = false;
            }
            return refused(StreamEnd::InvalidLastEventId);
        }
        let start = match resume {
            None => 0,
            Some(id) => match self.frames.iter().rposition(|frame| frame.id == id) {
                Some(last) => last + 1,
                None => return refused(StreamEnd::InvalidLastEventId),
            },
        };
        let start = if self.weather == Weather::Repeats && self.random.percent(50) {
            self.earlier(start)
        } else {
            start
        };
        let connection = self.all(start, now);
        self.cut(connection, now)
    }

    /// The beginning of an earlier group: at least once is what resuming promises.
    fn earlier(&mut self, start: usize) -> usize {
        let mut place = self.random.below(start as u64 + 1) as usize;
        while place > 0 && place < self.frames.len() && self.frames[place].id == self.frames[place - 1].id {
            place -= 1;
        }
        place
    }

    /// New identifiers for the same events, as after a change of the service's storage.
    fn renumber(&mut self) {
        for frame in &mut self.frames {
            frame.id = format!("{}7", frame.id);
        }
    }

    /// All frames from one on, with `status` first and heartbeats between.
    fn all(&self, start: usize, now: u64) -> Vec<(u64, Vec<u8>)> {
        let mut bytes = vec![(
            now,
            encode(
                None,
                "status",
                &json!({"runId": "run-1", "status": "RUNNING"}).to_string(),
            ),
        )];
        let mut heartbeat = now + 30_000;
        for frame in &self.frames[start..] {
            let at = frame.at.max(now);
            while heartbeat < at {
                bytes.push((heartbeat, encode(None, "heartbeat", "{}")));
                heartbeat += 15_000;
            }
            bytes.push((at, encode(Some(&frame.id), frame.kind, &frame.data)));
        }
        bytes
    }

    /// Cuts a connection somewhere, if its time has come: bytes arrive in pieces, and the last may be half a frame.
    fn cut(&mut self, connection: Vec<(u64, Vec<u8>)>, now: u64) -> Vec<(u64, Happening)> {
        let total: usize = connection.iter().map(|(_, bytes)| bytes.len()).sum();
        let once = self.cut_once.take();
        let place = match once {
            Some(place) => place,
            None if self.weather != Weather::Fair && self.fault(85) => self.random.below(total as u64 + 1) as usize,
            None => usize::MAX,
        };
        let mut happenings = vec![(now, Happening::Opened)];
        let mut sent = 0;
        let mut at = now;
        for (time, bytes) in connection {
            at = time;
            if sent + bytes.len() >= place {
                happenings.push((at, Happening::Bytes(bytes[..place - sent].to_vec())));
                // Silence is a cut as well: nothing comes, and nobody says so.
                if once.is_some() || self.random.percent(80) {
                    let end = self.random.pick(&[StreamEnd::Eof, StreamEnd::Reset]);
                    happenings.push((at + 1, Happening::Ended(end)));
                }
                return happenings;
            }
            sent += bytes.len();
            let half = self.random.below(bytes.len() as u64 + 1) as usize;
            happenings.push((at, Happening::Bytes(bytes[..half].to_vec())));
            happenings.push((at, Happening::Bytes(bytes[half..].to_vec())));
        }
        happenings.push((at + 1, Happening::Ended(StreamEnd::Eof)));
        happenings
    }

    /// Once the run is over, at most three more: then its record is taken instead, and steps may be missing.
    fn calm_down(&mut self, now: u64) {
        if self.frames.last().is_some_and(|frame| now > frame.at) && !std::mem::replace(&mut self.over, true) {
            self.faults = self.faults.min(3);
        }
    }

    fn fault(&mut self, percent: u64) -> bool {
        self.faults > 0 && self.random.percent(percent) && {
            self.faults -= 1;
            true
        }
    }
}

fn encode(id: Option<&str>, kind: &str, data: &str) -> Vec<u8> {
    let mut text = String::new();
    if let Some(id) = id {
        writeln!(text, "id: {id}").unwrap();
    }
    write!(text, "event: {kind}\ndata: {data}\n\n").unwrap();
    text.into_bytes()
}
