// What looks like a key in the words, said to whoever wrote them.

import type { KeyKind } from "../backend/bindings";

const kinds: Record<KeyKind, string> = {
  cursor: "a Cursor key",
  gitHub: "a GitHub token",
  gitLab: "a GitLab token",
  amazon: "an Amazon Web Services key",
  google: "a Google key",
  azure: "an Azure storage key",
  openAi: "an OpenAI key",
  anthropic: "an Anthropic key",
  modelService: "a key for an AI service",
  huggingFace: "a Hugging Face token",
  slack: "a Slack token",
  discord: "a Discord token",
  telegram: "a Telegram bot token",
  stripe: "a Stripe key",
  square: "a Square key",
  shopify: "a Shopify token",
  npm: "an npm token",
  pyPi: "a PyPI token",
  rubyGems: "a RubyGems key",
  docker: "a Docker token",
  digitalOcean: "a DigitalOcean token",
  databricks: "a Databricks token",
  supabase: "a Supabase key",
  planetScale: "a PlanetScale password",
  sendGrid: "a SendGrid key",
  linear: "a Linear key",
  notion: "a Notion token",
  figma: "a Figma token",
  airtable: "an Airtable token",
  atlassian: "an Atlassian token",
  postman: "a Postman key",
  sentry: "a Sentry token",
  grafana: "a Grafana token",
  newRelic: "a New Relic key",
  hashiCorp: "a HashiCorp token",
  doppler: "a Doppler token",
  privateKey: "a private key",
  signedToken: "a sign-in token",
  authorization: "a sign-in token",
  databasePassword: "the password of a database",
  addressPassword: "a password in a link",
};

/** The question about one of them. */
export const secretWords = (kind: KeyKind): string =>
  `This looks like ${kinds[kind]}. The agent and its logs would see it.`;

/** Where it stands: its first characters, for there may be several. */
export const secretStart = (value: string): string => `${value.slice(0, 8).replace(/\s+/g, " ").trimEnd()}…`;
