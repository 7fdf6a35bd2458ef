//! Writes the page's types. `cargo xtask bindings` sets `SENDOFF_BINDINGS=write`; otherwise stale ones fail the test.

use sendoff_shots::{Color, Emoji, Fit, Mark, Markup, PathStep, Point, Rect, TextShape};
use ts_rs::{Config, TS};

use super::*;
use crate::export::ExportFormat;

const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../ui/src/backend/bindings.ts");

/// The declarations in the order of the files, each exported.
fn declarations() -> String {
    let config = Config::default().with_large_int("number");
    let mut text =
        String::from("// Generated from src-tauri/crates/core/src/model by `cargo xtask bindings`. Do not edit.\n");
    macro_rules! declare {
        ($($name:ident)*) => {
            $(
                text.push_str("\nexport ");
                text.push_str(&<$name as TS>::decl(&config));
                text.push('\n');
            )*
        };
    }
    declare! {
        AccountId DraftId ShotId LaunchId AgentId RunId FollowUpId BlockId
        Account AccountKind KeyPlace
        Failure PictureKind
        Point Rect Color Mark Markup PathStep TextShape Emoji
        Draft Shot Original Marked ShotNote ShotTarget Taken ModelChoice ModelParameter
        Launch LaunchState Waiting Decision
        Repository RepositoryOrigin Repositories Model ModelVariant
        Settings Theme OnClose Fit
        ListSettings ListFilter ListSort ListGrouping Standing Origin Within
        SpendingRules SpendingRange Spending Spent DaySpent PartSpent Outlook Estimate Limits LimitReached RunAlarm AlarmStop AlarmBy
        Row RowTarget Group RowState
        Agent AgentState Silence Answer Edited Run RunState PullRequest Artifact FileText Usage RunUsed FollowUp FollowUpState
        Node Item Inline ImageSource CodeRun CodeKind
        Block BlockKind Ending Step StepState StepDetail StepCalls
        StepCall CallDetail CallPart FieldsOf CallField Clip ClipCut DiffLine DiffSign
        View Changes Update Change FollowUpSource
        KeyShape KeyKind
        Earlier Found Hit HitPlace SnippetPiece
        ExportFormat OutsidePicture
    }
    text
}

#[test]
fn the_bindings_of_the_page_are_fresh() {
    let fresh = declarations();
    if std::env::var_os("SENDOFF_BINDINGS").is_some_and(|mode| mode == "write") {
        std::fs::write(TARGET, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(TARGET).unwrap_or_default();
    assert!(
        committed == fresh,
        "the page's types are stale: run `cargo xtask bindings`"
    );
}
