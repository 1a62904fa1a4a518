const LEADER = "deskhand:live";
const SAY_AWAY_AFTER = 2000;
const LONGEST_PAUSE = 60_000;
const KEPT_FOR = 10_000;

/**
 * Events from the server. HTTP/1.1 allows a browser six connections to a host, so of all tabs one holds the
 * connection (a Web Lock says which) and tells the others (a BroadcastChannel). Without locks every tab has its own.
 * A tab that joins asks for what it may have missed: the leader repeats the latest events. Hearing one twice is harmless.
 *
 * onEvent(data) for every event, onState("open" | "away" | "lost"): away for a moment, lost for longer.
 */
export class LiveConnection {
  constructor(address, { onEvent, onState }) {
    Object.assign(this, { address, onEvent, onState, failures: 0, latest: [] });
    this.channel = new BroadcastChannel(`${LEADER}:${document.documentElement.dataset.viewer}:${address.split("?")[0]}`);
    this.channel.onmessage = ({ data }) => this.heard(data);
    this.channel.postMessage({ joined: true });
    this.ending = new AbortController();
    if (navigator.locks) this.waitToLead();
    else this.open();
  }

  close() {
    this.ending.abort();
    this.release?.();
    this.source?.close();
    this.channel.close();
    clearTimeout(this.awayTimer);
    clearTimeout(this.retryTimer);
  }

  waitToLead() {
    const lead = () => {
      if (this.ending.signal.aborted) return undefined;
      this.open();
      return new Promise((release) => (this.release = release));
    };
    navigator.locks.request(this.channel.name, { signal: this.ending.signal }, lead).catch(() => {});
  }

  open() {
    this.source = new EventSource(this.address);
    this.source.onopen = () => this.state("open");
    this.source.onmessage = ({ data }) => this.tell(data);
    this.source.onerror = () => this.failed();
  }

  tell(text) {
    try {
      const event = JSON.parse(text);
      this.keep(event);
      this.channel.postMessage({ event });
      this.onEvent(event);
    } catch {
      // A comment or a heartbeat.
    }
  }

  keep(event) {
    const now = Date.now();
    this.latest = this.latest.filter(({ at }) => now - at < KEPT_FOR);
    this.latest.push({ at: now, event });
  }

  heard({ event, state, joined }) {
    if (joined) this.latest.forEach((kept) => this.channel.postMessage({ event: kept.event }));
    if (event) this.onEvent(event);
    if (state) this.onState(state);
  }

  // The browser tries again by itself, except after an answer that is no stream.
  failed() {
    this.failures += 1;
    this.awayTimer ??= setTimeout(() => this.state(this.failures > 3 ? "lost" : "away"), SAY_AWAY_AFTER);
    if (this.source.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.retryTimer);
    const pause = Math.min(LONGEST_PAUSE, 1000 * 2 ** Math.min(this.failures, 6)) * (0.75 + Math.random() / 2);
    this.retryTimer = setTimeout(() => this.open(), pause);
  }

  state(state) {
    clearTimeout(this.awayTimer);
    this.awayTimer = null;
    if (state === "open") this.failures = 0;
    this.channel.postMessage({ state });
    this.onState(state);
  }
}
