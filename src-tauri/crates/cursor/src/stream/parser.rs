//! Server-sent events (WHATWG HTML, "Parsing an event stream"), byte by byte and without waiting.

use std::time::Duration;

/// Bytes of data that are left of an oversized frame at most: what names the thing comes before what is large.
const HEAD: usize = 16 * 1024;

/// One dispatched frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseFrame {
    /// The identifier that this very frame carried; empty when it took the last one back.
    pub id: Option<String>,
    /// The name of the event; `message` when the frame has none.
    pub event: String,
    /// Its data lines, joined by line feeds; of an oversized frame, how they begin.
    pub data: String,
    /// The frame was larger than the limit: but for its beginning its data is dropped, the rest of the stream is not.
    pub oversized: bool,
}

/// An incremental reader: the same bytes give the same frames however they are cut into pieces.
#[derive(Debug)]
pub struct SseParser {
    limit: usize,
    line: Vec<u8>,
    line_overflowed: bool,
    after_carriage_return: bool,
    is_first_line: bool,
    frame: Frame,
    last_event_id: String,
    retry: Option<Duration>,
}

#[derive(Debug, Default)]
struct Frame {
    id: Option<String>,
    event: String,
    data: String,
    has_data: bool,
    oversized: bool,
}

impl Frame {
    /// It is too large: only its beginning stays.
    fn cut(&mut self) {
        self.oversized = true;
        self.data.truncate(self.data.floor_char_boundary(HEAD));
        self.data.shrink_to_fit();
    }
}

