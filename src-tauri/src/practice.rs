//! The practice cloud inside the app: started when first needed, on a random loopback port with a random key.

use std::sync::Arc;

use practice_cloud::{Options, Practice};
use sendoff_core::engine::{PracticeEndpoint, PracticeStart};
use tauri::{AppHandle, Manager};
use tokio::sync::Mutex;

use crate::state::{Shell, data_folder};

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

/// What the engine calls to have it.
pub(crate) fn starter(app: AppHandle) -> PracticeStart {
    Arc::new(move || {
        let app = app.clone();
        Box::pin(async move {
            let shell = app.state::<Shell>();
            let mut running = shell.practice.0.lock().await;
            if running.is_none() {
                let options = Options {
                    speed: shell.environment.practice_speed,
                    data: Some(data_folder(&app).ok()?.join("practice.json")),
                    local_pages: true,
                    // It lives as long as the window does, and nobody reads its log.
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
        })
    })
}
