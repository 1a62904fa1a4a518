import { Controller } from "@hotwired/stimulus";
import { addGate } from "../form_gates.js";

/**
 * A form leaves once: further submits wait for the answer, and `idempotency_key` lets the server know a repeat.
 * A button with data-leaving says that meanwhile. `give-up-after`: for how many milliseconds an answer is waited for.
 */
export default class extends Controller {
  static values = { giveUpAfter: { type: Number, default: 20_000 } };

  connect() {
    this.removeGate = addGate(this.element, () => (this.isLeaving ? "drop" : "pass"));
    this.element.addEventListener("submit", this.leave);
    this.element.addEventListener("htmx:finally:request", this.answered);
    addEventListener("pageshow", this.shownAgain);
    this.key.value ||= newKey();
  }

  disconnect() {
    this.removeGate();
    this.element.removeEventListener("submit", this.leave);
    this.element.removeEventListener("htmx:finally:request", this.answered);
    removeEventListener("pageshow", this.shownAgain);
    clearTimeout(this.timer);
  }

  get key() {
    let input = this.element.elements.namedItem("idempotency_key");
    if (!input) {
      input = Object.assign(document.createElement("input"), { type: "hidden", name: "idempotency_key" });
      this.element.append(input);
    }
    return input;
  }

  leave = (event) => {
    this.isLeaving = true;
    this.button = event.submitter;
    // After the browser has read which button it was.
    setTimeout(() => this.showLeaving(true));
    this.timer = setTimeout(() => this.stay(), this.giveUpAfterValue);
  };

  answered = (event) => {
    if (event.target !== this.element) return;
    const status = event.detail?.ctx?.response?.status ?? 0;
    if (status >= 200 && status < 400) this.key.value = newKey();
    this.stay();
  };

  shownAgain = (event) => event.persisted && this.stay();

  stay() {
    clearTimeout(this.timer);
    this.isLeaving = false;
    this.showLeaving(false);
  }

  showLeaving(isLeaving) {
    for (const button of this.element.querySelectorAll("button:not([type=button]), input[type=submit]")) {
      if (isLeaving) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    if (!this.button?.dataset.leaving) return;
    const words = this.button.lastChild;
    this.button.dataset.staying ??= words.data;
    words.data = isLeaving ? this.button.dataset.leaving : this.button.dataset.staying;
  }
}

// crypto.randomUUID needs a secure context; a desk on a local network may have none.
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
