import { addCommand, commands } from "./commands.js";
import { selectorFor } from "./loading.js";

// What is asked for before its controller has come is kept, the last one only, and done then.
const AWAITED = [
  { keys: "mod+k", name: "palette", openers: "[data-palette-open]" },
  { keys: "?", name: "shortcuts", openers: "[data-shortcuts-open], [data-dialog-open=shortcuts]" },
];
let asked = "";
let removers = [];

/** Keep the keys of the controllers that the page will load. */
export function keepKeys() {
  const awaited = AWAITED.filter(({ name }) => document.querySelector(selectorFor(name)));
  removers = awaited.map(({ keys }) => addCommand({ keys, label: "", run: () => (asked = keys) }));
  document.addEventListener("click", clicked);
}

/** Do what was asked for; the controllers have come. */
export function obeyKeptKeys() {
  removers.forEach((remove) => remove());
  document.removeEventListener("click", clicked);
  if (asked) commands().find(({ keys }) => keys.includes(asked))?.run();
  asked = "";
}

function clicked({ target }) {
  asked = AWAITED.find(({ openers }) => target.closest?.(openers))?.keys ?? asked;
}