impl SseParser {
    /// A reader that keeps at most `limit` bytes of one frame's data and of one line.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            line: Vec::new(),
            line_overflowed: false,
            after_carriage_return: false,
            is_first_line: true,
            frame: Frame::default(),
            last_event_id: String::new(),
            retry: None,
        }
    }

    /// Takes the next bytes and gives the frames they complete.
    pub fn push(&mut self, mut bytes: &[u8]) -> Vec<SseFrame> {
        let mut frames = Vec::new();
        while let Some(&first) = bytes.first() {
            if std::mem::take(&mut self.after_carriage_return) && first == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.keep(bytes);
                break;
            };
            self.keep(&bytes[..end]);
            self.after_carriage_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            frames.extend(self.end_line());
        }
        frames
    }

    /// The last identifier of the stream; empty when there was none or it was taken back.
    pub fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// The wait before connecting again that the stream asked for last.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    fn keep(&mut self, bytes: &[u8]) {
        let room = self.limit.saturating_sub(self.line.len());
        self.line_overflowed |= bytes.len() > room;
        self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn end_line(&mut self) -> Option<SseFrame> {
        let mut line = std::mem::take(&mut self.line);
        let overflowed = std::mem::take(&mut self.line_overflowed);
        let byte_order_mark: &[u8] = b"\xEF\xBB\xBF";
        let start = if std::mem::take(&mut self.is_first_line) && line.starts_with(byte_order_mark) {
            3
        } else {
            0
        };
        let frame = if overflowed {
            self.take_overflowed(&line[start..]);
            None
        } else if line.len() == start {
            self.dispatch()
        } else {
            self.take_field(&line[start..]);
            None
        };
        // The buffer is kept for the next line, unless one huge line made it huge.
        if line.capacity() <= 64 * 1024 {
            line.clear();
            self.line = line;
        }
        frame
    }

    /// A comment may be as long as it likes; of any other line the frame has lost something.
    fn take_overflowed(&mut self, line: &[u8]) {
        if line.first() == Some(&b':') {
            return;
        }
        if line.starts_with(b"data:") {
            self.take_field(line);
        }
        self.frame.has_data = true;
        self.frame.cut();
    }

    fn take_field(&mut self, line: &[u8]) {
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            Some(0) => return,
            Some(colon) => {
                let value = &line[colon + 1..];
                (&line[..colon], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (line, &b""[..]),
        };
        match name {
            b"data" => {
                let frame = &mut self.frame;
                if !frame.oversized {
                    let fits = frame.data.len() + value.len() <= self.limit;
                    if frame.has_data {
                        frame.data.push('\n');
                    }
                    frame.data.push_str(&String::from_utf8_lossy(value));
                    if !fits {
                        frame.cut();
                    }
                }
                frame.has_data = true;
            }
            b"event" => self.frame.event = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => {
                let id = String::from_utf8_lossy(value).into_owned();
                self.last_event_id.clone_from(&id);
                self.frame.id = Some(id);
            }
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                let milliseconds = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok());
                self.retry = milliseconds.map(Duration::from_millis).or(self.retry);
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) -> Option<SseFrame> {
        let Frame {
            id,
            mut event,
            data,
            has_data,
            oversized,
        } = std::mem::take(&mut self.frame);
        if event.is_empty() {
            event.push_str("message");
        }
        has_data.then_some(SseFrame {
            id,
            event,
            data,
            oversized,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frame(id: Option<&str>, event: &str, data: &str) -> SseFrame {
        SseFrame {
            id: id.map(str::to_owned),
            event: event.to_owned(),
            data: data.to_owned(),
            oversized: false,
        }
    }

    fn parse(bytes: &[u8]) -> Vec<SseFrame> {
        SseParser::new(64).push(bytes)
    }

    #[test]
    fn the_whole_grammar() {
        let table: Vec<(&str, &[u8], Vec<SseFrame>)> = vec![
            (
                "plain",
                b"id: 1\nevent: a\ndata: x\n\n",
                vec![frame(Some("1"), "a", "x")],
            ),
            ("CRLF", b"event: a\r\ndata: x\r\n\r\n", vec![frame(None, "a", "x")]),
            ("lone CR", b"event: a\rdata: x\r\r", vec![frame(None, "a", "x")]),
            (
                "mixed ends",
                b"event: a\r\ndata: x\r\n\ndata: y\r\r",
                vec![frame(None, "a", "x"), frame(None, "message", "y")],
            ),
            ("no space", b"event:a\ndata:x\n\n", vec![frame(None, "a", "x")]),
            ("one space only", b"data:  x\n\n", vec![frame(None, "message", " x")]),
            (
                "comments",
                b": hello\n:\ndata: x\n: between\n\n",
                vec![frame(None, "message", "x")],
            ),
            (
                "byte order mark",
                b"\xEF\xBB\xBFdata: x\n\n",
                vec![frame(None, "message", "x")],
            ),
            (
                "mark in the middle is no mark",
                b"data: x\n\n\xEF\xBB\xBFdata: y\n\n",
                vec![frame(None, "message", "x")],
            ),
            (
                "lines are joined",
                b"data: x\ndata\ndata:\ndata: y\n\n",
                vec![frame(None, "message", "x\n\n\ny")],
            ),
            ("empty data is data", b"data\n\n", vec![frame(None, "message", "")]),
            (
                "no data, no event",
                b"event: a\nid: 1\n\ndata: x\n\n",
                vec![frame(None, "message", "x")],
            ),
            (
                "id taken back",
                b"id: 1\nid\ndata: x\n\n",
                vec![frame(Some(""), "message", "x")],
            ),
            (
                "id with NUL",
                b"id: 1\x002\ndata: x\n\n",
                vec![frame(None, "message", "x")],
            ),
            (
                "unknown field",
                b"foo: 1\ndata: x\n\n",
                vec![frame(None, "message", "x")],
            ),
            (
                "colon in the value",
                b"data: a: b\n\n",
                vec![frame(None, "message", "a: b")],
            ),
            (
                "invalid UTF-8",
                b"data: \xFFx\n\n",
                vec![frame(None, "message", "\u{FFFD}x")],
            ),
            ("half a frame", b"data: x\n", vec![]),
            ("half a line", b"data: x\n\ndata: y", vec![frame(None, "message", "x")]),
        ];
        for (name, bytes, expected) in table {
            assert_eq!(parse(bytes), expected, "{name}");
        }
    }

    #[test]
    fn the_id_of_the_stream_lives_longer_than_its_frame() {
        let mut parser = SseParser::new(64);
        parser.push(b"id: 7\ndata: x\n\ndata: y\n\n");
        assert_eq!(parser.last_event_id(), "7");
        parser.push(b"id: 8\n\n");
        assert_eq!(parser.last_event_id(), "8", "a frame without data still moves it");
        parser.push(b"id\n\n");
        assert_eq!(parser.last_event_id(), "");
    }

    #[test]
    fn a_wait_is_digits_only() {
        let mut parser = SseParser::new(64);
        parser.push(b"retry: 1500\nretry: 2s\nretry:\nretry: 99999999999999999999999\n");
        assert_eq!(parser.retry(), Some(Duration::from_millis(1_500)));
    }

    #[test]
    fn a_frame_above_the_limit_is_dropped_and_the_next_is_not() {
        let oversized = |id: Option<&str>, head: &str| SseFrame {
            oversized: true,
            ..frame(id, "a", head)
        };
        let long = "x".repeat(100);
        let lines = format!("id: 1\nevent: a\ndata: {long}\n\n");
        let sum = format!("event: a\n{}id: 2\n\n", "data: 0123456789\n".repeat(8));
        // The line that does not fit any more is the last that is looked at; the limit is 64 bytes.
        let head = ["0123456789"; 7].join("\n");
        let comment = format!(":{long}\ndata: y\n\n");
        for (name, text, first) in [
            ("one long line", lines, oversized(Some("1"), &"x".repeat(58))),
            ("many lines", sum, oversized(Some("2"), &head)),
            ("a long comment is no loss", comment, frame(None, "message", "y")),
        ] {
            let frames = parse(format!("{text}data: z\n\n").as_bytes());
            assert_eq!(frames, vec![first, frame(None, "message", "z")], "{name}");
        }
    }

    #[test]
    fn memory_stays_within_the_limit() {
        let mut parser = SseParser::new(1_000);
        for _ in 0..10_000 {
            parser.push(&[b'x'; 1_000]);
        }
        assert!(
            parser.line.capacity() <= 2_000,
            "10 MB of one line, {} bytes kept",
            parser.line.capacity()
        );
    }

    proptest! {
        /// However the bytes are cut, and be it within a character or a line end, the frames are the same.
        #[test]
        fn cutting_changes_nothing(
            pieces in prop::collection::vec(
                prop_oneof![
                    Just(b"data: \xC3\xA9\xF0\x9F\x98\x80".to_vec()), Just(b"data".to_vec()), Just(b"event: b".to_vec()),
                    Just(b"id: 9".to_vec()), Just(b"id: \0".to_vec()), Just(b": c".to_vec()), Just(b"\r".to_vec()),
                    Just(b"\n".to_vec()), Just(b"\r\n".to_vec()), Just(b"\n\n".to_vec()), Just(b"\xEF\xBB\xBF".to_vec()),
                    Just(b"retry: 5".to_vec()), prop::collection::vec(any::<u8>(), 0..40),
                ],
                0..40,
            ),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        ) {
            let bytes = pieces.concat();
            let mut whole = SseParser::new(32);
            let expected = whole.push(&bytes);
            let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
            places.extend([0, bytes.len()]);
            places.sort_unstable();
            let mut cut = SseParser::new(32);
            let found: Vec<SseFrame> =
                places.windows(2).flat_map(|pair| cut.push(&bytes[pair[0]..pair[1]])).collect();
            prop_assert_eq!(found, expected);
            prop_assert_eq!(cut.last_event_id(), whole.last_event_id());
            prop_assert_eq!(cut.retry(), whole.retry());
        }
    }
}
