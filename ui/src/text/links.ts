// The pages of Cursor that a sentence can lead to. The shell opens them by its allow-list.

export const links = {
  /** Where keys are made. */
  keys: "https://cursor.com/dashboard/api",
  /** Plan, spending and privacy. */
  account: "https://cursor.com/dashboard?tab=settings",
  /** Which repositories agents can reach. */
  repositories: "https://cursor.com/dashboard/cloud-agents",
} as const;

/** How the hosts of repositories show a branch. */
const branchPages: Record<string, (repository: string, branch: string) => string> = {
  "github.com": (repository, branch) => `${repository}/tree/${branch}`,
  "gitlab.com": (repository, branch) => `${repository}/-/tree/${branch}`,
  "bitbucket.org": (repository, branch) => `${repository}/branch/${branch}`,
};

/** The page of a branch; null where the host is not known. */
export function branchLink(repository: string | null, branch: string): string | null {
  if (repository === null || !URL.canParse(repository)) return null;
  const { protocol, host } = new URL(repository);
  const pageOf = branchPages[host];
  if (protocol !== "https:" || pageOf === undefined) return null;
  return pageOf(repository.replace(/\/$/, ""), branch.split("/").map(encodeURIComponent).join("/"));
}
