//! What can be read out of a tool's arguments. Their shapes are unstable (API v1, tool calls),
//! so every known spelling is tried and none is required.

use serde_json::Value;

use crate::markdown;

/// The first of these keys that holds text.
fn first<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    keys.iter()
        .find_map(|key| value.get(key)?.as_str())
        .filter(|text| !text.trim().is_empty())
}

/// The path of the file a tool works on.
pub(super) fn path(arguments: &Value) -> Option<String> {
    const KEYS: [&str; 10] = [
        "path",
        "target_file",
        "targetFile",
        "file_path",
        "filePath",
        "filename",
        "file",
        "target_notebook",
        "relative_workspace_path",
        "relativeWorkspacePath",
    ];
    first(arguments, &KEYS)
        .map(str::to_owned)
        .or_else(|| patched(arguments))
}

/// The first file a patch names.
fn patched(arguments: &Value) -> Option<String> {
    let patch = arguments
        .as_str()
        .or_else(|| first(arguments, &["patch", "input", "diff"]))?;
    patch.lines().take(200).find_map(|line| {
        let header = ["*** Update File: ", "*** Add File: ", "*** Delete File: ", "+++ b/"];
        header
            .iter()
            .find_map(|header| line.strip_prefix(header))
            .map(str::to_owned)
    })
}

/// The name of a file without its folders, safe to show.
pub(super) fn file_name(path: &str) -> Option<String> {
    let name = path.trim().trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next()?;
    Some(markdown::line(name, 300)).filter(|name| !name.is_empty())
}

/// The command of a shell tool, as one line.
pub(super) fn command(arguments: &Value) -> String {
    let text = first(arguments, &["command", "cmd", "script", "chars", "input", "text"]);
    let text = text.map(str::to_owned).or_else(|| {
        let words = arguments.get("command")?.as_array()?;
        let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
        Some(words.join(" "))
    });
    markdown::line(&text.unwrap_or_default(), 300)
}

/// The question or questions, at most 2,000 characters, and the options when there is one question.
pub(super) fn question(arguments: &Value) -> (String, Vec<String>) {
    const TEXT: [&str; 5] = ["question", "prompt", "text", "message", "title"];
    let empty = Vec::new();
    let asked = arguments.get("questions").and_then(Value::as_array).unwrap_or(&empty);
    let text = |value: &Value| {
        value
            .as_str()
            .or_else(|| first(value, &TEXT))
            .map(|text| markdown::line(text, 2000))
    };
    match asked.as_slice() {
        [] => (text(arguments).unwrap_or_default(), options(arguments)),
        [one] => (text(one).or_else(|| text(arguments)).unwrap_or_default(), options(one)),
        several => {
            let lines: Vec<String> = several.iter().take(10).filter_map(text).collect();
            (lines.join("\n"), Vec::new())
        }
    }
}

fn options(question: &Value) -> Vec<String> {
    let options = ["options", "choices", "answers"]
        .iter()
        .find_map(|key| question.get(key)?.as_array());
    let text = |option: &Value| {
        let text = option
            .as_str()
            .or_else(|| first(option, &["label", "text", "title", "value", "name", "id"]))?;
        Some(markdown::line(text, 300)).filter(|text| !text.is_empty())
    };
    options
        .map(|options| options.iter().take(20).filter_map(text).collect())
        .unwrap_or_default()
}

/// The plan's markdown, at most 64 KiB.
pub(super) fn plan(arguments: &Value) -> Option<String> {
    let plan = first(arguments, &["plan", "content", "markdown", "text", "overview"])?;
    Some(plan[..plan.floor_char_boundary(64 * 1024)].to_owned())
}

/// The name of the tool within an `mcp` call.
pub(super) fn inner_tool(arguments: &Value) -> Option<String> {
    first(arguments, &["toolName", "tool_name", "tool", "name"]).map(|name| markdown::line(name, 300))
}

/// Whether a computer is used to take a picture.
pub(super) fn takes_picture(arguments: &Value) -> bool {
    let is_picture = |action: &Value| {
        let name = action.as_str().or_else(|| first(action, &["type", "action"]));
        name.is_some_and(|name| name.contains("screenshot"))
    };
    is_picture(arguments)
        || arguments
            .get("actions")
            .and_then(Value::as_array)
            .is_some_and(|actions| actions.iter().any(is_picture))
}

/// What a call works on, in one line: the path, pattern, address or words it was given.
pub(super) fn object(arguments: &Value) -> Option<String> {
    const KEYS: [&str; 10] = [
        "pattern",
        "query",
        "search_term",
        "searchTerm",
        "glob_pattern",
        "url",
        "description",
        "command",
        "explanation",
        "toolName",
    ];
    let text = first(arguments, &KEYS).map(str::to_owned).or_else(|| path(arguments))?;
    Some(markdown::line(&text, 300)).filter(|text| !text.is_empty())
}
