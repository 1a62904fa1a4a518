import { Controller } from "@hotwired/stimulus";
import { fetchFragment } from "../requests.js";

const PAUSE = 300;
const SHORTEST_SUBJECT = 4;
const EXAMPLE = /https?:\/\/|www\.|\b[\w-]+\.[a-z]{2,}\b|\d{3,}/i;

/** Helps to write a good ticket: ticks the tips off as they are followed, and offers open tickets about the same. */
export default class extends Controller {
  static targets = ["form", "subject", "similar", "tip"];
  static values = { url: String };

  connect() {
    this.observer = new MutationObserver(() => this.check());
    this.observer.observe(this.formTarget, { childList: true, subtree: true });
    this.check();
    this.look();
  }

  disconnect() {
    this.observer.disconnect();
    clearTimeout(this.timer);
  }

  check() {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      const fields = this.formTarget.elements;
      const done = {
        example: EXAMPLE.test(`${this.subjectTarget.value} ${fields.text?.value ?? ""}`),
        screenshot: this.formTarget.querySelector('[name="attachments"], rich-editor img') !== null,
        deadline: Boolean(fields.needed_by_on?.value),
      };
      for (const tip of this.tipTargets) tip.classList.toggle("done", done[tip.dataset.tip] === true);
    });
  }

  look() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.offer(this.subjectTarget.value.trim()), PAUSE);
  }

  async offer(subject) {
    if (subject === this.offered) return;
    this.offered = subject;
    const found = subject.length < SHORTEST_SUBJECT ? "" : await fetchFragment(`${this.urlValue}?${new URLSearchParams({ subject })}`);
    // A later question may have been asked while this one was answered.
    if (this.offered === subject) this.similarTarget.innerHTML = found?.trim() ?? "";
  }
}
