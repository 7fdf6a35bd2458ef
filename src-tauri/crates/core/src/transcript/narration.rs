//! Tool names in the words of the user (API v1, tool calls: names seen so far, with all aliases).

use serde_json::Value;

use super::LastTool;
use super::arguments::{command, file_name, inner_tool, path, question, takes_picture};
use super::command::{is_failure, runs_tests};
use super::wire::ToolCall;
use crate::markdown;
use crate::model::StepDetail;

/// What a call does.
pub(super) fn detail(name: &str, arguments: &Value) -> StepDetail {
    let file = || path(arguments).as_deref().and_then(file_name);
    match name {
        "read_file" | "read_file_v2" | "read" | "read_files" | "open_file" => {
            StepDetail::Reads { count: 1, name: file() }
        }
        "list_dir" | "list_dir_v2" | "list_directory" | "ls" | "glob" | "glob_file_search" | "file_search" | "grep"
        | "grep_search" | "rg" | "ripgrep" | "ripgrep_raw_search" | "codebase_search" | "semantic_search"
        | "sem_search" | "read_lints" | "get_mcp_tools" => StepDetail::Searches { count: 1 },
        "edit_file" | "edit_file_v2" | "edit" | "search_replace" | "str_replace" | "apply_patch" | "write"
        | "write_file" | "create_file" | "edit_notebook" => StepDetail::Edits {
            name: file(),
            added: None,
            removed: None,
        },
        "delete_file" | "delete" => StepDetail::Deletes { name: file() },
        "run_terminal_cmd"
        | "run_terminal_command"
        | "run_terminal_command_v2"
        | "shell"
        | "bash"
        | "write_shell_stdin" => shell(arguments),
        "web_search" | "web_fetch" | "fetch" => StepDetail::Browses,
        "record_screen" | "screenshot" | "take_screenshot" | "capture_screen" => StepDetail::Captures,
        "computer_use" if takes_picture(arguments) => StepDetail::Captures,
        "computer_use" => StepDetail::UsesComputer,
        "todo_write"
        | "update_todos"
        | "todo_read"
        | "update_current_step"
        | "communicate_update"
        | "send_final_summary"
        | "create_goal"
        | "update_goal"
        | "switch_mode" => StepDetail::Plans,
        "create_plan" => StepDetail::MadePlan,
        "ask_question" => StepDetail::Asks {
            question: markdown::line(&question(arguments).0, 300),
        },
        "task" | "task_v2" | "create_agent" | "send_to_agent" | "stop_agent" | "send_message" => StepDetail::Delegates,
        "await" | "wait" | "sleep" => StepDetail::Waits,
        "mcp" => mcp(arguments),
        _ => other(name),
    }
}

/// Whether a call that is over failed, also where only the exit code of its command says so.
pub(super) fn failed(detail: &StepDetail, call: &ToolCall) -> bool {
    let command = match detail {
        StepDetail::Tests { command } | StepDetail::Runs { command } => command,
        _ => "",
    };
    call.failed() || call.exit_code().is_some_and(|code| is_failure(command, code))
}

/// What the call means for a person once it is the last one.
pub(super) fn last_tool(name: &str, arguments: &Value) -> LastTool {
    match name {
        "ask_question" => {
            let (question, options) = question(arguments);
            LastTool::Asked { question, options }
        }
        "create_plan" => LastTool::Planned,
        _ => LastTool::Other {
            name: markdown::line(name, 300),
        },
    }
}

/// Adds what only the result tells: the lines of an edit.
pub(super) fn note_result(detail: &mut StepDetail, result: &Value, alone: bool) {
    let StepDetail::Edits { added, removed, .. } = detail else {
        return;
    };
    let Some(success) = result.get("success") else {
        return;
    };
    let number = |keys: [&str; 2]| {
        let number = keys.iter().find_map(|key| success.get(key)?.as_u64())?;
        Some(u32::try_from(number).unwrap_or(u32::MAX))
    };
    let note = |lines: &mut Option<u32>, keys| {
        if let Some(more) = number(keys) {
            *lines = Some(if alone {
                more
            } else {
                lines.unwrap_or(0).saturating_add(more)
            });
        }
    };
    note(added, ["linesAdded", "linesCreated"]);
    note(removed, ["linesRemoved", "linesDeleted"]);
}

