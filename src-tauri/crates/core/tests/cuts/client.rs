//! The app's side: the watch machine and the transcript, driven as the engine drives them, on virtual time.

use std::collections::VecDeque;

use cursor_cloud_agents::SseParser;
use sendoff_core::machines::watch::{Effect, EventKind, Input, Moment, RecordFailure, Route, Watch};
use sendoff_core::model::{Block, RunId};
use sendoff_core::transcript::{RunRecord, RunTranscript, SeenEvent};

use crate::script::EPOCH;
use crate::server::{Happening, Server};

/// Longer than any script with all its faults.
const AT_MOST: u64 = 24 * 3_600_000;

pub(crate) struct Client {
    pub(crate) transcript: RunTranscript,
    pub(crate) server: Server,
    /// What the page was told, put together by the page.
    pub(crate) mirror: Vec<Block>,
    /// What is on disk.
    kept: Vec<SeenEvent>,
    watch: Watch,
    now: u64,
    wake: Option<u64>,
    stream: VecDeque<(u64, Happening)>,
    parser: SseParser,
    record: Option<(u64, Result<RunRecord, RecordFailure>)>,
    last_record: Option<RunRecord>,
    /// Counts streams opened and closed: what is left of an old one is not read.
    connection: u64,
    finished: bool,
}

impl Client {
    pub(crate) fn new(server: Server) -> Self {
        Self {
            transcript: RunTranscript::new(RunId::from("run-1"), 0),
            server,
            mirror: Vec::new(),
            kept: Vec::new(),
            watch: Watch::new(Route::Stream, true),
            now: 0,
            wake: None,
            stream: VecDeque::new(),
            parser: SseParser::new(1 << 20),
            record: None,
            last_record: None,
            connection: 0,
            finished: false,
        }
    }

    pub(crate) fn run_to_end(&mut self) -> Result<(), String> {
        self.hand_in(Input::Started);
        while !self.finished {
            self.next()?;
        }
        if self.transcript.outcome().is_none() {
            let record = self
                .last_record
                .clone()
                .ok_or("finished without an end and without a record")?;
            self.transcript.apply_record(&record);
        }
        self.show();
        Ok(())
    }

    /// Whatever comes first happens.
    fn next(&mut self) -> Result<(), String> {
        let stream = self.stream.front().map(|(at, _)| *at);
        let record = self.record.as_ref().map(|(at, _)| *at);
        let Some(at) = [stream, record, self.wake].into_iter().flatten().min() else {
            return Err(format!("nothing will ever happen again: {:?}", self.watch));
        };
        self.now = self.now.max(at);
        if self.now > AT_MOST {
            return Err(format!("never ends: {:?}", self.watch));
        }
        if self.server.kills() {
            self.restart();
            return Ok(());
        }
        if stream == Some(at) {
            if let Some((_, happening)) = self.stream.pop_front() {
                self.happened(happening);
            }
        } else if record == Some(at) {
            if let Some((_, answer)) = self.record.take() {
                match answer {
                    Ok(record) => {
                        let state = record.state;
                        self.last_record = Some(record);
                        self.hand_in(Input::Record(state));
                    }
                    Err(failure) => self.hand_in(Input::RecordFailed(failure)),
                }
            }
        } else {
            self.wake = None;
            self.hand_in(Input::Tick);
        }
        Ok(())
    }

    fn happened(&mut self, happening: Happening) {
        match happening {
            Happening::Opened => self.hand_in(Input::Opened),
            Happening::Ended(end) => {
                self.stream.clear();
                self.hand_in(Input::StreamEnded(end));
            }
            Happening::Bytes(bytes) => {
                let connection = self.connection;
                for frame in self.parser.push(&bytes) {
                    let id = frame.id.filter(|id| !id.is_empty());
                    let seen = SeenEvent {
                        id,
                        kind: frame.event,
                        data: frame.data,
                        at: EPOCH + self.now,
                    };
                    let applied = self.transcript.apply(&seen);
                    if applied.rebuilt {
                        self.kept.clear();
                    }
                    let kind = EventKind::of(&seen.kind, &seen.data, applied.new);
                    if applied.keep {
                        self.kept.push(seen);
                    }
                    if self.server.random.percent(20) {
                        self.show();
                    }
                    self.hand_in(Input::Seen(kind));
                    if self.connection != connection || self.finished {
                        return;
                    }
                }
            }
        }
    }

    fn hand_in(&mut self, input: Input) {
        let jitter = self.server.random.below(1_000) as f64 / 1_000.0;
        for effect in self.watch.step(input, Moment { now: self.now, jitter }) {
            match effect {
                Effect::OpenStream { from_start } => {
                    let resume = self
                        .transcript
                        .resume_after()
                        .filter(|_| !from_start)
                        .map(str::to_owned);
                    self.transcript.connected(resume.is_none());
                    self.connection += 1;
                    self.parser = SseParser::new(1 << 20);
                    self.stream = self.server.open(resume.as_deref(), self.now).into();
                }
                Effect::CloseStream => {
                    self.connection += 1;
                    self.stream.clear();
                }
                Effect::GetRun => {
                    let at = self.now + self.server.random.between(20, 400);
                    self.record = Some((at, self.server.record(at)));
                }
                Effect::WakeAt(at) => self.wake = at,
                Effect::ShowReconnecting(_) | Effect::ShowPolled(_) | Effect::Halted => {}
                Effect::Finished(_) => self.finished = true,
            }
        }
    }

    /// The app was killed: what is on disk is all there is.
    fn restart(&mut self) {
        self.transcript = RunTranscript::new(RunId::from("run-1"), 0);
        for seen in &self.kept {
            self.transcript.apply(seen);
        }
        self.mirror.clear();
        self.stream.clear();
        self.record = None;
        self.wake = None;
        self.watch = Watch::new(Route::Stream, true);
        self.hand_in(Input::Started);
    }

    /// The page takes what changed, as its feed does.
    fn show(&mut self) {
        let drained = self.transcript.drain();
        self.mirror.retain(|block| !drained.removed.contains(&block.id));
        for block in drained.changed {
            match self.mirror.binary_search_by_key(&block.order, |known| known.order) {
                Ok(place) => self.mirror[place] = block,
                Err(place) => self.mirror.insert(place, block),
            }
        }
    }
}
