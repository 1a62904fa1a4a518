// The same rules as deskhand/core/dates.py, so that a time reads alike when served and when kept current.
const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** "4 minutes ago", "Yesterday", "20 Nov"; in the short style "4m", "Yesterday", "20 Nov". */
export function relativeTime(moment, now, style = "long") {
  const seconds = (now - moment) / 1000;
  const short = style === "short";
  if (seconds < MINUTE) {
    if (seconds > -MINUTE) return short ? "now" : "just now";
    return short ? plainDay(moment, now) : exactTime(moment);
  }
  if (seconds < HOUR) return ago(Math.floor(seconds / MINUTE), "minute", short);
  const days = Math.round((startOfDay(now) - startOfDay(moment)) / 86_400_000);
  if (days === 0 || seconds < 6 * HOUR) return ago(Math.floor(seconds / HOUR), "hour", short);
  if (days === 1) return "Yesterday";
  if (days >= 7) return plainDay(moment, now);
  return short ? `${days}d` : `${days} days ago`;
}

/** How much is left until then: "1d 4h", "1h 12m", "38m"; afterwards "38m late". */
export function timeLeft(moment, now) {
  const minutes = Math.floor((moment - now) / 60_000);
  return minutes < 0 ? `${length(-minutes)} late` : length(minutes);
}

function length(minutes) {
  const parts = minutes < 1440 ? [[Math.floor(minutes / 60), "h"], [minutes % 60, "m"]] : [[Math.floor(minutes / 1440), "d"], [Math.floor((minutes % 1440) / 60), "h"]];
  const shown = parts.filter(([count]) => count).map(([count, unit]) => `${count}${unit}`);
  return shown.join(" ") || "0m";
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function ago(count, unit, short) {
  return short ? `${count}${unit[0]}` : `${count} ${unit}${count === 1 ? "" : "s"} ago`;
}

function startOfDay(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate());
}

function plainDay(moment, now) {
  const year = moment.getFullYear() === now.getFullYear() ? "" : ` ${moment.getFullYear()}`;
  return `${moment.getDate()} ${MONTHS[moment.getMonth()]}${year}`;
}

function exactTime(moment) {
  const clock = [moment.getHours(), moment.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":");
  return `${moment.getDate()} ${MONTHS[moment.getMonth()]} ${moment.getFullYear()}, ${clock}`;
}