fn shell(arguments: &Value) -> StepDetail {
    let command = command(arguments);
    if runs_tests(&command) {
        StepDetail::Tests { command }
    } else {
        StepDetail::Runs { command }
    }
}

/// A tool from elsewhere is told by its own name; those of a browser are as common as built-in ones.
fn mcp(arguments: &Value) -> StepDetail {
    match inner_tool(arguments) {
        Some(name) if name.contains("screenshot") => StepDetail::Captures,
        Some(name) if name.starts_with("browser_") => StepDetail::Browses,
        Some(name) => other(&name),
        None => other("mcp"),
    }
}

fn other(name: &str) -> StepDetail {
    StepDetail::Other {
        name: markdown::line(name, 300),
        count: 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_known_tool_is_told_in_words() {
        let other = |name: &str| StepDetail::Other {
            name: name.into(),
            count: 1,
        };
        let reads = |name: Option<&str>| StepDetail::Reads {
            count: 1,
            name: name.map(str::to_owned),
        };
        let edits = |name: Option<&str>| StepDetail::Edits {
            name: name.map(str::to_owned),
            added: None,
            removed: None,
        };
        let runs = |command: &str| StepDetail::Runs {
            command: command.into(),
        };
        let searches = StepDetail::Searches { count: 1 };
        let table = [
            (
                "read_file",
                json!({"path": "/workspace/src/Login.tsx"}),
                reads(Some("Login.tsx")),
            ),
            ("read_file", json!({"target_file": "src\\a\\b.rs"}), reads(Some("b.rs"))),
            (
                "read_file",
                json!({"path": "x/evil\u{202e}gpj.exe"}),
                reads(Some("evil\u{fffd}gpj.exe")),
            ),
            ("read_file", Value::Null, reads(None)),
            ("read_file", json!({"path": ["not text"]}), reads(None)),
            (
                "run_terminal_cmd",
                json!({"command": "ls -la\n  src"}),
                runs("ls -la src"),
            ),
            (
                "run_terminal_command",
                json!({"command": ["git", "status"]}),
                runs("git status"),
            ),
            (
                "run_terminal_command_v2",
                json!({"command": "npm test"}),
                StepDetail::Tests {
                    command: "npm test".into(),
                },
            ),
            ("shell", json!({}), runs("")),
            ("write_shell_stdin", json!({"chars": "y\n"}), runs("y")),
            ("edit_file", json!({"target_file": "a.css"}), edits(Some("a.css"))),
            ("edit_file_v2", json!({"path": "a.css"}), edits(Some("a.css"))),
            ("search_replace", json!({"file_path": "d/a.css"}), edits(Some("a.css"))),
            ("str_replace", json!({"path": "a.css"}), edits(Some("a.css"))),
            (
                "apply_patch",
                json!({"patch": "*** Begin Patch\n*** Update File: src/x.py\n@@"}),
                edits(Some("x.py")),
            ),
            ("write", json!({"file_path": "a.css"}), edits(Some("a.css"))),
            ("write_file", json!({"path": "a.css"}), edits(Some("a.css"))),
            (
                "delete_file",
                json!({"path": "old/a.css"}),
                StepDetail::Deletes {
                    name: Some("a.css".into()),
                },
            ),
            ("list_dir", json!({"path": "src"}), searches.clone()),
            ("grep", json!({}), searches.clone()),
            ("grep_search", json!({}), searches.clone()),
            ("ripgrep_raw_search", json!({}), searches.clone()),
            ("glob_file_search", json!({}), searches.clone()),
            ("file_search", json!({}), searches.clone()),
            ("codebase_search", json!({}), searches.clone()),
            ("semantic_search", json!({}), searches.clone()),
            ("read_lints", json!({}), searches.clone()),
            ("get_mcp_tools", json!({}), searches),
            ("web_search", json!({}), StepDetail::Browses),
            ("web_fetch", json!({}), StepDetail::Browses),
            ("todo_write", json!({}), StepDetail::Plans),
            ("update_current_step", json!({}), StepDetail::Plans),
            ("communicate_update", json!({}), StepDetail::Plans),
            ("send_final_summary", json!({}), StepDetail::Plans),
            ("create_goal", json!({}), StepDetail::Plans),
            ("update_goal", json!({}), StepDetail::Plans),
            ("switch_mode", json!({}), StepDetail::Plans),
            ("task", json!({}), StepDetail::Delegates),
            ("task_v2", json!({}), StepDetail::Delegates),
            ("send_message", json!({}), StepDetail::Delegates),
            ("create_agent", json!({}), StepDetail::Delegates),
            ("send_to_agent", json!({}), StepDetail::Delegates),
            ("stop_agent", json!({}), StepDetail::Delegates),
            ("await", json!({}), StepDetail::Waits),
            ("record_screen", json!({}), StepDetail::Captures),
            (
                "computer_use",
                json!({"actions": [{"type": "screenshot"}]}),
                StepDetail::Captures,
            ),
            (
                "computer_use",
                json!({"actions": [{"type": "click"}]}),
                StepDetail::UsesComputer,
            ),
            (
                "mcp",
                json!({"toolName": "browser_take_screenshot"}),
                StepDetail::Captures,
            ),
            ("mcp", json!({"toolName": "browser_click"}), StepDetail::Browses),
            ("mcp", json!({"toolName": "create_issue"}), other("create_issue")),
            ("mcp", Value::Null, other("mcp")),
            ("create_plan", json!({"plan": "# P"}), StepDetail::MadePlan),
            (
                "ask_question",
                json!({"question": "Which\none?"}),
                StepDetail::Asks {
                    question: "Which one?".into(),
                },
            ),
            ("generate_image", json!({}), other("generate_image")),
            ("brand_new_tool", json!({}), other("brand_new_tool")),
        ];
        for (name, arguments, expected) in table {
            assert_eq!(detail(name, &arguments), expected, "{name} {arguments}");
        }
        let long = detail("shell", &json!({"command": "x".repeat(5000)}));
        assert_eq!(
            long,
            runs(&format!("{}…", "x".repeat(299))),
            "bounded to 300 characters"
        );
    }

    #[test]
    fn questions_are_read_in_every_known_shape() {
        let asked = |question: &str, options: &[&str]| LastTool::Asked {
            question: question.into(),
            options: options.iter().map(|&option| option.to_owned()).collect(),
        };
        let table = [
            (
                json!({"question": "Blue?", "options": ["Yes", "No"]}),
                asked("Blue?", &["Yes", "No"]),
            ),
            (
                json!({"title": "T", "questions": [{"id": "q", "prompt": "Which?", "options": [{"id": "1", "label": "A"}, {"id": "2"}]}]}),
                asked("Which?", &["A", "2"]),
            ),
            (
                json!({"questions": [{"prompt": "A?"}, {"prompt": "B?", "options": ["x"]}]}),
                asked("A?\nB?", &[]),
            ),
            (json!({"questions": ["Plain?"]}), asked("Plain?", &[])),
            (
                json!({"questions": [{"options": ["x"]}], "title": "T"}),
                asked("T", &["x"]),
            ),
            (Value::Null, asked("", &[])),
            (json!("odd"), asked("odd", &[])),
        ];
        for (arguments, expected) in table {
            assert_eq!(last_tool("ask_question", &arguments), expected, "{arguments}");
        }
    }
}
