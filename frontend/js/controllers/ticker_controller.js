import { Controller } from "@hotwired/stimulus";
import { relativeTime, timeLeft } from "../relative_time.js";

/** Keeps every <time data-ticker="long|short|left"> current, once for the whole page. */
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
      const moment = new Date(time.dateTime);
      const text = time.dataset.ticker === "left" ? timeLeft(moment, now) : relativeTime(moment, now, time.dataset.ticker);
      if (time.textContent !== text) time.textContent = text;
    }
  }
}
