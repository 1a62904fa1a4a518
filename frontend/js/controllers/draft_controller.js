import { Controller } from "@hotwired/stimulus";
import { dropCopy, draftKey, keepCopy, markSending, readCopy } from "../draft_store.js";
import { addGate } from "../form_gates.js";
import { csrfToken } from "../requests.js";

const REST_BEFORE_SAVING = 800;
const REST_BEFORE_COPYING = 300;
const UNSAVED_FIELDS = new Set(["csrfmiddlewaretoken", "files"]);

/**
 * Keeps what is being written: on the server 800 ms after the last key, and as a copy on this device.
 *
 * Only what a person changed is saved: an editor that is empty for a moment while it loads or goes away is no change.
 * Saves follow one another, and sending waits for the last: a late one cannot bring back a draft that was sent. Text
 * typed before the copy was read wins over the copy.
 */
export default class extends Controller {
  static targets = ["status"];
  static values = { url: String };

  connect() {
    if (!this.urlValue) return;
    this.key = draftKey(this.urlValue);
    this.saving = Promise.resolve();
    this.running = 0;
    this.removeGate = addGate(this.element, () => this.gate());
    this.element.addEventListener("input", this.changed);
    this.element.addEventListener("draft:changed", this.changed);
    this.element.addEventListener("focusout", this.saveNow);
    this.element.addEventListener("submit", this.leave);
    this.element.addEventListener("htmx:after:request", this.answered);
    addEventListener("pagehide", this.saveNow);
    this.restore();
  }

  disconnect() {
    if (!this.urlValue) return;
    this.saveNow();
    clearTimeout(this.copyTimer);
    this.removeGate();
    this.element.removeEventListener("input", this.changed);
    this.element.removeEventListener("draft:changed", this.changed);
    this.element.removeEventListener("focusout", this.saveNow);
    this.element.removeEventListener("submit", this.leave);
    this.element.removeEventListener("htmx:after:request", this.answered);
    removeEventListener("pagehide", this.saveNow);
  }

  // What is saved is taken down with the change, never read later from a form that may be on its way out.
  changed = () => {
    this.isLeaving = false;
    this.unsaved = this.read();
    this.say("");
    clearTimeout(this.timer);
    this.timer = setTimeout(this.saveNow, REST_BEFORE_SAVING);
    clearTimeout(this.copyTimer);
    this.copyTimer = setTimeout(() => this.unsaved && keepCopy(this.key, textOf(this.unsaved), true), REST_BEFORE_COPYING);
  };

  saveNow = () => {
    clearTimeout(this.timer);
    if (!this.unsaved || this.isLeaving) return;
    const fields = this.unsaved;
    this.unsaved = null;
    keepCopy(this.key, textOf(fields), true);
    this.running += 1;
    this.saving = this.saving.then(() => this.save(fields)).finally(() => (this.running -= 1));
  };

  async save(fields) {
    if (this.isSent) return;
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    const isSaved = await post(this.urlValue, body);
    if (this.unsaved || this.isSent) return;
    if (isSaved) keepCopy(this.key, textOf(fields), false);
    this.say(isSaved ? "Draft saved" : "Draft kept on this device");
  }

  /** Sending: no new save begins, and the one on its way is waited for. */
  gate() {
    clearTimeout(this.timer);
    this.unsaved &&= this.keepUnsaved();
    if (!this.running) return "pass";
    return Promise.race([this.saving, new Promise((resolve) => setTimeout(resolve, 5000))]).then(() => true);
  }

  keepUnsaved() {
    keepCopy(this.key, textOf(this.unsaved), true);
    return this.unsaved;
  }

  leave = (event) => {
    if (event.target !== this.element) return;
    this.isLeaving = true;
    markSending(this.key);
  };

  // With htmx the answer comes to this page; a plain post is settled on the next one.
  answered = (event) => {
    if (event.target !== this.element || !this.isLeaving) return;
    const status = event.detail?.ctx?.response?.status ?? 0;
    this.isLeaving = false;
    if (status < 200 || status >= 400) return this.unsaved && this.saveNow();
    this.isSent = true;
    this.unsaved = null;
    clearTimeout(this.copyTimer);
    dropCopy(this.key);
    this.say("");
    // The same form may be written in again.
    queueMicrotask(() => (this.isSent = false));
  };

  restore() {
    const copy = readCopy(this.key);
    if (!copy?.unsaved) return;
    const inputs = Object.keys(copy.fields).map((name) => this.element.elements.namedItem(name));
    const isTouched = inputs.some((input) => input && "defaultValue" in input && input.type !== "hidden" && input.value !== input.defaultValue);
    const isSame = Object.entries(copy.fields).every(([name, value]) => (this.element.elements.namedItem(name)?.value ?? value) === value);
    if (isTouched || isSame || !Object.values(copy.fields).some((value) => value.trim())) return;
    for (const [name, value] of Object.entries(copy.fields)) {
      const input = this.element.elements.namedItem(name);
      if (input && "value" in input) input.value = value;
    }
    this.element.dispatchEvent(new CustomEvent("draft:restored"));
    this.changed();
    this.say("Your unsent text was put back");
  }

  read() {
    return [...new FormData(this.element)].filter(([name, value]) => typeof value === "string" && !UNSAVED_FIELDS.has(name));
  }

  say(text) {
    if (this.hasStatusTarget) this.statusTarget.textContent = text;
  }
}

const NOT_COPIED = new Set(["attachments", "idempotency_key"]);

function textOf(fields) {
  return Object.fromEntries(fields.filter(([name]) => !NOT_COPIED.has(name)));
}

async function post(address, body) {
  try {
    const options = { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, credentials: "same-origin" };
    // keepalive outlives the page, but only for small bodies.
    const size = [...body.values()].reduce((sum, value) => sum + value.length, 0);
    const response = await fetch(address, { ...options, keepalive: size < 30_000 });
    return response.ok && !response.redirected;
  } catch {
    return false;
  }
}
