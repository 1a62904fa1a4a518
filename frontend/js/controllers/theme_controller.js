import { Controller } from "@hotwired/stimulus";

/** Switches between light and dark. The choice is kept in a cookie, so that the server draws the next page right. */
export default class extends Controller {
  toggle() {
    const root = document.documentElement;
    const isDark = (root.dataset.theme || systemTheme()) === "dark";
    root.dataset.theme = isDark ? "light" : "dark";
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax${secure}`;
  }
}

function systemTheme() {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
