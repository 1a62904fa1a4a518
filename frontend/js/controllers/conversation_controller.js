import { Controller } from "@hotwired/stimulus";

const NEAR_THE_END = 120;

function isFromComposer(element) {
  return /^composer-(reply|team)(-form)?$/.test(element?.id ?? "");
}

/**
 * The scrolling thread: begins at what is new, or at the end. It holds that place while frames and pictures arrive,
 * until the reader moves; at the end it follows what is added. What the reader opens grows where it stands.
 */
export default class extends Controller {
  static targets = ["new"];

  connect() {
    this.element.addEventListener("scroll", this.scrolled, { passive: true });
    this.element.addEventListener("click", this.letGo, true);
    this.element.addEventListener("load", this.loaded, true);
    this.element.addEventListener("frame-height:arrived", this.arrived);
    document.addEventListener("htmx:before:swap", this.remember);
    document.addEventListener("htmx:after:swap", this.swapped);
    if (!location.hash) this.goTo(this.beginning);
  }

  disconnect() {
    this.element.removeEventListener("scroll", this.scrolled);
    this.element.removeEventListener("click", this.letGo, true);
    this.element.removeEventListener("load", this.loaded, true);
    this.element.removeEventListener("frame-height:arrived", this.arrived);
    document.removeEventListener("htmx:before:swap", this.remember);
    document.removeEventListener("htmx:after:swap", this.swapped);
  }

  get beginning() {
    if (this.element.querySelector("#timeline-state")?.value === "0") return this.toTop;
    return this.hasNewTarget ? this.toNew : this.toEnd;
  }

  get isAtEnd() {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    return scrollTop + clientHeight > scrollHeight - NEAR_THE_END;
  }

  get last() {
    return this.element.querySelector(".msg:last-of-type")?.id;
  }

  toTop = () => (this.element.scrollTop = 0);

  toNew = () => this.newTarget.scrollIntoView({ block: "start" });

  toEnd = () => (this.element.scrollTop = this.element.scrollHeight);

  goTo(place) {
    this.place = place;
    place();
    this.placedAt = this.element.scrollTop;
  }

  // Where the reader has gone, only the end is a place to be kept.
  scrolled = () => {
    if (this.element.scrollTop !== this.placedAt) this.place = this.isAtEnd ? this.toEnd : null;
  };

  // Whatever opens by a click, it stays below the pointer.
  letGo = () => (this.place = null);

  loaded = (event) => event.target.matches("img") && this.arrived(event);

  arrived = ({ target }) => target.closest("details") || (this.place && this.goTo(this.place));

  remember = () => (this.before = { last: this.last, isAtEnd: this.isAtEnd });

  // What one has just sent is shown, wherever one was reading. The form with the focus is gone, so the thread takes it.
  swapped = ({ detail: { ctx } }) => {
    if (isFromComposer(ctx.sourceElement) && ctx.response?.status === 200) {
      this.goTo(this.toEnd);
      if (document.activeElement === document.body) this.element.focus({ preventScroll: true, focusVisible: false });
    } else if (this.before?.isAtEnd && this.last !== this.before.last) {
      this.goTo(this.toEnd);
    }
  };
}
