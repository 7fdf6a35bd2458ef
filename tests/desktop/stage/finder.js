const CONTROLS = "button, a[href], input, textarea, select, summary, [role], [contenteditable=true], [aria-label]";
const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();
const top_layer = () => {
  const open = [...document.querySelectorAll("dialog:modal")];
  return open.length > 0 ? open[open.length - 1] : document;
};
const shown = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility === "visible";
const name_of = (element) => {
  const label = plain(element.getAttribute("aria-label"));
  if (label) return label;
  const by = element.getAttribute("aria-labelledby");
  if (by) {
    const text = plain(by.split(/\s+/).map((id) => document.getElementById(id)?.textContent).join(" "));
    if (text) return text;
  }
  if (element.labels?.length) {
    const text = plain([...element.labels].map((one) => one.textContent).join(" "));
    if (text) return text;
  }
  if (element.matches("input, textarea, select")) return plain(element.placeholder || element.title);
  return plain(element.alt) || plain(element.innerText) || plain(element.title);
};
const controls = () => [...top_layer().querySelectorAll(CONTROLS)].filter(shown);
const find = (wanted, way) => {
  const fits = (name) => (way === "exact" ? name === wanted : name.startsWith(wanted));
  const found = controls().filter((element) => fits(name_of(element)));
  // A control inside a named group of the same name is the one meant.
  return found.find((element) => !found.some((other) => other !== element && element.contains(other))) ?? null;
};
const describe = () => controls().map((element) => `${element.tagName.toLowerCase()} ${name_of(element)}`.slice(0, 120));
const pictures = (wanted) =>
  [...top_layer().querySelectorAll("img")].filter(
    (image) =>
      shown(image) &&
      image.complete &&
      image.naturalWidth > 0 &&
      (name_of(image).startsWith(wanted) || name_of(image.closest("[aria-label], button") ?? image).startsWith(wanted)),
  ).length;
