import { Controller } from "@hotwired/stimulus";

/** A form with a preview in a frame: the frame says what is wrong with what stands in the form now, so older words go. */
export default class extends Controller {
  connect() {
    this.element.addEventListener("submit", this.forget);
  }

  disconnect() {
    this.element.removeEventListener("submit", this.forget);
  }

  forget = (event) => {
    if (!event.submitter?.formTarget) return;
    for (const error of this.element.querySelectorAll(".field-error")) {
      const control = this.element.querySelector(`[aria-describedby~="${error.id}"]`);
      control?.setAttribute("aria-describedby", control.getAttribute("aria-describedby").replace(error.id, "").trim());
      control?.removeAttribute("aria-invalid");
      error.remove();
    }
  };
}
