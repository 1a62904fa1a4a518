import { Controller } from "@hotwired/stimulus";
import { LiveConnection } from "../live_connection.js";
import { replace } from "../replacing.js";
import { fetchFragment } from "../requests.js";

const GATHER = 150;
const POLL_EVERY = 30_000;

/**
 * Keeps parts of the page current. An element with data-live-topic="ticket:42 client" and data-live-href fetches
 * itself anew when an event of one of its topics arrives: of ticket 42, or of any client; `everything` is everyone's.
 * With data-live-quiet it does not while it is pointed at or holds the focus; it shows its [data-live-pill] instead.
 */
export default class extends Controller {
  static targets = ["banner"];
  static values = { url: String };

  connect() {
    this.stale = new Set();
    this.connection = new LiveConnection(this.urlValue, {
      onEvent: (event) => this.received(event),
      onState: (state) => this.changed(state),
    });
    document.addEventListener("visibilitychange", this.seen);
  }

  disconnect() {
    this.connection.close();
    clearTimeout(this.timer);
    clearInterval(this.poll);
    document.removeEventListener("visibilitychange", this.seen);
  }

  received(event) {
    this.dispatch("event", { target: window, detail: event });
    const topics = (event.topics ?? [event.topic]).flatMap(withKind);
    if (topics.includes("everything")) return this.refreshAll();
    for (const element of this.elements()) {
      if (element.dataset.liveTopic.split(/\s+/).some((topic) => topics.includes(topic))) this.stale.add(element);
    }
    this.later();
  }

  // A gap in the connection may have hidden anything.
  changed(state) {
    if (this.hasBannerTarget) this.bannerTarget.hidden = state === "open";
    clearInterval(this.poll);
    if (state === "lost") this.poll = setInterval(() => this.refreshAll(), POLL_EVERY);
    if (state === "open" && this.wasAway) this.refreshAll();
    this.wasAway = state !== "open";
  }

  seen = () => document.hidden || this.later();

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), GATHER);
  }

  refreshAll() {
    this.elements().forEach((element) => this.stale.add(element));
    this.later();
  }

  refresh() {
    if (document.hidden) return;
    for (const element of this.stale) {
      this.stale.delete(element);
      if (!element.isConnected) continue;
      if (isInUse(element)) this.showPill(element);
      else this.renew(element);
    }
  }

  /** The pill was pressed: bring the news in. */
  showNews(event) {
    const element = event.currentTarget.closest("[data-live-topic]") ?? this.pills?.get(event.currentTarget);
    event.currentTarget.hidden = true;
    if (element) this.renew(element);
  }

  showPill(element) {
    const pill = element.querySelector("[data-live-pill]") ?? element.parentElement?.querySelector("[data-live-pill]");
    if (!pill) return this.renew(element);
    this.pills ??= new WeakMap();
    this.pills.set(pill, element);
    pill.hidden = false;
  }

  async renew(element) {
    const html = await fetchFragment(element.dataset.liveHref);
    if (html === null || !element.isConnected) return;
    replace(element, html);
    this.dispatch("renewed", { target: document });
  }

  elements() {
    return [...document.querySelectorAll("[data-live-topic][data-live-href]")];
  }
}

// "ticket:42" is also an event of "ticket".
function withKind(topic = "") {
  const kind = topic.split(":")[0];
  return kind === topic ? [topic] : [topic, kind];
}

function isInUse(element) {
  return "liveQuiet" in element.dataset && (element.matches(":hover") || element.contains(document.activeElement));
}
