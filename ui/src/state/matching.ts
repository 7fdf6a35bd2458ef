// Where looked-for words stand in a text, as the core finds them: without case and accents, the last word half typed. Pure.

/** A part of a text, in UTF-16 units. */
export interface Place {
  from: number;
  to: number;
}

/** Scripts whose words stand without spaces between them. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const word = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu;

/** The characters of a question that count, as in the core. */
const longest = 200;

const fold = (text: string): string =>
  unspaced.test(text) ? text : text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");

/** The places of the words of a question in a text, in order and not over each other. */
export function placesOf(text: string, question: string): Place[] {
  const typed = question.slice(0, longest);
  const asked = [...typed.matchAll(word)].map(([found]) => fold(found));
  const goesOn = /[\p{L}\p{N}\p{M}]$/u.test(typed);
  // One letter begins half of all words.
  if (goesOn && asked.at(-1)?.length === 1 && !unspaced.test(asked.at(-1) ?? "")) asked.pop();
  const places: Place[] = [];
  for (const { 0: found, index } of text.matchAll(word)) {
    const folded = fold(found);
    for (const [place, one] of asked.entries()) {
      const open = goesOn && place === asked.length - 1;
      if (unspaced.test(one)) {
        for (let at = folded.indexOf(one); at >= 0; at = folded.indexOf(one, at + one.length)) {
          places.push({ from: index + at, to: index + at + one.length });
        }
      } else if (open ? folded.startsWith(one) : folded === one) {
        places.push({ from: index, to: index + found.length });
      }
    }
  }
  places.sort((one, other) => one.from - other.from || other.to - one.to);
  return places.filter((place, at) => at === 0 || place.from >= (places[at - 1]?.to ?? 0));
}

/** Without case, unit for unit: where a letter is longer in the other case, it stays. */
function withoutCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return Array.from(text, (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter)).join("");
}

/** The places where exactly these words stand in a text, whatever their case, in order and not over each other. */
export function occurrencesOf(text: string, words: string): Place[] {
  const places: Place[] = [];
  if (words === "") return places;
  const [inside, sought] = [withoutCase(text), withoutCase(words)];
  for (let at = inside.indexOf(sought); at >= 0; at = inside.indexOf(sought, at + sought.length)) {
    places.push({ from: at, to: at + sought.length });
  }
  return places;
}
