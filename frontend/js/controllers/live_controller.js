import { Controller } from "@hotwired/stimulus";
import { LiveConnection } from "../live_connection.js";
import { replace } from "../replacing.js";
import { fetchFragment } from "../requests.js";

const GATHER = 150;
const POLL_EVERY = 30_000;
const AT_REST_AFTER = 4000;
const LONGEST_PAUSE = 60_000;
const SIGNS_OF_LIFE = ["pointermove", "pointerdown", "keydown", "wheel"];

/**
 * Keeps parts of the page current. An element with data-live-topic="ticket:42 client" and data-live-href fetches
 * itself anew when an event of one of its topics arrives: of ticket 42, or of any client; `everything` is everyone's.
 * With data-live-quiet it waits while somebody works in it (pointing at it, or with the focus in it, and moving), and
 * shows its [data-live-pill] meanwhile.
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
    for (const sign of SIGNS_OF_LIFE) document.addEventListener(sign, this.alive, { passive: true, capture: true });
  }

  disconnect() {
    this.connection.close();
    clearTimeout(this.timer);
    clearInterval(this.poll);
    document.removeEventListener("visibilitychange", this.seen);
    for (const sign of SIGNS_OF_LIFE) document.removeEventListener(sign, this.alive, { capture: true });
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

  alive = () => (this.aliveAt = Date.now());

  later(pause = GATHER) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), pause);
  }

  refreshAll() {
    this.elements().forEach((element) => this.stale.add(element));
    this.later();
  }

  refresh() {
    if (document.hidden) return;
    for (const element of this.stale) {
      if (element.isConnected && this.isInUse(element) && this.showPill(element)) continue;
      this.stale.delete(element);
      if (element.isConnected) this.renew(element);
    }
    if (this.stale.size) this.later(AT_REST_AFTER);
  }

  isInUse(element) {
    if (!("liveQuiet" in element.dataset) || Date.now() - (this.aliveAt ?? 0) > AT_REST_AFTER) return false;
    return element.matches(":hover") || element.contains(document.activeElement);
  }

  /** The pill was pressed: bring the news in. */
  showNews(event) {
    const element = event.currentTarget.closest("[data-live-topic]") ?? this.pills?.get(event.currentTarget);
    event.currentTarget.hidden = true;
    this.stale.delete(element);
    if (element) this.renew(element);
  }

  showPill(element) {
    const pill = element.querySelector("[data-live-pill]") ?? element.parentElement?.querySelector("[data-live-pill]");
    if (!pill) return false;
    this.pills ??= new WeakMap();
    this.pills.set(pill, element);
    pill.hidden = false;
    return true;
  }

  async renew(element) {
    const html = await fetchFragment(element.dataset.liveHref);
    if (!element.isConnected) return;
    if (html === null) return this.tryAgain(element);
    this.misses = 0;
    replace(element, html);
    this.dispatch("renewed", { target: document });
  }

  // What is known to be out of date stays so until the server has answered.
  tryAgain(element) {
    this.misses = Math.min(10, (this.misses ?? 0) + 1);
    this.stale.add(element);
    this.later(Math.min(LONGEST_PAUSE, 1000 * 2 ** this.misses));
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
