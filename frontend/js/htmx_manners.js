import { announce, showToast } from "./announcements.js";
import { csrfToken } from "./requests.js";
import { isTyping } from "./typing.js";

// What htmx leaves to its user: the CSRF token, what to say when an answer does not come, and where the focus goes.

let focusNext = false;

export function listenToHtmx() {
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
    if (ctx.request.method !== "GET") ctx.request.headers["X-CSRFToken"] = csrfToken();
  });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
    if (ctx) showToast("That did not reach the server. Check the connection and try again.", { error: true });
  });
  document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
    const words = sayFor(ctx.response.status);
    if (words) showToast(words, { error: true });
  });
  document.addEventListener("list:open", () => (focusNext = true));
  document.addEventListener("htmx:after:swap", swapped);
}

/** Put fresh HTML in an element's place by morphing, so that carets, scroll and open menus stay. */
export function morph(htmx, element, html) {
  return htmx.swap({ sourceElement: element, target: element, swap: "outerMorph", text: html, request: {} });
}

function sayFor(status) {
  if (status === 401) return "You have been signed out. Sign in again in another tab; what you wrote is kept here.";
  if (status === 403) return "That is not allowed, or this page is too old. Load it again.";
  if (status === 404) return "That is not there anymore.";
  return status >= 500 ? "Something went wrong on our side. Nothing was changed; please try again." : "";
}

// A new conversation is announced. The focus follows only a click or Enter, never J and K.
function swapped({ detail: { ctx } }) {
  const target = typeof ctx.target === "string" ? document.querySelector(ctx.target) : ctx.target;
  if (target?.id !== "conversation" || ctx.swap === "outerMorph") return;
  const heading = target.querySelector("h1");
  if (heading) announce(`Opened: ${heading.textContent.trim()}`);
  target.closest(".shell")?.setAttribute("data-pane", "conversation");
  if ((focusNext || ctx.sourceEvent?.isTrusted) && !wentOn(document.activeElement, ctx.sourceElement)) {
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }
  focusNext = false;
}

// Whoever chose something else to work in meanwhile, the reply above all, is left there.
function wentOn(active, opener) {
  if (!active || active === document.body || opener?.contains(active)) return false;
  return isTyping(active) || !opener?.closest("[data-controller~=list]")?.contains(active);
}
