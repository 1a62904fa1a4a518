import { Controller } from "@hotwired/stimulus";
import { post } from "../requests.js";

/**
 * Switches between light and dark. The choice is kept in a cookie, so that the server draws the next page right,
 * and on the server when someone is signed in.
 */
export default class extends Controller {
  static values = { url: String };

  toggle() {
    const root = document.documentElement;
    const isDark = (root.dataset.theme || systemTheme()) === "dark";
    root.dataset.theme = isDark ? "light" : "dark";
    const secure = location.protocol === "https:" ? ";secure" : "";
    document.cookie = `theme=${root.dataset.theme};path=/;max-age=31536000;samesite=lax${secure}`;
    if (this.urlValue) post(this.urlValue, new URLSearchParams({ theme: root.dataset.theme }));
  }
}

function systemTheme() {
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
