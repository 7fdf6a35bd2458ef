import { expect, test } from "vitest";
import { addressOf } from "./address";

test.each([
  ["https://github.com/acme/web", "https://github.com/acme/web"],
  ["  https://github.com/acme/web/  ", "https://github.com/acme/web"],
  ["http://www.github.com/acme/web.git/", "https://github.com/acme/web"],
  ["HTTPS://GitHub.com/Acme/Web", "https://github.com/Acme/Web"],
  ["git@github.com:acme/web.git", "https://github.com/acme/web"],
  ["ssh://git@github.com/acme/web.git", "https://github.com/acme/web"],
  ["ssh://git@gitlab.example.com:2222/group/sub/web.git", "https://gitlab.example.com/group/sub/web"],
  ["https://gitlab.com/group/sub/web/-/tree/main", "https://gitlab.com/group/sub/web"],
  ["https://git.example.com:8443/acme/web", "https://git.example.com:8443/acme/web"],
  ["https://github.com/acme/web/pull/12?x=1", "https://github.com/acme/web"],
  ["https://me@bitbucket.org/acme/web", "https://bitbucket.org/acme/web"],
  ["https://org@dev.azure.com/org/shop/_git/web", "https://dev.azure.com/org/shop/_git/web"],
  ["git@ssh.dev.azure.com:v3/acme/shop/web", "https://dev.azure.com/acme/shop/_git/web"],
  ["github.com/acme/web", "https://github.com/acme/web"],
  ["acme/web", "https://github.com/acme/web"],
  ["acme/web.git", "https://github.com/acme/web"],
])("%s means %s, as the core has it", (text, address) => {
  expect(addressOf(text)).toBe(address);
});

test.each(["", "shop", "shop website", "file:///etc/passwd", "https://github.com/acme", "github.com/acme", "javascript:alert(1)", "a b/c", "https://localhost/a/b"])(
  "%o is no address",
  (text) => {
    expect(addressOf(text)).toBeNull();
  },
);
