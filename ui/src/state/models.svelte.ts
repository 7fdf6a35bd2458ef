// The models to choose from, as they are listed. The words about them are the page's.

import type { Model, ModelChoice } from "../backend/bindings";
import { found } from "./fuzzy";

/** The live list, asked for when it is opened. */
export class Models {
  list: readonly Model[] = $state.raw([]);
  /** How far asking is. */
  asking: "not yet" | "asking" | "here" | "failed" = $state("not yet");
  readonly #fetch: () => Promise<Model[]>;

  constructor(fetch: () => Promise<Model[]>) {
    this.#fetch = fetch;
  }

  /** What is wrong with the list, or what it waits for. */
  get trouble(): "failed" | "loading" | null {
    if (this.asking === "failed") return "failed";
    return this.asking !== "here" && this.list.length === 0 ? "loading" : null;
  }

  async ask(): Promise<void> {
    if (this.asking === "asking") return;
    this.asking = "asking";
    try {
      this.list = await this.#fetch();
      this.asking = "here";
    } catch {
      this.asking = "failed";
    }
  }
}

/** What tells one choice from another: its name may be written anew. */
export const modelKey = ({ id, parameters }: Pick<ModelChoice, "id" | "parameters">): string =>
  JSON.stringify([id, parameters.map((parameter) => [parameter.id, parameter.value])]);

/** One line to choose: a variant of a model, and what is said of it. */
export interface ListedModel {
  choice: ModelChoice;
  label: string;
  detail: string | null;
}

/** All there is to choose. The older API takes the name of a model and nothing of its variants. */
export function modelsOf(list: readonly Model[], older: boolean): ListedModel[] {
  return list.flatMap((model) => {
    const { id, name, description: detail } = model;
    if (older) return [{ choice: { id, parameters: [], name }, label: name, detail }];
    return model.variants.map((variant) => {
      // Most are called by their whole name, "Composer 2.5 Fast"; one that is not needs the model's before it.
      const named = variant.name.startsWith(name) ? variant.name : `${name}, ${variant.name}`;
      const label = model.variants.length === 1 ? name : named;
      return { choice: { id, parameters: variant.parameters, name: label }, label, detail };
    });
  });
}

/** The lines that are found for a query; without one, the first names none. `chosen` is a key, or empty for none. */
export function modelItems(
  choices: readonly ListedModel[],
  query: string,
  chosen: string,
  none: string,
): { key: string; label: string; detail?: string | undefined; chosen: boolean }[] {
  const lines = found(choices, query, ({ label }) => label).map(({ choice, label, detail }) => {
    const key = modelKey(choice);
    return { key, label, detail: detail ?? undefined, chosen: chosen === key };
  });
  return query.trim() === "" ? [{ key: "", label: none, chosen: chosen === "" }, ...lines] : lines;
}
