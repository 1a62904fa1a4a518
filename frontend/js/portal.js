import { Application } from "@hotwired/stimulus";
import HotkeysController from "./controllers/hotkeys_controller.js";
import PopoverController from "./controllers/popover_controller.js";
import ThemeController from "./controllers/theme_controller.js";
import TickerController from "./controllers/ticker_controller.js";
import ToastController from "./controllers/toast_controller.js";
import { settleSending } from "./draft_store.js";
import "./sign_out.js";

settleSending();

const application = Application.start();
application.register("hotkeys", HotkeysController);
application.register("popover", PopoverController);
application.register("theme", ThemeController);
application.register("ticker", TickerController);
application.register("toast", ToastController);

// Pages of the portal are loaded whole, so what a page needs beyond this is known when it has loaded.
const has = (...names) => document.querySelector(names.map((name) => `[data-controller~="${name}"]`).join());
if (has("draft", "uploads", "submit-once") || document.querySelector("rich-editor")) {
  import("./portal_writing.js").then(({ register }) => register(application));
}
if (has("live", "lightbox", "dialog", "frame-height")) {
  import("./portal_reading.js").then(({ register }) => register(application));
}
