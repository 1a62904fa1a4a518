import { Controller } from "@hotwired/stimulus";

/** A modal dialog: opened by [data-dialog-open="id"], closed by [data-dialog-close], Escape, or a click beside it. */
export default class extends Controller {
  connect() {
    document.addEventListener("click", this.clicked);
  }

  disconnect() {
    document.removeEventListener("click", this.clicked);
  }

  clicked = (event) => {
    const opener = event.target.closest?.("[data-dialog-open]");
    if (opener?.dataset.dialogOpen === this.element.id) this.element.showModal();
    else if (event.target === this.element || event.target.closest?.("[data-dialog-close]")?.closest("dialog") === this.element) {
      this.element.close();
    }
  };
}
