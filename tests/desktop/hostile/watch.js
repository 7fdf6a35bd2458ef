// Looks at everything that the page draws from now on: at once when it is drawn, and again when it is asked to.
const banned = ["script", "iframe", "frame", "object", "embed", "applet", "form", "link", "meta", "base", "style", "template",
  "video", "audio", "source", "track", "portal", "foreignobject", "animate", "set", "use", "math", "marquee", "area", "map"];
window.ran = [];
window.wrong = new Set();
window.asked = new Map();
window.seen = new Set();

const lookAt = (element) => {
  const name = element.localName.toLowerCase();
  if (banned.includes(name)) window.wrong.add(`<${name}>`);
  for (const { name: attribute, value } of element.attributes) {
    if (/^on/i.test(attribute) || ["srcdoc", "srcset", "action", "formaction", "ping", "background", "xlink:href"].includes(attribute)) {
      window.wrong.add(`${name} ${attribute}`);
    }
    if (attribute === "href" && !/^(https?:\/\/|mailto:)/i.test(value)) window.wrong.add(`${name} href ${value.slice(0, 80)}`);
    if (attribute === "src" && !/^(shot:|http:\/\/shot\.localhost\/)/.test(value)) window.wrong.add(`${name} src ${value.slice(0, 80)}`);
    if (attribute === "style" && /url\(|image\(|expression/i.test(value)) window.wrong.add(`${name} style ${value.slice(0, 80)}`);
  }
};

// What the app's own page brought with it stands outside of these.
window.lookUnder = (root) => {
  lookAt(root);
  root.querySelectorAll("*").forEach(lookAt);
};
new MutationObserver((changes) => {
  for (const { type, target, addedNodes } of changes) {
    if (type === "attributes") lookAt(target);
    for (const node of addedNodes) if (node instanceof Element) window.lookUnder(node);
  }
}).observe(document.body, { subtree: true, childList: true, attributes: true });

document.addEventListener("securitypolicyviolation", ({ blockedURI }) => { window.wrong.add(`asked for ${blockedURI}`); });
for (const name of ["alert", "confirm", "prompt", "open"]) window[name] = () => { window.wrong.add(`${name}()`); };

// Every message to the shell, by its command.
const { fetch } = window;
window.fetch = (...call) => {
  const [, command] = /^(?:ipc:\/\/|http:\/\/ipc\.)localhost\/(.*)$/.exec(String(call[0])) ?? [, `fetch ${String(call[0]).slice(0, 80)}`];
  window.asked.set(command, (window.asked.get(command) ?? 0) + 1);
  return fetch.apply(window, call);
};

const drawn = () => new Promise((resolve) => { requestAnimationFrame(() => { setTimeout(resolve); }); });

// Goes up by some steps, and tells whether the beginning is reached and which documents were seen so far.
window.walk = async (steps) => {
  const talk = document.querySelector('[aria-label="Conversation"]');
  for (let step = 0; step < steps; step += 1) {
    window.lookUnder(talk);
    for (const [, number] of talk.textContent.matchAll(/§(\d+)§/g)) window.seen.add(Number(number));
    if (talk.scrollTop === 0 && step > 0) break;
    talk.dispatchEvent(new WheelEvent("wheel", { deltaY: -100 }));
    talk.scrollTop -= talk.clientHeight * 0.8;
    await drawn();
    await drawn();
  }
  return [talk.scrollTop, [...window.seen]];
};
return true;
