use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::{Clip, ClipCut, DiffLine, DiffSign, StepDetail};

fn event(at: u64, data: Value) -> SeenEvent {
    SeenEvent {
        id: None,
        kind: "tool_call".to_owned(),
        data: data.to_string(),
        at,
    }
}

fn clip(text: &str) -> Clip {
    Clip {
        text: text.to_owned(),
        cut: None,
    }
}

fn field(name: &str, value: &str) -> CallField {
    CallField {
        name: name.to_owned(),
        clip: clip(value),
    }
}

fn of(name: &str, arguments: Value, result: Value) -> Vec<CallPart> {
    let events = [
        event(
            10,
            json!({"callId": "a", "name": name, "status": "running", "args": arguments}),
        ),
        event(
            35,
            json!({"callId": "a", "name": name, "status": "completed", "args": arguments, "result": result}),
        ),
    ];
    call_detail(&events, "a").expect("the call is there").parts
}

#[test]
fn a_command_its_output_and_how_it_ended() {
    let parts = of(
        "run_terminal_cmd",
        json!({"command": "npm test\n", "workingDirectory": "/workspace", "isBackground": false}),
        json!({"success": {"command": "npm test\n", "stdout": "\u{1b}[32mok\u{1b}[0m\r\n", "stderr": "warn", "exitCode": 1}, "isBackground": false}),
    );
    assert_eq!(
        parts,
        [
            CallPart::Command {
                clip: clip("npm test"),
                folder: Some("/workspace".into()),
            },
            CallPart::Output {
                clip: clip("ok"),
                error: false,
            },
            CallPart::Output {
                clip: clip("warn"),
                error: true,
            },
            CallPart::ExitCode { code: 1 },
            CallPart::Fields {
                of: FieldsOf::Arguments,
                fields: vec![field("isBackground", "false")],
            },
        ],
        "what the result repeats is said once"
    );
}

#[test]
fn a_change_a_file_that_was_read_and_a_search() {
    let line = |sign, text: &str| DiffLine {
        sign,
        text: text.into(),
    };
    assert_eq!(
        of(
            "edit_file",
            json!({"path": "src/a.css"}),
            json!({"success": {"path": "src/a.css", "linesAdded": 1, "linesRemoved": 1, "diffString": "@@ -1 +1 @@\n-x\n+y"}})
        ),
        [
            CallPart::Diff {
                path: Some("src/a.css".into()),
                lines: vec![
                    line(DiffSign::Place, "@@ -1 +1 @@"),
                    line(DiffSign::Removed, "x"),
                    line(DiffSign::Added, "y")
                ],
                cut: false,
            },
            CallPart::Fields {
                of: FieldsOf::Result,
                fields: vec![field("linesAdded", "1"), field("linesRemoved", "1")],
            },
        ]
    );
    assert_eq!(
        of(
            "read_file",
            json!({"path": "src/A.TSX"}),
            json!({"success": {"path": "src/A.TSX", "content": "let a;"}})
        ),
        [CallPart::Content {
            path: Some("src/A.TSX".into()),
            language: "tsx".into(),
            clip: clip("let a;"),
        }]
    );
    assert_eq!(
        of(
            "grep",
            json!({"pattern": "x", "path": "src"}),
            json!({"success": {"pattern": "x", "totalMatches": 2}})
        ),
        [
            CallPart::Fields {
                of: FieldsOf::Arguments,
                fields: vec![field("path", "src"), field("pattern", "x")],
            },
            CallPart::Fields {
                of: FieldsOf::Result,
                fields: vec![field("totalMatches", "2")],
            },
        ]
    );
}

#[test]
fn a_tool_nobody_knows_shows_its_fields_and_what_went_wrong() {
    let events = [event(
        1,
        json!({
            "callId": "a", "name": "brand\u{202e}new", "status": "error",
            "args": {"shape": {"a": [1, 2]}, "evil\u{202e}": "<script>"}, "result": {"error": {"message": "no"}},
            "truncated": {"result": true},
        }),
    )];
    assert_eq!(
        call_detail(&events, "a"),
        Some(CallDetail {
            tool: "brand\u{fffd}new".into(),
            state: StepState::Failed,
            took: Some(0),
            withheld: true,
            parts: vec![
                CallPart::Failed { clip: clip("no") },
                CallPart::Fields {
                    of: FieldsOf::Arguments,
                    fields: vec![field("evil\u{fffd}", "<script>"), field("shape", r#"{"a":[1,2]}"#)],
                },
            ],
        })
    );
    assert_eq!(call_detail(&events, "b"), None, "no such call");
}

#[test]
fn what_is_too_long_says_where_it_was_cut() {
    let parts = of(
        "shell",
        json!({"command": "x".repeat(200_000)}),
        json!({"success": {"stdout": "y".repeat(1_000_000)}}),
    );
    let cuts: Vec<_> = parts
        .iter()
        .map(|part| match part {
            CallPart::Command { clip, .. } | CallPart::Output { clip, .. } => clip.cut,
            other => panic!("{other:?}"),
        })
        .collect();
    let cut = |shown, bytes| Some(ClipCut { shown, bytes });
    assert_eq!(
        cuts,
        [
            cut(ARGUMENTS as u64, 200_000),
            cut((WHOLE - ARGUMENTS) as u64, 1_000_000)
        ],
        "a long command leaves room for what it wrote"
    );
}

#[test]
fn the_calls_of_a_block_are_those_from_its_first_on() {
    let read = |id: &str, status: &str, path: &str| {
        event(
            1,
            json!({"callId": id, "name": "read_file", "status": status, "args": {"path": path}}),
        )
    };
    let events = [
        read("before", "running", "x"),
        read("a", "running", "src/a.ts"),
        read("before", "completed", "x"),
        read("b", "running", "src/b.ts"),
        read("a", "completed", "src/a.ts"),
        read("after", "running", "y"),
        read("b", "error", "src/b.ts"),
    ];
    let call = |id: &str, path: &str, name: &str, state| StepCall {
        id: id.into(),
        object: Some(path.into()),
        step: Step {
            detail: StepDetail::Reads {
                count: 1,
                name: Some(name.into()),
            },
            state,
        },
    };
    assert_eq!(
        step_calls(&events, "a", 2),
        [
            call("a", "src/a.ts", "a.ts", StepState::Done),
            call("b", "src/b.ts", "b.ts", StepState::Failed)
        ]
    );
    assert_eq!(step_calls(&events, "nothing", 2), []);
}

fn json_value() -> impl Strategy<Value = Value> {
    let names = prop::sample::select(vec![
        "command",
        "path",
        "patch",
        "diffString",
        "old_string",
        "new_string",
        "content",
        "edits",
        "success",
        "error",
        "stdout",
        "exitCode",
        "x",
        "",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
        Just(Value::from("--- a\n+++ b\n@@\n-x\n+y\n")),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(names.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_comes_is_laid_out_and_safe(name in "[a-z_]{0,12}", arguments in json_value(), result in json_value()) {
        let events = [event(1, json!({"callId": "a", "name": name, "status": "completed", "args": arguments, "result": result}))];
        let detail = call_detail(&events, "a").unwrap();
        let text = serde_json::to_string(&detail).unwrap();
        let detail: CallDetail = serde_json::from_str(&text).unwrap();
        for part in detail.parts {
            if let CallPart::Output { clip, .. } | CallPart::Content { clip, .. } | CallPart::Command { clip, .. } = part {
                prop_assert_eq!(markdown::sanitize(&clip.text).into_owned(), clip.text);
            }
        }
    }
}
