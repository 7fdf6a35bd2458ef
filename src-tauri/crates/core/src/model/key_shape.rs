//! Places in words that look like a key.

use serde::{Deserialize, Serialize};

/// A place that looks like a key. What stands there is not repeated: it never leaves the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct KeyShape {
    /// Where it begins, in UTF-16 units from the start of the words: the page's strings count so.
    pub from: u32,
    /// Where it ends, after its last unit.
    pub to: u32,
    /// Whose key it looks like.
    pub kind: KeyKind,
}

/// Whose key it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum KeyKind {
    /// Cursor.
    Cursor,
    /// GitHub.
    GitHub,
    /// GitLab.
    GitLab,
    /// Amazon Web Services: the name of a key, or its secret.
    Amazon,
    /// Google: an API key, a client's secret or an access token.
    Google,
    /// Azure storage.
    Azure,
    /// OpenAI.
    OpenAi,
    /// Anthropic.
    Anthropic,
    /// OpenRouter, Groq, xAI, Perplexity or Replicate.
    ModelService,
    /// Hugging Face.
    HuggingFace,
    /// Slack.
    Slack,
    /// Discord: an address that anyone can post to.
    Discord,
    /// Telegram.
    Telegram,
    /// Stripe.
    Stripe,
    /// Square.
    Square,
    /// Shopify.
    Shopify,
    /// npm.
    Npm,
    /// PyPI.
    PyPi,
    /// RubyGems.
    RubyGems,
    /// Docker.
    Docker,
    /// DigitalOcean.
    DigitalOcean,
    /// Databricks.
    Databricks,
    /// Supabase.
    Supabase,
    /// PlanetScale.
    PlanetScale,
    /// SendGrid.
    SendGrid,
    /// Linear.
    Linear,
    /// Notion.
    Notion,
    /// Figma.
    Figma,
    /// Airtable.
    Airtable,
    /// Atlassian.
    Atlassian,
    /// Postman.
    Postman,
    /// Sentry.
    Sentry,
    /// Grafana.
    Grafana,
    /// New Relic.
    NewRelic,
    /// Vault or Terraform by HashiCorp.
    HashiCorp,
    /// Doppler.
    Doppler,
    /// A private key of any kind.
    PrivateKey,
    /// A signed token (JWT).
    SignedToken,
    /// What stands after `Bearer` or `Authorization: Basic`.
    Authorization,
    /// The password in the address of a database.
    DatabasePassword,
    /// The password in another address.
    AddressPassword,
}
