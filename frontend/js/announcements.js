/** Read `text` out without showing it. */
export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => (region.textContent = text));
}

/** Show a toast made in the browser: for what the server could not say itself. */
export function showToast(text, { error = false } = {}) {
  const region = document.getElementById("toasts");
  if (!region) return;
  for (const shown of region.children) if (shown.textContent.startsWith(text)) shown.remove();
  const toast = document.createElement("div");
  toast.className = "toast-item";
  toast.dataset.controller = "toast";
  toast.setAttribute("role", error ? "alert" : "status");
  const words = document.createElement("span");
  words.textContent = text;
  const dismiss = document.createElement("button");
  dismiss.type = "button";
  dismiss.textContent = "✕";
  dismiss.setAttribute("aria-label", "Dismiss");
  dismiss.dataset.action = "toast#dismiss";
  toast.append(words, dismiss);
  region.append(toast);
}
