const SIGNS = { enter: "↵", shift: "⇧", escape: "esc", arrowup: "↑", arrowdown: "↓" };

/** Key caps for "mod+enter" or "g i", drawn as the `key` macro of ui/basics.html draws them. */
export function keyCaps(keys) {
  const isMac = document.documentElement.dataset.platform === "mac";
  return keys.split(" ").map((part) => {
    const cap = document.createElement("kbd");
    cap.className = "key";
    cap.setAttribute("aria-hidden", "true");
    cap.textContent = part
      .split("+")
      .map((name) => (name === "mod" ? (isMac ? "⌘" : "Ctrl ") : (SIGNS[name] ?? name.toUpperCase())))
      .join("");
    return cap;
  });
}
