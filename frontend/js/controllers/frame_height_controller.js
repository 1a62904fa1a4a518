import { Controller } from "@hotwired/stimulus";

/** Gives a sandboxed frame the height of what stands in it, and says once that this has arrived. */
export default class extends Controller {
  connect() {
    this.element.addEventListener("load", this.measure);
    this.measure();
  }

  disconnect() {
    this.element.removeEventListener("load", this.measure);
    this.observer?.disconnect();
  }

  measure = () => {
    const body = this.element.contentDocument?.body;
    if (!body) return;
    this.observer?.disconnect();
    this.observer = new ResizeObserver(() => this.fit(body));
    this.observer.observe(body);
    this.fit(body);
    if (this.hasArrived || body.ownerDocument.URL === "about:blank") return;
    this.hasArrived = true;
    this.dispatch("arrived");
  };

  fit(body) {
    const { documentElement: root, defaultView: view } = body.ownerDocument;
    // What is wider than the frame scrolls sideways, and the bar for that takes room too.
    const bar = view.innerHeight - root.clientHeight;
    this.element.style.height = `${Math.min(body.scrollHeight + 8 + bar, 20_000)}px`;
  }
}
