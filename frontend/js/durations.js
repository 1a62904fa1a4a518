// The same rules as deskhand/core/durations.py, so that a length of time means what the server will take it for.
const CLOCK = /^(\d{1,5}):([0-5]\d)$/;
const UNITS = /^(?:(\d{1,5}(?:[.,]\d{1,2})?)\s*h(?:(?:ou)?rs?)?\.?)?\s*(?:(\d{1,6})\s*(?:m(?:in(?:utes?|s)?)?\.?)?)?$/i;

/** The minutes of "20", "1:15", "1h 15m" or "1.5h"; null for anything else. */
export function minutesIn(text) {
  const given = text.trim();
  const clock = CLOCK.exec(given);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const units = given && UNITS.exec(given);
  if (!units) return null;
  return Math.round(Number((units[1] ?? "0").replace(",", ".")) * 60) + Number(units[2] ?? 0);
}

/** "1h 30m", "8h", "45m". */
export function duration(minutes) {
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours && rest) return `${hours}h ${rest}m`;
  return hours ? `${hours}h` : `${rest}m`;
}

/** "0h 40m": both units always. */
export function loggedTime(minutes) {
  return `${Math.floor(minutes / 60)}h ${String(minutes % 60).padStart(2, "0")}m`;
}
