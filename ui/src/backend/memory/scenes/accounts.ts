// Beginnings, accounts and their troubles.

import { base, practice, type Scene, studio } from "../made";
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
  settings: () => usual(),
};
