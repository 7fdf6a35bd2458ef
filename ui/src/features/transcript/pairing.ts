// Which of the user's pictures an agent's picture is an answer to: the one most like it in size.

export interface Sized {
  width: number;
  height: number;
}

/** How unlike two sizes are: proportions count most, then how much larger one is. 0 is the same. */
export function unlikeness(one: Sized, other: Sized): number {
  const ratio = (a: number, b: number): number => Math.abs(Math.log(a / b));
  return 4 * ratio(one.width / one.height, other.width / other.height) + ratio(one.width, other.width);
}

/** Places of the two most alike, the user's first; of equals the first of the user's and the last of the agent's. */
export function likeliest(yours: readonly Sized[], theirs: readonly Sized[]): [number, number] {
  let best: [number, number] = [0, Math.max(0, theirs.length - 1)];
  let least = Infinity;
  yours.forEach((one, left) => {
    theirs.forEach((other, right) => {
      const now = unlikeness(one, other);
      if (now < least || (now === least && left === best[0])) [best, least] = [[left, right], now];
    });
  });
  return best;
}
