import { Controller } from "@hotwired/stimulus";
import { addCommand, commands, unlike } from "../commands.js";
import { keyCaps } from "../key_caps.js";

/** The command palette: everything on the page that has a name as a command, found by typing. */
export default class extends Controller {
  static targets = ["input", "list", "empty"];
  static values = { search: String };

  connect() {
    this.remove = addCommand({ keys: "mod+k", label: "Command palette", group: "Everywhere", run: () => this.open() });
    document.addEventListener("click", this.clickedOpener);
  }

  disconnect() {
    this.remove();
    document.removeEventListener("click", this.clickedOpener);
  }

  clickedOpener = (event) => {
    if (event.target.closest?.("[data-palette-open]")) this.open();
    if (event.target === this.element) this.element.close();
  };

  open() {
    if (this.element.open) return;
    this.commands = contextFirst(unlike(commands().filter(({ named, label }) => named && label)));
    this.inputTarget.value = "";
    this.filter();
    this.element.showModal();
    this.inputTarget.focus();
  }

  filter() {
    const words = this.inputTarget.value.trim().toLowerCase();
    const found = this.commands.filter(({ label, group }) => words.split(/\s+/).every((word) => `${label} ${group}`.toLowerCase().includes(word)));
    if (words && this.searchValue) found.push(this.search(this.inputTarget.value.trim()));
    this.emptyTarget.hidden = found.length > 0;
    this.draw(found);
  }

  search(words) {
    const address = new URL(this.searchValue, location.href);
    address.searchParams.set("q", words);
    return { label: `Search for “${words}”`, group: "Search", keys: [], run: () => location.assign(address) };
  }

  draw(found) {
    this.found = [];
    const parts = [];
    for (const [group, members] of Map.groupBy?.(found, ({ group }) => group) ?? grouped(found)) {
      const heading = document.createElement("p");
      heading.className = "menu-head";
      heading.setAttribute("role", "presentation");
      heading.textContent = group;
      parts.push(heading, ...members.map((command) => this.option(command)));
    }
    this.listTarget.replaceChildren(...parts);
    this.choose(0);
  }

  option(command) {
    const option = document.createElement("div");
    option.className = "menu-row";
    option.id = `palette-option-${this.found.length}`;
    option.setAttribute("role", "option");
    const icon = command.element?.querySelector("svg.icon")?.cloneNode(true);
    icon?.setAttribute("class", "icon size-4");
    option.append(...(icon ? [icon] : []), command.label);
    if (command.keys[0]) {
      const meta = document.createElement("span");
      meta.className = "meta";
      meta.append(...keyCaps(command.keys[0]));
      option.append(meta);
    }
    this.found.push(command);
    return option;
  }

  get options() {
    return [...this.listTarget.querySelectorAll("[role=option]")];
  }

  choose(index) {
    this.index = index;
    this.options.forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    const chosen = this.options[index];
    if (chosen) this.inputTarget.setAttribute("aria-activedescendant", chosen.id);
    else this.inputTarget.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  }

  move(event) {
    const count = this.options.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count) this.choose((this.index + step + count) % count);
    else if (event.key === "Enter") this.run(this.index);
    else return;
    event.preventDefault();
  }

  click(event) {
    const option = event.target.closest("[role=option]");
    if (option) this.run(this.options.indexOf(option));
  }

  run(index) {
    const command = this.found[index];
    if (!command) return;
    this.element.close();
    command.run(new Event("palette"));
  }
}

// What can be done to the ticket in sight comes before where else one could go.
function contextFirst(found) {
  return [...found.filter(({ group }) => group === "Ticket"), ...found.filter(({ group }) => group !== "Ticket")];
}

function grouped(found) {
  const groups = new Map();
  for (const command of found) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  return groups;
}
