//! A typed client of the Cursor Cloud Agents API, v1 and v0.
//!
//! Three habits set it apart from a plain wrapper. A request body is fixed before it is sent and can
//! be hashed, so a caller can note what is about to happen ([`RequestBody`]). Only GETs are ever
//! repeated; every other failure says whether the request can have arrived ([`Error::delivery`]).
//! Whatever the server adds later (fields, states, events) is kept or skipped, never an error.

#![warn(clippy::missing_errors_doc)]

mod account;
mod agents;
mod artifacts;
mod client;
mod decode;
mod error;
mod id;
mod key;
mod open_enum;
mod picture;
mod request;
mod retry;
mod runs;
mod stream;
mod timestamp;
mod transport;
mod usage;
pub mod v0;

pub use account::{Me, Model, ModelParameter, ModelValue, ModelVariant, Repository};
pub use agents::{Agent, AgentFilter, AgentStatus, CreatedAgent, Cursor, Page, PageOf};
pub use artifacts::{Artifact, ArtifactLink, DownloadError};
pub use client::{BuildError, Client, ClientOptions, DEFAULT_BASE_URL, Scheme};
pub use error::{Delivery, Error, ErrorCode, ErrorKind};
pub use id::{AgentId, EventId, InvalidId, RunId};
pub use key::{Key, KeyError};
pub use picture::{Dimension, MAX_PICTURE_BYTES, MAX_PICTURES, Picture, PictureType};
pub use request::{
    CreateAgent, CreateRun, Environment, EnvironmentKind, InvalidRequest, McpServer, McpTransport, Mode, ModelChoice,
    ModelSetting, OAuthClient, Prompt, RepositoryTarget, RequestBody, Subagent, SubagentModel,
};
pub use retry::RetryPolicy;
pub use runs::{Branch, Git, Run, RunFailure, RunStatus};
pub use stream::{
    Event, RunOutcome, RunStream, SseFrame, SseParser, StreamError, StreamEvent, StreamFault, ToolCall, ToolStatus,
    Truncated,
};
pub use timestamp::Timestamp;
pub use usage::{Cost, RunUsage, TokenCount, Usage};

/// The one list of agents of an account, page by page (API v1, list agents).
pub type AgentPage = PageOf<Agent>;
/// The runs of one agent, page by page (API v1, list runs). The order is not promised: sort by
/// [`Run::created_at`].
pub type RunPage = PageOf<Run>;
