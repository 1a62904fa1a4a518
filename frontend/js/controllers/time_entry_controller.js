import { Controller } from "@hotwired/stimulus";
import { draftKey, dropCopy, keepCopy, readCopy } from "../draft_store.js";
import { duration, loggedTime, minutesIn } from "../durations.js";

const MINUTE = 60_000;

/**
 * Time beside a message: the chip says how much will be logged, a line what is left of the allowance afterwards,
 * before anything is sent. The timer is kept on this device, one a ticket, so it outlives the page.
 */
export default class extends Controller {
  static targets = ["actual", "charged", "day", "shown", "chip", "after", "timer", "pop", "log"];
  static values = {
    ticket: Number, step: Number, minimum: Number, free: Boolean,
    month: String, allowance: Number, used: Number, left: Number,
  };

  connect() {
    this.key = draftKey(`timer:${this.ticketValue}`);
    this.form = this.element.closest("form");
    this.element.addEventListener("input", this.show);
    this.form.addEventListener("htmx:after:request", this.answered);
    this.interval = setInterval(this.show, 20_000);
    this.show();
  }

  disconnect() {
    this.element.removeEventListener("input", this.show);
    this.form.removeEventListener("htmx:after:request", this.answered);
    clearInterval(this.interval);
  }

  // Fields come anew after time was logged.
  actualTargetConnected() {
    if (this.key) this.show();
  }

  get startedAt() {
    return Number(readCopy(this.key)?.fields) || 0;
  }

  get timed() {
    return this.startedAt ? Math.max(1, Math.round((Date.now() - this.startedAt) / MINUTE)) : 0;
  }

  get minutes() {
    return minutesIn(this.actualTarget.value) ?? 0;
  }

  /** Start the timer, or stop it and add its minutes to the field. */
  toggle() {
    if (this.startedAt) {
      this.actualTarget.value = loggedTime(this.minutes + this.timed);
      dropCopy(this.key);
      this.actualTarget.dispatchEvent(new Event("input", { bubbles: true }));
    } else keepCopy(this.key, Date.now(), false);
    this.show();
  }

  show = () => {
    const running = this.startedAt > 0;
    const minutes = this.minutes + this.timed;
    this.shownTarget.textContent = loggedTime(minutes);
    this.chipTarget.toggleAttribute("data-running", running);
    this.timerTarget.querySelector("span").textContent = running ? `Stop timer, ${loggedTime(this.timed)}` : "Start timer";
    this.showAfter(minutes);
  };

  charge(minutes) {
    const instead = this.hasChargedTarget && this.chargedTarget.value.trim() ? minutesIn(this.chargedTarget.value) : null;
    if (instead !== null) return instead;
    if (this.freeValue || !minutes) return 0;
    return Math.max(Math.ceil(minutes / this.stepValue) * this.stepValue, this.minimumValue);
  }

  /** What is left then; its words change with its color. */
  showAfter(minutes) {
    const counts = minutes > 0 && this.monthValue && this.dayTarget.value.startsWith(this.monthValue);
    const charged = this.charge(minutes);
    const left = this.leftValue - charged;
    const used = this.usedValue + charged;
    const tone = !counts ? "" : left <= 0 ? "late" : used * 100 >= this.allowanceValue * 80 ? "warn" : "";
    for (const element of [this.chipTarget, this.afterTarget]) {
      element.classList.toggle("chip-late", tone === "late" && element === this.chipTarget);
      element.classList.toggle("chip-warn", tone === "warn" && element === this.chipTarget);
      element.dataset.tone = tone;
    }
    const words = !counts ? "" : left > 0 ? `${duration(left)} left after this` : left ? `${duration(-left)} over after this` : "Used up after this";
    const text = counts && charged !== minutes ? `${words}, ${duration(charged)} charged` : words;
    if (this.afterTarget.textContent !== text) this.afterTarget.textContent = text;
  }

  // Logged alone: back to the message.
  answered = ({ target, detail }) => {
    const status = detail.ctx?.response?.status ?? 0;
    if (target !== this.logTarget || status < 200 || status >= 300) return;
    this.popTarget.hidePopover();
    this.chipTarget.focus();
    // The draft is to hold no time any more: it would be there to be logged once more.
    this.form.dispatchEvent(new CustomEvent("draft:changed"));
  };
}
