import { Controller } from "@hotwired/stimulus";
import { addCommand } from "../commands.js";

const REST_BEFORE_LOADING = 120;

/** The list of tickets: J and K move and load, Enter opens. Rows are links; this only adds keys. */
export default class extends Controller {
  static targets = ["row"];

  connect() {
    const add = (keys, label, run) => addCommand({ keys, label, group: "List", run });
    this.removers = [
      add("j, ]", "Next ticket", () => this.move(1)),
      add("k, [", "Previous ticket", () => this.move(-1)),
      add("arrowdown", "", () => this.mayTakeArrows && this.move(1)),
      add("arrowup", "", () => this.mayTakeArrows && this.move(-1)),
      add("enter, o", "Open ticket", (event) => this.open(event)),
      add("u, escape", "Back to the list", () => this.back()),
    ];
    this.element.addEventListener("click", this.clicked);
    document.addEventListener("htmx:after:swap", this.markAgain);
    document.addEventListener("htmx:after:history:update", this.wentOn);
  }

  disconnect() {
    this.removers.forEach((remove) => remove());
    this.element.removeEventListener("click", this.clicked);
    document.removeEventListener("htmx:after:swap", this.markAgain);
    document.removeEventListener("htmx:after:history:update", this.wentOn);
    clearTimeout(this.timer);
  }

  // Fresh rows come without the mark of which one is open.
  rowTargetConnected(row) {
    if (isMarked(row)) this.currentId ??= row.id;
    else if (row.id === this.currentId) row.setAttribute("aria-current", "true");
  }

  // Rows that were morphed come with the mark as the server last knew it.
  markAgain = () => {
    const row = this.rowTargets.find(({ id }) => id === this.currentId);
    const marked = this.rowTargets.filter(isMarked);
    if (row && (marked.length !== 1 || marked[0] !== row)) this.mark(row);
  };

  // After closing, the server says which ticket comes next.
  wentOn = ({ detail: { sourceElement } }) => {
    if (this.element.contains(sourceElement)) return;
    const row = this.rowTargets.find((candidate) => this.link(candidate)?.pathname === location.pathname);
    if (row) this.mark(row);
  };

  get current() {
    return this.rowTargets.find(isMarked);
  }

  get mayTakeArrows() {
    return document.activeElement === document.body || this.element.contains(document.activeElement);
  }

  move(step) {
    const rows = this.rowTargets;
    if (!rows.length) return false;
    const index = rows.indexOf(this.current);
    const next = rows[Math.max(0, Math.min(rows.length - 1, index + step))];
    if (next === this.current) return true;
    this.mark(next);
    next.scrollIntoView({ block: "nearest" });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.link(next)?.click(), REST_BEFORE_LOADING);
    return true;
  }

  open(event) {
    const isElsewhere = document.activeElement !== document.body && !this.element.contains(document.activeElement);
    const isOnControl = document.activeElement.matches("a, button, input, summary");
    if (!this.current || (event.key === "Enter" && (isElsewhere || isOnControl))) return false;
    clearTimeout(this.timer);
    if (this.isShown(this.current)) return this.enterConversation();
    this.dispatch("open", { target: document });
    this.link(this.current)?.click();
    return true;
  }

  // What J and K have loaded already is only gone into.
  isShown(row) {
    return this.link(row)?.pathname === location.pathname && Boolean(document.querySelector("#conversation h1"));
  }

  enterConversation() {
    document.querySelector("#conversation h1").focus({ preventScroll: true });
    this.element.closest(".shell")?.setAttribute("data-pane", "conversation");
    return true;
  }

  back() {
    const shell = this.element.closest(".shell");
    if (this.element.contains(document.activeElement)) return false;
    shell?.removeAttribute("data-pane");
    this.link(this.current)?.focus();
    return Boolean(this.current);
  }

  clicked = (event) => {
    const row = event.target.closest("[data-list-target~=row]");
    if (row && event.target.closest("a") && !event.metaKey && !event.ctrlKey) this.mark(row);
  };

  mark(row) {
    this.rowTargets.forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
    this.currentId = row.id;
  }

  link(row) {
    return row?.querySelector("a.subj");
  }
}

function isMarked(row) {
  return row.getAttribute("aria-current") === "true";
}
