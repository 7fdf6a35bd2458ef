// The models there are.

import type { Model } from "../bindings";

const effort = (value: string, isDefault = false): Model["variants"][number] => ({
  name: value,
  parameters: [{ id: "effort", value: value.toLowerCase() }],
  default: isDefault,
});
export const models: Model[] = [
  { id: "composer-2", name: "Composer 2", description: "Quick, for everyday changes", variants: [{ name: "Composer 2", parameters: [], default: true }] },
  { id: "opus-5", name: "Opus 5", description: "Careful, for hard problems", variants: [effort("High", true), effort("Medium")] },
  { id: "gpt-6", name: "GPT-6", description: null, variants: [effort("High"), effort("Medium", true), effort("Low")] },
];
