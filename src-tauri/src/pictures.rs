//! `shot://localhost/<hash>?w=<pixels>` and `shot://localhost/emoji/<name>`: pictures for the page, straight from the
//! store or a font, never through JSON.

use tauri::http::{Request, Response, StatusCode, header};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

use crate::state::Shell;

/// Answers one request of the page for a picture.
pub(crate) fn serve(context: UriSchemeContext<'_, Wry>, request: Request<Vec<u8>>, responder: UriSchemeResponder) {
    let engine = context.app_handle().state::<Shell>().engine();
    let hash = request.uri().path().trim_start_matches('/').to_owned();
    let width = request
        .uri()
        .query()
        .and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("w=")))
        .and_then(|width| width.parse().ok());
    tauri::async_runtime::spawn(async move {
        let found = match (engine, hash.strip_prefix("emoji/")) {
            (Ok(engine), Some(name)) => engine.emoji(name.to_owned()).await.ok(),
            (Ok(engine), None) => engine.picture(&hash, width).await.ok(),
            (Err(_), _) => None,
        };
        let response = match found {
            Some(picture) => Response::builder()
                .header(header::CONTENT_TYPE, picture.mime)
                // A hash names its bytes for ever.
                .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
                .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
                .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .body(picture.bytes.to_vec()),
            None => Response::builder().status(StatusCode::NOT_FOUND).body(Vec::new()),
        };
        if let Ok(response) = response {
            responder.respond(response);
        }
    });
}
