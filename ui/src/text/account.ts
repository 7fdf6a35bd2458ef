// What an account is called, and its letter and color.

import type { Account } from "../backend/bindings";
import { page } from "./page";

/** The account's own name, or what it is. */
export function accountName(account: Account): string {
  if (account.kind === "practice") return page.accounts.practice;
  if (account.name !== "") return account.name;
  return account.email ?? page.accounts.unnamed;
}

/** One letter for its mark. */
export const accountLetter = (account: Account): string => accountName(account).slice(0, 1).toUpperCase();

/** Where its key lies, in words. */
export function keyPlace(account: Account): string {
  switch (account.key) {
    case "keychain":
      return page.accounts.keychain;
    case "memory":
      return page.accounts.memory;
    case "missing":
      return page.accounts.missing;
    case "notNeeded":
      return page.accounts.practiceNote;
  }
}
