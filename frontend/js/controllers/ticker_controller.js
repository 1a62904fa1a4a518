import { Controller } from "@hotwired/stimulus";
import { relativeTime } from "../relative_time.js";

/** Keeps every <time data-ticker="long|short"> current, once for the whole page. */
export default class extends Controller {
  connect() {
    this.timer = setInterval(() => this.tick(), 20_000);
  }

  disconnect() {
    clearInterval(this.timer);
  }

  tick() {
    if (document.hidden) return;
    const now = new Date();
    for (const time of document.querySelectorAll("time[data-ticker]")) {
      const text = relativeTime(new Date(time.dateTime), now, time.dataset.ticker);
      if (time.textContent !== text) time.textContent = text;
    }
  }
}
