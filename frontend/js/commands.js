// One registry for shortcuts, the palette and the list of shortcuts. Most commands are elements of the page
// (data-hotkey, data-command); controllers add the few that are not a click.

const added = new Set();

/** Add a command that is no element: {keys, label, group, run}. `run` may return false for "not mine". Returns its remover. */
export function addCommand(command) {
  added.add(command);
  return () => added.delete(command);
}

/** Commands that can be run now, from the page and from controllers: {keys: [...], label, group, element?, run}. */
export function commands(scope = document) {
  const elements = [...scope.querySelectorAll("[data-hotkey], [data-command]")].filter(isUsable).map(fromElement);
  return scope === document ? [...elements, ...[...added].map(fromAdded)] : elements;
}

/** Leave out what was named before: two buttons may do the same. */
export function unlike(found) {
  const names = new Set();
  return found.filter(({ label, group }) => !names.has(`${group}/${label}`) && names.add(`${group}/${label}`));
}

/** "r, shift+r" → ["r", "shift+r"]; a sequence keeps its space: "g i". */
export function splitKeys(keys = "") {
  return keys.split(",").map((part) => part.trim().toLowerCase()).filter(Boolean);
}

function isUsable(element) {
  return element.checkVisibility() && !element.disabled && element.getAttribute("aria-disabled") !== "true";
}

function fromElement(element) {
  const { hotkey, command, commandGroup } = element.dataset;
  const label = command || element.getAttribute("aria-label") || wordsOf(element);
  return { keys: splitKeys(hotkey), label, group: commandGroup || "This page", element, named: Boolean(command), run: () => use(element) };
}

// Key caps are drawn inside, but are no part of the name.
function wordsOf(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd").forEach((cap) => cap.remove());
  return copy.textContent.trim().replace(/\s+/g, " ");
}

function fromAdded({ keys, label, group, run }) {
  return { keys: splitKeys(keys), label, group: group || "This page", named: false, run };
}

// Pressing a key is no click: the focus stays, so that whatever opens gives it back to where one was.
function use(element) {
  if (!element.matches("input, select, textarea")) return element.click();
  element.focus({ preventScroll: true });
  element.select?.();
}
