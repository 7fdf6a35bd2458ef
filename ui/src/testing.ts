// What the test environment lacks of a browser.

if (typeof HTMLElement.prototype.showPopover !== "function") {
  const toggle = (element: HTMLElement, newState: "open" | "closed"): void => {
    for (const type of ["beforetoggle", "toggle"]) element.dispatchEvent(Object.assign(new Event(type), { newState }));
  };
  const before = new WeakMap<HTMLElement, Element | null>();
  HTMLElement.prototype.showPopover = function () {
    before.set(this, document.activeElement);
    toggle(this, "open");
  };
  HTMLElement.prototype.hidePopover = function () {
    const to = before.get(this);
    if (to instanceof HTMLElement && this.contains(document.activeElement)) to.focus();
    toggle(this, "closed");
  };
  document.addEventListener("click", ({ target }) => {
    const id = target instanceof Element ? target.closest("[popovertarget]")?.getAttribute("popovertarget") : null;
    if (id) document.getElementById(id)?.showPopover();
  });
}
