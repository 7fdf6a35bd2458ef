// The pages of Cursor that a sentence can lead to. The shell opens them by its allow-list.

export const links = {
  /** Where keys are made. */
  keys: "https://cursor.com/dashboard/api",
  /** Plan, spending and privacy. */
  account: "https://cursor.com/dashboard?tab=settings",
  /** Which repositories agents can reach. */
  repositories: "https://cursor.com/dashboard/cloud-agents",
  /** All agents. */
  agents: "https://cursor.com/agents",
} as const;
