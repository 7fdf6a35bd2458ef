import { expect, test } from "vitest";
import { amountOf, typed } from "./spending";

test("an amount is read exactly, and what is none is not taken for one", () => {
  const read = ["5", "5.5", "$1,234.56", "0.000001", "0.0000001", ".5", " 7 ", "", "0", "-3", "1e9", "5 dollars", ".", "1000001", "NaN", "5,50", "1,234", "12,34.5"].map((text) =>
    amountOf(text, 6),
  );
  expect(read).toEqual([
    5_000_000, 5_500_000, 1_234_560_000, 1, undefined, 500_000, 7_000_000, null, undefined, undefined, undefined, undefined, undefined, undefined, undefined, undefined, 1_234_000_000, undefined,
  ]);
  // A tenth and two tenths are three tenths here.
  expect((amountOf("0.1", 6) ?? 0) + (amountOf("0.2", 6) ?? 0)).toBe(amountOf("0.3", 6));
  expect([amountOf("30", 0), amountOf("30.9", 0), amountOf("20000", 0, 10_080)]).toEqual([30, 30, undefined]);
});

test("an amount is written as it would be typed", () => {
  expect([typed(5_000_000, 6), typed(5_500_000, 6), typed(1, 6), typed(30, 0), typed(null, 6)]).toEqual(["5", "5.50", "0.000001", "30", ""]);
});
