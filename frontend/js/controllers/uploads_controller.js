import { Controller } from "@hotwired/stimulus";
import { announce, showToast } from "../announcements.js";
import { addGate } from "../form_gates.js";
import { Upload } from "../upload.js";
import { joinPage } from "../page_files.js";

/**
 * Uploads files while the form is still being written. Chosen, dropped anywhere on the page, or pasted; each with
 * progress, retry and remove. A finished one leaves a hidden input `attachments` with its id. The form waits for
 * those on their way, and does not leave while one has failed.
 */
export default class extends Controller {
  static targets = ["input", "plain", "list"];
  static values = { url: String, limit: Number, name: { type: String, default: "attachments" } };

  connect() {
    if (!this.urlValue) return;
    this.plainTargets.forEach((input) => (input.disabled = true));
    this.uploads = new Set();
    this.leavePage = joinPage(this);
    this.removeGate = addGate(this.element, () => this.gate());
    this.element.addEventListener("change", this.chosen);
    this.element.addEventListener("uploads:add", this.handed);
  }

  disconnect() {
    if (!this.uploads) return;
    this.uploads.forEach((upload) => upload.abort());
    this.leavePage();
    this.removeGate();
    this.element.removeEventListener("change", this.chosen);
    this.element.removeEventListener("uploads:add", this.handed);
  }

  chosen = (event) => {
    if (!this.inputTargets.includes(event.target)) return;
    this.add([...event.target.files]);
    event.target.value = "";
  };

  handed = (event) => {
    event.stopPropagation();
    this.add(event.detail.files, event.detail.insert);
  };

  /** Upload `files`; `whenDone` gets the server's answer of each. */
  add(files, whenDone) {
    for (const file of files) {
      const upload = new Upload(file, { address: this.urlValue, limit: this.limitValue, name: this.nameValue });
      upload.onChange = () => this.changed(upload, whenDone);
      this.uploads.add(upload);
      this.listTarget.append(upload.element);
      upload.start();
    }
  }

  changed(upload, whenDone) {
    if (upload.state === "done") {
      announce(`${upload.file.name} is attached`);
      whenDone?.(upload.answer);
      this.tellDraft();
    }
    if (upload.state === "failed") announce(`${upload.file.name} was not uploaded. ${upload.error}`);
    if (upload.state === "removed") this.forget(upload.element, upload.answer?.url, upload);
    this.dispatch("settled");
  }

  /** Takes away a file that the server listed (one from a draft). */
  remove(event) {
    this.forget(event.target.closest(".upload"));
  }

  forget(element, url, upload) {
    this.uploads.delete(upload);
    const next = element.nextElementSibling?.querySelector("button") ?? this.inputTargets[0];
    element.remove();
    next?.focus();
    if (url) this.element.dispatchEvent(new CustomEvent("uploads:removed", { detail: { url } }));
    this.tellDraft();
  }

  // The list of files is part of a draft.
  tellDraft() {
    this.element.dispatchEvent(new CustomEvent("draft:changed"));
  }

  gate() {
    const inState = (state) => [...this.uploads].filter((upload) => upload.state === state);
    if (inState("failed").length) {
      showToast("A file was not uploaded. Try it again or remove it, then send.", { error: true });
      return "drop";
    }
    if (!inState("running").length) return "pass";
    announce("Waiting for the files");
    return new Promise((resolve) => {
      const check = () => {
        if (inState("running").length) return;
        this.element.removeEventListener("uploads:settled", check);
        resolve(!inState("failed").length);
      };
      this.element.addEventListener("uploads:settled", check);
    });
  }
}
