import { Controller } from "@hotwired/stimulus";

/** Takes a toast away after some seconds; not while it is pointed at or holds the focus. */
export default class extends Controller {
  static values = { seconds: { type: Number, default: 10 } };

  connect() {
    this.element.addEventListener("pointerenter", this.hold);
    this.element.addEventListener("pointerleave", this.release);
    this.element.addEventListener("focusin", this.hold);
    this.element.addEventListener("focusout", this.release);
    this.release();
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  hold = () => clearTimeout(this.timer);

  release = () => {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.dismiss(), this.secondsValue * 1000);
  };

  dismiss() {
    this.element.remove();
  }
}
