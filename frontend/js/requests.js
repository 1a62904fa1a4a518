/** The token Django wants with everything that is not a GET. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Headers by which a view knows that only a fragment is wanted; the same ones htmx sends. */
export const FRAGMENT_HEADERS = { "HX-Request": "true", "HX-Request-Type": "partial", Accept: "text/html" };

/** Fetch a fragment. Returns its HTML, or null when the answer is no fragment (an error, or a page of sign-in). */
export async function fetchFragment(address) {
  try {
    const response = await fetch(address, { headers: FRAGMENT_HEADERS, credentials: "same-origin" });
    return response.ok && !response.redirected ? await response.text() : null;
  } catch {
    return null;
  }
}
