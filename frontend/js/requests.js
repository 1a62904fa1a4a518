/** The token Django wants with everything that is not a GET. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Headers by which a view knows that only a fragment is wanted; the same ones htmx sends. */
export const FRAGMENT_HEADERS = { "HX-Request": "true", "HX-Request-Type": "partial", "X-Requested-With": "fetch", Accept: "text/html" };

/** Fetch a fragment. Returns its HTML, or null when the answer is no fragment (an error, or a page of sign-in). */
export async function fetchFragment(address) {
  try {
    const response = await fetch(address, { headers: FRAGMENT_HEADERS, credentials: "same-origin" });
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    return null;
  }
}

/** POST `body`, also while the page goes away if it is small enough. Returns whether the server took it. */
export async function post(address, body, { headers = {}, isLast = false } = {}) {
  try {
    const options = { method: "POST", body, credentials: "same-origin", keepalive: isLast };
    const answer = await fetch(address, { ...options, headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch", ...headers } });
    return answer.ok && !answer.redirected;
  } catch {
    return false;
  }
}
