// Beginnings, accounts and their troubles.

import { admin, base, docs, practice, type Scene, shop, studio } from "../made";
import { muchSpent } from "../spent";
import { composing } from "./compose";
import { usual } from "./list";

export const accounts: Record<string, () => Scene> = {
  welcome: () => ({ ...base(), accounts: [], active: null }),
  "welcome-refused": () => ({ ...base(), accounts: [], active: null, connectFails: { code: "keyRefused" } }),
  keychain: () => ({ ...base(), accounts: [], active: null, connectFails: { code: "keychainLocked" } }),
  "start-read-only": () => ({ ...usual(), blocked: { code: "dataReadOnly" } }),
  "start-damaged": () => ({ ...usual(), blocked: { code: "dataDamaged" } }),
  "start-newer": () => ({ ...usual(), blocked: { code: "dataNewer", found: 9, known: 1 } }),
  "start-in-use": () => ({ ...usual(), blocked: { code: "dataInUse" } }),
  refusedAccount: () => ({
    ...composing({}),
    accounts: [{ ...studio, problem: { code: "keyRefused" } }, practice],
  }),
  "key-needed": () => ({
    ...composing({}),
    accounts: [{ ...studio, key: "missing", problem: { code: "keyNeeded" } }, practice],
  }),
  "keychain-locked": () => ({
    ...composing({}),
    accounts: [{ ...studio, problem: { code: "keychainLocked" } }, practice],
  }),
  "other-refused": () => ({
    ...composing({}),
    accounts: [studio, { ...studio, id: "other", name: "Other", problem: { code: "keyRefused" } }, practice],
  }),
  accounts: () => usual(),
  usage: () => {
    const scene = usual();
    const spending = muchSpent([shop, admin, docs], [{ id: "bc-basket", title: "Empty basket illustration" }, { id: "bc-gone", title: "" }]);
    return { ...scene, spending, estimate: { micros: 400_000, runs: 12, sameModel: true } };
  },
  "usage-unavailable": () => ({ ...usual(), accounts: [{ ...studio, usageUnavailable: true }, practice] }),
  settings: () => usual(),
};
