// What the test environment lacks of a browser.

if (typeof HTMLElement.prototype.showPopover !== "function") {
  const toggle = (element: HTMLElement, newState: "open" | "closed"): void => {
    for (const type of ["beforetoggle", "toggle"]) element.dispatchEvent(Object.assign(new Event(type), { newState }));
  };
  HTMLElement.prototype.showPopover = function () { toggle(this, "open"); };
  HTMLElement.prototype.hidePopover = function () { toggle(this, "closed"); };
  document.addEventListener("click", ({ target }) => {
    const id = target instanceof Element ? target.closest("[popovertarget]")?.getAttribute("popovertarget") : null;
    if (id) document.getElementById(id)?.showPopover();
  });
}
