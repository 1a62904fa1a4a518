import { Controller } from "@hotwired/stimulus";

const ROWS = "a[href], button:not([disabled]), input:not([type=hidden])";

/** A menu on the native popover: arrows move, the first field or the current row has the focus, its opener is told. */
export default class extends Controller {
  connect() {
    this.element.addEventListener("toggle", this.toggled);
    this.element.addEventListener("keydown", this.move);
    this.element.addEventListener("submit", this.chosen);
    this.element.addEventListener("htmx:after:request", this.answered);
  }

  disconnect() {
    this.element.removeEventListener("toggle", this.toggled);
    this.element.removeEventListener("keydown", this.move);
    this.element.removeEventListener("submit", this.chosen);
    this.element.removeEventListener("htmx:after:request", this.answered);
  }

  get openers() {
    return document.querySelectorAll(`[popovertarget="${CSS.escape(this.element.id)}"]`);
  }

  toggled = (event) => {
    const isOpen = event.newState === "open";
    for (const opener of this.openers) opener.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    this.place();
    const first = this.element.querySelector("[autofocus], [aria-current=true]") ?? this.rows[0];
    first?.focus({ preventScroll: true });
  };

  move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.target.matches("textarea, select")) return;
    const rows = this.rows;
    const next = rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length];
    event.preventDefault();
    next?.focus();
  };

  // After the form was read: a hidden button would not be sent along. Where several are chosen, the menu stays.
  chosen = (event) => {
    if (!event.target.hasAttribute("data-keep-open")) setTimeout(() => this.element.hidePopover());
  };

  // What was typed and taken makes room for the next.
  answered = ({ target, detail }) => {
    if (target.hasAttribute("data-keep-open") && detail.ctx?.response?.status === 200) target.reset();
  };

  get rows() {
    return [...this.element.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
  }

  // Browsers without anchor positioning get the place computed once.
  place() {
    if (CSS.supports("position-area: block-end")) return;
    const opener = [...this.openers].find((candidate) => candidate.checkVisibility());
    if (!opener) return;
    const anchor = opener.getBoundingClientRect();
    const box = this.element.getBoundingClientRect();
    const left = this.element.dataset.align === "start" ? anchor.left : anchor.right - box.width;
    const isBelow = anchor.bottom + 6 + box.height < innerHeight;
    this.element.style.left = `${Math.max(8, Math.min(left, innerWidth - box.width - 8))}px`;
    this.element.style.top = `${isBelow ? anchor.bottom + 6 : Math.max(8, anchor.top - box.height - 6)}px`;
  }
}
