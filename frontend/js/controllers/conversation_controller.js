import { Controller } from "@hotwired/stimulus";

const NEAR_THE_END = 120;

function isFromComposer(element) {
  return /^composer-(reply|team)(-form)?$/.test(element?.id ?? "");
}

/** The scrolling thread: begins at what is new, or at the end, and stays at the end while someone reads there. */
export default class extends Controller {
  static targets = ["new"];

  connect() {
    this.settle();
    this.element.addEventListener("scroll", this.noteEnd, { passive: true });
    document.addEventListener("htmx:after:swap", this.swapped);
    this.observer = new ResizeObserver(() => this.isAtEnd && this.toEnd());
    for (const child of this.element.children) this.observer.observe(child);
  }

  disconnect() {
    this.element.removeEventListener("scroll", this.noteEnd);
    document.removeEventListener("htmx:after:swap", this.swapped);
    this.observer.disconnect();
  }

  settle() {
    if (location.hash) return;
    if (this.hasNewTarget) this.newTarget.scrollIntoView({ block: "start" });
    else this.toEnd();
    this.isAtEnd = !this.hasNewTarget;
  }

  toEnd() {
    this.isAtEnd = true;
    this.element.scrollTop = this.element.scrollHeight;
  }

  noteEnd = () => {
    const { scrollTop, clientHeight, scrollHeight } = this.element;
    this.isAtEnd = scrollTop + clientHeight > scrollHeight - NEAR_THE_END;
  };

  // What one has just sent is shown, wherever one was reading. The form with the focus is gone, so the thread takes it.
  swapped = ({ detail: { ctx } }) => {
    if (!isFromComposer(ctx.sourceElement) || ctx.response?.status !== 200) return;
    this.toEnd();
    if (document.activeElement === document.body) this.element.focus({ preventScroll: true, focusVisible: false });
  };
}
