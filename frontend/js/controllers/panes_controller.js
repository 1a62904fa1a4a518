import { Controller } from "@hotwired/stimulus";

const ROOM_FOR_ALL = matchMedia("(min-width: 1280px)");

/** Shows and hides the details: a column where there is room for it, else a sheet above the conversation. */
export default class extends Controller {
  static targets = ["details"];

  connect() {
    document.addEventListener("click", this.clickedBeside);
    document.addEventListener("keydown", this.escaped);
    document.addEventListener("htmx:after:swap", this.swapped);
  }

  disconnect() {
    document.removeEventListener("click", this.clickedBeside);
    document.removeEventListener("keydown", this.escaped);
    document.removeEventListener("htmx:after:swap", this.swapped);
  }

  toggleDetails() {
    if (ROOM_FOR_ALL.matches) {
      const isHidden = this.element.dataset.details === "hidden";
      if (isHidden) delete this.element.dataset.details;
      else this.element.dataset.details = "hidden";
    } else this.detailsTarget.toggleAttribute("data-open");
  }

  clickedBeside = ({ target }) => {
    if (!this.hasDetailsTarget || this.detailsTarget.contains(target)) return;
    if (target.closest?.("[data-action*='panes#toggleDetails'], [popover], dialog")) return;
    this.detailsTarget.removeAttribute("data-open");
  };

  // The note's form takes the focus of the link that asked for it, and gives it back.
  swapped = ({ detail: { ctx } }) => {
    if (ctx.target?.id === "note") document.querySelector("#note [data-takes-focus]")?.focus();
  };

  escaped = (event) => {
    if (event.key !== "Escape" || !this.hasDetailsTarget || document.querySelector(":popover-open, dialog:modal")) return;
    this.detailsTarget.removeAttribute("data-open");
  };
}
