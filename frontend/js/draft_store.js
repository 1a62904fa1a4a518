// Copies of unsent text on this device. A copy is "unsaved" until the server has it; only such a copy is ever put back.

const PREFIX = "deskhand:draft:";
const SENDING = "deskhand:sending";

/** The copy's name: this person's, and this form's. On a shared computer nobody meets another's text. */
export function draftKey(address) {
  return `${PREFIX}${document.documentElement.dataset.viewer}:${address}`;
}

/** Keep `fields` (name → value). Storage that is full or forbidden is no reason to disturb anybody. */
export function keepCopy(key, fields, unsaved) {
  attempt(() => localStorage.setItem(key, JSON.stringify({ fields, unsaved })));
}

/** The kept copy {fields, unsaved}, or null. */
export function readCopy(key) {
  return attempt(() => JSON.parse(localStorage.getItem(key)));
}

export function dropCopy(key) {
  attempt(() => localStorage.removeItem(key));
}

/** Remember that a plain form post with this copy is on its way; settleSending() finds out how it ended. */
export function markSending(key) {
  attempt(() => sessionStorage.setItem(SENDING, key));
}

/**
 * On the page after a plain post: a redirect to a page of a signed-in person means it was taken, so the copy goes.
 * Anything else (an error page, a form with mistakes, a sign-in page) keeps it.
 */
export function settleSending() {
  const key = attempt(() => sessionStorage.getItem(SENDING));
  if (!key) return;
  attempt(() => sessionStorage.removeItem(SENDING));
  const redirects = performance.getEntriesByType("navigation")[0]?.redirectCount ?? 0;
  if (redirects > 0 && document.documentElement.dataset.viewer && key.startsWith(draftKey(""))) dropCopy(key);
}

/** Forget every copy on this device: for signing out. */
export function forgetCopies() {
  attempt(() =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => localStorage.removeItem(key)),
  );
}

function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
