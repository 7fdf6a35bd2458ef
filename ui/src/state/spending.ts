// Amounts as people type them, and back; whole numbers throughout.

import type { Spent } from "../backend/bindings";

/** The largest amount that can be typed, in its own unit before the point. */
const most = 1_000_000;

/**
 * What was typed as a whole number of `1 / 10^places`: "5.5" with 6 places is 5,500,000. Empty is null (off); what is no
 * amount, nothing at all (it would read as "at once" and be off) or beyond a million is undefined.
 */
export function amountOf(text: string, places: number, limit = most): number | null | undefined {
  const trimmed = text.trim().replace(/^\$/, "");
  // A comma parts thousands here; where it parts cents, "5,50" must not become 550.
  if (trimmed.includes(",") && !/^\d{1,3}(?:,\d{3})+(?:\.|$)/.test(trimmed)) return undefined;
  const plain = trimmed.replaceAll(",", "");
  if (plain === "") return null;
  const found = /^(\d{0,12})(?:\.(\d*))?$/.exec(plain);
  if (found === null || plain === ".") return undefined;
  const fraction = (found[2] ?? "").slice(0, places).padEnd(places, "0");
  const amount = Number(`${found[1] ?? ""}${fraction}`);
  if (amount > limit * 10 ** places) return undefined;
  return amount === 0 ? undefined : amount;
}

/** The same amount as it would be typed. */
export function typed(amount: number | null, places: number): string {
  if (amount === null) return "";
  const digits = amount.toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  if (fraction === "") return whole;
  return `${whole}.${fraction.padEnd(Math.min(2, places), "0")}`;
}

/** All tokens of what was used. */
export const allTokens = ({ input, output, cacheRead, cacheWrite }: Spent): number => input + output + cacheRead + cacheWrite;
