import { announce } from "./announcements.js";

/**
 * Bring a page of the portal up to date from `html`, the same page fetched anew: every element with data-live-part is
 * replaced by the one of its id. A part with a form that someone has begun to fill in stays until it is sent.
 */
export function renewParts(_element, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const messages = document.querySelectorAll(".msgc").length;
  for (const part of document.querySelectorAll("[data-live-part]")) {
    const next = fresh.getElementById(part.id);
    if (next && !isBegun(part)) exchange(part, document.adoptNode(next));
  }
  if (messages && document.querySelectorAll(".msgc").length > messages) announce("A new message has arrived");
}

function isBegun(part) {
  const fields = [...part.querySelectorAll("input, textarea")];
  return fields.some((field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked);
}

// Whoever stood on a link of the old part stands on the same link of the new one.
function exchange(part, next) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  part.replaceWith(next);
  const href = focused?.getAttribute("href");
  if (href) next.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
}
