// Addresses of repositories in any spelling, brought to the one that the core keeps: `https://host/owner/name`. Pure.
// The core decides what is taken; this is for finding the repository that a pasted address means.

const spelled = /^(?<scheme>https?|ssh|git):\/\/(?:[^/@]*@)?(?<host>[^/]+)\/(?<path>.+)$/i;
const copied = /^(?:[^/@:]+@)?(?<host>[\w-]+(?:\.[\w-]+)+):(?<path>[^/].*)$/;
const bare = /^(?<host>[\w-]+(?:\.[\w-]+)+(?::\d+)?)\/(?<path>.+)$/;
const short = /^[\w.-]+\/[\w.-]+$/;

/** The one spelling of an address; null where the text is none. */
export function addressOf(text: string): string | null {
  const trimmed = text.trim().replace(/\/+$/, "");
  if (/\s/.test(trimmed)) return null;
  const groups = (spelled.exec(trimmed) ?? copied.exec(trimmed) ?? bare.exec(trimmed))?.groups;
  if (groups === undefined) return short.test(trimmed) ? `https://github.com/${withoutEnding(trimmed)}` : null;
  const secure = /^(?:ssh|git)$/i.test(groups["scheme"] ?? "");
  // The port of SSH says nothing of the page on the web.
  const written = (groups["host"] ?? "").toLowerCase().replace(secure ? /:\d+$/ : "", "").replace(/^www\./, "");
  const { host, path } = webForm(written, (groups["path"] ?? "").replace(/[?#].*$/, ""));
  if (!host.includes(".")) return null;
  const parts = path.split("/").filter(Boolean);
  const keep = keptParts(host, parts);
  return keep === null ? null : `https://${host}/${withoutEnding(parts.slice(0, keep).join("/"))}`;
}

const withoutEnding = (path: string): string => path.replace(/\.git$/, "");

/** Azure writes SSH addresses differently from those on the web. */
function webForm(host: string, path: string): { host: string; path: string } {
  const [organization, project, name, ...more] = path.replace(/^v3\//, "").split("/");
  return host === "ssh.dev.azure.com" && name !== undefined && more.length === 0
    ? { host: "dev.azure.com", path: `${organization ?? ""}/${project ?? ""}/_git/${name}` }
    : { host, path };
}

/** How many parts of the path name the repository; null when there are too few. */
function keptParts(host: string, parts: readonly string[]): number | null {
  const marker = parts.indexOf("_git");
  if (marker >= 0) return parts.length > marker + 1 ? marker + 2 : null;
  if (host === "github.com" || host === "bitbucket.org") return parts.length >= 2 ? 2 : null;
  // GitLab nests groups; `/-/` begins a page inside the repository.
  const page = parts.indexOf("-");
  const end = page < 0 ? parts.length : page;
  return end >= 2 ? end : null;
}
