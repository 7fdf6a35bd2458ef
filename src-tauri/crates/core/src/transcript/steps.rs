//! Tool calls as steps of a transcript.

use super::{Part, RunTranscript, arguments, calls, narration, wire};
use crate::markdown;
use crate::model::{BlockKind, Step, StepCalls, StepState, Time};

/// The longest identifier of a call that can be asked for, in bytes.
const ID_LIMIT: usize = 200;

impl RunTranscript {
    pub(super) fn tool_call(&mut self, call: &wire::ToolCall, at: Time) {
        self.take_record_back();
        let started = self.calls.find(&call.id);
        if call.is_running() && started.is_some() {
            return;
        }
        let number = started.unwrap_or_else(|| self.start_call(call, at));
        if !call.is_running() {
            self.end_call(number, call, at);
        }
        self.show_plan(call, at);
    }

    fn start_call(&mut self, call: &wire::ToolCall, at: Time) -> u64 {
        self.end_thinking();
        let detail = narration::detail(&call.name, &call.arguments);
        let tool = narration::last_tool(&call.name, &call.arguments);
        let file = arguments::path(&call.arguments);
        if let (Some(entry), Some(block)) = (self.entries.last_mut(), self.blocks.last_mut())
            && let (Part::Steps(group), BlockKind::Steps { step, ended_at, calls }) = (&mut entry.part, &mut block.kind)
            && group.join(&mut step.detail, &detail, file.as_deref())
        {
            step.state = StepState::Running;
            *ended_at = None;
            if let Some(calls) = calls {
                calls.count = calls.count.saturating_add(1);
            }
            self.changed.insert(entry.number);
            self.calls.begin(&call.id, entry.number, tool);
            return entry.number;
        }
        self.close_words();
        let step = Step {
            detail,
            state: StepState::Running,
        };
        let group = calls::Group::new(file.as_deref());
        // What calls itself by a page of text is not worth to be carried about.
        let calls = (call.id.len() <= ID_LIMIT).then(|| StepCalls {
            first: call.id.clone(),
            count: 1,
        });
        let steps = BlockKind::Steps {
            step,
            ended_at: None,
            calls,
        };
        let number = self.push(steps, Part::Steps(group), at);
        self.calls.begin(&call.id, number, tool);
        number
    }

    fn end_call(&mut self, number: u64, call: &wire::ToolCall, at: Time) {
        if !self.calls.end(&call.id) {
            return;
        }
        let Some(index) = self.index_of(number) else {
            return;
        };
        let (Part::Steps(group), BlockKind::Steps { step, ended_at, .. }) =
            (&mut self.entries[index].part, &mut self.blocks[index].kind)
        else {
            return;
        };
        if !call.arguments.is_null() {
            // Arguments may be whole only now.
            self.calls
                .correct_last(&call.id, narration::last_tool(&call.name, &call.arguments));
            if group.is_alone() {
                step.detail = narration::detail(&call.name, &call.arguments);
                group.correct_file(arguments::path(&call.arguments).as_deref());
            }
        }
        narration::note_result(&mut step.detail, &call.result, group.is_alone());
        if let Some(state) = group.end(narration::failed(&step.detail, call)) {
            step.state = state;
            *ended_at = Some(at);
        }
        self.changed.insert(number);
    }

    /// The plan's own words stand below the step that made it.
    fn show_plan(&mut self, call: &wire::ToolCall, at: Time) {
        if call.name != "create_plan" {
            return;
        }
        let Some(plan) = arguments::plan(&call.arguments).filter(|_| self.calls.show_plan(&call.id)) else {
            return;
        };
        self.end_thinking();
        self.close_words();
        self.parsed_bytes += plan.len() as u64;
        let nodes = markdown::parse(&plan);
        self.push(BlockKind::Words { nodes }, Part::Mark, at);
    }

