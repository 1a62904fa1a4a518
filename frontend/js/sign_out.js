import { forgetCopies } from "./draft_store.js";

// Signing out (a form with data-forget-drafts) leaves nothing of what was written on this device.
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forget-drafts]")) forgetCopies();
});
