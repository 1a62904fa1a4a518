// Controllers that are not needed to draw a page come when the page first holds an element of theirs.

const GROUPS = [
  {
    selector: selectorFor("draft", "submit-once", "uploads") + ", rich-editor",
    load: () => import("./writing.js"),
  },
  {
    selector: selectorFor("dialog", "frame-height", "lightbox", "live", "preview"),
    load: () => import("./reading.js"),
  },
];

/**
 * Load what the page needs now. Call it again after new content; `more` are further groups {selector, load}.
 * <html data-loaded> says that all has come: whoever drives the page by script waits for it.
 */
export function loadControllers(application, more = []) {
  GROUPS.push(...more);
  const needed = GROUPS.filter((group) => !group.isLoaded && document.querySelector(group.selector));
  const loads = needed.map((group) => {
    group.isLoaded = true;
    return group.load().then(
      ({ register }) => register(application),
      () => (group.isLoaded = false),
    );
  });
  Promise.all(loads).then(() => document.documentElement.setAttribute("data-loaded", ""));
}

/** A selector of elements with any of these controllers. */
export function selectorFor(...names) {
  return names.map((name) => `[data-controller~="${name}"]`).join(", ");
}
