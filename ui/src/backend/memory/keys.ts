// Two of the many shapes of keys that the core knows: enough to see what is asked about them.

import type { KeyShape } from "../bindings";

export const keyShapesOf = (text: string): KeyShape[] =>
  [...text.matchAll(/\b(?:ghp_[A-Za-z0-9]{36}|AKIA[A-Z2-7]{16})\b/g)].map(({ 0: value, index }) => ({
    from: index,
    to: index + value.length,
    kind: value.startsWith("ghp_") ? "gitHub" : "amazon",
  }));
