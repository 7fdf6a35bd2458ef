// The order of answers that wait. Pure; the core decides, this says what is worth asking.

import type { FollowUp } from "../backend/bindings";

/** Whether an answer is still to be sent by itself. */
export const waits = ({ state }: FollowUp): boolean => state.state === "queued" || state.state === "waiting";

/**
 * The place an answer takes one earlier or one later, counted from 0. None where it does not wait, where there is no
 * other, or where the other may have left: nothing goes before that.
 */
export function stepOf(queue: readonly FollowUp[], id: string, earlier: boolean): number | null {
  const from = queue.findIndex((followUp) => followUp.id === id);
  const [held, other] = [queue[from], queue[earlier ? from - 1 : from + 1]];
  if (held === undefined || other === undefined || !waits(held)) return null;
  if (!waits(other) && other.state.state !== "rejected") return null;
  return earlier ? from - 1 : from + 1;
}
