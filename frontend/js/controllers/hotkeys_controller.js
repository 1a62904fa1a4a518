import { Controller } from "@hotwired/stimulus";
import { commands } from "../commands.js";
import { isTyping } from "../typing.js";

const SEQUENCE_PAUSE = 1000;
// The browser closes it by Escape, wherever the focus is: it may not have arrived in a menu that just opened.
const OPEN_MENU = ":popover-open:not([popover=manual])";
const NAMES = { " ": "space", esc: "escape" };

/** Runs commands by key. Off with <html data-hotkeys="off"> (WCAG 2.1.4), except those with Ctrl or ⌘. */
export default class extends Controller {
  connect() {
    document.documentElement.dataset.platform = /mac|iphone|ipad/i.test(navigator.userAgentData?.platform ?? navigator.platform) ? "mac" : "other";
    this.prefix = "";
    // In the capture phase, because the editor keeps Ctrl+Enter to itself otherwise.
    document.addEventListener("keydown", this.pressed, true);
  }

  disconnect() {
    document.removeEventListener("keydown", this.pressed, true);
  }

  pressed = (event) => {
    if (event.isComposing || event.altKey || event.repeat && event.key === "Enter") return;
    if (event.key === "Escape" && document.querySelector(OPEN_MENU)) return;
    const withModifier = event.metaKey || event.ctrlKey;
    if (!withModifier && (isTyping(event.target) || document.documentElement.dataset.hotkeys === "off")) return;
    const name = keyName(event, withModifier);
    if (!name) return;
    const available = inScope(event.target);
    if (this.run(available, this.prefix ? `${this.prefix} ${name}` : name, event) || (this.prefix && this.run(available, name, event))) {
      this.prefix = "";
      return;
    }
    this.prefix = !withModifier && available.some(({ keys }) => keys.some((key) => key.startsWith(`${name} `))) ? name : "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.prefix = ""), SEQUENCE_PAUSE);
  };

  run(available, name, event) {
    const matches = available.filter(({ keys }) => keys.includes(name));
    // Of several, the one in the form that is being written in comes first.
    const form = event.target.closest?.("form");
    const command = matches.find(({ element }) => element && form?.contains(element)) ?? matches[0];
    if (!command || command.run(event) === false) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}

// While something modal or a menu is open, only what stands in it answers.
function inScope(target) {
  const modal = [...document.querySelectorAll("dialog:modal")].at(-1) ?? target.closest?.("[popover]:popover-open");
  return commands(modal ?? document);
}

function keyName(event, withModifier) {
  const key = event.key.toLowerCase();
  if (["shift", "control", "meta", "alt"].includes(key)) return "";
  const isLetterOrNamed = /^[a-z]$/.test(key) || key.length > 1;
  return (withModifier ? "mod+" : "") + (event.shiftKey && isLetterOrNamed ? "shift+" : "") + (NAMES[key] ?? key);
}
