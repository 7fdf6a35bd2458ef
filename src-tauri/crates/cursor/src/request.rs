//! What is sent: the requests as types, the rules they are held against, and the bytes they become.

mod body;
mod create;
mod invalid;
mod parts;
mod validate;

pub use body::RequestBody;
pub use create::{CreateAgent, CreateRun};
pub use invalid::InvalidRequest;
pub use parts::{
    Environment, EnvironmentKind, McpServer, McpTransport, Mode, ModelChoice, ModelSetting, OAuthClient, Prompt,
    RepositoryTarget, Subagent, SubagentModel,
};

pub(crate) use body::PictureStyle;
pub(crate) use validate::check_prompt;
