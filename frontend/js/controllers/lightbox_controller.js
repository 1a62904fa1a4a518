import { Controller } from "@hotwired/stimulus";

/** Opens links with data-lightbox large; arrows step through the pictures of the same data-lightbox-group. */
export default class extends Controller {
  static targets = ["picture", "name", "previous", "next", "download"];

  connect() {
    document.addEventListener("click", this.clicked);
    this.element.addEventListener("keydown", this.keyed);
  }

  disconnect() {
    document.removeEventListener("click", this.clicked);
    this.element.removeEventListener("keydown", this.keyed);
  }

  clicked = (event) => {
    const link = event.target.closest?.("a[data-lightbox]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const group = link.closest("[data-lightbox-group]") ?? document;
    this.links = [...group.querySelectorAll("a[data-lightbox]")];
    this.show(this.links.indexOf(link));
    this.element.showModal();
  };

  keyed = (event) => {
    if (event.key === "ArrowLeft") this.previous();
    if (event.key === "ArrowRight") this.next();
  };

  previous() {
    if (this.index > 0) this.show(this.index - 1);
  }

  next() {
    if (this.index < this.links.length - 1) this.show(this.index + 1);
  }

  zoom() {
    this.element.toggleAttribute("data-zoomed");
  }

  backdrop(event) {
    if (event.target === event.currentTarget) this.element.close();
  }

  show(index) {
    this.index = index;
    const link = this.links[index];
    this.element.removeAttribute("data-zoomed");
    this.pictureTarget.src = link.dataset.lightbox;
    this.pictureTarget.alt = link.dataset.name ?? "";
    this.nameTarget.textContent = link.dataset.name ?? "";
    this.downloadTarget.href = link.href;
    this.previousTarget.hidden = index === 0;
    this.nextTarget.hidden = index === this.links.length - 1;
  }
}
