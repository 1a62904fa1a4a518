import { Controller } from "@hotwired/stimulus";

/**
 * Reply or team only: two forms with a text each. Choosing shows the other form; nothing is ever carried across.
 * The mode is data-mode on the element, which is what colors it.
 */
export default class extends Controller {
  static targets = ["tab", "panel"];

  connect() {
    this.element.addEventListener("input", this.markUnsent);
    this.show(this.element.dataset.mode);
    this.markUnsent();
  }

  disconnect() {
    this.element.removeEventListener("input", this.markUnsent);
  }

  choose(event) {
    this.show(event.currentTarget.dataset.audience);
    this.panel.querySelector("rich-editor")?.focus();
  }

  /** Arrows go from tab to tab, as in any list of tabs. */
  step(event) {
    if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    const other = this.tabTargets.find((tab) => tab !== event.currentTarget);
    this.show(other.dataset.audience);
    other.focus();
  }

  show(audience) {
    this.element.dataset.mode = audience;
    for (const tab of this.tabTargets) {
      const isChosen = tab.dataset.audience === audience;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    for (const panel of this.panelTargets) {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `${this.element.id}-tab-${panel.dataset.audience}`);
    }
  }

  get panel() {
    return this.panelTargets.find((panel) => panel.dataset.audience === this.element.dataset.mode);
  }

  /** A dot on the tab that hides unsent text. */
  markUnsent = () => {
    for (const panel of this.panelTargets) {
      const tab = this.tabTargets.find((candidate) => candidate.dataset.audience === panel.dataset.audience);
      const isUnsent = Boolean(panel.querySelector("textarea")?.value.trim());
      tab?.toggleAttribute("data-unsent", isUnsent);
      if (isUnsent) tab?.setAttribute("aria-description", "has unsent text");
      else tab?.removeAttribute("aria-description");
    }
  };
}
