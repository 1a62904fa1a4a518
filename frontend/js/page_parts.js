import { announce } from "./announcements.js";

/**
 * Bring a page of the portal up to date from `html`, the same page fetched anew: every element with data-live-part is
 * replaced by the one of its id. What is being written is no part, so it is left alone.
 */
export function renewParts(_element, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const messages = document.querySelectorAll(".msgc").length;
  for (const part of document.querySelectorAll("[data-live-part]")) {
    const next = fresh.getElementById(part.id);
    if (next) exchange(part, document.adoptNode(next));
  }
  if (messages && document.querySelectorAll(".msgc").length > messages) announce("A new message has arrived");
}

// Whoever stood on a link of the old part stands on the same link of the new one.
function exchange(part, next) {
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  part.replaceWith(next);
  const href = focused?.getAttribute("href");
  if (href) next.querySelector(`a[href="${CSS.escape(href)}"]`)?.focus({ preventScroll: true });
}
