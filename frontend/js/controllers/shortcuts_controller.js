import { Controller } from "@hotwired/stimulus";
import { addCommand, commands, unlike } from "../commands.js";
import { keyCaps } from "../key_caps.js";

/** The list of shortcuts that work on this page, under "?". */
export default class extends Controller {
  static targets = ["list"];

  connect() {
    this.remove = addCommand({ keys: "?", label: "Keyboard shortcuts", group: "Everywhere", run: () => this.open() });
    document.addEventListener("click", this.clicked);
  }

  disconnect() {
    this.remove();
    document.removeEventListener("click", this.clicked);
  }

  clicked = (event) => {
    if (event.target.closest?.("[data-shortcuts-open], [data-dialog-open=shortcuts]")) this.open();
    if (event.target === this.element) this.element.close();
  };

  open() {
    const groups = new Map();
    const seen = new Set();
    for (const command of unlike(commands().filter(({ keys, label }) => keys.length && label))) {
      // A button and its controller may both know a key; the reader needs it once.
      if (seen.has(command.keys.join())) continue;
      seen.add(command.keys.join());
      groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
    }
    this.listTarget.replaceChildren(...[...groups].map(([group, members]) => section(group, members)));
    this.element.showModal();
  }
}

function section(group, members) {
  const element = document.createElement("section");
  const heading = Object.assign(document.createElement("h3"), { className: "menu-head", textContent: group });
  const list = document.createElement("dl");
  for (const { label, keys } of members) {
    const line = document.createElement("div");
    const name = Object.assign(document.createElement("dt"), { textContent: label });
    const caps = document.createElement("dd");
    caps.append(...keys.flatMap((key, index) => (index ? [" ", ...keyCaps(key)] : keyCaps(key))));
    const spoken = Object.assign(document.createElement("span"), { className: "sr-only", textContent: keys.join(" or ") });
    caps.append(spoken);
    line.append(name, caps);
    list.append(line);
  }
  element.append(heading, list);
  return element;
}
