import { Controller } from "@hotwired/stimulus";
import { dropCopy, draftKey, keepCopy, markSending, readCopy } from "../draft_store.js";
import { addGate } from "../form_gates.js";
import { post } from "../requests.js";

const REST_BEFORE_SAVING = 800;
const REST_BEFORE_COPYING = 300;
const LONGEST_WAIT = 5000;
const KEEPALIVE_LIMIT = 30_000;
const NOT_SAVED = new Set(["csrfmiddlewaretoken", "idempotency_key", "draft_revision"]);
const LISTS = new Set(["attachments"]);

/**
 * Keeps what is being written: on the server 800 ms after the last key, and as a copy on this device.
 *
 * Only what a person changed is saved: an editor that is empty for a moment while it loads or goes away is no change.
 * Saves follow one another with rising revisions, and sending waits for the last, so a late one cannot bring back a
 * draft that was sent. Text typed before the copy was read wins over the copy.
 */
export default class extends Controller {
  static targets = ["status"];
  static values = { url: String, revision: Number };

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
    const body = JSON.stringify({ ...fields, revision: this.nextRevision() });
    const headers = { "Content-Type": "application/json" };
    const isSaved = await post(this.urlValue, body, { headers, isLast: body.length < KEEPALIVE_LIMIT });
    if (this.unsaved || this.isSent) return;
    if (isSaved) keepCopy(this.key, textOf(fields), false);
    this.say(isSaved ? "Draft saved" : "Draft kept on this device");
  }

  /** Sending: no new save begins, and the one on its way is waited for, once and not for long: a late one is dropped. */
  gate() {
    clearTimeout(this.timer);
    this.unsaved &&= this.keepUnsaved();
    // Before htmx reads the form.
    this.revisionInput.value = this.nextRevision();
    if (!this.running || this.hasWaited) return "pass";
    const longEnough = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT));
    return Promise.race([this.saving, longEnough]).then(() => (this.hasWaited = true));
  }

  keepUnsaved() {
    keepCopy(this.key, textOf(this.unsaved), true);
    return this.unsaved;
  }

  leave = (event) => {
    if (event.target !== this.element) return;
    this.isLeaving = true;
    this.hasWaited = false;
    markSending(this.key);
  };

  // Sent with the form: saves up to this revision are answered by the sending itself.
  get revisionInput() {
    let input = this.element.elements.namedItem("draft_revision");
    if (!input) {
      input = Object.assign(document.createElement("input"), { type: "hidden", name: "draft_revision" });
      this.element.append(input);
    }
    return input;
  }

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

  /** The form's text fields by name; `attachments` is a list. */
  read() {
    const fields = {};
    for (const [name, value] of new FormData(this.element)) {
      if (typeof value !== "string" || NOT_SAVED.has(name)) continue;
      if (LISTS.has(name)) (fields[name] ??= []).push(value);
      else fields[name] = value;
    }
    return fields;
  }

  // A clock that rises over reloads and tabs, and never falls behind what the server has.
  nextRevision() {
    this.revisionValue = Math.max(this.revisionValue + 1, Date.now());
    return this.revisionValue;
  }

  say(text) {
    if (this.hasStatusTarget) this.statusTarget.textContent = text;
  }
}

/** What is copied on the device: the text, not the files. */
function textOf(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === "string"));
}
