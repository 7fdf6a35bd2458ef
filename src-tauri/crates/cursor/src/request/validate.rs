//! The rules of a request, checked before anything is sent (API v1, create agent and create run).

use std::collections::BTreeMap;

use super::create::{CreateAgent, CreateRun};
use super::parts::{EnvironmentKind, McpServer, ModelChoice, Prompt, SubagentModel};
use super::{InvalidRequest, PictureStyle};
use crate::{MAX_PICTURE_BYTES, MAX_PICTURES, Picture};

type Checked = Result<(), InvalidRequest>;

pub(super) fn check_create_agent(request: &CreateAgent) -> Checked {
    check_prompt(&request.prompt, PictureStyle::V1)?;
    if request.agent_id.as_ref().is_some_and(|id| !id.is_well_formed()) {
        return Err(InvalidRequest::Field { field: "agentId" });
    }
    if request.agent_id.is_some() && !request.env_vars.is_empty() {
        return Err(InvalidRequest::Exclusive {
            first: "agentId",
            second: "envVars",
        });
    }
    check_model(request.model.as_ref())?;
    within("name", request.name.as_deref(), 100)?;
    at_most("repos", request.repos.len(), 20)?;
    for target in &request.repos {
        require("repos.url", is_web_address(&target.url))?;
        require("repos.startingRef", target.starting_ref.as_deref() != Some(""))?;
        require("repos.prUrl", target.pr_url.as_deref().is_none_or(is_web_address))?;
    }
    if let Some(environment) = &request.env {
        require("env.name", environment.name.as_deref() != Some(""))?;
        if environment.kind == EnvironmentKind::Cloud && environment.name.is_some() && !request.repos.is_empty() {
            return Err(InvalidRequest::Exclusive {
                first: "env.name",
                second: "repos",
            });
        }
    }
    check_variables(&request.env_vars)?;
    check_tool_servers(&request.mcp_servers)?;
    at_most("customSubagents", request.custom_subagents.len(), 20)?;
    for subagent in &request.custom_subagents {
        within("customSubagents.name", Some(&subagent.name), 100)?;
        within("customSubagents.description", Some(&subagent.description), 1_000)?;
        within("customSubagents.prompt", Some(&subagent.prompt), 8_192)?;
        match &subagent.model {
            Some(SubagentModel::Named(id)) => require("customSubagents.model", !id.is_empty())?,
            Some(SubagentModel::Chosen(choice)) => check_model(Some(choice))?,
            Some(SubagentModel::Inherit) | None => {}
        }
    }
    unique(
        "customSubagents",
        request.custom_subagents.iter().map(|subagent| subagent.name.as_str()),
    )
}

pub(super) fn check_create_run(request: &CreateRun) -> Checked {
    check_prompt(&request.prompt, PictureStyle::V1)?;
    check_model(request.model.as_ref())?;
    check_tool_servers(&request.mcp_servers)
}

pub(crate) fn check_prompt(prompt: &Prompt, style: PictureStyle) -> Checked {
    if prompt.text.trim().is_empty() {
        return Err(InvalidRequest::EmptyPrompt);
    }
    if prompt.images.len() > MAX_PICTURES {
        return Err(InvalidRequest::TooManyPictures {
            count: prompt.images.len(),
        });
    }
    for (place, picture) in prompt.images.iter().enumerate() {
        let bytes = match picture {
            Picture::File { bytes, .. } => *bytes,
            Picture::Memory { content, .. } => content.len() as u64,
            Picture::Url { url, .. } if style == PictureStyle::V1 && is_web_address(url) => 1,
            Picture::Url { .. } => return Err(InvalidRequest::PictureAddress { place }),
        };
        if bytes == 0 {
            return Err(InvalidRequest::EmptyPicture { place });
        }
        if bytes > MAX_PICTURE_BYTES {
            return Err(InvalidRequest::PictureTooLarge { place, bytes });
        }
        if picture
            .dimension()
            .is_some_and(|dimension| dimension.width == 0 || dimension.height == 0)
        {
            return Err(InvalidRequest::PictureWithoutExtent { place });
        }
    }
    Ok(())
}

fn check_model(model: Option<&ModelChoice>) -> Checked {
    let Some(model) = model else { return Ok(()) };
    require("model.id", !model.id.is_empty())?;
    require(
        "model.params",
        model
            .settings
            .iter()
            .all(|setting| !setting.id.is_empty() && !setting.value.is_empty()),
    )
}

fn check_variables(variables: &BTreeMap<String, String>) -> Checked {
    at_most("envVars", variables.len(), 50)?;
    for (name, value) in variables {
        let named = !name.is_empty() && name.len() <= 255 && !name.starts_with("CURSOR_");
        require("envVars", named && !value.is_empty() && value.len() <= 4_096)?;
    }
    Ok(())
}

fn check_tool_servers(servers: &[McpServer]) -> Checked {
    at_most("mcpServers", servers.len(), 50)?;
    for server in servers {
        require("mcpServers.name", !server.name().is_empty())?;
        let (field, holds) = match server {
            McpServer::Command { command, .. } => ("mcpServers.command", !command.is_empty()),
            McpServer::Remote { url, .. } => ("mcpServers.url", is_web_address(url)),
        };
        require(field, holds)?;
    }
    unique("mcpServers", servers.iter().map(McpServer::name))
}

fn require(field: &'static str, holds: bool) -> Checked {
    if holds {
        Ok(())
    } else {
        Err(InvalidRequest::Field { field })
    }
}

/// 1 to `limit` characters, if present.
fn within(field: &'static str, text: Option<&str>, limit: usize) -> Checked {
    require(
        field,
        text.is_none_or(|text| !text.is_empty() && text.chars().take(limit + 1).count() <= limit),
    )
}

fn at_most(field: &'static str, count: usize, limit: usize) -> Checked {
    if count <= limit {
        Ok(())
    } else {
        Err(InvalidRequest::TooMany { field, count, limit })
    }
}

fn unique<'a>(field: &'static str, names: impl Iterator<Item = &'a str>) -> Checked {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    if names.windows(2).any(|pair| pair[0] == pair[1]) {
        return Err(InvalidRequest::Duplicate { field });
    }
    Ok(())
}

/// An http(s) address with a host and neither user nor password.
fn is_web_address(text: &str) -> bool {
    reqwest::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    })
}
