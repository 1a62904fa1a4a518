import HotkeysController from "./controllers/hotkeys_controller.js";
import PopoverController from "./controllers/popover_controller.js";
import ThemeController from "./controllers/theme_controller.js";
import TickerController from "./controllers/ticker_controller.js";
import ToastController from "./controllers/toast_controller.js";
import { renewParts } from "./page_parts.js";
import { replaceBy } from "./replacing.js";
import "./sign_out.js";

/** What every page of the portal has, but none needs to be drawn. */
export function register(application) {
  replaceBy(renewParts);
  application.register("hotkeys", HotkeysController);
  application.register("popover", PopoverController);
  application.register("theme", ThemeController);
  application.register("ticker", TickerController);
  application.register("toast", ToastController);
}
