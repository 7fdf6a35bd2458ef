//! System notifications. Core decides on edges; here they are only put into words and shown.

use std::path::Path;

use notify_rust::Notification;
use sendoff_core::engine::{Need, NoticeKind, Signal};
use sendoff_core::model::{Failure, RowTarget};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc::UnboundedReceiver;

use crate::state::{Shell, lock};
use crate::window;
use crate::words::{word, word_with};

/// Shows what core signals, until it stops.
pub(crate) fn start(app: AppHandle, mut signals: UnboundedReceiver<Signal>) {
    tauri::async_runtime::spawn(async move {
        while let Some(Signal::Notice {
            kind,
            need,
            target,
            title,
            face,
        }) = signals.recv().await
        {
            let app = app.clone();
            // Waiting for the click blocks a thread for as long as the notification is up.
            let shown = std::thread::Builder::new()
                .name("notice".to_owned())
                .spawn(move || show(&app, words(kind, need.as_ref()), target, &title, face.as_deref()));
            if shown.is_err() {
                tracing::warn!("no thread for a notification");
            }
        }
    });
}

/// The keys of title and body.
fn words(kind: NoticeKind, need: Option<&Need>) -> (&'static str, &'static str) {
    match (kind, need) {
        (NoticeKind::Done, _) => ("notice.done.title", "notice.done.body"),
        (NoticeKind::Failed, _) => ("notice.failed.title", "notice.failed.body"),
        (NoticeKind::NotSent, _) => ("notice.not_sent.title", "notice.not_sent.body"),
        (NoticeKind::NeedsYou, Some(Need::Question)) => ("notice.asks.title", "notice.asks.body"),
        (NoticeKind::NeedsYou, Some(Need::Plan)) => ("notice.plan.title", "notice.plan.body"),
        (NoticeKind::NeedsYou, Some(Need::Launch { .. })) => ("notice.launch.title", "notice.launch.body"),
        (NoticeKind::NeedsYou, Some(Need::Account)) => ("notice.account.title", "notice.account.body"),
        (NoticeKind::NeedsYou, Some(Need::Alarm { stopped: true })) => {
            ("notice.alarm_stopped.title", "notice.alarm_stopped.body")
        }
        (NoticeKind::NeedsYou, Some(Need::Alarm { stopped: false })) => ("notice.alarm.title", "notice.alarm.body"),
        (NoticeKind::NeedsYou, Some(Need::DayLimit)) => ("notice.day_limit.title", "notice.day_limit.body"),
        (NoticeKind::NeedsYou, Some(Need::WeekLimit)) => ("notice.week_limit.title", "notice.week_limit.body"),
        (NoticeKind::NeedsYou, Some(Need::FollowUp { .. }) | None) => {
            ("notice.needs_you.title", "notice.needs_you.body")
        }
    }
}

fn show(app: &AppHandle, (summary, body): (&str, &str), target: Option<RowTarget>, title: &str, face: Option<&Path>) {
    let title = if title.is_empty() {
        word("notice.untitled")
    } else {
        title
    };
    let mut notification = Notification::new();
    notification
        .appname(word("app.name"))
        .summary(&word_with(summary, "title", title))
        // Some servers read markup in the body, none in the summary (Desktop Notifications Specification, "Markup").
        .body(&word_with(body, "title", &escaped(title)))
        .action("default", word("notice.open"));
    #[cfg(target_os = "linux")]
    notification
        .icon("sendoff")
        .hint(notify_rust::Hint::DesktopEntry("sendoff".to_owned()));
    #[cfg(any(target_os = "linux", target_os = "windows"))]
    if let Some(face) = face.and_then(Path::to_str) {
        notification.image_path(face);
    }
    let shown = notification.show();
    *lock(&app.state::<Shell>().notice_trouble) = shown.as_ref().err().map(|_| Failure::NoticeFailed);
    match shown {
        #[cfg(target_os = "linux")]
        Ok(shown) => shown.wait_for_action(|action| {
            if action == "default" {
                window::open(app, target.clone().map(window::Opening::Target));
            }
        }),
        #[cfg(not(target_os = "linux"))]
        Ok(_) => {}
        Err(error) => tracing::warn!(%error, "the notification could not be shown"),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
