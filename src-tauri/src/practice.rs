//! The practice cloud inside the app: started when first needed, on a loopback port that was random once and stays while
//! it is free, so that its links do too, with a random key.

use std::sync::Arc;

use practice_cloud::{Options, Practice};
use sendoff_core::engine::{PracticeCloud, PracticeEndpoint};
use sendoff_core::model::Failure;
use tauri::{AppHandle, Manager};
use tokio::sync::Mutex;

use crate::state::{Shell, data_folder};

/// Where its agents are kept, in the data folder.
const FILE: &str = "practice.json";

/// The running cloud, if it was needed.
#[derive(Default)]
pub(crate) struct Cloud(Mutex<Option<Practice>>);

impl Cloud {
    /// Saves its agents and stops it.
    pub(crate) async fn stop(&self) {
        if let Some(practice) = self.0.lock().await.take()
            && let Err(error) = practice.stop().await
        {
            tracing::warn!(%error, "the practice agents of the last moments were not saved");
        }
    }

    /// Where its local pages are, while it runs.
    pub(crate) async fn base(&self) -> Option<String> {
        self.0
            .lock()
            .await
            .as_ref()
            .map(|practice| practice.base_url().to_owned())
    }
}

/// What the engine calls to have it, and to have it forgotten.
pub(crate) fn starter(app: AppHandle) -> PracticeCloud {
    let forgetting = app.clone();
    PracticeCloud {
        start: Arc::new(move || {
            let app = app.clone();
            Box::pin(async move { start(&app).await })
        }),
        forget: Arc::new(move || {
            let app = forgetting.clone();
            Box::pin(async move { forget(&app).await })
        }),
    }
}

async fn start(app: &AppHandle) -> Option<PracticeEndpoint> {
    let shell = app.state::<Shell>();
    let mut running = shell.practice.0.lock().await;
    if running.is_none() {
        let options = Options {
            speed: shell.environment.practice_speed,
            data: Some(data_folder(app).ok()?.join(FILE)),
            local_pages: true,
            // It lives as long as the app does, and nobody reads its log.
            kept_requests: 200,
            ..Options::default()
        };
        match Practice::start(options).await {
            Ok(practice) => *running = Some(practice),
            Err(error) => {
                tracing::error!(%error, "the practice cloud did not start");
                return None;
            }
        }
    }
    let practice = running.as_ref()?;
    Some(PracticeEndpoint {
        url: practice.base_url().to_owned(),
        key: practice.key().to_owned(),
    })
}

/// Stops it and deletes its agents. It writes them once more while it stops, so the file goes last.
async fn forget(app: &AppHandle) -> Result<(), Failure> {
    let shell = app.state::<Shell>();
    let file = data_folder(app)?.join(FILE);
    let mut running = shell.practice.0.lock().await;
    if let Some(practice) = running.take()
        && let Err(error) = practice.stop().await
    {
        tracing::warn!(%error, "the practice cloud did not stop in order");
    }
    match tokio::fs::remove_file(&file).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::error!(%error, "the practice agents could not be deleted");
            Err(Failure::DataTrouble)
        }
        _ => Ok(()),
    }
}
