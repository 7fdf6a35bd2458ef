// Times and amounts in words.

const minute = 60_000;
const hour = 60 * minute;

const clockFormat = new Intl.DateTimeFormat("en-US", { hour: "numeric", minute: "2-digit" });
const dayFormat = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric" });
const yearFormat = new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", year: "numeric" });
const wholeFormat = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "short" });
const countFormat = new Intl.NumberFormat("en-US");
const shortFormat = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });
const moneyFormat = new Intl.NumberFormat("en-US", { style: "currency", currency: "USD" });

/** "4 s", "3 min", "2 h 5 min". */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  if (seconds < 60) return `${seconds.toString()} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes.toString()} min`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? `${hours.toString()} h` : `${hours.toString()} h ${rest.toString()} min`;
}

/** "0:12", "1:31", "1:02:07": how far into a run something was. */
export function stopwatch(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const two = (part: number): string => part.toString().padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes.toString()}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60).toString()}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** "now", "4 min", "2 h", "3 d": how long something has waited. */
export function age(at: number, now: number): string {
  const passed = now - at;
  if (passed < minute) return "now";
  if (passed < hour) return `${Math.floor(passed / minute).toString()} min`;
  if (passed < 24 * hour) return `${Math.floor(passed / hour).toString()} h`;
  return `${Math.floor(passed / (24 * hour)).toString()} d`;
}

/** "just now", "4 s ago", "3 min ago". */
export function ago(at: number, now: number): string {
  return now - at < 1_000 ? "just now" : `${duration(now - at)} ago`;
}

/** "11:20 AM". */
export const clockTime = (at: number): string => clockFormat.format(at);

/** "Nov 12", with the year when it is not this one. */
export function day(at: number, now: number): string {
  const same = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (same ? dayFormat : yearFormat).format(at);
}

/** Day and time, for tips. */
export const wholeTime = (at: number): string => wholeFormat.format(at);

/** "1.2", "12": a fraction only where it tells something. */
const few = (amount: number): string => (amount < 9.95 ? amount.toFixed(1) : Math.round(amount).toString());

/** "640 KB", "1.2 MB", "2 GB". */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes.toString()} B`;
  if (bytes < 999_500) return `${Math.round(bytes / 1_000).toString()} KB`;
  if (bytes < 999_500_000) return `${few(bytes / 1_000_000)} MB`;
  return `${few(bytes / 1_000_000_000)} GB`;
}

/** "76,390". */
export const count = (amount: number): string => countFormat.format(amount);

/** Millionths of a dollar: "$0.08"; under a cent "less than $0.01". */
export function money(micros: number): string {
  if (micros > 0 && micros < 10_000) return "less than $0.01";
  return moneyFormat.format(micros / 1_000_000);
}

/** "12", "76K", "1.2M": tokens beside money. */
export function tokensShort(amount: number): string {
  return shortFormat.format(amount);
}

/** "Nov 12" of a day like "2026-11-12", which is the same day wherever it is read. */
export function dayOf(day: string): string {
  const at = new Date(`${day}T12:00:00`);
  return Number.isNaN(at.getTime()) ? day : dayFormat.format(at);
}

/** "1 picture", "3 pictures". */
export function several(amount: number, one: string, many: string): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
