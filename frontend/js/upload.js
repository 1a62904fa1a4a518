import { csrfToken } from "./requests.js";

/**
 * One file on its way: its request and its line in the list. `state` is running, done, failed or removed; `onChange`
 * is called with each new one. The server answers {id, name, size, content_type, url} or {error}.
 */
export class Upload {
  constructor(file, { address, limit, name }) {
    Object.assign(this, { file, address, limit, name, state: "running", error: "" });
    this.element = document.createElement("li");
    this.element.className = "upload";
  }

  start() {
    if (this.limit && this.file.size > this.limit) return this.fail(`It is larger than ${fileSize(this.limit)}.`);
    this.error = "";
    this.change("running");
    this.request = new XMLHttpRequest();
    this.request.upload.onprogress = ({ loaded, total }) => this.progress(loaded / total);
    this.request.onload = () => this.answered();
    this.request.onerror = () => this.fail("The connection was lost.");
    this.request.ontimeout = this.request.onerror;
    this.request.open("POST", this.address);
    this.request.setRequestHeader("X-CSRFToken", csrfToken());
    this.request.setRequestHeader("X-Requested-With", "fetch");
    this.request.setRequestHeader("Accept", "application/json");
    const form = new FormData();
    form.append("file", this.file, this.file.name || "pasted.png");
    this.request.send(form);
  }

  abort() {
    this.request?.abort();
  }

  answered() {
    let answer = {};
    try {
      answer = JSON.parse(this.request.responseText);
    } catch {
      // A proxy's own page; the status says enough.
    }
    if (this.request.status < 300 && answer.id) {
      this.answer = answer;
      return this.change("done");
    }
    this.fail(answer.error || WORDS[this.request.status] || "Please try again.");
  }

  fail(error) {
    this.error = error;
    this.change("failed");
  }

  remove() {
    this.abort();
    this.change("removed");
  }

  progress(fraction) {
    if (this.bar && Number.isFinite(fraction)) this.bar.value = fraction;
  }

  change(state) {
    this.state = state;
    this.draw();
    this.onChange?.();
  }

  draw() {
    this.element.dataset.state = this.state;
    const name = text("span", "upload-name", this.answer?.name ?? (this.file.name || "Pasted picture"));
    const words = { running: "Uploading…", done: fileSize(this.file.size), failed: this.error }[this.state] ?? "";
    const parts = [name, text("span", "upload-state", words)];
    if (this.state === "failed") parts.push(this.button("Try again", "↻", () => this.start()));
    parts.push(this.button("Remove", "✕", () => this.remove()));
    this.bar = null;
    if (this.state === "running") {
      this.bar = document.createElement("progress");
      this.bar.className = "bar";
      this.bar.setAttribute("aria-label", `Uploading ${this.file.name}`);
      parts.push(this.bar);
    }
    if (this.state === "done") {
      parts.push(Object.assign(document.createElement("input"), { type: "hidden", name: this.name, value: this.answer.id }));
    }
    this.element.replaceChildren(...parts);
  }

  button(label, sign, act) {
    const button = text("button", "icon-btn size-6", sign);
    button.type = "button";
    button.setAttribute("aria-label", `${label} ${this.file.name}`);
    button.addEventListener("click", act);
    return button;
  }
}

const WORDS = { 401: "You are signed out. Sign in again in another tab.", 413: "It is too large." };

function text(tag, className, content) {
  return Object.assign(document.createElement(tag), { className, textContent: content });
}

/** The same words as deskhand/core/sizes.py. */
export function fileSize(bytes) {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  let size = bytes;
  let unit = "";
  for (unit of ["KB", "MB", "GB", "TB"]) {
    size /= 1000;
    if (Math.round(size) < 1000) break;
  }
  return `${size.toFixed(unit !== "KB" && size < 9.95 ? 1 : 0)} ${unit}`;
}
