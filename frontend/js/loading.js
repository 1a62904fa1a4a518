// Controllers that are not needed to draw a page come when the page first holds an element of theirs.

const GROUPS = [
  {
    selector: selectorFor("draft", "submit-once", "uploads") + ", rich-editor",
    load: () => import("./writing.js"),
  },
  {
    selector: selectorFor("dialog", "frame-height", "lightbox", "live"),
    load: () => import("./reading.js"),
  },
];

/** Load what the page needs now. Call it again after new content; `more` are further groups {selector, load}. */
export function loadControllers(application, more = []) {
  GROUPS.push(...more);
  for (const group of GROUPS) {
    if (group.isLoaded || !document.querySelector(group.selector)) continue;
    group.isLoaded = true;
    group.load().then(
      ({ register }) => register(application),
      () => (group.isLoaded = false),
    );
  }
}

/** A selector of elements with any of these controllers. */
export function selectorFor(...names) {
  return names.map((name) => `[data-controller~="${name}"]`).join(", ");
}