    /// Steps that never reported an end are over with the run.
    pub(super) fn end_steps(&mut self, finished: bool, at: Time) {
        for (entry, block) in self.entries.iter_mut().zip(&mut self.blocks) {
            if let (Part::Steps(group), BlockKind::Steps { step, ended_at, .. }) = (&mut entry.part, &mut block.kind)
                && let Some(state) = group.end_all(finished)
            {
                step.state = state;
                *ended_at = Some(at);
                self.changed.insert(entry.number);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Ending, RunId, RunState, StepDetail};
    use crate::transcript::{RunRecord, SeenEvent};

    /// The steps after calls of tools, each as its identifier, name and status, and the end of the run, if it came to one.
    fn steps(calls: &[(&str, &str, &str)], end: Option<RunState>) -> Vec<(StepDetail, StepState)> {
        let mut transcript = RunTranscript::new(RunId("run-1".to_owned()), 0);
        for (at, (id, name, status)) in calls.iter().enumerate() {
            let data = json!({"callId": id, "name": name, "status": status, "args": {"path": format!("{id}.css")}});
            transcript.apply(&SeenEvent {
                id: None,
                kind: "tool_call".to_owned(),
                data: data.to_string(),
                at: at as u64,
            });
        }
        if let Some(state) = end {
            transcript.apply_record(&RunRecord {
                state,
                text: None,
                duration: None,
                error: None,
                at: 100,
            });
        }
        let blocks = transcript.blocks().iter();
        blocks
            .filter_map(|block| match &block.kind {
                BlockKind::Steps { step, .. } => Some((step.detail.clone(), step.state)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_run_that_ended_with_a_question_or_a_plan_is_not_just_done() {
        let ended = |name: &str, end| {
            let mut transcript = RunTranscript::new(RunId("run-1".to_owned()), 0);
            for (at, name) in ["read_file", name].into_iter().enumerate() {
                transcript.apply(&SeenEvent {
                    id: None,
                    kind: "tool_call".to_owned(),
                    data: json!({"callId": at.to_string(), "name": name, "status": "completed"}).to_string(),
                    at: at as u64,
                });
            }
            transcript.apply_record(&RunRecord {
                state: end,
                text: None,
                duration: None,
                error: None,
                at: 100,
            });
            transcript.outcome().map(|outcome| outcome.ending.clone())
        };
        let asked = Some(Ending::Asked);
        assert_eq!(ended("ask_question", RunState::Finished), asked);
        assert_eq!(ended("create_plan", RunState::Finished), asked);
        assert_eq!(ended("shell", RunState::Finished), Some(Ending::Finished));
        assert_eq!(ended("create_plan", RunState::Cancelled), Some(Ending::Cancelled));
    }

    fn reads(count: u32, name: &str) -> StepDetail {
        StepDetail::Reads {
            count,
            name: Some(name.to_owned()),
        }
    }

    #[test]
    fn calls_of_one_kind_are_one_step_that_fails_only_as_a_whole() {
        let begun = [("a", "read", "running"), ("b", "read", "running")];
        assert_eq!(steps(&begun, None), [(reads(2, "b.css"), StepState::Running)]);
        let one_failed = [begun[0], begun[1], ("a", "read", "error"), ("b", "read", "completed")];
        assert_eq!(steps(&one_failed, None), [(reads(2, "b.css"), StepState::Done)]);
        let all_failed = [begun[0], begun[1], ("a", "read", "error"), ("b", "read", "error")];
        assert_eq!(steps(&all_failed, None), [(reads(2, "b.css"), StepState::Failed)]);
    }

    #[test]
    fn a_command_that_ended_with_an_error_did_not_work() {
        let ends = |result: serde_json::Value| {
            let mut transcript = RunTranscript::new(RunId("run-1".to_owned()), 0);
            for (status, result) in [("running", serde_json::Value::Null), ("completed", result)] {
                let data = json!({
                    "callId": "a", "name": "shell", "status": status, "args": {"command": "npm test"}, "result": result,
                });
                transcript.apply(&SeenEvent {
                    id: None,
                    kind: "tool_call".to_owned(),
                    data: data.to_string(),
                    at: 0,
                });
            }
            match &transcript.blocks()[0].kind {
                BlockKind::Steps { step, .. } => step.state,
                other => panic!("{other:?}"),
            }
        };
        let cases = [
            (
                json!({"success": {"exitCode": 1, "stderr": "2 failed"}}),
                StepState::Failed,
            ),
            (
                json!({"status": "success", "value": {"exitCode": 127}}),
                StepState::Failed,
            ),
            (json!({"exit_code": -1}), StepState::Failed),
            (json!({"error": {"message": "no such folder"}}), StepState::Failed),
            (json!({"success": {"exitCode": 0}, "error": null}), StepState::Done),
            (json!({"success": {"shellId": 7}}), StepState::Done),
            (json!({"success": {"exitCode": "1"}}), StepState::Done),
            (json!({"success": false, "exitCode": 1}), StepState::Failed),
            (json!("exitCode"), StepState::Done),
        ];
        for (result, state) in cases {
            assert_eq!(ends(result.clone()), state, "{result}");
        }
    }

    #[test]
    fn a_step_under_way_when_its_run_is_stopped_or_fails_was_not_done() {
        let calls = [
            ("a", "read", "running"),
            ("a", "read", "completed"),
            ("b", "edit", "running"),
        ];
        let after = |end| {
            steps(&calls, Some(end))
                .into_iter()
                .map(|(_, state)| state)
                .collect::<Vec<_>>()
        };
        for end in [RunState::Cancelled, RunState::Error, RunState::Expired] {
            assert_eq!(after(end), [StepState::Done, StepState::Interrupted], "{end:?}");
        }
        let done = [StepState::Done, StepState::Done];
        assert_eq!(
            after(RunState::Finished),
            done,
            "its end was not told, and the run came to its own"
        );
    }
}
